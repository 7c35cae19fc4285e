"""What cannot wait is told at once, to whom it concerns, and no stream outlives its server."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mammoset import read
from mammoset.project import Project
from mammoset.web.answers.signals import HEARTBEAT, MOST_STREAMS, RETRY, Signals
from mammoset.web.door.signing_in import SigningIn, csrf_token
from mammoset.web.door.wire import LOOPBACK
from mammoset.web.serving import SECONDS_TO_FINISH
from tests.builders import make_project
from tests.web.acting import V1, at
from tests.web.opening import ensure_person
from tests.web.wiring import ask, serving

STUDY = "2.25.0"


def session(project: Project, name: str) -> dict[str, str]:
    """Return the headers of somebody who is signed in."""
    ensure_person(project, name)
    signing_in = SigningIn(project, LOOPBACK, None)
    token = signing_in.open(name, "link")
    return {"Cookie": f"{signing_in.cookie_name}={token}", "X-CSRF-Token": csrf_token(token)}


@contextmanager
def listening(port: int, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"{V1}/signals", headers=headers)
    answer = connection.getresponse()
    assert answer.readline() == b"retry: 2000\n"  # from here on nothing is missed
    assert answer.readline() == b"\n"
    try:
        yield answer
    finally:
        connection.close()


def test_a_flag_reaches_the_others_who_have_the_exam_and_the_stream_ends_with_the_server(tmp_path: Path) -> None:
    with make_project(tmp_path / "p", studies=1, readers=3) as project:
        for name in ("r0", "r1"):
            read.assign_one(project, STUDY, name, "reader")
        people = {name: session(project, name) for name in ("r0", "r1", "r2")}
        with ExitStack() as streams:
            with serving(project) as port:
                mine = streams.enter_context(listening(port, people["r1"]))
                other = streams.enter_context(listening(port, people["r2"]))
                assert mine.getheader("Content-Type", "").startswith("text/event-stream")
                assert mine.getheader("Cache-Control") == "no-store"
                held = ask(
                    port, "POST", at(STUDY, "flag"), host="127.0.0.1", headers=people["r0"],
                    body={"kind": "other", "reason": "blurred"},
                )  # fmt: skip
                assert held.status == 204
                lines = [mine.readline() for _ in range(3)]
                assert lines == [b"event: hold\n", b'data: {"study_id": "2.25.0"}\n', b"\n"]
                begin = time.monotonic()
            assert time.monotonic() - begin < SECONDS_TO_FINISH  # the streams have ended by themselves
            assert (mine.read(), other.read()) == (b"", b"")


async def taken(stream: AsyncIterator[str], n: int) -> list[str]:
    return [await anext(stream) for _ in range(n)]


def test_a_stream_begins_beats_and_tells() -> None:
    async def live() -> list[str]:
        signals = Signals(heartbeat=0.01)
        stream = signals.listen("r0")
        found = await taken(stream, 2)
        signals.tell(["r1"], "hold", {"study_id": "2"})
        signals.tell(["r0", "nobody"], "hold", {"study_id": "1"})
        found += [one for one in await taken(stream, 2) if one != HEARTBEAT]
        signals.close()
        return found + [one async for one in stream if one != HEARTBEAT]

    assert asyncio.run(live()) == [RETRY, HEARTBEAT, 'event: hold\ndata: {"study_id": "1"}\n\n']


def test_a_stream_that_begins_after_the_end_ends_at_once() -> None:
    async def live() -> list[str]:
        signals = Signals()
        signals.close()
        return [one async for one in signals.listen("r0")]

    assert asyncio.run(live()) == [RETRY]


def test_a_stream_ends_after_a_while_so_that_its_client_signs_in_anew() -> None:
    async def live() -> list[str]:
        return [one async for one in Signals(heartbeat=0.01, longest=0.02).listen("r0")]

    assert set(asyncio.run(live())) == {RETRY, HEARTBEAT}


def test_of_one_person_only_so_many_streams_stay_open() -> None:
    async def live() -> int:
        signals = Signals()
        streams = [signals.listen("r0") for _ in range(MOST_STREAMS + 1)]
        for stream in streams:
            await anext(stream)
        ended = [one async for one in streams[0]]
        signals.tell(["r0"], "hold", {})
        told = [await anext(stream) for stream in streams[1:]]
        assert ended == []
        return len(told)

    assert asyncio.run(live()) == MOST_STREAMS
