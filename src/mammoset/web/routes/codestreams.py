"""The compressed code streams of images, for the viewer: by ranges of bytes, each a lower or higher resolution."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mammoset.catalog import ImageRecord
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL
from mammoset.web.answers.reading import CODE_STREAM
from mammoset.web.dicomweb.answers import parts_answer, tag_of
from mammoset.web.dicomweb.asked import stored_of
from mammoset.web.dicomweb.multipart import Part
from mammoset.web.dicomweb.negotiation import Offer
from mammoset.web.dicomweb.stored import StoredObjects
from mammoset.web.door.problems import not_found
from mammoset.web.site import Here

MEDIA_TYPE = "image/jphc"
"""An HTJ2K code stream without a file format around it (ISO/IEC 15444-15)."""

router = APIRouter(prefix="/api/v1", tags=["reading"])

_OFFER = Offer(MEDIA_TYPE, is_multipart=False)


@router.get(
    "/images/{image_id}/codestream", response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 206: {"content": {MEDIA_TYPE: {}}, "description": "A range"}},
)  # fmt: skip
def codestream(request: Request, site: Here, image_id: str) -> Response:
    """Return the code stream of an image, or the range of it that is asked for, as it lies in the content store."""
    record = site.project.catalog.image_record(image_id)
    if record is None:
        raise not_found()
    return code_stream_of(request, stored_of(request), record, CODE_STREAM.format(image_id))


def code_stream_of(request: Request, stored: StoredObjects, record: ImageRecord, address: str) -> Response:
    """Return the code stream of an image that the asker may have, or the range of it that is asked for."""
    stored.require(record)
    make = partial(stored.frame, record, HTJ2K_LOSSLESS_RPCL)
    part = Part(MEDIA_TYPE, address, make, stored.frame_size(record, HTJ2K_LOSSLESS_RPCL))
    return parts_answer(request, [part], _OFFER, tag_of(record.file_sha256))
