"""What people did in the reading room, one after the other; appended only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, func, select
from sqlalchemy.orm import Session

from mammoset.catalog.records import now
from mammoset.catalog.sessions import Sessions, plain_rows
from mammoset.catalog.tables import EventRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did.

    Attributes
    ----------
    kind : str
        Snake case, up to 32 characters: ``signed_in``, ``account_disabled`` …
    by : str
        Who did it: name of a person, or of a part of the program.
    about : str
        Whom it is about, where that is somebody; else empty.
    study_id : str
        Pseudonym of the exam that it is about; empty where it is about none.
    detail : mapping
        Whatever else is to be known, as JSON values; never a password, never an original value.
    number : int
        Place in the order of all events, from 1; 0 before it is stored.
    """

    kind: str
    by: str
    about: str = ""
    study_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)
    number: int = 0


def add_event(
    session: Session, kind: str, *, by: str, about: str = "", study_id: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Append an event in a transaction that somebody else has opened, so that it stands or falls with the rest.

    Parameters
    ----------
    session : Session
        From `Catalog.writing`.
    kind, by, about, study_id, detail
        As in `Event`.
    """
    session.add(EventRow(kind=kind, by=by, about=about, study_id=study_id, detail=dict(detail or {}), at=now()))


class Events(Sessions):
    """The part of the catalog that remembers what people did; each call is one transaction."""

    def append(
        self, kind: str, *, by: str, about: str = "", study_id: str = "", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Append one event; parameters as in `Event`."""
        with self.writing() as session:
            add_event(session, kind, by=by, about=about, study_id=study_id, detail=detail)

    def page(
        self, *, kind: str | None = None, by: str | None = None, before: int | None = None, limit: int = PAGE_SIZE,
        without: Collection[str] = (),
    ) -> list[Event]:  # fmt: skip
        """Return events, newest first.

        Parameters
        ----------
        kind, by : str or None
            Only of this kind; only by this person. None for any.
        before : int or None
            Only those with a smaller number: the number of the last one of the page before. None for the newest.
        limit : int
            So many at most.
        without : collection of str
            Not of these kinds; the others are numbered as if there were none of them, since a gap would tell.
        """
        events = _events(without)
        older = [] if before is None else [events.c.number < before]
        query = select(events).where(*_chosen(events, kind, by), *older)
        with self.reading() as session:
            rows = plain_rows(session, query.order_by(events.c.number.desc()).limit(limit))
            return [_event_of(row) for row in rows]

    def count(self, *, kind: str | None = None, by: str | None = None, without: Collection[str] = ()) -> int:
        """Return how many events there are, of a kind or all but some, by a person or anybody."""
        events = _events(without)
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(events).where(*_chosen(events, kind, by))) or 0


def _events(without: Collection[str]) -> FromClause:
    """Return the events as a table, those of some kinds left out and the others numbered without gaps."""
    table = EventRow.__table__
    if not without:
        return table
    number = func.row_number().over(order_by=table.c.number).label("number")
    others = [column for column in table.c if column is not table.c.number]
    return select(number, *others).where(table.c.kind.not_in(sorted(without))).subquery()


def _chosen(events: FromClause, kind: str | None, by: str | None) -> list[ColumnElement[bool]]:
    chosen = {events.c.kind: kind, events.c.by: by}
    return [column == wanted for column, wanted in chosen.items() if wanted is not None]


def _event_of(row: Row[Any]) -> Event:
    return Event(row.kind, row.by, row.about, row.study_id, row.detail, row.at, row.number)
