"""How the reading room bears many readers at once: a real server process, real requests, every answer compared.

Each reader saves a draft every two seconds and submits every twenty; the catalog holds more exams than are read.
``python -m bench.reading_room sqlite|postgresql READERS SECONDS [KILLS]`` prints one case alone.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from tests.builders import SETTINGS
from tests.load.comparing import differences
from tests.load.readers import Pace, Told, read_together
from tests.load.room import Server, furnish
from tests.load.striking import Striker, kill_server
from tests.postgres import Cluster, initdb

CASES = (("postgresql", 30, 0), ("sqlite", 10, 0), ("postgresql", 30, 3), ("sqlite", 10, 3))
"""Kind of database, people who read, how often the server is killed meanwhile."""
SECONDS, SAVE_EVERY, SUBMIT_EVERY = 180.0, 2.0, 20.0
STUDIES = 1000
HEAD = (
    "catalog", "readers", "killed", "requests", "save p50", "save p95", "submit p95", "list p95", "cores used",
    "told and not so",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to; times in ms, processors in cores that the server kept busy."""

    database: str
    readers: int
    kills: int
    requests: int
    save: tuple[float, float]
    submit: float
    listing: float
    cores: float
    wrong: tuple[str, ...]


def measure_reading_room(seconds: float = SECONDS, studies: int = STUDIES) -> list[Load]:
    """Measure every case; a server of PostgreSQL that is not installed is left out."""
    is_there = {"sqlite": True, "postgresql": initdb() is not None}
    return [measure(*case, seconds, studies) for case in CASES if is_there[case[0]]]


def measure(kind: str, readers: int, kills: int, seconds: float, studies: int = STUDIES) -> Load:
    """Let people read for some seconds on one kind of database."""
    with tempfile.TemporaryDirectory() as folder, _database(kind) as address:
        root = Path(folder) / "p"
        each = math.ceil(seconds / SUBMIT_EVERY) + 1
        settings = f'catalog = "{address}"\n{SETTINGS}'
        names = furnish(root, readers=readers, studies=max(studies, readers * each), settings=settings)
        server, told = Server(root), Told()
        expected = round(readers * seconds / SAVE_EVERY)
        striker = Striker([expected * (n + 1) // (kills + 1) for n in range(kills)], told, partial(kill_server, server))
        server.start()
        try:
            start, used = time.monotonic(), server.processor_seconds()
            saves = round(SUBMIT_EVERY / SAVE_EVERY) - 1
            read_together(server, names, Pace(each, saves, SAVE_EVERY, until=start + seconds - SUBMIT_EVERY / 2), told)
            struck = striker.finish()
            cores = math.nan if struck else (server.processor_seconds() - used) / (time.monotonic() - start)
        finally:
            server.stop()
        lost = ["an answer did not come"] if told.again and not kills else []
        return Load(
            kind, readers, struck, sum(told.statuses.values()), (_at(told, "save", 50), _at(told, "save", 95)),
            _at(told, "submit", 95), _at(told, "list", 95), cores, (*told.wrong, *differences(root, told), *lost),
        )  # fmt: skip


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """Give the address of a database that writes as safely as one in use; empty for a file."""
    if kind == "sqlite":
        yield ""
        return
    cluster = Cluster({})
    try:
        yield cluster.make("bench")
    finally:
        cluster.remove()


def _at(told: Told, kind: str, percentile: int) -> float:
    return float(np.percentile(told.seconds[kind], percentile)) * 1000


def rows_of(loads: list[Load]) -> list[list[str]]:
    """Return the lines of a table under `HEAD`."""
    return [
        [
            one.database, str(one.readers), f"{one.kills} ×", f"{one.requests:,}",
            *(f"{ms:.0f} ms" for ms in (*one.save, one.submit, one.listing)),
            "" if one.kills else f"{one.cores:.2f}", str(len(one.wrong)),
        ]
        for one in loads
    ]  # fmt: skip


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    readers, seconds, kills = (*map(int, numbers), 0)[:3]
    found = measure(kind, readers, kills, seconds)
    print(*HEAD, sep="\t")
    print(*rows_of([found])[0], sep="\t")
    print(*found.wrong[:20], sep="\n")
