"""Freezes the exams that have a final answer and a fold as a release: ``releases/<version>/``."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mammoset import engine
from mammoset.content import flush, write_whole
from mammoset.domain.tables import (
    BREAST_COLUMNS,
    BREAST_FILE,
    FINDING_COLUMNS,
    FINDING_FILE,
    breast_rows,
    finding_rows,
    write_csv,
)
from mammoset.engine import Failure, Progress, silent
from mammoset.errors import CatalogError, ConfigError, DatasetDefect, RefusedObject, storing
from mammoset.project import Project
from mammoset.publish.agreement import pooled_agreement
from mammoset.publish.datasheet import readme
from mammoset.publish.defects import SHOWN_DEFECTS, Defects
from mammoset.publish.disclosure import Disclosure, Waiver, disclosure_of
from mammoset.publish.document import document_of, study_digests, write_document
from mammoset.publish.formats import ReleaseItem, transfer_syntax_uid, write_image
from mammoset.publish.layout import (
    CHECKSUMS_FILE,
    LICENSE_FILE,
    README_FILE,
    RELEASE_FILE,
    image_name,
    write_checksums,
)
from mammoset.publish.metadata import KEY, METADATA_FILE, PIXEL_SHA256, write_metadata
from mammoset.publish.selection import Selection, select
from mammoset.publish.statistics import Statistics, statistics_of, vocabularies_of
from mammoset.publish.verify import check_contents
from mammoset.publish.verify_images import ExaminedImage, ImageToExamine, examine

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})")
_REMARK = "the release was not made; mend what is named, then run the same command again"


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What was released, or would be.

    Attributes
    ----------
    folder : Path
        ``releases/<version>``; not there after a dry run.
    n_findings : int
        Boxes.
    k_anonymity : int
        So many patients at least share what is told of each.
    n_without_views : int
        Exams with a final answer that stay out because a standard view is missing.
    statistics : Statistics or None
        None after a dry run: ages and vendors are counted from the released files.
    """

    folder: Path
    version: str
    n_patients: int
    n_studies: int
    n_images: int
    n_findings: int
    k_anonymity: int
    n_without_views: int = 0
    statistics: Statistics | None = None


