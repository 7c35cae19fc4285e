"""Tiny DICOM objects, made in the test: no picture in them, only what decides about them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLosslessSV1

from mammoset.terms.dicom import MG_FOR_PRESENTATION, MG_FOR_PROCESSING, STANDARD_VIEWS

ROOT = "1.2.826.0.1.3680043.10.1494"
VIEWS = tuple(f"{side}-{view}" for side, view in STANDARD_VIEWS)
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


def study_uid(number: int) -> str:
    return f"{ROOT}.1.{number}"


def image_uid(study: int, number: int) -> str:
    return f"{ROOT}.3.{study}.{number}"


def plain(study: int, number: int, sop_class: str, modality: str, day: str = "20190105", patient: str = "") -> Dataset:
    """Make an object without pixels."""
    made = Dataset()
    made.SOPClassUID = sop_class
    made.SOPInstanceUID = image_uid(study, number)
    made.StudyInstanceUID = study_uid(study)
    made.SeriesInstanceUID = f"{ROOT}.2.{study}.{number}"
    made.Modality = modality
    made.PatientID = patient or f"PAT{study:04d}"
    made.PatientName = f"Doe^Jane{study}"
    made.StudyDate = day
    made.StudyTime = "101500"
    made.InstanceNumber = number
    return made


def mammogram(study: int, view: str, number: int | None = None, **attributes: Any) -> Dataset:
    """Make a mammogram of a view such as ``L-CC``; attributes by keyword replace or, when None, remove the usual."""
    number = VIEWS.index(view) + 1 if number is None else number
    patient = attributes.pop("PatientID", f"PAT{study:04d}")
    made = plain(study, number, MG_FOR_PRESENTATION, "MG", attributes.pop("StudyDate", "20190105"), patient)
    made.PresentationIntentType = "FOR PRESENTATION"
    made.ImageType = ["ORIGINAL", "PRIMARY"]
    made.ImageLaterality, made.ViewPosition = view.split("-")
    made.AcquisitionDate, made.AcquisitionTime = made.StudyDate, f"1015{number:02d}"
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = 12, 16
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.PixelData = (np.arange(12 * 16, dtype="<u2") + number).tobytes()
    for keyword, value in attributes.items():
        if value is None:
            delattr(made, keyword)
        else:
            setattr(made, keyword, value)
    return made


def exam(study: int, views: tuple[str, ...] = VIEWS, **attributes: Any) -> list[Dataset]:
    """Make one mammogram for each view."""
    return [mammogram(study, view, **attributes) for view in views]


def for_processing(study: int, number: int) -> Dataset:
    return mammogram(study, "L-CC", number, SOPClassUID=MG_FOR_PROCESSING, PresentationIntentType="FOR PROCESSING")


def encoded(made: Dataset, syntax: UID = ExplicitVRLittleEndian, *, has_preamble: bool = True) -> bytes:
    """Write an object as a file; without preamble it is the bare data set, as old archives kept it."""
    buffer = io.BytesIO()
    if not has_preamble:
        dcmwrite(buffer, made, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True)
        return buffer.getvalue()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    if syntax == JPEGLosslessSV1:
        made = Dataset(made)
        made.PixelData = encapsulate([b"\xff\xd8 not decoded here \xff\xd9"])
        made["PixelData"].VR = "OB"
        made["PixelData"].is_undefined_length = True
        made.file_meta = FileMetaDataset()
        made.file_meta.TransferSyntaxUID = syntax
    dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()
