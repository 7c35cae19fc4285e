"""Pictures of single images."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query
from fastapi.responses import Response

from mammoset.errors import DatasetDefect
from mammoset.web.pictures.previews import MEDIA_TYPE, Height, Look
from mammoset.web.site import Here

router = APIRouter(include_in_schema=False)

PICTURE_CACHE = "private, max-age=3600"


@router.get("/images/{image_id}/preview.webp")
def preview(
    site: Here,
    image_id: str,
    height: Height = "864",
    window: Annotated[int, Query(ge=1, le=64)] = 1,
    inverted: bool = False,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a windowed picture in stored orientation; not a coroutine, so it is made in the thread pool."""
    record = site.exams.collection().by_image.get(image_id)
    if record is None:
        raise HTTPException(404, "no approved exam has an image of this id")
    look = Look(height, window, inverted)
    headers = {"ETag": site.previews.etag(record, look), "Cache-Control": PICTURE_CACHE}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    try:
        return Response(site.previews.picture(record, look), media_type=MEDIA_TYPE, headers=headers)
    except IndexError:
        raise HTTPException(404, f"the image has {site.previews.n_windows(record)} windows") from None
    except DatasetDefect as defect:
        raise HTTPException(404, str(defect)) from None
