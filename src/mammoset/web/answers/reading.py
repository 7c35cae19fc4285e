"""What a reader gets: answers made of the board and the catalog, with nothing in them of what others answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from mammoset.catalog import ImageRecord
from mammoset.catalog.drafts import Draft
from mammoset.domain.readings_json import finding_to_json
from mammoset.domain.rules import Violation
from mammoset.model import Reading
from mammoset.pixels.window import Presentation
from mammoset.read import Saved, Task, counts_of, next_of
from mammoset.web.pictures.previews import Extent
from mammoset.web.pictures.viewing import PresentationOut, presentation_out

CODE_STREAM = "/api/v1/images/{}/codestream"
"""Where the compressed code stream of an image is had, by byte ranges."""
END_OF_CODE_STREAM = 2
"""Bytes of the EOC marker behind the last tile-part (ISO/IEC 15444-1 A.4.4)."""

KEPT_BACK = ("patient_", "study_", "series_")
"""How the names of attributes begin that are of no use in hanging and windowing, but for one."""
ORIENTATION = "patient_orientation"

RoleOut = Literal["reader", "senior", "arbiter"]
StateOut = Literal["new", "in_progress", "done"]


class BreastOut(BaseModel):
    """An answer about a breast; null is not answered."""

    laterality: Literal["L", "R"]
    birads: int | None
    density: str | None


class FindingOut(BaseModel):
    """A finding: xmin, ymin, xmax, ymax in stored pixels, half-open."""

    image_id: str
    box: list[float]
    categories: list[str]
    birads: int | None


class ReadingOut(BaseModel):
    """An answer."""

    breasts: list[BreastOut]
    findings: list[FindingOut]
    comment: str


class TaskOut(BaseModel):
    """An exam on a person's list."""

    study_id: str
    number: int
    state: StateOut
    role: RoleOut
    opened_at: datetime | None
    submitted_at: datetime | None
    can_amend: bool
    n_images: int


class CountsOut(BaseModel):
    """Exams on the list, by how far they are."""

    new: int
    in_progress: int
    done: int


class WorklistOut(BaseModel):
    """A person's list, in the order of the draw; the counts are of the whole list."""

    items: list[TaskOut]
    counts: CountsOut
    next_study_id: str | None


class CodeStreamOut(BaseModel):
    """Where the code stream is, its size in bytes, where it begins in what is had there, and the end of each tile-part.

    The tile-part ends count from the begin of the code stream: the prefix up to the n-th decodes to level n.
    """

    url: str
    size: int
    offset: int
    tile_part_ends: list[int]


class ExamImageOut(BaseModel):
    """An image of an exam; `attributes` are kept header values under their keywords in snake_case.

    ``extent`` is where the breast is: its left, top, right and bottom edge as shares of the stored width and height.
    """

    image_id: str
    series_id: str
    laterality: str
    view_position: str
    is_standard: bool
    rows: int
    columns: int
    attributes: dict[str, Any]
    presentation: PresentationOut
    extent: tuple[float, float, float, float]
    codestream: CodeStreamOut


class PriorOut(BaseModel):
    """An earlier exam of the same patient: its standard views, and how many whole months before it was taken."""

    months: int
    images: list[ExamImageOut]


class ExamOut(BaseModel):
    """An exam to be read; the standard views in hanging order, then further ones."""

    study_id: str
    number: int
    role: RoleOut
    labels_version: str
    images: list[ExamImageOut]
    priors: list[PriorOut]


class Shown(NamedTuple):
    """What is known of an image from its file: how it wants to be shown, and where the breast is."""

    presentation: Presentation
    extent: Extent


class ViewedOut(BaseModel):
    """What its reader has seen of an image: the share of the breast at 1:1 or larger, and seconds of work."""

    share_at_full: float
    seconds: float
    seconds_at_full: float


class DraftOut(BaseModel):
    """An answer in the making; version 0 and no reading while there is none."""

    version: int
    reading: ReadingOut | None
    seconds: dict[str, float]
    viewed: dict[str, ViewedOut]
    stage: str | None
    saved_at: datetime | None


class SavedOut(BaseModel):
    """What a draft became."""

    version: int
    saved_at: datetime


