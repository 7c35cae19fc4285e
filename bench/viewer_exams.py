"""A project for measuring the reading client: exams of full size, and one of bright dots."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID
from tests.browser.dots import COLUMNS, ROWS, SPACING, WINDOW, Dots, add_dots
from tests.builders import SETTINGS
from tests.web.building import LESIONS, header, picture, uid
from tests.web.opening import add_person

from mammoset.catalog import Decision, ImageRecord, PoolEntry, StudyRecord, now, passwords
from mammoset.content import write_whole
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Image
from mammoset.pixels.codec import file_bytes, tile_part_ends, with_pixels
from mammoset.project import Project
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL, STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage

NAME, PASSWORD = "alice", "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Exams:
    """What was made: studies in the order in which they are read, and one of dots."""

    studies: tuple[str, ...]
    dots: Dots


def furnish(root: Path, n_exams: int) -> Exams:
    """Make a project with one reader who has `n_exams` exams, and one more of dots.

    Four exams are drawn; the others show the same pictures, as images, files and addresses of their own.
    """
    with Project.create(root, settings_text=SETTINGS) as project:
        studies = [_admit(project, number, _drawn(number % len(LESIONS))) for number in range(n_exams)]
        dots = add_dots(project)
        add_person(project, NAME, "reader", password_hash=passwords.hashed(PASSWORD))
        facts = [Fact(FactKind.ASSIGNED, study, NAME, now()) for study in (*studies, dots.study_id)]
        project.catalog.append(facts)
    return Exams(tuple(studies), dots)


@cache
def _drawn(kind: int) -> tuple[Dataset, ...]:
    return tuple(_encoded(picture(kind, view, ROWS + 2, SPACING).pixels[:ROWS]) for view in STANDARD_VIEWS)


def _encoded(pixels: NDArray[np.uint16]) -> Dataset:
    anybody = Image(uid(1), uid(2), uid(3), "P", *STANDARD_VIEWS[0], *pixels.shape)
    return with_pixels(header(anybody, WINDOW), pixels, HTJ2K_LOSSLESS_RPCL)


def _admit(project: Project, number: int, pictures: Sequence[Dataset]) -> str:
    study_id, patient_id = uid(1, number), f"P{number:04d}"
    project.catalog.put_pool([PoolEntry(study_id, number, "phantom")])
    records = []
    for index, (view, encoded) in enumerate(zip(STANDARD_VIEWS, pictures, strict=True)):
        image = Image(uid(2, number, index), uid(3, number), study_id, patient_id, *view, ROWS, COLUMNS)
        records.append(_write(project, image, encoded))
    kept = [Decision(one, study_id, Outcome.KEPT) for one in (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)]
    project.catalog.admit(StudyRecord(study_id, patient_id, 50, "F"), records, kept)
    return study_id


def _write(project: Project, image: Image, encoded: Dataset) -> ImageRecord:
    dataset = copy.copy(encoded)
    dataset.file_meta = copy.deepcopy(encoded.file_meta)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(image.image_id)
    dataset.PatientID = image.patient_id
    data = file_bytes(dataset)
    offset = data.index(b"\xff\x4f\xff\x51")
    write_whole(project.content.path(image), data)
    digest = hashlib.sha256(data).hexdigest()
    attributes = {"imager_pixel_spacing": [SPACING, SPACING]}
    ends = tile_part_ends(data[offset:])
    return ImageRecord(image, offset, ends, digest, digest, len(data), (), attributes)
