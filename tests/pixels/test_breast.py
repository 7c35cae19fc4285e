"""The chest wall is found whatever the polarity, the padding and the text in the air."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mammoset.phantom.render import ViewPlan, invert, render
from mammoset.pixels.breast import axilla_end, breast_mask, chest_wall_side, find_chest_wall
from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.window import Presentation
from mammoset.terms.dicom import Laterality, ViewPosition


def breast(side: str, *, noise: int = 20, reach: float = 0.6, air: int = 60, seed: int = 0) -> NDArray[Any]:
    rows, columns = 600, 480
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    inside = np.hypot((y - rows / 2) / (rows * 0.42), x / (columns * reach)) < 1
    pixels = np.where(inside, 1500 + 800 * np.sin(y / 30) * np.cos(x / 25), air)
    pixels = pixels + np.random.default_rng(seed).integers(0, noise + 1, pixels.shape)
    found = pixels.clip(0, 4095).astype(np.uint16)
    return found if side == "left" else np.ascontiguousarray(found[:, ::-1])


def presentation(photometric: str = "MONOCHROME2", padding: tuple[int, int] | None = None) -> Presentation:
    return Presentation(PixelLayout(600, 480, 16, 12, 11, False, photometric), padding=padding)


@settings(max_examples=30, deadline=None)
@given(
    side=st.sampled_from(["left", "right"]),
    noise=st.integers(0, 150),
    reach=st.floats(0.2, 0.95),
    air=st.integers(0, 300),
    inverted=st.booleans(),
)
def test_the_chest_wall_is_where_the_breast_is_attached(
    side: str, noise: int, reach: float, air: int, inverted: bool
) -> None:
    pixels = breast(side, noise=noise, reach=reach, air=air)
    if inverted:
        pixels = 4095 - pixels
    found = find_chest_wall(pixels, presentation("MONOCHROME1" if inverted else "MONOCHROME2"))
    assert found.side == side
    assert found.is_certain


@pytest.mark.parametrize("side", ["left", "right"])
def test_bright_text_in_the_air_does_not_mislead(side: str) -> None:
    pixels = breast(side)
    far = slice(-90, -20) if side == "left" else slice(20, 90)
    pixels[20:60, far] = 4095
    assert chest_wall_side(pixels) == side


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_padded_border_is_no_tissue(photometric: str) -> None:
    pixels = breast("left")
    if photometric == "MONOCHROME1":
        pixels = 4000 - pixels
    pixels[:, -40:] = 4095
    found = find_chest_wall(pixels, presentation(photometric, (4095, 4095)))
    assert found.side == "left"
    assert found.is_certain


def test_the_mask_covers_the_breast_and_leaves_the_air() -> None:
    pixels = breast("left", reach=0.5)
    mask = breast_mask(pixels)
    assert mask.shape == (256, 205)
    truth = np.hypot(*(grid for grid in _unit_grid(mask.shape, 0.42, 0.5))) < 1
    overlap = (mask & truth).sum() / (mask | truth).sum()
    assert overlap > 0.97


def _unit_grid(shape: tuple[int, int], height: float, reach: float) -> tuple[NDArray[Any], NDArray[Any]]:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    return (y - shape[0] / 2) / (shape[0] * height), x / (shape[1] * reach)


@pytest.mark.parametrize("pixels", [np.zeros((50, 40), np.uint16), np.full((1, 1), 7, np.uint8)])
def test_an_even_image_has_no_breast_and_no_certain_side(pixels: NDArray[Any]) -> None:
    assert not breast_mask(pixels).any()
    assert not find_chest_wall(pixels).is_certain


@pytest.mark.parametrize("density", "ABCD")
@pytest.mark.parametrize("side", list(Laterality))
def test_the_axilla_of_an_oblique_view_is_found_however_it_is_stored(side: Laterality, density: str) -> None:
    plan = ViewPlan(ord(density), 7, side, ViewPosition.MLO, density, (), 440, 350, 0.68, 12)
    pixels = render(plan).pixels
    for across in (1, -1):
        assert axilla_end(pixels[:, ::across], presentation()) == "top"
        turned = np.ascontiguousarray(pixels[::-1, ::across])
        assert axilla_end(turned, presentation()) == "bottom"
        assert axilla_end(invert(turned, 12), presentation("MONOCHROME1")) == "bottom"


def test_where_pixels_do_not_tell_the_end_of_the_axilla_nothing_is_said() -> None:
    """A breast alike at both ends; one sign against the other; nothing but air, and nothing but tissue."""
    alike = breast("left")
    wider = alike.copy()
    wider[:120, :250] = 900
    brighter = wider.copy()
    brighter[-200:, :60] = 3500
    even = np.full((600, 480), 60, np.uint16)
    for pixels in (alike, brighter, even, even + np.arange(480, dtype=np.uint16)):
        assert axilla_end(pixels, presentation()) is None
    bright = alike.copy()
    bright[:120, :250] = 3000
    assert axilla_end(bright, presentation()) == "top"
