"""Who has which exam, as an administrator sees it: who reads as well is told nothing that follows from readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator
from sqlalchemy import select

from mammoset.catalog.sessions import plain_rows
from mammoset.catalog.tables import FactRow
from mammoset.domain.workflow import Fact, FactKind, Role, Standing, StudyState, standing_of
from mammoset.errors import CatalogError, ConfigError, TransitionError
from mammoset.project import Project
from mammoset.read import AssignSummary, Case
from mammoset.web.answers.cursors import Listed
from mammoset.web.door.problems import Refused

State = Literal[
    "unassigned", "assigned", "awaiting_reads", "awaiting_arbitration", "concordant", "final", "held", "excluded"
]
"""As `StudyState`; `assigned` stands for all that depends on readings, for who may not be told."""
SAID_TO_ALL = frozenset({StudyState.UNASSIGNED, StudyState.HELD, StudyState.EXCLUDED})
UNTOLD_EVENTS = (
    "arbiter_assigned", "arbiter_withdrawn", "senior_assigned", "senior_withdrawn", "arbitrations_drawn",
)  # fmt: skip
"""Kinds of events that follow from readings."""
NEUTRAL = "this is not possible as the exam stands now; load the list again"
MISSING = (
    "people are missing for some exams, and nothing was assigned: add some, raise a cap, or let what is possible be "
    "assigned"
)

StudyId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9]+(\.[0-9]+)*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]


class AssigneeOut(BaseModel):
    """Somebody who has an exam; whether they have answered, null for who may not be told."""

    name: str
    is_submitted: bool | None


class AssignmentOut(BaseModel):
    """An exam and who has it. `is_open`: whether its review is complete, so that it can be read now.

    For who may not be told what follows from readings `senior`, `arbiter` and `flags` are null.
    """

    study_id: str
    number: int
    state: State
    is_open: bool
    readers: list[AssigneeOut]
    senior: AssigneeOut | None
    arbiter: AssigneeOut | None
    flags: list[str] | None


class AssignmentsOut(Listed[AssignmentOut]):
    """A page of the exams; `counts` are of all that are asked for, whatever their state."""

    counts: dict[State, int]


class AssignmentIn(BaseModel):
    """Give an exam to a person, or to them instead of another, with the reason."""

    study_id: StudyId
    name: Name
    role: Role = "reader"
    instead_of: Name | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _has_reason(self) -> Self:
        if (self.instead_of is None) != (self.reason is None):
            raise ValueError("who is replaced is replaced for a reason")
        return self


class WithdrawalIn(BaseModel):
    """Take an exam from a person."""

    study_id: StudyId
    name: Name
    role: Role = "reader"
    reason: Reason


class DrawIn(BaseModel):
    """Draw people for all exams that lack some; `partial` does what is possible where people are missing."""

    dry_run: bool = False
    partial: bool = False


class DrawOut(BaseModel):
    """Exams newly assigned to each person; what follows from readings is null for who may not be told."""

    dry_run: bool
    reads: dict[str, int]
    arbitrations: dict[str, int] | None
    seniors: dict[str, int] | None
    missing: dict[str, int]
    why: list[str]


class ClosingIn(BaseModel):
    """Close the reading phase for good; `confirm` is the name of the dataset."""

    confirm: Annotated[str, Field(max_length=1000)]


class ClosingOut(BaseModel):
    """Whether the reading phase is closed."""

    phase_is_closed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An exam on the list of assignments, before it is shown to somebody.

    Attributes
    ----------
    is_open : bool
        Whether it is approved as it is now.
    is_excluded : bool
        Whether the review has left it out.
    """

    study_id: str
    number: int
    standing: Standing
    is_open: bool
    is_excluded: bool = False

    @property
    def state(self) -> StudyState:
        """Where the exam stands."""
        return StudyState.EXCLUDED if self.is_excluded else self.standing.state


def rows_of(project: Project, cases: Mapping[str, Case]) -> list[Row]:
    """Return the approved exams, and those that somebody has although they are not open now, by number."""
    rows = [Row(study_id=key, number=one.number, standing=one.standing, is_open=True) for key, one in cases.items()]
    return sorted([*rows, *_shut_rows(project, cases)], key=place_of)


def place_of(row: Row) -> tuple[int, str]:
    """Return an exam's place in the list."""
    return row.number, row.study_id


