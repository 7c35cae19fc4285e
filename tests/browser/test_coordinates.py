"""Boxes drawn by the mouse over what is on the screen are where the stored pixels have it, however those are stored."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture
from playwright.sync_api import Browser, Locator, Page, expect

from mammoset.catalog import Decision, PoolEntry, StudyRecord, now, passwords
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Image
from mammoset.phantom.vendors import VENDORS
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS, Laterality, ViewPosition
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web import create_app
from tests.browser.marking import boxes, drag, press, ready
from tests.browser.opening import PASSWORD, serving, sign_in, watched
from tests.browser.people import off_by
from tests.web.building import add_image, uid
from tests.web.opening import add_person

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

REDUCTION = 4
TISSUE, WHITE = 1200, 4095
FLIPS = tuple(itertools.product((False, True), (False, True)))
"""Stored with left and right exchanged, with top and bottom exchanged."""
ZOOMS = ("as it hangs", "1:1", "larger")
OPPOSITE = str.maketrans("APLRFH", "PARLHF")
"""The directions of Patient Orientation, each to its opposite."""


@dataclass(frozen=True)
class Square:
    """A white square in an image: where the stored pixels have it."""

    image_id: str
    box: Box


@dataclass(frozen=True)
class Case:
    """An exam whose four images are stored one way."""

    study_id: str
    vendor: str
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class World:
    project: Project
    address: str
    cases: dict[tuple[str, tuple[bool, bool]], Case]


def hung(vendor: str, number: int) -> tuple[NDArray[np.uint16], Box]:
    """Return a view as a left breast hangs, the chest wall at the left, with a square at a place of its own."""
    rows, columns = (length // REDUCTION for length in VENDORS[vendor].shape)
    pixels = np.zeros((rows, columns), np.uint16)
    pixels[rows // 10 : -rows // 10, : columns * 3 // 5] = TISSUE
    left, top = columns // 9 + 13 * number, rows // 4 + 37 * number
    box = Box(left, top, left + columns // 12 + 3 * number, top + rows // 16 + 5 * number)
    pixels[int(box.ymin) : int(box.ymax), int(box.xmin) : int(box.xmax)] = WHITE
    return pixels, box


def stored(pixels: NDArray[np.uint16], box: Box, across: bool, down: bool) -> tuple[NDArray[np.uint16], Box]:
    rows, columns = pixels.shape
    if across:
        pixels, box = pixels[:, ::-1], Box(columns - box.xmax, box.ymin, columns - box.xmin, box.ymax)
    if down:
        pixels, box = pixels[::-1], Box(box.xmin, rows - box.ymax, box.xmax, rows - box.ymin)
    return np.ascontiguousarray(pixels), box


def orientation(side: Laterality, view: ViewPosition, across: bool, down: bool) -> list[str]:
    """Return Patient Orientation: hung rows run from the chest wall for a left breast, towards it for a right one."""
    downwards = "F" if view is ViewPosition.MLO else {"L": "R", "R": "L"}[side]
    rowwards = "A" if side is Laterality.L else "P"
    return [rowwards.translate(OPPOSITE) if across else rowwards, downwards.translate(OPPOSITE) if down else downwards]


def add_case(project: Project, number: int, vendor: str, flip: tuple[bool, bool]) -> Case:
    catalog = project.catalog  # made before there is any content
    study_id, patient_id = uid(21, number), f"P{number:04d}"
    records, squares = [], []
    for index, (side, view) in enumerate(STANDARD_VIEWS):
        pixels, box = hung(vendor, index)
        if side is Laterality.R:
            pixels, box = stored(pixels, box, True, False)
        pixels, box = stored(pixels, box, *flip)
        image = Image(uid(22, number, index), uid(23, number), study_id, patient_id, side, view, *pixels.shape)
        record = add_image(project, image, pixels, spacing=VENDORS[vendor].spacing_mm * REDUCTION)
        attributes = {**record.attributes, "patient_orientation": orientation(side, view, *flip)}
        records.append(replace(record, attributes=attributes))
        squares.append(Square(image.image_id, box))
    catalog.put_pool([PoolEntry(study_id, number, "phantom")])
    kept = [Decision(stage, study_id, Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)]
    catalog.admit(StudyRecord(study_id, patient_id, 50, "F"), records, kept)
    catalog.append([Fact(FactKind.ASSIGNED, study_id, "alice", now())])
    return Case(study_id, vendor, tuple(squares))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with Project.create(tmp_path_factory.mktemp("coordinates") / "project", "phantom-mammo") as project:
        keys = list(itertools.product(VENDORS, FLIPS))
        cases = {key: add_case(project, number, *key) for number, key in enumerate(keys)}
        add_person(project, "alice", "reader", password_hash=passwords.hashed(PASSWORD))
        with serving(create_app(project)) as address:
            yield World(project, address, cases)


@pytest.fixture(scope="module")
def page(world: World, browser: Browser) -> Iterator[Page]:
    with watched(browser) as context:
        opened = context.new_page()
        opened.goto(f"{world.address}/worklist")
        sign_in(opened, "alice")
        opened.locator("tbody tr").first.wait_for()
        yield opened


def white_on(page: Page, *squares: Square) -> list[Box]:
    """Return where white squares are in the window: of what the screen shows, nothing else is as bright."""
    page.mouse.move(2, 2)
    whole = np.asarray(Picture.open(io.BytesIO(page.screenshot())).convert("L"))
    return [_white_in(whole, page.locator(f'[data-image="{one.image_id}"]')) for one in squares]


def _white_in(whole: NDArray[np.uint8], pane: Locator) -> Box:
    area = pane.bounding_box()
    assert area is not None
    x, y = round(area["x"]), round(area["y"])
    shot = whole[y : y + round(area["height"]), x : x + round(area["width"])]
    grey = np.median(shot[(shot > 40) & (shot < 200)])
    rows, columns = (one.tolist() for one in np.nonzero(shot > (255 + grey) / 2))
    return Box(float(x + min(columns)), float(y + min(rows)), float(x + max(columns) + 1), float(y + max(rows) + 1))


def open_case(page: Page, world: World, case: Case) -> None:
    page.goto(f"{world.address}/read/{case.study_id}")
    ready(page)
    press(page, "h")


def come_close(page: Page, hung: Box, zoom: str) -> None:
    """Enlarge around a place of the views as they hang at first."""
    press(page, "r")
    page.mouse.move(*hung.center)
    press(page, {ZOOMS[0]: "", ZOOMS[1]: "x", ZOOMS[2]: "x + +"}[zoom])
    ready(page)


def draw_over(page: Page, square: Square) -> tuple[float, Box]:
    """Draw a box over the square from one corner to the other; return the size of a pixel on the page, and the box."""
    (seen,), before = white_on(page, square), len(boxes(page))
    press(page, "o")
    drag(page, (seen.xmin, seen.ymin), (seen.xmax, seen.ymax))
    expect(page.locator("[data-mark]")).to_have_count(before + 1)
    made = Box(*map(float, boxes(page)[-1]))
    press(page, "Delete")
    return square.box.width / seen.width, made


@pytest.mark.parametrize("number", range(len(VENDORS)), ids=list(VENDORS))
def test_a_box_drawn_over_what_is_seen_is_where_it_is_stored(page: Page, world: World, number: int) -> None:
    """Both sides, both views, every flip; from the whole view to larger than pixel by pixel."""
    hung: list[list[Box]] = []
    for turn, flip in enumerate(FLIPS):
        case = world.cases[list(VENDORS)[number], flip]
        open_case(page, world, case)
        places = white_on(page, *case.squares)
        hung.append(places)
        for index, (square, place) in enumerate(zip(case.squares, places, strict=True)):
            zoom = ZOOMS[(number + turn + index) % len(ZOOMS)]
            come_close(page, place, zoom)
            pixel, made = draw_over(page, square)
            assert off_by(made, square.box) <= max(pixel, 1.0), (case.vendor, flip, zoom, index, pixel)
    # however it is stored, it hangs alike; levels of odd sizes begin half a pixel elsewhere
    assert max(off_by(a, b) for places in hung for a, b in zip(hung[0], places, strict=True)) <= 1
