"""Places where a closer look is due: small things with edges as sharp as only what is drawn has them.

An X-ray image is blurred by its detector; a letter that a device drew into it is not. Where it stands out as little as
tissue does, its outline still does.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle, united
from mammoset.pixels.text.planes import STEEP, Plane, counted, near_cells, slope_of

SMOOTHER = 2.0
"""Standard deviation in pixels; that of a plane's own slope is 1."""
SHARP = 1.4
"""Times as steep as when smoothed more. A step is 1.9 times, what is itself blurred by two pixels 1.3 times."""
BLOCK = 8
SIDE = 6
"""Blocks: 48 pixels, as much as a letter takes."""
LEAST_SHARP = 20
"""Pixels in a place."""
PIECE_SHARE = 0.25
"""Of the longest piece of an outline: what is shorter does not belong to it."""


def sharp_edges(plane: Plane) -> NDArray[np.bool_]:
    """Return which pixels of a plane are steep, and much less so when smoothed."""
    return (plane.slope >= STEEP) & (plane.slope >= SHARP * slope_of(plane.values, SMOOTHER))


def spots(plane: Plane, sharp: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    """Yield the middles of places near the breast, those with most sharp edges first; x and y in stored pixels."""
    counts = counted(sharp, BLOCK)
    counts *= near_cells(plane.near, *counts.shape)
    side = SIDE + 1
    around = cv2.boxFilter(counts.astype(np.float32), -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    while True:
        row, column = divmod(int(around.argmax()), around.shape[1])
        if around[row, column] < LEAST_SHARP:
            return
        x, y = BLOCK * (column + 0.5), BLOCK * (row + 0.5)
        yield plane.left + x / plane.scale, plane.top + y / plane.scale
        far = side // 2
        around[max(0, row - far) : row + far + 1, max(0, column - far) : column + far + 1] = 0


def outline_share(plane: Plane, sharp: NDArray[np.bool_], rectangle: tuple[float, float, float, float]) -> float:
    """Return the sharp pixels in a rectangle of stored pixels, divided by half its circumference."""
    left, top, right, bottom = plane.shown(*rectangle)
    return float(sharp[top:bottom, left:right].sum() / max(1, right - left + bottom - top))


def framed(
    plane: Plane, sharp: NDArray[np.bool_], rectangle: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Return what encloses the outlines that reach into a rectangle of stored pixels: the detector cuts letters off."""
    left, top, right, bottom = rectangle
    x, y = (right - left) / 2, (bottom - top) / 2
    outer = plane.shown(left - x, top - y, right + x, bottom + y)
    inner = plane.shown(*rectangle)
    part = sharp[outer[1] : outer[3], outer[0] : outer[2]].astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    within = labels[inner[1] - outer[1] : inner[3] - outer[1], inner[0] - outer[0] : inner[2] - outer[0]]
    touched = [index for index in np.unique(within).tolist() if index > 0]
    if not touched:
        return rectangle
    longest = max(int(statistics[index, cv2.CC_STAT_AREA]) for index in touched)
    kept = [statistics[one] for one in touched if statistics[one, cv2.CC_STAT_AREA] >= PIECE_SHARE * longest]
    boxes = [(x, y, x + width, y + height) for x, y, width, height, _ in np.array(kept).tolist()]
    left, top, right, bottom = united(boxes)
    return plane.stored(outer[0] + left, outer[1] + top, outer[0] + right, outer[1] + bottom)


def window_about(x: float, y: float, half: float, shape: tuple[int, ...]) -> Rectangle:
    """Return the square about a place, cut off at the edges of an image of some shape."""
    return (
        max(0, int(x - half)), max(0, int(y - half)),
        min(shape[1], int(np.ceil(x + half))), min(shape[0], int(np.ceil(y + half))),
    )  # fmt: skip
