"""Mammograms written byte by byte, so that every element can hold what no library would write."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from mammoset.catalog.records import ImageRecord
from mammoset.pixels.header import quietly
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.treat import GateTask, Passed, treat

Elements = dict[int, tuple[str, bytes]]
LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
NAMES = Pseudonyms("2.25.101", "2.25.102", "2.25.103", "P0123456789ABCDEF")


def tag(keyword: str) -> int:
    found = tag_for_keyword(keyword)
    assert found is not None, keyword
    return found


def element(number: int, vr: str, value: bytes) -> bytes:
    padded = value + (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(value) % 2)
    head = struct.pack("<HH", number >> 16, number & 0xFFFF) + vr.encode()
    length = struct.pack("<HI", 0, len(padded)) if vr in LONG else struct.pack("<H", len(padded))
    return head + length + padded


def item(elements: Elements) -> bytes:
    body = joined(elements)
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(body)) + body


def joined(elements: Elements) -> bytes:
    return b"".join(element(number, *elements[number]) for number in sorted(elements))


def code(value: str, scheme: str, meaning: str) -> Elements:
    return {
        tag("CodeValue"): ("SH", value.encode()),
        tag("CodingSchemeDesignator"): ("SH", scheme.encode()),
        tag("CodeMeaning"): ("LO", meaning.encode()),
    }


def us(*values: int) -> tuple[str, bytes]:
    return "US", struct.pack(f"<{len(values)}H", *values)


def breast_pixels(rows: int = 96, columns: int = 72, *, bits: int = 12, on_left: bool = True) -> NDArray[np.uint16]:
    """Return a bright half disk at one side of dark, even air."""
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    far = np.hypot((y - rows / 2) / (rows * 0.42), x / (columns * 0.55))
    top = (1 << bits) - 1
    noise = np.random.default_rng(7).integers(0, max(2, top // 8), (rows, columns))
    pixels = np.where(far < 1, (top * 0.5 * (1.2 - far * 0.5)).astype(int) + noise, top // 100).astype(np.uint16)
    return pixels if on_left else np.ascontiguousarray(pixels[:, ::-1])


def mammogram(pixels: NDArray[Any] | None = None, *, bits: int = 12) -> Elements:
    """Return the elements of a clean left CC, FOR PRESENTATION, without anything optional."""
    pixels = breast_pixels(bits=bits) if pixels is None else pixels
    kind = "OW" if pixels.itemsize == 2 else "OB"
    view = code("R-10242", "SRT", "cranio-caudal")
    return {
        tag("ImageType"): ("CS", b"DERIVED\\PRIMARY\\"),
        tag("SOPClassUID"): ("UI", b"1.2.840.10008.5.1.4.1.1.1.2"),
        tag("SOPInstanceUID"): ("UI", b"1.2.3.4"),
        tag("StudyInstanceUID"): ("UI", b"1.2.3.2"),
        tag("SeriesInstanceUID"): ("UI", b"1.2.3.3"),
        tag("Modality"): ("CS", b"MG"),
        tag("PresentationIntentType"): ("CS", b"FOR PRESENTATION"),
        tag("PatientID"): ("LO", b"1"),
        tag("ImagerPixelSpacing"): ("DS", b"0.085\\0.085"),
        tag("ImageLaterality"): ("CS", b"L"),
        tag("SamplesPerPixel"): us(1),
        tag("PhotometricInterpretation"): ("CS", b"MONOCHROME2"),
        tag("Rows"): us(pixels.shape[0]),
        tag("Columns"): us(pixels.shape[1]),
        tag("BitsAllocated"): us(8 * pixels.itemsize),
        tag("BitsStored"): us(bits),
        tag("HighBit"): us(bits - 1),
        tag("PixelRepresentation"): us(int(pixels.dtype.kind == "i")),
        tag("PixelIntensityRelationship"): ("CS", b"LOG"),
        tag("PixelIntensityRelationshipSign"): ("SS", struct.pack("<h", -1)),
        tag("ViewCodeSequence"): ("SQ", item(view | {tag("ViewModifierCodeSequence"): ("SQ", b"")})),
        tag("PixelData"): (kind, pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()),
    }


def file_of(elements: Elements, *, preamble: bytes = b"", meta: Elements | None = None, behind: bytes = b"") -> bytes:
    """Return the elements as a DICOM file, Explicit VR Little Endian unless the meta information says otherwise."""
    group = joined(
        {
            0x00020001: ("OB", b"\0\1"),
            0x00020002: ("UI", b"1.2.840.10008.5.1.4.1.1.1.2"),
            0x00020003: ("UI", b"1.2.3.4"),
            0x00020010: ("UI", b"1.2.840.10008.1.2.1"),
            0x00020012: ("UI", b"1.2.3"),
        }
        | (meta or {})
    )
    length = element(0x00020000, "UL", struct.pack("<I", len(group)))
    return preamble.ljust(128, b"\0")[:128] + b"DICM" + length + group + joined(elements) + behind


def passed(task: GateTask) -> ImageRecord:
    """Take an original that nothing holds up through the gate."""
    result = treat(task)
    assert isinstance(result, Passed)
    return result.record


def read(data: bytes) -> Dataset:
    with quietly():
        return dcmread(BytesIO(data), force=True)


def changed(elements: Elements, **texts: str | bytes | tuple[str, bytes]) -> Elements:
    """Return the elements with others set by keyword: text for the dictionary's representation, or a pair."""
    from_keyword = {keyword: _pair(keyword, value) for keyword, value in texts.items()}
    return elements | {tag(keyword): pair for keyword, pair in from_keyword.items()}


def _pair(keyword: str, value: str | bytes | tuple[str, bytes]) -> tuple[str, bytes]:
    if isinstance(value, tuple):
        return value
    found = REPRESENTATIONS.get(keyword, "LO")
    return found, value.encode() if isinstance(value, str) else value


REPRESENTATIONS: Mapping[str, str] = {
    "KVP": "DS",
    "PatientAge": "AS",
    "PatientBirthDate": "DA",
    "StudyDate": "DA",
    "PatientSex": "CS",
    "PatientOrientation": "CS",
    "PhotometricInterpretation": "CS",
    "RescaleSlope": "DS",
    "RescaleIntercept": "DS",
    "WindowCenter": "DS",
    "WindowWidth": "DS",
    "VOILUTFunction": "CS",
    "NumberOfFrames": "IS",
    "ViewPosition": "CS",
    "LossyImageCompression": "CS",
    "LossyImageCompressionRatio": "DS",
    "LossyImageCompressionMethod": "CS",
    "Grid": "CS",
    "PositionerType": "CS",
    "FieldOfViewOrigin": "DS",
    "FieldOfViewRotation": "DS",
    "FieldOfViewHorizontalFlip": "CS",
    "PartialView": "CS",
    "SOPClassUID": "UI",
    "PresentationIntentType": "CS",
    "ImagerPixelSpacing": "DS",
    "ImageLaterality": "CS",
}
