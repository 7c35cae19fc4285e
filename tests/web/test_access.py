"""The table of access, walked through: every route, every person, every exam, every phase.

The routes' own code is replaced by an answer of its own status, so what is seen is the gate alone: either it lets
through, or it answers with the status that the row of the table asks for.
"""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mammoset import review
from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.access import ACCESS, ROLES, Rule, check_complete, spelled
from mammoset.web.door.signing_in import csrf_token
from tests.web.building import build, uid
from tests.web.opening import add_person, client_of

PASSED = 299
"""Status with which every route answers here."""

PEOPLE: dict[str, tuple[str, ...]] = {
    "nobody": (),
    "guest": (),
    "reader": ("reader",),
    "arbiter": ("arbiter",),
    "reviewer": ("reviewer",),
    "admin": ("admin",),
    "former": ("admin",),
    "everything": ROLES,
}
"""Roles by name. `nobody` is not signed in; `former` was a reader once; `guest` has an account and no role."""


@dataclass(frozen=True)
class Exam:
    """An exam as the table sees it.

    Attributes
    ----------
    assigned : as what each person is assigned to it.
    is_open : whether it is approved and not held.
    """

    study_id: str
    image_id: str
    assigned: dict[str, Role]
    is_open: bool = True
    exists: bool = True


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("access") / "phantom-mammo"
    build(folder, n_exams=7, rows=110, spacing=2.72, is_read=False)
    with Project.open(folder) as opened:
        for name, roles in PEOPLE.items():
            if name != "nobody":
                add_person(opened, name, *roles)
        yield opened


def assign(project: Project, study_id: str, assigned: dict[str, Role]) -> None:
    facts = [Fact(FactKind.ASSIGNED, study_id, name, now(), role) for name, role in assigned.items()]
    project.catalog.append(facts)


@pytest.fixture(scope="module")
def exams(project: Project) -> list[Exam]:
    """Exams of everybody and nobody, in every state that the table tells apart."""
    as_readers: dict[str, Role] = dict.fromkeys(("reader", "arbiter", "everything"), "reader")
    images = [[uid(2, n, 0), uid(1, n)] for n in range(7)]
    found = [
        Exam(images[0][1], images[0][0], as_readers),
        Exam(images[1][1], images[1][0], {"arbiter": "arbiter"}),
        Exam(images[2][1], images[2][0], {}),
        Exam(images[3][1], images[3][0], as_readers, is_open=False),
        Exam(images[4][1], images[4][0], {"arbiter": "arbiter"}, is_open=False),
        Exam(images[5][1], images[5][0], {"reader": "senior"}),
        Exam(uid(404), uid(405), {}, is_open=False, exists=False),
    ]
    for exam in found:
        assign(project, exam.study_id, exam.assigned)
    assign(project, images[6][1], {"former": "reader"})
    project.catalog.append([Fact(FactKind.WITHDRAWN, images[6][1], "former", now(), reason="left")])
    project.catalog.append([Fact(FactKind.FLAGGED, images[3][1], "reader", now(), reason="a name")])
    review.decide(project, {images[4][0]: "visible_identifier"}, by="reviewer")
    return found


@pytest.fixture(scope="module")
def app(project: Project) -> FastAPI:
    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=PASSED)(scope, receive, send)

    def emptied(route: Any) -> Any:
        found = copy.copy(route)  # the routes are those of every application in this process
        found.app = passed
        return found

    made = create_app(project)
    made.router.routes[:] = [emptied(route) for route in made.router.routes]
    return made


def wanted(rule: Rule, name: str, exam: Exam, path: str, *, is_closed: bool) -> int:
    """Return the status that a row of the table asks for, said in another way than the program says it."""
    roles = set(PEOPLE[name])
    if rule.is_public:
        return PASSED
    if name == "nobody":
        return 401
    if rule.roles and not roles & rule.roles:
        return 403
    for must in rule.must:
        role = exam.assigned.get(name)
        fits = {"reads": role in ("reader", "senior"), "arbitrates": role == "arbiter", "answers": role is not None}
        if must == "told" and not is_closed and (name in ("former", "everything") or "admin" not in roles):
            return 403
        if must in fits and not fits[must]:
            return 404
        if must == "shown" and (exam.exists or "{image_id}" in path or "reviewer" not in roles):
            if not exam.exists or ("reviewer" not in roles and role is None and not is_closed):
                return 404
            if "reviewer" not in roles and not exam.is_open:
                return 410
    return PASSED


class Browser:
    """Asks an application without a network or a client library, which would take most of the time."""

    def __init__(self, app: FastAPI, name: str) -> None:
        self.app = app
        signing_in = app.state.signing_in
        self.headers: list[tuple[bytes, bytes]] = [(b"host", b"127.0.0.1:8000")]
        if name != "nobody":
            token = signing_in.open(name, "link")
            cookie = f"{signing_in.cookie_name}={token}"
            self.headers += [(b"cookie", cookie.encode()), (b"x-csrf-token", csrf_token(token).encode())]

    async def ask(self, method: str, path: str) -> tuple[int, bytes]:
        said: list[Any] = []
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": self.headers, "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1),
            "http_version": "1.1", "root_path": "", "app": self.app,
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        await self.app(scope, receive, send)
        return said[0]["status"], b"".join(one.get("body", b"") for one in said[1:])


def filled(path: str, exam: Exam) -> str:
    values = {"study_id": exam.study_id, "image_id": exam.image_id, "series_id": uid(3, 0)}
    address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], "x"), path)
    return f"{address}/x" if path in ("/static", "/assets") else address


