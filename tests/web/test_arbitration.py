"""Arbitration by the API: both readings as A and B, and nothing by which one could tell whose they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mammoset import read
from mammoset.domain.readings_json import reading_to_json
from mammoset.model import Box, Finding
from mammoset.project import Project
from tests.builders import make_project, mass, reading
from tests.read.acting import answer, standing
from tests.web.acting import V1, amend, at, body, body_of, submit
from tests.web.opening import client_of

N = 8


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=N) as project:
        read.assign(project)
        yield project


def differ(project: Project, n: int, *, first: str = "r0") -> None:
    """Let the readers differ on a study; `first` is who answers first, and who marks a mass is always r0."""
    study = project.catalog.studies()[n]
    second = {"r0": "r1", "r1": "r0"}[first]
    for name in (first, second):
        what: dict[str, Any] = {"birads": 4, "findings": (mass(study),)} if name == "r0" else {}
        answer(project, study.study_id, name, **what)
    read.assign(project)


@pytest.fixture
def senior(room: Project) -> Iterator[TestClient]:
    with client_of(room, "senior") as browser:
        yield browser


def listed(browser: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"{V1}/arbitration").json()["items"]
    return found


def test_only_discordant_exams_are_listed_with_what_is_to_be_decided(room: Project, senior: TestClient) -> None:
    answer(room, "2.25.0", "r0")
    answer(room, "2.25.0", "r1")
    differ(room, 1)
    (item,) = listed(senior)
    assert (item["study_id"], item["role"], item["state"]) == ("2.25.1", "arbiter", "new")
    assert [one["kind"] for one in item["reasons"]] == ["recall", "birads", "unmatched_finding"]
    assert {one["laterality"] for one in item["reasons"]} == {"R"}
    assert senior.get(f"{V1}/worklist").json()["items"] == []


def test_both_readings_are_shown_with_pairs_and_differences_that_point_at_them(
    room: Project, senior: TestClient
) -> None:
    study = room.catalog.studies()[0]
    other = Finding(study.images[3].image_id, Box(50.0, 60.0, 70.0, 90.0), ("Mass",), 3)
    answer(room, study.study_id, "r0", birads=4, findings=(mass(study), other))
    moved = mass(study, box=Box(12.0, 12.0, 42.0, 52.0))
    answer(room, study.study_id, "r1", birads=5, findings=(moved,))
    read.assign(room)
    reads = senior.get(at(study.study_id, "reads")).json()
    two = next(side for side in ("a", "b") if len(reads[side]["findings"]) == 2)
    one = {"a": "b", "b": "a"}[two]
    assert sorted(pair[f"{one}_index"] is None for pair in reads["pairs"]) == [False, True]
    for pair in reads["pairs"]:
        for side in ("a", "b"):
            index = pair[f"{side}_index"]
            assert index is None or reads[side]["findings"][index]["image_id"] == pair["image_id"]
    (birads,) = (found for found in reads["disagreements"] if found["kind"] == "birads")
    said = {side: reads[side]["breasts"][1]["birads"] for side in ("a", "b")}
    assert (birads["a"], birads["b"]) == (f"BI-RADS {said['a']}", f"BI-RADS {said['b']}")


def test_nothing_tells_who_said_what(tmp_path: Path) -> None:
    """The same two answers, given in the other order, by people whose facts differ in number and time."""
    told = []
    for first in ("r0", "r1"):
        with make_project(tmp_path / first, studies=N) as project:
            read.assign(project)
            if first == "r1":
                for n in range(N):
                    read.open_study(project, f"2.25.{n}", "r1")
            for n in range(N):
                differ(project, n, first=first)
            with client_of(project, "senior") as browser:
                told.append([browser.get(at(f"2.25.{n}", "reads")).text for n in range(N)])
                text = browser.get(f"{V1}/arbitration").text + "".join(told[-1])
            assert "r0" not in text
            assert "r1" not in text
            assert " at" not in text
    assert told[0] == told[1]
    sides = {"a" if json.loads(text)["a"]["findings"] else "b" for text in told[0]}
    assert sides == {"a", "b"}  # drawn for each exam


def test_how_somebody_works_does_not_show_in_the_order_of_what_they_said(room: Project, senior: TestClient) -> None:
    study = room.catalog.studies()[0]
    findings = tuple(mass(study, 3, Box(x, 10.0, x + 15, 40.0)) for x in (50.0, 10.0, 30.0))
    said = reading(study.study_id, "r0", birads=4, findings=findings)
    answer(room, study.study_id, "r0", birads=4, findings=said.findings)
    answer(room, study.study_id, "r1")
    read.assign(room)
    reads = senior.get(at(study.study_id, "reads")).json()
    (found,) = (reads[side]["findings"] for side in ("a", "b") if reads[side]["findings"])
    assert [one["box"][0] for one in found] == [10.0, 30.0, 50.0]
    assert reading_to_json(said)["findings"][0]["box"][0] == 50.0


@pytest.mark.parametrize("name", ["r0", "r1"])
def test_a_reader_is_told_neither_readings_nor_that_there_are_any(room: Project, name: str) -> None:
    differ(room, 0)
    with client_of(room, name) as browser:
        assert browser.get(f"{V1}/arbitration").status_code == 403
        assert browser.get(at("2.25.0", "reads")).status_code == 403


def test_an_arbiter_is_told_nothing_of_exams_that_are_not_theirs(room: Project, senior: TestClient) -> None:
    answer(room, "2.25.0", "r0")
    asked = [senior.get(at(study, "reads")) for study in ("2.25.0", "2.25.404")]
    assert [one.status_code for one in asked] == [404, 404]
    assert asked[0].text == asked[1].text


def test_the_arbiter_decides_and_may_think_better_of_it(room: Project, senior: TestClient) -> None:
    differ(room, 0)
    differ(room, 1)
    assert senior.get(f"{V1}/arbitration").json()["next_study_id"] == "2.25.0"
    done = submit(senior, "2.25.0", body("2.25.0", birads=2))
    assert done.json() == {"state": "done", "next_study_id": "2.25.1"}
    assert submit(senior, "2.25.0", body("2.25.0", birads=2)).json() == done.json()
    assert amend(senior, "2.25.0", body("2.25.0", birads=1), reason="").status_code == 409
    assert amend(senior, "2.25.0", body("2.25.0", birads=1)).status_code == 200
    decided = standing(room, 0).arbitration
    assert decided is not None
    assert body_of(decided) == body("2.25.0", birads=1)
    assert [one["state"] for one in listed(senior)] == ["done", "new"]
    assert senior.get(at("2.25.0", "reads")).status_code == 200
    assert len(standing(room, 0).readings) == 2
