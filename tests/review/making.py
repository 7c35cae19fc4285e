"""Exams as the gate leaves them, for tests of the review: what files hold is written straight into the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset import review
from mammoset.catalog import Decision, HeldRegion, ImageRecord, PoolEntry, StudyRecord
from mammoset.content import crop_path, write_whole
from mammoset.model import Image
from mammoset.project import Project
from mammoset.review import Saying, record, words_of
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from tests.web.building import add_image

SETTINGS = '[dataset]\nname = "reviewed"\n\n[review]\nsecond_look = {share}\nseed = {seed}\n'
DEVICES = ("SIEMENS", "HOLOGIC", "GE MEDICAL SYSTEMS")
SEARCHED = {"effort": "fast", "found": [], "decided": [], "breast_pixels_lost": 0}
ROWS, COLUMNS = 110, 88
REGION = (10, 20, 60, 40)

Pairs = Iterable[tuple[str, str]]


def make_project(root: Path, *, exams: int = 3, share: float = 0.0, seed: int = 0) -> Project:
    """Make a project of exams that passed the gate; exam n was drawn as number n."""
    project = Project.create(root, settings_text=SETTINGS.format(share=share, seed=seed))
    pairs = (pair for number in range(exams) for view in range(4) for pair in values_of(number, view).items())
    project.catalog.review_book.number_values(pairs)  # at once, because each call is a transaction
    for number in range(exams):
        add_exam(project, number)
    return project


def study_id(number: int) -> str:
    return f"2.25.{number + 1}"


def image_id(number: int, view: int) -> str:
    return f"2.25.{number + 1}00{view}"


def values_of(number: int, view: int) -> dict[str, str]:
    """What the files of an exam hold, as the gate tells it."""
    return {
        "SOPInstanceUID": "<keyed UID>",
        "PatientID": "<pseudonym>",
        "Modality": "MG",
        "Manufacturer": DEVICES[number % 3],
        "ViewPosition": STANDARD_VIEWS[view][1].value,
        "ViewCodeSequence.CodeValue": "399162004" if view % 2 == 0 else "399368009",
        "KVP": str(25 + number % 9),
        "BodyPartThickness": f"{30 + (7 * number + 3 * view) % 60}",
        "PatientAge": f"{40 + number % 50:03d}Y",
        "ImagerPixelSpacing": "0.07\\0.07" if number % 3 else "0.085\\0.085",
        "WindowCenterWidthExplanation": "NORMAL\\HARDER",
    }


def add_exam(
    project: Project, number: int, *, values: Mapping[str, str] | None = None, cleaning: Mapping[str, Any] = SEARCHED,
    pixels: str = "", has_files: bool = False,
) -> tuple[ImageRecord, ...]:  # fmt: skip
    """Record an exam as if it had passed the gate; once more with other `pixels` or values as if made again."""
    records = []
    for view, (side, position) in enumerate(STANDARD_VIEWS):
        image = Image(
            image_id(number, view), f"2.25.{number + 1}0{view}", study_id(number), f"P{number}", side, position, ROWS,
            COLUMNS,
        )  # fmt: skip
        pairs = (values_of(number, view) | dict(values or {})).items()
        record = add_image(project, image, breast(), spacing=None) if has_files else bare(image)
        records.append(
            replace(
                record,
                pixel_sha256=pixels or f"{number:032x}{view:032x}",
                attributes={"manufacturer": DEVICES[number % 3]},
                cleaning=dict(cleaning),
                elements=tuple(sorted(project.catalog.review_book.number_values(pairs).values())),
            )
        )
    project.catalog.put_pool([PoolEntry(study_id(number), number, "test")])
    decisions = [Decision(stage, study_id(number), Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE)]
    project.catalog.admit(StudyRecord(study_id(number), f"P{number}", 50, "F"), records, decisions)
    return tuple(records)


def bare(image: Image) -> ImageRecord:
    return ImageRecord(image, 0, (), "", "0" * 64, 1)


def breast(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.uint16]:
    """Return half an ellipse of tissue at the left, and air that is nothing at all."""
    pixels = np.zeros((rows, columns), np.uint16)
    cv2.ellipse(pixels, (0, rows // 2), (columns // 2, rows * 2 // 5), 0, 0, 360, 1500, -1)
    return pixels


def hold(project: Project, number: int, *boxes: tuple[int, int, int, int]) -> list[HeldRegion]:
    """Record that an exam waits for a person to decide about regions of its first image; write their pictures."""
    regions = [HeldRegion(study_id(number), image_id(number, 0), box, "text", 0.9) for box in boxes or (REGION,)]
    for region in regions:
        _, png = cv2.imencode(".png", np.full((20, 50), 90, np.uint8))
        write_whole(crop_path(project.held, region.image_id, region.box), bytes(png))
    project.catalog.put_pool([PoolEntry(study_id(number), number, "test")])
    decision = Decision(Stage.PSEUDONYMIZE, study_id(number), Outcome.HELD, "text_on_tissue")
    project.catalog.dismiss(study_id(number), [decision], regions)
    return regions


def images_of(project: Project, number: int) -> list[str]:
    return [image_id(number, view) for view in range(len(STANDARD_VIEWS))]


def approve_values(project: Project) -> None:
    """Approve every value that files hold, as somebody who has seen them."""
    said = [Saying("approve", one.element) for one in review.elements(project)]
    record(project, words_of(project, said, by="mai"), by="mai")
