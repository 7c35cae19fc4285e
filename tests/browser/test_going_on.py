"""From an exam to the next one: at once, whatever the server does meanwhile; in Debian's Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from mammoset import read
from mammoset.model import Breast, Reading
from mammoset.read import Work
from mammoset.terms.dicom import Laterality
from tests.browser.marking import COMPLETE, answer_of, form, open_exam, press, ready, saved
from tests.browser.offline import sent
from tests.browser.rooms import Room, reading_room
from tests.web.building import Made

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with reading_room(tmp_path_factory.mktemp("going_on") / "phantom-mammo", "alice", n_exams=3) as room:
        yield room


def answered_while_the_server_thinks(page: Page, made: Made, following: Made) -> Route:
    """Answer an exam; return the answer on its way, of which the server has not heard when the next exam is there."""
    under_way: list[Route] = []
    page.route(re.compile("/reading$"), lambda route: under_way.append(route), times=1)
    with page.expect_request(re.compile("/reading$")):
        press(page, f"{COMPLETE} Enter")
    page.wait_for_url(f"**/read/{following.study_id}")
    ready(page)
    (route,) = under_way
    return route


def test_the_next_exam_is_answered_while_the_answer_to_the_last_is_still_on_its_way(world: Room, page: Page) -> None:
    made, following = world.exams[:2]
    open_exam(page, world.address, made)
    route = answered_while_the_server_thinks(page, made, following)
    press(page, "3 a")
    saved(page)
    assert answer_of(world.project, made, "alice") is None
    route.continue_()
    sent(page, made.study_id)
    assert answer_of(world.project, made, "alice") is not None
    expect(form(page).get_by_text("waits for the connection", exact=False)).to_have_count(0)


def test_an_answer_that_another_window_has_overtaken_is_told_of_and_nothing_of_it_is_lost(
    world: Room, page: Page
) -> None:
    made, following = world.exams[1:3]
    open_exam(page, world.address, made)
    route = answered_while_the_server_thinks(page, made, following)
    elsewhere = Reading(made.study_id, "alice", (Breast(Laterality.R, 5, "D"),), (), "")
    known = world.project.catalog.drafts.of(made.study_id, "alice", "reader")
    read.save_draft(world.project, made.study_id, "alice", Work(elsewhere), 0 if known is None else known.version)
    route.continue_()
    expect(form(page).get_by_text("Exam 2 was not accepted. Open it again.")).to_be_visible()
    assert answer_of(world.project, made, "alice") is None
    page.goto(f"{world.address}/read/{made.study_id}")
    dialog = page.get_by_role("dialog", name="Two versions of your answer")
    expect(dialog.get_by_role("row", name="BI-RADS, right 2 5")).to_be_visible()
    dialog.get_by_role("button", name="Keep what is here").click()
    press(page, "Enter")
    sent(page, made.study_id)
    answer = answer_of(world.project, made, "alice")
    assert answer is not None
    assert answer.breast(Laterality.R).birads == 2
