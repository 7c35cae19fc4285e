"""The dashboard: progress for everybody as far as it cannot unblind them, agreement for who may be told of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mammoset.web.answers.dashboard_bodies import AgreementOut, ProgressOut, agreement_out, progress_out
from mammoset.web.answers.polling import polled
from mammoset.web.door.access import Who
from mammoset.web.site import Here

router = APIRouter(prefix="/api/v1/dashboard", tags=["dashboard"])


@router.get("/progress", response_model=ProgressOut)
def progress(request: Request, site: Here, who: Who) -> Response:
    """Return how far the reading is: one's own rows, for an administrator those of all."""
    numbers = site.room.dashboard
    is_told = site.conditions.refusal(("told",), who, {}) is None
    flow = numbers.flow() if is_told else None
    is_admin = "admin" in who.roles
    return polled(request, progress_out(numbers.tally(), flow, name=who.name, is_admin=is_admin, is_told=is_told))


@router.get("/agreement", response_model=AgreementOut)
def agreement(request: Request, site: Here, who: Who) -> Response:
    """Return how well the readers agree."""
    report, is_current = site.room.dashboard.agreement()
    is_admin = "admin" in who.roles
    return polled(request, agreement_out(report, is_current=is_current, name=who.name, is_admin=is_admin))
