"""Many people read at once: everything that they are told is so, also when the server or its database is killed."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.load.comparing import differences
from tests.load.readers import Pace, Told, read_together
from tests.load.room import Server, furnish
from tests.load.striking import Striker, kill_database, kill_server

SEED = 7
READERS, STUDIES, EXAMS, SAVES = 4, 4, 2, 4
pytestmark = pytest.mark.xdist_group("load")


def check(root: Path, told: Told) -> None:
    assert told.wrong == []
    assert differences(root, told) == []
    assert len(told.answers) == READERS * EXAMS
    assert {version for version, _ in told.drafts.values()} == {SAVES + 1}, "each save is one version, and the answer"


def test_what_readers_are_told_is_in_the_catalog(tmp_path: Path) -> None:
    names = furnish(tmp_path / "p", readers=READERS, studies=STUDIES)
    server, told = Server(tmp_path / "p"), Told()
    server.start()
    try:
        read_together(server, names, Pace(EXAMS, SAVES), told)
    finally:
        server.stop()
    assert told.again == 0
    check(tmp_path / "p", told)


def test_nothing_told_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    struck(tmp_path, kill_server)


@pytest.mark.only_on("postgresql")
def test_nothing_told_is_lost_or_doubled_when_the_database_is_killed(tmp_path: Path) -> None:
    struck(tmp_path, kill_database)


def struck(tmp_path: Path, strike: Callable[[Server], None]) -> None:
    names = furnish(tmp_path / "p", readers=READERS, studies=STUDIES)
    server, told = Server(tmp_path / "p"), Told()
    moments = random.Random(SEED).sample(range(8, READERS * EXAMS * (SAVES + 3)), 2)
    striker = Striker(moments, told, partial(strike, server))
    server.start()
    try:
        read_together(server, names, Pace(EXAMS, SAVES), told)
        assert striker.finish() == len(moments)
    finally:
        server.stop()
    assert told.again > 0, "somebody was asking when it was struck"
    check(tmp_path / "p", told)
