"""Readers and an arbiter at the real client: by keyboard and mouse alone, as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from mammoset.domain.labels import default_labels
from mammoset.model import Box
from tests.browser.marking import boxes, drag, form, on_page, press, ready
from tests.browser.offline import sent
from tests.browser.opening import sign_in

CATEGORY_KEYS = dict(zip((one.name for one in default_labels().categories), "abcdegquvy", strict=True))
CLOSENESS = ("overview", "pair", "full")
"""From all four views, from the pair that the view is of, pixel by pixel."""
NOT_MARKED = "not marked"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding that somebody means to mark.

    Attributes
    ----------
    box : Box
        What they mean, in stored pixels.
    closeness : str
        One of `CLOSENESS`: how the view is shown while they draw.
    """

    image_id: str
    box: Box
    category: str
    birads: int | None
    closeness: str = CLOSENESS[0]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody means to say of an exam: BI-RADS and density of the right, then of the left breast."""

    right: tuple[int, str]
    left: tuple[int, str]
    marks: tuple[Mark, ...]
    comment: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark, the box that the client made of it, and how many stored pixels a pixel of the screen was."""

    mark: Mark
    box: Box
    pixel: float

    @property
    def error(self) -> float:
        """By how many pixels of the screen, or of the image where those are larger, an edge is off."""
        return off_by(self.box, self.mark.box) / max(self.pixel, 1.0)


def off_by(one: Box, other: Box) -> float:
    """Return by how many pixels the edge that differs most does."""
    across = max(abs(one.xmin - other.xmin), abs(one.xmax - other.xmax))
    return max(across, abs(one.ymin - other.ymin), abs(one.ymax - other.ymax))


@dataclass
class Person:
    """Somebody who is signed in, and what they have drawn so far, by exam."""

    page: Page
    address: str
    name: str
    pictures: Path | None = None
    drawn: dict[str, list[Drawn]] = field(default_factory=dict)

    def come_to(self, path: str) -> None:
        """Sign in, and open a page."""
        self.page.goto(f"{self.address}{path}")
        sign_in(self.page, self.name)
        self.page.locator("tbody tr").first.wait_for()

    def read_all(self, plans: Mapping[str, Said]) -> None:
        """Read what is listed, one exam after the other, as the client brings them."""
        self.come_to("/worklist")
        press(self.page, "n")
        for _ in plans:
            study_id = self.opened("read")
            self.read(study_id, plans[study_id])
            self.submit(study_id)
        expect(self.page).to_have_url(f"{self.address}/worklist")

    def opened(self, at: str) -> str:
        """Wait for the next exam; return which it is."""
        self.page.wait_for_url(f"**/{at}/*")
        ready(self.page)
        return self.page.url.rpartition("/")[2]

    def read(self, study_id: str, said: Said) -> None:
        """Answer an exam."""
        self.picture(study_id, "opened")
        (right, right_density), (left, left_density) = said.right, said.left
        press(self.page, f"{right} {right_density.lower()} {left} {left_density.lower()}")
        self.drawn[study_id] = [self.mark(one) for one in said.marks]
        press(self.page, ";")
        self.page.keyboard.type(said.comment)
        press(self.page, "Escape")
        press(self.page, "Home")
        self.picture(study_id, "read")

    def submit(self, study_id: str) -> None:
        """Say that it is done; the client goes on by itself."""
        expect(form(self.page).get_by_text("Complete", exact=True)).to_be_visible()
        press(self.page, "Enter")
        self.page.wait_for_url(lambda url: study_id not in url)
        sent(self.page, study_id)

    def mark(self, mark: Mark) -> Drawn:
        """Draw a box by the mouse, and say what it is."""
        self.come_close(mark)
        before = self.page.locator("[data-mark]").count()
        corners = [on_page(self.page, mark.image_id, x, y) for x, y in _corners(mark.box)]
        start, end = ((float(round(x)), float(round(y))) for x, y in corners)
        press(self.page, "o")
        drag(self.page, start, end)
        expect(self.page.locator("[data-mark]")).to_have_count(before + 1)
        made = Box(*map(float, boxes(self.page)[-1]))
        pixel = mark.box.width / abs(corners[1][0] - corners[0][0])
        press(self.page, CATEGORY_KEYS[mark.category])
        if mark.birads is not None:
            press(self.page, str(mark.birads))
        return Drawn(mark, made, pixel)

    def come_close(self, mark: Mark) -> None:
        """Show a view as it is to be drawn on."""
        press(self.page, "Home")
        if mark.closeness == CLOSENESS[0]:
            return
        press(self.page, "n")
        if self.page.locator(f'[data-image="{mark.image_id}"]').count() == 0:
            press(self.page, "n")
        if mark.closeness == CLOSENESS[2]:
            self.page.mouse.move(*on_page(self.page, mark.image_id, *mark.box.center))
            press(self.page, "x")
        ready(self.page)

    def look_around(self, study_id: str) -> None:
        """Open every page there is for a reader once everything is read, and an exam that they have submitted."""
        for path, shown in (("/worklist?state=done", "Worklist"), ("/dashboard", "Dashboard"), ("/account", "Account")):
            self.page.goto(f"{self.address}{path}")
            expect(self.page.get_by_role("heading", name=shown, exact=True)).to_be_visible()
        self.page.goto(f"{self.address}/read/{study_id}")
        ready(self.page)

    def picture(self, study_id: str, moment: str) -> None:
        """Keep what the screen shows, if anybody wants to see it."""
        if self.pictures is not None:
            self.page.screenshot(path=self.pictures / f"{self.name}-{study_id[-6:]}-{moment}.png")


class Arbiter(Person):
    """Goes through the differences of one exam after the other, and takes what says more."""

    def arbitrate_all(self, own: Mapping[str, Sequence[Mark]], count: int) -> dict[str, list[Box]]:
        """Decide every exam that is listed; return the boxes that were on the screen in the end."""
        self.come_to("/arbitration")
        press(self.page, "n")
        decided: dict[str, list[Box]] = {}
        for _ in range(count):
            study_id = self.opened("arbitrate")
            self.decide(study_id)
            self.drawn[study_id] = [self.mark(one) for one in own.get(study_id, ())]
            press(self.page, "Home")
            expect(self.page.locator("[data-image]")).to_have_count(4)
            self.picture(study_id, "decided")
            decided[study_id] = [Box(*map(float, box)) for box in boxes(self.page)]
            self.submit(study_id)
        expect(self.page).to_have_url(f"{self.address}/arbitration")
        return decided

    def decide(self, study_id: str) -> None:
        """Take A's or B's of every difference, then what both say alike."""
        self.picture(study_id, "differences")
        open_ones = self.page.locator("[data-differs=true]")
        for _ in range(open_ones.count()):
            press(self.page, "7")
            item = self.page.locator("[data-looked=true]")
            labels = [str(button.get_attribute("aria-label")) for button in item.locator("button[data-tone]").all()]
            told = [label.partition(": ")[2] for label in labels]
            press(self.page, "8" if _weight(told[0]) >= _weight(told[1]) else "9")
            expect(item).not_to_have_attribute("data-decision", "")
        expect(form(self.page).get_by_role("heading", name="All differences are decided")).to_be_visible()
        press(self.page, "'")


def _weight(told: str) -> tuple[bool, str]:
    return told != NOT_MARKED, told


def _corners(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    return (box.xmin, box.ymin), (box.xmax, box.ymax)
