"""Arbitrating in Debian's Chromium, against the real server: A and B over each other, decided one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from mammoset.catalog import now, passwords
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.project import Project
from mammoset.terms.dicom import Laterality
from tests.web.building import Made, build
from tests.web.marking import answer_of, boxes, form, open_exam, press, ready
from tests.web.opening import add_person
from tests.web.test_client_marking import browser, context, image_of, page
from tests.web.test_client_pages import PASSWORD, serving

__all__ = ["browser", "context", "page"]

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

MASS = Box(60.0, 80.0, 130.0, 150.0)
MOVED = Box(66.0, 84.0, 138.0, 152.0)


@dataclass(frozen=True)
class Room:
    project: Project
    made: Made
    address: str


def read_by(made: Made, name: str, birads: int, *findings: Finding) -> Fact:
    breasts = (Breast(Laterality.L, 1, "B"), Breast(Laterality.R, birads, "B"))
    answer = Reading(made.study_id, name, breasts, findings)
    return Fact(FactKind.SUBMITTED, made.study_id, name, now(), reading=answer)


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("arbitrating") / "phantom-mammo"
    (made,) = build(folder, n_exams=1, is_read=False)
    image = image_of(made)
    with Project.open(folder) as project:
        add_person(project, "carl", "arbiter", password_hash=passwords.hashed(PASSWORD))
        names = ("anna", "bruno")
        project.catalog.append([Fact(FactKind.ASSIGNED, made.study_id, name, now()) for name in names])
        one = read_by(
            made, "anna", 4, Finding(image, MASS, ("Mass",), 4), Finding(image, Box(150, 200, 190, 240), ("Mass",), 3)
        )
        project.catalog.append([one, read_by(made, "bruno", 5, Finding(image, MOVED, ("Mass",), 5))])
        project.catalog.append([Fact(FactKind.ASSIGNED, made.study_id, "carl", now(), role="arbiter")])
        with serving(project) as address:
            yield Room(project, made, address)


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
    answer = answer_of(room.project, room.made, "carl", "arbiter")
    assert answer is not None
    assert [(one.box, one.birads) for one in answer.findings] == [(MOVED, 5)]
    assert {one.laterality: (one.birads, one.density) for one in answer.breasts} == {
        Laterality.R: (5, "B"), Laterality.L: (1, "B"),
    }  # fmt: skip


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
