"""Export: everything that was read, for the project itself, as JSON and as the two tables."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from mammoset.catalog import now
from mammoset.content import flush, write_whole
from mammoset.domain.agreement import agreement_of
from mammoset.engine import Progress, silent
from mammoset.errors import storing
from mammoset.export.as_csv import tables_as_csv
from mammoset.export.as_json import Everything, as_text, readings_as_json
from mammoset.project import Project

READINGS_FILE = "readings.json"
AGREEMENT_FILE = "agreement.json"

__all__ = ["ExportResult", "export_project"]


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was exported.

    Attributes
    ----------
    folder : Path
        ``exports/<stamp>``.
    files : tuple of str
        Names in the folder.
    n_studies, n_references : int
        Exams that may be read or were, and those of them with a final answer.
    """

    folder: Path
    files: tuple[str, ...]
    n_studies: int
    n_references: int


def export_project(project: Project, *, progress: Progress = silent) -> ExportResult:
    """Write everything that was read to a new folder under ``exports/``.

    ``readings.json`` holds all facts, with who, when and why; ``agreement.json`` the agreement of each pair of
    readers; the two tables the final answers, with the fold where there is one. The tables depend on the answers and
    the split only, not on the time. An export stays in the project: a release is made by `mammoset.publish`.

    Raises
    ------
    StorageError
        If ``exports/`` cannot be written; no part of an export is left then.
    """
    with project.lock("export"):
        found = _gather(project)
        texts = tables_as_csv(found.studies, found.references, found.folds)
        texts[READINGS_FILE] = as_text(readings_as_json(found))
        texts[AGREEMENT_FILE] = as_text([asdict(row) for row in found.agreement])
        folder = _write(project.exports, texts, progress)
    return ExportResult(folder, tuple(sorted(texts)), len(found.studies), len(found.references))


def _gather(project: Project) -> Everything:
    catalog, schema = project.catalog, project.schema
    facts = catalog.facts()
    may_be_read = project.approved_studies()
    approved = {study.study_id for study in may_be_read}
    studies = [one for one in catalog.studies() if one.study_id in approved or facts.get(one.study_id)]
    everything = catalog.references(schema)
    split = catalog.split()
    found = Everything(
        dataset=project.settings.dataset.name,
        schema=schema,
        readers=tuple(catalog.readers()),
        studies=tuple(sorted(studies, key=lambda one: one.study_id)),
        facts=facts,
        references={one: reference for one, reference in everything.items() if one in approved},
        folds={} if split is None else split.folds,
    )
    patient_of = {study.study_id: study.patient_id for study in found.studies}
    readings = {study.study_id: found.standing(study).readings for study in found.studies}
    return found.with_agreement(agreement_of(readings, patient_of, schema))


def _write(exports: Path, texts: dict[str, str], progress: Progress) -> Path:
    """Write the files under a temporary name and give the folder the time as its own."""
    stamp = now().strftime("%Y%m%dT%H%M%SZ")
    taken = (exports / name for name in [stamp, *(f"{stamp}-{number}" for number in range(2, 1000))])
    folder = next(path for path in taken if not path.exists())
    temporary = folder.with_name(f".{folder.name}.part")
    with storing(exports):
        for left in exports.glob(".*.part"):
            shutil.rmtree(left)
        try:
            for number, (name, text) in enumerate(sorted(texts.items()), start=1):
                write_whole(temporary / name, text.encode())
                progress("files exported", number, len(texts))
            temporary.rename(folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        flush(exports)
    return folder
