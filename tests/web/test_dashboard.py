"""The dashboard: how far the reading is, how well it agrees, and nothing that could unblind who looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.domain.workflow import Fact, FactKind
from mammoset.project import Project
from mammoset.web.answers.dashboard import Dashboard
from tests.builders import make_project
from tests.web.opening import add_person, client_of
from tests.web.twice_read import DAY, SECONDS, answer, fact, read_twice

PROGRESS, AGREEMENT = "/api/v1/dashboard/progress", "/api/v1/dashboard/agreement"


def close(project: Project) -> None:
    project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "chief", DAY)])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Six exams: four read twice, of which one is discordant and arbitrated; one begun by r0; one with nobody."""
    with make_project(tmp_path / "p", studies=6) as made:
        studies = made.catalog.studies()
        for study, (first, second), seconds, day in zip(
            studies, [(1, 1), (4, 4), (2, 5), (1, 1)], SECONDS, (0, 0, 3, 3), strict=False
        ):
            read_twice(made, study, first, second, seconds=seconds, day=day)
        discordant, begun = studies[2], studies[4]
        decision = answer(discordant, "senior", 5)
        made.catalog.append(
            [
                fact(FactKind.ASSIGNED, discordant, "senior", role="arbiter"),
                fact(FactKind.ARBITRATED, discordant, "senior", day=4, role="arbiter", said=decision),
                fact(FactKind.ASSIGNED, begun, "r0"),
                fact(FactKind.ASSIGNED, begun, "r1"),
                fact(FactKind.OPENED, begun, "r0"),
            ]
        )
        add_person(made, "chief", "admin")
        add_person(made, "both", "admin", "reader")
        add_person(made, "looker", "reviewer")
        yield made


def numbers_of(browser: TestClient) -> Dashboard:
    dashboard: Dashboard = cast(FastAPI, browser.app).state.site.room.dashboard
    return dashboard


@contextmanager
def seen_by(project: Project, name: str) -> Iterator[TestClient]:
    with client_of(project, name) as browser:
        yield browser


def progress(project: Project, name: str) -> dict[str, Any]:
    with seen_by(project, name) as browser:
        browser.get(PROGRESS)
        numbers_of(browser).walking.wait()
        return cast("dict[str, Any]", browser.get(PROGRESS).json())


def agreement(project: Project, name: str) -> dict[str, Any]:
    with seen_by(project, name) as browser:
        assert browser.get(AGREEMENT).json()["state"] == "computing"
        numbers_of(browser).measuring.wait()
        return cast("dict[str, Any]", browser.get(AGREEMENT).json())


def test_an_administrator_sees_states_people_days_and_the_flow(project: Project) -> None:
    found = progress(project, "chief")
    assert found["states"] == {"concordant": 3, "final": 1, "awaiting_reads": 1, "unassigned": 1}
    rows = {(one["name"], one["role"]): one for one in found["per_reader"]}
    assert list(rows) == [("r0", "reader"), ("r1", "reader"), ("senior", "arbiter")]
    assert [rows["r0", "reader"][one] for one in ("assigned", "in_progress", "submitted")] == [5, 1, 4]
    assert [rows["r1", "reader"][one] for one in ("assigned", "in_progress", "submitted")] == [5, 0, 4]
    assert found["reads_per_day"] == [
        {"day": "2024-05-17", "n": 4}, {"day": "2024-05-18", "n": 0}, {"day": "2024-05-19", "n": 0},
        {"day": "2024-05-20", "n": 4}, {"day": "2024-05-21", "n": 1},
    ]  # fmt: skip
    assert found["flow"][-1] == {"step": "final", "label": "with a final answer", "count": 4, "leaving": []}
    assert not found["is_withheld"]


def test_times_are_told_of_those_that_were_measured(project: Project) -> None:
    rows = {one["name"]: one for one in progress(project, "chief")["per_reader"]}
    # of 30, 50, 70 and 90 s the middle is 60; nine tenths of the way lie 0.7 of the way from 70 to 90
    assert rows["r0"]["seconds_per_exam"] == {"n": 4, "median": 60, "p90": pytest.approx(84)}
    assert rows["r0"]["per_hour"] == pytest.approx(4 * 3600 / 240)
    assert (rows["r1"]["seconds_per_exam"], rows["r1"]["per_hour"]) == (None, None)


@pytest.mark.parametrize("name", ["r0", "senior", "looker"])
def test_who_administers_nothing_sees_their_own_row_only(project: Project, name: str) -> None:
    found = progress(project, name)
    assert {one["name"] for one in found["per_reader"]} <= {name}
    assert (found["states"], found["flow"], found["is_withheld"]) == (None, None, True)


def test_an_administrator_who_reads_is_not_told_what_depends_on_answers(project: Project) -> None:
    found = progress(project, "both")
    assert {one["role"] for one in found["per_reader"]} == {"reader"}
    assert (found["states"], found["flow"]) == (None, None)
    assert sum(one["n"] for one in found["reads_per_day"]) == 8  # the arbitration is not among them


