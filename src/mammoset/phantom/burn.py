"""Text burned into the pixels, as old equipment and screen captures have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.model import Box
from mammoset.terms.dicom import Laterality

Corner = Literal["top", "bottom"]
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LINE_STEP = 1.6
_REFERENCE_ROWS = 3518


@dataclass(frozen=True, slots=True)
class BurnPlan:
    """What shall be written where.

    Attributes
    ----------
    lines : tuple of str
        ASCII text; other characters are written as question marks, as the machines do that write such text.
    laterality : Laterality
        Of the breast: decides which side is away from the chest wall.
    corner : {"top", "bottom"}
        At which end of the picture.
    near_chest : bool
        At the side of the chest wall (rare) instead of the side of the air.
    height_px : int or None
        Height of a capital letter; None suits the picture.
    inverted : bool
        For MONOCHROME1, where bright ink is the lowest value.
    """

    lines: tuple[str, ...]
    laterality: Laterality
    corner: Corner = "top"
    near_chest: bool = False
    height_px: int | None = None
    inverted: bool = False


def burn(pixels: NDArray[np.uint16], plan: BurnPlan, bits_stored: int) -> Box:
    """Write text into a picture, in place.

    Parameters
    ----------
    pixels : ndarray of uint16, shape (rows, columns)
        Stored values; changed.
    plan : BurnPlan
    bits_stored : int
        The ink has the highest value of so many bits.

    Returns
    -------
    Box
        Tight around the ink, in stored pixels.

    Raises
    ------
    ValueError
        When there is nothing to write.
    """
    ink = _ink(plan, pixels.shape)
    top, left = _corner(plan, pixels.shape, ink.shape)
    window = pixels[top : top + ink.shape[0], left : left + ink.shape[1]]
    strength = ink.astype(np.float32) / np.float32(255)
    value = np.float32(0 if plan.inverted else (1 << bits_stored) - 1)
    window[...] = np.rint(window * (1 - strength) + value * strength).astype(np.uint16)
    return Box(float(left), float(top), float(left + ink.shape[1]), float(top + ink.shape[0]))


def _ink(plan: BurnPlan, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the text as coverage 0–255, cut to its strokes and made to fit the picture."""
    text = [line.encode("ascii", "replace").decode("ascii") for line in plan.lines]
    height = plan.height_px or max(8, round(46 * shape[0] / _REFERENCE_ROWS))
    while True:
        drawn = _drawn(text, height, align_right=(plan.laterality is Laterality.L) != plan.near_chest)
        if not drawn.any():
            raise ValueError("There is nothing to burn in: the lines have no visible character.")
        rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
        ink = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if height <= 5 or (ink.shape[0] <= 0.9 * shape[0] and ink.shape[1] <= 0.9 * shape[1]):
            return ink[: shape[0], : shape[1]]
        height = max(5, int(0.8 * height))


def _drawn(text: list[str], height: int, *, align_right: bool) -> NDArray[np.uint8]:
    """Return all lines on a canvas that holds them."""
    thickness = max(1, round(height / 9))
    # A capital of this font is 22 pixels high at scale 1.
    scale = height / 22.0
    widths = [cv2.getTextSize(line, _FONT, scale, thickness)[0][0] for line in text]
    step = round(_LINE_STEP * height)
    canvas = np.zeros((step * len(text) + 2 * height, max(widths, default=0) + 2 * height), dtype=np.uint8)
    for number, (line, width) in enumerate(zip(text, widths, strict=True)):
        x = canvas.shape[1] - height - width if align_right else height
        cv2.putText(canvas, line, (x, step * number + 2 * height), _FONT, scale, 255, thickness, cv2.LINE_AA)
    return canvas


def _corner(plan: BurnPlan, shape: tuple[int, ...], ink: tuple[int, ...]) -> tuple[int, int]:
    """Return the top left pixel of the ink; a margin from the edge where there is room for one."""
    margin = round(0.02 * shape[0])
    at_right = (plan.laterality is Laterality.L) != plan.near_chest
    far_left, far_top = shape[1] - ink[1], shape[0] - ink[0]
    left = max(0, far_left - margin) if at_right else min(margin, far_left)
    top = min(margin, far_top) if plan.corner == "top" else max(0, far_top - margin)
    return top, left
