"""Small bright dots on the screen of a reader, in Debian's Chromium: none is left out when a view fits its window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.project import Project
from tests.browser.dots import Dots, add_dots, look_at_dots
from tests.browser.opening import hire, serving, sign_in
from tests.builders import SETTINGS

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

SIZES = ((1024, 640), (1280, 720), (1366, 768), (1600, 1000), (1920, 1200), (2560, 1440))


@dataclass(frozen=True)
class World:
    dots: Dots
    address: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("dots") / "phantom-mammo"
    with Project.create(folder, settings_text=SETTINGS) as project:
        dots = add_dots(project)
        hire(project, alice="reader")
        project.catalog.append([Fact(FactKind.ASSIGNED, dots.study_id, "alice", now())])
        with serving(project) as address:
            yield World(dots, address)


@pytest.mark.parametrize("how", ["processor", "card"])
def test_dots_of_two_pixels_are_seen_in_99_of_100_places_in_windows_of_every_size(
    page: Page, world: World, how: str
) -> None:
    page.goto(f"{world.address}/read/{world.dots.study_id}?paint={how}")
    sign_in(page, "alice")
    page.locator("[data-stage][data-settled=true]").wait_for()
    page.keyboard.press("h")
    seen = {size: look_at_dots(page, world.dots, *size) for size in SIZES}
    assert {size: one.visible for size, one in seen.items() if one.visible < 0.99} == {}
