"""Lines of text in a map of probabilities, and reading one whichever way it is turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.text.network import read_line

LIKELY, LEAST_SCORE = 0.3, 0.5
LEAST_SIDE = 3
GROWTH = 1.6
"""The detector marks the inner part of a line; its border lies area × growth ÷ perimeter outside (Liao et al. 2020)."""
MORE_PX = 2
UPRIGHT = 1.6
"""A crop higher than this many widths is read turned only."""
CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line in a map: its rectangle there, and its mean probability."""

    rectangle: Rectangle
    score: float


@dataclass(frozen=True, slots=True)
class Turned:
    """What a crop says, and by how many degrees counter-clockwise it was turned to say so."""

    text: str
    score: float
    degrees: int


def lines_in(likely: NDArray[np.float32]) -> Iterator[FoundLine]:
    """Yield the lines in a map of probabilities."""
    rows, columns = likely.shape
    _, labels, statistics, _ = cv2.connectedComponentsWithStats((likely > LIKELY).astype(np.uint8), connectivity=8)
    for index, (left, top, width, height, area) in enumerate(statistics[1:].tolist(), 1):
        if min(width, height) < LEAST_SIDE:
            continue
        part = np.s_[top : top + height, left : left + width]
        score = float(likely[part][labels[part] == index].mean())
        if score < LEAST_SCORE:
            continue
        more = int(np.ceil(area * GROWTH / (2 * (width + height)))) + MORE_PX
        yield FoundLine(
            (
                max(0, left - more),
                max(0, top - more),
                min(columns, left + width + more),
                min(rows, top + height + more),
            ),
            score,
        )


def read_turned(grey: NDArray[np.uint8], rectangle: Rectangle) -> Turned:
    """Read a part of a picture, turned in four ways unless one is certain."""
    left, top, right, bottom = rectangle
    more = max(2, min(right - left, bottom - top) // 12)
    crop = grey[max(0, top - more) : bottom + more, max(0, left - more) : right + more]
    best = Turned("", 0.0, 0)
    for quarter in (0, 1, 3, 2):
        turned = np.ascontiguousarray(np.rot90(crop, quarter))
        if turned.shape[0] > UPRIGHT * turned.shape[1]:
            continue
        text, score = read_line(turned)
        if score > best.score:
            best = Turned(text, score, 90 * quarter)
        if best.score >= CERTAIN and len(best.text.strip()) > 1:
            break
    return best
