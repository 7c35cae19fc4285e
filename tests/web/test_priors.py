"""Earlier exams of the same patient: hidden unless the project shows them, and had through the exam read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mammoset.terms.dicom import STANDARD_VIEWS
from tests.web.acting import at, flag
from tests.web.building import uid
from tests.web.earlier import EARLY, LATE, OTHER, make
from tests.web.opening import client_of


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
