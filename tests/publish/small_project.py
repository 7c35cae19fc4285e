"""A small project with everything a release needs, made through the catalog and the content store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, generate_uid

from mammoset.catalog import Decision, ImageRecord, PoolEntry, SplitRun, StudyRecord
from mammoset.content import write_whole
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding, Image, Reader, Reading
from mammoset.pixels import codec
from mammoset.project import Project
from mammoset.publish.metadata import pixel_digest
from mammoset.terms.dicom import (
    HTJ2K_LOSSLESS_RPCL,
    IMPLEMENTATION_CLASS_UID,
    MG_FOR_PRESENTATION,
    STANDARD_VIEWS,
    VIEW_CODES,
    Laterality,
    ViewPosition,
)
from mammoset.terms.reasons import Outcome, Stage

MOMENT = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
ROWS, COLUMNS = 96, 64
L, R = Laterality.L, Laterality.R
READERS = ("secretreaderone", "secretreadertwo", "secretarbiter")
SETTINGS = """
[dataset]
name = "small"
title = "A small dataset"
description = "Made for tests."
license = "Anyone may read it."
contact = "someone@example.org"

[publish]
k_anonymity = 1

[acquire]
ae_title = "SECRETAE"
host = "secret-host.example.org"
port = 11199

[acquire.peers.secretpeer]
host = "secret-pacs.example.org"
port = 4299
ae_title = "SECRETPACS"
"""


def uid(*parts: object) -> str:
    return generate_uid(prefix="2.25.", entropy_srcs=[str(part) for part in parts])


@dataclass(frozen=True)
class Answer:
    """What is said of one exam: BI-RADS and density of the left and the right breast, and findings."""

    birads: tuple[int, int]
    density: tuple[str, str]
    findings: tuple[tuple[Laterality, ViewPosition, Box, tuple[str, ...], int | None], ...] = ()


MASS = (L, ViewPosition.CC, Box(10, 12, 40, 50.25), ("Mass", "Skin Retraction"), 4)
MASS_MLO = (L, ViewPosition.MLO, Box(5, 20, 30, 45), ("Mass",), 4)
NODE = (R, ViewPosition.MLO, Box(20, 30, 41, 55), ("Suspicious Lymph Node",), None)
CALCIFICATION = (R, ViewPosition.CC, Box(0, 0, 64, 96), ("Suspicious Calcification",), 5)

ANSWERS = (
    Answer((4, 2), ("B", "B"), (MASS, MASS_MLO)),
    Answer((1, 1), ("C", "C")),
    Answer((1, 5), ("C", "D"), (CALCIFICATION, NODE)),
    Answer((2, 3), ("A", "B"), ((R, ViewPosition.CC, Box(1.5, 2.125, 33, 44), ("Asymmetry",), 3),)),
    Answer((1, 2), ("D", "D")),
    Answer((1, 1), ("B", "C")),
)
FOLDS = ("training", "training", "training", "training", "test", "test")


def images_of(number: int, patient: int) -> tuple[Image, ...]:
    ids = uid("study", number), f"P{patient:04d}"
    return tuple(
        Image(uid("image", number, *view), uid("series", number), *ids, *view, ROWS, COLUMNS) for view in STANDARD_VIEWS
    )


def dataset_of(image: Image, age: int | None) -> tuple[Dataset, np.ndarray]:
    """Return a header such as the gate leaves, and pixels."""
    pixels = np.random.default_rng(int(image.image_id[-6:])).integers(0, 4096, (image.height, image.width), np.uint16)
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(MG_FOR_PRESENTATION), UID(image.image_id)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID(image.study_id), UID(image.series_id)
    dataset.PatientName = dataset.PatientID = image.patient_id
    dataset.PatientBirthDate = dataset.StudyDate = dataset.StudyTime = dataset.AccessionNumber = ""
    dataset.PatientSex, dataset.Modality, dataset.PresentationIntentType = "F", "MG", "FOR PRESENTATION"
    if age is not None:
        dataset.PatientAge = f"{age:03d}Y"
    dataset.Manufacturer, dataset.ManufacturerModelName = "Phantom | Works", "One"
    dataset.PatientIdentityRemoved, dataset.DeidentificationMethod = "YES", "mammoset"
    method = Dataset()
    method.CodeValue, method.CodingSchemeDesignator, method.CodeMeaning = "113100", "DCM", "Basic profile"
    dataset.DeidentificationMethodCodeSequence = [method]
    dataset.ImageLaterality, dataset.ViewPosition = image.laterality.value, image.view_position.value
    view, code = Dataset(), VIEW_CODES[image.view_position]
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = code
    dataset.ViewCodeSequence = [view]
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.SmallestImagePixelValue, dataset.LargestImagePixelValue = int(pixels.min()), int(pixels.max())
    dataset.ImagerPixelSpacing, dataset.WindowCenter, dataset.WindowWidth = [0.07, 0.07], [2048, 1024], [4096, 2048]
    dataset.BurnedInAnnotation, dataset.LossyImageCompression = "YES", "00"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = UID(MG_FOR_PRESENTATION)
    dataset.file_meta.MediaStorageSOPInstanceUID = UID(image.image_id)
    dataset.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    return dataset, pixels


def put_study(project: Project, number: int, patient: int, age: int | None = 55) -> None:
    images, records = images_of(number, patient), []
    study_id = images[0].study_id
    project.catalog.put_pool([PoolEntry(study_id, number, "phantom")])
    for image in images:
        dataset, pixels = dataset_of(image, age)
        data = codec.file_bytes(codec.with_pixels(dataset, pixels, HTJ2K_LOSSLESS_RPCL))
        write_whole(project.content.path(image), data)
        digest = hashlib.sha256(data).hexdigest()
        records.append(ImageRecord(image, 0, (), pixel_digest(pixels), digest, len(data)))
    passed = Decision(Stage.PSEUDONYMIZE, study_id, Outcome.KEPT)
    approved = Decision(Stage.REVIEW, study_id, Outcome.KEPT, by="reviewer")
    project.catalog.admit(StudyRecord(study_id, images[0].patient_id, age, "F"), records, [passed])
    project.catalog.decide([approved])


def reading_of(images: Sequence[Image], answer: Answer, reader_id: str) -> Reading:
    by_view = {image.view: image.image_id for image in images}
    findings = tuple(
        Finding(by_view[side, view], box, names, birads) for side, view, box, names, birads in answer.findings
    )
    breasts = tuple(Breast(side, answer.birads[n], answer.density[n]) for n, side in enumerate((L, R)))
    return Reading(images[0].study_id, reader_id, breasts, findings, comment="secretcomment")


def read_study(project: Project, number: int, patient: int, answer: Answer) -> None:
    """Have two readers read an exam; the first exam is discordant and arbitrated."""
    images, study_id = images_of(number, patient), uid("study", number)
    one, two, arbiter = READERS
    readings = [reading_of(images, answer, name) for name in (one, two)]
    if number == 0:
        readings[1] = replace(readings[1], breasts=(Breast(L, 2, "B"), Breast(R, 2, "B")), findings=())
    facts = [Fact(FactKind.ASSIGNED, study_id, name, MOMENT) for name in (one, two)]
    facts += [Fact(FactKind.SUBMITTED, study_id, each.reader_id, MOMENT, reading=each) for each in readings]
    if number == 0:
        decision = reading_of(images, answer, arbiter)
        facts.append(Fact(FactKind.ASSIGNED, study_id, arbiter, MOMENT, "arbiter"))
        facts.append(Fact(FactKind.ARBITRATED, study_id, arbiter, MOMENT, "arbiter", decision))
    project.catalog.append(facts)


def make_project(root: Path) -> Project:
    """Make a project of six exams of five patients, read and split."""
    project = Project.create(root, settings_text=SETTINGS)
    for name in READERS[:2]:
        project.catalog.put_reader(Reader(name, ("reader",), 14, 10_000))
    project.catalog.put_reader(Reader(READERS[2], ("arbiter",), 22, 15_000))
    for number, answer in enumerate(ANSWERS):
        patient = 0 if number == 1 else number
        put_study(project, number, patient, age=None if number == 5 else 38 + 11 * number)
        read_study(project, number, patient, answer)
    split(project)
    return project


def split(project: Project, folds: Sequence[str] = FOLDS) -> None:
    named = {uid("study", number): fold for number, fold in enumerate(folds)}
    project.catalog.save_split(SplitRun(named, {"seed": 0, "folds": {"training": 4, "test": 2}}, MOMENT))
