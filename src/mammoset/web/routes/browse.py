"""The exams: the list, one exam with its four views, one view large."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from mammoset.web.pages.drawing import tags_of
from mammoset.web.pages.exams import FINAL_LABEL, STATE_LABELS, Collection, Exam
from mammoset.web.pages.keys import EXAM_KEYS, IMAGE_KEYS, NAMES
from mammoset.web.pages.lists import ListQuery, page_of, select_exams
from mammoset.web.pictures.hanging import View, hang, label_of, spacing_of
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/exams", include_in_schema=False)

Asked = Annotated[ListQuery, Query()]

COLUMNS = (
    ("number", "#", "place in the draw"),
    (None, "Views", "R CC, L CC, R MLO, L MLO"),
    (None, "Exam", "pseudonym; its end, the whole on hover"),
    ("age", "Age", "years at the exam"),
    ("vendor", "Vendor", "manufacturer"),
    ("birads", "BI-RADS R · L", "sorted by the higher breast"),
    ("density", "Density R · L", "sorted by the denser breast"),
    ("findings", "Findings", "reference findings, all views"),
    ("state", "State", "where its reading stands"),
    ("fold", "Fold", "training or test"),
)
"""Name of the sort in the address (None: not sortable), heading, explanation."""


@router.get("", response_class=HTMLResponse)
def exams_page(site: Here, asked: Asked) -> HTMLResponse:
    """List the approved exams."""
    collection = site.exams.collection()
    found = select_exams(collection.exams, asked)
    page = page_of(found, asked.page)
    turns = {record.image.image_id: site.previews.turn(record) for exam in page.items for record in exam.standard}
    return site.page(
        "exams.html", "/exams",
        collection=collection, page=page, asked=asked, columns=COLUMNS, turns=turns, choices=_choices(site, collection),
    )  # fmt: skip


def _choices(site: Site, collection: Collection) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what each filter offers: value in the address, and what it is called."""
    schema = site.project.schema
    states = (*STATE_LABELS.values(), FINAL_LABEL)
    return {
        "birads": tuple((str(one), str(one)) for one in schema.breast_birads),
        "density": tuple((one, one) for one in schema.densities),
        "category": tuple((one, one) for one in schema.category_names),
        "state": tuple((one, one) for one in states),
        "fold": tuple((one, one) for one in sorted(set(collection.folds.values()))),
    }


def _exam(collection: Collection, study_id: str) -> Exam:
    exam = collection.by_study.get(study_id)
    if exam is None:
        raise HTTPException(404, "no approved exam has this id")
    return exam


@router.get("/{study_id}", response_class=HTMLResponse)
def exam_page(site: Here, study_id: str, asked: Asked) -> HTMLResponse:
    """Show the four views of an exam as a workstation hangs them, with what is said of it."""
    collection = site.exams.collection()
    exam = _exam(collection, study_id)
    listed = select_exams(collection.exams, asked)
    place = next((n for n, one in enumerate(listed) if one.study_id == study_id), None)
    views = _hung(site, exam)
    return site.page(
        "exam.html",
        "/exams",
        exam=exam,
        views=views,
        tags=tags_of,
        marks={mark.number: mark for view in views for mark in view.marks},
        labels={record.image.image_id: label_of(record) for record in exam.records},
        further=[record for record in exam.records if not record.image.is_standard],
        windows=site.previews.choices(exam.standard),
        n_windows={record.image.image_id: site.previews.n_windows(record) for record in exam.standard},
        is_to_scale=all(spacing_of(record.attributes) for record in exam.standard),
        has_masks=any(record.masked for record in exam.standard),
        collection=collection,
        asked=asked,
        place=place,
        n_listed=len(listed),
        previous=listed[place - 1] if place else None,
        next=listed[place + 1] if place is not None and place + 1 < len(listed) else None,
        keys=EXAM_KEYS,
        key_names=NAMES,
    )


def _hung(site: Site, exam: Exam) -> tuple[View, ...]:
    turns = {record.image.image_id: site.previews.turn(record) for record in exam.standard}
    reaches = {record.image.image_id: site.previews.reach(record) for record in exam.standard}
    return hang(exam.standard, turns, exam.findings, reaches)


@router.get("/{study_id}/images/{image_id}", response_class=HTMLResponse)
def image_page(site: Here, study_id: str, image_id: str, asked: Asked) -> HTMLResponse:
    """Show one view large, to be moved and enlarged."""
    collection = site.exams.collection()
    exam = _exam(collection, study_id)
    record = exam.record(image_id)
    if record is None:
        raise HTTPException(404, "this exam has no image of this id")
    (view,) = hang([record], {image_id: site.previews.turn(record)}, exam.findings)
    place = exam.records.index(record)
    return site.page(
        "image.html", "/exams",
        exam=exam, view=view, record=record, asked=asked, keys=IMAGE_KEYS, key_names=NAMES, tags=tags_of,
        previous=exam.records[place - 1] if place else None,
        next=exam.records[place + 1] if place + 1 < len(exam.records) else None,
        windows=site.previews.choices([record]),
        spacing=spacing_of(record.attributes),
    )  # fmt: skip
