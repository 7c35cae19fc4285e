"""What everything that asks the catalog's database shares: one transaction a call, and plain rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import ColumnElement, Engine, Executable, Row, event, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from mammoset.catalog import server
from mammoset.catalog.connection import telling

FEW = 500
"""So many ids a query names; of more, everything is read and what is not wanted left out, which is quicker then."""


_reading: ContextVar[Session | None] = ContextVar("_reading", default=None)
"""The transaction in which this thread reads now."""


class Sessions:
    """Gives transactions of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a transaction that waits for no writer and sees one moment.

        Within it every other call that reads this database sees the same moment.
        """
        outer = _reading.get()
        if outer is not None and outer.get_bind().engine is self.engine:
            yield outer
            return
        with (
            telling(self.engine),
            self.engine.connect().execution_options(read_only=True) as connection,
            Session(connection) as session,
        ):
            token = _reading.set(session)
            try:
                yield session
            finally:
                _reading.reset(token)

    @contextmanager
    def writing(self, at: str = "") -> Iterator[Session]:
        """Give a transaction that is committed at the end, or undone when an error leaves it.

        Nobody else writes to this database, SQLite or server, from its begin to its end: what it looked up before it
        writes is still so when it does, and rows become visible in the order of their numbers. So keep it short, and
        compute what can be computed before it.

        Parameters
        ----------
        at : str
            A study, when the transaction looks at nothing but what is said of this one and of all, and writes about
            it alone: on a server those at other studies then need not wait. Numbered rows are added to the session.
        """
        with telling(self.engine), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options={"at": at})
            if at and self.engine.dialect.name == "postgresql":
                event.listen(session, "before_flush", _take_turn_at_numbers)
            yield session


def _take_turn_at_numbers(session: Session, *_: object) -> None:
    server.number(session.connection())


def wanted_ids(study_id: str | Collection[str] | None) -> set[str] | None:
    """Return the studies that are asked for as a set; None for all."""
    if study_id is None:
        return None
    return {study_id} if isinstance(study_id, str) else set(study_id)


def among(column: InstrumentedAttribute[str], wanted: Collection[str] | None) -> ColumnElement[bool]:
    """Return the condition that a column is one of a few values; true for many, which the caller sorts out."""
    return true() if wanted is None or len(wanted) > FEW else column.in_(sorted(wanted))


def plain_rows(session: Session, query: Executable) -> list[Row[Any]]:
    """Return plain rows: objects of the mapper take three times as long, and nothing here changes one."""
    return list(session.connection().execute(query).all())
