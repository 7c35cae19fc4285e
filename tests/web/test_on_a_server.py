"""The reading room whose catalog is on a server: what that server cannot hold or answer is told, and nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.project import Project
from mammoset.web import create_app
from tests.builders import make_project
from tests.databases import cluster
from tests.web.opening import BASE, client_of

pytestmark = pytest.mark.only_on("postgresql")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=1) as made:
        yield made


@pytest.fixture
def app(project: Project) -> FastAPI:
    return create_app(project)


@pytest.mark.parametrize("path", ["/api/v1/studies/2.25.0%00/exam", "/api/v1/studies/%00/draft", "/exams/%00"])
def test_an_address_with_a_character_that_no_text_of_the_database_has_leads_nowhere(app: FastAPI, path: str) -> None:
    with client_of(app, "r0") as browser:
        answer = browser.get(path)
    assert answer.status_code in (403, 404)


def test_nobody_has_a_name_with_such_a_character(app: FastAPI) -> None:
    with TestClient(app, base_url=BASE) as browser:
        answer = browser.post("/api/v1/session", json={"name": "r0\0", "password": "x\0"})
    assert answer.status_code in (401, 422)


def test_while_the_server_is_away_that_is_told_and_afterwards_all_is_well(app: FastAPI) -> None:
    with client_of(app, "r0") as browser, TestClient(app, base_url=BASE) as stranger:
        assert browser.get("/api/v1/worklist").status_code == 200
        cluster().stop()
        try:
            answers = [browser.get("/api/v1/worklist"), browser.get("/api/v1/me"), browser.get("/worklist")]
            unasked = stranger.get("/api/v1/sign-in")
        finally:
            cluster().start()
        assert {answer.status_code for answer in answers} == {503}
        assert "the database does not answer" in answers[0].json()["detail"]
        assert unasked.status_code == 200, "who needs no database is served"
        assert browser.get("/api/v1/worklist").status_code == 200
