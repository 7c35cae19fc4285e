"""A patient who has been examined before: two exams with their dates, and one of somebody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mammoset.catalog import Decision, PoolEntry, StudyRecord, now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Image
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS
from tests.web.building import add_image, picture, uid
from tests.web.opening import add_person

EARLY, LATE, OTHER = uid(70), uid(71), uid(72)
"""Two exams of one patient, and one of another."""
DAYS = {EARLY: "20171120", LATE: "20190402", OTHER: "20160101"}
PATIENTS = {EARLY: "P-ONE", LATE: "P-ONE", OTHER: "P-OTHER"}


def make(root: Path, *, priors: str = "shown", has_dates: bool = True, rows: int = 440) -> Project:
    """Make a project of these exams; ann reads the later one of the patient, ben the earlier one."""
    project = Project.create(root, settings_text=f'{SETTINGS}\n[read]\npriors = "{priors}"\n')
    project.catalog.put_pool([PoolEntry(study, number, "test") for number, study in enumerate(DAYS)])
    for number, study in enumerate(DAYS):
        add_exam(project, study, number, has_dates=has_dates, rows=rows)
    for name, study in (("ann", LATE), ("ben", EARLY)):
        add_person(project, name, "reader")
        project.catalog.append([Fact(FactKind.ASSIGNED, study, name, now())])
    return project


def add_exam(project: Project, study: str, number: int, *, has_dates: bool, rows: int) -> None:
    records = []
    for index, view in enumerate(STANDARD_VIEWS):
        pixels = picture(number, view, rows, 0.68 * 440 / rows).pixels
        image = Image(uid(73, number, index), uid(74, number), study, PATIENTS[study], *view, *pixels.shape)
        record = add_image(project, image, pixels, spacing=0.68 * 440 / rows)
        dated = {**record.attributes, "study_date": DAYS[study]} if has_dates else record.attributes
        records.append(replace(record, attributes=dated))
    stages = (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)
    decisions = [Decision(stage, study, Outcome.KEPT) for stage in stages]
    project.catalog.admit(StudyRecord(study, PATIENTS[study], 50, "F"), records, decisions)
