"""Odd exams in the real browser: chest walls back to back, one physical scale, black air."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture
from playwright.sync_api import Browser, Page
from pydicom import dcmread

from mammoset.catalog import ImageRecord
from mammoset.pixels.codec import decode
from mammoset.pixels.window import Presentation, display_values
from mammoset.project import Project
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.web import create_app
from tests.browser.hospital import CASES, LEFT, Twist
from tests.browser.marking import on_page, press, ready
from tests.browser.opening import serving, sign_in, watched
from tests.browser.planning import READERS
from tests.browser.whole_way import EXAMS, Way

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

Greys = NDArray[np.uint8]
AIR, TISSUE = 16, 24
"""Grey values: no more than the first is air, no less than the second is the inside of a breast."""
EDGE = 6
"""Pixels beside the edge of a pane; the outermost may be a line between panes."""


@pytest.fixture(scope="module")
def project(way: Way) -> Iterator[Project]:
    with Project.open(way.project) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(project: Project, browser: Browser) -> Iterator[Page]:
    with serving(create_app(project)) as address, watched(browser) as context:
        opened = context.new_page()
        opened.goto(f"{address}/worklist?state=done")
        sign_in(opened, READERS[0])
        opened.locator("tbody tr").first.wait_for()
        yield opened


@dataclass(frozen=True)
class View:
    """A view on the screen: its record, the pane's greys, and where in the pane the corners of the image are."""

    record: ImageRecord
    greys: Greys
    corners: tuple[float, float, float, float]

    @property
    def wall(self) -> Greys:
        """The greys beside the chest wall, from it outwards."""
        return self._outwards[:, 1 : 1 + EDGE]

    @property
    def far(self) -> Greys:
        """The greys on the other side of the pane."""
        return self._outwards[:, -1 - EDGE : -1]

    @property
    def reach(self) -> int:
        """How many pixels of the screen the breast reaches from the chest wall; labels of boxes do not count."""
        return int(np.flatnonzero((self._outwards[:, :-EDGE] >= TISSUE).mean(axis=0) > 0.05).max())

    @property
    def _outwards(self) -> Greys:
        return self.greys[:, ::-1] if self.record.image.laterality is Laterality.R else self.greys


def views(page: Page, project: Project, study_id: str) -> list[View]:
    """Open an exam; return its four views as they are shown."""
    page.goto(f"{page.url.partition('/worklist')[0].partition('/read')[0]}/read/{study_id}")
    ready(page)
    press(page, "h")
    page.mouse.move(2, 2)
    shot = np.asarray(Picture.open(io.BytesIO(page.screenshot())).convert("L"))
    found = []
    for record in project.catalog.image_records(study_id):
        if not record.image.is_standard:
            continue
        image_id, image = record.image.image_id, record.image
        pane: Any = page.locator(f'[data-image="{image_id}"]').bounding_box()
        ends = [on_page(page, image_id, *point) for point in ((0, 0), (image.width, image.height))]
        (left, right), (top, bottom) = (sorted(one) for one in zip(*ends, strict=True))
        x, y = round(pane["x"]), round(pane["y"])
        greys = shot[y : y + round(pane["height"]), x : x + round(pane["width"])]
        found.append(View(record, greys, (left - x, top - y, right - x, bottom - y)))
    assert len(found) == 4
    return found


def expected(view: View, project: Project, twist: Twist | None, turned: tuple[int, int]) -> Greys:
    """Return what a pane shows of an image whose storing is known, turned once more by steps of -1."""
    dataset = dcmread(project.content.path(view.record.image))
    greys, side = display_values(decode(dataset), Presentation.of(dataset)), view.record.image.laterality
    down, across = turned
    if twist is not None and side in twist.mirrored:
        across = -across
    if twist is not None and twist.is_upside_down(side, view.record.image.view_position):
        down = -down
    left, top, right, bottom = view.corners
    hung = _reduced(np.ascontiguousarray(greys[::down, ::across]), right - left)
    scale = np.array([[(right - left) / hung.shape[1], 0, left], [0, (bottom - top) / hung.shape[0], top]], np.float32)
    rows, columns = view.greys.shape
    return np.asarray(cv2.warpAffine(hung, scale, (columns, rows), flags=cv2.INTER_LINEAR), np.uint8)


def _reduced(greys: Greys, width: float) -> Greys:
    """Return the means of whole blocks, as small as the screen shows them: single pixels out of them would be noise."""
    block = max(1, int(greys.shape[1] // width))
    rows, columns = (length // block for length in greys.shape)
    cut = np.ascontiguousarray(greys[: rows * block, : columns * block])
    return np.asarray(cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def difference(view: View, other: Greys) -> float:
    return float(np.abs(view.greys.astype(float) - other).mean())


@pytest.mark.parametrize("number", range(EXAMS))
def test_it_hangs_as_the_archive_was_made(page: Page, project: Project, way: Way, number: int) -> None:
    """Each view with the chest wall to the middle and the axilla or the lateral side up, in the server's greys."""
    for view in views(page, project, way.truths[number].study_id):
        turns = list(itertools.product((1, -1), (1, -1)))
        off = {turn: difference(view, expected(view, project, CASES[number].twist, turn)) for turn in turns}
        assert min(off, key=lambda turn: off[turn]) == (1, 1), off
        assert off[1, 1] < 3


@pytest.mark.parametrize("number", range(EXAMS))
def test_breast_meets_breast_and_air_is_black(page: Page, project: Project, way: Way, number: int) -> None:
    for view in views(page, project, way.truths[number].study_id):
        where = (view.record.image.laterality, view.record.image.view_position)
        assert (view.wall >= TISSUE).mean() > 0.3, where
        assert np.quantile(view.far, 0.9) <= AIR, where


@pytest.mark.parametrize("number", range(EXAMS))
def test_both_sides_have_one_physical_scale(page: Page, project: Project, way: Way, number: int) -> None:
    found = views(page, project, way.truths[number].study_id)
    scales = []
    for view in found:
        attributes, (left, _, right, _) = view.record.attributes, view.corners
        spacing = attributes["imager_pixel_spacing"][1] / attributes["estimated_radiographic_magnification_factor"]
        scales.append((right - left) / (view.record.image.width * spacing))
    assert max(scales) == pytest.approx(min(scales), rel=1e-6)
    # and as it is seen: a patient's two breasts are of one size, within the magnifications that are in the headers
    for position in (ViewPosition.CC, ViewPosition.MLO):
        one, other = (view.reach for view in found if view.record.image.view_position is position)
        assert one / other == pytest.approx(1, abs=0.1)


def test_the_two_sides_of_one_exam_have_other_pixels(project: Project, way: Way) -> None:
    """So that the test of the scale can fail."""
    (number,) = (n for n in range(3) if (CASES[n].twist or Twist()).coarser == LEFT)
    records = project.catalog.image_records(way.truths[number].study_id)
    assert len({round(one.attributes["imager_pixel_spacing"][1], 3) for one in records}) == 2
