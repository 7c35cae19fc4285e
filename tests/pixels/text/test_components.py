"""What lies in the air is found, whatever it is; noise and the breast are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.text.components import components
from mammoset.pixels.text.detections import GRID, Detection
from mammoset.pixels.text.light import light_of
from mammoset.pixels.window import Presentation

SPACING_MM = 0.28
ROWS, COLUMNS = 880, 700


def mammogram(noise: float = 0.0, offset: float = 0.0) -> NDArray[np.uint16]:
    """A breast at the left, reaching 56 % across."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    depth = np.hypot((y - ROWS / 2) / 370, x / 390)
    pixels = np.where(depth < 1, 900 + 1500 * np.sqrt(np.clip(1 - depth, 0, 1)), offset)
    return np.clip(pixels + rng.normal(0, noise, pixels.shape), 0, 4095).astype(np.uint16)


def shown(photometric: str = "MONOCHROME2", padding: tuple[int, int] | None = None) -> Presentation:
    return Presentation(PixelLayout(ROWS, COLUMNS, 16, 12, 11, False, photometric), padding=padding)


def found_in(
    pixels: NDArray[np.uint16], presentation: Presentation | None = None, spacing: float | None = SPACING_MM
) -> list[Detection]:
    return list(components(light_of(pixels, presentation or shown(), spacing)))


def write(pixels: NDArray[np.uint16], text: str, place: tuple[int, int], height: int, value: int) -> NDArray[np.bool_]:
    """Write in place and return where."""
    drawn = np.zeros(pixels.shape, np.uint8)
    cv2.putText(drawn, text, place, cv2.FONT_HERSHEY_SIMPLEX, height / 22, 255, max(1, height // 10))
    pixels[drawn > 0] = value
    return np.asarray(drawn > 0)


def share_covered(ink: NDArray[np.bool_], found: list[Detection]) -> float:
    covered = np.zeros(ink.shape, np.bool_)
    for one in found:
        left, top, right, bottom = one.rectangle
        covered[top:bottom, left:right] = True
    return float((covered & ink).sum() / ink.sum())


@pytest.mark.parametrize("noise", [0.0, 12.0])
@pytest.mark.parametrize(("height", "value"), [(10, 900), (10, 4095), (40, 260), (70, 4095)])
def test_text_in_a_corner_is_covered(height: int, value: int, noise: float) -> None:
    pixels = mammogram(noise, offset=40.0 if noise else 0.0)
    ink = write(pixels, "LE 71" if height > 20 else "NGUYEN 1965", (460, 100), height, value)
    found = found_in(pixels)
    assert share_covered(ink, found) == 1
    assert {one.place for one in found} == {"outside"}


def test_the_same_is_found_in_the_inverted_image() -> None:
    pixels = mammogram(8.0, offset=40.0)
    write(pixels, "TRAN 1965", (460, 800), 20, 2000)
    assert found_in(np.asarray(4095 - pixels, np.uint16), shown("MONOCHROME1")) == found_in(pixels)


@pytest.mark.parametrize("noise", [0.0, 5.0, 40.0])
def test_noise_alone_is_nothing(noise: float) -> None:
    assert not found_in(mammogram(noise, offset=3 * noise))


def test_single_bright_pixels_are_nothing() -> None:
    pixels = mammogram(5.0, offset=20.0)
    rng = np.random.default_rng(1)
    pixels[rng.integers(0, ROWS, 300), rng.integers(430, COLUMNS, 300)] = 3000
    assert not found_in(pixels)


def test_text_in_the_value_of_padding_is_found_and_padding_is_air() -> None:
    pixels = mammogram()
    pixels[:, 620:] = 4095
    ink = write(pixels, "DO 88", (440, 90), 30, 4095)
    found = found_in(pixels, shown(padding=(4095, 4095)))
    assert share_covered(ink, found) == 1
    assert not [one for one in found if one.rectangle[1] > 200]


def test_what_reaches_into_the_margin_is_for_a_person() -> None:
    pixels = mammogram()
    write(pixels, "R", (405, 460), 40, 3000)
    assert {one.place for one in found_in(pixels)} == {"tissue"}


def test_a_long_text_that_begins_near_the_breast_is_cut_up() -> None:
    pixels = mammogram()
    write(pixels, "HOANG THI MAI", (410, 460), 20, 3000)
    places = {one.place for one in found_in(pixels)}
    assert places == {"tissue", "outside"}


def test_a_thick_thing_in_the_air_is_not_for_filling() -> None:
    """It may be an arm, or the other breast."""
    pixels = mammogram()
    cv2.circle(pixels, (600, 100), 60, 1500, -1)
    assert not [one for one in found_in(pixels) if one.place == "outside" and one.rectangle[3] < 160]


def test_rectangles_end_on_the_grid_or_at_the_edge() -> None:
    pixels = mammogram()
    write(pixels, "1234", (640, 873), 30, 4000)
    (found,) = found_in(pixels)
    assert found.rectangle[2:] == (COLUMNS, ROWS)
    assert all(edge % GRID == 0 for edge in found.rectangle[:2])


def test_without_a_spacing_the_margin_is_a_share_of_the_height() -> None:
    pixels = mammogram()
    ink = write(pixels, "VU 1971", (560, 60), 20, 3000)
    found = found_in(pixels, spacing=None)
    assert share_covered(ink, found) == 1
    assert {one.place for one in found} == {"outside"}
