"""What waits for a reviewer: every image whole, what the files say, and the commands that decide.

Nothing is decided here. The command line does that, in another process: these pages only read.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from mammoset.catalog import ImageRecord
from mammoset.errors import DatasetDefect
from mammoset.review import REJECTION_REASONS
from mammoset.web.exams import Collection
from mammoset.web.file_values import file_values, numbered
from mammoset.web.keys import NAMES, REVIEW_IMAGE_KEYS, REVIEW_KEYS
from mammoset.web.lists import page_of
from mammoset.web.previews import MEDIA_TYPE, Height, Look
from mammoset.web.site import Here
from mammoset.web.waiting import Waiting

router = APIRouter(prefix="/review", include_in_schema=False)

PICTURE_CACHE = "no-store"
"""A name may be visible in them: they are not to lie in a browser's folder after the exam was rejected."""

APPROVE = "mammoset review decide approve {id} --by NAME"
REJECT = "mammoset review decide reject {id} --by NAME --reason " + REJECTION_REASONS[0]


@router.get("", response_class=HTMLResponse)
def review_page(site: Here, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> HTMLResponse:
    """List the exams that wait for a reviewer."""
    shown = page_of(site.exams.collection().waiting, page)
    is_required = site.project.settings.review.required
    return site.page("review.html", "/review", page=shown, is_required=is_required)


def _waiting(collection: Collection, study_id: str) -> Waiting:
    waiting = collection.waiting_by_study.get(study_id)
    if waiting is None:
        raise HTTPException(404, "no exam of this id waits for review; it may have been decided meanwhile")
    return waiting


def _record(waiting: Waiting, image_id: str) -> ImageRecord:
    record = waiting.record(image_id)
    if record is None:
        raise HTTPException(404, "this exam has no image of this id")
    return record


@router.get("/{study_id}", response_class=HTMLResponse)
def waiting_page(site: Here, study_id: str) -> HTMLResponse:
    """Show all images of an exam as they are stored, what its files say, and how to decide."""
    collection = site.exams.collection()
    exam = _waiting(collection, study_id)
    place = collection.waiting.index(exam)
    return site.page(
        "waiting.html",
        "/review",
        exam=exam,
        labels=numbered(exam.records),
        place=place,
        n_listed=len(collection.waiting),
        previous=collection.waiting[place - 1] if place else None,
        next=collection.waiting[place + 1] if place + 1 < len(collection.waiting) else None,
        windows=site.previews.choices(exam.records),
        n_windows={record.image.image_id: site.previews.n_windows(record) for record in exam.records},
        attributes=file_values(site.project.content, exam.records),
        approve=APPROVE.format(id=study_id),
        reject={record.image.image_id: REJECT.format(id=record.image.image_id) for record in exam.records},
        reasons=REJECTION_REASONS,
        keys=REVIEW_KEYS,
        key_names=NAMES,
    )


@router.get("/{study_id}/images/{image_id}", response_class=HTMLResponse)
def waiting_image_page(site: Here, study_id: str, image_id: str) -> HTMLResponse:
    """Show one image large, to be moved and enlarged."""
    exam = _waiting(site.exams.collection(), study_id)
    record = _record(exam, image_id)
    place, labels = exam.records.index(record), numbered(exam.records)
    neighbours = dict(enumerate(zip(exam.records, labels, strict=True)))
    return site.page(
        "waiting_image.html", "/review",
        exam=exam, record=record, label=labels[place], place=place,
        previous=neighbours.get(place - 1), next=neighbours.get(place + 1),
        windows=site.previews.choices([record]), n_windows=site.previews.n_windows(record),
        reject=REJECT.format(id=image_id), keys=REVIEW_IMAGE_KEYS, key_names=NAMES,
    )  # fmt: skip


@router.get("/{study_id}/images/{image_id}/preview.webp")
def waiting_picture(
    site: Here,
    study_id: str,
    image_id: str,
    height: Height = "864",
    window: Annotated[int, Query(ge=1, le=64)] = 1,
    reveal: bool = False,
) -> Response:
    """Return a picture of an image that waits for review, whole and in stored orientation."""
    record = _record(_waiting(site.exams.collection(), study_id), image_id)
    look = Look(height, is_revealed=True) if reveal else Look(height, window)
    try:
        picture = site.previews.picture(record, look)
    except IndexError:
        raise HTTPException(404, f"the image has {site.previews.n_windows(record)} windows") from None
    except DatasetDefect as defect:
        raise HTTPException(404, str(defect)) from None
    return Response(picture, media_type=MEDIA_TYPE, headers={"Cache-Control": PICTURE_CACHE})
