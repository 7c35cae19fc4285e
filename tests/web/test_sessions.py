from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.sessions import SESSION_SECONDS, Sessions
from tests.web.building import Made
from tests.web.conftest import BASE, TOKEN


@pytest.fixture
def fresh(project: Project) -> FastAPI:
    return create_app(project, token=TOKEN)


def addresses(app: FastAPI, made: Made) -> list[str]:
    """Every address the application answers, with ids that exist."""
    image = made.records[0].image.image_id
    paths = [path for route in app.router.routes if (path := getattr(route, "path", "")) and path != "/static"]
    paths += list(app.openapi()["paths"])
    filled = {path.format(study_id=made.study_id, image_id=image, name="findings") for path in paths}
    listed = {f"/exams/{made.study_id}/images/{image}", f"/images/{image}/preview.webp", "/tables/findings.csv"}
    return sorted(filled | listed | {"/", "/exams", "/tables/breast-level", "/releases", "/nothing/here"})


def test_every_address_is_closed_without_a_session(fresh: FastAPI, made: list[Made]) -> None:
    asked = addresses(fresh, made[0])
    assert {"/api/v1/status", "/api/v1/openapi.json", f"/api/v1/exams/{made[0].study_id}"} <= set(asked)
    with TestClient(fresh, base_url=BASE) as stranger:
        answers = {path: stranger.get(path).status_code for path in asked}
    assert answers == dict.fromkeys(asked, 401)


def test_the_closed_page_says_how_to_get_in_and_shows_nothing_of_the_project(
    stranger: TestClient, project: Project
) -> None:
    page = stranger.get("/").text
    assert "mammoset serve" in page
    assert project.settings.dataset.name not in page


def test_the_token_opens_a_session_and_leaves_the_address(fresh: FastAPI) -> None:
    with TestClient(fresh, base_url=BASE) as browser:
        answer = browser.get("/exams", params={"token": TOKEN, "birads": "4"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/exams?birads=4")
        assert browser.get("/exams").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(fresh: FastAPI) -> None:
    with TestClient(fresh, base_url=BASE) as browser:
        cookie = browser.get("/", params={"token": TOKEN}, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie


def test_the_token_works_once(fresh: FastAPI) -> None:
    with TestClient(fresh, base_url=BASE) as first, TestClient(fresh, base_url=BASE) as second:
        assert first.get("/", params={"token": TOKEN}).status_code == 200
        assert second.get("/", params={"token": TOKEN}).status_code == 401
        assert first.get("/", params={"token": TOKEN}).status_code == 200, "who is in may follow the link again"


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", TOKEN[:-1], "é"])
def test_a_wrong_token_opens_nothing_and_uses_nothing_up(fresh: FastAPI, token: str) -> None:
    with TestClient(fresh, base_url=BASE) as browser:
        assert browser.get("/", params={"token": token}).status_code == 401
        assert browser.get("/", params={"token": TOKEN}).status_code == 200


def test_a_cookie_that_this_process_did_not_sign_opens_nothing(fresh: FastAPI, project: Project) -> None:
    name = project.settings.dataset.name
    foreign = Sessions(TOKEN, name).open(TOKEN)
    assert foreign is not None
    with TestClient(fresh, base_url=BASE, cookies={Sessions(TOKEN, name).cookie_name: foreign}) as browser:
        assert browser.get("/").status_code == 401


def test_a_session_ends_after_a_working_day(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(TOKEN, "x")
    cookie = sessions.open(TOKEN)
    assert sessions.is_open(cookie)
    monkeypatch.setattr("mammoset.web.sessions.SESSION_SECONDS", -1)
    assert SESSION_SECONDS > 0
    assert not sessions.is_open(cookie)


def test_an_address_of_two_slashes_leads_to_no_other_server(fresh: FastAPI) -> None:
    with TestClient(fresh, base_url=BASE) as browser:
        answer = browser.get(f"{BASE}//elsewhere.example/x?token={TOKEN}", follow_redirects=False)
    assert answer.headers["location"] == "/elsewhere.example/x"


def test_an_empty_token_is_refused(project: Project) -> None:
    with pytest.raises(ConfigError, match="empty one would let everybody in"):
        create_app(project, token="")


def test_the_style_of_the_closed_page_needs_no_session(stranger: TestClient) -> None:
    assert stranger.get("/static/pages.css").status_code == 200
    assert stranger.get("/static/../app.py").status_code == 401
    assert stranger.get("/static/%2e%2e/app.py").status_code == 404
