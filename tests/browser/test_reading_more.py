"""The end of an exam, what was seen of it, and the words of it, in Debian's Chromium against the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.project import Project
from mammoset.terms.dicom import Laterality
from tests.browser.marking import COMPLETE, drag, form, image_of, on_page, open_exam, press, ready, saved
from tests.browser.offline import sent
from tests.browser.opening import PASSWORD, hire, watched
from tests.browser.rooms import Room, assign, reading_room
from tests.web.building import Made

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

MOST_PARTS = 60
ENGLISH = re.compile(
    r"\b(the|of|is|are|and|not|with|this|was|has|from|which|seen|missing|choose|marked|breast|view|show)\b",
    re.IGNORECASE,
)
"""Words that no Vietnamese sentence has, and hardly an English one is without."""
TEXTS = """() => {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode
        if (parentElement.closest('script, style, option') === null) found.push(textContent)
    }
    for (const name of ['title', 'aria-label', 'placeholder', 'data-title'])
        for (const one of document.body.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name))
    return [document.title, ...found].map((one) => one.trim()).filter((one) => one !== '')
}"""
"""Everything that a page says, to eyes and to screen readers."""


@dataclass(frozen=True)
class World(Room):
    """A room with an exam about which its readers differ, and which carl arbitrates."""

    disputed: Made


def said_by(made: Made, name: str, birads: int, comment: str, *findings: Finding) -> Fact:
    breasts = (Breast(Laterality.L, 1, "C"), Breast(Laterality.R, birads, "B"))
    return Fact(FactKind.SUBMITTED, made.study_id, name, now(), reading=Reading(
        made.study_id, name, breasts, findings, comment
    ))  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("more") / "phantom-mammo"
    with reading_room(folder, n_exams=6, rows=880, spacing=0.34) as room:
        hire(room.project, alice="reader", carl="arbiter")
        *exams, disputed = room.exams
        for made in exams:
            assign(room.project, made, "alice")
        _dispute(room.project, disputed)
        yield World(room.project, exams, room.address, disputed)


def _dispute(project: Project, made: Made) -> None:
    """Two readings: one difference calls for an arbiter, another does not."""
    mass = Finding(image_of(made), Box(420, 360, 560, 500), ("Mass",), 4)
    assign(project, made, "anna", "bruno")
    project.catalog.append(
        [
            said_by(made, "anna", 4, "Not sure of the edge.", mass),
            said_by(made, "bruno", 5, "", replace(mass, categories=("Mass", "Skin Thickening"))),
        ]
    )
    assign(project, made, "carl", role="arbiter")


@pytest.fixture
def vietnamese(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    with watched(browser, size, locale="vi-VN") as opened:
        yield opened.new_page()


def stage_of(page: Page) -> str | None:
    return page.locator("[data-stage]").get_attribute("data-stage")


def go_to_the_end(page: Page) -> Locator:
    """Go through every part of every stage, and return what the last one shows."""
    for _ in range(MOST_PARTS):
        if stage_of(page) == "done":
            break
        press(page, "n")
        page.locator("[data-stage][data-settled=true]").wait_for()
    return page.locator("[data-done]")


def test_the_last_stage_tells_what_was_seen_and_enter_submits(world: World, page: Page) -> None:
    made, following = world.exams[:2]
    open_exam(page, world.address, made)
    end = go_to_the_end(page)
    expect(end.get_by_text("Every view has been seen whole at 1:1.")).to_be_visible()
    expect(end.get_by_role("cell", name="100%")).to_have_count(4)
    expect(end.get_by_text("Right breast: no BI-RADS; choose one")).to_be_visible()
    press(page, COMPLETE)
    expect(end.get_by_text("Nothing is missing.")).to_be_visible()
    expect(end.get_by_text("BI-RADS 2, Density B")).to_be_visible()
    press(page, "Enter")
    page.wait_for_url(f"**/read/{following.study_id}")
    sent(page, made.study_id)
    fact = world.project.catalog.facts()[made.study_id][-1]
    assert fact.kind == FactKind.SUBMITTED
    assert set(fact.viewed) == {one.image.image_id for one in made.records}
    for seen in fact.viewed.values():
        assert seen.share_at_full == 1
        assert seen.seconds >= seen.seconds_at_full >= 0


def test_an_answer_that_is_in_is_left_by_the_same_key(world: World, page: Page) -> None:
    made, following = world.exams[1:3]
    open_exam(page, world.address, made)
    press(page, f"{COMPLETE} Enter")
    page.wait_for_url(f"**/read/{following.study_id}")
    sent(page, made.study_id)
    page.goto(f"{world.address}/read/{made.study_id}")
    ready(page)
    page.get_by_role("button", name="Done", exact=True).click()
    end = page.locator("[data-done]")
    expect(end.get_by_text("This answer has been submitted.")).to_be_visible()
    press(page, "p")
    expect(page.locator("[data-stage=full_l_mlo]")).to_be_visible()
    press(page, "n Enter")
    page.wait_for_url(lambda url: made.study_id not in url)


def test_what_was_not_seen_is_led_to_and_a_reload_forgets_nothing_of_it(world: World, page: Page) -> None:
    made = world.exams[2]
    open_exam(page, world.address, made)
    page.get_by_role("button", name=re.compile("^R CC: ")).click()
    page.locator("[data-stage=full_r_cc][data-settled=true]").wait_for()
    step = page.get_by_role("button", name=re.compile("^R CC: [1-9][0-9]*% seen at 1:1"))
    expect(step).to_be_visible()
    before = step.get_attribute("aria-label")
    page.get_by_role("button", name="Done", exact=True).click()
    saved(page)
    page.reload()
    ready(page)
    expect(page.get_by_role("button", name=before or "", exact=True)).to_be_visible()
    end = page.locator("[data-done]")
    expect(end.get_by_text(re.compile("views have not been seen whole at 1:1"))).to_be_visible()
    end.get_by_role("button", name="Show the rest of L MLO").click()
    expect(page.locator("[data-stage=full_l_mlo]")).to_be_visible()
    end_again = page.get_by_role("button", name="Done", exact=True)
    end_again.click()
    end.get_by_role("button", name="Left breast: no density; choose one").click()
    expect(page.locator('[data-place="L"]')).to_have_attribute("data-active", "true")


def test_the_nipple_is_put_by_key_and_by_mouse_and_turns_the_arc(world: World, page: Page) -> None:
    made = world.exams[3]
    image = image_of(made)
    open_exam(page, world.address, made)
    x, y = on_page(page, image, 240, 360)
    page.mouse.move(x, y)
    press(page, "o o")
    arc = page.locator("polyline").first
    expect(arc).to_be_visible()
    guessed = arc.get_attribute("points")
    page.mouse.move(x + 20, y + 12)
    press(page, "\\")
    nipple = page.locator(f'[data-marks="{image}"] [data-nipple]')
    assert middle(nipple) == pytest.approx((x + 20, y + 12), abs=1)
    put = arc.get_attribute("points")
    assert put != guessed
    drag(page, middle(nipple), (x - 40, y + 30))
    assert middle(nipple) == pytest.approx((x - 40, y + 30), abs=1)
    press(page, "z")
    assert middle(nipple) == pytest.approx((x + 20, y + 12), abs=1)
    page.reload()
    ready(page)
    press(page, "j")
    expect(arc).to_have_attribute("points", put or "")


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_every_answer_means_is_one_key_away(world: World, page: Page) -> None:
    open_exam(page, world.address, world.exams[4])
    press(page, "/")
    meanings = form(page).get_by_role("region", name="Definitions")
    for words in ("highly suggestive of malignancy", "extremely dense", "Skin drawn inwards.", "BI-RADS Atlas"):
        expect(meanings.get_by_text(words)).to_be_visible()
    press(page, "/")
    expect(meanings).to_have_count(0)


def test_texts_stand_away_from_the_chest_wall_in_every_view(world: World, page: Page) -> None:
    open_exam(page, world.address, world.exams[4])
    for stage in ("overview", "pair_cc", "pair_mlo", "side_r", "side_l"):
        expect(page.locator(f"[data-stage={stage}]")).to_be_visible()
        for pane in page.locator("[data-image]").all():
            outer, name = pane.bounding_box(), pane.get_by_text(re.compile("^[RL] (CC|MLO)$")).bounding_box()
            assert outer is not None
            assert name is not None
            is_left = name["x"] + name["width"] / 2 < outer["x"] + outer["width"] / 2
            assert is_left is (pane.get_attribute("data-side") == "R")
        press(page, "n")


def test_an_arbiter_sees_what_calls_for_them_and_what_only_differs_and_no_name(world: World, page: Page) -> None:
    open_exam(page, world.address, world.disputed, "carl", at="arbitrate")
    birads = page.locator("[data-item='birads:R']")
    expect(birads).to_have_attribute("data-opens", "true")
    finding = page.locator("[data-item='finding:0']")
    expect(finding).to_have_attribute("data-opens", "false")
    expect(finding.get_by_text("differs, but calls for no arbiter")).to_be_visible()
    expect(birads.get_by_text("differs, but calls for no arbiter")).to_have_count(0)
    expect(form(page).get_by_text("Not sure of the edge.")).to_be_visible()
    told = " ".join(page.evaluate(TEXTS))
    assert "anna" not in told
    assert "bruno" not in told


def test_no_english_sentence_is_left_where_vietnamese_is_read(world: World, vietnamese: Page) -> None:
    page = vietnamese
    open_in_vietnamese(page, world, f"read/{world.exams[4].study_id}", "alice")
    assert_vietnamese(page)
    press(page, "/ Enter")
    assert_vietnamese(page)
    press(page, "o o / Enter")
    assert_vietnamese(page)
    press(page, "f")
    assert_vietnamese(page)
    press(page, "Escape ?")
    assert_vietnamese(page)
    press(page, "Escape")
    page.get_by_role("button", name="Kết thúc", exact=True).click()
    expect(page.locator("[data-done]")).to_be_visible()
    assert_vietnamese(page)


def test_nor_where_an_arbiter_decides(world: World, vietnamese: Page) -> None:
    page = vietnamese
    open_in_vietnamese(page, world, f"arbitrate/{world.disputed.study_id}", "carl")
    press(page, "7 8")
    assert_vietnamese(page, "Not sure of the edge.")
    page.goto(f"{world.address}/arbitration?state=in_progress")
    page.locator("tbody tr").first.wait_for()
    assert_vietnamese(page)


def open_in_vietnamese(page: Page, world: World, path: str, name: str) -> None:
    page.goto(f"{world.address}/{path}")
    page.get_by_label("Tên đăng nhập", exact=True).fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    ready(page)


def assert_vietnamese(page: Page, typed: str = "") -> None:
    texts: list[str] = page.evaluate(TEXTS)
    assert len(texts) > 20
    assert [one for one in texts if ENGLISH.search(one) and one != typed] == []
