"""People: an administrator makes them, changes them and gives them passwords; each change is on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.project import Project
from mammoset.web import create_app
from tests.review.making import make_project
from tests.web.opening import add_person, client_of

API = "/api/v1/people"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", exams=1) as opened:
        add_person(opened, "chief", "admin", password_hash="somebody's")
        yield opened


@pytest.fixture
def app(project: Project) -> FastAPI:
    return create_app(project)


@pytest.fixture
def chief(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "chief") as browser:
        yield browser


def person(browser: TestClient, name: str) -> dict[str, Any]:
    return next(one for one in browser.get(API).json()["items"] if one["name"] == name)


def kinds(project: Project) -> list[tuple[str, str, str]]:
    return [(one.kind, one.by, one.about) for one in project.catalog.events.page()]


def test_a_new_person_gets_a_password_that_is_told_once_and_must_be_changed(
    project: Project, app: FastAPI, chief: TestClient
) -> None:
    answer = chief.post(API, json={"name": "Đỗ Lan", "roles": ["reader", "reviewer"], "years_experience": 7})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    made = answer.json()
    account = project.catalog.accounts.get("Đỗ Lan")
    assert account is not None
    assert passwords.is_right(account.password_hash, made["password"])
    assert made["password"] not in chief.get(API).text + chief.get("/api/v1/events").text
    told = person(chief, "Đỗ Lan")
    assert (told["roles"], told["years_experience"], told["must_change_password"]) == (["reader", "reviewer"], 7, True)
    assert ("account_made", "chief", "Đỗ Lan") in kinds(project)


def test_who_signs_in_elsewhere_needs_no_password(chief: TestClient) -> None:
    made = chief.post(API, json={"name": "minh", "roles": ["arbiter"], "with_password": False}).json()
    assert made == {"name": "minh", "password": None}
    assert person(chief, "minh")["has_password"] is False


@pytest.mark.parametrize("name", ["chief", "CHIEF", " Chief "])
def test_a_name_is_given_once_whatever_its_capitals(chief: TestClient, name: str) -> None:
    answer = chief.post(API, json={"name": name, "roles": ["reader"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("name", ["", " ", "..", "a/b", "cli:root", "a\nb", "a\u0000", "x" * 65, "<b>", "_a"])
def test_a_name_that_does_not_fit_into_an_address_is_refused(chief: TestClient, name: str) -> None:
    assert chief.post(API, json={"name": name, "roles": ["reader"]}).status_code == 422
    assert len(chief.get(API).json()["items"]) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"roles": []}, {"roles": ["owner"]}, {"years_experience": -1}, {"years_experience": 81}, {"workload_cap": -1},
        {"annual_volume": 10**30},
    ],
)  # fmt: skip
def test_what_cannot_be_so_of_a_person_is_refused(chief: TestClient, more: dict[str, Any]) -> None:
    assert chief.post(API, json={"name": "lan", "roles": ["reader"]} | more).status_code == 422


def test_a_change_leaves_what_it_does_not_name(project: Project, chief: TestClient) -> None:
    chief.post(API, json={"name": "lan", "roles": ["reader"], "years_experience": 7, "workload_cap": 50})
    answer = chief.patch(f"{API}/lan", json={"is_available": False, "workload_cap": None})
    assert answer.status_code == 200
    told = person(chief, "lan")
    assert (told["is_available"], told["workload_cap"], told["years_experience"]) == (False, None, 7)
    (event,) = project.catalog.events.page(kind="account_changed")
    assert (event.by, event.about, event.detail) == ("chief", "lan", {"is_available": False, "workload_cap": None})


def test_an_empty_change_changes_nothing(project: Project, chief: TestClient) -> None:
    before = kinds(project)
    assert chief.patch(f"{API}/chief", json={}).status_code == 200
    assert kinds(project) == before


def test_somebody_disabled_is_out_at_once_and_may_come_back(project: Project, app: FastAPI, chief: TestClient) -> None:
    chief.post(API, json={"name": "lan", "roles": ["reviewer"]})
    with client_of(app, "lan") as lan:
        chief.patch(f"{API}/lan", json={"is_disabled": True})
        assert lan.get("/api/v1/me").status_code == 401
    assert person(chief, "lan")["is_disabled"] is True
    chief.patch(f"{API}/lan", json={"is_disabled": False})
    assert person(chief, "lan")["is_disabled"] is False
    assert [one for one, *_ in kinds(project)].count("account_disabled") == 1


def test_a_new_password_ends_the_sessions_of_its_person(project: Project, app: FastAPI, chief: TestClient) -> None:
    first = chief.post(API, json={"name": "lan", "roles": ["reviewer"]}).json()["password"]
    with client_of(app, "lan") as lan:
        answer = chief.post(f"{API}/lan/password")
        assert answer.headers["Cache-Control"] == "no-store"
        assert lan.get("/api/v1/me").status_code == 401
    account = project.catalog.accounts.get("lan")
    assert account is not None
    assert passwords.is_right(account.password_hash, answer.json()["password"])
    assert not passwords.is_right(account.password_hash, first)


def test_nobody_is_not_found(chief: TestClient) -> None:
    assert chief.patch(f"{API}/nobody", json={"is_available": True}).status_code == 404
    assert chief.post(f"{API}/nobody/password").status_code == 404


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"roles": ["reader"]}])
def test_the_last_administrator_stays_one(project: Project, chief: TestClient, change: dict[str, Any]) -> None:
    add_person(project, "without-a-way-in", "admin")
    chief.post(API, json={"name": "gone", "roles": ["admin"]})
    chief.patch(f"{API}/gone", json={"is_disabled": True})
    answer = chief.patch(f"{API}/chief", json=change)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert project.catalog.accounts.get("chief") is not None
    chief.post(API, json={"name": "other", "roles": ["admin"]})
    assert chief.patch(f"{API}/chief", json=change).status_code == 200


def test_of_two_administrators_who_put_each_other_out_at_once_one_stays(
    project: Project, app: FastAPI, chief: TestClient
) -> None:
    add_person(project, "other", "admin", password_hash="somebody's")
    together, statuses = Barrier(2), []
    with client_of(app, "other") as other:

        def put_out(browser: TestClient, name: str) -> None:
            together.wait()
            statuses.append(browser.patch(f"{API}/{name}", json={"is_disabled": True}).status_code)

        threads = [Thread(target=put_out, args=one) for one in ((chief, "other"), (other, "chief"))]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert len(project.catalog.accounts.administrators()) == 1
    assert 200 in statuses
    assert set(statuses) <= {200, 401, 403, 409}


def test_only_administrators_see_people_and_change_them(project: Project, app: FastAPI) -> None:
    for role in ("reader", "arbiter", "reviewer"):
        add_person(project, role, role)
        with client_of(app, role) as browser:
            made = browser.post(API, json={"name": "x", "roles": ["admin"]})
            changed = browser.patch(f"{API}/{role}", json={"roles": ["admin"]})
            reset = browser.post(f"{API}/chief/password")
            seen = (browser.get(API), browser.get("/api/v1/events"))
            assert {one.status_code for one in (made, changed, reset, *seen)} == {403}


def test_an_administrator_who_reads_is_not_told_how_many_exams_are_arbitrated(
    project: Project, app: FastAPI, chief: TestClient
) -> None:
    assert person(chief, "chief")["arbitrations"] == {"assigned": 0, "submitted": 0}
    add_person(project, "both", "admin", "reader")
    with client_of(app, "both") as browser:
        told = person(browser, "chief")
        assert (told["arbitrations"], told["quality_reads"]) == (None, None)
        assert told["reads"] == {"assigned": 0, "submitted": 0}
