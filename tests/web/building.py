"""A small project made through the catalog and the content store: synthetic exams, known answers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from mammoset.catalog import Decision, ImageRecord, PoolEntry, SplitRun, StudyRecord, now
from mammoset.content import write_whole
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding, Image, Reader, Reading
from mammoset.phantom.lesions import Lesion
from mammoset.phantom.render import ViewPlan, render
from mammoset.pixels.codec import file_bytes, tile_part_ends, with_pixels
from mammoset.project import Project
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS_RPCL,
    MG_FOR_PRESENTATION,
    STANDARD_VIEWS,
    Laterality,
    ViewPosition,
)
from mammoset.terms.reasons import Outcome, Stage

SPACING = 0.68
"""Eight times coarser than a detector's: small images of breasts of true size."""

BOTH = (ViewPosition.CC, ViewPosition.MLO)
LESIONS: tuple[tuple[Lesion, ...], ...] = (
    (),
    (Lesion(("Mass",), 4, BOTH, 11, 22.0),),
    (Lesion(("Suspicious Calcification",), 5, BOTH, 12, 18.0), Lesion(("Skin Thickening",), None, BOTH, 13, 30.0)),
    (Lesion(("Focal Asymmetry",), 3, (ViewPosition.MLO,), 14, 26.0),),
)
"""What is in the right breast of exam n, taken modulo their number; the left breast is healthy."""

VENDORS = ("SIEMENS", "HOLOGIC, Inc.", "GE MEDICAL SYSTEMS", "")
DENSITIES = ("B", "C", "C", "D")


@dataclass(frozen=True)
class Picture:
    pixels: NDArray[np.uint16]
    boxes: tuple[tuple[int, Box], ...]


@cache
def picture(kind: int, view: tuple[Laterality, ViewPosition], rows: int = 440, spacing: float = SPACING) -> Picture:
    lesions = LESIONS[kind] if view[0] is Laterality.R else ()
    plan = ViewPlan(
        100 + kind, 10 * kind + STANDARD_VIEWS.index(view), *view, DENSITIES[kind], lesions, rows, rows * 35 // 44,
        spacing, 12,
    )  # fmt: skip
    drawn = render(plan)
    return Picture(drawn.pixels, drawn.boxes)


def uid(*path: int) -> str:
    return f"2.25.{int.from_bytes(hashlib.sha256(repr(path).encode()).digest()[:15])}"


def header(image: Image, windows: Sequence[tuple[float, float, str]]) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = UID(MG_FOR_PRESENTATION)
    dataset.file_meta.MediaStorageSOPInstanceUID = UID(image.image_id)
    dataset.file_meta.TransferSyntaxUID = UID(EXPLICIT_VR_LE)
    dataset.SOPClassUID, dataset.SOPInstanceUID = MG_FOR_PRESENTATION, image.image_id
    dataset.PatientID = image.patient_id
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = image.height, image.width, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.WindowCenter = [center for center, _, _ in windows]
    dataset.WindowWidth = [width for _, width, _ in windows]
    dataset.WindowCenterWidthExplanation = [name for _, _, name in windows]
    return dataset


WINDOWS = ((2048.0, 3500.0, "NORMAL"), (2048.0, 2400.0, "HARDER"), (2048.0, 4095.0, "SOFTER"))


def add_image(
    project: Project, image: Image, pixels: NDArray[np.uint16], *, spacing: float | None = SPACING,
    windows: Sequence[tuple[float, float, str]] = WINDOWS, chest_wall: str | None = None, vendor: str = "",
) -> ImageRecord:  # fmt: skip
    """Write an image's object; return the record that the catalog needs."""
    data = file_bytes(with_pixels(header(image, windows), pixels, HTJ2K_LOSSLESS_RPCL))
    offset = data.index(b"\xff\x4f\xff\x51")
    write_whole(project.content.path(image), data)
    attributes: dict[str, object] = {"manufacturer": vendor} if vendor else {}
    if spacing is not None:
        attributes["imager_pixel_spacing"] = [spacing, spacing]
    if chest_wall is not None:
        attributes["chest_wall"] = chest_wall
    at_left = image.laterality is Laterality.R
    corner = (0, 0, 70, 36) if at_left else (image.width - 70, 0, image.width, 36)
    return ImageRecord(
        image, offset, tile_part_ends(data[offset:]), hashlib.sha256(pixels.tobytes()).hexdigest(),
        hashlib.sha256(data).hexdigest(), len(data), (corner,), attributes,
    )  # fmt: skip


@dataclass(frozen=True)
class Made:
    """An exam and what is true of it."""

    study_id: str
    records: tuple[ImageRecord, ...]
    reading: Reading


WAITING = 60
"""Number of the exam that waits for review: none of those that tests add."""


