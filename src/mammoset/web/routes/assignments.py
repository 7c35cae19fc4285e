"""Assignments: who has which exam, drawn for all or said for one; and the end of the reading phase."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from mammoset import read
from mammoset.domain.workflow import Fact
from mammoset.web.answers.assignments import (
    MISSING,
    AssignmentIn,
    AssignmentsOut,
    ClosingIn,
    ClosingOut,
    DrawIn,
    DrawOut,
    State,
    WithdrawalIn,
    assignment_out,
    chosen,
    counts_of,
    draw_out,
    in_state,
    place_of,
    require_told,
    rows_of,
    told_as_conflicts,
)
from mammoset.web.answers.cursors import Cursor, Limit, cursor_of, place_in
from mammoset.web.door.access import Viewer, Who
from mammoset.web.door.problems import Refused
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["assignments"])

STILL_OPEN = "the phase is closed already, or exams still wait for somebody; ask an administrator who does not read"

Person = Annotated[str | None, Query(max_length=64, pattern=r"^[^\x00]*$", description="who has it, in any role")]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="only the exam of this number")]


def _is_told(site: Site, who: Viewer) -> bool:
    return site.conditions.refusal(("told",), who, {}) is None


@router.get("/assignments")
def assignments(
    site: Here, who: Who, study_state: State | None = None, person: Person = None, number: Number = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> AssignmentsOut:  # fmt: skip
    """Return the exams and who has them, by number."""
    is_told = _is_told(site, who)
    after = None if cursor is None else _place_in(cursor)
    rows = rows_of(site.project, site.room.board.cases())
    asked = chosen(rows, person=person or None, number=number, is_told=is_told)
    found = in_state(asked, study_state, is_told=is_told)
    rest = found if after is None else [one for one in found if place_of(one) > after]
    following = cursor_of(place_of(rest[limit - 1])) if len(rest) > limit else None
    items = [assignment_out(one, is_told=is_told) for one in rest[:limit]]
    counts = counts_of(asked, is_told=is_told)
    return AssignmentsOut(items=items, next_cursor=following, total=len(found), counts=counts)


def _place_in(cursor: str) -> tuple[int, str]:
    number, study_id = place_in(cursor, int, str)
    return int(number), str(study_id)


@router.post("/assignments/draw")
def draw(site: Here, who: Who, body: DrawIn) -> DrawOut:
    """Give every approved exam that lacks somebody its readers, arbiter or senior; or tell what that would do."""
    is_told = _is_told(site, who)
    with told_as_conflicts(is_told=is_told, neutral=MISSING):
        drawn = read.assign(site.project, dry_run=body.dry_run, partial=body.partial)
    if not body.dry_run:
        _remember_draw(site, who, drawn)
    return draw_out(drawn, dry_run=body.dry_run, is_told=is_told)


def _remember_draw(site: Site, who: Viewer, drawn: read.AssignSummary) -> None:
    events = site.project.catalog.events
    events.append("drawn", by=who.name, detail={"reads": sum(drawn.reads.values())})
    counts = {"arbitrations": sum(drawn.arbitrations.values()), "seniors": sum(drawn.seniors.values())}
    if any(counts.values()):
        events.append("arbitrations_drawn", by=who.name, detail=counts)


@router.post("/assignments", status_code=204)
def assign(site: Here, who: Who, body: AssignmentIn) -> None:
    """Give an exam to a person, available or not; or take it from one and give it to another, both or neither."""
    is_told = _is_told(site, who)
    require_told(body.role, _facts(site, body.study_id), who.name, is_told=is_told)
    with told_as_conflicts(is_told=is_told):
        if body.instead_of is None or body.reason is None:
            read.assign_one(site.project, body.study_id, body.name, body.role)
        else:
            read.reassign(site.project, body.study_id, body.instead_of, body.name, body.role, body.reason)
    append = site.project.catalog.events.append
    if body.instead_of is not None:
        append(
            f"{body.role}_withdrawn", by=who.name, about=body.instead_of, study_id=body.study_id,
            detail={"reason": body.reason},
        )  # fmt: skip
    append(f"{body.role}_assigned", by=who.name, about=body.name, study_id=body.study_id)


@router.post("/assignments/withdrawal", status_code=204)
def withdrawal(site: Here, who: Who, body: WithdrawalIn) -> None:
    """Take an exam from a person; what they said of it stays on record and counts no more."""
    is_told = _is_told(site, who)
    require_told(body.role, _facts(site, body.study_id), who.name, is_told=is_told)
    with told_as_conflicts(is_told=is_told):
        read.withdraw(site.project, body.study_id, body.name, body.role, body.reason)
    site.project.catalog.events.append(
        f"{body.role}_withdrawn", by=who.name, about=body.name, study_id=body.study_id, detail={"reason": body.reason}
    )


def _facts(site: Site, study_id: str) -> list[Fact]:
    return site.project.catalog.facts(study_id).get(study_id, [])


@router.post("/phase/closing")
def closing(site: Here, who: Who, body: ClosingIn) -> ClosingOut:
    """Close the reading phase for good, once no exam waits for anybody: answers may be told after it."""
    if body.confirm != site.project.settings.dataset.name:
        raise Refused(422, "confirm: type the name of the dataset as it stands on the page", code="confirm")
    with told_as_conflicts(is_told=_is_told(site, who), neutral=STILL_OPEN):
        read.close_phase(site.project, who.name)
    site.project.catalog.events.append("phase_closed", by=who.name)
    return ClosingOut(phase_is_closed=True)
