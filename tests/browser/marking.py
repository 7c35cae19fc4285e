"""A reader at the real client: opens an exam, draws, reads back what was drawn."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from mammoset.domain.workflow import standing_of
from mammoset.model import Reading
from mammoset.project import Project
from mammoset.terms.dicom import Laterality
from tests.browser.opening import sign_in
from tests.web.building import Made

Point = tuple[float, float]
COMPLETE = "2 b 1 c"
"""Keys that answer both breasts: the right one first, then by itself the left one."""


def open_exam(page: Page, address: str, made: Made, name: str = "alice", *, at: str = "read") -> None:
    """Open an exam as somebody, and wait until it can be answered."""
    page.goto(f"{address}/{at}/{made.study_id}")
    page.get_by_label("Name", exact=True).or_(form(page)).first.wait_for()
    if page.get_by_label("Name", exact=True).is_visible():
        sign_in(page, name)
    ready(page)


def image_of(made: Made, side: Laterality = Laterality.R) -> str:
    """Return the first image of a breast."""
    return next(one.image.image_id for one in made.records if one.image.laterality == side)


def ready(page: Page) -> None:
    """Wait until the images are there and the form is."""
    page.locator("[data-stage][data-settled=true]").wait_for()
    form(page).wait_for()


def form(page: Page) -> Locator:
    """Return the form beside the images."""
    return page.locator("aside[data-phase]")


def press(page: Page, keys: str) -> None:
    """Press keys one after the other; ``Enter`` and others of long names between spaces."""
    for key in keys.split():
        page.keyboard.press(key)


def on_page(page: Page, image_id: str, x: float, y: float) -> Point:
    """Return where a stored pixel is in the window."""
    found = page.locator("[data-stage]").evaluate(
        """(stage, [id, x, y]) => {
            const { left, top } = stage.getBoundingClientRect()
            const found = stage.viewport.toPage(id, { x, y })
            return [left + found.x, top + found.y]
        }""",
        [image_id, x, y],
    )
    return found[0], found[1]


def drag(page: Page, start: Point, end: Point) -> None:
    """Drag with the left button."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def boxes(page: Page) -> list[list[int]]:
    """Return the boxes that are shown, in stored pixels, in the order in which they were marked."""
    found: list[list[Any]] = page.locator("[data-mark]").evaluate_all(
        "marks => marks.map((mark) => [Number(mark.dataset.mark), ...mark.dataset.box.split(' ').map(Number)])"
    )
    return [box for _, *box in sorted(found)]


def saved(page: Page) -> None:
    """Wait until the server has the draft."""
    expect(form(page).get_by_text("Saved", exact=True)).to_be_visible()


def answer_of(project: Project, made: Made, name: str, role: Any = "reader") -> Reading | None:
    """Return what somebody has submitted."""
    facts = project.catalog.facts(made.study_id).get(made.study_id, ())
    return standing_of(facts, project.schema).answer_of(name, role)


def draft_of(project: Project, made: Made, name: str) -> Reading | None:
    """Return what of somebody's answer the server has before it is submitted."""
    found = project.catalog.drafts.of(made.study_id, name, "reader")
    return None if found is None else found.reading


def flagged(page: Page) -> None:
    """Flag the exam that is open."""
    press(page, "f")
    dialog = page.get_by_role("dialog", name="This exam should not be read as it is")
    dialog.get_by_label("What is wrong").click()
    page.get_by_role("option", name="An identifier is visible").click()
    dialog.get_by_label("In a few words").fill("in the corner")
    dialog.get_by_role("button", name="Flag and go on").click()
    page.wait_for_url(lambda url: "/read/" not in url)
