"""Where the breast is in an image: which side the chest wall is on, and an outline of the tissue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.window import Presentation

Side = Literal["left", "right"]
MASK_HEIGHT = 256
"""Rows of the reduced image: one row is about 1 mm, enough for an outline of the breast."""
EDGE_SHARE = 0.03
CERTAIN_FROM = 0.15
End = Literal["top", "bottom"]
END_SHARE, STRIP_SHARE = 0.1, 0.08
"""Of the rows at each end, and of the columns along the chest wall, that `axilla_end` looks at."""
WIDER_BY, BRIGHTER_BY = 0.15, 0.05
"""How much the end of the axilla must be wider and brighter for the pixels to tell."""


@dataclass(frozen=True, slots=True)
class ChestWall:
    """The side of the image that the breast is attached to.

    Attributes
    ----------
    certainty : float
        0 (both sides look the same) to 1 (tissue at one side only).
    """

    side: Side
    certainty: float

    @property
    def is_certain(self) -> bool:
        """Whether the pixels tell the side, so that a header saying otherwise is wrong."""
        return self.certainty >= CERTAIN_FROM


def chest_wall_side(pixels: NDArray[Any], presentation: Presentation | None = None) -> Side:
    """Return the side of the image, in stored orientation, that the breast is attached to."""
    return find_chest_wall(pixels, presentation).side


def find_chest_wall(pixels: NDArray[Any], presentation: Presentation | None = None) -> ChestWall:
    """Tell from the pixels which side the breast is attached to, and how sure that is."""
    return chest_wall_of(breast_mask(pixels, presentation))


def chest_wall_of(mask: NDArray[np.bool_]) -> ChestWall:
    """Tell from the outline of the breast which side it is attached to.

    The tissue touches its own edge over a longer stretch than the other edge, and most of it lies in that half.
    """
    columns = mask.mean(axis=0)
    if not columns.any():
        return ChestWall("left", 0.0)
    edge = max(1, round(len(columns) * EDGE_SHARE))
    touch = float(columns[:edge].mean() - columns[-edge:].mean())
    place = np.linspace(1, -1, len(columns)) if len(columns) > 1 else np.zeros(1)
    balance = float((columns * place).sum() / columns.sum())
    score = (touch + balance) / 2
    return ChestWall("left" if score >= 0 else "right", min(1.0, abs(score) * 2))


def axilla_end(pixels: NDArray[Any], presentation: Presentation | None = None) -> End | None:
    """Tell from the pixels of a view from the side at which end of the stored image the axilla is.

    Two signs have to agree: towards the axilla the tissue is wider up to the edge of the image, while below the breast
    it narrows to the fold; and the chest muscle, a triangle that widens towards the axilla, is bright along the wall.

    Returns
    -------
    "top", "bottom" or None
        None where one of the signs is weak or they contradict each other. A view from above has neither: do not ask.
    """
    mask, small = breast_mask(pixels, presentation), _bright_tissue(pixels, presentation, MASK_HEIGHT)
    if not mask.any() or mask.all():
        return None
    if chest_wall_of(mask).side == "right":
        mask, small = mask[:, ::-1], small[:, ::-1]
    rows, columns = mask.shape
    reach, end = mask.sum(axis=1), max(1, round(rows * END_SHARE))
    wider = float(reach[:end].mean() - reach[-end:].mean()) / float(reach.max())
    tissue = np.where(mask, small - np.median(small[~mask]), 0)[:, : max(1, round(columns * STRIP_SHARE))].mean(axis=1)
    third = max(1, rows // 3)
    upper, lower = float(tissue[:third].mean()), float(tissue[-third:].mean())
    brighter = (upper - lower) / max(abs(upper) + abs(lower), 1e-9)
    if wider >= WIDER_BY and brighter >= BRIGHTER_BY:
        return "top"
    return "bottom" if wider <= -WIDER_BY and brighter <= -BRIGHTER_BY else None


def breast_mask(
    pixels: NDArray[Any], presentation: Presentation | None = None, height: int = MASK_HEIGHT
) -> NDArray[np.bool_]:
    """Return where the breast is, at reduced resolution.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values.
    presentation : Presentation or None
        Says whether bright tissue has small values (MONOCHROME1) and what is padding; None takes bright as great.
    height : int
        Rows of the mask, when the image has more.

    Returns
    -------
    array of bool, shape (at most `height`, in proportion)
        The largest connected region brighter than air; all False where the image is even.
    """
    return largest_region(bright_mask(pixels, presentation, height))


def largest_region(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the largest connected region of a mask; nothing where there is none."""
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    if count < 2:
        return np.zeros(mask.shape, np.bool_)
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest, np.bool_)


def bright_mask(
    pixels: NDArray[Any], presentation: Presentation | None = None, height: int = MASK_HEIGHT
) -> NDArray[np.bool_]:
    """Return everything brighter than air, specks left out, as `breast_mask` does: breast, arm, plates, thick text."""
    small = _bright_tissue(pixels, presentation, height)
    low, high = float(small.min()), float(small.max())
    if high <= low:
        return np.zeros(small.shape, np.bool_)
    scaled = ((small - low) * (255 / (high - low))).astype(np.uint8)
    tissue = (small > _air_limit(small, scaled, low, high)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(tissue, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.bool_)


def _bright_tissue(pixels: NDArray[Any], presentation: Presentation | None, height: int) -> NDArray[np.float32]:
    """Return the image reduced, tissue bright and padding as dark as the darkest air."""
    rows, columns = pixels.shape
    is_inverted = presentation is not None and presentation.is_inverted
    values = pixels
    if presentation is not None and presentation.padding is not None:
        low, high = presentation.padding
        padded = (pixels >= low) & (pixels <= high)
        if padded.any() and not padded.all():
            shown = pixels[~padded]
            values = np.where(padded, shown.max() if is_inverted else shown.min(), pixels)
    if rows > height:
        size = (max(1, round(columns * height / rows)), height)
        deep = values.astype(np.int16) if values.dtype == np.int8 else values
        values = np.asarray(cv2.resize(_quarter(deep, height), size, interpolation=cv2.INTER_AREA))
    return -values.astype(np.float32) if is_inverted else values.astype(np.float32)


def _quarter(values: NDArray[Any], height: int) -> NDArray[Any]:
    """Return the means of blocks of 4 × 4 of a large image: whole factors are averaged four times as fast as others."""
    rows, columns = (length // 4 for length in values.shape)
    if rows < height or columns < 1:
        return values
    whole = values[: 4 * rows, : 4 * columns]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA))


def _air_limit(small: NDArray[np.float32], scaled: NDArray[np.uint8], low: float, high: float) -> float:
    """Return the value above which is tissue: near the air's, because fat under the skin is dim."""
    split, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    otsu = low + (split + 0.5) * (high - low) / 255
    air = small[small <= otsu]
    center = float(np.median(air))
    spread = float(np.median(np.abs(air - center)))
    bright = float(np.percentile(small, 99))
    return min(otsu, center + max(6 * spread, 0.04 * (bright - center)))
