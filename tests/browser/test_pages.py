"""The client in Debian's Chromium, against the real server: signing in, a reader's list, keys, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mammoset.catalog import passwords
from mammoset.project import Project
from tests.browser.opening import PASSWORD, SIGNED_OUT, hire, sign_in
from tests.browser.rooms import Room, reading_room

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with reading_room(tmp_path_factory.mktemp("client") / "phantom-mammo", "alice", n_exams=4) as opened:
        hire(opened.project, carol="admin", dora="reader")
        yield opened


@pytest.fixture
def project(room: Room) -> Project:
    return room.project


@pytest.fixture
def address(room: Room) -> str:
    return room.address


@pytest.fixture
def expected() -> str:
    return f"{SIGNED_OUT}|status of 422"


@pytest.fixture
def alice(page: Page, address: str) -> Page:
    page.goto(f"{address}/worklist")
    sign_in(page)
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    return page


def test_who_is_not_signed_in_signs_in_and_comes_to_the_page_they_wanted(page: Page, address: str) -> None:
    page.goto(f"{address}/worklist?state=done")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    sign_in(page, password="not her password")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    sign_in(page)
    expect(page.get_by_text("You have not submitted a reading yet.")).to_be_visible()
    assert page.url == f"{address}/worklist?state=done"
    expect(page).to_have_title("Worklist · phantom-mammo")


def test_a_reader_sees_their_exams_and_the_pages_of_their_role_only(alice: Page) -> None:
    expect(alice.locator("tbody tr")).to_have_count(4)
    expect(alice.get_by_text("0 of 4 done")).to_be_visible()
    links = alice.get_by_role("navigation").get_by_role("link")
    assert links.all_inner_texts() == ["Worklist", "Training", "Dashboard"]


def test_the_list_is_worked_by_keys_alone(alice: Page) -> None:
    exams = alice.locator("tbody tr a")
    expect(exams).to_have_count(4)
    alice.keyboard.press("j")
    alice.keyboard.press("j")
    expect(exams.nth(1)).to_be_focused()
    alice.keyboard.press("k")
    expect(exams.nth(0)).to_be_focused()
    alice.keyboard.press("3")
    expect(alice.get_by_text("You have not submitted a reading yet.")).to_be_visible()
    alice.keyboard.press("n")
    expect(alice.get_by_label("R CC", exact=True)).to_be_visible()
    assert "/read/" in alice.url
    expect(alice.locator("main")).to_be_focused()


def test_the_help_prints_the_keys_and_takes_them_while_it_is_open(alice: Page) -> None:
    alice.keyboard.press("?")
    help_shown = alice.get_by_role("dialog")
    expect(help_shown).to_contain_text("open the next exam")
    alice.keyboard.press("n")
    expect(help_shown).to_be_visible()
    alice.keyboard.press("Escape")
    expect(help_shown).to_have_count(0)
    assert alice.url.endswith("/worklist")


def test_language_and_colors_are_kept_beyond_signing_out(alice: Page, address: str) -> None:
    alice.get_by_role("button", name="Tiếng Việt").click()
    expect(alice.get_by_role("heading", name="Danh sách đọc")).to_be_visible()
    alice.get_by_role("button", name=re.compile("Giao diện")).click()
    alice.get_by_role("button", name=re.compile("Đang đăng nhập")).click()
    alice.get_by_role("menuitem", name="Đăng xuất").click()
    expect(alice.get_by_role("button", name="Đăng nhập", exact=True)).to_be_visible()
    assert alice.url == f"{address}/sign-in"
    assert alice.locator("html").get_attribute("lang") == "vi"
    assert alice.locator("html").get_attribute("data-mantine-color-scheme") == "light"
    alice.goto(f"{address}/worklist")
    expect(alice.get_by_label("Mật khẩu", exact=True)).to_be_visible()


def test_a_session_that_ended_leads_to_signing_in_and_back(alice: Page, project: Project) -> None:
    where = alice.url
    # what an administrator does who gives her another password
    project.catalog.accounts.set_password("alice", passwords.hashed(PASSWORD), by="test", must_change=False)
    alice.keyboard.press("3")
    expect(alice.get_by_text("Your session has ended.")).to_be_visible()
    sign_in(alice)
    expect(alice.get_by_role("heading", name="Worklist")).to_be_visible()
    assert alice.url == f"{where}?state=done"


def test_who_was_given_a_password_must_choose_their_own_first(page: Page, address: str, project: Project) -> None:
    project.catalog.accounts.set_password("dora", passwords.hashed(PASSWORD), by="test", must_change=True)
    page.goto(address)
    sign_in(page, "dora")
    expect(page.get_by_text("Choose a password of your own")).to_be_visible()
    assert page.url == f"{address}/account"
    change_password(page, "not the password", "another few words")
    expect(page.get_by_role("alert").last).to_have_text("The current password is not right.")
    change_password(page, PASSWORD, "another few words")
    expect(page.get_by_role("navigation").get_by_role("link", name="Worklist")).to_be_visible()
    page.goto(f"{address}/worklist")
    expect(page.get_by_text("No exam waits for you.")).to_be_visible()


def change_password(page: Page, current: str, new: str) -> None:
    page.get_by_label("Current password").fill(current)
    page.get_by_label("New password", exact=True).fill(new)
    page.get_by_label("New password, once more").fill(new)
    page.get_by_role("button", name="Change password").click()


def test_a_page_of_another_role_says_so(alice: Page, address: str) -> None:
    alice.goto(f"{address}/arbitration")
    expect(alice.get_by_text("Your roles do not allow this.")).to_be_visible()


def test_an_administrator_is_led_to_the_pages_made_on_the_server(page: Page, address: str) -> None:
    page.goto(address)
    sign_in(page, "carol")
    page.get_by_role("link", name="Dataset").click()
    expect(page).to_have_url(f"{address}/status")
