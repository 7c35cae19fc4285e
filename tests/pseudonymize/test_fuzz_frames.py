"""Damaged frames: a decoder returns the image, or the object is refused; it never crashes, never ends, never invents.

Every case here once did: a process died of an offset outside the frame, a flipped bit of a tile's place kept OpenJPH
busy for ever, and errors that it only printed left a half black image that nobody noticed.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mammoset.errors import RefusedObject
from mammoset.phantom.threats.streams import ENCODERS, RLE, boxed
from mammoset.pixels.codec import decode
from mammoset.terms.dicom import HTJ2K_LOSSLESS
from tests.pseudonymize.hostile import breast_pixels, file_of, mammogram, read, tag

PIXELS = breast_pixels(48, 40)
FRAMES = {syntax: encode(PIXELS, 12) for syntax, encode in ENCODERS.items()}
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HEADER = 200


def decoded(syntax: str, frame: bytes) -> NDArray[Any]:
    elements = mammogram(PIXELS)
    del elements[tag("PixelData")]
    even = frame + b"\0" * (len(frame) % 2)
    fragments = b"\xfe\xff\x00\xe0\0\0\0\0\xfe\xff\x00\xe0" + struct.pack("<I", len(even)) + even
    value = b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + fragments + b"\xfe\xff\xdd\xe0\0\0\0\0"
    return decode(read(file_of(elements, meta={0x00020010: ("UI", syntax.encode())}, behind=value)))


def refusal(syntax: str, frame: bytes) -> str:
    with pytest.raises(RefusedObject) as refused:
        decoded(syntax, frame)
    return refused.value.reason


@pytest.mark.parametrize("syntax", FRAMES)
def test_whole_frames_are_decoded(syntax: str) -> None:
    assert np.array_equal(decoded(syntax, FRAMES[syntax]), PIXELS)


@pytest.mark.parametrize(
    ("position", "word"),
    [(32, 1 << 20), (36, 64), (24, 0), (28, 0), (16, 5), (40, 0x40010010)],
    ids=["tile left", "tile top", "tile width", "tile height", "image left", "components"],
)
def test_tiles_that_do_not_fit_the_image_are_refused_before_a_decoder_sees_them(position: int, word: int) -> None:
    frame = bytearray(FRAMES[HTJ2K_LOSSLESS])
    frame[position : position + 4] = struct.pack(">I", word)
    assert refusal(HTJ2K_LOSSLESS, bytes(frame)) in ("not_decodable", "pixel_size")


def test_a_size_that_is_not_at_the_beginning_of_htj2k_is_refused() -> None:
    frame = FRAMES[HTJ2K_LOSSLESS]
    assert refusal(HTJ2K_LOSSLESS, frame[:2] + b"\x5f\xd3" + frame[2:]) == "not_decodable"
    assert refusal(HTJ2K_LOSSLESS, frame[:2] + b"\x5f\xd3" + frame[3:]) == "not_decodable"


def test_an_error_that_the_decoder_only_prints_is_a_refusal() -> None:
    """A level of decomposition less than the packets have: OpenJPH gives a black image and no error."""
    frame = bytearray(FRAMES[HTJ2K_LOSSLESS])
    levels = frame.index(b"\xff\x52") + 9
    frame[levels] -= 1
    assert refusal(HTJ2K_LOSSLESS, bytes(frame)) == "not_decodable"


def test_more_tiles_than_can_be_numbered_are_refused() -> None:
    frame = bytearray(FRAMES[HTJ2K_LOSSLESS])
    frame[8:16] = struct.pack(">2I", 1 << 16, 1 << 16)
    frame[24:32] = struct.pack(">2I", 1, 1)
    assert refusal(HTJ2K_LOSSLESS, bytes(frame)) == "not_decodable"


def test_the_boxes_of_a_jp2_file_do_not_hide_the_size() -> None:
    frame = bytearray(FRAMES[JPEG_2000])
    assert np.array_equal(decoded(JPEG_2000, boxed(b"xml ", b"<a/>")(bytes(frame))), PIXELS)
    frame[8:12] = struct.pack(">I", 1 << 30)
    assert refusal(JPEG_2000, boxed(b"xml ", b"<a/>")(bytes(frame))) in ("pixel_size", "not_decodable")


@pytest.mark.parametrize("header", [(2, 64, 1 << 22), (2, 64, 64), (2, 65, 100), (1, 64, 0), (0, 0, 0), (15, 64, 90)])
def test_offsets_of_rle_that_leave_the_frame_are_refused(header: tuple[int, int, int]) -> None:
    frame = struct.pack("<3I", *header) + FRAMES[RLE][12:]
    assert refusal(RLE, frame) == "not_decodable"
    assert refusal(RLE, frame[:40]) == "not_decodable"


CHANGES = st.lists(
    st.tuples(st.sampled_from(["flip", "set", "cut", "insert"]), st.booleans(), st.floats(0, 1, exclude_max=True),
              st.integers(0, 255), st.integers(1, 20)),
    min_size=1, max_size=3,
)  # fmt: skip


def damaged(frame: bytes, changes: list[tuple[str, bool, float, int, int]]) -> bytes:
    for kind, is_header, share, value, count in changes:
        at = int(share * (min(HEADER, len(frame)) if is_header else len(frame)))
        if kind == "flip":
            frame = frame[:at] + bytes([frame[at] ^ 1 << value % 8]) + frame[at + 1 :]
        elif kind == "set":
            frame = frame[:at] + bytes([value]) + frame[at + 1 :]
        elif kind == "cut":
            frame = (frame[:at] + frame[at + count :]) or b"\0"
        else:
            frame = frame[:at] + bytes([value]) * count + frame[at:]
    return frame


@settings(deadline=None)
@given(syntax=st.sampled_from(sorted(FRAMES)), changes=CHANGES)
def test_a_damaged_frame_gives_an_image_of_the_right_size_or_a_refusal(
    syntax: str, changes: list[tuple[str, bool, float, int, int]]
) -> None:
    try:
        pixels = decoded(syntax, damaged(FRAMES[syntax], changes))
    except RefusedObject as refused:
        event(refused.reason)
        return
    event("decoded")
    assert pixels.shape == PIXELS.shape
    assert pixels.max() < 1 << 12
