"""A picture for the eye of a reviewer: faint writing shows, beside the breast and on it, also when it is made small."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.breast import breast_mask
from mammoset.pixels.window import Presentation

FAINTEST, WHITE = 80, 255
"""Grey of what differs from air by hardly more than noise: plainly not black; and of what differs by `SPAN` as much."""
SPAN = 24
NOISE = 3.0
"""So many standard deviations of the picture's noise count as air."""
QUIET = 0.1
"""Stored values: noise of an image whose air is even."""
NEIGHBOURHOOD = 0.04
"""Share of the rows over which the air is taken as even; greater than letters, smaller than the scatter of air."""
LOCAL_CONTRAST, TILES = 4.0, 8
SKIN = 7
"""Pixels of the picture around the outline that are shown as tissue: skin fades into the air."""


def stretched(pixels: NDArray[np.integer[Any]], presentation: Presentation, rows: int) -> NDArray[np.uint8]:
    """Return a picture in which whatever stands in the air is bright, and tissue has local contrast.

    Windows, tables and padding of the header are passed over: a name may be written in values that they show as black.
    In the air, bright is what differs from its surroundings in either direction by more than the noise of the picture;
    making the picture smaller by means of blocks takes noise away and leaves strokes, so that writing of
    10 of 4095 can be read. Tissue is equalized piecewise (CLAHE).

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values at full resolution: in a lower resolution level faint writing may be gone.
    presentation : Presentation
    rows : int
        Of the picture; no more than the image has.
    """
    rows = min(rows, pixels.shape[0])
    size = (max(1, round(pixels.shape[1] * rows / pixels.shape[0])), rows)
    small = _means(pixels, size)
    outline = cv2.resize(breast_mask(pixels, presentation).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    is_breast = cv2.dilate(outline, np.ones((SKIN, SKIN), np.uint8)) > 0
    plain = _plain(small, is_breast if is_breast.any() else np.ones_like(is_breast), presentation)
    local = cv2.createCLAHE(LOCAL_CONTRAST, (TILES, TILES)).apply(plain)
    # what is taken for air may be tissue, in a magnified view say: nothing is darker there than in a plain picture
    return np.where(is_breast, local, np.maximum(_air(small, is_breast), plain))


def _means(pixels: NDArray[np.integer[Any]], size: tuple[int, int]) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)


def _air(small: NDArray[np.float32], is_breast: NDArray[np.bool_]) -> NDArray[np.uint8]:
    air = ~is_breast
    if not air.any():
        return np.zeros(small.shape, np.uint8)
    away = cv2.erode(air.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0  # skin fades into the air
    weights = (away if away.any() else air).astype(np.float32)
    center = float(np.median(small[weights > 0]))
    sigma = max(1.0, NEIGHBOURHOOD * small.shape[0])
    # what stands out far, say a lead marker, is no part of the surroundings
    spread = float(np.median(np.abs(small[weights > 0] - center))) * 1.4826
    level = np.clip(small, center - 3 * max(spread, QUIET), center + 3 * max(spread, QUIET)) - center
    around = cv2.GaussianBlur(level * weights, (0, 0), sigma) / np.maximum(
        cv2.GaussianBlur(weights, (0, 0), sigma), 1e-3
    )
    difference = np.abs(small - center - around)
    floor = max(QUIET, NOISE * 1.4826 * float(np.median(difference[weights > 0])))
    share = np.clip(np.log1p(difference / floor) / np.log1p(SPAN), 0, 1)
    grey = np.where(difference <= floor, 0, FAINTEST + (WHITE - FAINTEST) * share)
    return np.rint(grey).astype(np.uint8)


def _plain(small: NDArray[np.float32], is_breast: NDArray[np.bool_], presentation: Presentation) -> NDArray[np.uint8]:
    """Return the picture from the darkest of all to the brightest tissue: a marker of lead may be brighter by far."""
    shares = (99.5, 0.1) if presentation.is_inverted else (0.5, 99.9)
    low, high = sorted((float(np.percentile(small, shares[0])), float(np.percentile(small[is_breast], shares[1]))))
    scaled = np.rint(np.clip((small - low) * (WHITE / max(1.0, high - low)), 0, WHITE)).astype(np.uint8)
    return np.asarray(WHITE - scaled if presentation.is_inverted else scaled, np.uint8)
