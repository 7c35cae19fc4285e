"""The same for programs: JSON under ``/api/v1``, described by ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from mammoset.web.pages.exams import Exam
from mammoset.web.pages.lists import PAGE_SIZE, ListQuery, page_of, select_exams
from mammoset.web.site import Here

router = APIRouter(prefix="/api/v1", tags=["v1"])


class BreastOut(BaseModel):
    """What is said of a breast; null where it is not known or not to be told yet."""

    laterality: str
    birads: int | None
    density: str | None


class FindingOut(BaseModel):
    """A reference finding: a box in stored pixels, half-open, origin at the top left."""

    image_id: str
    categories: list[str]
    birads: int | None
    xmin: float
    ymin: float
    xmax: float
    ymax: float


class ImageOut(BaseModel):
    """An image of an exam."""

    image_id: str
    laterality: str
    view_position: str
    height: int
    width: int
    is_standard: bool


class ExamOut(BaseModel):
    """An approved exam; without breasts and findings while its answer must not be told."""

    number: int
    study_id: str
    patient_id: str
    age_years: int | None
    vendor: str | None
    state: str
    fold: str | None
    has_reference: bool
    breasts: list[BreastOut]
    n_findings: int | None


class ExamInFull(ExamOut):
    """An approved exam with its images and findings."""

    images: list[ImageOut]
    findings: list[FindingOut]


class ExamsOut(BaseModel):
    """A page of the list of exams."""

    total: int
    page: int
    pages: int
    page_size: int
    exams: list[ExamOut]


def _summary(exam: Exam) -> dict[str, Any]:
    breasts = [BreastOut(laterality=side, birads=exam.birads(side), density=exam.density(side)) for side in ("R", "L")]
    return {
        "number": exam.number,
        "study_id": exam.study_id,
        "patient_id": exam.study.patient_id,
        "age_years": exam.study.age_years,
        "vendor": exam.vendor or None,
        "state": exam.state,
        "fold": exam.fold or None,
        "has_reference": exam.reference is not None,
        "breasts": breasts if exam.reference else [],
        "n_findings": len(exam.findings) if exam.reference else None,
    }


@router.get("/status")
def status(site: Here) -> dict[str, Any]:
    """Return where the project stands: the flow of exams, refused objects, states, releases."""
    return site.exams.status().to_json()


@router.get("/exams")
def exams(site: Here, asked: Annotated[ListQuery, Query()]) -> ExamsOut:
    """Return a page of the approved exams, filtered and sorted as on the page."""
    page = page_of(select_exams(site.exams.collection().exams, asked), asked.page)
    return ExamsOut(
        total=page.total, page=page.number, pages=page.count, page_size=PAGE_SIZE,
        exams=[ExamOut(**_summary(exam)) for exam in page.items],
    )  # fmt: skip


@router.get("/exams/{study_id}", responses={404: {"description": "no approved exam has this id"}})
def exam(site: Here, study_id: str) -> ExamInFull:
    """Return one approved exam with its images and, once they may be told, its reference findings."""
    found = site.exams.collection().by_study.get(study_id)
    if found is None:
        raise HTTPException(404, "no approved exam has this id")
    images = [
        ImageOut(
            image_id=one.image.image_id, laterality=one.image.laterality, view_position=one.image.view_position,
            height=one.image.height, width=one.image.width, is_standard=one.image.is_standard,
        )
        for one in found.records
    ]  # fmt: skip
    findings = [
        FindingOut(
            image_id=one.image_id, categories=list(one.categories), birads=one.birads,
            xmin=one.box.xmin, ymin=one.box.ymin, xmax=one.box.xmax, ymax=one.box.ymax,
        )
        for one in found.findings
    ]  # fmt: skip
    return ExamInFull(**_summary(found), images=images, findings=findings)
