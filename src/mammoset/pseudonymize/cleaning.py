"""Burned-in text: what lies clear of the breast is filled, what touches it waits for a person.

Corner rectangles are the paper's way, kept as an option. Otherwise the pixels tell: text wholly outside the breast and
its margin is filled with the value of air. Text on or near tissue is never masked without a person, because a mask
there may hide what the exam was made for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.breast import ChestWall
from mammoset.pixels.text import Detection, find_text
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize.masks import CornerShares, Rectangle, background_value, corners, filled

Verdict = Literal["mask", "keep"]
Effort = Literal["fast", "thorough", "off"]


class TextOnTissue(Exception):
    """Text lies on or near the breast, and nobody has decided about it yet.

    Attributes
    ----------
    regions : tuple of Detection
        Those that wait.
    """

    def __init__(self, regions: tuple[Detection, ...]) -> None:
        super().__init__(f"{len(regions)} regions wait for a decision")
        self.regions = regions


@dataclass(frozen=True, slots=True)
class Cleaning:
    """How an image is cleaned, and what people decided about it.

    Attributes
    ----------
    corners : CornerShares or None
        Also fill corner rectangles of this size.
    decided : mapping of rectangle to verdict
        Regions of this image that a person decided about.
    """

    effort: Effort = "fast"
    corners: CornerShares | None = None
    decided: Mapping[Rectangle, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An image after cleaning.

    Attributes
    ----------
    pixels : array, shape (rows, columns)
        Equal to what went in outside `masked`.
    masked : tuple of rectangles
        What was filled.
    account : mapping
        As `mammoset.catalog.records.ImageRecord.cleaning`.
    """

    pixels: NDArray[Any]
    masked: tuple[Rectangle, ...]
    account: Mapping[str, Any]


def clean(
    pixels: NDArray[Any],
    presentation: Presentation,
    mask: NDArray[np.bool_],
    wall: ChestWall,
    cleaning: Cleaning,
    *,
    spacing_mm: float | None = None,
) -> Cleaned:
    """Fill what was burned into an image away from the breast, and what people decided to mask.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values; not changed.
    mask : array of bool
        The breast's outline (`mammoset.pixels.breast.breast_mask`).
    spacing_mm : float or None
        Distance of pixels at the detector; None when unknown.

    Raises
    ------
    TextOnTissue
        If a region on or near the breast waits for a decision.
    """
    found = () if cleaning.effort == "off" else find_text(
        pixels, presentation, spacing_mm=spacing_mm, effort=cleaning.effort
    ).found  # fmt: skip
    decided = _decided(found, cleaning.decided)
    waiting = tuple(one for one in found if one.place == "tissue" and one.rectangle not in decided)
    if waiting:
        raise TextOnTissue(waiting)
    outside = tuple(one.rectangle for one in found if one.place == "outside")
    at_corners = _corners(pixels, wall, cleaning.corners)
    chosen = tuple(sorted({where for where, verdict in cleaning.decided.items() if verdict == "mask"}))
    masked = tuple(dict.fromkeys((*at_corners, *outside, *chosen)))
    kept = filled(pixels, masked, background_value(pixels, presentation, mask)) if masked else pixels
    account = {
        "effort": cleaning.effort,
        "found": [list(one) for one in outside],
        "decided": [[*where, verdict] for where, verdict in sorted(cleaning.decided.items())],
        "breast_pixels_lost": breast_pixels_in(masked, mask, pixels.shape),
    }
    return Cleaned(kept, masked, account)


def _decided(found: Sequence[Detection], decided: Mapping[Rectangle, Verdict]) -> set[Rectangle]:
    """Return the rectangles found that lie within one that a person decided about."""
    return {one.rectangle for one in found if any(_is_within(one.rectangle, where) for where in decided)}


def _is_within(inner: Rectangle, outer: Rectangle) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _corners(pixels: NDArray[Any], wall: ChestWall, shares: CornerShares | None) -> tuple[Rectangle, ...]:
    return () if shares is None else corners(pixels.shape[0], pixels.shape[1], wall.side, shares)


def breast_pixels_in(rectangles: Sequence[Rectangle], mask: NDArray[np.bool_], shape: tuple[int, ...]) -> int:
    """Count the pixels of the breast in rectangles of the full image; its outline may have a lower resolution."""
    count, counted = 0, list[Rectangle]()
    for rectangle in rectangles:
        for piece in _without(rectangle, counted):
            across = _samples(piece[0], piece[2], shape[1], mask.shape[1])
            down = _samples(piece[1], piece[3], shape[0], mask.shape[0])
            count += int(down @ mask @ across)
        counted.append(rectangle)
    return count


def _samples(first: int, last: int, length: int, samples: int) -> NDArray[np.int64]:
    """Return how many of the pixels from first to last, of a row or column, belong to each sample of the outline."""
    return np.bincount(np.arange(first, last) * samples // length, minlength=samples).astype(np.int64)


def _without(rectangle: Rectangle, others: Sequence[Rectangle]) -> list[Rectangle]:
    """Return the parts of a rectangle that lie in no other one."""
    pieces = [rectangle]
    for other in others:
        pieces = [part for piece in pieces for part in _parts(piece, other)]
    return pieces


def _parts(piece: Rectangle, hole: Rectangle) -> list[Rectangle]:
    xmin, ymin, xmax, ymax = piece
    left, top, right, bottom = max(xmin, hole[0]), max(ymin, hole[1]), min(xmax, hole[2]), min(ymax, hole[3])
    if left >= right or top >= bottom:
        return [piece]
    around = [
        (xmin, ymin, xmax, top),
        (xmin, bottom, xmax, ymax),
        (xmin, top, left, bottom),
        (right, top, xmax, bottom),
    ]
    return [one for one in around if one[0] < one[2] and one[1] < one[3]]


def crop_of(pixels: NDArray[Any], presentation: Presentation, rectangle: Rectangle, *, around: int = 64) -> bytes:
    """Return a picture (PNG) of a region and what is around it, contrast stretched, for the person who decides.

    The region is framed by a line just outside it.
    """
    xmin, ymin, xmax, ymax = rectangle
    left, top = max(0, xmin - around), max(0, ymin - around)
    part = pixels[top : ymax + around, left : xmax + around].astype(np.float32)
    low, high = np.percentile(part, (0.5, 99.8))
    grey = np.clip((part - low) * (255 / max(1.0, float(high - low))), 0, 255).astype(np.uint8)
    shown = 255 - grey if presentation.is_inverted else grey
    picture = cv2.cvtColor(shown, cv2.COLOR_GRAY2BGR)
    frame = (xmin - left - 2, ymin - top - 2), (xmax - left + 1, ymax - top + 1)
    cv2.rectangle(picture, *frame, (0, 190, 255), 2)
    done, png = cv2.imencode(".png", picture)
    if not done:
        raise ValueError("the picture of a region cannot be encoded")
    return bytes(png)
