"""What a reviewer must not miss: writing that the windows of an image show as black."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.window import Presentation, Window, display_values
from mammoset.web.pictures.reveal import FAINTEST, revealed

ROWS, COLUMNS = 600, 480
TEXT = (slice(260, 300), slice(250, 460))
"""Where the writing is: in the air, away from the corners."""

DARK = Presentation(
    PixelLayout(ROWS, COLUMNS, 16, 12, 11, False, "MONOCHROME2"), windows=(Window(2048, 2000),), padding=(0, 30)
)


def written(difference: int, air: int = 0, noise: float = 0.0) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Return an image of a breast with a name beside it, and where the ink is."""
    ink = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.putText(ink, "DOE JANE", (255, 290), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 1, 2)
    pixels = np.random.default_rng(1).normal(air, noise, ink.shape) if noise else np.full(ink.shape, float(air))
    cv2.ellipse(pixels, (0, 300), (200, 250), 0, -90, 90, 1800, -1)
    pixels += difference * ink.astype(float)
    return np.clip(np.rint(pixels), 0, 4095).astype(np.uint16), ink > 0


@given(st.sampled_from([0, 5, 900]), st.sampled_from([1, 2, 7, 400]), st.sampled_from([150, 300, 600]))
def test_the_faintest_writing_in_even_air_is_plainly_not_black(air: int, difference: int, rows: int) -> None:
    pixels, ink = written(difference, air)
    picture = revealed(pixels, DARK, rows)
    assert picture.shape == (rows, COLUMNS * rows // ROWS)
    small = cv2.resize(ink.astype(np.uint8), picture.shape[::-1], interpolation=cv2.INTER_AREA) > 0
    assert picture[small].min() >= FAINTEST // 2
    assert np.median(picture[small]) >= FAINTEST
    assert picture[:8].max() == 0, "air without writing is black"


def test_writing_that_the_windows_and_the_padding_hide_is_seen() -> None:
    pixels, ink = written(20)
    assert display_values(pixels, DARK)[ink].max() == 0
    assert revealed(pixels, DARK, ROWS)[ink].min() > FAINTEST


@pytest.mark.parametrize("difference", [30, -30])
def test_writing_in_noise_stands_out_also_where_it_is_darker(difference: int) -> None:
    pixels, ink = written(difference, air=100, noise=4)
    picture = revealed(pixels, DARK, ROWS)[TEXT].astype(float)
    inside = ink[TEXT]
    assert picture[inside].mean() - picture[~inside].mean() > 30
    assert np.mean(picture[inside] > np.percentile(picture[~inside], 95)) > 0.95


def test_writing_in_an_image_of_inverted_grey_values_is_seen() -> None:
    pixels, ink = written(3)
    negative = replace(DARK, layout=replace(DARK.layout, photometric_interpretation="MONOCHROME1"), padding=None)
    assert revealed(4095 - pixels, negative, ROWS)[ink].min() >= FAINTEST


def test_writing_of_signed_values_is_seen() -> None:
    pixels, ink = written(2)
    signed = replace(DARK, layout=replace(DARK.layout, is_signed=True), padding=None)
    assert revealed(pixels.astype(np.int16) - 2000, signed, ROWS)[ink].min() >= FAINTEST


def test_an_even_image_is_black() -> None:
    assert revealed(np.full((40, 30), 7, np.uint16), DARK, 20).max() == 0
