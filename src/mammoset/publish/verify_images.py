"""One image of a release by itself: whether it is a de-identified mammogram whose every pixel can be decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.errors import DatasetDefect, RefusedObject
from mammoset.pixels import codec
from mammoset.pixels.header import integer, items, quietly, terms, values
from mammoset.pixels.views import view_of
from mammoset.publish.defects import quoted
from mammoset.publish.layout import TRANSFER_SYNTAXES, ids_of
from mammoset.publish.metadata import Metadata, metadata_of, pixel_digest
from mammoset.publish.verify_files import digest_of, read_bytes
from mammoset.terms.dicom import MG_FOR_PRESENTATION

BASIC_PROFILE = "113100"
"""Basic Application Confidentiality Profile, CID 7050 (PS3.16)."""

MAX_BYTES = 1 << 29
"""No mammogram is larger, compressed or not; a larger file is not read."""

REQUIRED_TERMS = {
    "SOPClassUID": MG_FOR_PRESENTATION,
    "Modality": "MG",
    "PresentationIntentType": "FOR PRESENTATION",
    "PatientIdentityRemoved": "YES",
}
"""Attribute to the one value it has in every image of a release."""

NO_VALUE_OF = {"DA": "a date", "DT": "a moment", "TM": "a time", "PN": "a person's name", "AE": "a system's name"}
"""Value representations that no attribute with a value has in a release, at any depth; but see `PatientName`."""

EMPTY = (
    "AccessionNumber", "AdditionalPatientHistory", "DetectorID", "DeviceSerialNumber", "EthnicGroup", "ImageComments",
    "InstitutionAddress", "InstitutionName", "InstitutionalDepartmentName", "IssuerOfPatientID", "MedicalRecordLocator",
    "MilitaryRank", "Occupation", "OtherPatientIDs", "PatientAddress", "PatientComments", "PatientTelephoneNumbers",
    "PerformedProcedureStepDescription", "PerformedProcedureStepID", "ProtocolName", "RequestedProcedureDescription",
    "RequestedProcedureID", "ScheduledProcedureStepDescription", "ScheduledProcedureStepID", "ScheduledStudyLocation",
    "SeriesDescription", "SoftwareVersions", "StationName", "StudyComments", "StudyDescription", "StudyID",
)  # fmt: skip
"""Attributes that may identify a person, a hospital or a device; absent or empty at any depth (PS3.15 Table E.1-1)."""


@dataclass(frozen=True, slots=True)
class ImageToExamine:
    """An image's file: where it is, and its name in the release."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class ExaminedImage:
    """What a file says and what is wrong with it.

    Attributes
    ----------
    metadata : mapping or None
        Its row as metadata.csv should have it; None when the file cannot be read or decoded.
    defects : tuple of str
    """

    name: str
    sha256: str
    metadata: Metadata | None
    defects: tuple[str, ...]


def examine(image: ImageToExamine) -> ExaminedImage:
    """Read one file as a whole, decode it and list what is wrong with it."""
    try:
        data = read_bytes(Path(image.path), MAX_BYTES)
    except DatasetDefect as defect:
        return ExaminedImage(image.name, "", None, (str(defect),))
    digest = digest_of(data)
    if data[:128] != bytes(128) or data[128:132] != b"DICM":
        return ExaminedImage(image.name, digest, None, ("is no DICOM file with an empty preamble",))
    with quietly():
        try:
            dataset = dcmread(BytesIO(data))
            dataset.walk(_touch)
        except Exception as error:  # a damaged header fails in any way its bytes suggest
            return ExaminedImage(image.name, digest, None, (f"its header cannot be read ({type(error).__name__})",))
        found = list(_defects_of_header(dataset, image.name))
        try:
            pixels = codec.decode(dataset)
        except RefusedObject as refusal:
            return ExaminedImage(image.name, digest, None, (*found, f"its pixels cannot be decoded: {refusal}"))
        found += _defects_of_pixels(dataset, pixels)
        return ExaminedImage(image.name, digest, metadata_of(dataset, pixel_digest(pixels)), tuple(found))


def _touch(_dataset: Dataset, element: Any) -> None:
    """Have pydicom convert a value: it does so only when asked, and fails only then."""
    _ = element.value


def _defects_of_header(dataset: Dataset, name: str) -> Iterator[str]:
    meta = dataset.file_meta
    study_id, image_id = ids_of(name) or ("", "")
    for keyword, expected in (("SOPInstanceUID", image_id), ("StudyInstanceUID", study_id)):
        if _text(dataset, keyword) != expected:
            yield f"{keyword} is {quoted(_text(dataset, keyword))}, the file's place says {quoted(expected)}"
    for keyword in ("SOPInstanceUID", "SOPClassUID"):
        if _text(meta, f"MediaStorage{keyword}") != _text(dataset, keyword):
            yield f"MediaStorage{keyword} of the file meta information is not {keyword} of the data"
    if _text(meta, "TransferSyntaxUID") not in TRANSFER_SYNTAXES.values():
        yield f"TransferSyntaxUID {quoted(_text(meta, 'TransferSyntaxUID'))} is none that a release has"
    for keyword, value in REQUIRED_TERMS.items():
        if terms(dataset, keyword) != (value,):
            yield f"{keyword} is {quoted(_text(dataset, keyword))}, not '{value}'"
    view = view_of(dataset)
    stated = _text(dataset, "ImageLaterality"), _text(dataset, "ViewPosition")
    if view is None or (view.laterality, view.view_position) != stated:
        yield f"ImageLaterality and ViewPosition, {quoted(' '.join(stated))}, are not what ViewCodeSequence says"
    yield from _defects_of_privacy(dataset)


def _defects_of_privacy(dataset: Dataset) -> Iterator[str]:
    methods = [_text(item, "CodeValue") for item in items(dataset, "DeidentificationMethodCodeSequence")]
    if BASIC_PROFILE not in methods:
        yield f"DeidentificationMethodCodeSequence does not hold {BASIC_PROFILE}, the basic profile"
    if _text(dataset, "PatientName").rstrip("^") not in ("", _text(dataset, "PatientID")):
        yield "PatientName is not the pseudonym that PatientID holds"
    # names the attribute, never its value: it may be what a patient is called
    for element in dataset.iterall():
        if element.tag.is_private:
            yield f"holds the private attribute {element.tag}"
        elif element.keyword in EMPTY and not element.is_empty:
            yield f"{element.keyword} is not empty"
        elif element.VR in NO_VALUE_OF and not element.is_empty and element.keyword != "PatientName":
            yield f"{element.keyword or element.tag} holds {NO_VALUE_OF[element.VR]}"
    if any(element.tag.is_private or element.VR == "AE" for element in dataset.file_meta):
        yield "the file meta information names a system or holds private information"


def _defects_of_pixels(dataset: Dataset, pixels: NDArray[Any]) -> Iterator[str]:
    if pixels.shape != (integer(dataset, "Rows"), integer(dataset, "Columns")):
        yield f"decodes to {pixels.shape[0]} × {pixels.shape[1]} pixels, not Rows × Columns"
    for keyword, found in (("SmallestImagePixelValue", np.min(pixels)), ("LargestImagePixelValue", np.max(pixels))):
        stated = integer(dataset, keyword)
        if stated is not None and stated != int(found):
            yield f"{keyword} is {stated}, the pixels say {int(found)}"


def _text(dataset: Dataset, keyword: str) -> str:
    return "\\".join(str(value) for value in values(dataset, keyword)).strip()
