"""Finds burned-in text: things in the air beside the breast, and on or near tissue what looks like text.

On tissue, a neural network looks at the image evened out: at half and at full resolution where edges are as steep as
those of letters, and closer where they are as sharp as only what is drawn has them. What it finds is kept when its
strokes are steep or sharp and a second network can read it: several letters at once, a single one from several cuts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.text.components import components
from mammoset.pixels.text.detections import Detection, Detections, Effort, Place, Rectangle, merged, on_grid, united
from mammoset.pixels.text.light import Light, light_of
from mammoset.pixels.text.lines import FoundLine, lean, lines_in, read_letter, read_turned
from mammoset.pixels.text.network import text_probability
from mammoset.pixels.text.planes import STEEP, SURROUNDINGS, Plane, plane_of, tiles
from mammoset.pixels.text.spots import framed, outline_share, sharp_edges, spots, window_about
from mammoset.pixels.window import Presentation

SIDE, OVERLAP = 640, 96
"""Of the tiles of the detector; larger ones are slower per pixel."""
SMALL_ROWS = 1800
"""An image of fewer rows is looked at enlarged."""
CLOSER, CLOSER_SMALL = 2.0, 3.0
"""Times the full resolution, at which a spot is looked at: the detector sees a lone letter from 90 pixels on, and
letters are lower on small images."""
SPOT = 128
"""Half the side of what is looked at about a spot, in pixels of that look."""
SPOT_SURROUNDINGS = SURROUNDINGS / 2
"""There: what is as slow as a letter is large goes too."""
STEEP_SHARE = 95
"""Percentile of the slope within a line that must be steep."""
OUTLINED, OUTLINED_SOFT = 1.2, 0.4
"""Least share of sharp edges of a line at a spot: of a single letter (faint ones have 1.3 and more), of several."""
LEGIBLE, LEGIBLE_SOFT, LEGIBLE_ALONE = 0.6, 0.8, 0.8
"""Least certainty of the reader: about several letters, about several of soft edges, about a single one."""
LEGIBLE_ROUND = {"o": 0.98, "0": 0.98, "8": 0.92}
"""About a single one that may be a clip bent to a ring, or two calcifications that touch."""
SOFT = 4 / 3
"""Times the least slope: below it edges are soft, and a single letter is none."""
LEMNISCATE = "8"
MOST_LEAN = 12.0
"""Degrees by which an 8 on its own may lean: devices write upright, and a clip bent to an 8 lies as it comes."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How much of an image is looked at."""

    coarse_tiles: int
    tiles: int
    spots: int


REACHES: dict[Effort, _Reach] = {"fast": _Reach(8, 3, 16), "thorough": _Reach(100, 100, 64)}


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
        for one in _text_in(plane, light, tiles(plane, SIDE, OVERLAP, most)):
            known.append(one.rectangle)
            yield one
    yield from _text_at_spots(plane, light, known, reach.spots)


def _text_at_spots(plane: Plane, light: Light, known: list[Rectangle], most: int) -> Iterator[Detection]:
    """Yield the text at the sharpest spots, those left out that lie in what was found or seen whole before."""
    sharp = sharp_edges(plane)
    scale = (CLOSER if plane.scale == 1 else CLOSER_SMALL) * plane.scale
    looked = 0
    for x, y in spots(plane, sharp):
        if any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in known):
            continue
        if looked == most:
            return
        looked += 1
        window = window_about(x, y, SPOT / scale, light.values.shape)
        close = plane_of(light, window, scale, SPOT_SURROUNDINGS)
        for line, whole in _lines_at(close, plane, sharp):
            found = _detection(close, light, whole or line)
            if whole:
                yield found
            if not _is_cut_off(close, line):
                known.append(found.rectangle)


def _lines_at(close: Plane, plane: Plane, sharp: NDArray[np.bool_]) -> Iterator[tuple[FoundLine, FoundLine | None]]:
    """Yield the lines that have sharp outlines, and with what their outlines enclose those that can be read."""
    for line in lines_in(text_probability(close.grey)):
        place = close.stored(*line.rectangle)
        share = outline_share(plane, sharp, place)
        if share < OUTLINED_SOFT:
            continue
        frame = close.shown(*framed(plane, sharp, place))
        is_legible = any(_is_legible(close, one, is_soft=share < OUTLINED) for one in (line.rectangle, frame))
        yield line, FoundLine(united((line.rectangle, frame)), line.score) if is_legible else None


def _is_cut_off(plane: Plane, line: FoundLine) -> bool:
    """Whether a line may go on beyond the plane, so that the spots along it are looked at too."""
    left, top, right, bottom = line.rectangle
    return min(left, top) == 0 or right == plane.grey.shape[1] or bottom == plane.grey.shape[0]


def _text_in(plane: Plane, light: Light, regions: Iterable[Rectangle]) -> Iterator[Detection]:
    """Yield the text in some regions of a plane, lines that two of them share as one."""
    likely = np.zeros(plane.grey.shape, np.float32)
    for left, top, right, bottom in regions:
        part = np.s_[top:bottom, left:right]
        np.maximum(likely[part], text_probability(plane.grey[part]), out=likely[part])
    for line in lines_in(likely):
        left, top, right, bottom = line.rectangle
        slope = float(np.percentile(plane.slope[top:bottom, left:right], STEEP_SHARE))
        if slope >= STEEP and _is_legible(plane, line.rectangle, is_soft=slope < SOFT * STEEP):
            yield _detection(plane, light, line)


def _detection(plane: Plane, light: Light, line: FoundLine) -> Detection:
    rectangle = on_grid(plane.stored(*_lengthened(line.rectangle)), light.values.shape)
    place: Place = "tissue" if light.is_near(rectangle) else "outside"
    return Detection(rectangle, "text", place, round(line.score, 2))


def _lengthened(rectangle: Rectangle) -> Rectangle:
    """Return a line with room for a letter more at both ends, which the detector leaves out at times."""
    left, top, right, bottom = rectangle
    more = min(right - left, bottom - top) // 2
    is_long, is_high = right - left > 1.5 * (bottom - top), bottom - top > 1.5 * (right - left)
    sideways, upward = (more, 0) if is_long else (0, more) if is_high else (more // 2, more // 2)
    return left - sideways, top - upward, right + sideways, bottom + upward


def _is_legible(plane: Plane, rectangle: Rectangle, *, is_soft: bool) -> bool:
    """Whether what was found is text: several letters of any script, or surely one of ours with steep edges."""
    read = read_turned(plane.grey, rectangle)
    if sum(letter.isalnum() for letter in read.text) > 1 and read.score >= (LEGIBLE_SOFT if is_soft else LEGIBLE):
        return True
    if is_soft:
        return False
    letter = read_letter(plane.grey, rectangle)
    if letter.text == LEMNISCATE and lean(plane.grey, rectangle) > MOST_LEAN:
        return False
    return letter.score >= LEGIBLE_ROUND.get(letter.text, LEGIBLE_ALONE)
