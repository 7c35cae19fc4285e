"""One connection to a vault's database, open as long as the vault is: opening one for each call costs more than it."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from mammoset.errors import storing

TIMEOUT_SECONDS = 30.0
PREPARATION = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
"""Every commit is on disk before it counts, and what is deleted is overwritten."""


class Connection:
    """A database that any thread may use; one at a time.

    It is closed by `close`, or when nobody holds it any more; used again after `close`, it is opened again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._open: sqlite3.Connection | None = None
        self._closing: weakref.finalize[..., Connection] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the database; `StorageError` for what goes wrong with it."""
        with self._lock, storing(self.path.parent):
            yield self._opened()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the database in a transaction, committed at the end and undone when an error leaves it."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk may have undone it already
                    connection.execute("ROLLBACK")
                raise

    def erase(self) -> None:
        """Write the database anew, so that no page of it, nor of its log, holds what was deleted.

        Raises
        ------
        StorageError
            If another process holds the database; what was deleted may be in its log until the next call.
        """
        with self.reading() as connection:
            connection.execute("VACUUM")
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                raise sqlite3.OperationalError("another program holds it open")

    def close(self) -> None:
        """Close the connection; does nothing when it is closed."""
        with self._lock:
            if self._closing is not None:
                self._closing()
            self._open = self._closing = None

    def _opened(self) -> sqlite3.Connection:
        if self._open is None:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # never readable by others, not for a moment
            opened = sqlite3.connect(self.path, TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                for pragma in PREPARATION:
                    opened.execute(f"PRAGMA {pragma}").close()
            except BaseException:
                opened.close()
                raise
            self._closing = weakref.finalize(self, _close, opened, os.getpid())
            self._open = opened
        return self._open


def _close(connection: sqlite3.Connection, owner: int) -> None:
    """Close a connection, but not that of a parent process: a forked child has no business with its locks."""
    if os.getpid() == owner:
        connection.close()
