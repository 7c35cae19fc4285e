"""The pages in Debian's Chromium: keys, overlays in the right place, zoom, nothing blocked by our own policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.pages.exams import Exams
from tests.browser.opening import NOTHING, serving, watched
from tests.web.building import Made, add_squares, build
from tests.web.opening import OPERATOR, ensure_person

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

WHITE_FROM = 200
SIZES = [(1280, 800), (1920, 1080)]
N_EXAMS = 10
"""Two of them in the fold of the test."""


@pytest.fixture(scope="module")
def made_at(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    folder = tmp_path_factory.mktemp("pages") / "phantom-mammo"
    return folder, build(folder, n_exams=N_EXAMS)


@pytest.fixture(scope="module")
def made(made_at: tuple[Path, list[Made]]) -> list[Made]:
    return made_at[1]


@pytest.fixture(scope="module")
def project(made_at: tuple[Path, list[Made]]) -> Iterator[Project]:
    with Project.open(made_at[0]) as opened:
        yield opened


@contextmanager
def entering(browser: Browser, project: Project, size: tuple[int, int]) -> Iterator[Page]:
    """Give a page that came in by the token, as somebody who administers and reviews."""
    ensure_person(project, OPERATOR)
    with (
        serving(create_app(project, token="once")) as address,
        watched(browser, size, expected=NOTHING) as context,
    ):
        opened = context.new_page()
        opened.goto(f"{address}/status?token=once")
        yield opened


@pytest.fixture
def page(browser: Browser, project: Project, request: pytest.FixtureRequest) -> Iterator[Page]:
    with entering(browser, project, getattr(request, "param", SIZES[0])) as opened:
        yield opened


def open_exam(page: Page, made: Made) -> None:
    page.goto(f"{origin(page)}/exams/{made.study_id}")
    settled(page)


def origin(page: Page) -> str:
    return str(page.evaluate("() => location.origin"))


def settled(page: Page) -> None:
    """Wait until all pictures that were asked for are shown."""
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")


def place(one: Locator) -> tuple[float, float, float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def drawn_place(mark: Locator) -> list[float]:
    """Return left, top, right, bottom of a box as drawn, without the width of its line."""
    edges = mark.evaluate(
        """mark => {
            const [box, to] = [mark.getBBox(), mark.getScreenCTM()];
            const a = new DOMPoint(box.x, box.y).matrixTransform(to);
            const b = new DOMPoint(box.x + box.width, box.y + box.height).matrixTransform(to);
            return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
        }"""
    )
    return [float(edge) for edge in edges]


def seen_place(page: Page, pane: Locator) -> list[float]:
    """Return left, top, right, bottom of what is white in a pane, from the pixels of the screen."""
    left, top, width, height = place(pane)
    png = np.frombuffer(page.screenshot(), np.uint8)
    screen = cv2.imdecode(png, cv2.IMREAD_GRAYSCALE)
    assert screen is not None
    part = screen[round(top) : round(top + height), round(left) : round(left + width)]
    rows, columns = np.nonzero(part > WHITE_FROM)
    x, y = round(left), round(top)
    return [x + columns.min(), y + rows.min(), x + columns.max() + 1, y + rows.max() + 1]


def test_the_token_leads_to_the_status_and_out_of_the_address(page: Page) -> None:
    assert "token" not in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("phantom-mammo")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("phantom-mammo")


def test_the_agreement_comes_by_itself(browser: Browser, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    measure = Exams._measure
    monkeypatch.setattr(Exams, "_measure", lambda exams: may_end.wait(60) and measure(exams))
    with entering(browser, project, SIZES[0]) as page:
        expect(page.get_by_text("Being computed")).to_be_visible()
        may_end.set()
        expect(page.get_by_text("Krippendorff").first).to_be_visible()
        expect(page.get_by_text("Being computed")).to_have_count(0)


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Made]]:
    """An exam whose only finding in each view is a white square, two of its images stored the wrong way round."""
    folder = tmp_path_factory.mktemp("squares") / "phantom-mammo"
    with Project.create(folder) as opened:
        yield opened, add_squares(opened)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("hanging", ["row", "pairs"])
def test_a_box_lies_on_what_it_marks(
    browser: Browser, squares: tuple[Project, Made], size: tuple[int, int], hanging: str
) -> None:
    project, exam = squares
    with entering(browser, project, size) as page:
        open_exam(page, exam)
        if hanging == "pairs":
            page.keyboard.press("h")
            expect(page.locator(".views.pairs")).to_be_visible()
        panes = [page.locator(f'figure[data-image="{one.image_id}"]') for one in exam.reading.findings]
        drawn = [drawn_place(pane.locator(".mark")) for pane in panes]
        page.keyboard.press("f")
        expect(page.locator(".mark").first).to_be_hidden()
        # the names of the views are white as well
        page.evaluate("() => document.querySelectorAll('figcaption').forEach((one) => { one.hidden = true; })")
        seen = [seen_place(page, pane) for pane in panes]
    assert np.abs(np.subtract(drawn, seen)).max() < 2


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_breasts_stand_back_to_back_at_one_scale_inside_the_window(page: Page, made: list[Made]) -> None:
    open_exam(page, made[1])
    boxes = {pane.get_attribute("class"): place(pane.locator("image")) for pane in page.locator("figure").all()}
    for view in ("CC", "MLO"):
        right, left = boxes[f"pane side-R view-{view}"], boxes[f"pane side-L view-{view}"]
        assert abs(right[0] + right[2] - left[0]) < 3, "the chest walls meet"
    assert len({(round(width), round(height)) for _, _, width, height in boxes.values()}) == 1
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
    assert all(y >= 0 and y + height <= viewport["height"] + 1 for _, y, _, height in boxes.values())


def test_n_and_p_turn_the_exams_of_the_list(page: Page, made: list[Made]) -> None:
    page.goto(f"{origin(page)}/exams?fold=test")
    page.locator("tbody th a").first.click()
    tested = [one.study_id for number, one in enumerate(made) if number % 5 == 4]
    page.wait_for_url(f"**/{tested[0]}?fold=test")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{tested[1]}?fold=test")
    page.keyboard.press("p")
    page.wait_for_url(f"**/{tested[0]}?fold=test")
    page.keyboard.press("u")
    page.wait_for_url("**/exams?fold=test")


def test_f_hides_the_findings_and_the_next_exam_keeps_them_hidden(page: Page, made: list[Made]) -> None:
    open_exam(page, made[1])
    mark, button = page.locator(".mark").first, page.get_by_role("button", name="Findings")
    expect(mark).to_be_visible()
    page.keyboard.press("f")
    expect(mark).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")
    open_exam(page, made[2])
    expect(mark).to_be_hidden()
    button.click()
    expect(mark).to_be_visible()


def test_i_and_the_digits_change_all_four_pictures(page: Page, made: list[Made]) -> None:
    open_exam(page, made[0])
    pictures = page.locator("image")
    page.keyboard.press("2")
    page.keyboard.press("i")
    settled(page)
    for picture in pictures.all():
        expect(picture).to_have_attribute("href", re.compile(r"window=2&inverted=true$"))
    page.keyboard.press("1")
    page.keyboard.press("i")
    settled(page)
    for picture in pictures.all():
        expect(picture).to_have_attribute("href", re.compile(r"height=864$"))


def test_the_help_opens_and_closes_by_key(page: Page, made: list[Made]) -> None:
    open_exam(page, made[0])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith(made[0].study_id)


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta", "Shift"])
def test_a_key_with_a_modifier_belongs_to_the_browser(page: Page, made: list[Made], modifier: str) -> None:
    open_exam(page, made[0])
    findings = page.locator("body")
    for key in ("f", "i", "u", "Escape", "ArrowRight"):
        # made by hand: a real Alt and an arrow would leave the page
        page.evaluate(
            """([key, modifier]) => document.body.dispatchEvent(new KeyboardEvent("keydown", {
                key, bubbles: true, ctrlKey: modifier === "Control", altKey: modifier === "Alt",
                metaKey: modifier === "Meta", shiftKey: modifier === "Shift",
            }))""",
            [key.upper() if modifier == "Shift" and len(key) == 1 else key, modifier],
        )
    expect(findings).not_to_have_class(re.compile("no-findings"))
    expect(page.get_by_role("button", name="Invert")).to_have_attribute("aria-pressed", "false")
    assert page.url.endswith(made[0].study_id)
    page.keyboard.press("f")
    expect(findings).to_have_class(re.compile("no-findings"))


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_view_opens_whole(page: Page, made: list[Made]) -> None:
    for record in made[1].records[:2]:
        page.goto(f"{origin(page)}/exams/{made[1].study_id}/images/{record.image.image_id}")
        settled(page)
        assert is_inside(place(page.locator(".stage image")), place(page.locator(".stage")))


def is_inside(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    return (
        inner[0] >= outer[0] - 1
        and inner[1] >= outer[1] - 1
        and inner[0] + inner[2] <= outer[0] + outer[2] + 1
        and inner[1] + inner[3] <= outer[1] + outer[3] + 1
    )


def test_a_finding_in_the_list_lights_up_in_its_view(page: Page, made: list[Made]) -> None:
    open_exam(page, made[1])
    page.locator('li[data-finding="2"]').hover()
    expect(page.locator(".mark.here")).to_have_count(1)
    expect(page.locator('.mark[data-finding="2"]')).to_have_class(re.compile("here"))


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_view_opens_large_and_is_shown_pixel_by_pixel(page: Page, made: list[Made]) -> None:
    exam = made[1]
    open_exam(page, exam)
    page.locator("figure a").first.click()
    page.wait_for_url("**/images/*")
    settled(page)
    image = page.locator(".stage image")
    page.keyboard.press("z")
    expect(page.locator("[data-zoom]")).to_have_text("100 %")
    settled(page)
    ratio = page.evaluate("() => devicePixelRatio")
    assert place(image)[2] * ratio == pytest.approx(exam.records[2].image.width, abs=1)


def test_a_box_lies_on_what_it_marks_also_pixel_by_pixel(browser: Browser, squares: tuple[Project, Made]) -> None:
    project, exam = squares
    with entering(browser, project, SIZES[0]) as page:
        for finding in exam.reading.findings:
            page.goto(f"{origin(page)}/exams/{exam.study_id}/images/{finding.image_id}")
            page.keyboard.press("z")
            expect(page.locator("[data-zoom]")).to_have_text("100 %")
            drawn = drawn_place(page.locator(".mark"))
            page.keyboard.press("f")
            expect(page.locator(".mark")).to_be_hidden()
            settled(page)
            assert np.abs(np.subtract(drawn, seen_place(page, page.locator(".stage")))).max() < 2
            page.keyboard.press("f")


def test_the_point_under_the_mouse_stays_there_while_zooming(page: Page, made: list[Made]) -> None:
    open_exam(page, made[1])
    page.goto(f"{origin(page)}/exams/{made[1].study_id}/images/{made[1].records[2].image.image_id}")
    settled(page)
    image = page.locator(".stage image")
    for _ in range(8):  # until the picture is larger than the stage in both directions
        page.keyboard.press("+")
    x, y, width, height = place(image)
    share = ((640 - x) / width, (400 - y) / height)
    page.mouse.move(640, 400)
    page.mouse.wheel(0, -100)
    expect(page.locator("[data-zoom]")).not_to_have_text("fit")
    page.wait_for_function(
        "width => document.querySelector('.stage image').getBoundingClientRect().width > width", arg=width
    )
    x, y, width, height = place(image)
    assert x + share[0] * width == pytest.approx(640, abs=2)
    assert y + share[1] * height == pytest.approx(400, abs=2)


def test_a_filter_applies_when_it_is_chosen(page: Page) -> None:
    page.goto(f"{origin(page)}/exams")
    page.get_by_label("Finding").select_option("Mass")
    page.wait_for_url("**category=Mass**")
    expect(page.get_by_role("status")).to_contain_text("exams")


def test_a_pseudonym_is_copied_whole(page: Page, made: list[Made]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{origin(page)}/exams")
    page.locator("button.copy").first.click()
    expect(page.locator("button.copy.done")).to_have_count(1)
    assert page.evaluate("() => navigator.clipboard.readText()") == made[0].study_id


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_no_page_is_wider_than_the_window(page: Page, made: list[Made], tmp_path: Path) -> None:
    exam = f"/exams/{made[1].study_id}"
    for path in ("/status", "/exams", "/tables/findings", "/releases", exam):
        page.goto(origin(page) + path)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
        page.screenshot(path=tmp_path / f"{path.replace('/', '_')}.png")
