"""What must hold between a person and an exam, asked of the facts each time: nothing that blinds is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from mammoset.catalog.sessions import plain_rows
from mammoset.catalog.tables import FactRow, ImageRow
from mammoset.domain.workflow import FactKind, Role, Standing, StudyState, standing_of
from mammoset.project import Project
from mammoset.read.training import book_of
from mammoset.web.door.access import Must, Viewer
from mammoset.web.door.approvals import Approvals
from mammoset.web.door.problems import Refused, not_found

READING_ROLES = frozenset({"reader", "arbiter"})
READS: frozenset[Role] = frozenset({"reader", "senior"})
HELD = "this exam is held back while somebody looks at what was said of it; go on with another one"
NOT_TRAINED = "read the training exams first; this project opens its exams for readers who have"
NOT_TOLD = "what follows from the readings is told once the reading phase is closed"


@dataclass(frozen=True)
class Case:
    """A person who asks for something, and the exam that it is about; looked up when a condition needs it.

    Attributes
    ----------
    parameters : mapping
        What the address says in its braces; ``study_id`` or ``image_id`` name the exam.
    """

    project: Project
    approvals: Approvals
    viewer: Viewer
    parameters: Mapping[str, str]

    @cached_property
    def study_id(self) -> str | None:
        """The exam; None where the address names none, an image that does not exist, or one of another exam."""
        named, image_id = self.parameters.get("study_id"), self.parameters.get("image_id")
        if image_id is None:
            return named
        found = study_of_image(self.project, image_id)
        return None if found is None or named not in (None, found) else found

    @cached_property
    def standing(self) -> Standing:
        """Where the exam stands; as one that nobody has, where there is none."""
        facts = self.project.catalog.facts(self.study_id) if self.study_id else {}
        return standing_of(facts.get(self.study_id or "", []), self.project.schema)

    @cached_property
    def role(self) -> Role | None:
        """As what the person is assigned to the exam now; None when not."""
        return self.standing.role_of(self.viewer.name) if self.study_id else None

    @cached_property
    def is_closed(self) -> bool:
        """Whether the reading phase is closed."""
        return phase_is_closed(self.project)

    @property
    def is_open_for_reading(self) -> bool:
        """Whether the exam is approved as it is now, and not held."""
        is_held = self.standing.state == StudyState.HELD
        return self.study_id is not None and not is_held and self.approvals.is_approved(self.study_id)


def _reads(case: Case) -> Refused | None:
    return None if case.role in READS else not_found()


def _arbitrates(case: Case) -> Refused | None:
    return None if case.role == "arbiter" else not_found()


def _answers(case: Case) -> Refused | None:
    return None if case.role is not None else not_found()


def _shown(case: Case) -> Refused | None:
    if case.study_id is None:
        return not_found()
    if "reviewer" in case.viewer.roles:
        return None
    if case.role is None and not (case.is_closed and case.approvals.exists(case.study_id)):
        return not_found()
    return None if case.is_open_for_reading else Refused(410, HELD, code="held")


def _told(case: Case) -> Refused | None:
    if case.is_closed:
        return None
    if "admin" not in case.viewer.roles:
        return Refused(403, NOT_TOLD, code="phase_open")
    if READING_ROLES & case.viewer.roles or has_been_assigned(case.project, case.viewer.name):
        return Refused(403, f"{NOT_TOLD}; an administrator who reads is blinded as well", code="phase_open")
    return None


def _trained(case: Case) -> Refused | None:
    if case.project.settings.read.training != "required" or case.role != "reader":
        return None
    return None if book_of(case.project).has_finished(case.viewer.name) else Refused(403, NOT_TRAINED, code="training")


MUSTS: dict[Must, Callable[[Case], Refused | None]] = {
    "reads": _reads,
    "arbitrates": _arbitrates,
    "answers": _answers,
    "shown": _shown,
    "told": _told,
    "trained": _trained,
}
"""Each condition to the function that says why it does not hold, None when it does."""


class Conditions:
    """Asks the conditions of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.approvals = Approvals(project)

    def refusal(self, must: tuple[Must, ...], viewer: Viewer, parameters: Mapping[str, str]) -> Refused | None:
        """Return why the first condition that does not hold does not; None when all do.

        All are asked of one moment.
        """
        if not must:
            return None
        case = Case(self.project, self.approvals, viewer, parameters)
        with self.project.catalog.reading():
            return next((refused for one in must if (refused := MUSTS[one](case)) is not None), None)


def phase_is_closed(project: Project) -> bool:
    """Whether the reading phase of a project was closed."""
    closed = select(FactRow.number).where(FactRow.study_id == "", FactRow.kind == FactKind.PHASE_CLOSED.value)
    with project.catalog.reading() as session:
        return session.scalar(closed.limit(1)) is not None


def has_been_assigned(project: Project, name: str) -> bool:
    """Whether a person was ever assigned to an exam, also one that was withdrawn from it since."""
    assigned = select(FactRow.number).where(FactRow.reader_id == name, FactRow.kind == FactKind.ASSIGNED.value)
    with project.catalog.reading() as session:
        return session.scalar(assigned.limit(1)) is not None


def study_of_image(project: Project, image_id: str) -> str | None:
    """Return the exam of an image, None when there is no such image."""
    with project.catalog.reading() as session:
        rows = plain_rows(session, select(ImageRow.study_id).where(ImageRow.image_id == image_id))
    return rows[0].study_id if rows else None
