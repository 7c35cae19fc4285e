"""Burned-in text: where it is, and that its box is tight."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.phantom.burn import BurnPlan, burn
from mammoset.phantom.render import render
from mammoset.terms.dicom import Laterality
from tests.phantom.view_plans import L, R, view

LINES = ("DOE^JANE", "ID 4711  01.02.1961", "R MLO")


def blank(rows: int = 440, columns: int = 350) -> np.ndarray:
    return np.zeros((rows, columns), dtype=np.uint16)


@given(
    lines=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=4),
    side=st.sampled_from(Laterality),
    corner=st.sampled_from(["top", "bottom"]),
    near_chest=st.booleans(),
    height=st.one_of(st.none(), st.integers(5, 60)),
)
@settings(max_examples=60, deadline=None)
def test_the_box_is_tight_around_the_ink_and_within_the_image(
    lines: list[str], side: Laterality, corner: Literal["top", "bottom"], near_chest: bool, height: int | None
) -> None:
    pixels = blank()
    plan = BurnPlan(("A", *lines), side, corner, near_chest, height)
    box = burn(pixels, plan, 12)
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    # The faintest rim of a stroke may round to the value below it.
    assert abs(rows[0] - box.ymin) <= 1
    assert abs(rows[-1] + 1 - box.ymax) <= 1
    assert abs(columns[0] - box.xmin) <= 1
    assert abs(columns[-1] + 1 - box.xmax) <= 1
    assert box.xmin >= 0
    assert box.xmax <= 350
    assert box.ymin >= 0
    assert box.ymax <= 440


@pytest.mark.parametrize("near_chest", [False, True])
@pytest.mark.parametrize("corner", ["top", "bottom"])
@pytest.mark.parametrize("side", [L, R])
def test_text_stands_at_the_side_and_end_it_was_planned_for(
    side: Laterality, corner: Literal["top", "bottom"], near_chest: bool
) -> None:
    box = burn(blank(), BurnPlan(LINES, side, corner, near_chest), 12)
    x, y = box.center
    assert (x > 175) is ((side is L) != near_chest)
    assert (y < 220) is (corner == "top")


def test_text_is_as_bright_as_the_bits_allow_or_dark_when_inverted() -> None:
    bright, dark = blank(), np.full((440, 350), 4095, dtype=np.uint16)
    box = burn(bright, BurnPlan(LINES, L), 12)
    assert bright.max() == 4095
    assert burn(dark, BurnPlan(LINES, L, inverted=True), 12) == box
    assert dark.min() == 0


def test_nothing_outside_the_box_is_touched() -> None:
    before = render(view()).pixels
    after = before.copy()
    box = burn(after, BurnPlan(LINES, L), 12)
    changed = np.argwhere(before != after)
    assert changed[:, 0].min() >= box.ymin
    assert changed[:, 0].max() < box.ymax
    assert changed[:, 1].min() >= box.xmin
    assert changed[:, 1].max() < box.xmax


def test_text_too_long_for_the_picture_is_made_smaller() -> None:
    box = burn(blank(), BurnPlan(("X" * 90,), L, height_px=40), 12)
    assert box.width <= 350


def test_nothing_to_write_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to burn in"):
        burn(blank(), BurnPlan((" ", ""), L), 12)
