"""Answering an exam in Debian's Chromium, against the real server: boxes, rules, drafts, arbitration."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mammoset.domain.workflow import FactKind
from mammoset.model import Box
from mammoset.terms.dicom import Laterality
from tests.browser.marking import (
    COMPLETE,
    answer_of,
    boxes,
    draft_of,
    drag,
    form,
    image_of,
    on_page,
    open_exam,
    press,
    ready,
    saved,
)
from tests.browser.offline import sent
from tests.browser.opening import AWAY, EXPECTED, sign_in
from tests.browser.rooms import Room, reading_room
from tests.web.building import Made

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

ANSWERS = """() => new Promise((done) => {
    const opening = indexedDB.open('mammoset.answers')
    opening.onsuccess = () => {
        const counting = opening.result.transaction('answers').objectStore('answers').count()
        counting.onsuccess = () => done(counting.result)
    }
})"""
"""Counts what a browser keeps of answers."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with reading_room(tmp_path_factory.mktemp("marking") / "phantom-mammo", "alice", "bert", n_exams=8) as opened:
        yield opened


@pytest.fixture
def expected() -> str:
    return f"{EXPECTED}|{AWAY}"


def test_an_exam_is_answered_by_keys_alone_and_the_next_one_opens(world: Room, page: Page) -> None:
    first, second = world.exams[:2]
    open_exam(page, world.address, first)
    press(page, f"{COMPLETE} Enter")
    page.wait_for_url(f"**/read/{second.study_id}")
    ready(page)
    sent(page, first.study_id)
    answer = answer_of(world.project, first, "alice")
    assert answer is not None
    found = {one.laterality: (one.birads, one.density) for one in answer.breasts}
    assert found == {Laterality.R: (2, "B"), Laterality.L: (1, "C")}


@pytest.mark.parametrize("side", [Laterality.R, Laterality.L])
@pytest.mark.parametrize("stage", ["", "x"])
def test_a_box_is_where_it_was_drawn_within_a_pixel_of_the_screen(
    world: Room, page: Page, side: Laterality, stage: str
) -> None:
    made = world.exams[1]
    open_exam(page, world.address, made)
    pane = page.locator(f'[data-image="{image_of(made, side)}"]').bounding_box()
    assert pane is not None
    middle = (pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2)
    page.mouse.move(*middle)
    press(page, f"{stage} o")
    count = len(boxes(page))
    start, end = (middle[0] - 31, middle[1] + 17), (middle[0] + 24, middle[1] - 28)
    drag(page, start, end)
    expect(page.locator("[data-mark]")).to_have_count(count + 1)
    xmin, ymin, xmax, ymax = boxes(page)[-1]
    corners = [on_page(page, image_of(made, side), x, y) for x, y in ((xmin, ymin), (xmax, ymax))]
    (left, right), (top, bottom) = (sorted(edges) for edges in zip(*corners, strict=True))
    wanted = (start[0], end[1], end[0], start[1])
    assert max(abs(a - b) for a, b in zip((left, top, right, bottom), wanted, strict=True)) <= 1


def test_a_box_is_made_moved_and_enlarged_by_keys(world: Room, page: Page) -> None:
    made = world.exams[2]
    open_exam(page, world.address, made)
    press(page, "o o")
    expect(page.locator("[data-mark]")).to_have_count(1)
    ((xmin, ymin, xmax, ymax),) = boxes(page)
    press(page, "ArrowRight ArrowRight ArrowDown Shift+ArrowDown")
    assert boxes(page) == [[xmin + 2, ymin + 1, xmax + 2, ymax + 2]]
    press(page, "z")
    assert boxes(page) == [[xmin, ymin, xmax, ymax]]
    press(page, "Shift+Z")
    assert boxes(page) == [[xmin + 2, ymin + 1, xmax + 2, ymax + 2]]
    press(page, "Delete")
    expect(page.locator("[data-mark]")).to_have_count(0)


def test_a_box_is_moved_and_its_edges_are_by_mouse(world: Room, page: Page) -> None:
    made = world.exams[2]
    open_exam(page, world.address, made)
    press(page, "o o")
    ((xmin, ymin, xmax, ymax),) = boxes(page)
    image, stored = image_of(made), [(xmin + xmax) / 2, (ymin + ymax) / 2]
    start = on_page(page, image, *stored)
    drag(page, start, on_page(page, image, stored[0] - 15, stored[1] + 20))
    assert boxes(page) == [[xmin - 15, ymin + 20, xmax - 15, ymax + 20]]
    drag(page, on_page(page, image, xmin - 15, ymin + 20), on_page(page, image, xmin - 25, ymin + 8))
    assert boxes(page) == [[xmin - 25, ymin + 8, xmax - 15, ymax + 20]]
    press(page, "Delete")


def test_a_reload_in_mid_exam_loses_neither_marks_nor_stage_nor_window(world: Room, page: Page) -> None:
    made = world.exams[3]
    open_exam(page, world.address, made)
    press(page, "n w 4 b o o a")
    stage = page.locator("[data-stage]").get_attribute("data-stage")
    before = boxes(page)
    window = page.get_by_label("Window", exact=True).input_value()
    page.wait_for_function("() => document.querySelector('[data-mark]') !== null")
    page.reload()
    ready(page)
    expect(page.locator("[data-mark]")).to_have_count(1)
    assert (boxes(page), stage, window) == (before, page.locator("[data-stage]").get_attribute("data-stage"), "1")
    assert page.get_by_label("Window", exact=True).input_value() == window
    expect(form(page).get_by_role("radio", name="4, suspicious").first).to_be_checked()
    saved(page)
    draft = draft_of(world.project, made, "alice")
    assert draft is not None
    assert [one.categories for one in draft.findings] == [("Mass",)]
    box = draft.findings[0].box
    assert Box(*(float(round(edge)) for edge in (box.xmin, box.ymin, box.xmax, box.ymax))) == box