def test_nothing_that_a_reader_sees_depends_on_what_others_answered(tmp_path: Path) -> None:
    texts = []
    for second in (1, 5):
        with make_project(tmp_path / str(second), studies=2) as made:
            study = made.catalog.studies()[0]
            read_twice(made, study, 1, second, seconds=20)
            if second == 5:
                made.catalog.append([fact(FactKind.ASSIGNED, study, "senior", role="arbiter")])
            add_person(made, "both", "admin", "reader")
            texts.append([progress(made, name) for name in ("r0", "both")])
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", ["r0", "senior", "looker", "both"])
def test_agreement_is_nobodys_who_could_be_unblinded(project: Project, name: str) -> None:
    with seen_by(project, name) as browser:
        refused = browser.get(AGREEMENT)
        assert (refused.status_code, refused.json()["code"]) == (403, "phase_open")
        assert "kappa" not in refused.text


def test_an_administrator_sees_the_agreement_of_all_pairs(project: Project) -> None:
    found = agreement(project, "chief")
    assert (found["state"], found["n_studies"], found["n_senior"], found["seniors"]) == ("ready", 4, 0, [])
    rates = {one["field"]: one["rate"] for one in found["discordance"]}
    assert (rates["arbitration"], rates["recall"], rates["density"]) == (0.25, 0.25, 0)
    [pair] = found["pairs"]
    assert (pair["first"], pair["second"], pair["n"]) == ("r0", "r1", 4)
    recall = pair["fields"]["recall"]
    # eight breasts: six times neither recalls, once both do, once the second only
    assert (recall["n"], recall["observed"]) == (8, 7 / 8)
    assert recall["kappa"] == pytest.approx((7 / 8 - (7 * 6 + 1 * 2) / 64) / (1 - (7 * 6 + 1 * 2) / 64))
    assert recall["weighted_kappa"] is None
    assert pair["fields"]["birads"]["weighted_kappa"] is not None
    assert pair["findings"]["f1"] == found["findings"]["f1"] == pytest.approx(2 / 3)
    assert {one["category"]: one["f1"] for one in found["findings"]["per_category"]}["Asymmetry"] is None
    assert set(found["alpha"]) == {"density", "birads", "recall"}


def test_what_is_undefined_is_null_with_a_reason(project: Project) -> None:
    density = agreement(project, "chief")["pairs"][0]["fields"]["density"]
    assert (density["kappa"], density["weighted_kappa"], density["low"], density["observed"]) == (None, None, None, 1)
    assert "one and the same answer" in density["note"]


def test_once_the_phase_is_closed_readers_see_all_but_the_pairs_of_others(project: Project) -> None:
    close(project)
    assert [one["first"] for one in agreement(project, "r0")["pairs"]] == ["r0"]
    theirs = agreement(project, "looker")
    assert (theirs["pairs"], theirs["n_studies"]) == ([], 4)
    assert {one["name"] for one in progress(project, "r0")["per_reader"]} == {"r0"}
    assert progress(project, "r0")["states"]["final"] == 1


def test_seniors_are_compared_with_the_final_answers(project: Project) -> None:
    study = project.catalog.studies()[1]
    said = answer(study, "senior", 4)
    project.catalog.append(
        [
            fact(FactKind.ASSIGNED, study, "senior", role="senior"),
            fact(FactKind.SUBMITTED, study, "senior", role="senior", said=said),
        ]
    )
    found = agreement(project, "chief")
    [senior] = found["seniors"]
    assert (senior["first"], senior["second"], senior["n"], found["n_senior"]) == ("senior", "reference", 1, 1)
    assert senior["findings"]["f1"] == 1


def test_a_poll_without_change_is_answered_with_304(project: Project) -> None:
    with seen_by(project, "r0") as browser:
        first = browser.get(PROGRESS)
        again = browser.get(PROGRESS, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        study = project.catalog.studies()[5]
        project.catalog.append([fact(FactKind.ASSIGNED, study, "r0")])
        assert browser.get(PROGRESS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_while_a_new_answer_is_taken_in_the_older_numbers_are_shown_as_such(project: Project) -> None:
    with seen_by(project, "chief") as browser:
        browser.get(AGREEMENT)
        numbers = numbers_of(browser)
        numbers.measuring.wait()
        assert browser.get(AGREEMENT).json()["n_studies"] == 4
        read_twice(project, project.catalog.studies()[5], 2, 2, seconds=10)
        stale = browser.get(AGREEMENT).json()
        assert (stale["state"], stale["n_studies"]) == ("stale", 4)
        numbers.measuring.wait()
        assert browser.get(AGREEMENT).json()["n_studies"] == 5


def test_opening_an_exam_measures_nothing_anew(project: Project) -> None:
    with seen_by(project, "chief") as browser:
        browser.get(AGREEMENT)
        numbers_of(browser).measuring.wait()
        project.catalog.append([fact(FactKind.OPENED, project.catalog.studies()[4], "r1")])
        assert browser.get(AGREEMENT).json()["state"] == "ready"
