"""Read what decides about an object, without its pixels, from a stream that may hold anything.

Nothing of a foreign file is trusted: a file that is no DICOM, ends too early or makes the parser fail is a refused
object with a reason, never an error of the run, and no value of it appears in a message or warning.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from pydicom.filereader import read_dataset
from pydicom.tag import Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian, MediaStorageDirectoryStorage

from mammoset.acquire.sample import ObjectHeader
from mammoset.errors import RefusedObject
from mammoset.pixels.header import quietly
from mammoset.pixels.views import view_of

CHUNK = 1 << 20
HASH_CHUNK = 1 << 18
"""Bytes that stay in the processor's cache between reading and hashing."""
PREAMBLE = 128
MAGIC = b"DICM"
FILE_META_GROUP = 0x0002
UNDEFINED = 0xFFFFFFFF
MAX_INFLATED = 1 << 30
"""Bytes to which a deflated object (PS3.5 A.5) may grow; parsing it needs them all in memory."""

PIXELS = (Tag("PixelData"), Tag("FloatPixelData"), Tag("DoubleFloatPixelData"))
LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"UN"})

KEYWORDS = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PatientID",
    "IssuerOfPatientID", "PresentationIntentType", "ImageType", "SourceImageSequence", "ImageLaterality", "Laterality",
    "ViewPosition", "ViewCodeSequence", "EstimatedRadiographicMagnificationFactor", "AcquisitionDate",
    "AcquisitionTime", "AcquisitionDateTime", "ContentDate", "ContentTime", "InstanceNumber",
)  # fmt: skip


def looks_like_dicom(start: bytes) -> bool:
    """Whether a file of these first 132 bytes or more may be DICOM: the prefix, or an element of group 2 or 8.

    Files without preamble (PS3.10 7.1) come from old archives; they begin with File Meta Information or with
    the first elements of the data set, in little endian.
    """
    if start[PREAMBLE : PREAMBLE + 4] == MAGIC:
        return True
    if len(start) < 8:
        return False
    group, element = struct.unpack("<HH", start[:4])
    return group in (0x0002, 0x0008) and element <= 0x0018


def read_header(stream: BinaryIO) -> ObjectHeader:
    """Read an object's header.

    Parameters
    ----------
    stream : binary file
        Seekable, at its beginning.

    Raises
    ------
    RefusedObject
        ``not_dicom`` for anything else and for a DICOMDIR; ``unreadable`` when the parser fails.
    """
    start = stream.read(PREAMBLE + 4)
    if not looks_like_dicom(start):
        raise RefusedObject("not_dicom")
    stream.seek(0)
    has_prefix = start[PREAMBLE:] == MAGIC
    try:
        with quietly():
            header, is_directory = _parse(stream)
    except Exception:
        raise RefusedObject("unreadable" if has_prefix else "not_dicom") from None
    if is_directory or not (has_prefix or header.sop_class):
        raise RefusedObject("not_dicom")
    return header


def _parse(stream: BinaryIO) -> tuple[ObjectHeader, bool]:
    is_deflated = _to_data_set(stream) == DeflatedExplicitVRLittleEndian
    if is_deflated and not _inflates_within_bounds(stream):
        raise RefusedObject("unreadable")
    stream.seek(0)
    dataset = dcmread(stream, force=True, stop_before_pixels=True, specific_tags=list(KEYWORDS))
    is_whole = is_deflated or _pixels_are_whole(stream, dataset)  # it would not have been inflated otherwise
    sop_class = _text(dataset, "SOPClassUID") or str(dataset.file_meta.get("MediaStorageSOPClassUID") or "")
    return _header_of(dataset, sop_class, is_whole), sop_class == MediaStorageDirectoryStorage


def _header_of(dataset: Dataset, sop_class: str, is_whole: bool) -> ObjectHeader:
    sources = dataset.get("SourceImageSequence") or []
    image_type = dataset.get("ImageType") or ()
    values = (image_type,) if isinstance(image_type, str) else image_type
    return ObjectHeader(
        study_uid=_text(dataset, "StudyInstanceUID"),
        series_uid=_text(dataset, "SeriesInstanceUID"),
        sop_uid=_text(dataset, "SOPInstanceUID"),
        patient_id=_text(dataset, "PatientID"),
        issuer=_text(dataset, "IssuerOfPatientID"),
        sop_class=sop_class,
        presentation_intent=_text(dataset, "PresentationIntentType").upper(),
        image_type=tuple(str(value).strip().upper() for value in values),
        sources=frozenset(_text(item, "ReferencedSOPClassUID") for item in sources),
        view=view_of(dataset),
        acquired=_acquired(dataset),
        instance_number=_integer(dataset, "InstanceNumber"),
        is_whole=is_whole,
    )


