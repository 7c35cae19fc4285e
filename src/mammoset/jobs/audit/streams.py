"""Walks compressed images without decoding them: comments, application segments, where the image ends.

JPEG: ISO/IEC 10918-1 B; JPEG-LS: ISO/IEC 14495-1 C; JPEG 2000 and HTJ2K: ISO/IEC 15444-1 A; RLE: PS3.5 Annex G.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.texts import readable
from mammoset.pixels.codec import RLE_LOSSLESS

_COM, _APP = 0xFFFE, range(0xFFE0, 0xFFF0)
_J2K_COM, _SOT, _EOC = 0xFF64, 0xFF90, 0xFFD9
_STANDALONE = (0xFF01, *range(0xFFD0, 0xFFD9))
_NEXT_MARKER = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]")
_RLE_HEADER = 64
_ENCODERS = re.compile(
    r"Created by OpenJPEG version [\d.]+|Kakadu-v?[\d.]+|OpenJPH Ver [\d.]+\.?|JasPer Version [\d.]+|Lavc[\d.]+"
)
"""What encoders write of themselves; anything else in a comment is worth a look."""
_FIXED = {b"JFIF\0": 14, b"Adobe": 12, b"mrfx\0": 6, b"SPIFF\0": 30, b"\0\0\0\1": 6, b"mrfx": 5}
"""How application segments begin that say how to decode, and their length."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One compressed image.

    Attributes
    ----------
    segments : tuple of (str, bytes)
        Comments and application segments: name of the marker, and content.
    end : int
        First byte behind the image; the length of all where no end was found.
    has_end : bool
    """

    segments: tuple[tuple[str, bytes], ...]
    end: int
    has_end: bool

    @classmethod
    def of(cls, data: bytes, transfer_syntax: str) -> Stream | None:
        """Walk a compressed image; None when its kind is not known."""
        try:
            if transfer_syntax == RLE_LOSSLESS:
                return _rle(data)
            if data[:2] == b"\xff\xd8":
                return _jpeg(data)
            if data[:2] == b"\xff\x4f":
                return _jpeg_2000(data)
        except (struct.error, IndexError):
            return cls((), len(data), False)
        return None


def code_stream_findings(stream: Stream) -> Iterator[Finding]:
    """Yield comments and application segments that no encoder writes of itself, and images without an end."""
    for name, content in stream.segments:
        if _is_usual(content):
            continue
        yield Finding("code_comment", f"PixelData: {name}", note=f"{len(content)} bytes")
        text = readable(content)
        if text:
            yield Finding("hidden_text", f"PixelData: {name}", text)
    if not stream.has_end:
        yield Finding("not_decodable", "PixelData", note="the compressed image has no end")


def _is_usual(content: bytes) -> bool:
    said = content.decode("latin-1").strip("\0 \n")
    is_fixed = any(content.startswith(begin) and len(content) == length for begin, length in _FIXED.items())
    return not said or is_fixed or bool(_ENCODERS.fullmatch(said))


def _jpeg(data: bytes) -> Stream:
    segments: list[tuple[str, bytes]] = []
    position = 2
    while True:
        found = _NEXT_MARKER.search(data, position)
        if found is None:
            return Stream(tuple(segments), len(data), False)
        between = data[position : found.start()].strip(b"\xff")
        if between:
            segments.append(("between segments", between))
        marker = struct.unpack(">H", found.group())[0]
        position = found.end()
        if marker == _EOC:
            return Stream(tuple(segments), position, True)
        if marker in _STANDALONE:
            continue
        length = struct.unpack_from(">H", data, position)[0]
        content = data[position + 2 : position + length]
        position += length
        if marker == _COM:
            segments.append(("COM", content))
        elif marker in _APP:
            segments.append((f"APP{marker - _APP.start}", content))
        if marker == 0xFFDA:
            position = _after_scan(data, position)


def _after_scan(data: bytes, position: int) -> int:
    """Return where the entropy-coded data of a scan end."""
    found = _NEXT_MARKER.search(data, position)
    return len(data) if found is None else found.start()


def _jpeg_2000(data: bytes) -> Stream:
    segments: list[tuple[str, bytes]] = []
    position, part_end = 2, 0
    while position + 2 <= len(data):
        marker = struct.unpack_from(">H", data, position)[0]
        if marker == _EOC:
            return Stream(tuple(segments), position + 2, True)
        if marker == 0xFF93:  # SOD: data up to the end of the tile-part
            if part_end <= position:
                return _to_the_end(data, position, segments)
            position = part_end
            continue
        length = struct.unpack_from(">H", data, position + 2)[0]
        if marker == _SOT:
            size = struct.unpack_from(">I", data, position + 6)[0]
            part_end = position + size if size else 0
        elif marker == _J2K_COM:
            segments.append(("COM", data[position + 6 : position + 2 + length]))
        position += 2 + length
    return Stream(tuple(segments), len(data), False)


def _to_the_end(data: bytes, position: int, segments: list[tuple[str, bytes]]) -> Stream:
    """Find the end of a code stream whose last tile-part states no length."""
    end = data.find(b"\xff\xd9", position)
    return Stream(tuple(segments), end + 2 if end >= 0 else len(data), end >= 0)


def _rle(data: bytes) -> Stream:
    """Return RLE data; what is unused in its header, 16 numbers, counts as a segment."""
    count, *offsets = struct.unpack_from("<16I", data)
    if not 1 <= count <= 15:
        return Stream((), len(data), False)
    slack = struct.pack(f"<{15 - count}I", *offsets[count:])
    return Stream((("RLE header", slack),) if slack.strip(b"\0") else (), len(data), True)
