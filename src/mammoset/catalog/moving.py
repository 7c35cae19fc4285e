"""The rows of a catalog into another database, whatever kind either is, and proof that they are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, Text, column, func, insert, inspect, literal, select, table, text

from mammoset.catalog.connection import connected, migrate, upgrade
from mammoset.catalog.tables import Base
from mammoset.errors import CatalogError, DatasetDefect

SOME = 1000
MARK = table("restoring", column("mark", Text))
"""Which backup a database was filled from, until the project's folder is there too."""
OF_MIGRATIONS = "alembic_version"


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row into the empty tables of another database of the same schema, and compare what arrived.

    Raises
    ------
    DatasetDefect
        If the rows of the other database are not those of this one.
    """
    digests = {}
    for one in Base.metadata.sorted_tables:
        digest = hashlib.sha256()
        rows = _rows(source, one)
        while some := list(islice(rows, SOME)):
            digest.update(b"".join(map(_line, some)))
            target.execute(insert(one), [dict(row._mapping) for row in some])
        digests[one.name] = digest.hexdigest()
        _go_on_counting(target, one)
    if digests != digests_of(target):
        raise DatasetDefect("catalog: the copy differs from its original; nothing was changed, run this again")


def digests_of(connection: Connection) -> Mapping[str, str]:
    """Return the SHA-256 of the rows of each table, the same on every kind of database."""
    found = {}
    for one in Base.metadata.sorted_tables:
        digest = hashlib.sha256()
        for row in _rows(connection, one):
            digest.update(_line(row))
        found[one.name] = digest.hexdigest()
    return found


def _rows(connection: Connection, one: Table) -> Iterator[Row[Any]]:
    query = select(one).order_by(*one.primary_key)
    return iter(connection.execute(query, execution_options={"stream_results": True, "yield_per": SOME}))


def _line(row: Row[Any]) -> bytes:
    return json.dumps(list(row), default=datetime.isoformat).encode() + b"\n"


def _go_on_counting(connection: Connection, one: Table) -> None:
    """Let a server number the next row behind the last; SQLite does so by itself."""
    counted = one.autoincrement_column
    if connection.dialect.name != "postgresql" or counted is None:
        return
    last = connection.scalar(select(func.max(counted)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(literal(one.name), literal(counted.name))
        connection.execute(select(func.setval(sequence, last)))


def fill(url: str, source: Path, mark: str) -> None:
    """Put the rows of a copied catalog into a database that is empty; all or none.

    Parameters
    ----------
    source : Path
        SQLite file, brought to the newest schema by this.
    mark : str
        What the copy is known by: a database that was filled from it before, and not released (`release`), is left
        as it is.

    Raises
    ------
    CatalogError
        If the database holds something, or cannot be used.
    """
    with connected(f"sqlite:///{source}") as copied, connected(url) as engine:
        migrate(copied)
        with copied.connect().execution_options(read_only=True) as reading, engine.begin() as target:
            if _mark_of(target) == mark:
                return
            _require_empty(target)
            upgrade(target)
            copy_rows(reading, target)
            target.execute(text(f"CREATE TABLE {MARK.name} (mark TEXT)"))
            target.execute(insert(MARK).values(mark=mark))


def require_usable(url: str, mark: str) -> None:
    """Refuse a database that `fill` would; `CatalogError`."""
    with connected(url) as engine, engine.connect().execution_options(read_only=True) as connection:
        if _mark_of(connection) != mark:
            _require_empty(connection)


def _require_empty(connection: Connection) -> None:
    names = set(inspect(connection).get_table_names()) - {OF_MIGRATIONS}
    ours = Base.metadata.tables
    if names - ours.keys() or any(_has_rows(connection, ours[name]) for name in names):
        raise CatalogError(
            "restore: the database of the catalog is not empty, and nothing is overwritten; name an empty one with "
            "--catalog ('--catalog file' for a file in the project's folder)"
        )


def _has_rows(connection: Connection, one: Table) -> bool:
    return connection.scalar(select(literal(1)).select_from(one).limit(1)) is not None


def release(url: str) -> None:
    """Forget from which copy a database was filled: the project that it belongs to is whole."""
    with connected(url) as engine, engine.begin() as connection:
        if inspect(connection).has_table(MARK.name):
            connection.execute(text(f"DROP TABLE {MARK.name}"))


def _mark_of(connection: Connection) -> str | None:
    is_there = inspect(connection).has_table(MARK.name)
    return connection.scalar(select(MARK.c.mark)) if is_there else None
