"""One connection for a vault: any thread, no loss, no trace of what was deleted, nothing left open."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mammoset.errors import StorageError
from mammoset.vault.connection import Connection
from tests.kills.striking import environment

WRITER = """
import sys
from pathlib import Path
from mammoset.vault.connection import Connection
database = Connection(Path(sys.argv[1]))
with database.reading() as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY)")
for n in range(100000):
    with database.writing() as connection:
        connection.execute("INSERT INTO t VALUES (?)", (n,))
    print(n, flush=True)
"""


@pytest.fixture
def opened(tmp_path: Path) -> Connection:
    made = Connection(tmp_path / "one.sqlite")
    with made.reading() as connection:
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT)")
    return made


def add(opened: Connection, n: int, word: str = "") -> None:
    with opened.writing() as connection:
        connection.execute("INSERT INTO t VALUES (?, ?)", (n, word))


def count(opened: Connection) -> int:
    with opened.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def test_many_threads_lose_nothing(opened: Connection) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: add(opened, n), range(64)))
    assert count(opened) == 64


def test_an_error_undoes_its_transaction_alone(opened: Connection) -> None:
    add(opened, 1)
    with pytest.raises(StorageError), opened.writing() as connection:
        connection.executemany("INSERT INTO t VALUES (?, '')", [(2,), (1,)])
    add(opened, 3)
    assert count(opened) == 2


def test_it_opens_again_after_it_was_closed(opened: Connection) -> None:
    add(opened, 1)
    opened.close()
    opened.close()
    assert not opened.path.with_name("one.sqlite-wal").exists(), "the log is gone with the last connection"
    assert count(opened) == 1


def test_nobody_else_may_read_it_nor_its_log(opened: Connection) -> None:
    add(opened, 1)
    assert {path.stat().st_mode & 0o777 for path in opened.path.parent.glob("one.sqlite*")} == {0o600}


def test_it_is_closed_when_nobody_holds_it_any_more(tmp_path: Path) -> None:
    opened = Connection(tmp_path / "one.sqlite")
    with opened.reading() as connection:
        held = connection
    gone = weakref.ref(opened)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del opened
        gc.collect()
    assert gone() is None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        held.execute("SELECT 1")


def test_a_kill_loses_nothing_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        last = [int(next(writer.stdout)) for _ in range(50)][-1]
        writer.kill()
    assert count(Connection(path)) > last


def test_what_was_deleted_is_in_no_byte_once_it_was_erased(opened: Connection) -> None:
    for n in range(300):
        add(opened, n, f"secret-{n % 3}" * 40)
    with opened.writing() as connection:
        connection.execute("DELETE FROM t WHERE n % 3 = 1")
    opened.erase()
    content = b"".join(path.read_bytes() for path in opened.path.parent.glob("one.sqlite*"))
    assert b"secret-1" not in content
    assert b"secret-0" in content


def test_a_database_that_somebody_reads_cannot_be_erased_and_says_so(
    opened: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mammoset.vault.connection.TIMEOUT_SECONDS", 0.1)
    other = Connection(opened.path)
    add(other, 1, "word")
    other.close()
    with opened.reading() as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
        with pytest.raises(StorageError):
            other.erase()
        reader.execute("COMMIT")
    other.erase()
