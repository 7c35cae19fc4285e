"""Text on tissue is found; the same image gives the same rectangles; nothing is found where nothing is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mammoset.phantom.inscriptions import InscribedView, inscribe
from mammoset.phantom.inscriptions_decoys import clean_view
from mammoset.phantom.inscriptions_tables import AIR, SHEETS, Sheet
from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.text import Detections, Effort, find_text, read_text
from mammoset.pixels.window import Presentation
from tests.pixels.text.test_components import mammogram, shown, write

# the networks are loaded once
pytestmark = pytest.mark.xdist_group("text")

SMALL = replace(SHEETS[5], shape=(660, 525), spacing_mm=0.28)


def presentation_of(view: InscribedView) -> Presentation:
    rows, columns = view.pixels.shape
    photometric = "MONOCHROME1" if view.inverted else "MONOCHROME2"
    layout = PixelLayout(rows, columns, 16, view.bits_stored, view.bits_stored - 1, False, photometric)
    return Presentation(layout, padding=None if view.padding is None else (view.padding, view.padding))


def found_in(view: InscribedView, effort: Effort = "thorough") -> Detections:
    return find_text(view.pixels, presentation_of(view), spacing_mm=view.spacing_mm, effort=effort)


def missed(view: InscribedView, found: Detections) -> list[str]:
    said = []
    for one in view.inscriptions:
        left, top = one.rectangle[:2]
        covered = np.zeros(one.ink.shape, np.bool_)
        for detection in found.found:
            x0, y0, x1, y1 = detection.rectangle
            covered[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = True
        if (covered & one.ink).sum() < 0.9 * one.ink.sum():
            said.append(f"{one.group}: {one.text}")
    return said


@pytest.mark.parametrize(
    ("groups", "inverted"),
    [
        (("tissue +400", "air, small", "skin line", "single letter"), True),
        (("tissue +1000", "dark on tissue", "chest wall", "lead marker", "vertical"), False),
    ],
)
def test_every_text_is_found(groups: tuple[str, ...], inverted: bool) -> None:
    view = inscribe(replace(SMALL, groups=groups, inverted=inverted), seed=4)
    found = found_in(view)
    assert len(view.inscriptions) == len(groups)
    assert not missed(view, found)
    for left, top, right, bottom in (one.rectangle for one in found.outside):
        assert not view.breast[top:bottom, left:right].any()


@pytest.mark.parametrize("seed", [5, 11])
def test_a_faint_letter_alone_is_found(seed: int) -> None:
    view = inscribe(replace(SMALL, groups=("single letter +400",)), seed=seed)
    assert [one.group for one in view.inscriptions] == ["single letter +400"]
    assert not missed(view, found_in(view))


@pytest.mark.parametrize("radius", [8, 12])
def test_a_ring_is_a_clip_and_no_letter(radius: int) -> None:
    ring = np.zeros((880, 700), np.uint8)
    cv2.circle(ring, (150, 440), radius, 255, 2, cv2.LINE_AA)
    pixels = (mammogram(4.0) + 4.0 * cv2.GaussianBlur(ring, (0, 0), 0.6)).astype(np.uint16)
    assert not find_text(pixels, shown(), spacing_mm=0.28, effort="thorough").found


def test_what_is_far_from_the_breast_is_outside_and_what_is_on_it_is_not() -> None:
    air = inscribe(replace(SMALL, groups=("air", "vertical")), seed=6)
    assert {one.place for one in found_in(air, "fast").found} == {"outside"}
    assert set(AIR) >= {one.group for one in air.inscriptions}
    tissue = inscribe(replace(SMALL, groups=("tissue +1000",)), seed=6)
    assert [one.found_by for one in found_in(tissue, "fast").tissue] == ["text"]


@pytest.mark.parametrize("kind", ["calcifications", "implant"])
def test_a_clean_breast_is_left_alone(kind: str) -> None:
    sheet: Sheet = replace(SMALL, view_position=SHEETS[1].view_position)
    view = clean_view(kind, sheet, seed=2, number=3)
    layout = PixelLayout(660, 525, 16, view.bits_stored, view.bits_stored - 1, False, "MONOCHROME2")
    assert not find_text(view.pixels, Presentation(layout), spacing_mm=view.spacing_mm).found


def test_the_same_image_gives_the_same_detections() -> None:
    view = inscribe(replace(SMALL, groups=("tissue +1000", "air")), seed=8)
    assert found_in(view, "fast") == found_in(view, "fast")


def test_who_looks_at_the_air_only_finds_no_text_on_tissue() -> None:
    view = inscribe(replace(SMALL, groups=("tissue +1000", "air")), seed=8)
    found = found_in(view, "air")
    assert {one.found_by for one in found.found} == {"component"}
    assert missed(view, found) == [f"tissue +1000: {view.inscriptions[0].text}"]


def test_where_no_breast_is_a_person_decides() -> None:
    pixels = np.zeros((880, 700), np.uint16)
    pixels[100:120, 100:104] = 3000
    view = InscribedView(pixels, pixels > 9999, 12, 0.28, False, None, ())
    assert all(one.place == "tissue" for one in found_in(view).found)


@pytest.mark.parametrize("shape", [(1, 1), (7, 900), (40, 40)])
def test_an_image_too_small_for_text_has_none(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 50, shape).astype(np.uint16)
    layout = PixelLayout(*shape, 16, 12, 11, False, "MONOCHROME2")
    assert not find_text(pixels, Presentation(layout)).outside


def test_a_text_is_read_whichever_way_it_is_turned() -> None:
    pixels = mammogram()
    write(pixels, "PHAM 19471", (440, 100), 24, 3000)
    read = read_text(pixels, shown(), (400, 40, 700, 140))
    assert [(one.text.replace(" ", ""), one.degrees) for one in read] == [("PHAM19471", 0)]
    left, top, right, bottom = read[0].rectangle
    assert left <= 444
    assert top <= 78
    assert right >= 570
    assert bottom >= 100


def test_a_rectangle_outside_the_image_reads_nothing() -> None:
    assert read_text(mammogram(), shown(), (900, 900, 950, 950)) == ()
