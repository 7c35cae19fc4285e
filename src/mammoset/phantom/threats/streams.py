"""Compressed frames, and the places in them that hold bytes which no decoder shows.

Clauses: ISO/IEC 10918-1 B.2.4 (JPEG), 14495-1 C (JPEG-LS), 15444-1 A and I (JPEG 2000), PS3.5 G (RLE).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS,
    HTJ2K_LOSSLESS_RPCL,
    IMPLICIT_VR_LE,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
)

EXPLICIT_VR_BE = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
RLE = "1.2.840.10008.1.2.5"

FrameEdit = Callable[[bytes], bytes]


def _jpeg(pixels: NDArray[Any], bits: int) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1, bitspersample=bits))


def _jpeg_ls(pixels: NDArray[Any], _bits: int) -> bytes:
    return bytes(imagecodecs.jpegls_encode(pixels))


def _jpeg_2000(pixels: NDArray[Any], _bits: int) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True, level=0))


def _htj2k(pixels: NDArray[Any], _bits: int) -> bytes:
    return bytes(imagecodecs.htj2k_encode(pixels, reversible=True))


def _rle(pixels: NDArray[Any], _bits: int) -> bytes:
    """Return two segments, upper bytes first, in literal runs only."""
    found = [_runs((pixels >> shift).astype(np.uint8).tobytes()) for shift in (8, 0)]
    offsets = [64, 64 + len(found[0])]
    return struct.pack("<16I", len(found), *offsets, *[0] * 13) + b"".join(found)


def _runs(plane: bytes) -> bytes:
    parts = [plane[begin : begin + 128] for begin in range(0, len(plane), 128)]
    body = b"".join(bytes([len(part) - 1]) + part for part in parts)
    return body + b"\x80" * (len(body) % 2)


ENCODERS: dict[str, Callable[[NDArray[Any], int], bytes]] = {
    JPEG_LOSSLESS: _jpeg,
    JPEG_LOSSLESS_SV1: _jpeg,
    JPEG_LS_LOSSLESS: _jpeg_ls,
    JPEG_2000: _jpeg_2000,
    HTJ2K_LOSSLESS: _htj2k,
    HTJ2K_LOSSLESS_RPCL: _htj2k,
    RLE: _rle,
}
"""Transfer syntax to the encoder of one frame of 16-bit words."""

NATIVE = (EXPLICIT_VR_LE, IMPLICIT_VR_LE, EXPLICIT_VR_BE, DEFLATED)
SYNTAXES: tuple[str, ...] = (*NATIVE, *ENCODERS)
"""Every transfer syntax that the corpus is written in."""
JPEGS = (JPEG_LOSSLESS, JPEG_LOSSLESS_SV1)
J2KS = (JPEG_2000, HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL)
MARKED = (*JPEGS, JPEG_LS_LOSSLESS, *J2KS)
"""Whose frames are made of markers and segments."""


def segment(marker: int, body: bytes) -> bytes:
    """Return a marker segment: two bytes of marker, two of length, and a body."""
    return struct.pack(">HH", marker, len(body) + 2) + body


def after_start(inserted: bytes) -> FrameEdit:
    """Insert behind the first marker, as comments and application data of JPEG and JPEG-LS lie."""
    return lambda frame: frame[:2] + inserted + frame[2:]


def before_first_tile(inserted: bytes) -> FrameEdit:
    """Insert at the end of a JPEG 2000 main header."""

    def edit(frame: bytes) -> bytes:
        tile = frame.index(b"\xff\x90")
        return frame[:tile] + inserted + frame[tile:]

    return edit


def in_tile_header(inserted: bytes) -> FrameEdit:
    """Insert behind the first SOT segment of JPEG 2000, whose length grows with it."""

    def edit(frame: bytes) -> bytes:
        tile = frame.index(b"\xff\x90")
        (length,) = struct.unpack_from(">I", frame, tile + 6)
        grown = struct.pack(">I", length + len(inserted) if length else 0)
        return frame[: tile + 6] + grown + frame[tile + 10 : tile + 12] + inserted + frame[tile + 12 :]

    return edit


def at_end(inserted: bytes) -> FrameEdit:
    """Append behind the end marker."""
    return lambda frame: frame + inserted


def boxed(kind: bytes, inserted: bytes) -> FrameEdit:
    """Wrap a JPEG 2000 code stream in the boxes of a JP2 file, one of which holds the bytes (15444-1 annex I)."""

    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + name + body

    def edit(frame: bytes) -> bytes:
        x1, y1 = struct.unpack_from(">2I", frame, 8)
        header = struct.pack(">2IH4B", y1, x1, 1, 15, 7, 0, 0)
        color = struct.pack(">3BI", 1, 0, 0, 17)
        return (
            box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
            + box(b"jp2h", box(b"ihdr", header) + box(b"colr", color)) + box(kind, inserted) + box(b"jp2c", frame)
        )  # fmt: skip

    return edit


def in_unused_offsets(inserted: bytes) -> FrameEdit:
    """Write into the part of an RLE header that two segments leave unused."""
    return lambda frame: frame[:12] + inserted[:52].ljust(52, b"\0") + frame[64:]
