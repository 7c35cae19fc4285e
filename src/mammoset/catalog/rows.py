"""Between rows of the database and values of the program."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from mammoset.catalog.records import Decision, HeldRegion, ImageRecord, ReviewFact
from mammoset.catalog.tables import DecisionRow, FactRow, HeldRegionRow, ImageRow, ReaderRow, ReviewFactRow
from mammoset.domain.readings_json import reading_from_json, reading_to_json
from mammoset.domain.viewed import viewed_from_json, viewed_to_json
from mammoset.domain.workflow import ROLES, Fact, FactKind, Role
from mammoset.model import Image, Reader
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.terms.reasons import Outcome, ReviewKind, Stage

IMAGE_COLUMNS = (
    "image_id", "series_id", "study_id", "patient_id", "laterality", "view_position", "height", "width", "is_standard",
)  # fmt: skip
"""What `image_of` needs of a row."""


def decision_to_row(decision: Decision) -> DecisionRow:
    """Return the row of a decision."""
    return DecisionRow(
        stage=decision.stage.value, study_id=decision.study_id, image_id=decision.image_id,
        outcome=decision.outcome.value, reason=decision.reason, detail=decision.detail,
        by=decision.by, at=decision.at,
    )  # fmt: skip


def decision_of(row: DecisionRow | Row[Any]) -> Decision:
    """Return the decision of a row."""
    return Decision(
        stage=Stage(row.stage), study_id=row.study_id, image_id=row.image_id, outcome=Outcome(row.outcome),
        reason=row.reason, detail=row.detail, by=row.by, at=row.at,
    )  # fmt: skip


def image_to_row(record: ImageRecord) -> ImageRow:
    """Return the row of an image."""
    image = record.image
    return ImageRow(
        image_id=image.image_id, study_id=image.study_id, series_id=image.series_id, patient_id=image.patient_id,
        laterality=image.laterality.value, view_position=image.view_position.value,
        height=image.height, width=image.width, is_standard=image.is_standard,
        codestream_offset=record.codestream_offset, tile_part_ends=list(record.tile_part_ends),
        pixel_sha256=record.pixel_sha256, file_sha256=record.file_sha256, size=record.size,
        masked=[list(box) for box in record.masked], attributes=dict(record.attributes),
        cleaning=dict(record.cleaning), elements=list(record.elements), rules=record.rules,
    )  # fmt: skip


def image_of(row: ImageRow | Row[Any]) -> Image:
    """Return the image of a row."""
    return Image(
        image_id=row.image_id, series_id=row.series_id, study_id=row.study_id, patient_id=row.patient_id,
        laterality=Laterality(row.laterality), view_position=ViewPosition(row.view_position),
        height=row.height, width=row.width, is_standard=row.is_standard,
    )  # fmt: skip


def image_record_of(row: ImageRow | Row[Any]) -> ImageRecord:
    """Return the image of a row, with what is known of its file."""
    return ImageRecord(
        image=image_of(row), codestream_offset=row.codestream_offset, tile_part_ends=tuple(row.tile_part_ends),
        pixel_sha256=row.pixel_sha256, file_sha256=row.file_sha256, size=row.size,
        masked=tuple((box[0], box[1], box[2], box[3]) for box in row.masked), attributes=row.attributes,
        cleaning=row.cleaning, elements=tuple(row.elements), rules=row.rules,
    )  # fmt: skip


def fact_to_row(fact: Fact) -> FactRow:
    """Return the row of a fact."""
    return FactRow(
        kind=fact.kind.value, study_id=fact.study_id, reader_id=fact.reader_id, role=fact.role, reason=fact.reason,
        reading=None if fact.reading is None else reading_to_json(fact.reading),
        seconds=dict(fact.seconds) or None, viewed=viewed_to_json(fact.viewed) or None, at=fact.at,
    )  # fmt: skip


def fact_of(row: FactRow | Row[Any]) -> Fact:
    """Return the fact of a row."""
    reading = None if row.reading is None else reading_from_json(row.reading, f"catalog: fact {row.number}")
    role: Role = row.role if row.role in ROLES else "reader"
    return Fact(
        kind=FactKind(row.kind), study_id=row.study_id, reader_id=row.reader_id, at=row.at, role=role,
        reading=reading, reason=row.reason, number=row.number, seconds=row.seconds or {},
        viewed=viewed_from_json(row.viewed),
    )  # fmt: skip


def reader_of(row: ReaderRow) -> Reader:
    """Return the person of a row."""
    return Reader(
        row.reader_id, tuple(row.roles), row.years_experience, row.annual_volume, row.is_available, row.workload_cap
    )


def region_to_row(region: HeldRegion) -> HeldRegionRow:
    """Return the row of a region that waits for a person."""
    return HeldRegionRow(
        study_id=region.study_id, image_id=region.image_id, box=list(region.box), found_by=region.found_by,
        score=region.score,
    )  # fmt: skip


def region_of(row: Row[Any]) -> HeldRegion:
    """Return the region of a row."""
    xmin, ymin, xmax, ymax = row.box
    return HeldRegion(row.study_id, row.image_id, (xmin, ymin, xmax, ymax), row.found_by, row.score)


def review_fact_to_row(fact: ReviewFact) -> ReviewFactRow:
    """Return the row of what a reviewer said."""
    return ReviewFactRow(
        kind=fact.kind.value, verdict=fact.verdict, by=fact.by, study_id=fact.study_id, image_id=fact.image_id,
        element=fact.element, value=fact.value, reason=fact.reason, at=fact.at,
    )  # fmt: skip


def review_fact_of(row: Row[Any]) -> ReviewFact:
    """Return what a reviewer said of a row."""
    return ReviewFact(
        ReviewKind(row.kind), row.verdict, row.by, row.study_id, row.image_id, row.element, row.value, row.reason,
        row.at, row.number,
    )  # fmt: skip
