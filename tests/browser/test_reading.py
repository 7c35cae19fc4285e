"""The viewer in Debian's Chromium, against the real server: what is on the screen is what the pixels say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture
from playwright.sync_api import Locator, Page, expect
from pydicom import dcmread

from mammoset.catalog import ImageRecord
from mammoset.domain.workflow import FactKind
from mammoset.model import Box
from mammoset.pixels.codec import decode
from mammoset.pixels.window import Presentation, display_values
from tests.browser.opening import SIZE, hire, sign_in
from tests.browser.rooms import Room, reading_room
from tests.web.building import Made, add_squares

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

ROWS, SPACING = 880, 0.34

Greys = NDArray[np.uint8]


@dataclass(frozen=True)
class World(Room):
    """A room with an exam of squares, which is anna's."""

    squares: Made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("reading") / "phantom-mammo"
    with reading_room(folder, "alice", n_exams=4, rows=ROWS, spacing=SPACING) as room:
        squares = add_squares(room.project)
        hire(room.project, anna="reader")
        yield World(room.project, room.exams, room.address, squares)


@pytest.fixture
def size() -> tuple[int, int]:
    return SIZE


def open_exam(page: Page, world: World, made: Made, name: str = "alice", query: str = "") -> Locator:
    page.goto(f"{world.address}/read/{made.study_id}{query}")
    sign_in(page, name)
    return settled(page)


def settled(page: Page) -> Locator:
    stage = page.locator("[data-stage][data-settled=true]")
    stage.wait_for()
    return stage


def shown(stage: Locator) -> Greys:
    """Return the greys of the stage; color would be a mistake."""
    stage.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = np.asarray(Picture.open(io.BytesIO(stage.screenshot())).convert("RGB"))
    return np.asarray(picture[:, :, 1])


def on_page(stage: Locator, image_id: str, x: float, y: float) -> tuple[float, float]:
    found = stage.evaluate("(stage, [id, x, y]) => stage.viewport.toPage(id, { x, y })", [image_id, x, y])
    return found["x"], found["y"]


def in_image(stage: Locator, image_id: str, x: float, y: float) -> tuple[float, float]:
    found = stage.evaluate("(stage, [id, x, y]) => stage.viewport.toStored(id, { x, y })", [image_id, x, y])
    return found["x"], found["y"]


def pane(page: Page, record: ImageRecord) -> Locator:
    return page.locator(f'[data-image="{record.image.image_id}"]')


def box_of(one: Locator) -> Any:
    """Return where an element is on the page: x, y, width and height."""
    found = one.bounding_box()
    assert found is not None
    return found


def view(made: Made, side: str, position: str) -> ImageRecord:
    found = {(one.image.laterality, one.image.view_position): one for one in made.records}
    return next(record for (laterality, view), record in found.items() if (laterality, view) == (side, position))


def area_of(stage: Locator, record: ImageRecord, box: Box) -> tuple[slice, slice]:
    corners = [on_page(stage, record.image.image_id, x, y) for x, y in ((box.xmin, box.ymin), (box.xmax, box.ymax))]
    (left, right), (top, bottom) = (sorted(edges) for edges in zip(*corners, strict=True))
    return slice(round(top), round(bottom)), slice(round(left), round(right))


def inner(area: tuple[slice, slice], by: int) -> tuple[slice, slice]:
    rows, columns = (slice(one.start + by, one.stop - by) for one in area)
    return rows, columns


def test_an_exam_opens_from_the_list_with_four_views_back_to_back(page: Page, world: World) -> None:
    page.goto(f"{world.address}/worklist")
    sign_in(page)
    page.get_by_role("link", name="Exam 1").click()
    stage = settled(page)
    expect(page).to_have_title("Exam 1 · phantom-mammo")
    labels = [one.get_attribute("aria-label") for one in page.locator("[data-image]").all()]
    assert labels == ["R CC", "L CC", "R MLO", "L MLO"]
    boxes = [box_of(one) for one in page.locator("[data-image]").all()]
    assert boxes[0]["x"] + boxes[0]["width"] == boxes[1]["x"]
    whole = shown(stage)
    seam = round(boxes[1]["x"])
    # breast meets breast at the seam of a pair, air meets air between the pairs
    assert whole[:, seam - 3 : seam + 3].max() > 60
    assert whole[:, : int(boxes[0]["x"]) + 3].max() < 30


def test_opening_is_written_down(page: Page, world: World) -> None:
    made = world.exams[1]
    with page.expect_response(lambda response: response.url.endswith("/opening")) as answered:
        open_exam(page, world, made)
    assert answered.value.status == 204
    facts = world.project.catalog.facts(made.study_id)[made.study_id]
    assert [one.reader_id for one in facts if one.kind == FactKind.OPENED] == ["alice"]


