"""What a compressed frame says of itself, read before a decoder sees it: damaged ones crash decoders or never end."""

from __future__ import annotations

import struct
import sys
from itertools import pairwise
from typing import Any

import imagecodecs
from numpy.typing import NDArray

from mammoset.errors import RefusedObject

_SOI, _SOS, _SOD, _EOI = b"\xff\xd8", b"\xff\xda", b"\xff\x93", b"\xff\xd9"
"""Markers of JPEG and JPEG 2000 code streams; EOC of the latter is EOI."""
_SOC_SIZ = b"\xff\x4f\xff\x51"
_RLE_HEADER = 64
_MAX_TILES = 65535
"""Isot has 16 bits (15444-1 A.4.2)."""
_ARITHMETIC = range(0xFFC9, 0xFFD0)
"""SOF9 to SOF15 (ISO/IEC 10918-1 table B.1)."""


def is_whole(frame: bytes) -> bool:
    """Whether a code stream reaches its end marker: what is missing, decoders invent, or wait for without end.

    The data behind SOS (ISO/IEC 10918-1 B.1.1.5, 14495-1 A.1) and SOD (15444-1 A.4) cannot hold the end marker.
    """
    first = frame.find(_SOS if frame[:2] == _SOI else _SOD)
    return 0 <= first < frame.rfind(_EOI)


def claimed_shape(frame: bytes) -> tuple[int, int] | None:
    """Return (rows, columns) that a JPEG, JPEG-LS or JPEG 2000 stream claims; None when a JPEG does not say.

    Raises
    ------
    RefusedObject
        ``not_decodable`` for arithmetic coding, and for a size or tiles of JPEG 2000 with which a decoder may
        never end.
    """
    if frame[:2] != _SOI:
        # in the boxes of a JP2 file the code stream begins later (15444-1 annex I)
        begin = frame.find(_SOC_SIZ)
        if begin < 0:
            raise RefusedObject("not_decodable", "the compressed image does not say its size")
        return _tiled_shape(frame[begin + 8 : begin + 42])
    position = 2
    while frame[:2] == b"\xff\xd8" and position + 9 <= len(frame):
        marker, length = struct.unpack(">HH", frame[position : position + 4])
        # SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS
        if (0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC)) or marker == 0xFFF7:
            if marker in _ARITHMETIC:  # decoded, Huffman codes in it would give noise
                raise RefusedObject("not_decodable", "arithmetic coding, which DICOM does not allow")
            rows, columns = struct.unpack(">HH", frame[position + 5 : position + 9])
            return (rows, columns) if rows else None
        position += 2 + length
    return None


def _tiled_shape(siz: bytes) -> tuple[int, int]:
    """Return (rows, columns) from the SIZ segment of JPEG 2000, behind its capabilities (15444-1 A.5.1).

    The first tile holds the first pixel, and there are as many tiles as can be numbered (15444-1 B.3).
    """
    x1, y1, x0, y0, width, height, left, top, components = struct.unpack(">8IH", siz)
    is_in_first = left <= x0 < left + width and top <= y0 < top + height
    if components != 1 or not (is_in_first and x0 < x1 and y0 < y1):
        raise RefusedObject("not_decodable", "the tiles of the compressed image do not fit it, or it has colors")
    if -(-(x1 - left) // width) * -(-(y1 - top) // height) > _MAX_TILES:
        raise RefusedObject("not_decodable", "the compressed image has more tiles than there can be")
    return y1 - y0, x1 - x0


def require_segments(frame: bytes, count: int) -> None:
    """Refuse an RLE frame whose header does not name `count` segments inside it: decoders read where it points to.

    Raises
    ------
    RefusedObject
        ``not_decodable`` (PS3.5 G.5).
    """
    said, *offsets = struct.unpack("<16I", frame[:_RLE_HEADER])
    limits = [*offsets[:count], len(frame)]
    if said != count or limits[0] != _RLE_HEADER or any(begin >= end for begin, end in pairwise(limits)):
        raise RefusedObject("not_decodable", "the header of the RLE data does not fit them")


def decode_htj2k(frame: bytes) -> NDArray[Any]:
    """Decode HTJ2K.

    Raises
    ------
    ValueError
        Where the decoder only prints an error, and would leave the rest of the image black; and where the size is
        not where it has been checked.
    """
    if frame[:4] != _SOC_SIZ:
        raise ValueError("the code stream does not begin with its size")
    printed: list[object] = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda one: printed.append(type(one.exc_value))
    try:
        found: NDArray[Any] = imagecodecs.htj2k_decode(frame)
    finally:
        sys.unraisablehook = hook
    if printed:
        raise ValueError("the code stream is damaged")
    return found
