"""What people did in the reading room, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from mammoset.web.answers.assignments import UNTOLD_EVENTS
from mammoset.web.answers.cursors import Cursor, Limit, Listed, cursor_of, number_in
from mammoset.web.door.access import Who
from mammoset.web.site import Here

router = APIRouter(prefix="/api/v1/events", tags=["events"])

Kind = Annotated[str | None, Query(max_length=32, pattern=r"^[a-z_]*$", description="only of this kind")]
By = Annotated[str | None, Query(max_length=64, pattern=r"^[^\x00]*$", description="only by this person")]


class EventOut(BaseModel):
    """Something that a person did; `about` is another person, `study_id` an exam, each empty where there is none.

    `exam_number` is the exam's, null where there is none, or none any more.
    """

    number: int
    at: datetime
    kind: str
    by: str
    about: str
    study_id: str
    exam_number: int | None
    detail: Mapping[str, Any]


@router.get("")
def events(
    site: Here, who: Who, kind: Kind = None, by: By = None, cursor: Cursor = None, limit: Limit = 50
) -> Listed[EventOut]:  # fmt: skip
    """Return what people did, newest first; what follows from readings is left out for who may not be told."""
    is_told = site.conditions.refusal(("told",), who, {}) is None
    without = () if is_told else UNTOLD_EVENTS
    book = site.project.catalog.events
    before = None if cursor is None else number_in(cursor)
    found = book.page(kind=kind or None, by=by or None, before=before, limit=limit + 1, without=without)
    shown = found[:limit]
    exams = site.project.catalog.studies({one.study_id for one in shown if one.study_id})
    numbers = {study.study_id: study.draw + 1 for study in exams}
    items = [
        EventOut(
            number=one.number, at=one.at, kind=one.kind, by=one.by, about=one.about, study_id=one.study_id,
            exam_number=numbers.get(one.study_id), detail=one.detail,
        )
        for one in shown
    ]  # fmt: skip
    total = book.count(kind=kind or None, by=by or None, without=without)
    following = cursor_of([shown[-1].number]) if len(found) > limit else None
    return Listed(items=items, next_cursor=following, total=total)
