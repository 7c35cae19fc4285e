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
LEAST_ISLAND = 40
"""Steep pixels of a group of cells, as a letter has that is 12 high when enlarged."""
ISLAND_CELLS, BLOCK_CELLS = 10, 4
"""Sides of the largest group that is looked at as a whole, and of the parts of larger ones."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A part of an image.

    Attributes
    ----------
    grey : array of uint8, shape (rows, columns)
        Evened out; 127 is like the surroundings.
    slope : array of float32, same shape
        Per pixel of the plane.
    cells : array of int
        Steep pixels in each cell of `CELL` × `CELL`, those far from the breast not counted.
    scale : float
        Pixels of the plane per stored pixel.
    left, top : int
        First stored column and row.
    """

    grey: NDArray[np.uint8]
    slope: NDArray[np.float32]
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


def plane_of(light: Light, window: Rectangle, scale: float) -> Plane:
    """Cut a window out of an image and bring it to a scale."""
    left, top, right, bottom = window
    values = light.values[top:bottom, left:right]
    near = light.near
    if scale != 1:
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
        values = np.asarray(cv2.resize(values, size, interpolation=way), np.float32)
    slope = _slope(values)
    return Plane(_evened(values, SURROUNDINGS * scale), slope, _cells(slope, near, light, window), scale, left, top)


def _evened(values: NDArray[np.float32], sigma: float) -> NDArray[np.uint8]:
    rows, columns = values.shape
    factor = 4 if min(rows, columns) >= 64 else 1
    small = cv2.resize(values, (max(1, columns // factor), max(1, rows // factor)), interpolation=cv2.INTER_AREA)
    slow = cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / factor), (columns, rows), interpolation=cv2.INTER_LINEAR)
    gain = 127.5 / CONTRAST
    return np.clip(cv2.addWeighted(values, gain, slow, -gain, 127.5), 0, 255).astype(np.uint8)


def _slope(values: NDArray[np.float32]) -> NDArray[np.float32]:
    smooth = cv2.GaussianBlur(values, (0, 0), 1.0)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _cells(slope: NDArray[np.float32], near: NDArray[np.bool_], light: Light, window: Rectangle) -> NDArray[np.int64]:
    rows, columns = (-(-length // CELL) for length in slope.shape)
    steep = np.zeros((rows * CELL, columns * CELL), np.uint8)
    steep[: slope.shape[0], : slope.shape[1]] = slope >= STEEP
    counts = steep.reshape(rows, CELL, columns, CELL).sum(axis=(1, 3), dtype=np.int64)
    left, top, right, bottom = window
    y, x = near.shape[0] / light.values.shape[0], near.shape[1] / light.values.shape[1]
    part = near[int(top * y) : int(np.ceil(bottom * y)), int(left * x) : int(np.ceil(right * x))]
    is_near = cv2.resize(part.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA) > 0
    return np.where(is_near & (counts >= LEAST_STEEP), counts, 0)


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


def islands(plane: Plane, known: list[Rectangle], most: int) -> Iterator[Rectangle]:
    """Yield groups of steep cells, the strongest first, then the blocks of larger groups; in stored pixels.

    Parameters
    ----------
    known : list of rectangles
        Where text was found already; what is in them is left out.
    most : int
        As many at most.
    """
    found = []
    for is_block, top, left, cells in _groups(plane.cells):
        rows, columns = cells.shape
        box = plane.stored(left * CELL, top * CELL, (left + columns) * CELL, (top + rows) * CELL)
        if cells.sum() >= LEAST_ISLAND and not any(_holds(one, box) for one in known):
            found.append((is_block, -int(cells.max()), tuple(int(edge) for edge in box)))
    for _, _, (left, top, right, bottom) in sorted(found)[:most]:
        yield left, top, right, bottom


def _groups(cells: NDArray[np.int64]) -> Iterator[tuple[bool, int, int, NDArray[np.int64]]]:
    """Yield whether it is but a block of a group, its first row and column, and its cells."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats((cells > 0).astype(np.uint8), connectivity=8)
    for index, (left, top, width, height, _) in enumerate(statistics[1:].tolist(), 1):
        group = np.where(
            labels[top : top + height, left : left + width] == index, cells[top : top + height, left : left + width], 0
        )
        if max(width, height) <= ISLAND_CELLS:
            yield False, top, left, group
            continue
        for y in range(0, height, BLOCK_CELLS):
            for x in range(0, width, BLOCK_CELLS):
                yield True, top + y, left + x, group[y : y + BLOCK_CELLS, x : x + BLOCK_CELLS]


def _holds(outer: Rectangle, inner: tuple[float, float, float, float]) -> bool:
    """Whether the middle of one rectangle lies in another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
