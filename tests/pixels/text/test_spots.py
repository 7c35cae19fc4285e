"""What is drawn has sharper edges than what a detector saw; a lone letter is looked at where they are."""

from __future__ import annotations

from itertools import islice

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.pixels.text.light import light_of
from mammoset.pixels.text.planes import Plane, plane_of
from mammoset.pixels.text.spots import framed, outline_share, sharp_edges, spots, window_about
from tests.pixels.text.test_components import mammogram, shown, write

LETTER = (100, 425, 142, 462)
"""About where `with_letter` writes."""


def with_letter(blur: float = 0.0) -> Plane:
    """A breast with a K on it, as if drawn by a device or, blurred, as if in front of the detector."""
    drawn = np.zeros((880, 700), np.uint16)
    write(drawn, "K", (105, 460), 34, 1000)
    ink = drawn.astype(np.float32)
    return plane_on(ink if blur == 0 else np.asarray(cv2.GaussianBlur(ink, (0, 0), blur)))


def plane_on(ink: NDArray[np.float32]) -> Plane:
    light = light_of((mammogram(4.0, offset=20.0) + ink).astype(np.uint16), shown(), 0.28)
    return plane_of(light, (0, 0, 700, 880), 1.0)


def test_the_first_spot_is_the_letter() -> None:
    plane = with_letter()
    (x, y) = next(spots(plane, sharp_edges(plane)))
    assert LETTER[0] <= x <= LETTER[2]
    assert LETTER[1] <= y <= LETTER[3]


def test_what_is_blurred_as_much_as_tissue_has_no_sharp_outline() -> None:
    sharp, blurred = with_letter(), with_letter(blur=3.0)
    assert outline_share(sharp, sharp_edges(sharp), LETTER) > 2
    assert outline_share(blurred, sharp_edges(blurred), LETTER) < 0.2


def test_a_breast_alone_has_none_within_its_skin() -> None:
    plane = plane_on(np.zeros((880, 700), np.float32))
    assert all(np.hypot((y - 440) / 370, x / 390) > 0.9 for x, y in spots(plane, sharp_edges(plane)))


def test_no_place_is_a_spot_twice() -> None:
    ink = np.where(np.random.default_rng(5).random((880, 700)) < 0.02, 2000, 0).astype(np.float32)
    plane = plane_on(ink)
    found = list(islice(spots(plane, sharp_edges(plane)), 60))
    assert len(found) == 60
    far = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for n, a in enumerate(found) for b in found[:n]]
    assert min(far) >= 24


def test_a_frame_takes_in_what_the_detector_cut_off() -> None:
    plane = with_letter()
    cut = (LETTER[0], LETTER[1], LETTER[2], LETTER[3] - 15)
    left, top, right, bottom = framed(plane, sharp_edges(plane), cut)
    ink = np.zeros((880, 700), np.uint16)
    write(ink, "K", (105, 460), 34, 1)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert (left, top, right, bottom) == pytest.approx((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), abs=3)


def test_without_outlines_a_frame_stays_as_it_is() -> None:
    plane = with_letter()
    assert framed(plane, np.zeros((880, 700), np.bool_), LETTER) == LETTER


def test_a_window_ends_at_the_edges_of_the_image() -> None:
    assert window_about(10, 690, 64, (700, 300)) == (0, 626, 74, 700)
