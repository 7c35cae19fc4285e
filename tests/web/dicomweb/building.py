"""A study with one image of each layout of pixels, its headers as full as those that the gate writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from mammoset.catalog import Decision, ImageRecord, PoolEntry, StudyRecord, now
from mammoset.content import write_whole
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Image, Reader
from mammoset.pixels.codec import file_bytes, tile_part_ends, with_pixels
from mammoset.project import Project
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL, STANDARD_VIEWS, Laterality
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web.pictures.hanging import HANGING_ORDER
from tests.web.building import header, uid

LAYOUTS = {
    "12 bits": (np.uint16, 12, "MONOCHROME2", (64, 48)),
    "signed": (np.int16, 16, "MONOCHROME2", (37, 29)),
    "8 bits, odd": (np.uint8, 8, "MONOCHROME2", (33, 35)),
    "inverse": (np.uint16, 14, "MONOCHROME1", (40, 52)),
}
"""Name to type, Bits Stored, Photometric Interpretation and shape; one for each standard view."""

WINDOWS = ((100.0, 200.0, "ONE"), (90.0, 50.0, "TWO"))
STUDY_DATE = "20190305"
PASSWORD = "four words of little"
"""Of anna, who reads the study."""


@dataclass(frozen=True)
class Stored:
    """An image of the study and what is true of it."""

    layout: str
    record: ImageRecord
    pixels: NDArray[Any]
    data: bytes

    @property
    def place(self) -> str:
        image = self.record.image
        return f"/studies/{image.study_id}/series/{image.series_id}/instances/{image.image_id}"


def smooth(layout: str) -> NDArray[Any]:
    kind, bits, _, (rows, columns) = LAYOUTS[layout]
    low = -(1 << (bits - 1)) if np.dtype(kind).kind == "i" else 0
    waves = np.add.outer(np.sin(np.arange(rows) / 5), np.cos(np.arange(columns) / 7))
    shares = (waves - waves.min()) / np.ptp(waves)
    return np.asarray(np.rint(low + shares * ((1 << bits) - 1)), kind)


def full_header(image: Image, layout: str) -> Dataset:
    kind, bits, photometric, _ = LAYOUTS[layout]
    dataset = header(image, WINDOWS)
    dataset.ImageType = ["DERIVED", "PRIMARY", ""]
    dataset.StudyDate, dataset.StudyTime, dataset.Modality = STUDY_DATE, "", "MG"
    dataset.PatientName, dataset.PatientSex, dataset.KVP = f"{image.patient_id}^", "F", "28.5"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = image.study_id, image.series_id
    dataset.Manufacturer, dataset.SeriesNumber, dataset.AccessionNumber = "SIEMENS", 1, ""
    dataset.InstanceNumber = 1 + STANDARD_VIEWS.index(image.view)
    dataset.ImageLaterality, dataset.ViewPosition = image.laterality.value, image.view_position.value
    width = np.dtype(kind).itemsize * 8
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = width, bits, bits - 1
    dataset.PixelRepresentation = int(np.dtype(kind).kind == "i")
    dataset.PhotometricInterpretation = photometric
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "399162004", "SCT", "cranio-caudal"
    dataset.ViewCodeSequence = [code]
    lut = Dataset()
    lut.add_new("LUTDescriptor", "US", [256, 0, 16])
    lut.add_new("LUTData", "OW", np.arange(0, 65536, 256, dtype="<u2").tobytes())
    dataset.VOILUTSequence = [lut]
    return dataset


def add_layouts(project: Project) -> tuple[Stored, ...]:
    """Add the study: its left images are one series, its right ones another; anna reads it. As they hang."""
    study_id, patient_id = uid(50), "P-LAYOUTS"
    found = []
    for index, (layout, view) in enumerate(zip(LAYOUTS, STANDARD_VIEWS, strict=True)):
        pixels = smooth(layout)
        series_id = uid(51, int(view[0] is Laterality.R))
        image = Image(uid(52, index), series_id, study_id, patient_id, *view, *pixels.shape)
        dataset = full_header(image, layout)
        dataset.file_meta.TransferSyntaxUID = UID(HTJ2K_LOSSLESS_RPCL)
        data = file_bytes(with_pixels(dataset, pixels, HTJ2K_LOSSLESS_RPCL))
        write_whole(project.content.path(image), data)
        offset = data.index(b"\xff\x4f\xff\x51")
        attributes = {"study_date": STUDY_DATE, "patient_sex": "F", "manufacturer": "SIEMENS"}
        record = ImageRecord(
            image, offset, tile_part_ends(data[offset:]), hashlib.sha256(pixels.tobytes()).hexdigest(),
            hashlib.sha256(data).hexdigest(), len(data), (), attributes,
        )  # fmt: skip
        found.append(Stored(layout, record, pixels, data))
    project.catalog.put_pool([PoolEntry(study_id, 0, "phantom")])
    stages = (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)
    decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in stages]
    project.catalog.admit(StudyRecord(study_id, patient_id, 50, "F"), [one.record for one in found], decisions)
    project.catalog.append([Fact(FactKind.ASSIGNED, study_id, "anna", now())])
    return tuple(sorted(found, key=lambda one: HANGING_ORDER.index(one.record.image.view)))


def make_layouts(root: Path) -> tuple[Project, tuple[Stored, ...]]:
    project = Project.create(root, "layouts")
    project.catalog.put_reader(Reader("anna", ("reader",), 10, 2000))
    return project, add_layouts(project)