def _shut_rows(project: Project, cases: Mapping[str, Case]) -> Iterator[Row]:
    catalog = project.catalog
    with catalog.reading() as session:
        query = select(FactRow.study_id).where(FactRow.kind == FactKind.ASSIGNED.value).distinct()
        shut = {row.study_id for row in plain_rows(session, query)} - cases.keys()
        if not shut:
            return
        facts, out = catalog.facts(shut), catalog.excluded_study_ids()
        studies = catalog.studies(shut)
    for study in studies:
        standing = standing_of(facts.get(study.study_id, ()), project.schema, images=study.images)
        yield Row(
            study_id=study.study_id, number=study.draw + 1, standing=standing, is_open=False,
            is_excluded=study.study_id in out,
        )  # fmt: skip


def chosen(rows: Iterable[Row], *, person: str | None, number: int | None, is_told: bool) -> list[Row]:
    """Return the rows of a person, and of a number, by nothing but what the asker may be told of them."""
    return [
        row
        for row in rows
        if (number is None or row.number == number)
        and (person is None or person in _shown_people(row.standing, is_told=is_told))
    ]


def in_state(rows: Iterable[Row], state: State | None, *, is_told: bool) -> list[Row]:
    """Return the rows in a state, as the asker may be told of it; all for None."""
    return [row for row in rows if state is None or shown_state(row, is_told=is_told) == state]


def counts_of(rows: Iterable[Row], *, is_told: bool) -> dict[State, int]:
    """Return how many exams are in each state, as the asker may be told of it."""
    return dict(Counter(shown_state(row, is_told=is_told) for row in rows))


def shown_state(row: Row, *, is_told: bool) -> State:
    """Return where an exam stands, as somebody may be told of it."""
    if is_told or row.state in SAID_TO_ALL:
        return row.state.value
    return "assigned" if row.standing.readers else "unassigned"


def _shown_people(standing: Standing, *, is_told: bool) -> Sequence[str]:
    return [name for name, _ in standing.people] if is_told else standing.readers


def assignment_out(row: Row, *, is_told: bool) -> AssignmentOut:
    """Return an exam as somebody may be told of it."""
    standing = row.standing

    def assignee(name: str, role: Role) -> AssigneeOut:
        return AssigneeOut(name=name, is_submitted=standing.answer_of(name, role) is not None if is_told else None)

    def other(name: str | None, role: Role) -> AssigneeOut | None:
        return assignee(name, role) if is_told and name is not None else None

    return AssignmentOut(
        study_id=row.study_id, number=row.number, state=shown_state(row, is_told=is_told), is_open=row.is_open,
        readers=[assignee(one, "reader") for one in standing.readers], senior=other(standing.senior, "senior"),
        arbiter=other(standing.arbiter, "arbiter"), flags=list(standing.flags) if is_told else None,
    )  # fmt: skip


def draw_out(drawn: AssignSummary, *, dry_run: bool, is_told: bool) -> DrawOut:
    """Return what a draw did, as somebody may be told of it."""
    told = [(role, n, why) for (role, n), why in zip(drawn.missing.items(), drawn.why, strict=True)]
    told = [one for one in told if is_told or one[0] == "reader"]
    return DrawOut(
        dry_run=dry_run, reads=dict(drawn.reads), arbitrations=dict(drawn.arbitrations) if is_told else None,
        seniors=dict(drawn.seniors) if is_told else None, missing={role: n for role, n, _ in told},
        why=[why for _, _, why in told],
    )  # fmt: skip


def require_told(role: Role, facts: Sequence[Fact], name: str, *, is_told: bool) -> None:
    """Refuse what would tell an administrator who reads as well how an exam was read.

    Raises
    ------
    Refused
        403 for arbiters and seniors, whose exams are known by how they were read, and for an exam of one's own.
    """
    if is_told:
        return
    if role != "reader":
        raise Refused(
            403, "who arbitrates what follows from readings; an administrator who reads is not told of it while the "
            "reading phase is open", code="phase_open",
        )  # fmt: skip
    if any((one.kind, one.reader_id) == (FactKind.ASSIGNED, name) for one in facts):
        raise Refused(403, "this exam is one of yours; let another administrator change who has it", code="phase_open")


@contextmanager
def told_as_conflicts(*, is_told: bool, neutral: str = NEUTRAL) -> Iterator[None]:
    """Tell of what the workflow or the people do not allow as 409, to who may not be told in one sentence for all."""
    try:
        yield
    except TransitionError as error:
        raise Refused(409, str(error) if is_told else neutral, code=error.code if is_told else "transition") from None
    except ConfigError as error:
        said = str(error).removeprefix("read: ").replace("read assign: ", "")
        raise Refused(409, said if is_told else neutral, code="people") from None
    except CatalogError as error:
        raise Refused(409, str(error), code="busy") from None
