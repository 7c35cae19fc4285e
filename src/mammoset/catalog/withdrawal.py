"""Taking somebody out of the catalog: the one place where rows are deleted and facts changed.

It works on whatever tables the database has, so that a table that is added later is not forgotten: a row that names the
patient, an exam or an image of theirs goes; what else names one in passing, as the folds of a split do, loses the name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from mammoset.catalog import server
from mammoset.catalog.connection import telling
from mammoset.catalog.records import now
from mammoset.catalog.sessions import Sessions
from mammoset.catalog.tables import (
    DecisionRow,
    ElementValueRow,
    ImageRow,
    ReviewFactRow,
    StudyRow,
    WithdrawnRow,
)
from mammoset.errors import StorageError, storing

SUBJECTS = ("study_id", "image_id", "patient_id")
"""Columns that say what a row is about."""
NAME = re.compile(r"2\.25\.\d+|P[0-9A-F]{16}")
"""What a pseudonym looks like (`Keys`)."""
SOME = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of some patients.

    Attributes
    ----------
    studies : frozenset of str
        Their exams.
    names : frozenset of str
        Every pseudonym of theirs: patients, exams, series, images.
    n_images, n_facts : int
        Images that passed the gate, and facts of the reading workflow.
    """

    studies: frozenset[str]
    names: frozenset[str]
    n_images: int
    n_facts: int


def known_of(catalog: Sessions, patients: Collection[str], studies: Collection[str]) -> Known:
    """Return what the catalog knows of patients, besides the exams that are known to be theirs already."""
    with catalog.reading() as session:
        connection = session.connection()
        found = select(StudyRow.study_id).where(StudyRow.patient_id.in_(sorted(patients)))
        exams = sorted({*studies, *connection.scalars(found)})
        images = connection.execute(
            select(ImageRow.image_id, ImageRow.series_id).where(ImageRow.study_id.in_(exams))
        ).all()
        decided = connection.scalars(
            select(DecisionRow.image_id).where(DecisionRow.study_id.in_(exams), DecisionRow.image_id != "").distinct()
        )
        facts = _tables(connection)["facts"]
        n_facts = connection.scalar(select(func.count()).where(facts.c.study_id.in_(exams))) or 0
        names = {*patients, *exams, *decided, *(name for row in images for name in row)}
    return Known(frozenset(exams), frozenset(names), len(images), n_facts)


def withdraw(catalog: Sessions, names: Collection[str], tokens: Collection[str], reason: str) -> None:
    """Take everything out that is known under these pseudonyms, and count exams as withdrawn; in one transaction.

    Parameters
    ----------
    names : collection of str
        Pseudonyms of patients, exams, series and images.
    tokens : collection of str
        One for each exam (`Keys.tombstone_of`); those that are there stay as they are.
    reason : str
        A word of a closed list, or empty.
    """
    gone = frozenset(names)
    with catalog.writing() as session:
        connection = session.connection()
        tables = _tables(connection)
        _count(connection, tokens, reason)
        before = _values(connection, ImageRow.image_id.in_(sorted(gone)))
        for table in reversed(list(tables.values())):
            _delete_rows(connection, table, gone)
        _delete_values(connection, before - _values(connection))
        for table in tables.values():
            _scrub(connection, table, gone)


def count_exams(catalog: Sessions, tokens: Collection[str]) -> None:
    """Count exams as withdrawn, once each, of which nothing ever came in."""
    with catalog.writing() as session:
        _count(session.connection(), tokens, "")


def _count(connection: Connection, tokens: Collection[str], reason: str) -> None:
    known = set(connection.scalars(select(WithdrawnRow.token)))
    rows = [{"token": token, "reason": reason, "at": now()} for token in sorted(set(tokens) - known)]
    if rows:
        connection.execute(insert(WithdrawnRow), rows)


def withdrawn_exams(catalog: Sessions) -> int:
    """Return how many exams were withdrawn, or refused because their patient had been."""
    with catalog.reading() as session:
        return session.scalar(select(func.count()).select_from(WithdrawnRow)) or 0


