"""Simulated readers: each works through a list as the client does, and remembers everything that the server told."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.load.room import PASSWORD, PATIENCE_SECONDS, Server

Key = tuple[str, str]
"""Reader and study."""
BUSY, THROTTLED = 503, 429
MOST_TRIES, BETWEEN_TRIES = 200, 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How a person works: so many exams, so often a draft is saved of each, with so many seconds between.

    ``until`` ends the work at a time of the monotonic clock, after the exam that is read then.
    """

    exams: int
    saves: int
    seconds: float = 0.0
    until: float = float("inf")


@dataclass
class Told:
    """What the server told, and how long it took.

    Attributes
    ----------
    drafts : dict of (reader, study) to (version, reading)
        The last draft that the server said it has.
    answers : dict of (reader, study) to reading
        The answers that the server said it has.
    seconds : dict of kind of request to list of float
        From asking to the answer, of requests that were answered at the first try.
    again : int
        Requests that were sent again because no answer came.
    wrong : list of str
        Answers that should not have come.
    """

    drafts: dict[Key, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[Key, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    on_answer: Callable[[], None] = lambda: None


def read_together(server: Server, names: Sequence[str], pace: Pace, told: Told) -> None:
    """Let people read at the same time until each has worked as long as the pace says."""

    async def everybody() -> None:
        spread = pace.seconds * (pace.saves + 1) / len(names)
        await asyncio.gather(*(_Reader(server, name, pace, told, n * spread).work() for n, name in enumerate(names)))

    asyncio.run(everybody())


def answer_of(name: str, study_id: str, saved: int, images: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return an answer that differs from save to save, and can be submitted."""
    right = next(one for one in images if one["laterality"] == "R")
    box = [1.0 + saved % 7, 2.0, 30.0 + saved, 40.0]
    return {
        "breasts": [
            {"laterality": "L", "birads": 1, "density": "B"}, {"laterality": "R", "birads": 4, "density": "B"},
        ],
        "findings": [{"image_id": right["image_id"], "box": box, "categories": ["Mass"], "birads": 4}],
        "comment": f"{name} {study_id[-6:]} {saved}",
    }  # fmt: skip


class _Reader:
    def __init__(self, server: Server, name: str, pace: Pace, told: Told, delay: float) -> None:
        self._server, self._name, self._pace, self._told, self._delay = server, name, pace, told, delay
        self._client = httpx2.AsyncClient(base_url=server.url, timeout=PATIENCE_SECONDS)

    async def work(self) -> None:
        """Sign in and read."""
        async with self._client:
            await self._pause(self._delay)  # people do not come at the same instant
            signed_in = await self._ask("sign in", "POST", "/session", json={"name": self._name, "password": PASSWORD})
            self._client.headers["X-CSRF-Token"] = signed_in["csrf_token"]
            for _ in range(self._pace.exams):
                listed = await self._ask("list", "GET", "/worklist")
                if listed["next_study_id"] is None or time.monotonic() > self._pace.until:
                    return
                await self._read(listed["next_study_id"])

    async def _read(self, study_id: str) -> None:
        exam = await self._ask("exam", "GET", f"/studies/{study_id}/exam")
        await self._ask("opening", "POST", f"/studies/{study_id}/opening")
        draft = await self._ask("draft", "GET", f"/studies/{study_id}/draft")
        version, reading = draft["version"], draft["reading"]
        for saved in range(self._pace.saves):
            await self._pause(self._pace.seconds)
            reading = answer_of(self._name, study_id, saved, exam["images"])
            version = await self._save(study_id, reading, version, float(saved))
        await self._pause(self._pace.seconds)
        body = {"reading": reading, "version": version, "confirmed": [], "seconds": {}}
        done = await self._ask("submit", "POST", f"/studies/{study_id}/reading", json=body)
        if done.get("state") == "done":
            self._told.answers[self._name, study_id] = reading
            self._told.drafts[self._name, study_id] = (version + 1, reading)

    async def _save(self, study_id: str, reading: dict[str, Any], version: int, seconds: float) -> int:
        body = {"reading": reading, "seconds": {"all": seconds}, "stage": "all"}
        headers = {"If-Match": f'"{version}"'}
        told = await self._ask("save", "PUT", f"/studies/{study_id}/draft", json=body, headers=headers)
        if told.get("version") != version + 1:
            self._told.wrong.append(f"save: {told} after version {version}")
        self._told.drafts[self._name, study_id] = (version + 1, reading)
        return version + 1

    async def _ask(self, kind: str, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Ask until there is an answer, as a client does that has something to lose."""
        is_first, tries = True, 0
        while True:
            start = time.perf_counter()
            try:
                response = await self._client.request(method, f"/api/v1{path}", **more)
            except httpx2.TransportError:
                response = None
            if response is None or response.status_code == BUSY:
                is_first = False
                self._told.again += 1
                tries += 1
                assert tries < MOST_TRIES, response and response.text
                await _until(self._server.is_up)
                await asyncio.sleep(BETWEEN_TRIES)
                continue
            if response.status_code == THROTTLED:  # many come from one address at the same moment
                is_first = False
                await asyncio.sleep(float(response.headers["Retry-After"]))
                continue
            if is_first:
                self._told.seconds.setdefault(kind, []).append(time.perf_counter() - start)
            self._told.statuses[response.status_code] += 1
            self._told.on_answer()
            if response.status_code >= 400:
                self._told.wrong.append(f"{kind}: {response.status_code} {response.text}")
                raise AssertionError(self._told.wrong)
            return dict(response.json()) if response.content else {}

    async def _pause(self, seconds: float) -> None:
        if self._pace.seconds:
            await asyncio.sleep(seconds)


async def _until(event: threading.Event) -> None:
    await asyncio.to_thread(event.wait, PATIENCE_SECONDS)
