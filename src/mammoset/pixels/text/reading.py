"""Reads burned-in text, for those who look for known names in pixels and for reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.text.light import Light, light_of
from mammoset.pixels.text.lines import lines_in, read_turned
from mammoset.pixels.text.network import text_probability
from mammoset.pixels.text.planes import Plane, plane_of
from mammoset.pixels.window import Presentation

SIDE, OVERLAP = 640, 160
LEAST_SCORE = 0.5
ENLARGED_BELOW = 300
"""A part lower or narrower than this is read at twice its size."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read.

    Attributes
    ----------
    text : str
        Latin letters, digits, signs, or Chinese; Vietnamese letters come mostly without their marks.
    score : float
        0 to 1, mean certainty of the letters.
    rectangle : (xmin, ymin, xmax, ymax)
        Stored pixels of the array given, half-open.
    degrees : int
        0, 90, 180 or 270: by how much the image was turned counter-clockwise to read it.
    """

    text: str
    score: float
    rectangle: Rectangle
    degrees: int


def read_text(pixels: NDArray[Any], presentation: Presentation, rectangle: Rectangle | None = None) -> tuple[Line, ...]:
    """Read every line in an image or a part of it, from top to bottom.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values of the whole image: its brightness is judged by all of it.
    rectangle : (xmin, ymin, xmax, ymax) or None
        The part to read; None reads everything.

    Returns
    -------
    tuple of Line
        Empty when nothing is legible.
    """
    light = light_of(pixels, presentation, None)
    rows, columns = light.values.shape
    left, top, right, bottom = rectangle or (0, 0, columns, rows)
    window = (max(0, left), max(0, top), min(columns, right), min(rows, bottom))
    if window[0] >= window[2] or window[1] >= window[3]:
        return ()
    return _read(light, window)


def _read(light: Light, window: Rectangle) -> tuple[Line, ...]:
    is_small = min(window[2] - window[0], window[3] - window[1]) < ENLARGED_BELOW
    plane = plane_of(light, window, 2.0 if is_small else 1.0)
    found = []
    for line in lines_in(_likely(plane)):
        read = read_turned(plane.grey, line.rectangle)
        if read.text.strip() and read.score >= LEAST_SCORE:
            left, top, right, bottom = plane.stored(*line.rectangle)
            place = (int(left), int(top), int(np.ceil(right)), int(np.ceil(bottom)))
            found.append(Line(read.text.strip(), round(read.score, 2), place, read.degrees))
    return tuple(sorted(found, key=lambda one: (one.rectangle[1], one.rectangle)))


def _likely(plane: Plane) -> NDArray[np.float32]:
    rows, columns = plane.grey.shape
    likely = np.zeros((rows, columns), np.float32)
    for top in range(0, max(1, rows - OVERLAP), SIDE - OVERLAP):
        for left in range(0, max(1, columns - OVERLAP), SIDE - OVERLAP):
            part = np.s_[top : top + SIDE, left : left + SIDE]
            np.maximum(likely[part], text_probability(plane.grey[part]), out=likely[part])
    return likely
