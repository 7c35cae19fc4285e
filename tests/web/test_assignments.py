"""Assignments: who has what, drawn or said; who administers and reads is told nothing that follows from readings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset import read
from mammoset.catalog import Decision
from mammoset.domain.workflow import FactKind, Role
from mammoset.errors import TransitionError
from mammoset.project import Project
from mammoset.read import Flag, Work
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web import create_app
from tests.builders import make_project, mass, reading
from tests.web.opening import add_person, client_of

API = "/api/v1/assignments"
CLOSING = "/api/v1/phase/closing"
N = 5


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Five exams that nobody has; two readers, an arbiter, an administrator, and one who reads as well."""
    with make_project(tmp_path / "p", studies=N) as made:
        add_person(made, "chief", "admin")
        add_person(made, "both", "admin", "reader")
        yield made


@pytest.fixture
def app(project: Project) -> FastAPI:
    return create_app(project)


@pytest.fixture
def chief(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "chief") as browser:
        yield browser


@pytest.fixture
def both(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "both") as browser:
        yield browser


def ids(project: Project) -> list[str]:
    return [study.study_id for study in project.catalog.studies()]


def listed(browser: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(API, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def row(browser: TestClient, study_id: str) -> dict[str, Any]:
    return next(one for one in listed(browser) if one["study_id"] == study_id)


def give(browser: TestClient, study_id: str, name: str, role: Role = "reader", **more: Any) -> Any:
    return browser.post(API, json={"study_id": study_id, "name": name, "role": role, **more})


def take(browser: TestClient, study_id: str, name: str, role: Role = "reader") -> Any:
    body = {"study_id": study_id, "name": name, "role": role, "reason": "ill"}
    return browser.post(f"{API}/withdrawal", json=body)


def answer(project: Project, study_id: str, name: str, birads: int) -> None:
    (study,) = project.catalog.studies({study_id})
    findings = (mass(study, birads),) if birads > 2 else ()
    said = reading(study_id, name, birads=birads, findings=findings)
    read.submit(project, study_id, name, Work(said), 0)


def read_twice(project: Project, study_id: str, first: int, second: int) -> None:
    for name, birads in (("r0", first), ("r1", second)):
        read.assign_one(project, study_id, name, "reader")
        answer(project, study_id, name, birads)


def test_every_exam_is_listed_by_number_in_pages(chief: TestClient, project: Project) -> None:
    first = chief.get(API, params={"limit": 2}).json()
    second = chief.get(API, params={"limit": 200, "cursor": first["next_cursor"]}).json()
    items = first["items"] + second["items"]
    assert [one["study_id"] for one in items] == ids(project)
    assert [one["number"] for one in items] == sorted(one["number"] for one in items)
    assert ({one["state"] for one in items}, first["total"], second["next_cursor"]) == ({"unassigned"}, N, None)


def test_states_are_counted_whichever_is_shown_and_an_exam_is_found_by_its_number(
    project: Project, chief: TestClient
) -> None:
    give(chief, ids(project)[2], "r0")
    answer = chief.get(API, params={"study_state": "unassigned", "limit": 1}).json()
    number = row(chief, ids(project)[2])["number"]
    assert sum(answer["counts"].values()) == N
    assert answer["counts"]["unassigned"] == answer["total"]
    assert [one["study_id"] for one in listed(chief, number=number)] == [ids(project)[2]]
    assert listed(chief, number=N + 100) == []
    assert chief.get(API, params={"person": "r0"}).json()["counts"] == {row(chief, ids(project)[2])["state"]: 1}


def test_a_draw_is_shown_before_it_is_made(project: Project, chief: TestClient) -> None:
    shown = chief.post(f"{API}/draw", json={"dry_run": True}).json()
    assert (shown["dry_run"], sum(shown["reads"].values())) == (True, 2 * N)
    assert {one["state"] for one in listed(chief)} == {"unassigned"}
    made = chief.post(f"{API}/draw", json={}).json()
    assert made == shown | {"dry_run": False}
    assert {one["state"] for one in listed(chief)} == {"awaiting_reads"}
    (event,) = project.catalog.events.page(kind="drawn")
    assert (event.by, event.detail) == ("chief", {"reads": 2 * N})


def test_a_draw_gives_nobody_more_than_their_cap_and_says_what_is_missing(project: Project, chief: TestClient) -> None:
    for name in ("r0", "r1", "both"):
        chief.patch(f"/api/v1/people/{name}", json={"workload_cap": 2})
    refused = chief.post(f"{API}/draw", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "people")
    assert "cap" in refused.json()["detail"]
    assert {one["state"] for one in listed(chief)} == {"unassigned"}
    made = chief.post(f"{API}/draw", json={"partial": True}).json()
    assert max(made["reads"].values()) == 2
    assert made["missing"] == {"reader": 2 * N - sum(made["reads"].values())}
    assert len(made["why"]) == 1


def test_an_exam_is_given_taken_and_given_to_another(project: Project, chief: TestClient) -> None:
    (study, *_) = ids(project)
    assert give(chief, study, "r0").status_code == 204
    assert [one["name"] for one in row(chief, study)["readers"]] == ["r0"]
    assert take(chief, study, "r0").status_code == 204
    assert row(chief, study)["readers"] == []
    assert give(chief, study, "r1").status_code == 204
    assert give(chief, study, "both", instead_of="r1", reason="on leave").status_code == 204
    assert [one["name"] for one in row(chief, study)["readers"]] == ["both"]
    told = [(one.kind, one.about) for one in reversed(project.catalog.events.page()) if one.study_id == study]
    assert told == [
        ("reader_assigned", "r0"), ("reader_withdrawn", "r0"), ("reader_assigned", "r1"), ("reader_withdrawn", "r1"),
        ("reader_assigned", "both"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "role", "code"),
    [("nobody", "reader", "people"), ("senior", "reader", "people"), ("senior", "arbiter", "transition")],
)
def test_what_cannot_be_assigned_is_a_conflict_in_a_sentence(
    project: Project, chief: TestClient, name: str, role: Role, code: str
) -> None:
    refused = give(chief, ids(project)[0], name, role)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    assert len(refused.json()["detail"]) > 20
    assert project.catalog.events.page(kind=f"{role}_assigned") == []


def test_an_unknown_exam_and_a_missing_reason_are_refused(project: Project, chief: TestClient) -> None:
    assert give(chief, "2.25.404", "r0").status_code == 409
    assert take(chief, "2.25.404", "r0").status_code == 409
    assert give(chief, ids(project)[0], "r0", instead_of="r1").status_code == 422
    body = {"study_id": ids(project)[0], "name": "r0", "reason": " "}
    assert chief.post(f"{API}/withdrawal", json=body).status_code == 422


def test_exams_are_chosen_by_state_and_by_person(project: Project, chief: TestClient) -> None:
    concordant, discordant, *_ = ids(project)
    read_twice(project, concordant, 1, 1)
    read_twice(project, discordant, 1, 5)
    read.assign_one(project, discordant, "senior", "arbiter")
    assert [one["study_id"] for one in listed(chief, study_state="concordant")] == [concordant]
    assert [one["study_id"] for one in listed(chief, person="r0")] == [concordant, discordant]
    (arbitrated,) = listed(chief, person="senior")
    assert arbitrated["state"] == "awaiting_arbitration"
    assert arbitrated["arbiter"] == {"name": "senior", "is_submitted": False}
    assert {one["is_submitted"] for one in arbitrated["readers"]} == {True}
    assert chief.get(API, params={"study_state": "lost"}).status_code == 422


def test_a_flagged_exam_is_listed_as_held_and_not_open(project: Project, chief: TestClient) -> None:
    (study, *_) = ids(project)
    read.assign_one(project, study, "r0", "reader")
    read.flag(project, study, "r0", Flag("image_quality", "blurred"))
    shown = row(chief, study)
    assert (shown["state"], shown["flags"]) == ("held", ["image_quality: blurred"])
    project.catalog.decide([Decision(Stage.REVIEW, study, Outcome.EXCLUDED, "image_quality", by="lan")])
    shown = row(chief, study)
    assert (shown["state"], shown["is_open"]) == ("excluded", False)


def test_who_administers_and_reads_sees_the_same_whatever_was_answered(
    project: Project, both: TestClient, tmp_path: Path
) -> None:
    """Concordant or discordant, arbitrated or not: byte for byte the same list, people and events."""
    with make_project(tmp_path / "other", studies=N) as other:
        for name, roles in (("chief", ("admin",)), ("both", ("admin", "reader"))):
            add_person(other, name, *roles)
        read_twice(project, ids(project)[0], 1, 1)
        read_twice(other, ids(other)[0], 1, 5)
        read.assign_one(other, ids(other)[0], "senior", "arbiter")
        answer(other, ids(other)[0], "senior", 5)
        with client_of(other, "chief") as browser:
            assert row(browser, ids(other)[0])["state"] == "final"
            other.catalog.events.append("arbiter_assigned", by="chief", about="senior", study_id=ids(other)[0])
        with client_of(other, "both") as browser:
            assert listed(browser) == listed(both)
            assert row(browser, ids(other)[0])["state"] == "assigned"
            for query in ({"study_state": "concordant"}, {"study_state": "final"}, {"person": "senior"}):
                assert listed(browser, **query) == listed(both, **query) == []
            assert browser.get("/api/v1/people").json() == both.get("/api/v1/people").json()
            kinds = [one["kind"] for one in browser.get("/api/v1/events").json()["items"]]
            assert "arbiter_assigned" not in kinds
            told = [one.post(f"{API}/draw", json={"dry_run": True}).json() for one in (browser, both)]
            assert told[0] == told[1]


def test_who_administers_and_reads_cannot_ask_by_acting(project: Project, both: TestClient) -> None:
    concordant, discordant, mine, *_ = ids(project)
    read_twice(project, concordant, 1, 1)
    read_twice(project, discordant, 1, 5)
    read.assign_one(project, mine, "both", "reader")
    told = [give(both, one, "senior", "arbiter") for one in (concordant, discordant)]
    assert [(one.status_code, one.json()["code"]) for one in told] == [(403, "phase_open")] * 2
    assert {take(both, one, "senior", "arbiter").status_code for one in (concordant, discordant)} == {403}
    assert give(both, mine, "r0").status_code == 403
    again = [give(both, one, "r0") for one in (concordant, discordant)]
    assert again[0].json() == again[1].json()
    assert again[0].status_code == 409


def test_two_administrators_who_give_one_place_at_once(project: Project, app: FastAPI) -> None:
    (study, *_) = ids(project)
    read.assign_one(project, study, "r0", "reader")
    together, answers = Barrier(2), []
    with client_of(app, "chief") as first, client_of(app, "both") as second:

        def act(browser: TestClient, name: str) -> None:
            together.wait()
            answers.append(give(browser, study, name))

        threads = [Thread(target=act, args=one) for one in ((first, "r1"), (second, "both"))]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(one.status_code for one in answers) == [204, 409]
    assert len(project.catalog.facts(study)[study]) == 2


def test_an_administrator_and_a_reader_who_act_on_one_exam_at_once(project: Project, chief: TestClient) -> None:
    """Whoever is first wins: a reading of somebody withdrawn is refused, one that was in before is set aside."""
    for study in ids(project):
        read.assign_one(project, study, "r0", "reader")
        together = Barrier(2)
        outcome: list[str] = []

        def submit(study: str = study, together: Barrier = together, outcome: list[str] = outcome) -> None:
            together.wait()
            try:
                answer(project, study, "r0", 1)
                outcome.append("submitted")
            except TransitionError as error:
                outcome.append(error.code)

        thread = Thread(target=submit)
        thread.start()
        together.wait()
        taken = take(chief, study, "r0")
        thread.join()
        assert taken.status_code == 204
        kinds = [one.kind for one in project.catalog.facts(study)[study]]
        assert (FactKind.SUBMITTED in kinds) == (outcome == ["submitted"])
        assert outcome[0] in ("submitted", "not_assigned")
        assert row(chief, study)["state"] == "unassigned"


def test_the_phase_is_closed_by_the_name_of_the_dataset_when_nobody_waits(project: Project, chief: TestClient) -> None:
    name = project.settings.dataset.name
    study, *_ = ids(project)
    read.assign_one(project, study, "r0", "reader")
    assert chief.post(CLOSING, json={"confirm": f"{name} "}).json()["code"] == "confirm"
    waiting = chief.post(CLOSING, json={"confirm": name})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "too_early")
    answer(project, study, "r0", 1)
    read.assign_one(project, study, "r1", "reader")
    answer(project, study, "r1", 1)
    assert chief.post(CLOSING, json={"confirm": name}).json() == {"phase_is_closed": True}
    assert chief.get("/api/v1/me").json()["phase_is_closed"] is True
    assert [one.by for one in project.catalog.events.page(kind="phase_closed")] == ["chief"]
    again = chief.post(CLOSING, json={"confirm": name})
    assert (again.status_code, again.json()["code"]) == (409, "phase_closed")
    late = give(chief, study, "both", instead_of="r0", reason="late")
    assert (late.status_code, late.json()["code"]) == (409, "phase_closed")


def test_only_administrators_assign(project: Project, app: FastAPI) -> None:
    (study, *_) = ids(project)
    for name in ("r0", "senior"):
        with client_of(app, name) as browser:
            statuses = {
                browser.get(API).status_code, give(browser, study, "r0").status_code,
                take(browser, study, "r0").status_code, browser.post(f"{API}/draw", json={}).status_code,
                browser.post(CLOSING, json={"confirm": "x"}).status_code,
            }  # fmt: skip
            assert statuses == {403}
