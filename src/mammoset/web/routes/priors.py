"""Earlier exams of the same patient beside one that is read: only where the project shows them, only through that exam.

An image of an earlier exam has an address below the exam that it is shown with. So who may have it is decided by the
row of that exam in the table of access, and the earlier exam itself stays closed.
"""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mammoset.catalog import ImageRecord
from mammoset.domain.priors import Prior, day_of, priors_among
from mammoset.domain.workflow import StudyState
from mammoset.web.answers.reading import PriorOut, Shown, image_out
from mammoset.web.dicomweb.asked import stored_of
from mammoset.web.door.problems import not_found
from mammoset.web.pages.exams import in_hanging_order
from mammoset.web.routes.codestreams import MEDIA_TYPE, code_stream_of
from mammoset.web.site import Here, Site

ADDRESS = "/api/v1/studies/{}/priors/{{}}/codestream"
"""Where the code stream of an image of an earlier exam is had, with braces for the exam and the image."""
HIDDEN_IN = frozenset({StudyState.HELD, StudyState.EXCLUDED})

router = APIRouter(prefix="/api/v1", tags=["reading"])


@router.get(
    "/studies/{study_id}/priors/{prior_id}/codestream", response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 206: {"content": {MEDIA_TYPE: {}}, "description": "A range"}},
)  # fmt: skip
def prior_codestream(request: Request, site: Here, study_id: str, prior_id: str) -> Response:
    """Return the code stream of an image of an earlier exam of the patient, or the range of it that is asked for."""
    images = (record for _, records in priors_at(site, study_id) for record in records)
    record = next((one for one in images if one.image.image_id == prior_id), None)
    if record is None:
        raise not_found()
    return code_stream_of(request, stored_of(request), record, ADDRESS.format(study_id).format(prior_id))


def priors_out(site: Site, study_id: str) -> list[PriorOut]:
    """Return the earlier exams that are shown with an exam, the latest first, by their standard views."""
    pictures = site.previews
    return [
        PriorOut(months=prior.months, images=[
            image_out(one, Shown(pictures.presentation(one), pictures.extent(one)), ADDRESS.format(study_id))
            for one in records
        ])
        for prior, records in priors_at(site, study_id)
    ]  # fmt: skip


def shown_with(site: Site, study_id: str) -> set[str]:
    """Return who has an exam beside which this one may be shown: another exam of the same patient."""
    cases = site.room.board.cases()
    if site.project.settings.read.priors != "shown" or study_id not in cases:
        return set()
    own = cases[study_id].study.patient_id
    others = (one for one in cases.values() if one.study.patient_id == own and one.study.study_id != study_id)
    return {name for one in others for name, _ in one.standing.people}


def priors_at(site: Site, study_id: str) -> list[tuple[Prior, tuple[ImageRecord, ...]]]:
    """Return the earlier exams that may be shown with an exam: approved, not held, where the project says so."""
    case = site.room.board.case(study_id)
    if case is None or site.project.settings.read.priors != "shown":
        return []
    own = case.study.patient_id
    wanted = {
        one.study.study_id for one in site.room.board.cases().values()
        if one.study.patient_id == own and one.standing.state not in HIDDEN_IN
    }  # fmt: skip
    records: dict[str, list[ImageRecord]] = {one: [] for one in (*wanted, study_id)}
    for record in site.project.catalog.image_records(wanted | {study_id}):
        records[record.image.study_id].append(record)
    days = {one: _day(found) for one, found in records.items()}
    found = priors_among(days.pop(study_id), days)
    standard = {one: [record for record in records[one] if record.image.is_standard] for one in records}
    return [(prior, in_hanging_order(standard[prior.study_id])) for prior in found if standard[prior.study_id]]


def _day(records: list[ImageRecord]) -> date | None:
    return next((day for one in records if (day := day_of(one.attributes.get("study_date")))), None)
