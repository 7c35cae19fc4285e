from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.catalog import Decision, now
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web import create_app
from mammoset.web.pages.waiting import Waiting
from tests.web.building import Made
from tests.web.opening import BASE, add_person, client_of

Small = tuple[Project, list[Made]]


def assign(project: Project, made: Made, name: str, role: Role = "reader") -> None:
    project.catalog.append([Fact(FactKind.ASSIGNED, made.study_id, name, now(), role=role)])


@contextmanager
def person(project: Project, name: str, *roles: str) -> Iterator[TestClient]:
    add_person(project, name, *roles)
    with client_of(project, name) as browser:
        yield browser


def listed(browser: TestClient, level: str = "studies") -> set[str]:
    answer = browser.get(f"/dicomweb/{level}")
    rows = answer.json() if answer.status_code == 200 else []
    return {row["0020000D"]["Value"][0] for row in rows}


def statuses(browser: TestClient, made: Made) -> set[int]:
    image = made.records[0].image
    study = f"/dicomweb/studies/{made.study_id}"
    series = f"{study}/series/{image.series_id}"
    instance = f"{series}/instances/{image.image_id}"
    places = [f"{one}{end}" for one in (study, series, instance) for end in ("", "/metadata", "/rendered", "/thumbnail",
              "/pixeldata")]  # fmt: skip
    places += [f"{study}/series", f"{study}/instances", f"{series}/instances", f"{instance}/bulkdata/7FE00010"]
    places += [f"{instance}/frames/1{end}" for end in ("", "/rendered", "/thumbnail")]
    return {browser.get(place).status_code for place in places}


def test_a_reader_sees_what_is_assigned_to_them_and_nothing_else(small: Small) -> None:
    project, (first, second, third) = small
    assign(project, first, "anna")
    assign(project, second, "bruno")
    with person(project, "anna", "reader") as anna:
        for level in ("studies", "series", "instances"):
            assert listed(anna, level) == {first.study_id}
        assert [statuses(anna, one) for one in (first, second, third)] == [{200}, {404}, {404}]


def test_an_arbiter_and_a_senior_reader_see_theirs(small: Small) -> None:
    project, (first, second, _) = small
    assign(project, first, "clara", "arbiter")
    assign(project, second, "dora", "senior")
    with person(project, "clara", "arbiter") as clara:
        assert listed(clara) == {first.study_id}
        assert statuses(clara, first) == {200}
    with person(project, "dora", "reader") as dora:
        assert listed(dora) == {second.study_id}


def test_a_held_exam_is_gone_for_its_reader(small: Small) -> None:
    project, (first, second, _) = small
    for one in (first, second):
        assign(project, one, "anna")
    with person(project, "anna", "reader") as anna:
        flag = Fact(FactKind.FLAGGED, first.study_id, "anna", now(), reason="a name is visible")
        project.catalog.append([flag])
        assert listed(anna) == {second.study_id}
        assert statuses(anna, first) == {410}
        project.catalog.append([Fact(FactKind.UNFLAGGED, first.study_id, "anna", now(), reason="none is")])
        assert statuses(anna, first) == {200}


def test_an_exam_that_is_not_approved_any_more_is_not_shown_to_its_reader(small: Small) -> None:
    project, (first, *_) = small
    assign(project, first, "anna")
    with person(project, "anna", "reader") as anna:
        assert listed(anna) == {first.study_id}
        project.catalog.decide([Decision(Stage.REVIEW, first.study_id, Outcome.EXCLUDED, "visible_identifier")])
        assert listed(anna) == set()
        assert statuses(anna, first) == {410}


def test_a_reviewer_sees_what_passed_the_gate(app: FastAPI, made: list[Made], waiting: Waiting) -> None:
    with client_of(app, "operator") as operator:
        shown = listed(operator)
        assert shown == {one.study_id for one in made} | {waiting.study_id}
        record = waiting.records[0]
        place = f"/dicomweb/studies/{waiting.study_id}/series/{record.image.series_id}/instances"
        assert operator.get(f"{place}/{record.image.image_id}/rendered").status_code == 200
    with client_of(app, "anna") as anna:
        assert listed(anna) == {one.study_id for one in made}
        assert anna.get(f"{place}/{record.image.image_id}/rendered").status_code == 404


def test_once_the_phase_is_closed_everybody_sees_all_that_is_not_held(small: Small) -> None:
    project, (first, second, third) = small
    assign(project, first, "anna")
    project.catalog.append([Fact(FactKind.FLAGGED, second.study_id, "anna", now(), reason="a name is visible")])
    with person(project, "bruno", "reader") as bruno:
        assert listed(bruno) == set()
        project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "admin", now())])
        assert listed(bruno) == {first.study_id, third.study_id}
        assert [statuses(bruno, one) for one in (first, second, third)] == [{200}, {410}, {200}]


@pytest.mark.parametrize("path", ["/dicomweb/studies", "/dicomweb/studies/2.25.1", "/dicomweb/studies/2.25.1/metadata"])
def test_who_is_not_signed_in_sees_nothing(small: Small, path: str) -> None:
    with TestClient(create_app(small[0]), base_url=BASE) as stranger:
        answer = stranger.get(path)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_nothing_can_be_stored_or_deleted(small: Small) -> None:
    project, (first, *_) = small
    assign(project, first, "anna")
    with person(project, "anna", "reader") as anna:
        assert anna.post("/dicomweb/studies", content=b"").status_code == 405
        assert anna.delete(f"/dicomweb/studies/{first.study_id}").status_code == 405
