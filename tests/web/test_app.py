from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.headers import SECURITY_HEADERS
from mammoset.web.site import NAVIGATION
from tests.web.building import Made
from tests.web.opening import BASE, OPERATOR, add_person, client_of, sign_in


def every_page(made: Made) -> list[str]:
    exam = f"/exams/{made.study_id}"
    return [
        *(address for address, _ in NAVIGATION),
        exam,
        f"{exam}/images/{made.records[0].image.image_id}",
        "/nothing",
    ]


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "192.0.2.1:8000", ""])
def test_a_name_that_is_not_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_names_of_this_machine_are_answered(stranger: TestClient, host: str) -> None:
    assert stranger.get("/status", headers={"host": host}).status_code == 401


def test_every_answer_has_the_security_headers(client: TestClient, stranger: TestClient, made: list[Made]) -> None:
    answers = [client.get(page) for page in every_page(made[0])]
    answers += [
        stranger.get("/status"), client.get("/status", headers={"host": "elsewhere.example"}),
        client.get("/static/pages.css"), client.get("/api/v1/me"), stranger.post("/api/v1/session"),
        client.get(f"/images/{made[0].records[0].image.image_id}/preview.webp"),
    ]  # fmt: skip
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert "Cache-Control" in answer.headers


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(client: TestClient, made: list[Made]) -> None:
    assert "default-src 'self'" in SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in SECURITY_HEADERS["Content-Security-Policy"]
    for page in every_page(made[1]):
        text = client.get(page).text
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), page
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), page


def test_every_page_has_landmarks_one_heading_and_named_tables(client: TestClient, made: list[Made]) -> None:
    for page in every_page(made[1])[:-1]:
        text = client.get(page).text
        assert text.count("<main") == text.count("<h1") == 1, page
        assert '<html lang="en">' in text
        assert "<nav" in text
        assert text.count("<table") == text.count("<caption"), page
        assert all("alt=" in image for image in re.findall(r"<img [^>]*>", text)), page


def test_no_page_names_a_folder_of_the_machine(client: TestClient, made: list[Made], root: Path) -> None:
    pages = [*every_page(made[0]), "/api/v1/status", "/api/v1/openapi.json", "/api/v1/exams", "/exams?page=x"]
    for page in pages:
        text = client.get(page).text
        assert str(root) not in text
        assert str(root.parent) not in text


def test_a_page_that_is_not_there_says_so_as_a_page(client: TestClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "<h1>There is nothing here</h1>" in answer.text


def test_what_was_typed_is_escaped(client: TestClient) -> None:
    answer = client.get("/exams", params={"category": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_unforeseen_failure_tells_nothing_of_the_machine(
    project: Project, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    app: FastAPI = create_app(project)

    def fail(*_: object) -> None:
        raise RuntimeError(f"in {root}")

    monkeypatch.setattr("mammoset.web.pages.exams.Exams.progress", fail)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as browser:
        sign_in(browser, app, OPERATOR)
        answer = browser.get("/status")
    assert answer.status_code == 500
    assert str(root) not in answer.text
    assert answer.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_nothing_of_the_vault_is_needed(project: Project, client: TestClient) -> None:
    assert not project.vault_path.exists()
    assert client.get("/status").status_code == 200


def test_pages_are_linked_for_whom_they_are_and_refused_to_others(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    for name, role in (("chief", "admin"), ("lan", "reviewer")):
        add_person(project, name, role)
    addresses = [address for address, _ in NAVIGATION]
    with client_of(project, "chief") as chief:
        navigation = chief.get("/status").text.split("<nav")[1].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', navigation) == addresses
    with client_of(project, "lan") as lan:
        assert {lan.get(one).status_code for one in addresses} == {403}


def test_an_administrator_who_reads_is_blinded_until_the_phase_is_closed(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    add_person(project, "lan", "admin", "reader")
    with client_of(project, "lan") as browser:
        refused = browser.get("/tables/findings")
        assert refused.status_code == 403
        assert "an administrator who reads is blinded as well" in refused.text
        project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "boss", now())])
        assert browser.get("/tables/findings").status_code == 200
