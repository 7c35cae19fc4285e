"""Connections to the catalog's database, and its migrations."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from mammoset.catalog import server
from mammoset.errors import CatalogError, StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
KEPT, AT_MOST = 10, 48
"""Connections that are kept, and open at once: as many as a server has threads, and some."""


def connect(url: str | URL) -> Engine:
    """Open a database: SQLite in WAL mode with every commit on disk, or PostgreSQL.

    On both, one transaction writes at a time and readers wait for nobody.

    Raises
    ------
    CatalogError
        If the address is none, or of a database without a driver here.
    """
    try:
        address = make_url(url)
        if address.password is not None:
            raise CatalogError(
                "mammoset.toml: 'catalog' holds a password, and settings are copied and shown; write it into a file "
                "that only you may read and name that as '?passfile=' in the address: docs/postgresql.md"
            )
        is_server = address.get_backend_name() == "postgresql"
        engine = create_engine(
            address, connect_args=server.arguments_of(address) if is_server else {}, hide_parameters=True,
            pool_size=KEPT, max_overflow=AT_MOST - KEPT, pool_pre_ping=is_server,
            json_serializer=partial(json.dumps, allow_nan=False),  # NaN is no JSON: a server refuses it, so no file may
        )  # fmt: skip
    except (ArgumentError, ModuleNotFoundError):
        raise CatalogError("mammoset.toml: 'catalog' is no address of a database that can be opened here") from None
    if is_server:
        event.listen(engine, "connect", server.prepare)
        event.listen(engine, "begin", server.begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


@contextmanager
def connected(url: str | URL) -> Iterator[Engine]:
    """Give a database for a while, and tell of what goes wrong with it; as `connect` and `telling`."""
    engine = connect(url)
    try:
        with telling(engine):
            yield engine
    finally:
        engine.dispose()


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
        If the database's server does not answer, or does not do what it is asked.
    """
    try:
        yield
    except NoConnection:
        raise CatalogError("catalog: too much is asked of it at once; try again in a moment") from None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.OperationalError):
            raise StorageError.of(Path(engine.url.database or "").parent, error.orig) from None
        is_known = getattr(error.orig, "sqlstate", None) in server.TOLD
        if is_known or (isinstance(error, OperationalError | InterfaceError) and engine.dialect.name != "sqlite"):
            raise CatalogError(f"catalog: {server.told(error.orig)}") from None
        raise


def migrate(engine: Engine, *, may_begin: bool = True) -> None:
    """Bring the database to the newest schema.

    Parameters
    ----------
    may_begin : bool
        Whether it may be a new one, in which nothing is yet.

    Raises
    ------
    CatalogError
        If it was written by a newer version of the program, is damaged, or is new and may not be.
    """
    try:
        # looked at without taking the right to write: whoever only reads shall not wait for a stage that writes
        with engine.connect().execution_options(read_only=True) as connection:
            revision = _revision_of(connection)
        if revision is None and not may_begin:
            raise CatalogError(
                "catalog: its database is empty, but content/ holds images; name the right database in mammoset.toml, "
                "or restore it from its backup, or empty content/ to begin anew"
            )
        if revision != _script().get_current_head():
            with engine.begin() as connection:
                upgrade(connection)
    except OperationalError:
        raise  # full, read-only or out of reach: see `telling`
    except DatabaseError:
        if engine.dialect.name != "sqlite":
            raise
        raise CatalogError("catalog: it is damaged; restore it from its backup") from None


def upgrade(connection: Connection) -> None:
    """Bring the database of a transaction to the newest schema; `CatalogError` when a newer version wrote it."""
    script, revision = _script(), _revision_of(connection)
    if revision == script.get_current_head():
        return
    if revision is not None and revision not in {one.revision for one in script.walk_revisions()}:
        raise CatalogError(
            f"catalog: schema '{revision}' is newer than this version of mammoset; install the version that wrote it"
        )
    is_server = connection.dialect.name == "postgresql"
    if is_server:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if is_server:
        server.unbound_texts(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
