"""Lines of text in a map of probabilities, and reading one whichever way it is turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.text.network import FORMS, letter_likelihood, read_line

LIKELY, LEAST_SCORE = 0.3, 0.5
LEAST_SIDE = 3
GROWTH = 1.6
"""The detector marks the inner part of a line; its border lies area × growth ÷ perimeter outside (Liao et al. 2020)."""
MORE_PX = 2
UPRIGHT = 1.6
"""A crop higher than this many widths is read turned only."""
CERTAIN = 0.9
SQUARE = 2.2
"""Times its shorter side: what is longer is no lone letter."""
PLAUSIBLE = 0.4
"""Certainty of the first look from which a lone letter is looked at again."""
CLEAR_STEP = 80
"""Grey steps between a thing and what is below it, from which its axis can be told."""
_SHOWN = (2, 98)
"""Percentiles that become black and white."""


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
    crop = _cut(grey, rectangle, 12)
    best = Turned("", 0.0, 0)
    for quarter in (0, 1, 3, 2):
        turned = _turned(crop, quarter)
        if turned.shape[0] > UPRIGHT * turned.shape[1]:
            continue
        text, score = read_line(turned)
        if score > best.score:
            best = Turned(text, score, 90 * quarter)
        if best.score >= CERTAIN and len(best.text.strip()) > 1:
            break
    return best


def read_letter(grey: NDArray[np.uint8], rectangle: Rectangle) -> Turned:
    """Read a lone letter, turned in four ways, and from several cuts that must agree.

    A reader is made for lines, where neighbours help it. Alone, a letter's certainty depends on how it is cut and how
    bright it is; that of a thing which only resembles a letter depends on it more.
    """
    left, top, right, bottom = rectangle
    if max(right - left, bottom - top) > SQUARE * min(right - left, bottom - top):
        return Turned("", 0.0, 0)
    crop = _cut(grey, rectangle, 12)
    others = (_cut(grey, rectangle, 5), _stretched(crop))
    best = Turned("", 0.0, 0)
    for quarter in range(4):
        first = letter_likelihood(_turned(crop, quarter))
        if first.max() < PLAUSIBLE:
            continue
        looks = [first, *(letter_likelihood(_turned(other, quarter)) for other in others)]
        mean = np.mean(looks, axis=0)
        if mean.max() > best.score:
            best = Turned(FORMS[int(mean.argmax())], float(mean.max()), 90 * quarter)
    return best


def lean(grey: NDArray[np.uint8], rectangle: Rectangle) -> float:
    """Return by how many degrees, 0 to 45, the long axis of a thing is off upright and off level; 0 of a faint one."""
    crop = cv2.GaussianBlur(_cut(grey, rectangle, 12), (0, 0), 1.5)
    _, ink = cv2.threshold(crop, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if abs(float(crop[ink > 0].mean()) - float(crop[ink == 0].mean())) < CLEAR_STEP:
        return 0.0
    border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    shape = cv2.moments(1 - ink if border.mean() > 0.5 else ink, binaryImage=True)
    axis = np.degrees(np.arctan2(2 * shape["mu11"], shape["mu20"] - shape["mu02"])) / 2
    return float(abs((axis + 45) % 90 - 45))


def _cut(grey: NDArray[np.uint8], rectangle: Rectangle, part: int) -> NDArray[np.uint8]:
    """Return a rectangle with a part of its shorter side around it: a twelfth, a fifth."""
    left, top, right, bottom = rectangle
    more = max(2, min(right - left, bottom - top) // part)
    return grey[max(0, top - more) : bottom + more, max(0, left - more) : right + more]


def _turned(crop: NDArray[np.uint8], quarter: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(crop, quarter))


def _stretched(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    low, high = np.percentile(crop, _SHOWN)
    scaled = (crop.astype(np.float32) - low) * (255 / max(high - low, 1))
    return np.asarray(np.clip(scaled, 0, 255), np.uint8)
