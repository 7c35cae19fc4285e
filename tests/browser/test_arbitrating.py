"""Arbitrating in Debian's Chromium, against the real server: A and B over each other, decided one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mammoset import read
from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.terms.dicom import Laterality
from tests.browser import rooms
from tests.browser.marking import answer_of, boxes, form, image_of, open_exam, press, ready
from tests.browser.offline import ANSWERS, EXAMS, PIECES, kept_whole, sent, until
from tests.browser.opening import AWAY, EXPECTED, hire
from tests.web.building import Made

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

MASS = Box(60.0, 80.0, 130.0, 150.0)
MOVED = Box(66.0, 84.0, 138.0, 152.0)


@dataclass(frozen=True)
class Room(rooms.Room):
    """A room with one exam, about which its readers differ."""

    @property
    def made(self) -> Made:
        return self.exams[0]


def read_by(made: Made, name: str, birads: int, *findings: Finding) -> Fact:
    breasts = (Breast(Laterality.L, 1, "B"), Breast(Laterality.R, birads, "B"))
    answer = Reading(made.study_id, name, breasts, findings)
    return Fact(FactKind.SUBMITTED, made.study_id, name, now(), reading=answer)


@pytest.fixture
def expected() -> str:
    return f"{EXPECTED}|{AWAY}"


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("arbitrating") / "phantom-mammo"
    with rooms.reading_room(folder, n_exams=1) as opened:
        room = Room(opened.project, opened.exams, opened.address)
        hire(room.project, carl="arbiter")
        rooms.assign(room.project, room.made, "anna", "bruno")
        image = image_of(room.made)
        one = read_by(
            room.made, "anna", 4, Finding(image, MASS, ("Mass",), 4),
            Finding(image, Box(150, 200, 190, 240), ("Mass",), 3),
        )  # fmt: skip
        other = read_by(room.made, "bruno", 5, Finding(image, MOVED, ("Mass",), 5))
        room.project.catalog.append([one, other])
        rooms.assign(room.project, room.made, "carl", role="arbiter")
        yield room


def test_both_readings_are_decided_item_by_item_and_submitted(room: Room, page: Page) -> None:
    open_exam(page, room.address, room.made, "carl", at="arbitrate")
    expect(page.locator("g[data-tone=a], g[data-tone=b]")).to_have_count(3)
    expect(form(page).get_by_role("heading", name="3 differences are open")).to_be_visible()
    assert page.locator("[data-decision=a], [data-decision=b], [data-decision=own]").count() == 0
    assert boxes(page) == []
    press(page, "Enter")
    expect(page.locator("[data-item='birads:R']")).to_have_attribute("data-looked", "true")
    five = "b" if form(page).get_by_role("button", name="Take B: 5").count() else "a"
    keys = {"a": "8", "b": "9"}
    press(page, f"{keys[five]} 7 {keys[five]} 7 {keys[five]}")
    expect(form(page).get_by_role("heading", name="All differences are decided")).to_be_visible()
    assert boxes(page) == [[66, 84, 138, 152]]
    press(page, "'")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/arbitration")
    sent(page, room.made.study_id)
    answer = answer_of(room.project, room.made, "carl", "arbiter")
    assert answer is not None
    assert [(one.box, one.birads) for one in answer.findings] == [(MOVED, 5)]
    assert {one.laterality: (one.birads, one.density) for one in answer.breasts} == {
        Laterality.R: (5, "B"), Laterality.L: (1, "B"),
    }  # fmt: skip


def test_an_arbiter_without_a_connection_decides_submits_and_loses_nothing(
    room: Room, page: Page, context: BrowserContext
) -> None:
    open_exam(page, room.address, room.made, "carl", at="arbitrate")
    kept_whole(page, room.made.study_id)
    context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("g[data-tone=a], g[data-tone=b]")).to_have_count(3)
    press(page, "Enter 8 7 8 7 8")
    expect(form(page).get_by_role("heading", name="All differences are decided")).to_be_visible()
    press(page, "'")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/arbitration")
    until(page, ANSWERS, room.made.study_id, 1)
    assert answer_of(room.project, room.made, "carl", "arbiter") is None
    context.set_offline(False)
    sent(page, room.made.study_id)
    assert answer_of(room.project, room.made, "carl", "arbiter") is not None


def test_once_the_phase_is_closed_a_workstation_keeps_nothing_of_any_exam(room: Room, page: Page) -> None:
    open_exam(page, room.address, room.made, "carl", at="arbitrate")
    kept_whole(page, room.made.study_id)
    page.goto("about:blank")
    breasts = (Breast(Laterality.L, 1, "B"), Breast(Laterality.R, 5, "B"))
    decided = Reading(room.made.study_id, "carl", breasts, (Finding(image_of(room.made), MOVED, ("Mass",), 5),))
    fact = Fact(FactKind.ARBITRATED, room.made.study_id, "carl", now(), role="arbiter", reading=decided)
    room.project.catalog.append([fact])
    read.close_phase(room.project, "root")
    page.goto(f"{room.address}/worklist")
    for what in (ANSWERS, EXAMS, PIECES):
        until(page, what, room.made.study_id, 0)


def test_what_was_decided_is_there_after_a_reload_and_can_be_undone(room: Room, page: Page) -> None:
    open_exam(page, room.address, room.made, "carl", at="arbitrate")
    press(page, "7 8 7 8")
    decided = page.locator("[data-decision=a]")
    before = decided.count()
    assert before >= 2
    page.reload()
    ready(page)
    expect(decided).to_have_count(before)
    press(page, "8 z")
    expect(decided).to_have_count(before)


def test_the_arbiter_answers_otherwise_than_both(room: Room, page: Page) -> None:
    open_exam(page, room.address, room.made, "carl", at="arbitrate")
    press(page, "8 3")
    expect(page.locator("[data-item='birads:R']")).to_have_attribute("data-decision", "own")