def _text(dataset: Dataset, keyword: str) -> str:
    value = dataset.get(keyword)
    return "" if value is None else str(value).strip(" \0")


def _integer(dataset: Dataset, keyword: str) -> int:
    try:
        return int(_text(dataset, keyword) or 0)
    except (TypeError, ValueError):
        return 0


def _acquired(dataset: Dataset) -> tuple[str, str]:
    """Return when an image was taken as sortable digits; the older forms with points and colons are understood."""
    for day, time in (("AcquisitionDate", "AcquisitionTime"), ("ContentDate", "ContentTime")):
        digits = "".join(filter(str.isdigit, _text(dataset, day)))
        if not digits and day == "AcquisitionDate":
            moment = _text(dataset, "AcquisitionDateTime").replace(":", "")
            digits, clock = moment[:8], moment[8:].split("+")[0].split("-")[0]
        else:
            clock = _text(dataset, time).replace(":", "")
        if digits:
            whole, _, fraction = clock.partition(".")
            return digits, f"{whole:<06}.{fraction:<06}".replace(" ", "0") if whole else ""
    return "", ""


def _pixels_are_whole(stream: BinaryIO, dataset: FileDataset) -> bool:
    """Whether pixel data begin where the header ends, and reach to their end (PS3.5 7.1, A.4)."""
    at = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(at)
    implicit, little = dataset.original_encoding
    order = "<" if little else ">"
    first = stream.read(8)
    if len(first) < 8:
        return False
    group, element = struct.unpack(f"{order}HH", first[:4])
    if Tag(group, element) not in PIXELS:
        return False
    if implicit:
        (length,) = struct.unpack(f"{order}L", first[4:])
    elif first[4:6] in LONG_VRS:
        (length,) = struct.unpack(f"{order}L", stream.read(4))
    else:
        return False
    if length != UNDEFINED:
        return bool(0 < length <= end - stream.tell())
    return _items_end(stream, end)


def _items_end(stream: BinaryIO, end: int) -> bool:
    """Whether the items of encapsulated pixel data lead to a sequence delimiter."""
    while True:
        first = stream.read(8)
        if len(first) < 8:
            return False
        group, element, length = struct.unpack("<HHL", first)
        if (group, element) == (0xFFFE, 0xE0DD):
            return True
        if (group, element) != (0xFFFE, 0xE000) or length > end - stream.tell():
            return False
        stream.seek(length, os.SEEK_CUR)


def digest(stream: BinaryIO) -> str:
    """Return the SHA-256 of a stream from where it stands, as hexadecimal digits."""
    total = hashlib.sha256()
    buffer = bytearray(HASH_CHUNK)
    with memoryview(buffer) as view:
        while size := stream.readinto(buffer):  # type: ignore[attr-defined]
            total.update(view[:size])
    return total.hexdigest()


def same_content(one: BinaryIO, other: BinaryIO) -> bool:
    """Whether two files hold the same object, though their preamble or File Meta Information may differ.

    An archive writes File Meta Information of its own for what it received, so whole files are rarely equal. The same
    object in two transfer syntaxes has the same elements before its pixels; those are compared then.
    """
    with quietly():
        if _to_data_set(one) == _to_data_set(other):
            return digest(one) == digest(other)
        one.seek(0)
        other.seek(0)
        first, second = (dcmread(stream, force=True, stop_before_pixels=True) for stream in (one, other))
        return bool(first == second)


def _to_data_set(stream: BinaryIO) -> str:
    """Go to the first element behind the File Meta Information and return the Transfer Syntax UID, empty if absent."""
    start = stream.read(PREAMBLE + 4)
    stream.seek(len(start) if start[PREAMBLE:] == MAGIC else 0)
    meta = read_dataset(stream, False, True, stop_when=lambda tag, _vr, _length: tag.group != FILE_META_GROUP)
    return str(meta.get("TransferSyntaxUID") or "")


def _inflates_within_bounds(stream: BinaryIO) -> bool:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    total = 0
    while pending := stream.read(CHUNK):
        while pending and not inflater.eof:
            total += len(inflater.decompress(pending, CHUNK))
            pending = inflater.unconsumed_tail
            if total > MAX_INFLATED:
                return False
    return True
