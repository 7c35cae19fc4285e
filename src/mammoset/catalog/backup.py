"""Backups of the catalog: a copy of the database as it is at one moment, and a record of where it went."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import select

from mammoset.catalog.connection import connected, migrate
from mammoset.catalog.moving import copy_rows
from mammoset.catalog.records import now
from mammoset.catalog.sessions import Sessions
from mammoset.catalog.tables import BackupRow
from mammoset.errors import DatasetDefect, storing


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """When a backup was begun, where it went and with what: ``catalog``, ``content``, ``vault``."""

    place: str
    parts: tuple[str, ...]
    at: datetime


def unfinished_backup(place: Path) -> Path:
    """Return where a backup lies while it is being made."""
    return place.with_name(f".{place.name}.part")


def record_backup(catalog: Sessions, place: str, parts: Iterable[str]) -> None:
    """Note a backup before it is made: what a kill leaves of it must be known too."""
    with catalog.writing() as session:
        session.add(BackupRow(place=place, parts=list(parts), at=now()))


def backups(catalog: Sessions) -> list[BackupRecord]:
    """Return the backups, oldest first; of one place the last."""
    with catalog.reading() as session:
        rows = session.scalars(select(BackupRow).order_by(BackupRow.number)).all()
        found: dict[str, BackupRecord] = {}
        for row in rows:
            found.pop(row.place, None)  # so that the place moves to the end
            found[row.place] = BackupRecord(row.place, tuple(row.parts), row.at)
    return list(found.values())


def copy_database(catalog: Sessions, target: Path) -> None:
    """Copy the catalog to a new SQLite file, as it is at one moment, whoever writes meanwhile.

    Of a catalog on a server too: the file is the same as that of a catalog that lay in a file all the time.

    Raises
    ------
    StorageError
        If the file cannot be written.
    """
    with storing(target.parent), closing(sqlite3.connect(target)) as copy:
        if catalog.engine.dialect.name == "sqlite":
            _copy_file(catalog, copy)
        else:
            _copy_from_server(catalog, target)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        copy.execute("VACUUM")  # pages of deleted rows need not travel


def _copy_file(catalog: Sessions, copy: sqlite3.Connection) -> None:
    source = catalog.engine.raw_connection()
    try:
        cast(sqlite3.Connection, source.driver_connection).backup(copy)
    finally:
        source.close()


def _copy_from_server(catalog: Sessions, target: Path) -> None:
    with connected(f"sqlite:///{target}") as engine:
        migrate(engine)
        with catalog.reading() as session, engine.begin() as connection:
            copy_rows(session.connection(), connection)


def require_whole(database: Path) -> None:
    """Refuse a damaged database; `DatasetDefect`."""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error:
        found = "not a database"
    if found != "ok":
        raise DatasetDefect(f"{database} is damaged; take another backup")
