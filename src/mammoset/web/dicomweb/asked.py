"""What a request of DICOMweb is about: the images that its address names, and where they are to be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from mammoset.catalog import ImageRecord
from mammoset.web.dicomweb.stored import StoredObjects
from mammoset.web.door.problems import Refused, not_found
from mammoset.web.door.wire import Wire
from mammoset.web.pages.exams import in_hanging_order
from mammoset.web.site import Here, Site

SERVICE = "/dicomweb"
USUAL_PORTS = (80, 443)


@dataclass(frozen=True)
class Asked:
    """A request and the images that it is about.

    Attributes
    ----------
    records : tuple of ImageRecord
        Of the study, the series or the one instance that the address names, in hanging order; at least one. That the
        person may see them was checked before (`mammoset.web.door.access`).
    """

    request: Request
    site: Site
    stored: StoredObjects
    records: tuple[ImageRecord, ...]

    def place(self, record: ImageRecord) -> str:
        """Return the address of an instance on this server."""
        image = record.image
        return f"{SERVICE}/studies/{image.study_id}/series/{image.series_id}/instances/{image.image_id}"


def server_of(request: Request) -> str:
    """Return the address of the server as the client reaches it: scheme, name and port."""
    wire: Wire = request.app.state.wire
    if wire.origin is not None:
        return wire.origin
    url, listening = request.base_url, request.scope.get("server")
    try:
        port = url.port
    except ValueError:
        raise Refused(400, "the header Host names a port that is none") from None
    # dicomweb-client leaves the port out of the header Host
    if port is None and listening is not None and listening[1] not in (None, *USUAL_PORTS):
        url = url.replace(port=listening[1])
    return str(url).rstrip("/")


def base_of(request: Request) -> str:
    """Return the address of the service as the client reaches it."""
    return server_of(request) + SERVICE


def stored_of(request: Request) -> StoredObjects:
    """Return the reader of the content store that all requests share."""
    state = request.app.state
    if not hasattr(state, "stored_objects"):
        state.stored_objects = StoredObjects(state.site.project.content)
    stored: StoredObjects = state.stored_objects
    return stored


def _asked(request: Request, site: Here) -> Asked:
    named = request.path_params
    found = records_named(site, named["study_id"], named.get("series_id"), named.get("image_id"))
    stored = stored_of(request)
    for record in found:
        stored.require(record)
    return Asked(request, site, stored, found)


def records_named(site: Site, study_id: str, series_id: str | None, image_id: str | None) -> tuple[ImageRecord, ...]:
    """Return the images of a study, of a series of it, or one image of that.

    Raises
    ------
    Refused
        404 if there are none.
    """
    catalog = site.project.catalog
    if image_id is None:
        records = catalog.image_records(study_id)
    else:
        record = catalog.image_record(image_id)
        records = [] if record is None else [record]
    found = [one for one in records if one.image.study_id == study_id and series_id in (None, one.image.series_id)]
    if not found:
        raise not_found()
    return in_hanging_order(found)


Wanted = Annotated[Asked, Depends(_asked)]
"""Annotation by which a route asks for the images that its address names."""
