"""Signing in by password and by the link of one use; sessions, their cookies and their ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.catalog.accounts import IDLE, LIFETIME
from mammoset.project import Project
from mammoset.web import create_app, first_administrator
from mammoset.web.door.wire import Wire
from mammoset.web.routes.signing_in import DemoAccount
from tests.web.opening import BASE, add_person, client_of

RIGHT = "a horse under the tree"
SESSION, ME, PASSWORD = "/api/v1/session", "/api/v1/me", "/api/v1/me/password"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "phantom-mammo") as made:
        add_person(made, "anna", "reader", "arbiter", password_hash=passwords.hashed(RIGHT))
        yield made


@pytest.fixture
def app(project: Project) -> FastAPI:
    return create_app(project, token="once")


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as one:
        yield one


def enter(browser: TestClient, name: str = "anna", password: str = RIGHT) -> int:
    answer = browser.post(SESSION, json={"name": name, "password": password})
    if answer.status_code == 200:
        browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer.status_code


def events(project: Project) -> list[tuple[str, str]]:
    return [(one.kind, one.about) for one in reversed(project.catalog.events.page())]


def test_who_signs_in_is_told_who_they_are(browser: TestClient) -> None:
    answer = browser.post(SESSION, json={"name": "anna", "password": RIGHT})
    told = answer.json()
    assert answer.status_code == 200
    assert browser.get(ME).json() == told
    assert len(told.pop("csrf_token")) > 40
    assert told == {
        "name": "anna", "roles": ["reader", "arbiter"], "must_change_password": False, "dataset": "phantom-mammo",
        "phase_is_closed": False, "language": None,
    }  # fmt: skip


def test_a_wrong_password_and_a_wrong_name_are_told_alike(browser: TestClient, project: Project) -> None:
    add_person(project, "bruno", "reader", password_hash=passwords.hashed(RIGHT))
    project.catalog.accounts.set_disabled("bruno", is_disabled=True, by="test")
    add_person(project, "without", "reader")
    tried = [("anna", "wrong"), ("nobody", RIGHT), ("bruno", RIGHT), ("without", ""), ("x" * 65, RIGHT), ("", "")]
    answers = [browser.post(SESSION, json={"name": name, "password": one}) for name, one in tried]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not browser.cookies


@pytest.mark.parametrize("name", ["nobody", "without", "disabled"])
def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    browser: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Every attempt compares one password of the same cost; so there is nothing to measure from outside."""
    add_person(project, "without", "reader")
    add_person(project, "disabled", "reader", password_hash=passwords.hashed(RIGHT))
    project.catalog.accounts.set_disabled("disabled", is_disabled=True, by="test")
    passwords._nobodys.cache_clear()  # what is compared for nobody is made once, here at the cost that tests have
    passwords.is_right("", "")
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored.rsplit("$", 2)[0])
            return hasher.verify(stored, password)

    hasher = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert enter(browser, "anna", "wrong") == 401
    assert enter(browser, name, "wrong") == 401
    assert len(compared) == 2
    assert compared[0] == compared[1], "the same parameters"


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: TestClient) -> None:
    cookie = browser.post(SESSION, json={"name": "anna", "password": RIGHT}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/;" in cookie
    assert "Secure" not in cookie


def test_under_tls_the_cookie_is_bound_to_it(project: Project) -> None:
    app = create_app(project, wire=Wire(is_secure=True))
    with TestClient(app, base_url="https://127.0.0.1") as browser:
        answer = browser.post(SESSION, json={"name": "anna", "password": RIGHT})
        assert answer.headers["set-cookie"].startswith("__Host-mammoset-")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert browser.get(ME).status_code == 200


@pytest.mark.only_on("sqlite")
def test_a_session_survives_a_restart_and_is_kept_only_as_a_digest(project: Project, browser: TestClient) -> None:
    assert enter(browser) == 200
    (cookie,) = browser.cookies.values()
    with TestClient(create_app(project), base_url=BASE, cookies=dict(browser.cookies)) as after:
        assert after.get(ME).status_code == 200
    text = b"".join(file.read_bytes() for file in project.root.glob("catalog.sqlite*"))
    assert cookie.encode() not in text
    assert RIGHT.encode() not in text


def test_who_signs_in_anew_leaves_no_old_session_behind(browser: TestClient, app: FastAPI) -> None:
    assert enter(browser) == 200
    before = dict(browser.cookies)
    assert enter(browser) == 200
    assert before != dict(browser.cookies)
    with TestClient(app, base_url=BASE, cookies=before) as old:
        assert old.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("step", "n_steps", "ends"), [(IDLE * 0.9, 3, False), (IDLE * 1.1, 1, True), (IDLE * 0.9, 16, True)]
)
def test_a_session_ends_unused_or_after_a_week(project: Project, step: timedelta, n_steps: int, ends: bool) -> None:
    app = create_app(project)
    moment = datetime.now(UTC)
    app.state.signing_in._clock = lambda: moment
    with TestClient(app, base_url=BASE) as browser:
        assert enter(browser) == 200
        for _ in range(n_steps):
            moment += step
            status = browser.get(ME).status_code
    assert status == (401 if ends else 200)
    assert n_steps < 16 or n_steps * step > LIFETIME


