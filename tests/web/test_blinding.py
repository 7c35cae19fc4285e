"""Blinding as non-interference: what another reader answered changes nothing of what a reader is sent, on any route.

Two projects live through the same hours. The only difference is what the other reader says, how often and how slowly,
and what follows from that: arbitrations here, senior reads there. A reader asks every address that the application
has, tries what readers do, and asks again; each answer must be the same to the byte, headers and tags included.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from mammoset import read
from mammoset.catalog import records
from mammoset.domain.viewed import Viewed
from mammoset.project import Project
from mammoset.read import Work
from mammoset.web import create_app
from mammoset.web.door.access import ACCESS
from tests.builders import SETTINGS, make_project, mass, reading
from tests.read.acting import answer
from tests.web.acting import V1, amend, at, body, flag, save, submit
from tests.web.opening import add_person, client_of

STUDIES = tuple(f"2.25.{n}" for n in range(7))
SAME, OTHERWISE = "the same", "something else"

VALUES: dict[str, Sequence[str]] = {
    "study_id": (*STUDIES, "2.25.404"), "frames": ("1",), "tag": ("7FE00010",), "element": ("Rows",),
    "region_id": ("x",), "number": ("1",), "prior_id": ("2.25.1000",),
    "name": ("breast-level", "findings", "breast-level_annotations", "r1"),
}  # fmt: skip
"""What is put for each name in braces; images and series follow from the exam."""
QUERIES: dict[str, Sequence[str]] = {
    "/api/v1/worklist": ("?state=new", "?state=in_progress", "?state=done"),
    "/api/v1/arbitration": ("?state=new", "?state=done"),
    "/api/v1/assignments": (
        "?study_state=awaiting_reads", "?study_state=awaiting_arbitration", "?study_state=concordant",
        "?study_state=final", "?study_state=assigned", "?number=1",
        "?person=r0", "?person=r1", "?person=senior", "?person=second", "?limit=2",
    ),
    "/api/v1/events": ("?kind=drawn", "?kind=arbitrations_drawn", "?by=boss", "?limit=1", "?kind=senior_assigned"),
    "/api/v1/holds": ("?after=1",),
    "/dicomweb/studies": ("?limit=1", "?includefield=all"),
}  # fmt: skip
"""What else is asked for at some addresses."""
UNTOLD_HEADERS = frozenset({"set-cookie", "date"})


class Clock(datetime.datetime):
    """The time of day, as a test says."""

    moment = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=datetime.UTC)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Clock:
        return cls.fromtimestamp(cls.moment.timestamp(), tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "datetime", Clock)


def clock_says(hour: int, minute: int = 0) -> None:
    Clock.moment = datetime.datetime(2026, 3, 2, hour, minute, tzinfo=datetime.UTC)


@dataclass
class World:
    """A project, and the browsers of its people."""

    project: Project
    app: FastAPI
    me: TestClient
    boss: TestClient
    is_otherwise: bool
    seen: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)

    def other_says(self, n: int) -> dict[str, Any]:
        """Return what another reader says of a study: as the asker does, or what calls for an arbiter."""
        if not self.is_otherwise:
            return {}
        return {"birads": 4, "density": "C", "findings": (mass(self.project.catalog.studies()[n]),)}

    def remember(self, about: str, answered: Response) -> None:
        """Keep what was sent, without the secrets of the session."""
        secret = self.me.headers["X-CSRF-Token"]
        headers = {name: value for name, value in answered.headers.items() if name not in UNTOLD_HEADERS}
        self.seen[about] = answered.status_code, headers, answered.text.replace(secret, "SECRET")


@contextmanager
def world(root: Path, roles: Sequence[str], share: float, *, is_otherwise: bool) -> Iterator[World]:
    clock_says(7)
    settings = f"{SETTINGS}\n[read]\nsenior_share = {share}\n"
    with ExitStack() as stack:
        project = stack.enter_context(make_project(root, studies=len(STUDIES), readers=3, settings=settings))
        add_person(project, "r0", *roles)
        for name in ("boss", "second", "senior", "r1", "r2"):
            add_person(project, name, {"boss": "admin", "second": "arbiter", "senior": "arbiter"}.get(name, "reader"))
        for study in STUDIES[:6]:
            for name in ("r0", "r1"):
                read.assign_one(project, study, name, "reader")
        app = create_app(project)
        me, boss = (stack.enter_context(client_of(app, name)) for name in ("r0", "boss"))
        yield World(project, app, me, boss, is_otherwise)


def live_till_noon(there: World) -> None:
    """The asker has submitted two, drafted one, opened one, and not begun the others; the other has read four."""
    clock_says(8)
    for n in (0, 1):
        assert submit(there.me, STUDIES[n], body(STUDIES[n])).status_code == 200
    assert save(there.me, STUDIES[2], 0, body(STUDIES[2])).status_code == 200
    assert there.me.post(at(STUDIES[3], "opening")).status_code == 204
    clock_says(9 + there.is_otherwise, 30)
    for n in (0, 1, 2, 5):
        other_reads(there, n)
    clock_says(11)
    drawn = there.boss.post(f"{V1}/assignments/draw", json={"dry_run": False, "partial": True})
    assert drawn.status_code == 200
    assert bool(drawn.json()["arbitrations"]) is there.is_otherwise
    arbiters_decide(there)
    clock_says(12)
    assert there.boss.patch(f"{V1}/people/r2", json={"workload_cap": 50}).status_code == 200  # one more event


def other_reads(there: World, n: int) -> None:
    """Let the other reader save, submit and, where something else is said, save and amend more often."""
    study, what = STUDIES[n], there.other_says(n)
    said = reading(study, "r1", **what)
    for version in range(4 if there.is_otherwise else 1):
        seen = {f"{study}000": Viewed(0.2 * version, 3.0 * version, 1.0 * version)}
        work = Work(said, {f"s{version}": 7.0 * version}, "cc", seen)
        read.save_draft(there.project, study, "r1", work, version)
    answer(there.project, study, "r1", **what)


def arbiters_decide(there: World) -> None:
    """Let whoever was drawn as arbiter or senior answer."""
    for study in STUDIES:
        facts = there.project.catalog.facts().get(study, [])
        for name in ("senior", "second"):
            if any(one.reader_id == name for one in facts):
                answer(there.project, study, name, birads=2)


def addresses(app: FastAPI) -> list[str]:
    """Return every address of the application that can be asked for, with something put for each name."""
    found = []
    for method, path in ACCESS:
        if method == "GET" and path not in ("/static", "/assets"):
            found += [one + query for one in filled(path) for query in ("", *QUERIES.get(path, ()))]
    known = {getattr(route, "path", "") for route in app.router.routes}
    assert {path for method, path in ACCESS if method == "GET"} <= known
    return found


def filled(path: str) -> list[str]:
    """Return the addresses of a route."""
    names = [name for name in VALUES if f"{{{name}}}" in path]
    found = []
    for values in product(*(VALUES[name] for name in names)):
        given = dict(zip(names, values, strict=True))
        study = given.get("study_id", STUDIES[0])
        found.append(path.format(**given, series_id=f"{study}00", image_id=f"{study}000"))
    if "study_id" not in names and "{image_id}" in path:
        found = [path.format(image_id=f"{study}000") for study in (*STUDIES, "2.25.404")]
    return found


def ask_everything(there: World, when: str) -> None:
    for address in addresses(there.app):
        answered = there.me.get(address, follow_redirects=False)
        there.remember(f"{when}: {address}", answered)
        etag = answered.headers.get("ETag")
        if etag:
            again = there.me.get(address, headers={"If-None-Match": etag}, follow_redirects=False)
            there.remember(f"{when}: {address} again", again)


def try_everything(there: World) -> None:
    """Do what a reader may try, where the other has answered and where not, and what an administrator may try."""
    me = there.me
    for n, study in enumerate(STUDIES):
        tried = {
            "opening": me.post(at(study, "opening")), "save": save(me, study, 1, body(study, comment="x")),
            "amend": amend(me, study, body(study, comment="better")),
            "submit": submit(me, study, body(study), version=2),
            "amend then": amend(me, study, body(study, comment="best")),
        }  # fmt: skip
        for what, answered in tried.items():
            there.remember(f"{what} {n}", answered)
        for role in ("senior", "arbiter", "reader"):
            given = {"study_id": study, "name": "senior", "role": role}
            there.remember(f"give {role} {n}", me.post(f"{V1}/assignments", json=given))
            taken = given | {"reason": "why not"}
            there.remember(f"take {role} {n}", me.post(f"{V1}/assignments/withdrawal", json=taken))
    there.remember("draw", me.post(f"{V1}/assignments/draw", json={"dry_run": True, "partial": True}))
    there.remember("draw all", me.post(f"{V1}/assignments/draw", json={"dry_run": True, "partial": False}))
    there.remember("close", me.post(f"{V1}/phase/closing", json={"confirm": "test"}))
    there.remember("flag", flag(me, STUDIES[0]))


@pytest.mark.parametrize(
    ("roles", "share"),
    [(("reader",), 1.0), (("reader", "admin"), 0.0), (("reader", "arbiter", "reviewer", "admin"), 1.0)],
    ids=["reader", "reader and administrator", "everything at once"],
)
def test_what_another_reader_answered_changes_nothing_that_a_reader_is_sent(
    tmp_path: Path, roles: tuple[str, ...], share: float
) -> None:
    seen = []
    for is_otherwise in (False, True):
        with world(tmp_path / str(is_otherwise), roles, share, is_otherwise=is_otherwise) as there:
            live_till_noon(there)
            there.app.state.site.room.signals.close()  # streams that would never end
            ask_everything(there, "at noon")
            clock_says(13)
            try_everything(there)
            clock_says(14)
            ask_everything(there, "later")
            seen.append(there.seen)
    first, second = seen
    assert first.keys() == second.keys()
    assert [about for about in first if first[about] != second[about]] == []
    assert_something_was_asked(first)


def assert_something_was_asked(seen: dict[str, tuple[int, dict[str, str], str]]) -> None:
    """See that the walk was none of refusals alone."""
    statuses = {about: status for about, (status, _, _) in seen.items()}
    for about in ("at noon: /api/v1/worklist", f"at noon: {at(STUDIES[0], 'reading')}", "submit 2", "flag"):
        assert statuses[about] in (200, 204), about
    assert statuses[f"later: {at(STUDIES[0], 'draft')}"] == 410
    assert sum(status == 200 for status in statuses.values()) > 50
