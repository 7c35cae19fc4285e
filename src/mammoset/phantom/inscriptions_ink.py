"""Draws texts: printed by a device, with Vietnamese letters or without, or as letters of lead on the detector."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mammoset.phantom.inscriptions_tables import Spec

_HERSHEY = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_PLAIN)
_CAPITALS = {cv2.FONT_HERSHEY_SIMPLEX: 22.0, cv2.FONT_HERSHEY_DUPLEX: 22.0, cv2.FONT_HERSHEY_PLAIN: 10.0}
"""Height in pixels of a capital at scale 1."""
_CAPITAL_SHARE = 0.7
"""Of the size of OpenCV's own font, which has the Vietnamese letters."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A text, cut to its strokes.

    Attributes
    ----------
    coverage : array of float32, shape (rows, columns)
        0 to 1.
    """

    coverage: NDArray[np.float32]


def inked(text: str, height: float, spec: Spec, rng: Generator) -> Ink:
    """Draw a text with capitals `height` pixels high, blurred, tilted or turned as its kind is."""
    drawn = _printed(text, height, rng)
    if spec.is_lead:
        bold = cv2.dilate(drawn, np.ones((2, 2), np.uint8), iterations=max(1, round(height / 24)))
        tilted = _tilted(np.asarray(bold, np.uint8), float(rng.uniform(-25, 25)))
        drawn = np.asarray(cv2.GaussianBlur(tilted, (0, 0), max(0.8, height / 30)), np.uint8)
    if spec.is_vertical:
        drawn = np.rot90(drawn, 1 if rng.random() < 0.5 else 3)
    rows, columns = np.flatnonzero((drawn > 40).any(axis=1)), np.flatnonzero((drawn > 40).any(axis=0))
    cut = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Ink(cut.astype(np.float32) / np.float32(255))


def _printed(text: str, height: float, rng: Generator) -> NDArray[np.uint8]:
    canvas = np.zeros((round(4 * height) + 12, round(1.3 * height * len(text) + 4 * height) + 12), np.uint8)
    origin = (round(1.5 * height) + 4, round(2.6 * height) + 4)
    choice = int(rng.integers(len(_HERSHEY) + 1))
    weight = int(rng.choice([300, 400, 600, 800]))
    if text.isascii() and choice < len(_HERSHEY):
        font = _HERSHEY[choice]
        thickness = max(1, round(height / rng.uniform(7, 13)))
        cv2.putText(canvas, text, origin, font, height / _CAPITALS[font], 255, thickness, cv2.LINE_AA)
    else:
        cv2.putText(canvas, text, origin, 255, cv2.FontFace("sans"), round(height / _CAPITAL_SHARE), weight)
    return canvas


def _tilted(drawn: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    rows, columns = drawn.shape
    side = int(np.hypot(rows, columns)) + 2
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turn[:, 2] += (side / 2 - columns / 2, side / 2 - rows / 2)
    return np.asarray(cv2.warpAffine(drawn, turn, (side, side)), np.uint8)


def draw_on(window: NDArray[np.uint16], ink: Ink, spec: Spec, highest: int, rng: Generator) -> None:
    """Write ink over a part of a picture, in place: in a grey of its own, or so much brighter or darker than below."""
    low, high = spec.strength
    strength = float(rng.uniform(low, high)) * highest / 4095
    below = window.astype(np.float32)
    above = below + strength * ink.coverage if spec.is_added else below + (strength - below) * ink.coverage
    window[...] = np.rint(np.clip(above, 0, highest)).astype(np.uint16)
