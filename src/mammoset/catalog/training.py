"""What people answered in the training: events of their own kinds, so that nothing of it stands among the readings.

A round is one way through the exams of a set. Who begins again says so; the answers of the round before stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mammoset.catalog.events import add_event
from mammoset.catalog.sessions import Sessions, plain_rows
from mammoset.catalog.tables import EventRow
from mammoset.domain.readings_json import reading_from_json, reading_to_json
from mammoset.model import Reading

ANSWERED, FINISHED, BEGUN = "training_answered", "training_finished", "training_begun"


@dataclass(frozen=True, slots=True)
class TrainingRound:
    """One way through a set of training exams.

    Attributes
    ----------
    number : int
        From 1.
    answers : mapping of exam number to Reading
        The first answer of the round to each exam of the set; others count for nothing.
    """

    number: int = 1
    answers: Mapping[int, Reading] = field(default_factory=dict)


class TrainingTurn:
    """A person's training for one transaction: nobody else writes meanwhile."""

    def __init__(self, session: Session, name: str, set_id: str) -> None:
        self._session, self._name, self._set_id = session, name, set_id
        self.round = _round_of(session, name, set_id)

    def append(self, kind: str, **detail: Any) -> None:
        """Append an event about the person, in the round that is going on."""
        told = {"set": self._set_id, "round": self.round.number, **detail}
        add_event(self._session, kind, by=self._name, about=self._name, detail=told)

    def answer(self, exam: int, reading: Reading, seconds: Mapping[str, float]) -> None:
        """Append an answer."""
        self.append(ANSWERED, exam=exam, reading=reading_to_json(reading), seconds=dict(seconds))
        self.round = TrainingRound(self.round.number, {**self.round.answers, exam: reading})

    def begin(self) -> None:
        """Begin another round; nothing happens where the one that is going on has no answer yet."""
        if self.round.answers:
            self.round = TrainingRound(self.round.number + 1)
            self.append(BEGUN)


class TrainingBook(Sessions):
    """The part of the catalog that remembers who trained and how; each call is one transaction."""

    def round_of(self, name: str, set_id: str) -> TrainingRound:
        """Return the round in which a person is with a set of exams."""
        with self.reading() as session:
            return _round_of(session, name, set_id)

    @contextmanager
    def turn(self, name: str, set_id: str) -> Iterator[TrainingTurn]:
        """Give a person's training, to be added to."""
        with self.writing() as session:
            yield TrainingTurn(session, name, set_id)

    def finished(self) -> dict[str, datetime]:
        """Return who has been through all exams of a set, and when first."""
        first = select(EventRow.by, func.min(EventRow.at).label("at")).where(EventRow.kind == FINISHED)
        with self.reading() as session:
            return {row.by: row.at for row in plain_rows(session, first.group_by(EventRow.by))}

    def has_finished(self, name: str) -> bool:
        """Whether a person has been through all exams of a set, whichever."""
        found = select(EventRow.number).where(EventRow.by == name, EventRow.kind == FINISHED).limit(1)
        with self.reading() as session:
            return session.scalar(found) is not None


def _round_of(session: Session, name: str, set_id: str) -> TrainingRound:
    mine = select(EventRow.kind, EventRow.detail).where(EventRow.by == name, EventRow.kind.in_((ANSWERED, BEGUN)))
    number, answers = 1, dict[int, Reading]()
    for row in plain_rows(session, mine.order_by(EventRow.number)):
        if row.kind == BEGUN:
            number, answers = row.detail["round"], {}
        elif row.detail["set"] == set_id and row.detail["round"] == number:
            answers.setdefault(row.detail["exam"], reading_from_json(row.detail["reading"]))
    return TrainingRound(number, answers)
