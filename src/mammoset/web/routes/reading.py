"""Reading: the list, an exam, its draft, its answer, a flag; and what is to be known at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from mammoset import read
from mammoset.domain.rules import check
from mammoset.domain.workflow import Role
from mammoset.errors import ConfigError, RuleViolation
from mammoset.model import Reading
from mammoset.read import Task, next_of
from mammoset.web.answers.labels import LabelsOut
from mammoset.web.answers.polling import polled
from mammoset.web.answers.reading import (
    DoneOut,
    DraftOut,
    ExamOut,
    HoldsOut,
    ReadingOut,
    SavedOut,
    Shown,
    WorklistOut,
    conflict_of,
    draft_out,
    exam_out,
    reading_out,
    violation_out,
    worklist_out,
)
from mammoset.web.answers.reading_bodies import AmendmentIn, DraftIn, FlagIn, SubmissionIn
from mammoset.web.door.access import Viewer, Who
from mammoset.web.door.conditions import HELD
from mammoset.web.door.problems import Refused, not_found
from mammoset.web.pages.exams import in_hanging_order
from mammoset.web.routes.priors import priors_out, shown_with
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["reading"])

State = Annotated[Literal["new", "in_progress", "done"] | None, Query()]
CONFLICT = "somebody, or another window of yours, has saved another version meanwhile; choose which one to keep"
READING_ROLES: tuple[Role, ...] = ("reader", "senior")


@router.get("/worklist", response_model=WorklistOut)
def worklist(request: Request, site: Here, who: Who, state: State = None) -> Response:
    """Return the exams that the asker reads, in the order of the draw."""
    return polled(request, worklist_out(site.room.board.tasks(who.name, READING_ROLES), state))


@router.get("/studies/{study_id}/exam")
def exam(site: Here, who: Who, study_id: str) -> ExamOut:
    """Return an exam to be read: its images and where their pixels are."""
    task = task_at(site, who, study_id)
    records = in_hanging_order(site.project.catalog.image_records(study_id))
    pictures = site.previews
    shown = {one.image.image_id: Shown(pictures.presentation(one), pictures.extent(one)) for one in records}
    return exam_out(task, records, shown, site.room.labels.version, priors_out(site, study_id))


@router.post("/studies/{study_id}/opening", status_code=204)
def opening(site: Here, who: Who, study_id: str) -> None:
    """Record that the asker has opened the exam; once."""
    read.open_study(site.project, study_id, who.name)


@router.get("/studies/{study_id}/draft", response_model=DraftOut)
def draft(site: Here, who: Who, study_id: str, response: Response) -> DraftOut:
    """Return the asker's draft; its version is the ETag."""
    task = task_at(site, who, study_id)
    found = draft_out(site.project.catalog.drafts.of(study_id, who.name, task.role))
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.put("/studies/{study_id}/draft")
def put_draft(
    site: Here, who: Who, study_id: str, body: DraftIn, response: Response,
    if_match: Annotated[str, Header(pattern=r'^"[0-9]{1,9}"$')],
) -> SavedOut:  # fmt: skip
    """Save the asker's draft in the place of the version named by If-Match."""
    saved = read.save_draft(site.project, study_id, who.name, body.work(study_id, who.name), int(if_match[1:-1]))
    if saved.is_conflict or saved.draft is None:
        raise conflict(saved)
    response.headers["ETag"] = f'"{saved.version}"'
    return SavedOut(version=saved.version, saved_at=saved.draft.at)


@router.post("/studies/{study_id}/reading")
def submit(site: Here, who: Who, study_id: str, body: SubmissionIn) -> DoneOut:
    """Submit the asker's answer."""
    work = body.work(study_id, who.name)
    try:
        saved = read.submit(site.project, study_id, who.name, work, body.version, body.confirmed)
    except RuleViolation as error:
        raise broken(site, study_id, work.reading, body.confirmed, str(error)) from None
    if saved.is_conflict:
        raise conflict(saved)
    return DoneOut(next_study_id=next_after(site, who, study_id))


