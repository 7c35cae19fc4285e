"""Arbitration: the list of discordant exams with the reasons, and both readings of one, as A and B."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mammoset.web.answers.arbitration import ArbitrationsOut, ReadsOut, arbitrations_out, reads_out
from mammoset.web.answers.polling import polled
from mammoset.web.door.access import Who
from mammoset.web.door.problems import not_found
from mammoset.web.routes.reading import State, task_at
from mammoset.web.site import Here

router = APIRouter(prefix="/api/v1", tags=["arbitration"])


@router.get("/arbitration", response_model=ArbitrationsOut)
def arbitration(request: Request, site: Here, who: Who, state: State = None) -> Response:
    """Return the exams that the asker arbitrates, in the order of the draw, and what is to be decided of each."""
    tasks = site.room.board.tasks(who.name, ("arbiter",))
    return polled(request, arbitrations_out(tasks, state, site.project.schema, site.project.settings.read.seed))


@router.get("/studies/{study_id}/reads")
def reads(site: Here, who: Who, study_id: str) -> ReadsOut:
    """Return both readings of an exam that the asker arbitrates, how they pair and where they differ."""
    task = task_at(site, who, study_id)
    if task.role != "arbiter":
        raise not_found()
    return reads_out(task.case, site.project.schema, site.project.settings.read.seed)
