"""Text away from the breast is filled, text that touches it waits for a person, and every other pixel stays."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.pixels.breast import ChestWall, breast_mask
from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize.cleaning import Cleaned, Cleaning, TextOnTissue, breast_pixels_in, clean, crop_of
from mammoset.pseudonymize.masks import CornerShares
from tests.pseudonymize.hostile import breast_pixels

ROWS, COLUMNS = 880, 700
SHOWN = Presentation(PixelLayout(ROWS, COLUMNS, 16, 12, 11, False, "MONOCHROME2"))
WALL = ChestWall("left", 1.0)
SPACING = 0.28
IN_THE_AIR, ON_THE_BREAST = (440, 120), (30, 450)


def picture(*places: tuple[int, int], text: str = "LE THI BICH") -> NDArray[np.uint16]:
    """Return a breast at the left with text at these places (x and baseline)."""
    pixels = breast_pixels(ROWS, COLUMNS)
    for place in places:
        pixels[inked(text, place)] = 4000
    return pixels


def inked(text: str, place: tuple[int, int]) -> NDArray[np.bool_]:
    canvas = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3)
    return canvas > 0


def cleaned(pixels: NDArray[np.uint16], cleaning: Cleaning, shown: Presentation = SHOWN) -> Cleaned:
    return clean(pixels, shown, breast_mask(pixels, shown), WALL, cleaning, spacing_mm=SPACING)


def test_text_in_the_air_is_filled_and_no_other_pixel_changes() -> None:
    pixels = picture(IN_THE_AIR)
    done = cleaned(pixels, Cleaning("fast"))
    assert (done.pixels == breast_pixels(ROWS, COLUMNS)).all()
    assert done.masked
    assert done.account["breast_pixels_lost"] == 0
    assert [tuple(one) for one in done.account["found"]] == list(done.masked)
    covered = np.zeros(pixels.shape, bool)
    for xmin, ymin, xmax, ymax in done.masked:
        covered[ymin:ymax, xmin:xmax] = True
    assert (done.pixels[~covered] == pixels[~covered]).all()


def test_text_in_an_image_of_inverted_grey_values_is_filled_with_its_air() -> None:
    inverted = replace(SHOWN, layout=replace(SHOWN.layout, photometric_interpretation="MONOCHROME1"))
    done = cleaned(4095 - picture(IN_THE_AIR), Cleaning("fast"), inverted)
    assert (done.pixels == 4095 - breast_pixels(ROWS, COLUMNS)).all()


def test_a_clean_image_loses_nothing() -> None:
    pixels = picture()
    done = cleaned(pixels, Cleaning("fast"))
    assert done.masked == ()
    assert (done.pixels == pixels).all()


def test_text_on_the_breast_waits_for_a_person_and_nothing_is_masked_for_it() -> None:
    with pytest.raises(TextOnTissue) as held:
        cleaned(picture(IN_THE_AIR, ON_THE_BREAST), Cleaning("fast"))
    assert held.value.regions
    assert all(one.place == "tissue" for one in held.value.regions)


@pytest.mark.parametrize("verdict", ["mask", "keep"])
def test_what_a_person_decided_about_text_on_the_breast_is_done(verdict: str) -> None:
    pixels = picture(ON_THE_BREAST)
    with pytest.raises(TextOnTissue) as held:
        cleaned(pixels, Cleaning("fast"))
    decided = {one.rectangle: verdict for one in held.value.regions}
    done = cleaned(pixels, Cleaning("fast", decided=decided))  # type: ignore[arg-type]
    assert sorted(one[:4] for one in done.account["decided"]) == sorted(map(list, decided))
    if verdict == "keep":
        assert (done.pixels == pixels).all()
        assert done.account["breast_pixels_lost"] == 0
    else:
        assert set(done.masked) == set(decided)
        assert done.account["breast_pixels_lost"] > 0
        text = picture(ON_THE_BREAST) != breast_pixels(ROWS, COLUMNS)
        assert not (done.pixels[text] == 4000).any()


def test_a_decision_about_a_larger_region_holds_for_what_lies_in_it() -> None:
    pixels = picture(ON_THE_BREAST)
    done = cleaned(pixels, Cleaning("fast", decided={(0, 0, COLUMNS, ROWS): "keep"}))
    assert (done.pixels == pixels).all()


def test_text_is_not_looked_for_when_the_settings_say_so() -> None:
    pixels = picture(IN_THE_AIR, ON_THE_BREAST)
    done = cleaned(pixels, Cleaning("off"))
    assert (done.pixels == pixels).all()
    assert done.account["effort"] == "off"


def test_corners_are_filled_besides_when_the_settings_say_so() -> None:
    pixels = picture()
    done = cleaned(pixels, Cleaning("off", CornerShares(0.1, 0.2)))
    assert done.masked == ((560, 0, 700, 88), (560, 792, 700, 880))


def test_pixels_of_the_breast_in_overlapping_rectangles_are_counted_once() -> None:
    mask = np.zeros((10, 10), bool)
    mask[:, :5] = True
    assert breast_pixels_in([(0, 0, 10, 2), (0, 0, 3, 4)], mask, (20, 20)) == 10 * 2 + 3 * 2
    assert breast_pixels_in([], mask, (20, 20)) == 0


def test_the_picture_of_a_region_shows_faint_text_on_black() -> None:
    pixels = np.full((ROWS, COLUMNS), 40, np.uint16)
    pixels[inked("NAME", (300, 300))] = 50
    png = np.frombuffer(crop_of(pixels, SHOWN, (290, 260, 400, 310)), np.uint8)
    shown = cv2.imdecode(png, cv2.IMREAD_GRAYSCALE)
    assert shown is not None
    inside = shown[70:-70, 70:-70]
    assert int(inside.max()) - int(inside.min()) > 150
