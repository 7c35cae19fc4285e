"""Answers in the making, and a person's turn at a study: everything that saving or submitting one must see at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, select, update
from sqlalchemy.orm import Session

from mammoset.catalog.facts import facts_by_study
from mammoset.catalog.records import Decision, ReviewFact, now
from mammoset.catalog.rows import decision_to_row, fact_to_row, review_fact_to_row
from mammoset.catalog.sessions import Sessions
from mammoset.catalog.tables import DecisionRow, DraftRow
from mammoset.domain.readings_json import reading_from_json, reading_to_json
from mammoset.domain.viewed import Viewed, viewed_from_json, viewed_to_json
from mammoset.domain.workflow import ROLES, Fact, Role
from mammoset.model import Reading
from mammoset.terms.reasons import Outcome, Stage


@dataclass(frozen=True, slots=True)
class Draft:
    """A person's answer in the making; its study, person and role are those of its reading and `role`.

    Attributes
    ----------
    reading : Reading
        As far as it goes.
    version : int
        Counts the times it was saved, from 1.
    seconds : mapping of hanging step to float
        Seconds of work so far, by the step of the hanging in which they were spent.
    stage : str
        The step of the hanging that was shown last; empty when not told.
    viewed : mapping of image id to Viewed
        What was seen of each image so far; empty when not told.
    """

    reading: Reading
    role: Role
    version: int = 1
    seconds: Mapping[str, float] = field(default_factory=dict)
    stage: str = ""
    viewed: Mapping[str, Viewed] = field(default_factory=dict)
    at: datetime = field(default_factory=now)


class Drafts(Sessions):
    """The drafts of a catalog: read one, or take a turn at a study to change one."""

    def of(self, study_id: str, reader_id: str, role: Role) -> Draft | None:
        """Return a person's draft, None when there is none."""
        with self.reading() as session:
            return _find(session, study_id, reader_id, role)

    @contextmanager
    def turn(self, study_id: str) -> Iterator[Turn]:
        """Give a transaction at a study: what it sees stays true until it has written, since one writes at a time."""
        with self.writing(at=study_id) as session:
            yield Turn(session, study_id)


class Turn:
    """An open transaction at one study.

    Attributes
    ----------
    facts : list of Fact
        Of the study so far, those about every study and those appended in this turn among them.
    """

    def __init__(self, session: Session, study_id: str) -> None:
        self._session = session
        self.study_id = study_id
        self.facts: list[Fact] = facts_by_study(session, {study_id})[study_id]

    @property
    def is_excluded(self) -> bool:
        """Whether the review has left the study out."""
        about = (DecisionRow.stage == Stage.REVIEW.value, DecisionRow.image_id == "")
        query = select(DecisionRow.outcome).where(DecisionRow.study_id == self.study_id, *about)
        latest = self._session.scalar(query.order_by(DecisionRow.number.desc()).limit(1))
        return latest == Outcome.EXCLUDED.value

    def draft(self, reader_id: str, role: Role) -> Draft | None:
        """Return a person's draft, None when there is none."""
        return _find(self._session, self.study_id, reader_id, role)

    def replace(self, draft: Draft, known: int) -> bool:
        """Put a draft in the place of the version that its writer knows (0: of none); False when that is not there."""
        row = _row_of(draft)
        if known == 0:
            if self.draft(draft.reading.reader_id, draft.role) is not None:
                return False
            self._session.execute(insert(DraftRow).values(**row))
            return True
        mine = _is_of(draft.reading.study_id, draft.reading.reader_id, draft.role)
        done = self._session.connection().execute(update(DraftRow).where(mine, DraftRow.version == known).values(**row))
        return done.rowcount == 1

    def append(self, fact: Fact) -> None:
        """Append a fact; whether the workflow allows it has been asked before."""
        self.facts.append(fact)
        self._session.add(fact_to_row(fact))
        self._session.flush()

    def say(self, decisions: list[Decision], facts: list[ReviewFact]) -> None:
        """Append decisions and what is said in review, with what else this turn writes."""
        self._session.add_all([decision_to_row(one) for one in decisions])
        self._session.add_all([review_fact_to_row(one) for one in facts])


def _is_of(study_id: str, reader_id: str, role: Role) -> ColumnElement[bool]:
    return and_(DraftRow.study_id == study_id, DraftRow.reader_id == reader_id, DraftRow.role == role)


def _find(session: Session, study_id: str, reader_id: str, role: Role) -> Draft | None:
    query = select(DraftRow.__table__).where(_is_of(study_id, reader_id, role))
    row = session.connection().execute(query).one_or_none()
    return None if row is None else _draft_of(row)


def _draft_of(row: Row[Any]) -> Draft:
    reading = reading_from_json(row.reading, "catalog: a draft")
    role: Role = row.role if row.role in ROLES else "reader"
    return Draft(reading, role, row.version, row.seconds, row.stage, viewed_from_json(row.viewed), row.at)


def _row_of(draft: Draft) -> dict[str, Any]:
    return {
        "study_id": draft.reading.study_id, "reader_id": draft.reading.reader_id, "role": draft.role,
        "version": draft.version, "reading": reading_to_json(draft.reading), "seconds": dict(draft.seconds),
        "stage": draft.stage, "viewed": viewed_to_json(draft.viewed), "at": draft.at,
    }  # fmt: skip
