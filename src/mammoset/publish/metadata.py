"""metadata.csv: one row per image, keyed ``SOP Instance UID``, with values read from the released files.

Columns are named as PS3.6 names the attributes, as in VinDr-Mammo's file. Several values of one attribute are joined by
a backslash, as the Standard writes them (PS3.5 6.4); an empty cell means that the file does not say.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.datadict import dictionary_description
from pydicom.dataset import Dataset

from mammoset.errors import DatasetDefect
from mammoset.pixels.header import values

METADATA_FILE = "metadata.csv"

KEYWORDS = (
    "SOPInstanceUID", "SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID", "PatientID", "PatientAge", "PatientSex",
    "Modality", "PresentationIntentType", "Manufacturer", "ManufacturerModelName", "BodyPartExamined",
    "ImageLaterality", "ViewPosition", "PatientOrientation", "BreastImplantPresent", "Rows", "Columns",
    "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue", "PixelPaddingRangeLimit",
    "ImagerPixelSpacing", "PixelSpacing", "EstimatedRadiographicMagnificationFactor", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "VOILUTFunction", "RescaleIntercept", "RescaleSlope", "RescaleType",
    "PresentationLUTShape", "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
    "KVP", "Exposure", "BodyPartThickness", "CompressionForce", "AnodeTargetMaterial", "FilterMaterial",
    "BurnedInAnnotation", "PatientIdentityRemoved",
)  # fmt: skip
"""Attributes of a file that have a column."""

TRANSFER_SYNTAX = "Transfer Syntax UID"
PIXEL_SHA256 = "Pixel SHA-256"
"""Of the stored values after decoding, row by row, little-endian: it does not depend on the transfer syntax."""

NAMES: Mapping[str, str] = {keyword: dictionary_description(keyword) for keyword in KEYWORDS}
"""Keyword to column name."""

COLUMNS = (*NAMES.values(), TRANSFER_SYNTAX, PIXEL_SHA256)
KEY = NAMES["SOPInstanceUID"]

Metadata = Mapping[str, str]
"""Column name to cell."""

_PLACES = {column: place for place, column in enumerate(COLUMNS)}


class Cells(Metadata):
    """One row: a cell for each of `COLUMNS`. A text that many rows have, as most cells do, is in memory once."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Iterable[str]) -> None:
        self._cells = tuple(map(sys.intern, cells))

    def __getitem__(self, column: str) -> str:
        return self._cells[_PLACES[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)

    def __reduce__(self) -> tuple[type[Cells], tuple[tuple[str, ...]]]:
        return type(self), (self._cells,)


def pixel_digest(pixels: NDArray[Any]) -> str:
    """Return the SHA-256 of stored values, row by row, little-endian, in hexadecimal digits."""
    return hashlib.sha256(np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("<")).data).hexdigest()


def metadata_of(dataset: Dataset, pixel_sha256: str) -> Cells:
    """Return the row of one file, given the digest of its decoded pixels."""
    syntax = getattr(dataset, "file_meta", Dataset()).get("TransferSyntaxUID", "")
    return Cells((*(_cell(dataset, keyword) for keyword in NAMES), str(syntax), pixel_sha256))


def _cell(dataset: Dataset, keyword: str) -> str:
    return "\\".join(str(value) for value in values(dataset, keyword)).strip()


def write_metadata(rows: Iterable[Metadata]) -> str:
    """Return rows as CSV text, every line ended by a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[column] for column in COLUMNS] for row in rows)
    return text.getvalue()


def read_metadata(text: str, source: str = METADATA_FILE) -> list[Cells]:
    """Read the table back.

    Raises
    ------
    DatasetDefect
        If the header is another one or a line has more or fewer cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise DatasetDefect(f"{source}: the header is not {','.join(COLUMNS)}")
    rows = []
    for cells in reader:
        if len(cells) != len(COLUMNS):
            raise DatasetDefect(f"{source}: line {reader.line_num} has {len(cells)} cells, not {len(COLUMNS)}")
        rows.append(Cells(cells))
    return rows
