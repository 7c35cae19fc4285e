"""An aid for the eye of a reviewer: whatever is not quite air becomes bright, however faint it was."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.breast import breast_mask
from mammoset.pixels.window import Presentation

FAINTEST = 72
"""Grey of a stored value that differs from air by one: on a dark screen plainly not black."""
WHITE = 255


def revealed(pixels: NDArray[np.integer[Any]], presentation: Presentation, rows: int) -> NDArray[np.uint8]:
    """Return a picture in which every stored value other than that of air is bright.

    Windows, look-up tables and padding of the header are passed over: a name may be written in values that they show as
    black. Bright is what differs from air in either direction, by the logarithm of the difference, so that one step
    of 4096 is seen as well as a thousand. Where the picture is smaller than the image, each of its pixels
    shows the brightest of those it stands for: a thin line does not drown in black.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values at full resolution.
    presentation : Presentation
    rows : int
        Of the picture, at most those of the image.
    """
    low, high = int(pixels.min()), int(pixels.max())
    differences = np.abs(np.arange(low, high + 1) - _air(pixels, presentation))
    shares = np.log1p(differences) / np.log1p(max(1, int(differences.max())))
    table = np.where(differences == 0, 0, FAINTEST + (WHITE - FAINTEST) * shares)
    grey: NDArray[np.uint8] = np.rint(table).astype(np.uint8)[pixels.astype(np.int32) - low]
    if grey.shape[0] <= rows:
        return grey
    reduction = grey.shape[0] / rows
    side = int(np.ceil(reduction))
    brightest = cv2.dilate(grey, np.ones((side, side), np.uint8))
    columns = max(1, round(grey.shape[1] / reduction))
    return np.asarray(cv2.resize(brightest, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _air(pixels: NDArray[np.integer[Any]], presentation: Presentation) -> int:
    """Return the most frequent stored value beside the breast; of the whole image where no air is seen."""
    mask = breast_mask(pixels, presentation)
    size = (pixels.shape[1], pixels.shape[0])
    is_air = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) == 0
    shown = pixels[is_air] if is_air.any() else pixels
    low = int(shown.min())
    return low + int(np.argmax(np.bincount((shown.astype(np.int32) - low).ravel())))