def test_rules_stop_a_wrong_answer_and_what_is_right_can_be_changed_with_a_reason(world: Room, page: Page) -> None:
    made = world.exams[4]
    open_exam(page, world.address, made)
    press(page, "4 b Enter")
    expect(form(page).get_by_text("Left breast: no BI-RADS; choose one.")).to_be_visible()
    expect(page.locator('[data-place="L"]')).to_have_attribute("data-active", "true")
    press(page, "1 b o o a Enter")
    expect(form(page).get_by_text("Right breast, finding 1: Mass needs a BI-RADS; choose one.")).to_be_visible()
    press(page, "5 Enter")
    expect(form(page).get_by_text("BI-RADS 5 of the finding, 4 of the breast", exact=False).first).to_be_visible()
    assert answer_of(world.project, made, "alice") is None
    press(page, "Delete Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Right breast: BI-RADS 4, but no finding is marked")).to_be_visible()
    dialog.get_by_role("button", name="Yes, submit").click()
    page.wait_for_url(lambda url: made.study_id not in url)
    sent(page, made.study_id)
    assert answer_of(world.project, made, "alice") is not None
    _change_with_a_reason(world, page, made)


def _change_with_a_reason(world: Room, page: Page, made: Made) -> None:
    page.goto(f"{world.address}/read/{made.study_id}")
    expect(form(page)).to_have_attribute("data-phase", "done")
    page.get_by_role("button", name="Change my answer").click()
    press(page, "s s 2 Enter")
    page.get_by_label("Reason").fill("wrong key")
    page.get_by_role("button", name="Submit the change").click()
    page.wait_for_url(lambda url: made.study_id not in url)
    answer = answer_of(world.project, made, "alice")
    assert answer is not None
    assert {one.laterality: one.birads for one in answer.breasts}[Laterality.R] == 2


def test_without_a_connection_nothing_is_lost(world: Room, page: Page, context: BrowserContext) -> None:
    made, following = world.exams[5], world.exams[6]
    open_exam(page, world.address, made)
    context.set_offline(True)
    press(page, "2 a")
    expect(form(page).get_by_text("No connection.", exact=False)).to_be_visible()
    press(page, "2 a Enter")
    expect(page).not_to_have_url(re.compile(re.escape(made.study_id)))
    assert answer_of(world.project, made, "alice") is None
    context.set_offline(False)
    page.goto(f"{world.address}/worklist?state=done")
    expect(page.get_by_role("link", name="Exam 6", exact=True)).to_be_visible()
    assert answer_of(world.project, made, "alice") is not None
    open_exam(page, world.address, following)


def test_two_windows_are_asked_which_version_to_keep(world: Room, context: BrowserContext) -> None:
    made = world.exams[6]
    one = context.new_page()
    open_exam(one, world.address, made)
    other = context.new_page()
    open_exam(other, world.address, made)
    one.bring_to_front()
    press(one, "3 a")
    saved(one)
    other.bring_to_front()
    press(other, "5 d")
    dialog = other.get_by_role("dialog", name="Two versions of your answer")
    expect(dialog.get_by_role("row", name="BI-RADS, right 5 3")).to_be_visible()
    expect(dialog.get_by_role("row", name="Density, right D A")).to_be_visible()
    dialog.get_by_role("button", name="Keep what is here").click()
    saved(other)
    draft = draft_of(world.project, made, "alice")
    assert draft is not None
    assert draft.breast(Laterality.R).birads == 5
    one.bring_to_front()
    press(one, "1")
    one.get_by_role("dialog").get_by_role("button", name="Take the other").click()
    expect(one.get_by_role("radio", name="5, highly suggestive of malignancy").first).to_be_checked()


def test_a_session_that_ends_loses_nothing(world: Room, page: Page, context: BrowserContext) -> None:
    made = world.exams[7]
    open_exam(page, world.address, made)
    press(page, "3 c o o b")
    context.clear_cookies()
    page.get_by_label("Password", exact=True).wait_for()
    sign_in(page)
    ready(page)
    expect(page.locator("[data-mark]")).to_have_count(1)
    saved(page)
    draft = draft_of(world.project, made, "alice")
    assert draft is not None
    assert draft.findings[0].categories == ("Suspicious Calcification",)


def test_a_flag_holds_the_exam_and_goes_on(world: Room, page: Page) -> None:
    made = world.exams[7]
    open_exam(page, world.address, made)
    press(page, "f")
    dialog = page.get_by_role("dialog", name="This exam should not be read as it is")
    dialog.get_by_label("What is wrong").click()
    page.get_by_role("option", name="The image cannot be read").click()
    dialog.get_by_label("In a few words").fill("moved")
    dialog.get_by_role("button", name="Flag and go on").click()
    expect(page).to_have_url(f"{world.address}/worklist")
    facts = world.project.catalog.facts(made.study_id)[made.study_id]
    assert [one.reason for one in facts if one.kind == FactKind.FLAGGED] == ["image_quality: moved"]


def test_signing_out_saves_what_is_there_and_leaves_nothing_in_the_browser(
    world: Room, page: Page, context: BrowserContext
) -> None:
    made = world.exams[1]
    open_exam(page, world.address, made)
    press(page, "5 d")
    page.get_by_role("button", name="Signed in as alice").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_label("Password", exact=True).wait_for()
    draft = draft_of(world.project, made, "alice")
    assert draft is not None
    assert draft.breast(Laterality.R).birads == 5
    kept = page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    if "mammoset.answers" in kept:
        assert page.evaluate(ANSWERS) == 0
