"""No mark is lost, and none is seen by another person: without a connection, a session, a server; in Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mammoset.domain.workflow import FactKind
from mammoset.terms.dicom import Laterality
from mammoset.web.site import CLIENT
from tests.browser.marking import (
    COMPLETE,
    answer_of,
    boxes,
    draft_of,
    flagged,
    form,
    image_of,
    open_exam,
    press,
    ready,
    saved,
)
from tests.browser.offline import (
    ANSWERS,
    DROP_PIECES,
    EXAMS,
    PIECES,
    WAIT,
    count,
    kept_whole,
    not_answering,
    sent,
    until,
)
from tests.browser.opening import ANYTHING, AWAY, EXPECTED, sign_in, watched
from tests.browser.rooms import Room, reading_room

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@dataclass(frozen=True)
class World(Room):
    """A room whose client can be replaced."""

    client: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, client = tmp_path_factory.mktemp("offline") / "phantom-mammo", tmp_path_factory.mktemp("built") / "client"
    shutil.copytree(CLIENT, client)
    with reading_room(folder, "alice", "bert", n_exams=10, client=client) as opened:
        yield World(opened.project, opened.exams, opened.address, client)


@pytest.fixture
def expected() -> str:
    return f"{EXPECTED}|{AWAY}|status of 403|ERR_FAILED"


@pytest.fixture
def elsewhere(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """A page at another workstation."""
    with watched(browser, size, expected=ANYTHING) as opened:
        yield opened.new_page()


def test_a_reload_without_a_connection_comes_back_to_marks_stage_window_and_images(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[0]
    open_exam(page, world.address, made)
    press(page, "n w 4 b o o a")
    kept_whole(page, made.study_id)
    before = (boxes(page), page.locator("[data-stage]").get_attribute("data-stage"))
    window = page.get_by_label("Window", exact=True).input_value()
    context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("[data-mark]")).to_have_count(1)
    assert (boxes(page), page.locator("[data-stage]").get_attribute("data-stage")) == before
    assert page.get_by_label("Window", exact=True).input_value() == window
    expect(form(page).get_by_role("radio", name="4, suspicious").first).to_be_checked()
    not_answering(page)
    press(page, "j Shift+ArrowRight")
    after = boxes(page)
    assert after != before[0]
    context.set_offline(False)
    saved(page)
    expect(form(page).get_by_text("The server does not answer.", exact=False)).to_have_count(0)
    draft = draft_of(world.project, made, "alice")
    assert draft is not None
    box = draft.findings[0].box
    assert [[box.xmin, box.ymin, box.xmax, box.ymax]] == after


def test_an_image_that_is_not_kept_is_said_to_be_missing_and_comes_by_itself(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[0]
    missing, there = image_of(made, Laterality.R), image_of(made, Laterality.L)
    open_exam(page, world.address, made)
    press(page, "Home")
    kept_whole(page, made.study_id)
    page.evaluate(DROP_PIECES, missing)
    context.set_offline(True)
    page.reload()
    pane = page.locator(f'[data-image="{missing}"]')
    expect(pane.get_by_text("This image could not be loaded.")).to_be_visible()
    expect(pane.get_by_text("The server does not answer.", exact=False)).to_be_visible()
    page.locator(f'[data-image="{there}"][data-level]').wait_for()
    context.set_offline(False)
    ready(page)
    expect(pane.get_by_text("This image could not be loaded.")).to_have_count(0)


def test_an_exam_is_answered_and_the_next_one_opens_without_a_connection_even_after_a_reload(
    world: World, page: Page, context: BrowserContext
) -> None:
    made, following = world.exams[1:3]
    open_exam(page, world.address, made)
    kept_whole(page, made.study_id)
    kept_whole(page, following.study_id)
    context.set_offline(True)
    page.reload()
    ready(page)
    press(page, f"{COMPLETE} Enter")
    page.wait_for_url(f"**/read/{following.study_id}")
    ready(page)
    expect(form(page).get_by_text("One answer waits for the connection.")).to_be_visible()
    page.reload()
    ready(page)
    expect(form(page).get_by_text("One answer waits for the connection.")).to_be_visible()
    assert answer_of(world.project, made, "alice") is None
    context.set_offline(False)
    expect(form(page).get_by_text("One answer waits for the connection.")).to_have_count(0)
    assert answer_of(world.project, made, "alice") is not None
    assert count(page, ANSWERS, made.study_id) == 0


def test_what_was_done_before_a_reload_is_undone_and_done_again_after_it(world: World, page: Page) -> None:
    made = world.exams[3]
    open_exam(page, world.address, made)
    press(page, "3 o o ArrowRight Delete")
    expect(page.locator("[data-mark]")).to_have_count(0)
    page.locator("[data-saving=saved]").wait_for()
    page.reload()
    ready(page)
    press(page, "z")
    expect(page.locator("[data-mark]")).to_have_count(1)
    moved = boxes(page)
    press(page, "z")
    assert boxes(page)[0][0] == moved[0][0] - 1
    page.reload()
    ready(page)
    expect(page.locator("[data-mark]")).to_have_count(1)
    press(page, "Shift+Z")
    assert boxes(page) == moved
    press(page, "z z z")
    expect(page.locator("[data-mark]")).to_have_count(0)
    expect(form(page).get_by_role("radio", name="3, probably benign").first).not_to_be_checked()


def test_a_change_of_an_answer_without_a_connection_is_sent_with_its_reason_later(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[9]
    open_exam(page, world.address, made)
    press(page, f"{COMPLETE} Enter")
    page.wait_for_url(lambda url: made.study_id not in url)
    sent(page, made.study_id)
    open_exam(page, world.address, made)
    page.get_by_role("button", name="Change my answer").click()
    context.set_offline(True)
    press(page, "1 Enter")
    page.get_by_label("Reason").fill("wrong key")
    page.get_by_role("button", name="Submit the change").click()
    page.wait_for_url(lambda url: made.study_id not in url)
    assert {one.birads for one in (answer_of(world.project, made, "alice") or made.reading).breasts} == {1, 2}
    until(page, ANSWERS, made.study_id, 1)
    context.set_offline(False)
    until(page, ANSWERS, made.study_id, 0)
    answer = answer_of(world.project, made, "alice")
    assert answer is not None
    assert {one.birads for one in answer.breasts} == {1}
    (fact,) = [one for one in world.project.catalog.facts(made.study_id)[made.study_id] if one.kind == FactKind.AMENDED]
    assert fact.reason == "wrong key"


def test_a_hold_made_elsewhere_deletes_images_and_marks_in_every_window_at_once(
    world: World, page: Page, context: BrowserContext, elsewhere: Page
) -> None:
    made, other = world.exams[4], world.exams[5]
    open_exam(page, world.address, other)
    open_exam(page, world.address, made)
    press(page, "5 o o a")
    kept_whole(page, made.study_id)
    beside = context.new_page()
    beside.goto(f"{world.address}/worklist")
    expect(beside.get_by_role("heading", name="Worklist")).to_be_visible()
    assert (count(page, ANSWERS, made.study_id), count(page, PIECES, made.study_id) >= 4) == (1, True)
    open_exam(elsewhere, world.address, made, "bert")
    flagged(elsewhere)
    for window in (page, beside):
        for what in (ANSWERS, EXAMS, PIECES):
            until(window, what, made.study_id, 0)
    expect(page.locator("[data-mark]")).to_have_count(0)
    expect(page.locator("canvas")).to_have_count(0)
    expect(page.get_by_text("this exam is held back", exact=False)).to_be_visible()
    assert count(page, PIECES, other.study_id) > 0


def test_an_exam_that_was_held_while_no_window_was_open_is_deleted_when_one_opens(
    world: World, page: Page, context: BrowserContext, elsewhere: Page
) -> None:
    made = world.exams[5]
    open_exam(page, world.address, made)
    press(page, "5 o o a")
    kept_whole(page, made.study_id)
    page.goto(f"{world.address}/sign-in?nothing")
    page.goto("about:blank")
    open_exam(elsewhere, world.address, made, "bert")
    flagged(elsewhere)
    page.goto(f"{world.address}/worklist")
    for what in (ANSWERS, EXAMS, PIECES):
        until(page, what, made.study_id, 0)


def test_another_person_at_the_same_workstation_neither_sees_nor_sends_what_waits_and_its_owner_gets_it_back(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[6]
    open_exam(page, world.address, made)
    press(page, "3 c")
    saved(page)
    context.set_offline(True)
    press(page, "s 5 d o o b")
    until(page, ANSWERS, made.study_id, 1)
    context.clear_cookies()
    context.set_offline(False)
    page.get_by_label("Password", exact=True).wait_for()
    for what in (EXAMS, PIECES):
        until(page, what, None, 0)
    sign_in(page, "bert")
    ready(page)
    expect(page.get_by_role("button", name="Signed in as bert")).to_be_visible()
    expect(page.locator("[data-mark]")).to_have_count(0)
    expect(form(page).get_by_role("radio", checked=True)).to_have_count(0)
    press(page, "1 a")
    saved(page)
    page.get_by_role("button", name="Signed in as bert").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_label("Password", exact=True).wait_for()
    berts = draft_of(world.project, made, "bert")
    assert berts is not None
    assert (berts.breast(Laterality.R).birads, berts.findings) == (1, ())
    open_exam(page, world.address, made)
    expect(page.locator("[data-mark]")).to_have_count(1)
    saved(page)
    alices = draft_of(world.project, made, "alice")
    assert alices is not None
    assert (alices.breast(Laterality.R).birads, alices.findings[0].categories) == (5, ("Suspicious Calcification",))


def test_a_window_turns_to_who_signs_in_beside_it_and_sends_nothing_in_their_name(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[7]
    open_exam(page, world.address, made)
    press(page, "5 d")
    saved(page)
    context.clear_cookies()
    beside = context.new_page()
    beside.goto(f"{world.address}/worklist")
    press(page, "4 c")
    sign_in(beside, "bert")
    expect(page.get_by_role("button", name="Signed in as bert")).to_be_visible()
    ready(page)
    expect(form(page).get_by_role("radio", checked=True)).to_have_count(0)
    assert draft_of(world.project, made, "bert") is None


def test_signing_out_leaves_neither_exams_nor_the_client_in_the_browser(world: World, page: Page) -> None:
    made = world.exams[7]
    open_exam(page, world.address, made)
    kept_whole(page, made.study_id)
    page.get_by_role("button", name="Signed in as alice").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_label("Password", exact=True).wait_for()
    assert [count(page, what) for what in (ANSWERS, EXAMS, PIECES)] == [0, 0, 0]
    assert page.evaluate("() => caches.keys()") == []
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert page.evaluate("() => Object.keys(localStorage)") == ["mammoset.preferences"]


def test_signing_out_without_a_connection_hides_everything_and_is_made_good_at_the_server_later(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[8]
    open_exam(page, world.address, made)
    kept_whole(page, made.study_id)
    context.set_offline(True)
    press(page, "4 c")
    page.get_by_role("button", name="Signed in as alice").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(f"{world.address}/sign-in")
    expect(page.get_by_text("The server does not answer.", exact=False)).to_be_visible()
    assert [count(page, what) for what in (EXAMS, PIECES)] == [0, 0]
    page.goto(f"{world.address}/read/{made.study_id}")
    expect(page).to_have_url(re.compile("/sign-in"))
    context.set_offline(False)
    page.get_by_label("Password", exact=True).wait_for()
    page.evaluate(WAIT, ["async () => (await fetch('/api/v1/me')).status === 401", None, None])
    open_exam(page, world.address, made)
    expect(form(page).get_by_role("radio", name="4, suspicious").first).to_be_checked()
    saved(page)


def install(client: Path, version: str) -> str:
    """Put another version of the client on the server, by a sign in its page; return the digest of that."""
    page, worker = client / "index.html", client / "service-worker.js"
    text = page.read_text(encoding="utf-8")
    newer = re.sub("<html", f'<html data-version="{version}"', text)
    before, after = (sha256(one.encode()).hexdigest() for one in (text, newer))
    told = worker.read_text(encoding="utf-8")
    assert before in told
    page.write_text(newer, encoding="utf-8")
    worker.write_text(told.replace(before, after), encoding="utf-8")
    return after


VERSION = "() => document.documentElement.dataset.version ?? null"
ONLY_KEPT = """async (digest) => {
    const kept = (await caches.keys()).filter(name => name.startsWith('mammoset.shell '))
    if (kept.at(-1) !== `mammoset.shell ${digest}`) return false
    return (await (await caches.open(kept.at(-1))).match('/sign-in')) !== undefined
}"""


def test_a_new_version_of_the_client_takes_over_at_the_next_load_and_never_in_mid_exam(
    world: World, page: Page, context: BrowserContext
) -> None:
    made = world.exams[8]
    open_exam(page, world.address, made)
    kept_whole(page, made.study_id)
    newer = install(world.client, "newer")
    press(page, "o o a")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    page.go_back()
    ready(page)
    assert page.evaluate(VERSION) is None
    page.reload()
    ready(page)
    assert page.evaluate(VERSION) == "newer"
    expect(page.locator("[data-mark]")).to_have_count(1)
    page.evaluate(WAIT, [ONLY_KEPT, newer, None])
    context.set_offline(True)
    page.reload()
    ready(page)
    assert page.evaluate(VERSION) == "newer"
    expect(page.locator("[data-mark]")).to_have_count(1)