def test_signing_out_ends_the_session_and_clears_the_browser(
    browser: TestClient, project: Project, app: FastAPI
) -> None:
    assert enter(browser) == 200
    before = dict(browser.cookies)
    answer = browser.delete(SESSION)
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (204, '"cache", "storage"')
    assert not browser.cookies
    with TestClient(app, base_url=BASE, cookies=before) as again:
        assert again.get(ME).status_code == 401
    assert events(project)[-2:] == [("signed_in", "anna"), ("signed_out", "anna")]


def test_disabling_somebody_ends_their_sessions_and_enabling_does_not_open_them_again(
    browser: TestClient, project: Project
) -> None:
    assert enter(browser) == 200
    project.catalog.accounts.set_disabled("anna", is_disabled=True, by="boss")
    assert browser.get(ME).status_code == 401
    project.catalog.accounts.set_disabled("anna", is_disabled=False, by="boss")
    assert browser.get(ME).status_code == 401
    assert enter(browser) == 200
    assert events(project)[-3:] == [("account_disabled", "anna"), ("account_enabled", "anna"), ("signed_in", "anna")]


def test_a_role_that_is_taken_away_is_gone_at_once(browser: TestClient, project: Project) -> None:
    assert enter(browser) == 200
    add_person(project, "anna", "arbiter")
    assert browser.get(ME).json()["roles"] == ["arbiter"]