def cases(exams: list[Exam]) -> list[tuple[str, str, Exam]]:
    """Return method, address as in the table, and exam.

    Every route is asked for one's own exam and somebody else's, and one route of each rule for exams in every state.
    """
    seen: set[tuple[Rule, tuple[str, ...]]] = set()
    found = []
    for (method, path), rule in ACCESS.items():
        names = tuple(re.findall(r"\{((?:study|image)_id)\}", path))
        is_first = (rule, names) not in seen
        seen.add((rule, names))
        chosen = exams[:1] if not names else exams if is_first else [exams[0], exams[2]]
        found += [(method, path, exam) for exam in chosen]
    return found


async def walk(app: FastAPI, exams: list[Exam], *, is_closed: bool) -> list[str]:
    """Ask everything as everybody; return what was answered otherwise than the table asks for."""
    wrong = []
    for name in PEOPLE:
        browser = Browser(app, name)
        for method, path, exam in cases(exams):
            status, _ = await browser.ask(method, filled(path, exam))
            asked_for = wanted(ACCESS[method, path], name, exam, path, is_closed=is_closed)
            if status != asked_for:
                wrong.append(f"{name}: {method} {path} of exam {exams.index(exam)}: {status}, not {asked_for}")
    return wrong


def test_every_route_of_the_program_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    check_complete(app.router.routes)
    assert {one for route in app.router.routes for one in spelled(route)} == set(ACCESS)


def test_the_gate_answers_as_the_table_says(app: FastAPI, project: Project, exams: list[Exam]) -> None:
    assert asyncio.run(walk(app, exams, is_closed=False)) == []
    project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "admin", now())])
    assert asyncio.run(walk(app, exams, is_closed=True)) == []


def test_an_exam_of_others_is_answered_like_one_that_does_not_exist(app: FastAPI, exams: list[Exam]) -> None:
    foreign, absent = exams[2], exams[-1]
    asked = [(method, path) for (method, path), rule in ACCESS.items() if {"answers", "arbitrates"} & set(rule.must)]
    assert asked

    async def both(browser: Browser, method: str, path: str) -> list[tuple[int, bytes]]:
        return [await browser.ask(method, filled(path, one)) for one in (foreign, absent)]

    for name, (method, path) in product(("reader", "arbiter", "everything"), asked):
        first, second = asyncio.run(both(Browser(app, name), method, path))
        assert first == second


def test_a_withdrawn_reader_is_out_with_the_next_request(tmp_path: Path) -> None:
    build(tmp_path / "p", n_exams=1, rows=110, spacing=2.72, is_read=False)
    with Project.open(tmp_path / "p") as project, client_of(project, "anna") as browser:
        study_id = uid(1, 0)
        address = f"/api/v1/studies/{study_id}/draft"
        assert browser.get(address).status_code == 404
        assign(project, study_id, {"anna": "reader"})
        assert browser.get(address).status_code == 200
        project.catalog.append([Fact(FactKind.WITHDRAWN, study_id, "anna", now(), reason="away")])
        assert browser.get(address).status_code == 404


def test_an_exam_that_review_takes_back_shows_no_picture_from_then_on(tmp_path: Path) -> None:
    build(tmp_path / "p", n_exams=1, rows=110, spacing=2.72, is_read=False)
    with Project.open(tmp_path / "p") as project, client_of(project, "anna") as browser:
        assign(project, uid(1, 0), {"anna": "reader"})
        address = f"/api/v1/studies/{uid(1, 0)}/exam"
        assert browser.get(address).status_code == 200
        review.decide(project, {uid(2, 0, 1): "visible_identifier"}, by="lan")
        refused = browser.get(address)
        assert (refused.status_code, refused.json()["code"]) == (410, "held")


def test_a_route_that_nobody_thought_about_keeps_the_server_from_starting(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ACCESS, ("GET", "/api/v1/me"))
    with pytest.raises(LookupError, match="GET /api/v1/me; say who may use it"):
        create_app(project)


def test_an_image_is_not_shown_as_part_of_another_exam(app: FastAPI, exams: list[Exam]) -> None:
    path = next(path for (_, path), rule in ACCESS.items() if "shown" in rule.must and path.endswith("{image_id}"))
    own, foreign = exams[0], exams[2]
    mixed = Exam(own.study_id, foreign.image_id, own.assigned)
    browser = Browser(app, "reader")
    assert asyncio.run(browser.ask("GET", filled(path, own)))[0] == PASSED
    assert asyncio.run(browser.ask("GET", filled(path, mixed)))[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_files_and_pages_answer_no_other_method(project: Project, method: str) -> None:
    with client_of(create_app(project), "everything") as browser:
        for path in ("/static/pages.css", "/assets/x", "/status", "/sign-in"):
            assert browser.request(method, path).status_code == 405


def test_the_gate_reads_no_body_of_somebody_who_may_not(app: FastAPI) -> None:
    async def refuse() -> dict[str, Any]:
        raise AssertionError("the body was asked for")

    async def run() -> int:
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"content-length", b"99999999")]
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/people", "raw_path": b"/api/v1/people",
            "query_string": b"", "headers": headers, "scheme": "http", "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1), "http_version": "1.1", "root_path": "", "app": app,
        }  # fmt: skip
        await app(scope, refuse, send)
        return int(said[0]["status"])

    assert asyncio.run(run()) == 401
