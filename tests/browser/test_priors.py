"""The earlier exam beside the one that is read, in Debian's Chromium against the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.marking import flagged, form, press, ready
from tests.browser.opening import hire, serving, sign_in, watched
from tests.web.earlier import EARLY, LATE, make

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with make(tmp_path_factory.mktemp("priors") / "p", rows=880) as project:
        hire(project, ann="reader", ben="reader")
        with serving(project) as where:
            yield where


def test_one_key_shows_the_earlier_exam_which_is_named_and_cannot_be_marked(address: str, page: Page) -> None:
    page.goto(f"{address}/read/{LATE}")
    sign_in(page, "ann")
    ready(page)
    earlier = page.locator("[data-prior]")
    expect(earlier).to_have_count(0)
    press(page, "`")
    page.locator("[data-stage][data-settled=true]").wait_for()
    expect(earlier).to_have_count(4)
    expect(earlier.get_by_text("PRIOR, 16 months before")).to_have_count(4)
    own = page.get_by_role("region", name="R CC", exact=True).bounding_box()
    below = page.get_by_role("region", name="R CC, PRIOR, 16 months before").bounding_box()
    assert own is not None
    assert below is not None
    assert (own["x"], own["y"] + own["height"]) == pytest.approx((below["x"], below["y"]), abs=1)
    page.mouse.move(below["x"] + 60, below["y"] + 60)
    press(page, "o o")
    expect(earlier.locator("[data-mark]")).to_have_count(0)
    expect(page.locator("[data-mark]")).to_have_count(1)
    expect(form(page).get_by_text("R CC").first).to_be_visible()
    press(page, "Escape n `")
    expect(earlier).to_have_count(0)


def test_an_earlier_exam_that_is_held_is_gone_at_once_and_all_else_stays(
    address: str, page: Page, browser: Browser
) -> None:
    page.goto(f"{address}/read/{LATE}")
    sign_in(page, "ann")
    ready(page)
    press(page, "n o o Escape `")
    expect(page.locator("[data-prior]")).to_have_count(2)
    with watched(browser) as elsewhere:
        other = elsewhere.new_page()
        other.goto(f"{address}/read/{EARLY}")
        sign_in(other, "ben")
        ready(other)
        flagged(other)
    expect(page.locator("[data-prior]")).to_have_count(0)
    expect(page.get_by_role("button", name="Earlier exam")).to_have_count(0)
    expect(page.locator("[data-stage]")).to_have_attribute("data-stage", "pair_cc")
    expect(page.locator("[data-stage]")).to_have_attribute("data-settled", "true")
    expect(page.locator("[data-mark]")).to_have_count(1)
    kept = page.locator("[data-stage]").evaluate("stage => stage.viewport.kept.levels.length")
    shown = page.locator("[data-image]").count()
    assert shown == 2
    assert kept <= 2 * 4  # of the four views of the exam itself
