"""Many people read at once: everything that they are told is so, also when the server or its database is killed."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests import databases
from tests.load.comparing import differences
from tests.load.readers import Pace, Told, read_together
from tests.load.room import Server, furnish

SEED = 7
READERS, STUDIES, EXAMS, SAVES = 4, 4, 2, 4
pytestmark = pytest.mark.xdist_group("load")


class Striker:
    """Strikes after some number of answers, in a thread of its own, while the readers go on."""

    def __init__(self, server: Server, answers: list[int], told: Told, strike: str) -> None:
        self._server, self._answers, self._kind = server, sorted(answers), strike
        self._count = 0
        self._threads: list[threading.Thread] = []
        told.on_answer = self._count_answer

    def _count_answer(self) -> None:
        self._count += 1
        if self._answers and self._count >= self._answers[0]:
            self._answers.pop(0)
            thread = threading.Thread(target=self._strike)
            self._threads.append(thread)
            thread.start()

    def _strike(self) -> None:
        if self._kind == "server":
            self._server.kill()
            self._server.start()
            return
        self._server.is_up.clear()
        databases.cluster().stop()
        databases.cluster().start()
        self._server.is_up.set()

    def finish(self) -> int:
        """Wait for the strikes; return how many there were."""
        for thread in self._threads:
            thread.join()
        return len(self._threads)


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
    struck(tmp_path, "server")


@pytest.mark.only_on("postgresql")
def test_nothing_told_is_lost_or_doubled_when_the_database_is_killed(tmp_path: Path) -> None:
    struck(tmp_path, "database")


def struck(tmp_path: Path, strike: str) -> None:
    names = furnish(tmp_path / "p", readers=READERS, studies=STUDIES)
    server, told = Server(tmp_path / "p"), Told()
    moments = random.Random(SEED).sample(range(8, READERS * EXAMS * (SAVES + 3)), 2)
    striker = Striker(server, moments, told, strike)
    server.start()
    try:
        read_together(server, names, Pace(EXAMS, SAVES), told)
        assert striker.finish() == len(moments)
    finally:
        server.stop()
    assert told.again > 0, "somebody was asking when it was struck"
    check(tmp_path / "p", told)
