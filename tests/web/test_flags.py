"""A flag by the API: the exam is gone from every screen at once, and comes back when it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset import read, review
from mammoset.domain.workflow import FactKind
from mammoset.project import Project
from mammoset.web import create_app
from tests.builders import make_project
from tests.read.acting import answer
from tests.web.acting import V1, at, body, flag, save, submit
from tests.web.opening import client_of

STUDY = "2.25.0"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=2, approved=False) as project:
        approve(project)
        read.assign(project)
        yield project


def approve(project: Project) -> None:
    images = [image.image_id for study in project.catalog.studies() for image in study.images]
    review.decide(project, dict.fromkeys(images), by="reviewer")


@pytest.fixture
def app(room: Project) -> FastAPI:
    return create_app(room)


@pytest.fixture
def r0(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "r0") as browser:
        yield browser


def everything(browser: TestClient) -> dict[str, int]:
    image = f"/dicomweb/studies/{STUDY}/series/2.25.00/instances/2.25.0000"
    asked = {
        what: browser.get(what).status_code
        for what in (
            at(STUDY, "exam"),
            at(STUDY, "draft"),
            at(STUDY, "reading"),
            f"{image}/metadata",
            f"{image}/frames/1",
        )
    }
    return asked | {
        "opening": browser.post(at(STUDY, "opening")).status_code,
        "save": save(browser, STUDY, 0, body(STUDY)).status_code,
        "submit": submit(browser, STUDY, body(STUDY)).status_code,
    }


def test_a_flagged_exam_is_gone_for_everybody_who_reads_it_at_once(app: FastAPI, r0: TestClient) -> None:
    assert flag(r0, STUDY).status_code == 204
    with client_of(app, "r1") as r1:
        for browser in (r0, r1):
            assert set(everything(browser).values()) == {410}
            assert browser.get(at(STUDY, "exam")).json()["code"] == "held"
            found = browser.get(f"{V1}/worklist").json()
            assert [one["study_id"] for one in found["items"]] == ["2.25.1"]
            assert found["counts"]["new"] == 1
            assert browser.get(f"{V1}/holds").json() == {"number": 1, "study_ids": [STUDY]}
            assert browser.get(f"{V1}/holds", params={"after": 1}).json() == {"number": 1, "study_ids": []}


def test_settled_as_approved_it_is_back_with_what_was_drafted(room: Project, r0: TestClient) -> None:
    save(r0, STUDY, 0, body(STUDY, comment="so far"))
    flag(r0, STUDY)
    approve(room)
    assert r0.get(at(STUDY, "draft")).json()["reading"]["comment"] == "so far"
    assert r0.get(f"{V1}/worklist").json()["next_study_id"] == STUDY
    assert flag(r0, STUDY, reason="still blurred").status_code == 204
    assert r0.get(f"{V1}/holds", params={"after": 1}).json() == {"number": 2, "study_ids": [STUDY]}


def test_rejected_it_stays_away(room: Project, r0: TestClient) -> None:
    flag(r0, STUDY, kind="visible_identifier", image_id="2.25.0000")
    review.decide(room, {"2.25.0000": "visible_identifier"}, by="reviewer")
    assert set(everything(r0).values()) == {410}


def test_the_same_flag_again_is_answered_alike(room: Project, r0: TestClient) -> None:
    assert [flag(r0, STUDY).status_code for _ in range(3)] == [204] * 3
    assert [one.kind for one in room.catalog.facts()[STUDY]].count(FactKind.FLAGGED) == 1


@pytest.mark.parametrize(
    "sent", [{"kind": "boring"}, {"reason": ""}, {"reason": "x" * 1001}, {"image_id": "2.25.1000"}, {"more": 1}]
)
def test_a_flag_of_another_shape_holds_nothing(r0: TestClient, sent: dict[str, object]) -> None:
    assert flag(r0, STUDY, **sent).status_code == 422
    assert r0.get(at(STUDY, "draft")).status_code == 200


def test_holds_are_those_of_ones_own_exams(room: Project, app: FastAPI, r0: TestClient) -> None:
    flag(r0, STUDY)
    with client_of(app, "senior") as browser:
        assert browser.get(f"{V1}/holds").json() == {"number": 0, "study_ids": []}


def test_an_exam_is_flagged_also_when_it_is_read(room: Project, r0: TestClient) -> None:
    answer(room, STUDY, "r0")
    answer(room, STUDY, "r1")
    assert flag(r0, STUDY).status_code == 204
    assert room.catalog.references(room.schema) == {}
