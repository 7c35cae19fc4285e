"""Earlier exams of the same patient: hidden unless the project shows them, and had through the exam read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mammoset.catalog import Decision, PoolEntry, StudyRecord, now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Image
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS
from tests.web.acting import at, flag
from tests.web.building import add_image, picture, uid
from tests.web.opening import add_person, client_of

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


@contextmanager
def opened(root: Path, name: str = "ann", **what: Any) -> Iterator[TestClient]:
    with make(root, **what) as project, client_of(project, name) as browser:
        yield browser


@pytest.fixture
def ann(tmp_path: Path) -> Iterator[TestClient]:
    with opened(tmp_path / "p") as browser:
        yield browser


def priors_of(browser: TestClient, study: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(at(study, "exam")).json()["priors"]
    return found


def test_an_earlier_exam_is_shown_with_its_standard_views_and_the_months_between(ann: TestClient) -> None:
    (prior,) = priors_of(ann, LATE)
    assert prior["months"] == 16
    views = [(one["laterality"], one["view_position"]) for one in prior["images"]]
    assert sorted(views) == sorted((str(side), str(view)) for side, view in STANDARD_VIEWS)
    code_stream = prior["images"][0]["codestream"]
    answered = ann.get(code_stream["url"], headers={"Range": "bytes=0-99"})
    assert (answered.status_code, answered.content[:2]) == (206, b"\xff\x4f")


def test_neither_the_patient_nor_a_date_is_told(ann: TestClient) -> None:
    text = ann.get(at(LATE, "exam")).text
    assert all(secret not in text for secret in ("P-ONE", "2017", EARLY, '"study_date'))


def test_an_earlier_exam_is_open_through_the_later_one_only(ann: TestClient) -> None:
    image = priors_of(ann, LATE)[0]["images"][0]["image_id"]
    other = uid(73, 2, 0)
    assert ann.get(f"/api/v1/studies/{LATE}/priors/{image}/codestream").status_code == 200
    for address in (
        f"/api/v1/images/{image}/codestream", f"/api/v1/studies/{EARLY}/exam",
        f"/api/v1/studies/{EARLY}/priors/{image}/codestream", f"/api/v1/studies/{LATE}/priors/{other}/codestream",
        f"/api/v1/studies/{OTHER}/priors/{image}/codestream", f"/api/v1/studies/{LATE}/priors/x/codestream",
    ):  # fmt: skip
        assert ann.get(address).status_code == 404, address


def test_a_later_exam_is_none_of_an_earlier_one(tmp_path: Path) -> None:
    with opened(tmp_path / "p", "ben") as ben:
        assert priors_of(ben, EARLY) == []
        assert ben.get(f"/api/v1/studies/{EARLY}/priors/{uid(73, 1, 0)}/codestream").status_code == 404


@pytest.mark.parametrize("what", [{"priors": "hidden"}, {"has_dates": False}])
def test_by_default_and_without_dates_none_is_shown(tmp_path: Path, what: dict[str, Any]) -> None:
    with opened(tmp_path / "p", **what) as browser:
        assert priors_of(browser, LATE) == []
        assert browser.get(f"/api/v1/studies/{LATE}/priors/{uid(73, 0, 0)}/codestream").status_code == 404


def test_an_earlier_exam_that_is_held_is_not_shown(tmp_path: Path) -> None:
    with make(tmp_path / "p") as project, client_of(project, "ann") as ann, client_of(project, "ben") as ben:
        address = priors_of(ann, LATE)[0]["images"][0]["codestream"]["url"]
        assert flag(ben, EARLY).status_code == 204
        assert priors_of(ann, LATE) == []
        assert ann.get(address).status_code == 404
