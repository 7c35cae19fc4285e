"""Finds whatever lies in the air beside the breast: letters of any kind, markers, plates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Detection, Rectangle, on_grid, united
from mammoset.pixels.text.light import Light

LEVELS = 425.0
"""Steps of the 8-bit air for the whole way from air to bright tissue."""
_BASE = 40.0
LEAST_LEVELS = 8
"""Under 2 % of that way nothing counts."""
NOISE_FACTOR = 5.0
LEAST_NEIGHBORS = 4
"""Of 5 × 5 pixels, the pixel itself counted: what is alone is noise."""
LEAST_INK = 10
LEAST_EXTENT = 8
"""Pixels: letters 10 high are found, specks are not."""
BLOCK = 4
JOINED_BLOCKS = 3
"""Things this near to each other are one."""
FILLED_MM = 0.5
"""Around a component."""
PIECE = 32
"""Blocks of a side, when a large thing that comes near the breast is cut up."""
_MEDIAN = 25


def components(light: Light) -> Iterator[Detection]:
    """Find the things outside the skin; those that reach into the breast's margin have place "tissue"."""
    stands_out = _stands_out(light)
    limit = _limit(stands_out, light)
    ink = _ink(stands_out, limit, light)
    counts = _blocks(ink)
    for mask, top, left in _clusters(counts):
        found = _Cluster(mask, counts[top : top + mask.shape[0], left : left + mask.shape[1]] * mask, top, left)
        if not found.is_speck:
            yield from _placed(found, light, _score(stands_out, found, limit))


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Blocks with ink that belong together, cut out of the image; rows and columns are in blocks."""

    mask: NDArray[np.bool_]
    counts: NDArray[np.int64]
    top: int
    left: int

    @property
    def is_speck(self) -> bool:
        if int(self.counts.sum()) < LEAST_INK:
            return True
        left, top, right, bottom = self.rectangle()
        return max(right - left, bottom - top) < LEAST_EXTENT

    def rectangle(self) -> Rectangle:
        rows, columns = np.flatnonzero(self.mask.any(axis=1)), np.flatnonzero(self.mask.any(axis=0))
        return (
            BLOCK * (self.left + int(columns[0])), BLOCK * (self.top + int(rows[0])),
            BLOCK * (self.left + int(columns[-1]) + 1), BLOCK * (self.top + int(rows[-1]) + 1),
        )  # fmt: skip

    def pieces(self) -> Iterator[_Cluster]:
        for y in range(0, self.mask.shape[0], PIECE):
            for x in range(0, self.mask.shape[1], PIECE):
                part = np.s_[y : y + PIECE, x : x + PIECE]
                if self.mask[part].any():
                    yield _Cluster(self.mask[part], self.counts[part], self.top + y, self.left + x)


def _stands_out(light: Light) -> NDArray[np.uint8]:
    """Return how far each pixel is from the air around it, brighter or darker, in levels."""
    levels = np.asarray(cv2.convertScaleAbs(light.values, alpha=LEVELS, beta=_BASE), np.uint8)
    rows, columns = levels.shape
    size = (max(1, columns // 8), max(1, rows // 8))
    small = np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.uint8)
    is_air = cv2.resize(light.air.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    small[~is_air] = np.uint8(np.median(small[is_air])) if is_air.any() else 0
    around = cv2.medianBlur(small, _MEDIAN)
    return np.asarray(
        cv2.absdiff(levels, cv2.resize(around, (columns, rows), interpolation=cv2.INTER_LINEAR)), np.uint8
    )


def _limit(stands_out: NDArray[np.uint8], light: Light) -> int:
    sample = stands_out[::5, ::5]
    is_air = cv2.resize(light.air.astype(np.uint8), sample.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    spread = 1.4826 * float(np.median(sample[is_air])) if is_air.any() else 0.0
    return min(250, max(LEAST_LEVELS, int(np.ceil(NOISE_FACTOR * spread))))


def _ink(stands_out: NDArray[np.uint8], limit: int, light: Light) -> NDArray[np.uint8]:
    """Return 1 where something stands out of the air and is not alone."""
    rows, columns = stands_out.shape
    is_air = np.asarray(
        cv2.resize(light.air.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST), np.uint8
    )
    ink = (stands_out >= limit).astype(np.uint8) & is_air
    neighbors = cv2.boxFilter(ink, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(ink & (neighbors >= LEAST_NEIGHBORS), np.uint8)


def _blocks(ink: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the pixels with ink in each block."""
    rows, columns = (-(-length // BLOCK) * BLOCK for length in ink.shape)
    whole = cv2.copyMakeBorder(ink, 0, rows - ink.shape[0], 0, columns - ink.shape[1], cv2.BORDER_CONSTANT, value=0)
    shape = (rows // BLOCK, BLOCK, columns // BLOCK, BLOCK)
    return np.asarray(np.asarray(whole).reshape(shape).sum(axis=(1, 3), dtype=np.int64))


def _clusters(counts: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.bool_], int, int]]:
    """Yield which blocks belong together, with their top row and left column."""
    inked = (counts > 0).astype(np.uint8)
    side = 2 * JOINED_BLOCKS + 1
    joined = cv2.dilate(inked, np.ones((side, side), np.uint8))
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for index, (left, top, width, height, _) in enumerate(statistics[1:].tolist(), 1):
        part = np.s_[top : top + height, left : left + width]
        yield (labels[part] == index) & (inked[part] > 0), top, left


def _score(stands_out: NDArray[np.uint8], cluster: _Cluster, limit: int) -> float:
    left, top, right, bottom = cluster.rectangle()
    peak = float(np.percentile(stands_out[top:bottom, left:right], 98))
    return round(min(1.0, max(0.0, (peak - limit) / (255 - limit))), 2)


def _placed(cluster: _Cluster, light: Light, score: float) -> Iterator[Detection]:
    """Yield the whole; or, where it comes near the breast, the pieces that do not, and what encloses the rest."""
    whole = _rectangle(cluster, light)
    if not light.is_near(whole):
        yield Detection(whole, "component", "outside", score)
        return
    rectangles = [_rectangle(piece, light) for piece in cluster.pieces()]
    near = [one for one in rectangles if light.is_near(one)]
    yield from (Detection(one, "component", "outside", score) for one in rectangles if one not in near)
    if near:
        yield Detection(united(near), "component", "tissue", score)


def _rectangle(cluster: _Cluster, light: Light) -> Rectangle:
    left, top, right, bottom = cluster.rectangle()
    more = FILLED_MM / light.spacing_mm
    return on_grid((left - more, top - more, right + more, bottom + more), light.values.shape)
