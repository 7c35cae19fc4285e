"""Which exams a release holds: those with a final answer, four standard views, and a fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mammoset.catalog import ImageRecord
from mammoset.domain.duplicates import SPANS, Picture, leaks
from mammoset.domain.reference import reference_from
from mammoset.domain.standing import standing_of
from mammoset.errors import CatalogError
from mammoset.model import Reading, Reference, Study
from mammoset.project import Project
from mammoset.publish.disclosure import TOLD

SHOWN_LEAKS = 20
BATCH = 200
"""Exams whose facts, or whose images with all their attributes, are held at a time."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes into a release.

    Attributes
    ----------
    studies : tuple of Study
        By study id.
    references, folds, readings : mapping of study id
        The final answers, the names of the folds, the independent readings.
    records : mapping of image id to ImageRecord
        Of the standard images of the studies; of their attributes only those that say who a patient may be.
    split_report : mapping
        Of the split in force.
    n_without_views : int
        Exams with a final answer that lack a standard view and stay out.
    """

    studies: tuple[Study, ...]
    references: Mapping[str, Reference]
    folds: Mapping[str, str]
    readings: Mapping[str, Sequence[Reading]]
    records: Mapping[str, ImageRecord]
    split_report: Mapping[str, Any]
    n_without_views: int


def select(project: Project) -> Selection:
    """Choose the exams of a release.

    Raises
    ------
    CatalogError
        If there is no exam with a final answer, no split, an exam without fold, or the same picture under two
        patients or in two folds.
    """
    approved = project.approved_studies()
    answers = dict(_answers(project, approved))
    final = [study for study in approved if study.study_id in answers]
    studies = tuple(sorted((one for one in final if one.is_four_view), key=lambda one: one.study_id))
    if not studies:
        beside = f"; {len(final)} with a final answer lack a standard view and stay out" if final else ""
        raise CatalogError(f"no four-view exam has a final answer yet{beside}; see 'mammoset status'")
    split = project.catalog.split()
    folds = {} if split is None else {study.study_id: split.folds.get(study.study_id, "") for study in studies}
    without = [study.study_id for study in studies if not folds.get(study.study_id)]
    if split is None or without:
        raise CatalogError(
            f"{len(without)} of {len(studies)} exams with a final answer have no fold, say {without[0]}; "
            "run 'mammoset split' first"
        )
    records = {one.image.image_id: one for one in _records(project, studies)}
    _require_no_leak(records.values(), folds)
    return Selection(
        studies=studies,
        references={study.study_id: answers[study.study_id][0] for study in studies},
        folds=folds,
        readings={study.study_id: answers[study.study_id][1] for study in studies},
        records=records,
        split_report=split.report,
        n_without_views=len(final) - len(studies),
    )


def _answers(project: Project, studies: Sequence[Study]) -> Iterator[tuple[str, tuple[Reference, tuple[Reading, ...]]]]:
    """Yield the studies that have a final answer, with it and the readings it was made from."""
    schema = project.schema
    experience = {one.reader_id: one.years_experience for one in project.catalog.readers()}
    for batch in _batches(studies):
        facts = project.catalog.facts([study.study_id for study in batch])
        for study in batch:
            standing = standing_of(facts.get(study.study_id, ()), schema)
            reference = reference_from(standing, schema, images=study.images, experience=experience)
            if reference is not None:
                yield study.study_id, (reference, standing.readings)


def _records(project: Project, studies: Sequence[Study]) -> Iterator[ImageRecord]:
    """Yield the standard images without what only other stages want to know: it would fill the memory."""
    for batch in _batches(studies):
        wanted = {image.image_id for study in batch for image in study.standard_images}
        for one in project.catalog.image_records([study.study_id for study in batch]):
            if one.image.image_id in wanted:
                told = {name: one.attributes[name] for name in TOLD if name in one.attributes}
                yield replace(one, attributes=told, cleaning={}, elements=(), masked=())


def _batches(studies: Sequence[Study]) -> Iterator[Sequence[Study]]:
    return (studies[start : start + BATCH] for start in range(0, len(studies), BATCH))


def _require_no_leak(records: Iterable[ImageRecord], folds: Mapping[str, str]) -> None:
    """Refuse the same picture under two patients or in two folds: what is tested would have been trained on."""
    pictures = (
        Picture(one.image.image_id, one.image.study_id, one.image.patient_id, one.pixel_sha256) for one in records
    )
    found = leaks(pictures, folds)
    if not found:
        return
    lines = [
        f"  {SPANS[group.span]}: " + " = ".join(f"{one.image_id} of exam {one.study_id}" for one in group.pictures)
        for group in found[:SHOWN_LEAKS]
    ]
    rest = [f"  … and {len(found) - SHOWN_LEAKS} more"] if len(found) > SHOWN_LEAKS else []
    message = (
        f"the same picture stands under two patients or in two folds ({len(found)} found); look at both, reject the "
        "wrong exam with 'mammoset review decide reject EXAM --by NAME --reason other', then publish again:"
    )
    raise CatalogError("\n".join([message, *lines, *rest]))
