"""The stretched picture: faint writing shows beside the breast and on it, whatever the air is like."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.stretch import stretched
from mammoset.pixels.window import Presentation

ROWS, COLUMNS = 1200, 960
Pixels = NDArray[np.uint16]


def presentation(kind: str = "MONOCHROME2") -> Presentation:
    return Presentation(PixelLayout(ROWS, COLUMNS, 16, 12, 11, False, kind))


def scene(noise: float = 0.0, slope: float = 0.0, air: int = 0) -> NDArray[np.int32]:
    """Return half an ellipse of tissue at the left; air with noise that brightens towards the right."""
    rng = np.random.default_rng(1)
    pixels = air + np.tile(np.linspace(0, slope, COLUMNS), (ROWS, 1)) + rng.normal(0, noise, (ROWS, COLUMNS))
    tissue = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.ellipse(tissue, (0, ROWS // 2), (COLUMNS // 2, ROWS * 2 // 5), 0, 0, 360, 1, -1)
    texture = cv2.GaussianBlur(rng.normal(0, 4000, (ROWS, COLUMNS)), (0, 0), 8)
    return np.rint(np.where(tissue > 0, 1600 + texture + pixels, pixels)).astype(np.int32)


def ink(text: str, x: int, y: int, height: int = 30) -> NDArray[np.bool_]:
    drawn = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.putText(drawn, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, height / 22, 255, 4)
    return np.asarray(drawn > 127)


def stored(pixels: NDArray[Any]) -> Pixels:
    return np.asarray(np.clip(pixels, 0, 4095), np.uint16)


def reduced(mask: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    """Return the pixels of the picture that lie wholly in the ink."""
    size = (COLUMNS * rows // ROWS, rows)
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.95)


@pytest.mark.parametrize(
    ("noise", "slope", "air", "faintness"),
    [(0, 0, 0, 1), (0, 0, 0, 10), (0, 0, 0, -10), (3, 0, 40, 10), (3, 0, 40, -10), (4, 80, 40, 10)],
)
def test_writing_a_few_grey_steps_from_air_is_bright_and_air_is_black(
    noise: float, slope: float, air: int, faintness: int
) -> None:
    text = ink("NGUYEN THI LAN", 600, 200)
    base = max(air, -faintness)
    picture = stretched(stored(scene(noise, slope, base) + faintness * text), presentation(), 400)
    written = reduced(text, 400)
    beside = picture[20:120, 200:][~reduced(dilated(text), 400)[20:120, 200:]]
    assert written.sum() > 30
    assert np.median(picture[written]) >= 80
    assert np.median(beside) <= 12
    assert (beside >= 80).mean() < 0.02


def dilated(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0)


def test_writing_on_tissue_stands_out_from_what_is_around_it() -> None:
    text = ink("LE HOA", 120, 620, 40)
    picture = stretched(stored(scene() + 400 * text), presentation(), 600).astype(float)
    plain = stretched(stored(scene()), presentation(), 600).astype(float)
    written = reduced(text, 600)
    assert np.median(picture[written] - plain[written]) > 60


def test_an_inverted_image_gives_the_same_picture() -> None:
    pixels = stored(scene() + 10 * ink("TRAN VAN HAI", 600, 1100))
    one = stretched(pixels, presentation(), 400)
    other = stretched((4095 - pixels).astype(np.uint16), presentation("MONOCHROME1"), 400)
    assert np.abs(one.astype(int) - other).max() <= 40
    assert (one >= 80)[:, 250:].sum() == (other >= 80)[:, 250:].sum() > 30


@pytest.mark.parametrize("value", [0, 4095])
def test_an_image_of_one_value_is_drawn_too(value: int) -> None:
    even = np.full((ROWS, COLUMNS), value, np.uint16)
    assert stretched(even, presentation(), 100).shape == (100, 80)


def test_a_picture_is_never_larger_than_its_image() -> None:
    assert stretched(stored(scene())[:50, :40], presentation(), 400).shape == (50, 40)
