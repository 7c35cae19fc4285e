"""Which exams a person may see: those of which `mammoset.web.door.conditions` says ``shown``, as one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from mammoset.catalog.tables import FactRow
from mammoset.domain.workflow import FactKind, StudyState, standing_of
from mammoset.project import Project
from mammoset.web.door.access import Viewer
from mammoset.web.door.conditions import phase_is_closed
from mammoset.web.pages.exams import ExamFiles, Exams


def exams_of(viewer: Viewer, project: Project, exams: Exams) -> list[ExamFiles]:
    """Return the exams that a person may see, with their images in hanging order, in the order of the draw.

    A reviewer sees what passed the gate, but for what was rejected. Everybody else sees approved exams that are not
    held: those assigned to them, and all once the reading phase is closed.
    """
    approved, waiting = exams.content()
    if "reviewer" in viewer.roles:
        return sorted((*approved, *waiting), key=lambda exam: (exam[0].draw, exam[0].study_id))
    if phase_is_closed(project):
        held = set(_held(project))
        return [exam for exam in approved if exam[0].study_id not in held]
    own = set(_assigned_to(viewer.name, project, {study.study_id for study, _ in approved}))
    return [exam for exam in approved if exam[0].study_id in own]


def _held(project: Project) -> Iterator[str]:
    flagged = _studies_with(project, FactKind.FLAGGED)
    for study_id, facts in project.catalog.facts(flagged).items():
        if standing_of(facts, project.schema).state == StudyState.HELD:
            yield study_id


def _assigned_to(name: str, project: Project, approved: Collection[str]) -> Iterator[str]:
    named = _studies_with(project, FactKind.ASSIGNED, name).intersection(approved)
    for study_id, facts in project.catalog.facts(named).items():
        standing = standing_of(facts, project.schema)
        if standing.role_of(name) is not None and standing.state != StudyState.HELD:
            yield study_id


def _studies_with(project: Project, kind: FactKind, reader_id: str = "") -> set[str]:
    query = select(FactRow.study_id).where(FactRow.kind == kind.value).distinct()
    if reader_id:
        query = query.where(FactRow.reader_id == reader_id)
    with project.catalog.reading() as session:
        return set(session.scalars(query))
