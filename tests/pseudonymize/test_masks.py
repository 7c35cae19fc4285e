"""The corners away from the chest wall are filled with air, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.pixels.breast import breast_mask
from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize.masks import CornerShares, background_value, corners, filled
from tests.pseudonymize.hostile import breast_pixels

LAYOUT = PixelLayout(960, 720, 16, 12, 11, False, "MONOCHROME2")


@given(
    rows=st.integers(1, 5000),
    columns=st.integers(1, 5000),
    side=st.sampled_from(["left", "right"]),
    height=st.floats(0.001, 0.999),
    width=st.floats(0.001, 0.999),
)
def test_two_rectangles_lie_in_the_corners_away_from_the_chest_wall(
    rows: int, columns: int, side: Any, height: float, width: float
) -> None:
    for place, (xmin, ymin, xmax, ymax) in enumerate(corners(rows, columns, side, CornerShares(height, width))):
        assert 0 <= xmin < xmax <= columns
        assert 0 <= ymin < ymax <= rows
        assert xmax == columns if side == "left" else xmin == 0
        assert ymin == 0 if place == 0 else ymax == rows
        assert abs((ymax - ymin) - rows * height) <= 1
        assert abs((xmax - xmin) - columns * width) <= 1


def test_the_default_shares_are_the_papers() -> None:
    assert corners(3518, 2800, "left", CornerShares()) == ((2240, 0, 2800, 293), (2240, 3225, 2800, 3518))


@pytest.mark.parametrize("on_left", [True, False])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_background_is_the_commonest_air(on_left: bool, inverted: bool) -> None:
    pixels = breast_pixels(960, 720, on_left=on_left)
    presentation = Presentation(LAYOUT)
    if inverted:
        pixels = 4095 - pixels
        presentation = Presentation(replace(LAYOUT, photometric_interpretation="MONOCHROME1"))
    assert background_value(pixels, presentation, breast_mask(pixels, presentation)) == (4095 - 40 if inverted else 40)


def test_text_in_the_air_does_not_become_the_background() -> None:
    pixels = breast_pixels(960, 720)
    pixels[10:60, 500:700] = 4095
    assert background_value(pixels, Presentation(LAYOUT), breast_mask(pixels)) == 40


@pytest.mark.parametrize(
    ("presentation", "expected"),
    [
        (Presentation(LAYOUT), 0),
        (Presentation(replace(LAYOUT, photometric_interpretation="MONOCHROME1")), 4095),
        (Presentation(LAYOUT, padding=(17, 30)), 17),
    ],
)
def test_without_air_the_background_is_padding_or_the_darkest_value(presentation: Presentation, expected: int) -> None:
    pixels = np.full((96, 72), 2000, np.uint16)
    assert background_value(pixels, presentation, breast_mask(pixels, presentation)) == expected


def test_filling_changes_the_rectangles_only_and_not_the_source() -> None:
    pixels = breast_pixels()
    before = pixels.copy()
    rectangles = corners(pixels.shape[0], pixels.shape[1], "left", CornerShares())
    result = filled(pixels, rectangles, 40)
    inside = np.zeros(pixels.shape, bool)
    for xmin, ymin, xmax, ymax in rectangles:
        inside[ymin:ymax, xmin:xmax] = True
    assert (result[inside] == 40).all()
    assert np.array_equal(result[~inside], before[~inside])
    assert np.array_equal(pixels, before)
