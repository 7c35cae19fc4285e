"""Connections to the catalog's database, and its migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from mammoset.errors import CatalogError, StorageError

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """Open a database; SQLite in WAL mode, every transaction immediate, every commit on disk.

    Raises
    ------
    CatalogError
        If the address is none, or of a database without a driver here.
    """
    try:
        engine = create_engine(url)
    except (ArgumentError, ModuleNotFoundError):
        raise CatalogError("mammoset.toml: 'catalog' is no address of a database that can be opened here") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would be deferred: a lost update waiting to happen
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def telling(engine: Engine) -> Iterator[None]:
    """Tell of a database that cannot be used in words of ours; the driver's would be a traceback.

    Raises
    ------
    StorageError
        If the catalog's disk is full or may not be written.
    CatalogError
        If the database's server does not answer.
    """
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise StorageError.of(Path(engine.url.database or "").parent, error.orig) from None
        raise CatalogError(
            "catalog: the database does not answer; see that its server runs and is named right in mammoset.toml"
        ) from None


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema.

    Raises
    ------
    CatalogError
        If it was written by a newer version of the program, or is damaged.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        # looked at without taking the right to write: whoever only reads shall not wait for a stage that writes
        with engine.connect().execution_options(read_only=True) as connection:
            if _is_newest(connection, ScriptDirectory.from_config(config)):
                return
        with engine.begin() as connection:
            _upgrade(connection, config)
    except OperationalError:
        raise  # full, read-only or out of reach: see `telling`
    except DatabaseError:
        raise CatalogError("catalog: it is damaged; restore it from its backup") from None


def _is_newest(connection: Connection, script: ScriptDirectory) -> bool:
    return MigrationContext.configure(connection).get_current_revision() == script.get_current_head()


def _upgrade(connection: Connection, config: Config) -> None:
    script = ScriptDirectory.from_config(config)
    if _is_newest(connection, script):
        return
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise CatalogError(
            f"catalog: schema '{current}' is newer than this version of mammoset; install the version that wrote it"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
