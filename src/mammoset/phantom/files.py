"""Puts headers and pixels together into DICOM files, some of them with identifiers outside the data set."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import imagecodecs
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from mammoset.phantom import header_tables as tables
from mammoset.phantom.acquisition import ObjectKind, ObjectPlan, transfer_syntax_of
from mammoset.phantom.headers import Sheet, code_item, mammogram_header, start
from mammoset.phantom.identities import UID_ROOT, Identity, identity_of
from mammoset.phantom.plans import ExamPlan, generator
from mammoset.phantom.scanner import Shot, Size, shoot
from mammoset.phantom.truth import Planted
from mammoset.terms.dicom import EXPLICIT_VR_LE, JPEG_LOSSLESS_SV1, JPEG_LS_LOSSLESS, Code

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"
OVERLAY_SHAPE = (24, 320)


@dataclass(frozen=True, slots=True)
class MadeObject:
    """A finished object.

    Attributes
    ----------
    content : bytes
        The file.
    shot : Shot or None
        The picture and what is true of it; None for what is no mammogram.
    """

    sop_instance_uid: str
    series_instance_uid: str
    content: bytes
    shot: Shot | None
    planted: tuple[Planted, ...]


def make(exam: ExamPlan, plan: ObjectPlan, size: Size) -> MadeObject:
    """Make one object of an exam."""
    identity = identity_of(exam)
    shot = None
    if plan.kind in (ObjectKind.PRESENTATION, ObjectKind.PROCESSING):
        shot = shoot(exam, plan, size)
        sheet = mammogram_header(exam, plan, identity, shot.picture)
        for text in shot.texts:
            sheet.plant(text, "pixels")
        syntax = transfer_syntax_of(exam)
        _overlay(sheet, generator(exam.seed, 41))
        _add_pixels(sheet.dataset, shot.picture.pixels, shot.picture.bits_stored, syntax)
    elif plan.kind is ObjectKind.STRUCTURED_REPORT:
        sheet, syntax = _report(exam, plan, identity), EXPLICIT_VR_LE
    else:
        sheet, syntax = _screenshot(exam, plan, identity), EXPLICIT_VR_LE
    content = _written(sheet, syntax, generator(exam.seed, 42))
    dataset = sheet.dataset
    return MadeObject(dataset.SOPInstanceUID, dataset.SeriesInstanceUID, content, shot, tuple(sheet.planted))


def _add_pixels(dataset: Dataset, pixels: NDArray[np.uint16], bits: int, syntax: str) -> None:
    if syntax == JPEG_LOSSLESS_SV1:
        stream = imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1, bitspersample=bits)
    elif syntax == JPEG_LS_LOSSLESS:
        stream = imagecodecs.jpegls_encode(pixels)
    else:
        dataset.add_new("PixelData", "OW", np.ascontiguousarray(pixels, dtype="<u2").tobytes())
        return
    dataset.add_new("PixelData", "OB", encapsulate([bytes(stream)]))
    dataset["PixelData"].is_undefined_length = True


def _overlay(sheet: Sheet, rng: Generator) -> None:
    """Add, to some exams, an overlay plane with the patient's name drawn in it."""
    if rng.random() >= tables.OVERLAY_SHARE:
        return
    dataset, text = sheet.dataset, sheet.identity.written(tables.OVERLAY_TEXT)
    rows, columns = OVERLAY_SHAPE
    plane = np.zeros((rows, columns), dtype=np.uint8)
    cv2.putText(plane, text, (2, 17), cv2.FONT_HERSHEY_PLAIN, 1.0, 1, 1)
    for element, representation, value in (
        (0x10, "US", rows), (0x11, "US", columns), (0x22, "LO", sheet.plant(text, "overlay")), (0x40, "CS", "G"),
        (0x50, "SS", [1, 1]), (0x100, "US", 1), (0x102, "US", 0),
        (0x3000, "OW", np.packbits(plane, bitorder="little").tobytes()),
    ):  # fmt: skip
        dataset.add_new((0x6000, element), representation, value)


def _report(exam: ExamPlan, plan: ObjectPlan, identity: Identity) -> Sheet:
    """Return a text report with the patient's name in it."""
    sheet = start(exam, plan, identity, BASIC_TEXT_SR)
    dataset = sheet.dataset
    dataset.Modality, dataset.ValueType, dataset.ContinuityOfContent = "SR", "CONTAINER", "SEPARATE"
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "UNVERIFIED"
    dataset.ReferencedPerformedProcedureStepSequence, dataset.PerformedProcedureCodeSequence = [], []
    dataset.ConceptNameCodeSequence = [code_item(Code("18748-4", "LN", "Diagnostic Imaging Report"))]
    text = Dataset()
    text.RelationshipType, text.ValueType = "CONTAINS", "TEXT"
    text.ConceptNameCodeSequence = [code_item(Code("121071", "DCM", "Finding"))]
    text.TextValue = sheet.plant(identity.written("{spoken}, {patient_id}: hinh anh vu hai ben"), "TextValue")
    dataset.ContentSequence = [text]
    return sheet


def _screenshot(exam: ExamPlan, plan: ObjectPlan, identity: Identity) -> Sheet:
    """Return a small 8-bit picture of another kind with the patient's name drawn in it."""
    ultrasound = plan.kind is ObjectKind.ULTRASOUND
    sheet = start(exam, plan, identity, ULTRASOUND if ultrasound else SECONDARY_CAPTURE)
    dataset = sheet.dataset
    dataset.Modality, dataset.ConversionType = ("US", "") if ultrasound else ("OT", "WSD")
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.Laterality, dataset.PatientOrientation = "", ""
    pixels = generator(plan.seed, 43).integers(0, 60, (120, 320), dtype=np.uint8)
    line = sheet.plant(identity.written("{plain_name} {patient_id}"), "pixels")
    cv2.putText(pixels, line, (4, 20), cv2.FONT_HERSHEY_PLAIN, 1.0, 255, 1)
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *pixels.shape, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.add_new("PixelData", "OB", pixels.tobytes())
    return sheet


def _written(sheet: Sheet, syntax: str, rng: Generator) -> bytes:
    """Return the file: preamble, meta information, data set."""
    dataset, identity = sheet.dataset, sheet.identity
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = UID(syntax)
    meta.ImplementationClassUID = UID(f"{UID_ROOT}.{sheet.vendor.uid_arc}.1")
    for place in tables.FILE_META:
        if rng.random() < place.share:
            text = sheet.plant(identity.written(place.text), f"file meta: {place.keyword}")
            setattr(meta, place.keyword, text)
    if rng.random() < tables.PRIVATE_INFORMATION_SHARE:
        text = sheet.plant(identity.written(tables.PRIVATE_INFORMATION), "file meta: PrivateInformation")
        meta.PrivateInformationCreatorUID = UID(f"{UID_ROOT}.{sheet.vendor.uid_arc}.2")
        meta.PrivateInformation = text.encode("ascii") + b"\0" * (len(text) % 2)
    preamble = b"\0" * 128
    if rng.random() < tables.PREAMBLE_SHARE:
        text = sheet.plant(identity.written(tables.PREAMBLE)[:128], "preamble")
        preamble = text.encode("ascii").ljust(128, b"\0")
    dataset.file_meta, dataset.preamble = meta, preamble
    target = io.BytesIO()
    dcmwrite(target, dataset, enforce_file_format=True)
    return target.getvalue()
