"""Objects of the content store as DICOMweb gives them: headers as DICOM JSON, whole objects, frames."""

from __future__ import annotations

import json
import os
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

import numpy as np
from pydicom import dcmread

from mammoset.catalog import ImageRecord
from mammoset.content import ContentStore, object_path
from mammoset.errors import DatasetDefect
from mammoset.pixels.codec import decode, layout_of, transcode
from mammoset.pixels.encoders import encode_jpeg_2000, encode_jpeg_ls
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS, JPEG_LS_LOSSLESS
from mammoset.web.dicomweb.multipart import FileSlice, Piece
from mammoset.web.dicomweb.negotiation import STORED
from mammoset.web.pictures.previews import Bounded

HEADER_BYTES = 32 << 20
"""Headers kept in memory: some 6000 of 5 kB."""
PIXEL_DATA = "7FE00010"
_END_OF_CODE_STREAM = 2
"""Marker EOC behind the last tile-part (ISO/IEC 15444-1 A.4.4)."""
AS_STORED = (STORED, HTJ2K_LOSSLESS)
"""Transfer syntaxes that a stored code stream is of."""


class StoredObjects:
    """Reads the content store. Safe to use from several threads."""

    def __init__(self, content: ContentStore) -> None:
        self.content = content
        self._headers: Bounded[bytes] = Bounded(HEADER_BYTES, len)
        # decoded, an image is tens of megabytes: no more at a time than there are cores to work on them
        self._working = BoundedSemaphore(max(1, len(os.sched_getaffinity(0))))

    def header(self, record: ImageRecord) -> dict[str, Any]:
        """Return all attributes of an object but its pixels, as DICOM JSON (PS3.18 annex F)."""
        text = self._headers.get(record.file_sha256, lambda: self._read_header(record))
        found: dict[str, Any] = json.loads(text)
        return found

    def _read_header(self, record: ImageRecord) -> bytes:
        self.require(record)
        dataset = dcmread(self.content.path(record.image), stop_before_pixels=True)
        dataset.AvailableTransferSyntaxUID = dataset.file_meta.TransferSyntaxUID
        return json.dumps(_without_empty(dataset.to_json_dict()), separators=(",", ":")).encode()

    def require(self, record: ImageRecord) -> None:
        """See that an object is there, before a part of an answer is sent.

        Raises
        ------
        DatasetDefect
            If it is not.
        """
        if not self.content.path(record.image).exists():
            missing = object_path(record.image)
            raise DatasetDefect(f"content store: {missing} is missing; run 'mammoset pseudonymize' again")

    def instance(self, record: ImageRecord, transfer_syntax: str) -> Piece:
        """Return a whole object; as it is stored it is not read yet."""
        if transfer_syntax == STORED:
            return FileSlice(self.content.path(record.image), 0, record.size)
        with self._working:
            return transcode(self.content.read(record.image), transfer_syntax)

    def instance_size(self, record: ImageRecord, transfer_syntax: str) -> int | None:
        """Return the size of `instance` where it is known without making it."""
        return record.size if transfer_syntax == STORED else None

    def frame(self, record: ImageRecord, transfer_syntax: str) -> Piece:
        """Return the frame of an object: its code stream, or stored values in little endian, row by row."""
        if transfer_syntax in AS_STORED:
            size = record.tile_part_ends[-1] + _END_OF_CODE_STREAM
            return FileSlice(self.content.path(record.image), record.codestream_offset, size)
        with self._working:
            return self._encoded(record, transfer_syntax)

    def frame_size(self, record: ImageRecord, transfer_syntax: str) -> int | None:
        """Return the size of `frame` where it is known without making it."""
        return record.tile_part_ends[-1] + _END_OF_CODE_STREAM if transfer_syntax in AS_STORED else None

    def _encoded(self, record: ImageRecord, transfer_syntax: str) -> bytes:
        dataset = dcmread(BytesIO(self.content.read(record.image)))
        pixels = decode(dataset)
        if transfer_syntax == EXPLICIT_VR_LE:
            return np.asarray(pixels, pixels.dtype.newbyteorder("<")).tobytes()
        if transfer_syntax == JPEG_LS_LOSSLESS:
            return encode_jpeg_ls(pixels)
        return encode_jpeg_2000(pixels, layout_of(dataset).bits_stored)


def _without_empty(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return DICOM JSON with null for values that are empty beside others (PS3.18 F.2.5)."""
    found = {}
    for tag, element in attributes.items():
        values = element.get("Value")
        if values is not None:
            made = [_without_empty(one) if element["vr"] == "SQ" else (None if one == "" else one) for one in values]
            element = element | {"Value": made}
        found[tag] = element
    return found
