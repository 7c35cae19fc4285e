"""Fills the corners of an image that devices write text into: top and bottom, away from the chest wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.breast import Side
from mammoset.pixels.window import Presentation

Rectangle = tuple[int, int, int, int]
"""xmin, ymin, xmax, ymax in stored pixels, half-open."""


@dataclass(frozen=True, slots=True)
class CornerShares:
    """Height and width of the corner rectangles as shares of rows and columns."""

    height: float = 1 / 12
    width: float = 1 / 5


def corners(rows: int, columns: int, chest_wall: Side, shares: CornerShares) -> tuple[Rectangle, Rectangle]:
    """Return the top and the bottom corner rectangle of the side away from the chest wall, at least one pixel each."""
    height = min(rows, max(1, round(rows * shares.height)))
    width = min(columns, max(1, round(columns * shares.width)))
    xmin, xmax = (columns - width, columns) if chest_wall == "left" else (0, width)
    return (xmin, 0, xmax, height), (xmin, rows - height, xmax, rows)


def background_value(pixels: NDArray[Any], presentation: Presentation, mask: NDArray[np.bool_]) -> int:
    """Return the stored value of air: the commonest one outside the breast.

    Without air it is the padding value, else the darkest stored value (the greatest one in MONOCHROME1).

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
    presentation : Presentation
    mask : array of bool
        The breast's outline (`mammoset.pixels.breast.breast_mask`).
    """
    near = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    rows = np.linspace(0, pixels.shape[0] - 1, mask.shape[0]).round().astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, mask.shape[1]).round().astype(int)
    air = pixels[np.ix_(rows, columns)][~near]
    if air.size and mask.any():
        values, counts = np.unique(air, return_counts=True)
        return int(values[np.argmax(counts)])
    if presentation.padding is not None:
        return presentation.padding[0]
    low, high = presentation.stored_range
    return high if presentation.is_inverted else low


def filled(pixels: NDArray[Any], rectangles: tuple[Rectangle, ...], value: int) -> NDArray[Any]:
    """Return a copy of the pixels with the rectangles set to one stored value."""
    result = pixels.copy()
    for xmin, ymin, xmax, ymax in rectangles:
        result[ymin:ymax, xmin:xmax] = value
    return result