@pytest.mark.parametrize(("side", "position"), [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")])
def test_findings_are_where_the_stored_pixels_have_them(page: Page, world: World, side: str, position: str) -> None:
    """Images of other sizes, spacings and orientations; turned, each square is white and all around it is not."""
    stage = open_exam(page, world, world.squares, "anna")
    whole, record = shown(stage), view(world.squares, side, position)
    (box,) = (one.box for one in world.squares.reading.findings if one.image_id == record.image.image_id)
    area = area_of(stage, record, box)
    assert whole[inner(area, 2)].min() > 220  # all white but for the ripple of a reduced level
    around = inner(area, -6)
    ring = np.ones(whole[around].shape, bool)
    ring[4:-4, 4:-4] = False
    assert whole[around][ring].max() < 200
    # one physical scale: squares of 60 × 40 pixels at 0.4 and 0.6 mm
    height, width = (one.stop - one.start for one in area)
    spacing = record.attributes["imager_pixel_spacing"][0]
    scale = width / (box.width * spacing)
    assert height / (box.height * spacing) == pytest.approx(scale, rel=0.1)
    other = view(world.squares, "L" if side == "R" else "R", position)
    (twin,) = (one.box for one in world.squares.reading.findings if one.image_id == other.image.image_id)
    _, columns = area_of(stage, other, twin)
    width_of_twin = twin.width * other.attributes["imager_pixel_spacing"][0]
    assert (columns.stop - columns.start) / width_of_twin == pytest.approx(scale, rel=0.1)


def greys_at_full(page: Page, stage: Locator, record: ImageRecord) -> tuple[Greys, tuple[int, int]]:
    """Return what is shown around the middle of a pane at 1:1, and which stored pixel is at its first place."""
    box, own = box_of(pane(page, record)), box_of(stage)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.keyboard.press("x")
    expect(pane(page, record)).to_have_attribute("data-level", "0")
    settled(page)
    left, top = round(middle[0] - own["x"]) - 60, round(middle[1] - own["y"]) - 60
    x, y = in_image(stage, record.image.image_id, left + 0.5, top + 0.5)
    return shown(stage)[top : top + 120, left : left + 120], (int(np.floor(x)), int(np.floor(y)))


def expected(world: World, record: ImageRecord, window: int = 0, *, is_inverted: bool = False) -> Greys:
    dataset = dcmread(world.project.content.path(record.image))
    presentation = Presentation.of(dataset)
    if is_inverted:
        layout = replace(presentation.layout, photometric_interpretation="MONOCHROME1")
        presentation = replace(presentation, layout=layout)
    return display_values(decode(dataset), presentation, window)


def agrees(found: Greys, at: tuple[int, int], whole: Greys) -> bool:
    """Whether a part is exactly that of a picture; at 1:1 pixels are moved by less than one to meet the screen's."""
    x, y = at
    moves = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    height, width = found.shape
    return any(np.array_equal(found, whole[y + dy : y + dy + height, x + dx : x + dx + width]) for dx, dy in moves)


@pytest.mark.parametrize("query", ["?paint=card", "?paint=processor"])
def test_greys_on_the_screen_are_those_the_server_computes(page: Page, world: World, query: str) -> None:
    record = view(world.exams[2], "L", "CC")
    stage = open_exam(page, world, world.exams[2], query=query)
    page.keyboard.press("h")
    found, at = greys_at_full(page, stage, record)
    assert found.std() > 5
    assert agrees(found, at, expected(world, record))
    page.keyboard.press("w")
    again = greys_again(page, stage, found.shape, record)
    assert agrees(again, at, expected(world, record, 1))
    page.keyboard.press("i")
    again = greys_again(page, stage, found.shape, record)
    assert agrees(again, at, expected(world, record, 1, is_inverted=True))


def greys_again(page: Page, stage: Locator, shape: tuple[int, ...], record: ImageRecord) -> Greys:
    """Return what is shown where `greys_at_full` looked."""
    box, own = box_of(pane(page, record)), box_of(stage)
    left = round(box["x"] + box["width"] / 2 - own["x"]) - 60
    top = round(box["y"] + box["height"] / 2 - own["y"]) - 60
    return shown(stage)[top : top + shape[0], left : left + shape[1]]


def test_without_a_graphics_card_the_same_is_painted(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[2], query="?paint=card")
    page.keyboard.press("h")
    by_card = shown(stage)
    page.goto(f"{world.address}/read/{world.exams[2].study_id}?paint=processor")
    stage = settled(page)
    page.keyboard.press("h")
    difference = np.abs(by_card.astype(int) - shown(stage).astype(int))
    assert difference.max() <= 1


def test_the_wheel_enlarges_around_the_pointer_and_the_mirrored_view_with_it(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[0])
    right, left = view(world.exams[0], "R", "MLO"), view(world.exams[0], "L", "MLO")
    box, own = box_of(pane(page, right)), box_of(stage)
    x, y = box["x"] + 140.0, box["y"] + 200.0
    before = in_image(stage, right.image.image_id, x - own["x"], y - own["y"])
    coarse = int(pane(page, right).get_attribute("data-level") or 0)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -700)
    settled(page)
    assert in_image(stage, right.image.image_id, x - own["x"], y - own["y"]) == pytest.approx(before, abs=0.01)
    for one in (right, left):
        assert int(pane(page, one).get_attribute("data-level") or 0) < coarse
    # the same row of both, and as far from the seam
    twin = right.image.width - before[0], before[1]
    other = on_page(stage, left.image.image_id, *twin)
    seam = box["x"] + box["width"] - own["x"]
    assert other == pytest.approx((2 * seam - (x - own["x"]), y - own["y"]), abs=0.01)
    page.keyboard.press("r")
    settled(page)
    assert int(pane(page, right).get_attribute("data-level") or 0) == coarse


def test_a_drag_moves_and_one_with_the_right_button_changes_the_window(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[0])
    record = view(world.exams[0], "R", "CC")
    box = box_of(pane(page, record))
    start = box["x"] + 120, box["y"] + 250
    before = on_page(stage, record.image.image_id, 100, 100)
    drag(page, start, (30, -20))
    assert on_page(stage, record.image.image_id, 100, 100) == pytest.approx((before[0] + 30, before[1] - 20), abs=0.01)
    greys = shown(stage)
    drag(page, start, (0, -100), "right")
    assert shown(stage).mean() > greys.mean() + 10
    assert on_page(stage, record.image.image_id, 100, 100) == pytest.approx((before[0] + 30, before[1] - 20), abs=0.01)


def drag(page: Page, start: tuple[float, float], by: tuple[float, float], button: Any = "left") -> None:
    page.mouse.move(*start)
    page.mouse.down(button=button)
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=3)
    page.mouse.up(button=button)


