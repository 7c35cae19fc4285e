"""Finds burned-in text: things in the air beside the breast, and on or near tissue what looks like text.

On tissue, a neural network looks at the image evened out, at half and at full resolution, and at twice the resolution
about what it missed. It looks only where edges are as steep as those of letters. What it finds is kept when its strokes
are steep and a second network can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.components import components
from mammoset.pixels.text.detections import Detection, Detections, Effort, Place, Rectangle, merged, on_grid
from mammoset.pixels.text.light import Light, light_of
from mammoset.pixels.text.lines import Turned, lines_in, read_turned
from mammoset.pixels.text.network import text_probability
from mammoset.pixels.text.planes import STEEP, Plane, islands, plane_of, tiles
from mammoset.pixels.window import Presentation

SIDE, OVERLAP = 640, 96
"""Of the tiles of the detector; larger ones are slower per pixel."""
SMALL_ROWS = 1800
"""An image of fewer rows is looked at enlarged."""
AROUND = 64
"""Pixels about an island of steep cells that are looked at with it."""
ENLARGED_STEEP = 0.6 * STEEP
"""Where an image is enlarged again: twice the size has half the slope, and smooths less."""
STEEP_SHARE = 95
"""Percentile of the slope within a line that must be steep."""
LEGIBLE, LEGIBLE_SOFT, LEGIBLE_ALONE, LEGIBLE_RING = 0.6, 0.8, 0.84, 0.93
"""Least certainty of the reader: about several letters, about several of soft edges, about a single one, about
a ring, which may be a clip."""
SOFT = 4 / 3
"""Times the least slope: below it edges are soft."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How much of an image is looked at."""

    coarse_tiles: int
    tiles: int
    islands: int


REACHES: dict[Effort, _Reach] = {"fast": _Reach(8, 3, 6), "thorough": _Reach(100, 100, 36)}


def find_text(
    pixels: NDArray[Any], presentation: Presentation, *, spacing_mm: float | None = None, effort: Effort = "fast"
) -> Detections:
    """Find burned-in text.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values.
    presentation : Presentation
        Says whether they are inverted, and what is padding.
    spacing_mm : float or None
        Between pixels; when unknown, the margin is a share of the image's height.
    effort : {"air", "fast", "thorough"}
        Air looks beside the breast only, without the networks; fast also at the places on it that stand out most;
        thorough at all that are steep.

    Returns
    -------
    Detections
        Where no breast is found, all have place "tissue".
    """
    light = light_of(pixels, presentation, spacing_mm)
    found = list(components(light))
    if effort in REACHES:
        found += _on_tissue(light, REACHES[effort])
    return Detections(merged(found), effort)


def _on_tissue(light: Light, reach: _Reach) -> Iterator[Detection]:
    full = 1.0 if light.values.shape[0] >= SMALL_ROWS else 2.0
    window = light.window()
    known: list[Rectangle] = []
    for scale, most in ((full / 2, reach.coarse_tiles), (full, reach.tiles)):
        plane = plane_of(light, window, scale)
        for one in _text_in(plane, light, tiles(plane, SIDE, OVERLAP, most), STEEP):
            known.append(one.rectangle)
            yield one
    for island in islands(plane, known, reach.islands):
        yield from _text_at(island, light, 2 * full, round(AROUND / full))


def _text_at(island: Rectangle, light: Light, scale: float, around: int) -> Iterator[Detection]:
    rows, columns = light.values.shape
    left, top, right, bottom = island
    window = (max(0, left - around), max(0, top - around), min(columns, right + around), min(rows, bottom + around))
    plane = plane_of(light, window, scale)
    yield from _text_in(plane, light, [(0, 0, plane.grey.shape[1], plane.grey.shape[0])], ENLARGED_STEEP)


def _text_in(plane: Plane, light: Light, regions: Iterable[Rectangle], steep: float) -> Iterator[Detection]:
    """Yield the text in some regions of a plane, lines that two of them share as one."""
    likely = np.zeros(plane.grey.shape, np.float32)
    for left, top, right, bottom in regions:
        part = np.s_[top:bottom, left:right]
        np.maximum(likely[part], text_probability(plane.grey[part]), out=likely[part])
    for line in lines_in(likely):
        left, top, right, bottom = line.rectangle
        slope = float(np.percentile(plane.slope[top:bottom, left:right], STEEP_SHARE))
        if slope < steep or not _is_legible(read_turned(plane.grey, line.rectangle), is_soft=slope < SOFT * steep):
            continue
        rectangle = on_grid(plane.stored(*_lengthened(line.rectangle)), light.values.shape)
        place: Place = "tissue" if light.is_near(rectangle) else "outside"
        yield Detection(rectangle, "text", place, round(line.score, 2))


def _lengthened(rectangle: Rectangle) -> Rectangle:
    """Return a line with room for a letter more at both ends, which the detector leaves out at times."""
    left, top, right, bottom = rectangle
    more = min(right - left, bottom - top) // 2
    is_long, is_high = right - left > 1.5 * (bottom - top), bottom - top > 1.5 * (right - left)
    sideways, upward = (more, 0) if is_long else (0, more) if is_high else (more // 2, more // 2)
    return left - sideways, top - upward, right + sideways, bottom + upward


def _is_legible(read: Turned, *, is_soft: bool) -> bool:
    """Whether what was read is text: several letters of any script, or surely one of ours."""
    letters = [letter for letter in read.text if letter.isalnum()]
    if len(letters) > 1:
        return read.score >= (LEGIBLE_SOFT if is_soft else LEGIBLE)
    if len(letters) != 1 or not letters[0].isascii():
        return False
    return read.score >= (LEGIBLE_RING if letters[0] in "oO0" else LEGIBLE_ALONE)