def test_changing_the_password_ends_every_other_session(browser: TestClient, app: FastAPI, project: Project) -> None:
    assert enter(browser) == 200
    with TestClient(app, base_url=BASE) as elsewhere:
        assert enter(elsewhere) == 200
        answer = browser.post(PASSWORD, json={"current": RIGHT, "new": "another horse, another tree"})
        assert answer.status_code == 204
        assert elsewhere.get(ME).status_code == 401
    me = browser.get(ME)
    assert me.status_code == 200
    assert me.json()["csrf_token"] != browser.headers["X-CSRF-Token"]
    assert enter(browser) == 401
    assert enter(browser, password="another horse, another tree") == 200
    assert ("password_changed", "anna") in events(project)


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("wrong", "another horse, another tree", "present password is wrong"),
        (RIGHT, "short", "12 to 128"),
        (RIGHT, "x" * 129, "12 to 128"),
        (RIGHT, "annaannaanna", "hardly more than the name"),
        (RIGHT, RIGHT, "choose another"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(browser: TestClient, current: str, new: str, said: str) -> None:
    assert enter(browser) == 200
    answer = browser.post(PASSWORD, json={"current": current, "new": new})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert browser.get(ME).status_code == 200
    assert enter(browser) == 200


def test_with_a_generated_password_nothing_is_possible_but_changing_it(project: Project, browser: TestClient) -> None:
    given = passwords.generated()
    project.catalog.accounts.set_password("anna", passwords.hashed(given), by="boss", must_change=True)
    assert enter(browser, password=given) == 200
    assert browser.get(ME).json()["must_change_password"] is True
    refused = browser.get("/api/v1/labels")
    assert (refused.status_code, refused.json()["code"]) == (403, "must_change_password")
    led = browser.get("/exams", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/account")
    assert browser.post(PASSWORD, json={"current": given, "new": RIGHT}).status_code == 204
    assert browser.get(ME).json()["must_change_password"] is False
    assert browser.get("/api/v1/labels").status_code != 403


# -- the link ----------------------------------------------------------------------------------------------------


def test_the_link_lets_one_browser_in_as_administrator_and_leaves_the_address(app: FastAPI, project: Project) -> None:
    assert first_administrator(project) is not None
    with TestClient(app, base_url=BASE) as first, TestClient(app, base_url=BASE) as second:
        answer = first.get("/exams", params={"token": "once", "birads": "4"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/exams?birads=4")
        told = first.get(ME).json()
        assert (told["name"], told["roles"], told["must_change_password"]) == ("admin", ["admin"], False)
        assert second.get("/exams", params={"token": "once"}).status_code == 401
        assert first.get("/exams", params={"token": "once"}).status_code == 200, "who is in may follow it again"
    assert events(project)[-1] == ("signed_in", "admin")


@pytest.mark.parametrize("token", ["", "another", "oncex", "onc", "é"])
def test_a_wrong_link_opens_nothing_and_uses_nothing_up(app: FastAPI, project: Project, token: str) -> None:
    first_administrator(project)
    with TestClient(app, base_url=BASE) as browser:
        assert browser.get("/status", params={"token": token}).status_code == 401
        assert browser.get("/status", params={"token": "once"}).status_code == 200


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_there_is_no_link(project: Project, token: str | None) -> None:
    first_administrator(project)
    with TestClient(create_app(project, token=token), base_url=BASE) as browser:
        assert browser.get("/status", params={"token": ""}).status_code == 401


def test_the_link_opens_nothing_where_other_machines_can_come(project: Project) -> None:
    first_administrator(project)
    app = create_app(project, token="once", wire=Wire(("reading.example",), is_secure=True, takes_link=False))
    with TestClient(app, base_url="https://reading.example") as browser:
        assert browser.get("/status", params={"token": "once"}).status_code == 401


def test_the_link_leads_to_no_other_server(app: FastAPI, project: Project) -> None:
    first_administrator(project)
    with TestClient(app, base_url=BASE) as browser:
        answer = browser.get(f"{BASE}//elsewhere.example/x?token=once", follow_redirects=False)
    assert answer.headers["location"] == "/x"


def test_an_administrator_is_made_once_and_never_with_a_password_that_is_known(tmp_path: Path) -> None:
    given = set()
    for name in ("one", "two"):
        with Project.create(tmp_path / name) as project:
            given.add(first_administrator(project))
            assert first_administrator(project) is None
            project.catalog.accounts.set_disabled("admin", is_disabled=True, by="test")
            given.add(first_administrator(project))
    assert len(given) == 4
    assert None not in given


# -- before one is in --------------------------------------------------------------------------------------------


def test_the_page_on_which_one_signs_in_is_told_the_demos_people_of_a_demo_only(project: Project) -> None:
    people = [DemoAccount(name="anna", password=RIGHT, roles=["reader"])]
    for told in (people, []):
        with TestClient(create_app(project, demo_accounts=told), base_url=BASE) as browser:
            answer = browser.get("/api/v1/sign-in").json()
        assert answer["demo_accounts"] == [one.model_dump() for one in told]
        assert answer["dataset"] == "phantom-mammo"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("/exams?birads=4&sort=-age", "/sign-in?next=%2Fexams%3Fbirads%3D4%26sort%3D-age"),
        ("/", "/sign-in"),
        ("//elsewhere.example/exams", "/sign-in?next=%2Fexams"),
        ("/nothing", "/sign-in?next=%2Fnothing"),
    ],
)
def test_a_person_is_led_to_where_one_signs_in(browser: TestClient, asked: str, wanted: str) -> None:
    answer = browser.get(BASE + asked, headers={"Accept": "text/html,*/*"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)


def test_a_program_is_told_to_sign_in(browser: TestClient) -> None:
    for path in (ME, "/api/v1/nothing"):
        answer = browser.get(path, headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


# -- forged requests ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"Origin": BASE}, 204),
        ({"Sec-Fetch-Site": "same-origin", "Origin": BASE}, 204),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"X-CSRF-Token": ""}, 403),
        ({"X-CSRF-Token": "é"}, 403),
    ],
)
def test_a_request_that_changes_something_must_come_from_our_page(
    app: FastAPI, headers: dict[str, str], status: int
) -> None:
    with client_of(app, "anna") as browser:
        given = {name.encode(): value.encode() for name, value in headers.items()}
        answer = browser.request("DELETE", SESSION, headers=given)
        assert answer.status_code == status
        assert status == 204 or answer.json()["code"] == "csrf"


def test_the_token_against_forgery_is_of_this_session_alone(app: FastAPI) -> None:
    with client_of(app, "anna") as one, client_of(app, "anna") as two:
        assert one.headers["X-CSRF-Token"] != two.headers["X-CSRF-Token"]
        assert one.delete(SESSION, headers={"X-CSRF-Token": two.headers["X-CSRF-Token"]}).status_code == 403


def test_nobody_is_signed_in_by_another_site(browser: TestClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(SESSION, json={"name": "anna", "password": RIGHT}, headers=foreign).status_code == 403
    as_form = browser.post(SESSION, content='{"name": "anna"}', headers={"Content-Type": "text/plain"})
    assert as_form.status_code == 422


def test_too_many_attempts_have_to_wait(browser: TestClient) -> None:
    answers = [browser.post(SESSION, json={"name": "anna", "password": "wrong"}) for _ in range(6)]
    assert [one.status_code for one in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].json()["code"] == "throttled"
    assert enter(browser) == 429, "the right password has to wait as well"
