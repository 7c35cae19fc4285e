"""The client in Debian's Chromium, against the real server: signing in, a reader's list, keys, languages."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mammoset.catalog import now, passwords
from mammoset.domain.workflow import Fact, FactKind
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.serving import _listen, _Server
from mammoset.web.site import CLIENT
from tests.web.building import build
from tests.web.opening import add_person

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PASSWORD = "four words of hers"
EXPECTED = re.compile("status of (401|422)|Clear-Site-Data header|GL Driver Message")
"""What Chromium itself says of refusals that are part of these tests, and of signing out."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("client") / "phantom-mammo"
    made = build(folder, n_exams=4, is_read=False)
    with Project.open(folder) as opened:
        for name, role in (("alice", "reader"), ("carol", "admin"), ("dora", "reader")):
            add_person(opened, name, role, password_hash=passwords.hashed(PASSWORD))
        opened.catalog.append([Fact(FactKind.ASSIGNED, exam.study_id, "alice", now()) for exam in made])
        yield opened


@contextmanager
def serving(project: Project, client: Path = CLIENT) -> Iterator[str]:
    ready: SimpleQueue[None] = SimpleQueue()
    with _listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(create_app(project, client=client), log_config=None, access_log=False, ws="none")
        server = _Server(config, lambda: ready.put(None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ready.get(timeout=30)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def address(project: Project) -> Iterator[str]:
    with serving(project) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page; anything the browser complains of, our own policy above all, fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not [one for one in complaints if not EXPECTED.search(one)]


def sign_in(page: Page, name: str = "alice", password: str = PASSWORD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


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