def publish(
    project: Project,
    version: str,
    *,
    transfer_syntax: str | None = None,
    waiver: Waiver | None = None,
    dry_run: bool = False,
    workers: int | None = None,
    progress: Progress = silent,
) -> ReleaseResult:
    """Freeze the exams that have a final answer and a fold as a release.

    The same content, readings, split and settings give the same bytes. Stopped at any moment and run again, it goes
    on with the images that are missing. Before the folder gets its name, everything `verify` looks at is checked.

    Parameters
    ----------
    version : str
        Three numbers, say ``1.0.0``; one that was not released yet.
    transfer_syntax : str or None
        ``jpeg-ls``, ``jpeg2000``, ``htj2k`` or ``uncompressed``; None takes ``publish.transfer_syntax`` of
        mammoset.toml.
    waiver : Waiver or None
        A person's decision to publish although fewer patients than ``publish.k_anonymity`` share what is told of one;
        it is recorded where it is needed.
    dry_run : bool
        Choose, check and count, write nothing.
    workers : int or None
        Processes that transcode; None takes one per core.

    Raises
    ------
    ConfigError
        For a version or transfer syntax that is not allowed.
    CatalogError
        If the version exists, no exam is final, an exam has no fold, or the release would tell patients apart.
    DatasetDefect
        If an image of the store is not the one that passed the gate, or the release would not verify.
    StorageError
        If ``releases/`` cannot be written; what was made so far waits there for the same command.
    """
    word = transfer_syntax or project.settings.publish.transfer_syntax
    uid = transfer_syntax_uid(word)
    with project.lock("publish"):
        folder = _free_folder(project, version)
        chosen = select(project)
        disclosure = disclosure_of(project, chosen.records.values(), waiver, dry_run=dry_run)
        plan = _Plan(version, word, uid, workers, disclosure)
        statistics = None if dry_run else _make(project, folder, chosen, plan, progress)
    return _result(folder, version, chosen, disclosure, statistics)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was asked for."""

    version: str
    transfer_syntax: str
    transfer_syntax_uid: str
    workers: int | None
    disclosure: Disclosure


def _make(project: Project, folder: Path, chosen: Selection, plan: _Plan, progress: Progress) -> Statistics:
    """Make the release under a temporary name, then give it its own."""
    version, uid = plan.version, plan.transfer_syntax_uid
    staging = _staging(project, version, chosen, uid)
    items = _items(project, chosen, uid, staging)
    images = _released(items, len(chosen.records), plan.workers, progress)
    texts, statistics = _documents(project, plan, chosen, images)
    _check(project, version, texts, images)
    digests = {image.name: image.sha256 for image in images}
    digests |= {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    _finish(staging, folder, {**texts, CHECKSUMS_FILE: write_checksums(digests)}, set(digests))
    return statistics


def _free_folder(project: Project, version: str) -> Path:
    if _VERSION.fullmatch(version) is None:
        raise ConfigError(f"publish: '{version}' is no version; write three numbers, say 1.0.0")
    folder = project.releases / version
    if folder.exists():
        raise CatalogError(f"release {version} exists, and a release is frozen; choose the next version")
    return folder


def _result(
    folder: Path, version: str, chosen: Selection, disclosure: Disclosure, statistics: Statistics | None
) -> ReleaseResult:
    images = {image.image_id for study in chosen.studies for image in study.standard_images}
    found = [one for reference in chosen.references.values() for one in reference.findings if one.image_id in images]
    return ReleaseResult(
        folder=folder,
        version=version,
        n_patients=len({study.patient_id for study in chosen.studies}),
        n_studies=len(chosen.studies),
        n_images=len(images),
        n_findings=len(found),
        k_anonymity=disclosure.found.k,
        n_without_views=chosen.n_without_views,
        statistics=statistics,
    )


def _staging(project: Project, version: str, chosen: Selection, uid: str) -> Path:
    """Return the folder the release is made in, named after what goes into it; remove those of other contents."""
    parts = sorted((image_id, record.file_sha256) for image_id, record in chosen.records.items())
    digest = hashlib.sha256(json.dumps([uid, parts]).encode()).hexdigest()[:16]
    staging = project.releases / f".{version}.{digest}.part"
    with storing(project.releases):
        for other in project.releases.glob(f".{version}.*.part"):
            if other != staging:
                shutil.rmtree(other)
        staging.mkdir(parents=True, exist_ok=True)
    return staging


def _items(project: Project, chosen: Selection, uid: str, staging: Path) -> Iterator[ReleaseItem]:
    for study in chosen.studies:
        for image in study.standard_images:
            record = chosen.records[image.image_id]
            name = image_name(image.study_id, image.image_id)
            source, target = str(project.content.path(image)), str(staging / name)
            yield ReleaseItem(source, target, name, uid, record.file_sha256, record.pixel_sha256)


def release_image(item: ReleaseItem) -> ExaminedImage:
    """Write one image, read it back, and examine it as `verify` does.

    Raises
    ------
    RefusedObject
        As `write_image`; ``conflicting_copy`` also when the pixels are not those that passed the gate.
    StorageError
        If the release cannot be written.
    """
    write_image(item)
    examined = examine(ImageToExamine(item.target, item.name))
    if examined.metadata is not None and examined.metadata[PIXEL_SHA256] != item.pixel_sha256:
        raise RefusedObject("conflicting_copy", "its pixels are not those that passed the gate")
    return examined


def _released(
    items: Iterable[ReleaseItem], n_items: int, workers: int | None, progress: Progress
) -> list[ExaminedImage]:
    images, problems = [], []
    # closed at once also when an error ends the run, so that no worker outlives it
    with closing(engine.run(release_image, items, workers=workers)) as results:
        for number, result in enumerate(results, start=1):
            progress("images released", number, n_items)
            if isinstance(result, Failure):
                problems.append(f"{result.item.name}: {result.detail or result.reason or result.kind}")
            else:
                problems += [f"{result.name}: {one}" for one in result.defects]
                images.append(result)
            if len(problems) >= SHOWN_DEFECTS:
                problems.append("… the other images were not tried")
                break
    if problems:
        raise DatasetDefect("\n  ".join([_REMARK, *problems]))
    return images


def _documents(
    project: Project, plan: _Plan, chosen: Selection, images: Iterable[ExaminedImage]
) -> tuple[dict[str, str], Statistics]:
    """Return the texts of all documents but the list of checksums, and the statistics in them."""
    settings, schema = project.settings.model_dump(mode="json"), project.schema
    breasts = breast_rows(chosen.studies, chosen.references, chosen.folds)
    findings = finding_rows(chosen.studies, chosen.references, chosen.folds)
    rows = {image.metadata[KEY]: image.metadata for image in images if image.metadata is not None}
    metadata = [rows[row.image_id] for row in breasts]
    vocabularies = vocabularies_of(schema, _folds_in_order(project, chosen))
    statistics = statistics_of(breasts, findings, rows, vocabularies)
    patient_of = {study.study_id: study.patient_id for study in chosen.studies}
    document = document_of(
        version=plan.version,
        settings=settings,
        schema=schema,
        vocabularies=vocabularies,
        transfer_syntax=(plan.transfer_syntax, plan.transfer_syntax_uid),
        disclosure=plan.disclosure.to_json(),
        statistics=statistics,
        agreement=pooled_agreement(chosen.readings, patient_of, schema),
        split_report=chosen.split_report,
        digests=study_digests(breasts, findings, metadata),
    )
    texts = {
        BREAST_FILE: write_csv(breasts, BREAST_COLUMNS),
        FINDING_FILE: write_csv(findings, FINDING_COLUMNS),
        METADATA_FILE: write_metadata(metadata),
        RELEASE_FILE: write_document(document),
        README_FILE: readme(document),
        LICENSE_FILE: f"{document['license']}\n",
    }
    return texts, statistics


def _folds_in_order(project: Project, chosen: Selection) -> list[str]:
    """Return the folds in use, in the order of mammoset.toml."""
    used = set(chosen.folds.values())
    named = [name for name in project.settings.split.folds if name in used]
    return [*named, *sorted(used - set(named))]


def _check(project: Project, version: str, texts: Mapping[str, str], images: Iterable[ExaminedImage]) -> None:
    """Refuse a release that would not verify."""
    said = {image.metadata[KEY]: image.metadata for image in images if image.metadata is not None}
    defects = Defects()
    check_contents(texts, [image.name for image in images], said, defects)
    if defects.count:
        error = defects.error(f"{project.settings.dataset.name} {version}")
        raise DatasetDefect(f"{_REMARK}\n{error}")


def _finish(staging: Path, folder: Path, texts: Mapping[str, str], names: set[str]) -> None:
    """Write the documents, remove what does not belong, put everything on disk, and give the folder its name."""
    for name, text in texts.items():
        write_whole(staging / name, text.encode())
    with storing(folder.parent):
        for path in sorted(staging.rglob("*"), reverse=True):
            name = path.relative_to(staging).as_posix()
            if path.is_dir():
                flush(path)
            elif name not in names and name not in texts:
                path.unlink()
        flush(staging)
        staging.rename(folder)
        flush(folder.parent)
