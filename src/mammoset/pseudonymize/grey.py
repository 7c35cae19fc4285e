"""Windows and VOI tables that are written, and the words that may explain them."""

from __future__ import annotations

import re
from dataclasses import replace

from mammoset.pixels.header import term
from mammoset.pixels.window import Presentation, VoiLut, Window

MAX_CHOICES = 16
"""Windows and tables that are kept; devices write up to six."""
LONGEST_US = 32767
"""Entries of a table of VR US: an element of that representation holds 65534 bytes at most (PS3.5 7.1.2)."""
LEAST_LUT_BITS = 10
NAMED_CHOICES = frozenset(
    ("NORMAL", "HARDER", "SOFTER", "BRIGHTER", "DARKER", "STANDARD", "DENSE", "FATTY", "SKIN", "IMPLANT", "LINEAR",
     "FULL", "USER", "USER1", "USER2", "USER3", "CURVE1", "CURVE2", "CURVE3", "OPVIEW1", "OPVIEW2", "OPVIEW3")
)  # fmt: skip
"""Explanations of windows and tables that devices write and that name nobody."""


def kept_windows(presentation: Presentation, extremes: tuple[int, int]) -> tuple[Window, ...]:
    """Return the windows that are written: the source's, or the whole range when it has neither window nor table.

    Parameters
    ----------
    presentation : Presentation
        Over stored values.
    extremes : (int, int)
        Smallest and largest stored value that will be written.
    """
    low, high = presentation.stored_range
    span = high - low
    found = tuple(
        one for one in presentation.windows if low - span <= one.center <= high + span and one.width <= 4 * span
    )[:MAX_CHOICES]
    if found or kept_luts(presentation):
        return found
    smallest, largest = extremes
    return (Window((smallest + largest + 1) / 2, largest - smallest + 1.0),)


def kept_luts(presentation: Presentation) -> tuple[VoiLut, ...]:
    """Return the VOI tables that are written: monotonic ones, because any other may spell something out."""
    found = (one for one in presentation.voi_luts if _is_monotonic(one.data) and _has_descriptor(one))
    return tuple(_deep(one) for one in found)[:MAX_CHOICES]


def named(explanation: str, kind: str, place: int) -> str:
    """Return an explanation when it is a known word, else the kind of choice and its place, from 1."""
    said = re.sub(r"[\s_-]+", "", term(explanation))
    return said if said in NAMED_CHOICES else f"{kind}{place}"


def _deep(lut: VoiLut) -> VoiLut:
    """Restate a table of less than 10 bits in 16: the IOD allows 10 to 16 (PS3.3 C.8.11.3.1.5)."""
    if lut.bits >= LEAST_LUT_BITS:
        return lut
    white = (1 << lut.bits) - 1
    return replace(lut, bits=16, data=tuple(round(entry * 65535 / white) for entry in lut.data))


def _has_descriptor(lut: VoiLut) -> bool:
    """Whether three 16-bit numbers, signed when the first input is negative, can describe the table."""
    return 0 <= lut.first <= 65535 or (-32768 <= lut.first < 0 and len(lut.data) <= LONGEST_US)


def _is_monotonic(data: tuple[int, ...]) -> bool:
    return list(data) == sorted(data) or list(data) == sorted(data, reverse=True)
