"""A new reader trains in Debian's Chromium by keyboard alone, against the real server, and sees what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from mammoset.catalog.training import FINISHED
from mammoset.project import Project
from mammoset.read.training import book_of
from mammoset.read.training_set import TrainingSet
from tests.browser.marking import boxes, drag, form, on_page, press, ready
from tests.browser.opening import SIGNED_OUT, hire, serving
from tests.browser.opening import enter as enter_as
from tests.trained import give_training
from tests.web.building import build

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@dataclass(frozen=True)
class World:
    project: Project
    exams: TrainingSet
    address: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("training") / "phantom-mammo"
    build(folder, n_exams=1, rows=110, spacing=2.72, is_read=False)
    with Project.open(folder) as project:
        give_training(project.root)
        hire(project, newcomer="reader", second="reader", trained="reader", warden="admin")
        exams = TrainingSet.load(project.root)
        assert exams is not None
        with serving(project) as address:
            yield World(project, exams, address)


@pytest.fixture
def expected() -> str:
    return SIGNED_OUT


def enter(page: Page, world: World, name: str, path: str) -> None:
    enter_as(page, world.address, path, name)


def told(page: Page, number: int) -> None:
    """Wait for what is said of an answer."""
    page.locator(f'aside[data-told="{number}"]').wait_for()
    page.locator("[data-stage][data-settled=true]").wait_for()


def test_a_new_reader_is_led_to_the_training_and_goes_through_it_by_keys(world: World, page: Page) -> None:
    enter(page, world, "newcomer", "/worklist")
    page.get_by_role("link", name="Open the training").click()
    expect(page.get_by_role("heading", name="Training")).to_be_visible()
    press(page, "n")
    ready(page)
    press(page, "1 a 1 a Enter")
    told(page, 1)
    expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_contain_text("Nothing was planted")
    press(page, "Enter")
    page.wait_for_url("**/training/2")
    ready(page)
    press(page, "1 b 1 b Enter")
    told(page, 2)
    expect(page.locator("li[data-outcome=missed]")).to_have_count(2)
    assert page.locator("[data-side=planted]").count() == 2
    expect(page.locator('tr[data-row="birads L"][data-differs=true]')).to_contain_text("4")
    press(page, "j")
    expect(page.locator("[data-chosen=true][data-side=planted]")).to_have_count(1)
    press(page, "b b")
    expect(page.locator("[data-side=planted]")).to_have_count(0)
    for number in (3, 4, 5):
        press(page, "Enter")
        page.wait_for_url(f"**/training/{number}")
        ready(page)
        press(page, "1 b 1 b Enter")
        told(page, number)
    press(page, "Enter")
    page.wait_for_url("**/training")
    expect(page.get_by_text("You have been through all training exams.")).to_be_visible()
    expect(page.locator('tr[data-exam="all"]')).to_contain_text("0 of 6")
    press(page, "a")
    page.wait_for_url("**/training/1")
    ready(page)


def test_a_box_over_what_is_planted_finds_it_and_a_reload_keeps_what_was_begun(world: World, page: Page) -> None:
    enter(page, world, "second", "/training/2")
    ready(page)
    planted = world.exams.exams[1].planted.findings[0]
    start = on_page(page, planted.image_id, planted.box.xmin, planted.box.ymin)
    end = on_page(page, planted.image_id, planted.box.xmax, planted.box.ymax)
    press(page, "1 b o")
    drag(page, start, end)
    page.keyboard.press("a")
    before = boxes(page)
    page.reload()
    ready(page)
    assert boxes(page) == before
    press(page, "j 4 Escape 4 b Enter")
    told(page, 2)
    expect(page.locator("li[data-outcome=found]")).to_have_count(1)
    expect(page.locator("li[data-outcome=missed]")).to_have_count(1)
    expect(page.locator("[data-hint=otherView]")).to_be_visible()


def test_in_the_training_no_exam_is_held_and_the_page_says_so(world: World, page: Page) -> None:
    enter(page, world, "second", "/training/3")
    ready(page)
    press(page, "f")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is wrong").click()
    page.get_by_role("option", name="Something else").click()
    dialog.get_by_label("In a few words").fill("a try")
    dialog.get_by_role("button", name="Flag and go on").click()
    expect(dialog.get_by_text("In the training an exam is not held")).to_be_visible()
    press(page, "Escape")
    expect(form(page)).to_be_visible()


def test_an_administrator_sees_who_has_finished(world: World, page: Page) -> None:
    with book_of(world.project).turn("trained", world.exams.set_id) as turn:
        turn.append(FINISHED, found=5, missed=1, extra=2)
    enter(page, world, "warden", "/people")
    expect(page.get_by_role("row", name="trained")).not_to_contain_text("not finished")
    expect(page.get_by_role("row", name="second")).to_contain_text("not finished")
    page.goto(f"{world.address}/events?kind=training_finished")
    expect(page.get_by_text("finished the training: 5 planted boxes found, 1 missed, 2 marked")).to_be_visible()