class DoneOut(BaseModel):
    """An answer is in; where to go on."""

    state: Literal["done"] = "done"
    next_study_id: str | None


class HoldsOut(BaseModel):
    """Exams of the asker that were held since; ask again with `number`."""

    number: int
    study_ids: list[str]


def reading_out(reading: Reading) -> ReadingOut:
    """Return an answer without whose it is."""
    breasts = [
        BreastOut(laterality=one.laterality.value, birads=one.birads, density=one.density) for one in reading.breasts
    ]
    findings = [FindingOut(**finding_to_json(one)) for one in reading.findings]
    return ReadingOut(breasts=breasts, findings=findings, comment=reading.comment)


def task_out(task: Task) -> TaskOut:
    """Return an exam on a list."""
    return TaskOut(
        study_id=task.study_id, number=task.case.number, state=task.progress.value, role=task.role,
        opened_at=task.opened_at, submitted_at=task.submitted_at, can_amend=task.can_amend,
        n_images=len(task.case.study.images),
    )  # fmt: skip


def counts_out(tasks: Sequence[Task]) -> CountsOut:
    """Return how many exams of a list are how far."""
    return CountsOut(**{progress.value: count for progress, count in counts_of(tasks).items()})


def worklist_out(tasks: Sequence[Task], state: str | None) -> WorklistOut:
    """Return a list, or those of it that are so far."""
    items = [task_out(task) for task in tasks if state in (None, task.progress.value)]
    return WorklistOut(items=items, counts=counts_out(tasks), next_study_id=next_of(tasks))


def exam_out(
    task: Task, records: Sequence[ImageRecord], shown: Mapping[str, Shown], labels_version: str,
    priors: Sequence[PriorOut] = (),
) -> ExamOut:  # fmt: skip
    """Return an exam to be read.

    Parameters
    ----------
    records : sequence of ImageRecord
        In hanging order.
    shown : mapping of image id to Shown
    """
    return ExamOut(
        study_id=task.study_id, number=task.case.number, role=task.role, labels_version=labels_version,
        images=[image_out(record, shown[record.image.image_id]) for record in records], priors=list(priors),
    )  # fmt: skip


def image_out(record: ImageRecord, shown: Shown, code_stream: str = CODE_STREAM) -> ExamImageOut:
    """Return an image of an exam; `code_stream` is its address with braces for the image's id."""
    image = record.image
    kept = {
        name: value
        for name, value in record.attributes.items()
        if name == ORIENTATION or not name.startswith(KEPT_BACK)
    }
    return ExamImageOut(
        image_id=image.image_id, series_id=image.series_id, laterality=image.laterality.value,
        view_position=image.view_position.value, is_standard=image.is_standard, rows=image.height,
        columns=image.width, attributes=kept, presentation=presentation_out(shown.presentation), extent=shown.extent,
        codestream=CodeStreamOut(
            url=code_stream.format(image.image_id),
            size=record.tile_part_ends[-1] + END_OF_CODE_STREAM if record.tile_part_ends else 0, offset=0,
            tile_part_ends=list(record.tile_part_ends),
        ),
    )  # fmt: skip


def draft_out(draft: Draft | None) -> DraftOut:
    """Return a stored draft, or that there is none."""
    if draft is None:
        return DraftOut(version=0, reading=None, seconds={}, viewed={}, stage=None, saved_at=None)
    return DraftOut(
        version=draft.version, reading=reading_out(draft.reading), seconds=dict(draft.seconds),
        viewed={one: ViewedOut(**seen._asdict()) for one, seen in draft.viewed.items()},
        stage=draft.stage or None, saved_at=draft.at,
    )  # fmt: skip


def conflict_of(saved: Saved) -> dict[str, Any]:
    """Return what a client is told of the draft that it did not know of."""
    return draft_out(saved.draft).model_dump(mode="json")


def violation_out(violation: Violation) -> dict[str, Any]:
    """Return a broken rule as JSON values."""
    return {
        "code": violation.code, "key": violation.key, "level": violation.level, "message": violation.message,
        "laterality": violation.laterality, "finding_index": violation.finding_index,
    }  # fmt: skip
