"""Kills the server, or its database, while people read, and starts it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from tests import databases
from tests.load.readers import Told
from tests.load.room import Server


def kill_server(server: Server) -> None:
    """Kill the server's process and start another."""
    server.kill()
    server.start()


def kill_database(server: Server) -> None:
    """End the database as a crash would, and start it again; the server stays."""
    server.is_up.clear()
    databases.cluster().stop()
    databases.cluster().start()
    server.is_up.set()


class Striker:
    """Strikes each time so many answers have come, in a thread of its own, while the readers go on."""

    def __init__(self, answers: Iterable[int], told: Told, strike: Callable[[], None]) -> None:
        self._answers, self._strike = sorted(answers), strike
        self._count = 0
        self._threads: list[threading.Thread] = []
        told.on_answer = self._count_answer

    def _count_answer(self) -> None:
        self._count += 1
        if self._answers and self._count >= self._answers[0] and not self._is_striking:
            self._answers.pop(0)
            self._threads.append(threading.Thread(target=self._strike))
            self._threads[-1].start()

    @property
    def _is_striking(self) -> bool:
        return bool(self._threads) and self._threads[-1].is_alive()

    def finish(self) -> int:
        """Wait for the strikes; return how many there were."""
        for thread in self._threads:
            thread.join()
        return len(self._threads)
