"""Rows whose canary lies in or around the pixel data."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np

from mammoset.phantom.threats.canaries import Hand
from mammoset.phantom.threats.draft import COLUMNS, PIXEL_DATA, Draft
from mammoset.phantom.threats.draft import ROWS as IMAGE_ROWS
from mammoset.phantom.threats.elements import Element, words
from mammoset.phantom.threats.streams import (
    J2KS,
    JPEG_2000,
    JPEGS,
    MARKED,
    NATIVE,
    RLE,
    FrameEdit,
    after_start,
    at_end,
    before_first_tile,
    boxed,
    in_tile_header,
    in_unused_offsets,
    segment,
)
from mammoset.phantom.threats.threat import Plant, Threat
from mammoset.terms.dicom import JPEG_LS_LOSSLESS

_ENCAPSULATED = (*MARKED, RLE)
_JPEG_FAMILY = (*JPEGS, JPEG_LS_LOSSLESS)
_MIDDLE = IMAGE_ROWS // 2 * COLUMNS
"""The pixel at which a canary begins that is spread over the bits of many: far from the corners."""


def _less_than_a_row(made: Draft, hand: Hand) -> None:
    made.pixel_tail = hand.raw(2 * COLUMNS - 2)


def _more_than_a_row(made: Draft, hand: Hand) -> None:
    made.pixel_tail = hand.raw(2 * COLUMNS * 3)


def _hidden_rows(made: Draft, hand: Hand) -> None:
    """Say fewer rows than there are pixels."""
    values = made.rng.integers(1, 1 << made.bits, (8, COLUMNS)).astype(np.uint16)
    hand.note(values.astype("<u2").tobytes())
    made.pixels[-8:] = values
    made.put("Rows", words(IMAGE_ROWS - 8))


def _bit_plane(bit: int) -> Plant:
    """Write the canary into one unused bit of each pixel, in the order of an overlay plane."""

    def act(made: Draft, hand: Hand) -> None:
        made.pixels |= _plane(hand.raw()) << np.uint16(bit)

    return act


def _plane(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    plane = np.zeros(IMAGE_ROWS * COLUMNS, np.uint16)
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    plane[_MIDDLE : _MIDDLE + len(bits)] = bits
    return plane.reshape(IMAGE_ROWS, COLUMNS)


def _low_bits(made: Draft, hand: Hand) -> None:
    """Store the pixels in the upper bits, and the canary below them."""
    shift = 16 - made.bits
    made.pixels = (made.pixels << np.uint16(shift)) | _plane(hand.raw())
    made.put("HighBit", words(15))


def _embedded_overlay(made: Draft, hand: Hand) -> None:
    """Hold an overlay in a bit of the pixels (retired in PS3.3 C.9.2)."""
    made.pixels |= _plane(hand.raw()) << np.uint16(14)
    for number, vr, value in (
        (0x10, "US", words(IMAGE_ROWS)), (0x11, "US", words(COLUMNS)), (0x40, "CS", b"G"), (0x50, "SS", words(1, 1)),
        (0x100, "US", words(16)), (0x102, "US", words(14)),
    ):  # fmt: skip
        made.put_element(Element(0x60000000 | number, vr, value))


def _corner(at_top: bool) -> Plant:
    """Write the canary as pixels into a corner away from the chest wall, where devices write text."""

    def act(made: Draft, hand: Hand) -> None:
        values = made.rng.integers(1, 1 << made.bits, 12).astype(np.uint16)
        hand.note(values.astype("<u2").tobytes())
        row = 1 if at_top else -2
        made.pixels[row, slice(-13, -1) if made.at_left else slice(1, 13)] = values

    return act


def _extremes(made: Draft, hand: Hand) -> None:
    """Say a smallest and a largest value that no pixel has."""
    for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
        value = int(made.rng.integers(50_000, 65_536))
        hand.note(str(value))
        made.put(keyword, words(value))


def _comment(marker: int) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.frame_edits.append(after_start(segment(marker, hand.letters().encode() + hand.raw())))

    return act


def _j2k_comment(made: Draft, hand: Hand) -> None:
    made.frame_edits.append(before_first_tile(segment(0xFF64, b"\0\1" + hand.letters().encode())))


def _j2k_tile_comment(made: Draft, hand: Hand) -> None:
    made.frame_edits.append(in_tile_header(segment(0xFF64, b"\0\1" + hand.letters().encode())))


def _j2k_box(kind: bytes) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.frame_edits.append(boxed(kind, hand.letters().encode() + hand.raw()))

    return act


def _frame_edit(edit: Callable[[bytes], FrameEdit]) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.frame_edits.append(edit(hand.raw()))

    return act


def _extra_fragment(made: Draft, hand: Hand) -> None:
    made.fragments.append(hand.letters().encode() + hand.raw())


def _offset_slack(made: Draft, hand: Hand) -> None:
    made.offsets += hand.raw()


def _offsets_are_bytes(made: Draft, hand: Hand) -> None:
    made.offsets = hand.raw(4) + hand.raw(20)


def _extended_offsets(made: Draft, hand: Hand) -> None:
    made.put_element(Element(0x7FE00001, "OV", hand.raw(24)))
    made.put_element(Element(0x7FE00002, "OV", hand.raw(24)))


def _behind_delimiter(made: Draft, hand: Hand) -> None:
    made.behind = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0) + hand.raw()


def _second_pixel_data(made: Draft, hand: Hand) -> None:
    made.last.append(Element(PIXEL_DATA, "OW", hand.raw(2 * IMAGE_ROWS * COLUMNS)))


def _float_pixels(made: Draft, hand: Hand) -> None:
    made.put_element(Element(0x7FE00008, "OF", hand.raw(4 * IMAGE_ROWS * COLUMNS)))


ROWS: tuple[Threat, ...] = (
    Threat("pixels.less_than_a_row", "bytes", "behind the last pixel", _less_than_a_row, NATIVE),
    Threat("pixels.more_than_a_row", "bytes", "rows behind the last one", _more_than_a_row, NATIVE),
    Threat("pixels.hidden_rows", "bytes", "rows that Rows leaves out", _hidden_rows),
    Threat("pixels.high_bit", "bytes", "bit 15 of each pixel", _bit_plane(15), (*NATIVE, RLE)),
    Threat("pixels.low_bit", "bytes", "bits below the stored ones", _low_bits, (*NATIVE, RLE)),
    Threat("pixels.embedded_overlay", "bytes", "an overlay in bit 14", _embedded_overlay, (*NATIVE, RLE)),
    Threat("pixels.top_corner", "pixels", "top corner of the air", _corner(at_top=True)),
    Threat("pixels.bottom_corner", "pixels", "bottom corner of the air", _corner(at_top=False)),
    Threat("pixels.extremes", "value", "smallest, largest and padding value", _extremes),
    Threat("pixels.second_pixel_data", "bytes", "PixelData twice", _second_pixel_data, NATIVE),
    Threat("pixels.float", "bytes", "FloatPixelData beside PixelData", _float_pixels),
    Threat("stream.comment", "text, bytes", "COM of JPEG and JPEG-LS", _comment(0xFFFE), _JPEG_FAMILY),
    Threat("stream.app1", "text, bytes", "APP1 of JPEG and JPEG-LS", _comment(0xFFE1), _JPEG_FAMILY),
    Threat("stream.app8", "text, bytes", "APP8 of JPEG and JPEG-LS", _comment(0xFFE8), _JPEG_FAMILY),
    Threat("stream.app13", "text, bytes", "APP13 of JPEG and JPEG-LS", _comment(0xFFED), _JPEG_FAMILY),
    Threat("stream.j2k_comment", "text", "COM of JPEG 2000, main header", _j2k_comment, J2KS),
    Threat("stream.j2k_tile_comment", "text", "COM of JPEG 2000, tile-part header", _j2k_tile_comment, J2KS),
    Threat("stream.jp2_xml", "text, bytes", "XML box of a JP2 file", _j2k_box(b"xml "), (JPEG_2000,)),
    Threat("stream.jp2_uuid", "text, bytes", "UUID box of a JP2 file", _j2k_box(b"uuid"), (JPEG_2000,)),
    Threat("stream.behind_end", "bytes", "behind EOI or EOC", _frame_edit(at_end), _ENCAPSULATED),
    Threat("stream.rle_header", "bytes", "unused offsets of an RLE header", _frame_edit(in_unused_offsets), (RLE,)),
    Threat("stream.extra_fragment", "text, bytes", "a fragment behind the frame", _extra_fragment, _ENCAPSULATED),
    Threat("stream.offset_slack", "bytes", "basic offset table behind its offset", _offset_slack, _ENCAPSULATED),
    Threat("stream.offset_table", "bytes", "basic offset table", _offsets_are_bytes, _ENCAPSULATED),
    Threat("stream.extended_offsets", "bytes", "extended offset table", _extended_offsets, _ENCAPSULATED),
    Threat("stream.behind_delimiter", "bytes", "behind a second sequence delimiter", _behind_delimiter, _ENCAPSULATED),
)  # fmt: skip
