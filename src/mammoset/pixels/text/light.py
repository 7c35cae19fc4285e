"""An image as the search for text sees it: how bright, from air to bright tissue, and where the breast is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.pixels.breast import bright_mask, largest_region
from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.window import Presentation

OUTLINE_HEIGHT = 512
"""Rows of the outline: about 0.6 mm each."""
MARGIN_MM = 10.0
MARGIN_SHARE = 0.042
"""Of the image's height, when the pixel spacing is unknown: 10 mm of 240."""
CLEARLY = 0.12
"""Of the way from the darkest to the brightest: what is above counts as tissue, if it is large."""
THICK_MM = 12.0
"""What is thicker than this is no letter: it is taken for tissue, so that nobody fills it unseen."""
HEIGHT_MM = 240.0
SKIN_MM = 2.0
"""Beyond the outline, still taken for the skin's own edge."""
_STEP = 8
_SOLID = 11
"""Of 4 × 4 pixels: padding narrower than this may be text of the same value."""


@dataclass(frozen=True, slots=True)
class Light:
    """An image, air about 0 and bright tissue about 1 whatever it is stored as.

    Attributes
    ----------
    values : array of float32, shape (rows, columns)
        −1 to 3.
    tissue, near : array of bool, at most `OUTLINE_HEIGHT` rows
        The breast and other thick things; the same with the margin. All True where no breast was found.
    air : array of bool, same shape
        What lies outside the skin's edge.
    spacing_mm : float
        As given, or what a detector of usual height has.
    """

    values: NDArray[np.float32]
    tissue: NDArray[np.bool_]
    near: NDArray[np.bool_]
    air: NDArray[np.bool_]
    spacing_mm: float

    def is_near(self, rectangle: Rectangle) -> bool:
        """Whether a rectangle touches the breast or its margin."""
        left, top, right, bottom = rectangle
        rows, columns = self.values.shape
        y, x = self.near.shape[0] / rows, self.near.shape[1] / columns
        part = self.near[int(top * y) : int(np.ceil(bottom * y)), int(left * x) : int(np.ceil(right * x))]
        return bool(part.any())

    def window(self) -> Rectangle:
        """Return what encloses the breast and its margin."""
        rows, columns = np.flatnonzero(self.near.any(axis=1)), np.flatnonzero(self.near.any(axis=0))
        y, x = self.values.shape[0] / self.near.shape[0], self.values.shape[1] / self.near.shape[1]
        return (
            int(columns[0] * x),
            int(rows[0] * y),
            int(np.ceil((columns[-1] + 1) * x)),
            int(np.ceil((rows[-1] + 1) * y)),
        )


def light_of(pixels: NDArray[Any], presentation: Presentation, spacing_mm: float | None) -> Light:
    """Find the breast and bring an image to the same scale as all others.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values.
    spacing_mm : float or None
        Between pixels; None when unknown.
    """
    values, is_solid = _values(pixels, presentation), _solid_padding(pixels, presentation)
    bright = bright_mask(pixels, presentation, OUTLINE_HEIGHT)
    bright |= _clearly_bright(values, is_solid, bright.shape)
    pitch = (spacing_mm * pixels.shape[0] if spacing_mm else HEIGHT_MM) / bright.shape[0]
    margin = MARGIN_MM / pitch if spacing_mm else MARGIN_SHARE * bright.shape[0]
    breast = largest_region(bright)
    tissue = breast | _thick(bright, THICK_MM / pitch) if breast.any() else np.ones_like(breast)
    near = _grown(tissue, margin + 1)
    dark, light = _levels(values, is_solid, breast, near)
    if is_solid is not None:
        values[is_solid] = dark
    scaled = np.clip((values - dark) * np.float32(1 / max(light - dark, 1e-6)), -1, 3)
    return Light(scaled, tissue, near, ~_grown(tissue, SKIN_MM / pitch + 1), pitch * bright.shape[0] / pixels.shape[0])


def _values(pixels: NDArray[Any], presentation: Presentation) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    return np.negative(values, out=values) if presentation.is_inverted else values


def _clearly_bright(
    values: NDArray[np.float32], is_solid: NDArray[np.bool_] | None, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Return what is far from the darkest: in an enlarged view with hardly any air, dim tissue passes for air else."""
    rows, columns = shape
    step = max(1, values.shape[0] // (2 * rows))
    small = cv2.resize(values[::step, ::step], (columns, rows), interpolation=cv2.INTER_AREA)
    shown = np.ones(shape, np.bool_) if is_solid is None else ~_resized(is_solid, (columns, rows))
    if not shown.any():
        return np.zeros(shape, np.bool_)
    dark, light = np.percentile(small[shown], (1, 99))
    return np.asarray(shown & (small > dark + CLEARLY * (light - dark)), np.bool_)


def _levels(
    values: NDArray[np.float32], is_solid: NDArray[np.bool_] | None, breast: NDArray[np.bool_], near: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the value of air and that of bright tissue."""
    sample = values[::_STEP, ::_STEP]
    shown = np.ones(sample.shape, np.bool_) if is_solid is None else ~is_solid[::_STEP, ::_STEP]
    size = (sample.shape[1], sample.shape[0])
    inside, outside = _resized(breast, size) & shown, ~_resized(near, size) & shown
    if not shown.any():
        return float(sample.min()), float(sample.max())
    dark = float(np.median(sample[outside])) if outside.any() else float(np.percentile(sample[shown], 0.5))
    light = float(np.percentile(sample[inside if inside.any() else shown], 99))
    return dark, light


def _solid_padding(pixels: NDArray[Any], presentation: Presentation) -> NDArray[np.bool_] | None:
    """Return where padding covers an area: text written in the value of padding is none."""
    if presentation.padding is None:
        return None
    low, high = presentation.padding
    padded = ((pixels >= low) & (pixels <= high)).astype(np.uint8)
    if not padded.any():
        return None
    quarter = (max(1, pixels.shape[1] // 4), max(1, pixels.shape[0] // 4))
    blocks = (cv2.resize(padded * np.uint8(255), quarter, interpolation=cv2.INTER_AREA) == 255).astype(np.uint8)
    framed = cv2.copyMakeBorder(blocks, _SOLID, _SOLID, _SOLID, _SOLID, cv2.BORDER_REPLICATE)
    opened = cv2.dilate(cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((_SOLID, _SOLID), np.uint8)), np.ones((3, 3)))
    solid = opened[_SOLID:-_SOLID, _SOLID:-_SOLID].astype(np.bool_)
    return _resized(solid, (pixels.shape[1], pixels.shape[0])) & padded.astype(np.bool_)


def _resized(mask: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.bool_)


def _disc(radius: float) -> NDArray[np.uint8]:
    side = 2 * max(1, int(np.ceil(radius))) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _grown(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), _disc(radius)), np.bool_)


def _thick(mask: NDArray[np.bool_], thickness: float) -> NDArray[np.bool_]:
    """Return the regions of a mask that are thicker than this somewhere; what the image cuts off goes on outside."""
    framed = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)
    kept = np.unique(labels[depth > thickness / 2])
    return np.asarray(np.isin(labels, kept[kept > 0])[1:-1, 1:-1], np.bool_)
