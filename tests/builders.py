"""Small projects without pixels, for tests of what happens after the gate."""

from __future__ import annotations

from pathlib import Path

from mammoset.catalog import Decision, ImageRecord, PoolEntry, StudyRecord
from mammoset.model import Box, Breast, Finding, Image, Reader, Reading, Study
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS, Laterality
from mammoset.terms.reasons import Outcome, Stage

SETTINGS = '[dataset]\nname = "test"\n\n[review]\nsecond_look = 0\n'
"""One person's word about an image is enough, unless a test is about the second one's."""


def images_of(study: int, patient: int) -> tuple[Image, ...]:
    return tuple(
        Image(
            f"2.25.{study}00{n}", f"2.25.{study}0{n}", f"2.25.{study}", f"P{patient}", laterality, view, 100, 80
        )
        for n, (laterality, view) in enumerate(STANDARD_VIEWS)
    )  # fmt: skip


def record_of(image: Image) -> ImageRecord:
    return ImageRecord(image, 0, (), "0" * 64, "0" * 64, 1)


def admit(project: Project, study: int, *, approved: bool = True) -> Study:
    """Put a study into the catalog as if it had passed the gate and, when approved, the review."""
    images = images_of(study, study)
    study_id = f"2.25.{study}"
    decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE)]
    if approved:
        decisions.append(Decision(Stage.REVIEW, study_id, Outcome.KEPT))
    project.catalog.put_pool([PoolEntry(study_id, study, "test")])
    project.catalog.admit(StudyRecord(study_id, f"P{study}", 50, "F"), map(record_of, images), decisions)
    return Study(study_id, f"P{study}", images, study, 50)


def make_project(
    root: Path, *, studies: int = 3, approved: bool = True, readers: int = 2, settings: str = SETTINGS
) -> Project:
    project = Project.create(root, settings_text=settings)
    for study in range(studies):
        admit(project, study, approved=approved)
    for n in range(readers):
        project.catalog.put_reader(Reader(f"r{n}", ("reader",), 10 + n, 1000))
    project.catalog.put_reader(Reader("senior", ("arbiter",), 20, 2000))
    return project


def reading(
    study_id: str, reader_id: str, *, birads: int = 1, density: str = "B", findings: tuple[Finding, ...] = ()
) -> Reading:
    """Return a reading whose left breast is BI-RADS 1 and whose right breast is as asked."""
    breasts = (Breast(Laterality.L, 1, density), Breast(Laterality.R, birads, density))
    return Reading(study_id, reader_id, breasts, findings)


def mass(study: Study, birads: int = 4, box: Box | None = None) -> Finding:
    """Return a mass on the right CC view."""
    image = next(one for one in study.images if one.laterality == Laterality.R)
    return Finding(image.image_id, box or Box(10.0, 10.0, 40.0, 50.0), ("Mass",), birads)