def test_one_key_leads_through_all_stages_until_everything_was_seen_at_full_size(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[3])
    seen = [stage.get_attribute("data-stage")]
    for _ in range(60):
        page.keyboard.press("n")
        settled(page)
        seen.append(stage.get_attribute("data-stage"))
        if stage.get_attribute("data-stage") == "full_l_mlo" and page.get_by_label("L MLO: 100% seen").count():
            break
    names = [
        "overview",
        "pair_cc",
        "pair_mlo",
        "side_r",
        "side_l",
        "full_r_cc",
        "full_l_cc",
        "full_r_mlo",
        "full_l_mlo",
    ]
    assert list(dict.fromkeys(seen)) == names
    for label in ("R CC", "L CC", "R MLO", "L MLO"):
        expect(page.get_by_role("button", name=f"{label}: 100% seen at 1:1")).to_be_visible()
    assert set(stage.evaluate("(stage) => stage.viewport.seconds()")) == set(names)


def test_the_magnifier_shows_more_than_is_around_it(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[1])
    record = view(world.exams[1], "L", "CC")
    box = box_of(pane(page, record))
    page.mouse.move(box["x"] + 150, box["y"] + 300)
    plain = shown(stage)
    page.keyboard.press("m")
    settled(page)
    changed = np.argwhere(shown(stage) != plain)
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert 250 < right - left < 320
    assert 250 < bottom - top < 320
    page.keyboard.press("m")
    assert np.array_equal(shown(stage), plain)


def test_the_next_exams_are_there_before_they_are_opened(page: Page, world: World) -> None:
    stage = open_exam(page, world, world.exams[0])
    wanted = [one.image.image_id for exam in world.exams[1:4] for one in exam.records]
    assert stage.evaluate("(stage) => stage.viewport.kept.levels.length") > 0
    page.wait_for_function(
        """(wanted) => {
            const { levels } = document.querySelector('[data-stage]').viewport.kept
            return wanted.every((id) => levels.some((key) => key.includes(` ${id} `)))
        }""",
        arg=wanted,
    )


def test_an_exam_that_is_held_leaves_the_screen_and_the_memory(page: Page, world: World) -> None:
    made = world.exams[1]
    stage = open_exam(page, world, made)
    page.evaluate("() => { globalThis.viewportThen = document.querySelector('[data-stage]').viewport }")
    assert stage.count() == 1
    page.evaluate(
        """async (study) => {
          const { csrf_token } = await (await fetch('/api/v1/me')).json()
          const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token }
          const body = JSON.stringify({ kind: 'other', reason: 'a test' })
          return (await fetch(`/api/v1/studies/${study}/flag`, { method: 'POST', headers, body })).status
        }""",
        made.study_id,
    )
    expect(page.get_by_text("this exam is held back")).to_be_visible()
    expect(page.locator("[data-image]")).to_have_count(0)
    kept = page.evaluate("() => [...viewportThen.kept.levels, ...viewportThen.kept.bytes]")
    assert not [one for one in kept if made.study_id in one]


def test_an_exam_of_somebody_else_is_not_there(page: Page, world: World) -> None:
    page.goto(f"{world.address}/read/{world.exams[0].study_id}")
    sign_in(page, "anna")
    expect(page.get_by_text("The address is not right, or it is not for you.")).to_be_visible()
