"""Kills a program, with everything it started, at a moment told by what it has done so far."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import TypeVar

POLL_SECONDS = 0.001
LONGEST_SECONDS = 120.0
KILLED = -signal.SIGKILL
EVERYTHING = 1_000_000
"""More events than any stage causes."""
SOURCE = Path(__file__).parents[2] / "src"
Outcome = TypeVar("Outcome")


def environment() -> dict[str, str]:
    """Return what the program is run with: this source, and no vault but the one beside the project."""
    kept = {name: value for name, value in os.environ.items() if name != "MAMMOSET_VAULT"}
    return {**kept, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}


class Watch:
    """Counts what happens below some folders and files: each new name, size or time of change is one event."""

    def __init__(self, places: Sequence[Path]) -> None:
        self.places = places
        self._seen = set(self._now())
        self.count = 0

    def look(self) -> int:
        """Return how many events there were since the watch began."""
        fresh = set(self._now()) - self._seen
        self._seen |= fresh
        self.count += len(fresh)
        return self.count

    def _now(self) -> Iterator[tuple[str, int, int]]:
        waiting = [str(place) for place in self.places]
        while waiting:
            path = waiting.pop()
            with suppress(OSError):  # gone since it was listed
                found = os.stat(path)  # noqa: PTH116 - a thousand times a second
                yield path, found.st_size, found.st_mtime_ns
                waiting += [entry.path for entry in os.scandir(path)] if os.path.isdir(path) else []  # noqa: PTH112


def strike(command: Sequence[str], places: Sequence[Path], *, after: int, seconds: float = 0.0) -> tuple[int, int]:
    """Run a program and kill its process group some time after it has caused a number of events.

    Parameters
    ----------
    places : sequence of Path
        Folders and files to watch.
    after : int
        Events to wait for.
    seconds : float
        To wait besides, once they have happened.

    Returns
    -------
    code, events : int
        Its exit status, ``-9`` when it was killed in time; how many events there were until then.
    """
    watch, pause = Watch(places), Event()
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    polls = int(LONGEST_SECONDS / POLL_SECONDS)
    try:
        while process.poll() is None and watch.look() < after and polls:
            polls -= 1
            pause.wait(POLL_SECONDS)
        pause.wait(seconds)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    assert polls, "it neither ended nor did anything"
    return code, watch.look()


def is_locked(file: Path) -> bool:
    """Whether a process holds a lock of a file; asked of the system, for whoever tries it is in the way."""
    return file.exists() and f":{file.stat().st_ino} " in Path("/proc/locks").read_text()


def while_held(command: Sequence[str], lock: Path, rival: Callable[[], Outcome]) -> tuple[int, Outcome]:
    """Start a program, hold it as soon as it has a lock, run a rival to its end, and let it go on.

    Returns
    -------
    code : int
        Exit status of the program that was held.
    outcome
        Of the rival.
    """
    pause = Event()
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while process.poll() is None and not is_locked(lock):
            pause.wait(POLL_SECONDS)
        os.killpg(process.pid, signal.SIGSTOP)
        outcome = rival()
        os.killpg(process.pid, signal.SIGCONT)
        return process.wait(LONGEST_SECONDS), outcome
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
