"""Somebody who reviews in Chromium by keyboard alone, and what there is for them to review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from mammoset.project import Project
from tests.browser.opening import AWAY, SIGNED_OUT, enter, hire, watched
from tests.review.making import SEARCHED, add_exam, make_project

TOLD = f"{SIGNED_OUT}|status of (409|422)|{AWAY}"
"""What Chromium itself says of refusals and of a network that is away, both part of these tests."""
WINDOW = (1280, 800)
TEXT_FOUND = SEARCHED | {"found": [[1, 1, 20, 8]]}


def make(root: Path, *, exams: int, share: float = 0.0, suspicious: int | None = None) -> Project:
    """Make a project of exams with pictures, and two reviewers."""
    project = make_project(root, exams=0, share=share)
    for number in range(exams):
        add_exam(project, number, cleaning=TEXT_FOUND if number == suspicious else SEARCHED, has_files=True)
    hire(project, lan="reviewer", minh="reviewer")
    return project


@contextmanager
def signed_in(browser: Browser, address: str, path: str, name: str = "lan") -> Iterator[Page]:
    """Open a page as a reviewer; anything that the browser complains of fails the test."""
    with watched(browser, WINDOW, expected=TOLD) as context:
        page = context.new_page()
        enter(page, address, path, name)
        yield page


@dataclass
class AtKeys:
    """Somebody who reviews by keyboard alone, and how often they pressed a key."""

    page: Page
    count: int = 0
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1
            self.pressed.append(key)

    @property
    def left(self) -> Locator:
        return self.page.get_by_test_id("left")

    @property
    def stage(self) -> Locator:
        """The pictures of a screen, once they can be decided about."""
        return self.page.locator("[data-ready=true]")

    def shown(self) -> list[str]:
        """The images on the screen."""
        expect(self.stage).to_be_visible()
        return [str(one.get_attribute("data-image")) for one in self.page.locator("[data-image]").all()]

    def approve_all_values(self) -> None:
        """Approve element after element once all its values have been on the screen."""
        while True:
            expect(self.page.locator("[data-values]")).to_be_visible()
            left = self.left.inner_text()
            if left == "Every value is decided.":
                return
            if self.page.locator("[data-seen=true]").count() == 0:
                self.press(" ")
                continue
            self.press("Shift+A")
            expect(self.left).not_to_have_text(left)

    def decide_all_images(self, rejected: Mapping[str, str]) -> None:
        """Approve screen after screen, and reject `rejected` by the number of the reason."""
        end = self.page.get_by_text("This was the last one.")
        while not end.is_visible():
            images = self.shown()
            for image in rejected.keys() & set(images):
                self.move_to(image, images)
                self.press("r", rejected[image])
            if [one for one in images if one in self.waiting()]:
                self.press("a")
            expect(self.page.locator(f'[data-image="{images[0]}"]')).to_have_count(0)
            expect(self.stage.or_(end)).to_be_visible()

    def waiting(self) -> set[str]:
        found = self.page.locator('[data-image][data-verdict="none"]').all()
        return {str(one.get_attribute("data-image")) for one in found}

    def move_to(self, image: str, images: list[str]) -> None:
        chosen = self.page.locator('[data-chosen="true"]')
        at = images.index(str(chosen.get_attribute("data-image"))) if chosen.count() else 0
        steps = images.index(image) - at
        self.press(*["ArrowRight" if steps > 0 else "ArrowLeft"] * abs(steps))


def leave(page: Page) -> None:
    """Leave the page for the summary: what is held is saved by that."""
    with page.expect_response("**/review/decisions"):
        page.get_by_role("navigation").get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", name="Review")).to_be_visible()


def hide(page: Page) -> None:
    """Have sent what is held, as when the page goes out of sight."""
    page.evaluate("() => globalThis.dispatchEvent(new Event('pagehide'))")