def names_in(catalog: Sessions, names: Collection[str]) -> bool:
    """Whether the catalog still names any of these."""
    gone = frozenset(names)
    with catalog.reading() as session:
        connection = session.connection()
        for table in _tables(connection).values():
            columns = [column for column in table.columns if isinstance(column.type, String | JSON)]
            rows = connection.execute(select(*columns)) if columns else ()
            if any(_names_any(cell, gone) for row in rows for cell in row):
                return True
    return False


def erase(catalog: Sessions) -> None:
    """Write the catalog anew, so that no page of it, nor of an SQLite file's log, holds what was deleted.

    What a server's own log of changes, its copies and its backups hold is out of reach: docs/postgresql.md.

    Raises
    ------
    StorageError
        If another program keeps the catalog busy.
    """
    if catalog.engine.dialect.name != "sqlite":
        with telling(catalog.engine):
            server.erase(catalog.engine)
        return
    with storing(Path(catalog.engine.url.database or "").parent):
        connection = catalog.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            (is_busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
    if is_busy:
        raise StorageError("catalog: another program reads it; end that, say 'mammoset serve', then run this again")


def _tables(connection: Connection) -> dict[str, Table]:
    """Return the tables of the database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name not in ("alembic_version", WithdrawnRow.__tablename__))
    return {table.name: table for table in found.sorted_tables}


def _delete_rows(connection: Connection, table: Table, gone: frozenset[str]) -> None:
    """Delete the rows that are about something that goes."""
    columns = [table.c[name] for name in SUBJECTS if name in table.c]
    if not columns:
        return
    for some in _portions(gone):
        connection.execute(delete(table).where(or_(*(column.in_(some) for column in columns))))


def _values(connection: Connection, *where: Any) -> set[int]:
    """Return the numbers of the values that images hold."""
    rows = connection.scalars(select(ImageRow.elements).where(*where))
    return {number for elements in rows for number in elements}


def _delete_values(connection: Connection, numbers: Collection[int]) -> None:
    """Delete values that nobody else has, with what was said of them."""
    for some in _portions(numbers):
        table = ElementValueRow.__table__
        for row in connection.execute(select(table).where(ElementValueRow.number.in_(some))).all():
            said = and_(ReviewFactRow.element == row.element, ReviewFactRow.value == row.value)
            connection.execute(delete(ReviewFactRow).where(said))
        connection.execute(delete(ElementValueRow).where(ElementValueRow.number.in_(some)))


def _scrub(connection: Connection, table: Table, gone: frozenset[str]) -> None:
    """Take names out of what else the rows of a table say."""
    keys = list(table.primary_key)
    columns = [one for one in table.columns if isinstance(one.type, String | JSON) and one not in keys]
    if not (keys and columns):
        return
    for row in connection.execute(select(*keys, *columns)).all():
        found = dict(zip(columns, row[len(keys) :], strict=True))
        changed: dict[Column[Any], Any] = {
            column: without(value, gone) for column, value in found.items() if _names_any(value, gone)
        }
        if changed:
            is_it = and_(*(key == value for key, value in zip(keys, row, strict=False)))
            connection.execute(update(table).where(is_it).values({one.name: value for one, value in changed.items()}))


def without(value: Any, gone: Collection[str]) -> Any:
    """Return a JSON value without the keys, items and words that are among `gone`."""
    if isinstance(value, dict):
        kept = ((key, one) for key, one in value.items() if key not in gone and not _is_among(one, gone))
        return {without(key, gone): without(one, gone) for key, one in kept}
    if isinstance(value, list):
        return [without(one, gone) for one in value if not _is_among(one, gone)]
    if isinstance(value, str):
        return NAME.sub(lambda match: "withdrawn" if match[0] in gone else match[0], value)
    return value


def _is_among(value: Any, gone: Collection[str]) -> bool:
    return isinstance(value, str) and value in gone


def _names_any(value: Any, gone: Collection[str]) -> bool:
    return any(name in gone for text in _texts(value) for name in NAME.findall(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), SOME):
        yield ordered[start : start + SOME]
