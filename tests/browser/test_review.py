"""The review in Chromium, by keyboard alone: values, images, regions, second looks; what goes wrong is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, ViewportSize, expect

from mammoset import review
from mammoset.catalog import ReviewFact, passwords
from mammoset.domain.review import ReviewState
from mammoset.project import Project
from mammoset.review.exams import standings
from mammoset.review.regions import decided_regions
from mammoset.terms.reasons import ReviewKind, Stage
from tests.browser.at_keys import WINDOW, AtKeys, hide, leave, make, signed_in
from tests.browser.opening import PASSWORD, serving, sign_in
from tests.review.making import add_exam, hold, image_id, images_of, study_id

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make(tmp_path / "p", exams=4) as opened:
        yield opened


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    with serving(project) as where:
        yield where


def review_facts(project: Project, kind: ReviewKind) -> list[ReviewFact]:
    return list(project.catalog.review_book.facts(kind))


def test_exams_are_reviewed_by_keyboard_alone_and_end_as_planned(tmp_path: Path, browser: Browser) -> None:
    with make(tmp_path / "p", exams=8, suspicious=3) as project:
        rejected = {image_id(2, 1): "1", image_id(5, 3): "2"}
        with serving(project) as address, signed_in(browser, address, "/review") as page:
            keys = AtKeys(page)
            expect(page.get_by_text("32 left")).to_be_visible()
            keys.press("n")
            keys.approve_all_values()
            leave(page)
            expect(page.get_by_text("61 of 61 decided")).to_be_visible()
            keys.press("n")
            keys.decide_all_images(rejected)
            leave(page)
        states = {one: standing.state for one, standing in standings(project).items()}
        assert {one for one, state in states.items() if state == ReviewState.REJECTED} == {study_id(2), study_id(5)}
        assert len([state for state in states.values() if state == ReviewState.APPROVED]) == 6
        reasons = {one.image_id: one.reason for one in project.catalog.decisions(Stage.REVIEW) if one.image_id}
        assert (reasons[image_id(2, 1)], reasons[image_id(5, 3)]) == ("visible_identifier", "image_quality")
        assert keys.count < 45


def test_suspicious_images_come_alone_and_say_why_the_others_in_grids_that_fit(
    tmp_path: Path, browser: Browser
) -> None:
    with (
        make(tmp_path / "p", exams=4, suspicious=3) as project,
        serving(project) as address,
        signed_in(browser, address, "/review/images") as page,
    ):
        keys = AtKeys(page)
        assert len(keys.shown()) == 1
        expect(page.get_by_text("text beside the breast was filled")).to_be_visible()
        for _ in range(4):
            keys.press("n")
        shown = keys.shown()
        assert {*shown} == {one for number in range(3) for one in images_of(project, number)}
        exams = [page.locator(f'[data-image="{one}"]').inner_text().split("·")[0] for one in shown]
        assert exams == sorted(exams), "each exam stands together"
        for width, height in (WINDOW, (1920, 1080)):
            page.set_viewport_size(ViewportSize(width=width, height=height))
            keys.shown()
            for one in page.locator("[data-image]").all():
                box = one.bounding_box()
                assert box is not None
                assert box["y"] + box["height"] <= height - 40
                assert box["x"] + box["width"] <= width


def test_nothing_is_approved_before_every_picture_is_painted(address: str, project: Project, browser: Browser) -> None:
    held: list[Route] = []
    is_slow = True

    def hold_back(route: Route) -> None:
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    with signed_in(browser, address, "/review") as page:
        keys = AtKeys(page)
        page.route("**/preview?*", hold_back)
        page.get_by_role("link", name="Images").click()
        expect(page.locator("[data-image]")).to_have_count(12)
        keys.press("a")
        expect(page.get_by_text("Not every picture is on the screen yet.")).to_be_visible()
        expect(keys.left).to_have_text("16 left")
        is_slow = False
        for route in held:
            route.continue_()
        first = keys.shown()
        keys.press("a")
        expect(keys.left).to_have_text("4 left")
        assert not set(keys.shown()) & set(first)


def test_a_key_that_is_held_down_approves_one_screen(address: str, browser: Browser) -> None:
    with signed_in(browser, address, "/review/images") as page:
        keys = AtKeys(page)
        keys.shown()
        page.keyboard.down("a")
        expect(keys.left).to_have_text("4 left")
        keys.shown()
        page.keyboard.down("a")
        page.keyboard.down("a")
        page.keyboard.up("a")
        keys.press("ArrowRight")
        expect(keys.left).to_have_text("4 left")


def test_what_is_taken_back_at_once_leaves_no_trace(address: str, project: Project, browser: Browser) -> None:
    with signed_in(browser, address, "/review/images") as page:
        keys = AtKeys(page)
        first = keys.shown()
        keys.press("a")
        expect(keys.left).to_have_text("4 left")
        keys.press("u")
        expect(keys.left).to_have_text("16 left")
        assert keys.shown() == first
        keys.press("ArrowRight", "r", "Enter")
        expect(page.get_by_text("An identifier is visible")).to_be_visible()
        keys.press("r", "0")
        expect(page.get_by_text("An identifier is visible")).to_have_count(0)
        keys.press("n")
        keys.shown()
        keys.press("r", "3")
        leave(page)
        said = [one for one in project.catalog.decisions(Stage.REVIEW) if one.image_id]
        assert [one.reason for one in said] == ["other"]


def test_an_image_made_again_is_told_in_place_and_the_others_are_saved(
    address: str, project: Project, browser: Browser
) -> None:
    with signed_in(browser, address, "/review/images") as page:
        keys = AtKeys(page)
        keys.shown()
        add_exam(project, 0, pixels="f" * 64, has_files=True)
        keys.press("a")
        hide(page)
        expect(page.get_by_text("4 decisions were not recorded")).to_be_visible()
        page.get_by_role("button", name="Show it").click()
        expect(page.locator(f'[data-image="{image_id(0, 0)}"]')).to_contain_text("Not recorded")
        expect(page.get_by_text("All saved")).to_be_visible()
        page.get_by_role("button", name="Load the list again").click()
        expect(page.get_by_text("not recorded")).to_have_count(0)
        assert len(set(keys.shown()) & set(images_of(project, 0))) == 4
        said = {one.image_id for one in project.catalog.decisions(Stage.REVIEW) if one.image_id}
        assert len(said) == 8
        assert not said & set(images_of(project, 0))


def test_nothing_is_lost_while_the_server_is_away(address: str, project: Project, browser: Browser) -> None:
    with signed_in(browser, address, "/review/images") as page:
        keys = AtKeys(page)
        keys.shown()
        page.context.set_offline(True)
        keys.press("a")
        hide(page)
        expect(page.get_by_text("12 decisions are not saved.")).to_be_visible()
        page.context.set_offline(False)
        with page.expect_response("**/review/decisions"):
            page.get_by_role("button", name="Send now").click()
        expect(page.get_by_text("All saved")).to_be_visible()
        assert len([one for one in project.catalog.decisions(Stage.REVIEW) if one.image_id]) == 12


def test_what_was_said_before_the_session_ended_is_saved_by_the_next(
    address: str, project: Project, browser: Browser
) -> None:
    with signed_in(browser, address, "/review/images") as page:
        keys = AtKeys(page)
        keys.shown()
        # what an administrator does who gives her another password
        project.catalog.accounts.set_password("lan", passwords.hashed(PASSWORD), by="test", must_change=False)
        keys.press("a")
        hide(page)
        expect(page.get_by_text("Your session has ended.")).to_be_visible()
        assert not project.catalog.decisions(Stage.REVIEW)
        with page.expect_response("**/review/decisions"):
            sign_in(page, "lan")
        expect(keys.left).to_have_text("4 left")
        assert len([one for one in project.catalog.decisions(Stage.REVIEW) if one.image_id]) == 12


def test_a_value_is_shown_as_it_is_and_rejected_with_a_reason(tmp_path: Path, browser: Browser) -> None:
    with make(tmp_path / "p", exams=1) as project:
        add_exam(project, 1, values={"StudyDescription": " MAMMO\tA  B"}, has_files=True)
        with serving(project) as address, signed_in(browser, address, "/review/values") as page:
            keys = AtKeys(page)
            expect(page.locator("[data-values]")).to_be_visible()
            keys.press("/")
            page.keyboard.type("study desc")
            keys.press("Enter", "Enter")
            row = page.locator("[data-values] [role=option]")
            expect(row).to_contain_text("·MAMMO⇥A··B")
            expect(row).to_contain_text("4 images")
            keys.press("e")
            expect(page.get_by_role("complementary").locator("canvas[aria-busy=false]")).to_have_count(2)
            keys.press("Escape", "r")
            expect(page.get_by_role("dialog")).to_contain_text("made again without it")
            page.keyboard.type("a name?")
            keys.press("Enter")
            expect(row).to_have_attribute("data-verdict", "reject")
            leave(page)
        (fact,) = review_facts(project, ReviewKind.VALUE)
        assert (fact.value, fact.verdict, fact.reason) == (" MAMMO\tA  B", "reject", "a name?")


def test_values_that_came_meanwhile_are_not_approved_along(address: str, project: Project, browser: Browser) -> None:
    with signed_in(browser, address, "/review/values") as page:
        keys = AtKeys(page)
        element = page.locator("[data-values]")
        expect(page.locator("[data-seen=true]")).to_be_visible()
        name = str(element.get_attribute("aria-label"))
        add_exam(project, 9, values={name: "SOMETHING NEW"}, has_files=True)
        keys.press("Shift+A")
        hide(page)
        expect(page.get_by_text("This element has other values now.")).to_be_visible()
        page.get_by_role("option", name=re.compile(f"^{name}")).first.click()
        expect(element).to_contain_text("SOMETHING NEW")
        assert not review_facts(project, ReviewKind.VALUE)


def test_the_second_look_is_blind_and_a_disagreement_shows_both(tmp_path: Path, browser: Browser) -> None:
    with make(tmp_path / "p", exams=1, share=1.0, suspicious=0) as project:
        review.decide(project, dict.fromkeys(images_of(project, 0)), by="lan")
        with serving(project) as address:
            with signed_in(browser, address, "/review/images?list=second", "minh") as page:
                keys = AtKeys(page)
                assert len(keys.shown()) == 4
                expect(page.get_by_text("lan")).to_have_count(0)
                expect(page.get_by_text("text beside the breast was filled")).to_have_count(0)
                images = keys.shown()
                keys.move_to(images[2], images)
                keys.press("r", "2")
                leave(page)
            with signed_in(browser, address, "/review/images?list=disagreement") as page:
                keys = AtKeys(page)
                assert keys.shown() == [images[2]]
                expect(page.get_by_text("lan: approved")).to_be_visible()
                expect(page.get_by_text("minh: rejected – Not fit for reading")).to_be_visible()
                keys.press("a")
                leave(page)
        assert review.standings(project)[study_id(0)].state == ReviewState.SECOND_LOOK


def test_regions_are_masked_or_kept_by_one_key_each(tmp_path: Path, browser: Browser) -> None:
    with make(tmp_path / "p", exams=0) as project:
        first, second = hold(project, 0, (10, 20, 60, 40), (5, 50, 30, 60))
        with serving(project) as address, signed_in(browser, address, "/review") as page:
            keys = AtKeys(page)
            expect(page.get_by_text("2 left")).to_be_visible()
            keys.press("n")
            expect(keys.stage).to_be_visible()
            keys.press("m")
            expect(page.locator(f'[data-region="{second.region_id}"]')).to_be_visible()
            expect(keys.stage).to_be_visible()
            keys.press("u")
            expect(page.locator(f'[data-region="{first.region_id}"]')).to_be_visible()
            expect(keys.stage).to_be_visible()
            keys.press("k")
            expect(page.locator(f'[data-region="{second.region_id}"]')).to_be_visible()
            expect(keys.stage).to_be_visible()
            keys.press("m")
            leave(page)
        said = {name: fact.verdict for name, fact in decided_regions(project).items()}
        assert said == {first.region_id: "keep", second.region_id: "mask"}


def test_the_pages_speak_vietnamese(address: str, browser: Browser) -> None:
    with signed_in(browser, address, "/review/images") as page:
        page.get_by_role("button", name="Tiếng Việt").click()
        expect(page.get_by_role("button", name="Duyệt cả 12 ảnh")).to_be_visible()
        expect(page).to_have_title("Hình ảnh · reviewed")
