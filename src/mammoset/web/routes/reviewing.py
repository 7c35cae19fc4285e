"""The review: what waits for a reviewer's eyes, and what they say of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import cv2
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from mammoset.catalog import ImageRecord
from mammoset.errors import DatasetDefect
from mammoset.review.board import Board, Rank
from mammoset.review.regions import waiting_regions
from mammoset.review.seeing import Place, Sight
from mammoset.web.answers.cursors import Cursor, Limit, Listed, cursor_of, number_in, page_from, place_in
from mammoset.web.answers.polling import polled
from mammoset.web.answers.reviewing import (
    element_out,
    image_out,
    recorded,
    region_out,
    summary_out,
    value_out,
    value_rows,
)
from mammoset.web.answers.reviewing_bodies import (
    MarkText,
    PlaceName,
    ReviewDecisionsIn,
    ReviewElementOut,
    ReviewImageOut,
    ReviewRecordedOut,
    ReviewRegionOut,
    ReviewSummaryOut,
    ReviewValueOut,
)
from mammoset.web.door.access import Who
from mammoset.web.door.problems import Refused
from mammoset.web.pictures.previews import MEDIA_TYPE, Height, Look
from mammoset.web.site import Here

router = APIRouter(prefix="/api/v1/review", tags=["review"])

NO_STORE = {"Cache-Control": "no-store"}
"""A name may be visible in a picture: it is not to lie in a browser's folder after its exam was rejected."""
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


def _board_of(request: Request) -> Board:
    board: Board = request.app.state.review
    return board


AtBoard = Annotated[Board, Depends(_board_of)]


def _sight_of(board: AtBoard, who: Who) -> Sight:
    return Sight(board.now(), who.name)


Seen = Annotated[Sight, Depends(_sight_of)]
"""Annotation by which a route asks what the asker sees of the review."""


@router.get("/summary", response_model=ReviewSummaryOut)
def summary(request: Request, site: Here, sight: Seen) -> Response:
    """Return how far the review is, as the asker may know it."""
    n_regions = len(waiting_regions(site.project))
    is_required = site.project.settings.review.required
    return polled(request, summary_out(sight, n_regions=n_regions, is_required=is_required))


@router.get("/elements")
def elements(sight: Seen, cursor: Cursor = None, limit: Limit = 50) -> Listed[ReviewElementOut]:
    """Return every element that files hold: what waits first, of that what no rule guarantees, of that long tails."""
    found = list(sight.snapshot.summaries.values())
    shown, following = page_from(found, number_in(cursor), limit)
    n_images = len(sight.snapshot.images)
    items = [element_out(one, n_images) for one in shown]
    return Listed(items=items, next_cursor=following, total=len(found))


@router.get("/elements/{element}/values")
def values(
    sight: Seen, element: str, whole: bool = False, cursor: Cursor = None, limit: Limit = 50
) -> Listed[ReviewValueOut]:  # fmt: skip
    """Return the values of an element, rare ones first; many numbers as ranges, unless `whole` asks for each."""
    summary = sight.snapshot.summaries.get(element)
    if summary is None:
        raise Refused(404, "no file holds this element")
    rows = value_rows(summary, is_whole=whole)
    shown, following = page_from(rows, number_in(cursor), limit)
    items = [value_out(one, summary.kind, len(sight.snapshot.images)) for one in shown]
    return Listed(items=items, next_cursor=following, total=len(rows))


@router.get("/images")
def images(
    sight: Seen, state: PlaceName = "pending", cursor: Cursor = None, limit: Limit = 50
) -> Listed[ReviewImageOut]:  # fmt: skip
    """Return a list of images, suspicious ones first.

    A page goes on behind the last image of the one before, whatever was decided meanwhile.
    """
    after = None if cursor is None else Rank(*place_in(cursor, int, int, str, str))  # type: ignore[arg-type]
    found = sight.flagged() if state == "flagged" else sight.listed(Place(state))
    rest = found if after is None else [one for one in found if one.rank > after]
    shown = rest[:limit]
    following = cursor_of(shown[-1].rank) if len(rest) > limit else None
    return Listed(items=[image_out(sight, one) for one in shown], next_cursor=following, total=len(found))


@router.get("/images/{image_id}")
def image(sight: Seen, image_id: str) -> ReviewImageOut:
    """Return one image."""
    found = sight.snapshot.image(image_id)
    if found is None:
        raise _no_image()
    return image_out(sight, found)


def _no_image() -> Refused:
    return Refused(404, "no exam that passed the gate has an image of this id")


@router.get("/images/{image_id}/preview", response_class=Response, responses=PICTURE)
def preview(
    site: Here, image_id: str, height: Height = "432", look: Literal["window", "reveal"] = "window",
    window: Annotated[int, Query(ge=1, le=64)] = 1, pixels: MarkText | None = None,
) -> Response:  # fmt: skip
    """Return a picture of an image, whole and in stored orientation; 409 where it has other pixels than `pixels`."""
    record = site.project.catalog.image_record(image_id)
    if record is None:
        raise _no_image()
    if pixels is not None and not record.pixel_sha256.startswith(pixels):
        raise Refused(409, "the image was made again since it was listed; load the list again", code="conflict")
    shown = Look(height, is_revealed=True) if look == "reveal" else Look(height, window)
    return _picture(site, record, shown)


def _picture(site: Here, record: ImageRecord, look: Look) -> Response:
    try:
        return Response(site.previews.picture(record, look), media_type=MEDIA_TYPE, headers=NO_STORE)
    except IndexError:
        raise Refused(404, f"the image has {site.previews.n_windows(record)} windows") from None
    except DatasetDefect as defect:
        raise Refused(404, str(defect)) from None


@router.get("/regions")
def regions(site: Here, cursor: Cursor = None, limit: Limit = 50) -> Listed[ReviewRegionOut]:
    """Return the regions on or near the breast that wait: whether each is masked or kept."""
    found = sorted(waiting_regions(site.project), key=lambda one: one.region.region_id)
    after = "" if cursor is None else str(place_in(cursor, str)[0])
    rest = [one for one in found if one.region.region_id > after]
    following = cursor_of([rest[limit - 1].region.region_id]) if len(rest) > limit else None
    return Listed(items=[region_out(one) for one in rest[:limit]], next_cursor=following, total=len(found))


@router.get("/regions/{region_id}/crop", response_class=Response, responses=PICTURE)
def crop(site: Here, region_id: str) -> Response:
    """Return the picture of a region that waits."""
    waiting = next((one for one in waiting_regions(site.project) if one.region.region_id == region_id), None)
    picture = None if waiting is None or waiting.crop is None else cv2.imread(str(waiting.crop), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise Refused(404, "no region of this id waits, or its picture is gone; 'mammoset pseudonymize' makes it again")
    _, webp = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 101])
    return Response(webp.tobytes(), media_type=MEDIA_TYPE, headers=NO_STORE)


@router.post("/decisions")
def decisions(site: Here, board: AtBoard, who: Who, body: ReviewDecisionsIn) -> ReviewRecordedOut:
    """Record what the asker says of values, images and regions: all of it, or nothing and every problem named."""
    return recorded(site.project, board, body, who.name)
