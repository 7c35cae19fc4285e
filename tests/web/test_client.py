"""The client's files: one page for all of its addresses, under a policy of its own; its files kept for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.headers import CLIENT_POLICY, SECURITY_HEADERS, SHELL_POLICY
from mammoset.web.routes.client import PAGES
from tests.web.opening import BASE, OPERATOR, sign_in

PAGE = "<!doctype html><title>client</title>"
POLICY = "Content-Security-Policy"


@pytest.fixture
def client_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "client"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "assets" / "index-C0ffee12.js").write_text("1;")
    (folder / "assets" / "decode-C0ffee12.wasm").write_bytes(b"\0asm\1\0\0\0")
    (folder / "assets" / "icon.svg").write_text("<svg/>")
    (folder / "service-worker.js").write_text("2;")
    return folder


@pytest.mark.parametrize("address", PAGES)
def test_every_address_of_the_client_gives_its_page(project: Project, client_folder: Path, address: str) -> None:
    app = create_app(project, client=client_folder)
    with TestClient(app, base_url=BASE) as browser:
        sign_in(browser, app, OPERATOR)
        answer = browser.get(address.format(study_id="1.2.3", number=1))
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers[POLICY] == CLIENT_POLICY
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_policy_lets_the_client_decode_and_nothing_more() -> None:
    assert "script-src 'self' 'wasm-unsafe-eval';" in CLIENT_POLICY
    assert "'unsafe-eval'" not in CLIENT_POLICY.replace("'wasm-unsafe-eval'", "")
    assert CLIENT_POLICY.startswith(SECURITY_HEADERS[POLICY])


def test_a_stranger_gets_the_page_on_which_one_signs_in_and_its_files(project: Project, client_folder: Path) -> None:
    with TestClient(create_app(project, client=client_folder), base_url=BASE) as stranger:
        assert stranger.get("/sign-in").text == PAGE
        assert stranger.get("/assets/index-C0ffee12.js").status_code == 200
        assert stranger.get("/worklist").status_code == 401


@pytest.mark.parametrize(
    ("name", "kind", "is_kept"),
    [
        ("index-C0ffee12.js", "text/javascript; charset=utf-8", True),
        ("decode-C0ffee12.wasm", "application/wasm", True),
        ("icon.svg", "image/svg+xml", False),
    ],
)
def test_files_called_after_their_content_are_kept_for_good(
    project: Project, client_folder: Path, name: str, kind: str, is_kept: bool
) -> None:
    with TestClient(create_app(project, client=client_folder), base_url=BASE) as browser:
        answer = browser.get(f"/assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert ("immutable" in answer.headers["Cache-Control"]) is is_kept
    assert answer.headers[POLICY] == CLIENT_POLICY


def test_files_are_packed_for_who_takes_them_so_and_the_same_for_all(project: Project, client_folder: Path) -> None:
    text = "const view = 'CC';\n" * 500
    address = "/assets/index-C0ffee12.js"
    (client_folder / address.lstrip("/")).write_text(text)
    with TestClient(create_app(project, client=client_folder), base_url=BASE) as browser:
        packed = browser.get(address, headers={"Accept-Encoding": "gzip, br"})
        plain = browser.get(address, headers={"Accept-Encoding": "identity"})
        part = browser.get(address, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-4"})
        again = browser.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
        (client_folder / address.lstrip("/")).write_text("other")
        other = browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.text == plain.text == text
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(text) / 3
    assert "Content-Encoding" not in plain.headers
    assert {one.headers["Vary"] for one in (packed, plain)} == {"Accept-Encoding"}
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert (part.status_code, part.text) == (206, "const")
    assert again.status_code == 304
    assert other.text == "other"


def test_the_worker_that_keeps_the_client_is_asked_for_anew_and_can_do_nothing_but_fetch_from_here(
    project: Project, client_folder: Path
) -> None:
    with TestClient(create_app(project, client=client_folder), base_url=BASE) as stranger:
        answer = stranger.get("/service-worker.js")
    assert (answer.status_code, answer.text) == (200, "2;")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers[POLICY] == SHELL_POLICY == "default-src 'none'; connect-src 'self'"


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/../index.html", "/assets/%2e%2e/index.html"])
def test_nothing_else_of_the_folder_is_given(project: Project, client_folder: Path, path: str) -> None:
    with TestClient(create_app(project, client=client_folder), base_url=BASE) as browser:
        assert browser.get(path).status_code in (401, 404)


def test_a_client_that_was_not_built_is_said_to_be_so(project: Project, tmp_path: Path) -> None:
    with TestClient(create_app(project, client=tmp_path / "nothing"), base_url=BASE) as browser:
        answer = browser.get("/sign-in")
        assert browser.get("/assets/index.js").status_code == 404
        assert browser.get("/service-worker.js").status_code == 404
    assert answer.status_code == 503
    assert "make setup" in answer.text
    assert str(tmp_path) not in answer.text
