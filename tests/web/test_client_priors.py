"""The earlier exam beside the one that is read, in Debian's Chromium against the real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from mammoset.catalog import passwords
from mammoset.project import Project
from tests.web.marking import form, press, ready
from tests.web.opening import add_person
from tests.web.test_client_marking import browser, context, page
from tests.web.test_client_pages import PASSWORD, serving, sign_in
from tests.web.test_priors import LATE, make

__all__ = ["browser", "context", "page"]

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@dataclass(frozen=True)
class World:
    project: Project
    address: str


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make(tmp_path_factory.mktemp("priors") / "p", rows=880) as project:
        add_person(project, "ann", "reader", password_hash=passwords.hashed(PASSWORD))
        with serving(project) as address:
            yield World(project, address)


def test_one_key_shows_the_earlier_exam_which_is_named_and_cannot_be_marked(world: World, page: Page) -> None:
    page.goto(f"{world.address}/read/{LATE}")
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
