"""DICOMweb under ``/dicomweb``: search (PS3.18 10.6) and retrieval (10.4) of the exams that a person may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from mammoset.catalog import ImageRecord
from mammoset.web.dicomweb.answers import offer_for, parts_answer, tag_of, text_answer, unless_known
from mammoset.web.dicomweb.asked import SERVICE, Asked, Wanted, base_of, server_of, stored_of
from mammoset.web.dicomweb.attributes import Level
from mammoset.web.dicomweb.matching import BadQuestion
from mammoset.web.dicomweb.multipart import Part
from mammoset.web.dicomweb.native_xml import xml_of
from mammoset.web.dicomweb.negotiation import (
    DICOM_XML,
    FRAME_OFFERS,
    INSTANCE_OFFERS,
    METADATA_OFFERS,
    RENDERED_OFFERS,
    Offer,
    single,
)
from mammoset.web.dicomweb.rendering import Rendering, picture, region_of, rendering_of, thumbnail_of
from mammoset.web.dicomweb.searching import Search, TooBroad, entities_of, question_of
from mammoset.web.dicomweb.stored import PIXEL_DATA
from mammoset.web.dicomweb.visible import exams_of
from mammoset.web.door.access import Who
from mammoset.web.pages.exams import ExamFiles
from mammoset.web.site import Here, Site

router = APIRouter(prefix=SERVICE, include_in_schema=False)

STUDY = "/studies/{study_id}"
SERIES = STUDY + "/series/{series_id}"
INSTANCE = SERIES + "/instances/{image_id}"
FRAMES = INSTANCE + "/frames/{frames}"
RETRIEVE_URL = "00081190"
ONLY_FRAME = "1"
"""Every image has one frame."""

# -- search ------------------------------------------------------------------------------------------------------------


@router.get("/studies")
def search_studies(request: Request, site: Here, viewer: Who) -> Response:
    """Search all studies."""
    return _search(request, exams_of(viewer, site.project, site.exams), Level.STUDY, (Level.STUDY,))


@router.get("/series")
def search_series(request: Request, site: Here, viewer: Who) -> Response:
    """Search the series of all studies."""
    exams = exams_of(viewer, site.project, site.exams)
    return _search(request, exams, Level.SERIES, (Level.STUDY, Level.SERIES))


@router.get("/instances")
def search_instances(request: Request, site: Here, viewer: Who) -> Response:
    """Search the instances of all studies."""
    return _search(request, exams_of(viewer, site.project, site.exams), Level.INSTANCE, tuple(Level))


@router.get(STUDY + "/series")
def search_series_of_study(request: Request, site: Here, study_id: str, wanted: Wanted) -> Response:
    """Search the series of a study."""
    return _search(request, _exam(site, study_id, wanted.records), Level.SERIES, (Level.SERIES,))


@router.get(STUDY + "/instances")
def search_instances_of_study(request: Request, site: Here, study_id: str, wanted: Wanted) -> Response:
    """Search the instances of a study."""
    return _search(request, _exam(site, study_id, wanted.records), Level.INSTANCE, (Level.SERIES, Level.INSTANCE))


@router.get(SERIES + "/instances")
def search_instances_of_series(request: Request, site: Here, study_id: str, wanted: Wanted) -> Response:
    """Search the instances of a series."""
    return _search(request, _exam(site, study_id, wanted.records), Level.INSTANCE, (Level.INSTANCE,))


def _exam(site: Site, study_id: str, records: tuple[ImageRecord, ...]) -> list[ExamFiles]:
    return [(study, records) for study in site.project.catalog.studies([study_id])]


def _search(request: Request, exams: Sequence[ExamFiles], level: Level, answered: Sequence[Level]) -> Response:
    offer = offer_for(request, METADATA_OFFERS)
    service = base_of(request)
    try:
        question = question_of(request.query_params.multi_items())
        found = Search(stored_of(request), service).find(entities_of(exams, level), question, answered)
    except BadQuestion as error:
        raise HTTPException(400, str(error)) from None
    except TooBroad:
        raise HTTPException(413, "too many files would have to be read; search for a study or patient too") from None
    warnings = list(question.warnings)
    if found.n_remaining:
        warnings.append(f"There are {found.n_remaining} additional results that can be requested")
    headers = {"Warning": ", ".join(f"299 {service}: {one}" for one in warnings)} if warnings else {}
    if not found.results:
        return Response(status_code=204, headers=headers | {"Cache-Control": "private, no-cache"})
    return _attributes_answer(request, offer, [(one[RETRIEVE_URL]["Value"][0], one) for one in found.results], headers)


def _attributes_answer(
    request: Request, offer: Offer, objects: Sequence[tuple[str, dict[str, Any]]], headers: dict[str, str]
) -> Response:
    """Return objects, each with its address, as one JSON array or as parts of XML."""
    if offer.media_type != DICOM_XML:
        data = json.dumps([one for _, one in objects], separators=(",", ":")).encode()
        return text_answer(request, data, offer.media_type, headers)
    parts = [_text_part(DICOM_XML, place, xml_of(one)) for place, one in objects]
    answer = parts_answer(request, parts, offer, tag_of(offer, [one for _, one in objects]))
    answer.headers.update(headers)
    return answer


def _text_part(media_type: str, location: str, data: bytes) -> Part:
    return Part(media_type, location, lambda: data, len(data))


# -- objects, metadata, frames -----------------------------------------------------------------------------------------


@router.get(STUDY)
@router.get(SERIES)
@router.get(INSTANCE)
def retrieve(wanted: Wanted) -> Response:
    """Retrieve whole objects."""
    is_one = wanted.request.path_params.get("image_id") is not None
    offers = INSTANCE_OFFERS + (single(INSTANCE_OFFERS) if is_one else ())
    offer = offer_for(wanted.request, offers)
    stored, syntax = wanted.stored, offer.transfer_syntax
    parts = [
        Part(
            offer.content_type,
            wanted.place(record),
            partial(stored.instance, record, syntax),
            stored.instance_size(record, syntax),
        )
        for record in wanted.records
    ]
    return parts_answer(wanted.request, parts, offer, _tag(offer, wanted.records))


@router.get(STUDY + "/metadata")
@router.get(SERIES + "/metadata")
@router.get(INSTANCE + "/metadata")
def metadata(wanted: Wanted) -> Response:
    """Retrieve all attributes; the pixels as an address of their own."""
    offer = offer_for(wanted.request, METADATA_OFFERS)
    tag = _tag(offer, wanted.records, base_of(wanted.request))
    known = unless_known(wanted.request, tag)
    if known is not None:
        return known
    server = server_of(wanted.request)
    objects = []
    for record in wanted.records:
        place = wanted.place(record)
        pixels = {PIXEL_DATA: {"vr": "OW", "BulkDataURI": f"{server}{place}/bulkdata/{PIXEL_DATA}"}}
        objects.append((f"{place}/metadata", wanted.stored.header(record) | pixels))
    answer = _attributes_answer(wanted.request, offer, objects, {})
    answer.headers["ETag"] = tag
    return answer


@router.get(STUDY + "/pixeldata")
@router.get(SERIES + "/pixeldata")
@router.get(INSTANCE + "/pixeldata")
def pixel_data(wanted: Wanted) -> Response:
    """Retrieve the frames of all objects."""
    return _frames(wanted, "pixeldata")


@router.get(INSTANCE + "/bulkdata/{tag}")
def bulk_data(wanted: Wanted, tag: str) -> Response:
    """Retrieve a value that the metadata names by its address: the pixels."""
    if tag.upper() != PIXEL_DATA:
        raise HTTPException(404, "there are no bulk data but the pixels, 7FE00010")
    return _frames(wanted, f"bulkdata/{PIXEL_DATA}")


@router.get(FRAMES)
def frames(wanted: Wanted, frames: str) -> Response:
    """Retrieve the frame: as it is stored, or in another encoding."""
    _require_frame(frames)
    return _frames(wanted, f"frames/{ONLY_FRAME}")


def _require_frame(frames: str) -> None:
    numbers = frames.split(",")
    if not all(one.isascii() and one.isdecimal() and int(one[:9]) > 0 for one in numbers):
        raise HTTPException(400, "frames are numbers from 1, separated by commas")
    if numbers != [ONLY_FRAME]:
        raise HTTPException(404, "every image here has one frame, number 1")


def _frames(wanted: Asked, place: str) -> Response:
    offers = FRAME_OFFERS + (single(FRAME_OFFERS) if len(wanted.records) == 1 else ())
    offer = offer_for(wanted.request, offers)
    stored, syntax = wanted.stored, offer.transfer_syntax
    parts = [
        Part(
            offer.content_type,
            f"{wanted.place(record)}/{place}",
            partial(stored.frame, record, syntax),
            stored.frame_size(record, syntax),
        )
        for record in wanted.records
    ]
    return parts_answer(wanted.request, parts, offer, _tag(offer, wanted.records))


# -- pictures ----------------------------------------------------------------------------------------------------------


@router.get(STUDY + "/rendered")
@router.get(SERIES + "/rendered")
@router.get(INSTANCE + "/rendered")
@router.get(FRAMES + "/rendered")
def rendered(wanted: Wanted) -> Response:
    """Retrieve pictures: windowed and scaled as asked for."""
    _require_frame(wanted.request.path_params.get("frames", ONLY_FRAME))
    answer = _pictures(wanted, _read(rendering_of, wanted), wanted.records, "rendered")
    annotations = wanted.request.query_params.get("annotation")
    if annotations is not None:
        told = f"The following annotation values are not supported: {annotations}"
        answer.headers["Warning"] = f"299 {base_of(wanted.request)}: {told}"
    return answer


@router.get(STUDY + "/thumbnail")
@router.get(SERIES + "/thumbnail")
@router.get(INSTANCE + "/thumbnail")
@router.get(FRAMES + "/thumbnail")
def thumbnail(wanted: Wanted) -> Response:
    """Retrieve one small picture: of a study or series its first image in hanging order."""
    _require_frame(wanted.request.path_params.get("frames", ONLY_FRAME))
    return _pictures(wanted, _read(thumbnail_of, wanted), wanted.records[:1], "thumbnail")


def _read(reader: Callable[[Any], Rendering], wanted: Asked) -> Rendering:
    try:
        return reader(wanted.request.query_params)
    except BadQuestion as error:
        raise HTTPException(400, str(error)) from None


def _pictures(wanted: Asked, rendering: Rendering, records: Sequence[ImageRecord], place: str) -> Response:
    is_one = len(records) == 1
    offers = (single(RENDERED_OFFERS) if is_one else ()) + RENDERED_OFFERS
    offer = offer_for(wanted.request, offers, "" if is_one else "or ask for a single instance")
    tag = _tag(offer, records, rendering)
    known = unless_known(wanted.request, tag)
    if known is not None:
        return known
    try:
        for record in records:
            region_of(rendering.viewport, record.image.height, record.image.width)
    except BadQuestion as error:
        raise HTTPException(400, str(error)) from None
    places = [f"{wanted.place(record)}/{place}" for record in records]
    if is_one:
        data = _drawn(wanted, records[0], rendering, offer)
        return parts_answer(wanted.request, [_text_part(offer.media_type, places[0], data)], offer, tag)
    parts = [
        Part(offer.media_type, where, partial(_drawn, wanted, record, rendering, offer))
        for where, record in zip(places, records, strict=True)
    ]
    return parts_answer(wanted.request, parts, offer, tag)


def _drawn(wanted: Asked, record: ImageRecord, rendering: Rendering, offer: Offer) -> bytes:
    return picture(wanted.site.previews, record, rendering, offer.media_type)


def _tag(offer: Offer, records: Sequence[ImageRecord], *more: object) -> str:
    return tag_of(offer, [record.file_sha256 for record in records], *more)
