"""The part of an image about the breast at one resolution, as the text detector sees it, and where in it to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.text.light import Light

CONTRAST = 0.36
"""Difference from the surroundings, of the way from air to bright tissue, that is shown black or white. What is slow is
taken away, so that text a tenth as bright as the tissue below it reads as well as print."""
SURROUNDINGS = 40.0
"""Standard deviation in pixels of what counts as slow."""
STEEP = 0.030
"""Least slope per pixel of a stroke's edge. Vessels and folds are softer; softer text is not found."""
CELL = 32
LEAST_STEEP = 12
"""Steep pixels in a cell that count; a letter 10 high has more in one of its cells."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A part of an image.

    Attributes
    ----------
    values : array of float32, shape (rows, columns)
        As in `Light`.
    grey : array of uint8, same shape
        Evened out; 127 is like the surroundings.
    slope : array of float32, same shape
        Per pixel of the plane.
    near : array of bool
        The part of `Light.near` that the plane shows, as small as there.
    cells : array of int
        Steep pixels in each cell of `CELL` × `CELL`, those far from the breast not counted.
    scale : float
        Pixels of the plane per stored pixel.
    left, top : int
        First stored column and row.
    """

    values: NDArray[np.float32]
    grey: NDArray[np.uint8]
    slope: NDArray[np.float32]
    near: NDArray[np.bool_]
    cells: NDArray[np.int64]
    scale: float
    left: int
    top: int

    def stored(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return a rectangle of the plane in stored pixels."""
        return (
            self.left + left / self.scale, self.top + top / self.scale,
            self.left + right / self.scale, self.top + bottom / self.scale,
        )  # fmt: skip

    def shown(self, left: float, top: float, right: float, bottom: float) -> Rectangle:
        """Return a rectangle of stored pixels in those of the plane, cut off at its edges."""
        rows, columns = self.grey.shape
        return (
            max(0, round((left - self.left) * self.scale)), max(0, round((top - self.top) * self.scale)),
            min(columns, round((right - self.left) * self.scale)), min(rows, round((bottom - self.top) * self.scale)),
        )  # fmt: skip


def plane_of(light: Light, window: Rectangle, scale: float, surroundings: float = SURROUNDINGS) -> Plane:
    """Cut a window out of an image and bring it to a scale."""
    left, top, right, bottom = window
    values = light.values[top:bottom, left:right]
    if scale != 1:
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
        values = np.asarray(cv2.resize(values, size, interpolation=way), np.float32)
    slope, near = slope_of(values, 1.0), _near(light, window)
    return Plane(values, _evened(values, surroundings * scale), slope, near, _cells(slope, near), scale, left, top)


def _near(light: Light, window: Rectangle) -> NDArray[np.bool_]:
    left, top, right, bottom = window
    y, x = light.near.shape[0] / light.values.shape[0], light.near.shape[1] / light.values.shape[1]
    return light.near[int(top * y) : int(np.ceil(bottom * y)), int(left * x) : int(np.ceil(right * x))]


def _evened(values: NDArray[np.float32], sigma: float) -> NDArray[np.uint8]:
    rows, columns = values.shape
    factor = 4 if min(rows, columns) >= 64 else 1
    small = cv2.resize(values, (max(1, columns // factor), max(1, rows // factor)), interpolation=cv2.INTER_AREA)
    slow = cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / factor), (columns, rows), interpolation=cv2.INTER_LINEAR)
    gain = 127.5 / CONTRAST
    return np.clip(cv2.addWeighted(values, gain, slow, -gain, 127.5), 0, 255).astype(np.uint8)


def slope_of(values: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return the slope per pixel of an image smoothed by some standard deviation."""
    smooth = cv2.GaussianBlur(values, (0, 0), sigma)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def near_cells(near: NDArray[np.bool_], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return which of some rows and columns of cells hold something near the breast."""
    share = cv2.resize(near.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0, np.bool_)


def counted(mask: NDArray[np.bool_], cell: int) -> NDArray[np.int64]:
    """Return how many pixels of a mask lie in each cell of some side."""
    rows, columns = (-(-length // cell) for length in mask.shape)
    whole = np.zeros((rows * cell, columns * cell), np.uint8)
    whole[: mask.shape[0], : mask.shape[1]] = mask
    return np.asarray(whole.reshape(rows, cell, columns, cell).sum(axis=(1, 3), dtype=np.int64))


def _cells(slope: NDArray[np.float32], near: NDArray[np.bool_]) -> NDArray[np.int64]:
    counts = counted(slope >= STEEP, CELL)
    return np.where(near_cells(near, *counts.shape) & (counts >= LEAST_STEEP), counts, 0)


def tiles(plane: Plane, side: int, overlap: int, most: int) -> Iterator[Rectangle]:
    """Yield the tiles that hold something steep, those with most of it first, `most` of them; in the plane's pixels."""
    rows, columns = plane.grey.shape
    found = []
    for top in _starts(rows, side, overlap):
        for left in _starts(columns, side, overlap):
            part = plane.cells[top // CELL : -(-(top + side) // CELL), left // CELL : -(-(left + side) // CELL)]
            if part.any():
                found.append((-int(part.sum()), top, left))
    for _, top, left in sorted(found)[:most]:
        yield left, top, min(columns, left + side), min(rows, top + side)


def _starts(length: int, side: int, overlap: int) -> range:
    return range(0, max(1, length - overlap), side - overlap)
