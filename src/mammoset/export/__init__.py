"""Export: everything that was read, for the project itself, as JSON and as the two tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mammoset.catalog import now
from mammoset.content import flush, writing
from mammoset.domain.workflow import reference_from, standing_of
from mammoset.engine import Progress, silent
from mammoset.errors import storing
from mammoset.export.as_csv import tables_as_csv
from mammoset.export.as_json import Everything, as_text, readings_as_json
from mammoset.export.vindr_lab import vindr_lab_as_json
from mammoset.project import Project

READINGS_FILE = "readings.json"
AGREEMENT_FILE = "agreement.json"
VINDR_LAB_FILE = "vindr_lab.json"

__all__ = ["ExportResult", "Format", "export_project"]


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


class Format(StrEnum):
    """What an export holds: everything that mammoset knows, or what another program reads."""

    MAMMOSET = "mammoset"
    VINDR_LAB = "vindr-lab"


def export_project(project: Project, what: Format = Format.MAMMOSET, *, progress: Progress = silent) -> ExportResult:
    """Write everything that was read to a new folder under ``exports/``.

    ``readings.json`` holds all facts, with who, when and why; ``agreement.json`` the agreement of the readers; the two
    tables the final answers, with the fold where there is one. The tables depend on the answers and the split only,
    not on the time. For VinDr Lab there is one file instead, see `vindr_lab`. An export stays in the project: a
    release is made by `mammoset.publish`.

    Raises
    ------
    StorageError
        If ``exports/`` cannot be written; no part of an export is left then.
    """
    with project.lock("export"):
        found = _gather(project)
        texts = TEXTS[what](found)
        folder = _write(project.exports, texts, progress)
    return ExportResult(folder, tuple(sorted(texts)), len(found.studies), len(found.references))


def _own_texts(found: Everything) -> dict[str, Iterable[str]]:
    agreement = found.agreement()
    return {
        **{name: [text] for name, text in tables_as_csv(found.studies, found.references, found.folds).items()},
        READINGS_FILE: as_text(readings_as_json(found, agreement)),
        AGREEMENT_FILE: as_text(agreement.to_json()),
    }


def _vindr_lab_texts(found: Everything) -> dict[str, Iterable[str]]:
    return {VINDR_LAB_FILE: as_text(vindr_lab_as_json(found))}


TEXTS: Mapping[Format, Callable[[Everything], dict[str, Iterable[str]]]] = {
    Format.MAMMOSET: _own_texts,
    Format.VINDR_LAB: _vindr_lab_texts,
}
"""Format to the function that makes its files: texts in pieces, by name."""


def _gather(project: Project) -> Everything:
    catalog, schema = project.catalog, project.schema
    facts = catalog.facts()
    may_be_read = project.approved_studies()
    approved = frozenset(study.study_id for study in may_be_read)
    studies = [one for one in catalog.studies() if one.study_id in approved or facts.get(one.study_id)]
    out = catalog.excluded_study_ids()
    standings = {
        one.study_id: standing_of(facts.get(one.study_id, ()), schema, excluded=one.study_id in out, images=one.images)
        for one in studies
    }
    experience = {one.reader_id: one.years_experience for one in catalog.readers()}
    references = {
        one.study_id: reference_from(standings[one.study_id], schema, images=one.images, experience=experience)
        for one in may_be_read
    }
    split = catalog.split()
    return Everything(
        dataset=project.settings.dataset.name,
        schema=schema,
        readers=tuple(catalog.readers()),
        studies=tuple(sorted(studies, key=lambda one: one.study_id)),
        facts=facts,
        references={one: reference for one, reference in references.items() if reference is not None},
        folds={} if split is None else split.folds,
        approved=approved,
        standings=standings,
    )


def _write(exports: Path, texts: Mapping[str, Iterable[str]], progress: Progress) -> Path:
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
                with writing(temporary / name) as path, path.open("w", encoding="utf-8", newline="") as file:
                    file.writelines(text)
                progress("files exported", number, len(texts))
            temporary.rename(folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        flush(exports)
    return folder
