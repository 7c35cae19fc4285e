"""Events: newest first, paged without gaps, of one kind or by one person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mammoset.project import Project
from tests.builders import make_project
from tests.web.opening import add_person, client_of

API = "/api/v1/events"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", "told") as opened:
        add_person(opened, "chief", "admin")
        yield opened


@pytest.fixture
def chief(project: Project) -> Iterator[TestClient]:
    with client_of(project, "chief") as browser:
        for number in range(7):
            project.catalog.events.append("tested", by="lan" if number % 2 else "minh", detail={"n": number})
        yield browser


def listed(browser: TestClient, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = browser.get(API, params={**query, **cursor}).json()
        items += page["items"]
        if page["next_cursor"] is None:
            assert page["total"] == len(items)
            return items
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_the_newest_comes_first_and_pages_have_no_gaps(chief: TestClient, limit: int) -> None:
    found = listed(chief, limit=limit)
    assert [one["number"] for one in found] == sorted((one["number"] for one in found), reverse=True)
    assert [one["detail"]["n"] for one in found if one["kind"] == "tested"] == [6, 5, 4, 3, 2, 1, 0]


def test_what_happens_while_pages_are_turned_changes_none_of_them(project: Project, chief: TestClient) -> None:
    first = chief.get(API, params={"kind": "tested", "limit": 3}).json()
    project.catalog.events.append("tested", by="lan", detail={"n": 99})
    second = chief.get(API, params={"kind": "tested", "limit": 200, "cursor": first["next_cursor"]}).json()
    assert [one["detail"]["n"] for one in first["items"] + second["items"]] == [6, 5, 4, 3, 2, 1, 0]


def test_events_are_chosen_by_kind_and_person(chief: TestClient) -> None:
    assert {one["detail"]["n"] for one in listed(chief, kind="tested", by="lan", limit=2)} == {1, 3, 5}
    assert listed(chief, kind="nothing") == []
    signed_in = listed(chief, kind="signed_in")
    assert [(one["by"], one["about"]) for one in signed_in] == [("chief", "chief")]


def test_an_exam_is_told_by_its_number_as_long_as_there_is_one(tmp_path: Path) -> None:
    with make_project(tmp_path / "p", studies=2) as project:
        add_person(project, "chief", "admin")
        second = project.catalog.studies()[1]
        for study_id in (second.study_id, "2.25.999", ""):
            project.catalog.events.append("tested", by="lan", study_id=study_id)
        with client_of(project, "chief") as browser:
            found = [one["exam_number"] for one in listed(browser, kind="tested")]
    assert found == [None, None, second.draw + 1]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "abc"}, {"kind": "A b"}])
def test_a_question_that_makes_no_sense_is_refused(chief: TestClient, query: dict[str, Any]) -> None:
    assert chief.get(API, params=query).status_code == 422
