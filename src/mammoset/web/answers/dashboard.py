"""The dashboard: how far the reading is and how well it agrees, shaped for plots; remembered until an answer comes in.

Two views of the same numbers: one for who may be told what follows from readings (the condition ``told`` of
`mammoset.web.door.access`), one for who may not, in which nothing depends on what anybody answered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from threading import Lock
from typing import TypeVar

import numpy as np
from sqlalchemy import func, select

from mammoset.catalog.tables import DecisionRow, FactRow, ReviewFactRow
from mammoset.domain.agreement_report import AgreementReport, report_of
from mammoset.domain.flow import Flow
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.jobs.status import flow_of
from mammoset.project import Project
from mammoset.read import Board, Case, Progress, task_of
from mammoset.web.pictures.remembering import MadeInBackground

Value = TypeVar("Value")

READS: frozenset[Role] = frozenset({"reader"})
"""Roles whose number of exams tells nothing of what was answered; who is senior or arbiter of one tells that."""
FIRST_ANSWERS = frozenset({FactKind.SUBMITTED, FactKind.ARBITRATED})
ANSWERS = FIRST_ANSWERS | {FactKind.AMENDED, FactKind.WITHDRAWN}


@dataclass
class Work:
    """What one person did in one role, on the exams that are approved now.

    Attributes
    ----------
    assigned, in_progress, submitted : int
        Exams the person has now; begun, and not answered; answered.
    seconds : list of float
        Of each answer whose time was measured, to its first submission.
    days : Counter of date
        First submissions by day, UTC.
    """

    assigned: int = 0
    in_progress: int = 0
    submitted: int = 0
    seconds: list[float] = field(default_factory=list)
    days: Counter[date] = field(default_factory=Counter)

    def median(self) -> float | None:
        """Return the median seconds per exam, None when none was measured."""
        return median(self.seconds) if self.seconds else None

    def p90(self) -> float | None:
        """Return the seconds in which nine of ten exams were done, None when none was measured."""
        return float(np.quantile(self.seconds, 0.9)) if self.seconds else None

    def per_hour(self) -> float | None:
        """Return the exams per hour of measured work, None when none was measured."""
        spent = sum(self.seconds)
        return 3600 * len(self.seconds) / spent if spent > 0 else None


Works = Mapping[tuple[str, Role], Work]


@dataclass(frozen=True)
class Tally:
    """Counts over the approved exams.

    Attributes
    ----------
    states : mapping of state to number of exams
    works : mapping of person and role to Work
        Of everybody who is assigned now, or answered.
    answers : tuple of int
        Changes with every answer and every exam that comes or goes, and with nothing else.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    works: Works = field(default_factory=dict)
    answers: tuple[int, int] = (0, 0)


class Dashboard:
    """The numbers of a project, as of now. Safe for several threads."""

    def __init__(self, project: Project, board: Board) -> None:
        self._project = project
        self._board = board
        self._lock = Lock()
        self._cases: tuple[Case, ...] = ()
        self._tally = Tally()
        self.measuring = MadeInBackground(self._measure)
        self.walking = MadeInBackground(lambda: flow_of(project))

    def tally(self) -> Tally:
        """Return the counts, made anew when a study stands elsewhere."""
        cases = tuple(self._board.cases().values())
        with self._lock:
            is_known = len(cases) == len(self._cases)
            if not is_known or any(one is not other for one, other in zip(cases, self._cases, strict=True)):
                self._cases, self._tally = cases, tally_of(cases)
            return self._tally

    def agreement(self) -> tuple[AgreementReport | None, bool]:
        """Return the newest report there is, None before the first, and whether it is of now.

        It is made in the background: thousands of exams take seconds, and nobody waits for that.
        """
        return newest(self.measuring, self.tally().answers)

    def flow(self) -> Flow | None:
        """Return the newest flow of exams there is, None before the first; made in the background too."""
        parts = (func.max(DecisionRow.number), func.max(ReviewFactRow.number), func.max(FactRow.number))
        with self._project.catalog.reading() as session:
            revision = tuple(session.scalar(select(one)) or 0 for one in parts)
        return newest(self.walking, revision)[0]

    def _measure(self) -> AgreementReport:
        with self._lock:
            cases = self._cases
        experience = {one.reader_id: one.years_experience for one in self._project.catalog.readers()}
        standings = {case.study.study_id: case.standing for case in cases}
        studies = [case.study for case in cases]
        return report_of(standings, studies, self._project.schema, experience=experience)


def newest(making: MadeInBackground[Value], revision: object) -> tuple[Value | None, bool]:
    """Return what was made last, None before the first time, and whether it is of this revision."""
    current = making.at(revision)
    return (making.latest(), False) if current is None else (current, True)


def tally_of(cases: Sequence[Case]) -> Tally:
    """Count cases."""
    states: Counter[str] = Counter()
    answers: list[int] = []
    works: dict[tuple[str, Role], Work] = defaultdict(Work)
    for case in cases:
        states[case.standing.state.value] += 1
        for name, role in case.standing.people:
            _add_task(works[name, role], case, name, role)
        answers += (fact.number for fact in case.facts if fact.kind in ANSWERS)
        for fact in _first_answers(case.facts):
            work = works[fact.reader_id, fact.role]
            work.days[fact.at.date()] += 1
            if fact.seconds:
                work.seconds.append(sum(fact.seconds.values()))
    studies = hash(tuple(case.study.study_id for case in cases))
    return Tally(dict(states), dict(works), (studies, hash(tuple(answers))))


def _add_task(work: Work, case: Case, name: str, role: Role) -> None:
    work.assigned += 1
    if case.standing.answer_of(name, role) is not None:
        work.submitted += 1
        return
    task = task_of(case, name)
    work.in_progress += task is not None and task.progress == Progress.IN_PROGRESS


def _first_answers(facts: Sequence[Fact]) -> Iterator[Fact]:
    yield from (fact for fact in facts if fact.kind in FIRST_ANSWERS)


def by_day(works: Iterable[Work]) -> list[tuple[date, int]]:
    """Return how many exams were answered on each day, from the first to the last, days without any included."""
    days: Counter[date] = Counter()
    for work in works:
        days.update(work.days)
    if not days:
        return []
    first, last = min(days), max(days)
    whole = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [(day, days[day]) for day in whole]
