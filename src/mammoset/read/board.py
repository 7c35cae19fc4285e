"""Where every study stands and whose it is, kept up to date while the server runs; and each person's own list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import NamedTuple

from sqlalchemy import func, select

from mammoset.catalog.facts import FactLog
from mammoset.catalog.tables import DecisionRow, ImageRow, ReviewFactRow
from mammoset.domain.workflow import Fact, FactKind, Role, Standing, StudyState, standing_of
from mammoset.model import Study
from mammoset.project import Project

READ_IN = frozenset(StudyState) - {StudyState.HELD, StudyState.EXCLUDED}
LISTED_IN: Mapping[Role, frozenset[StudyState]] = {
    "reader": READ_IN,
    "senior": frozenset({StudyState.CONCORDANT}),
    "arbiter": frozenset({StudyState.AWAITING_ARBITRATION, StudyState.FINAL}),
}
"""Role to the states in which a study is on the person's list."""
STARTS = (FactKind.OPENED, FactKind.DRAFT_SAVED)
ANSWERS = (FactKind.SUBMITTED, FactKind.ARBITRATED)


class Progress(StrEnum):
    """How far a person is with a study."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Case:
    """An approved study, what happened to it, and where it stands."""

    study: Study
    facts: Sequence[Fact]
    standing: Standing

    @property
    def number(self) -> int:
        """The study's number for people: its place in the order of the draw, from 1; it never changes."""
        return self.study.draw + 1


@dataclass(frozen=True, slots=True)
class Task:
    """A study on a person's list: nothing in it depends on what anybody else answered.

    Attributes
    ----------
    opened_at, submitted_at : datetime or None
        When the person opened it and first answered, since they were assigned.
    can_amend : bool
        Whether the person may still change the answer.
    """

    case: Case
    role: Role
    progress: Progress
    opened_at: datetime | None = None
    submitted_at: datetime | None = None
    can_amend: bool = False

    @property
    def study_id(self) -> str:
        """Pseudonym of the study."""
        return self.case.study.study_id


class Board:
    """The approved studies of a project and where each stands. Safe for several threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._log = FactLog(project.catalog.engine)
        self._lock = Lock()
        self._content = _Content()
        self._facts: Mapping[str, Sequence[Fact]] = {}
        self._cases: dict[str, Case] = {}

    def cases(self) -> Mapping[str, Case]:
        """Return the approved studies as of now, in the order of the draw."""
        with self._lock:
            content = self._read_content()
            facts = self._log.now()
            if content is self._content and facts is self._facts:
                return self._cases
            if content is not self._content:
                self._content, self._cases = content, {}
            known, schema = self._cases, self._project.schema
            cases = {}
            for study in content.studies:
                case, said = known.get(study.study_id), facts.get(study.study_id, ())
                if case is None or case.facts is not said:
                    case = Case(study, said, standing_of(said, schema, images=study.images))
                cases[study.study_id] = case
            self._facts, self._cases = facts, cases
            return cases

    def tasks(self, name: str, roles: Sequence[Role]) -> list[Task]:
        """Return a person's list in the order of the draw; what is held or excluded is not on it."""
        cases = self.cases().values()
        found = (task_of(case, name) for case in cases)
        return [task for task in found if task is not None and task.role in roles]

    def case(self, study_id: str) -> Case | None:
        """Return one approved study, None when there is none of that id."""
        return self.cases().get(study_id)

    def holds(self, name: str) -> list[str]:
        """Return the person's studies that were held so far, see `holds_of`."""
        return holds_of(self._log.now(), name)

    def _read_content(self) -> _Content:
        revision = self._revision()
        if revision == self._content.revision:
            return self._content
        return _Content(revision, tuple(self._project.approved_studies()))

    def _revision(self) -> tuple[int, ...]:
        newest = (
            func.max(DecisionRow.number), func.max(ReviewFactRow.number), func.count(ImageRow.image_id)
        )  # fmt: skip
        with self._project.catalog.reading() as session:
            return tuple(session.scalar(select(one)) or 0 for one in newest)


class _Content(NamedTuple):
    revision: tuple[int, ...] = ()
    studies: tuple[Study, ...] = ()


def task_of(case: Case, name: str) -> Task | None:
    """Return what a study is on a person's list, None when it is not on it."""
    standing = case.standing
    role = standing.role_of(name)
    if role is None or standing.state not in LISTED_IN[role]:
        return None
    mine = _since_assigned(case.facts, name, role)
    opened = next((one.at for one in mine if one.kind == FactKind.OPENED), None)
    if standing.answer_of(name, role) is None:
        is_begun = any(one.kind in STARTS for one in mine)
        return Task(case, role, Progress.IN_PROGRESS if is_begun else Progress.NEW, opened)
    submitted = next((one.at for one in mine if one.kind in ANSWERS), None)
    is_frozen = role == "reader" and standing.is_frozen
    return Task(case, role, Progress.DONE, opened, submitted, not (is_frozen or standing.is_closed))


def _since_assigned(facts: Sequence[Fact], name: str, role: Role) -> Sequence[Fact]:
    mine = [one for one in facts if (one.reader_id, one.role) == (name, role)]
    begin = max((number for number, one in enumerate(mine) if one.kind == FactKind.ASSIGNED), default=0)
    return mine[begin:]


def counts_of(tasks: Sequence[Task]) -> dict[Progress, int]:
    """Count a list by how far each study is."""
    counts = Counter(task.progress for task in tasks)
    return {progress: counts[progress] for progress in Progress}


def next_of(tasks: Sequence[Task], after: str = "") -> str | None:
    """Return the study to go on with: one that was begun, else the first new one; None when the list is done.

    Parameters
    ----------
    after : str
        A study that is not to be it, because it was answered just now.
    """
    for progress in (Progress.IN_PROGRESS, Progress.NEW):
        found = next((task.study_id for task in tasks if task.progress == progress and task.study_id != after), None)
        if found is not None:
            return found
    return None


def holds_of(facts: Mapping[str, Sequence[Fact]], name: str) -> list[str]:
    """Return the studies of a person that were held, once for each time, in the order in which that concerned them.

    Its length only grows, and depends on nothing but the person's own studies.
    """
    found: list[tuple[int, str]] = []
    for study_id, said in facts.items():
        assigned = next((one.number for one in said if (one.kind, one.reader_id) == (FactKind.ASSIGNED, name)), None)
        if assigned is not None:
            found += [(max(one.number, assigned), study_id) for one in said if one.kind == FactKind.FLAGGED]
    return [study_id for _, study_id in sorted(found)]