def add_exam(
    project: Project, number: int, *, rows: int = 440, spacing: float = SPACING, study_id: str = "",
    is_approved: bool = True,
) -> Made:  # fmt: skip
    """Add exam `number`: passed by the gate and, if wanted, approved in review."""
    kind = number % len(LESIONS)
    study_id, patient_id = study_id or uid(1, number), f"P{number:04d}"
    records, findings = [], []
    for index, view in enumerate(STANDARD_VIEWS):
        shown = picture(kind, view, rows, spacing)
        image_id = uid(2, number, index)
        image = Image(image_id, uid(3, number), study_id, patient_id, *view, *shown.pixels.shape)
        records.append(add_image(project, image, shown.pixels, spacing=spacing, vendor=VENDORS[kind]))
        for lesion, box in shown.boxes:
            findings.append(Finding(image_id, box, LESIONS[kind][lesion].categories, LESIONS[kind][lesion].birads))
    highest = max((one.birads or 1 for one in findings), default=1)
    breasts = (Breast(Laterality.R, highest, DENSITIES[kind]), Breast(Laterality.L, 1 + number % 2, DENSITIES[kind]))
    age = None if number % 7 == 6 else 35 + number
    stages = (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)[: 3 if is_approved else 2]
    decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in stages]
    decisions += [Decision(Stage.PSEUDONYMIZE, study_id, Outcome.KEPT, image_id=one.image.image_id) for one in records]
    project.catalog.admit(StudyRecord(study_id, patient_id, age, "F"), records, decisions)
    return Made(study_id, tuple(records), Reading(study_id, "anna", breasts, tuple(findings)))


def read_exam(project: Project, made: Made, *, reader: str, reading: Reading | None = None) -> None:
    """Assign an exam to a reader and record what they said."""
    said = reading or made.reading
    said = Reading(said.study_id, reader, said.breasts, said.findings)
    project.catalog.append(
        [
            Fact(FactKind.ASSIGNED, made.study_id, reader, now()),
            Fact(FactKind.SUBMITTED, made.study_id, reader, now(), reading=said),
        ]
    )


def add_squares(project: Project) -> Made:
    """Add an exam of grey images with one white square each; those of the left breast have the chest wall at the right.

    Everything about it is chosen so that a mistake shows: squares off the middle, images of different sizes and pixel
    spacing, and the medio-lateral obliques stored upside down.
    """
    catalog = project.catalog  # made before there is any content
    study_id, patient_id = uid(5), "P-SQUARES"
    records, findings = [], []
    for index, view in enumerate(STANDARD_VIEWS):
        rows, columns, spacing = (660, 500, 0.4) if view[0] is Laterality.L else (440, 350, 0.6)
        pixels = np.zeros((rows, columns), np.uint16)
        pixels[40:-40, : columns // 2] = 1400
        box = Box(60 + 10 * index, 90 + 20 * index, 120 + 10 * index, 130 + 20 * index)
        pixels[int(box.ymin) : int(box.ymax), int(box.xmin) : int(box.xmax)] = 4095
        if view[0] is Laterality.L:
            pixels = np.ascontiguousarray(pixels[:, ::-1])
            box = Box(columns - box.xmax, box.ymin, columns - box.xmin, box.ymax)
        image = Image(uid(6, index), uid(7), study_id, patient_id, *view, rows, columns)
        # the gate says where the chest wall is: at the left in the images of the right breast
        wall = "right" if view[0] is Laterality.L else "left"
        record = add_image(project, image, pixels, spacing=spacing, chest_wall=wall)
        downwards = "H" if view[1] is ViewPosition.MLO else {"L": "R", "R": "L"}[view[0]]
        attributes = {**record.attributes, "patient_orientation": ["A", downwards]}
        records.append(replace(record, attributes=attributes))
        findings.append(Finding(image.image_id, box, ("Mass",), 4))
    catalog.put_pool([PoolEntry(study_id, 0, "phantom")])
    decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)]
    catalog.admit(StudyRecord(study_id, patient_id, 50, "F"), records, decisions)
    made = Made(study_id, tuple(records), Reading(study_id, "anna", (Breast(Laterality.R, 4, "B"),), tuple(findings)))
    for name in ("anna", "bruno"):
        read_exam(project, made, reader=name)
    return made


def build(root: Path, *, n_exams: int, rows: int = 440, spacing: float = SPACING, is_read: bool = True) -> list[Made]:
    """Make a project of `n_exams` approved exams in a pool that has more; optionally read twice and split."""
    with Project.create(root, "phantom-mammo") as project:
        catalog = project.catalog
        extra = [uid(9, n) for n in range(23)]
        reasons = ["missing_views"] * 6 + ["not_mammography"] * 2
        catalog.put_pool([PoolEntry(uid(1, n), n, "phantom") for n in range(n_exams)])
        catalog.put_pool([PoolEntry(one, n_exams + n, "phantom") for n, one in enumerate(extra)])
        catalog.decide(
            [
                Decision(Stage.ACQUIRE, one, Outcome.EXCLUDED, reason)
                for one, reason in zip(extra, reasons, strict=False)
            ]
        )
        catalog.decide([Decision(Stage.ACQUIRE, one, Outcome.NOT_DRAWN, "not_needed") for one in extra[10:]])
        catalog.decide([Decision(stage, extra[8], Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE)])
        add_exam(project, WAITING, study_id=extra[9], is_approved=False)
        catalog.decide([Decision(Stage.REVIEW, extra[8], Outcome.EXCLUDED, "visible_identifier")])
        catalog.decide(
            [Decision(Stage.ACQUIRE, extra[0], Outcome.EXCLUDED, "for_processing", uid(8, n)) for n in range(5)]
        )
        made = [add_exam(project, number, rows=rows, spacing=spacing) for number in range(n_exams)]
        for name in ("anna", "bruno"):
            catalog.put_reader(Reader(name, ("reader",), 10, 2000))
        if is_read:
            for exam in made:
                read_exam(project, exam, reader="anna")
                read_exam(project, exam, reader="bruno")
            folds = {exam.study_id: "test" if n % 5 == 4 else "training" for n, exam in enumerate(made)}
            catalog.save_split(SplitRun(folds, {}))
    return made
