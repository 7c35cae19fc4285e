"""A lone letter is read whichever way it is turned, large or small, and however bright."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.pixels.text.detections import Rectangle
from mammoset.pixels.text.lines import lean, read_letter

# the networks are loaded once
pytestmark = pytest.mark.xdist_group("text")


def picture(text: str, step: int = 100, quarter: int = 0) -> NDArray[np.uint8]:
    drawn = np.full((160, 160), 110, np.uint8)
    cv2.putText(drawn, text, (50, 120), cv2.FONT_HERSHEY_DUPLEX, 3.4, 110 + step, 8, cv2.LINE_AA)
    noise = np.random.default_rng(2).normal(0, 4, drawn.shape)
    return np.ascontiguousarray(np.rot90(np.clip(drawn + noise, 0, 255).astype(np.uint8), quarter))


@pytest.mark.parametrize("text", ["S", "s", "X", "x", "7"])
@pytest.mark.parametrize("step", [40, 140])
def test_a_letter_is_sure_though_large_and_small_look_the_same(text: str, step: int) -> None:
    read = read_letter(picture(text, step), (44, 34, 130, 130))
    assert read.text == text.casefold()
    assert read.score > 0.9


@pytest.mark.parametrize(("quarter", "rectangle"), [(1, (34, 30, 130, 116)), (3, (30, 44, 126, 130))])
def test_a_turned_letter_is_read(quarter: int, rectangle: Rectangle) -> None:
    read = read_letter(picture("R", quarter=quarter), rectangle)
    assert (read.text, read.degrees) == ("r", 360 - 90 * quarter)


def test_noise_is_no_letter() -> None:
    assert read_letter(picture(" "), (44, 34, 130, 130)).score < 0.5


def test_what_is_long_is_no_lone_letter() -> None:
    assert read_letter(picture("K"), (0, 60, 160, 100)).text == ""


@pytest.mark.parametrize("degrees", [0, 25])
def test_how_far_an_eight_leans_is_told_where_it_is_bright(degrees: int) -> None:
    turn = cv2.getRotationMatrix2D((85, 82), degrees, 1.0)
    bright, faint = (
        np.asarray(cv2.warpAffine(picture("8", step), turn, (160, 160), borderMode=cv2.BORDER_REPLICATE), np.uint8)
        for step in (140, 40)
    )
    assert lean(bright, (34, 24, 136, 140)) == pytest.approx(degrees, abs=4)
    assert lean(faint, (34, 24, 136, 140)) == 0