@router.post("/studies/{study_id}/amendment")
def amend(site: Here, who: Who, study_id: str, body: AmendmentIn) -> DoneOut:
    """Put another answer in the place of the asker's own."""
    work = body.work(study_id, who.name)
    try:
        read.amend(site.project, study_id, who.name, work, body.reason, body.confirmed)
    except RuleViolation as error:
        raise broken(site, study_id, work.reading, body.confirmed, str(error)) from None
    return DoneOut(next_study_id=next_after(site, who, study_id))


@router.get("/studies/{study_id}/reading")
def own_reading(site: Here, who: Who, study_id: str) -> ReadingOut:
    """Return the asker's answer in force."""
    task = task_at(site, who, study_id)
    found = task.case.standing.answer_of(who.name, task.role)
    if found is None:
        raise Refused(404, "you have submitted no answer for this exam", code="not_submitted")
    return reading_out(found)


@router.post("/studies/{study_id}/flag", status_code=204)
def flag(site: Here, who: Who, study_id: str, body: FlagIn) -> None:
    """Hold the exam at once and send it back to the review."""
    case = site.room.board.case(study_id)
    beside = shown_with(site, study_id)
    try:
        read.flag(site.project, study_id, who.name, read.Flag(body.kind, body.reason, body.image_id))
    except ConfigError as error:
        raise Refused(422, str(error), code="flag") from None
    if case is not None:
        site.room.signals.tell({name for name, _ in case.standing.people}, "hold", {"study_id": study_id})
    site.room.signals.tell(beside, "prior", {})


@router.get("/holds")
def holds(site: Here, who: Who, after: Annotated[int, Query(ge=0, le=10**9)] = 0) -> HoldsOut:
    """Return which of the asker's exams were held since `after`: whatever is kept of them is to be deleted."""
    found = site.room.board.holds(who.name)
    return HoldsOut(number=len(found), study_ids=list(dict.fromkeys(found[after:])))


@router.get("/signals", response_class=StreamingResponse)
async def signals(site: Here, who: Who) -> StreamingResponse:
    """Stream server-sent events about the asker's exams.

    ``hold`` has the id of one that is held from now on; ``prior`` says that one beside an exam of theirs is.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(site.room.signals.listen(who.name), media_type="text/event-stream", headers=headers)


@router.get("/labels", response_model=LabelsOut)
def labels(request: Request, site: Here) -> Response:
    """Return what readers are asked, and the rules that an answer must keep."""
    return polled(request, site.room.labels)


def task_at(site: Site, who: Viewer, study_id: str) -> Task:
    """Return an exam as it is on the asker's list; 410 where it is theirs and held, else 404."""
    case = site.room.board.case(study_id)
    task = None if case is None else read.task_of(case, who.name)
    if task is None and read.role_at(site.project, study_id, who.name) is not None:
        raise Refused(410, HELD, code="held")
    if task is None:
        raise not_found()
    return task


def next_after(site: Site, who: Viewer, study_id: str) -> str | None:
    """Return the exam to go on with after another one, of the list that it is on."""
    mine = site.room.board.tasks(who.name, read.ROLES)
    is_arbitration = any(task.study_id == study_id and task.role == "arbiter" for task in mine)
    return next_of([task for task in mine if (task.role == "arbiter") == is_arbitration], study_id)


def conflict(saved: read.Saved) -> Refused:
    """Return the refusal of who did not know the stored version."""
    return Refused(409, CONFLICT, code="conflict", more=conflict_of(saved))


def broken(site: Site, study_id: str, reading: Reading, confirmed: list[str], told: str) -> Refused:
    """Return the refusal of an answer that breaks rules, with every one of them."""
    case = site.room.board.case(study_id)
    images = () if case is None else case.study.images
    found = check(reading, images, site.project.schema, confirmed=confirmed)
    violations: list[dict[str, Any]] = [violation_out(one) for one in found]
    return Refused(422, told, code="rules", more={"violations": violations})
