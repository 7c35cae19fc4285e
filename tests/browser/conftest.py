"""One browser, and one walk of the whole way, for all tests here; for each test a person of its own at a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hospital import CASES
from tests.browser.opening import EXPECTED, chromium, watched
from tests.browser.whole_way import EXAMS, PICTURES, SIZE, Way, go
from tests.web.opening import quick_passwords as cheap
from tests.web.opening import what_is_new_is_shown_at_once as at_once

PATIENCE_SECONDS = 20


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    with cheap():
        yield


@pytest.fixture(scope="package", autouse=True)
def what_is_new_is_shown_at_once() -> Iterator[None]:
    with at_once():
        yield


@pytest.fixture(scope="package", autouse=True)
def patience() -> None:
    """Others work at the same time."""
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of a group; its contexts share nothing."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def way(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Way:
    return go(tmp_path_factory.mktemp("way"), browser, CASES[:EXAMS], SIZE, PICTURES)


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window; modules that need another one have a fixture of this name."""
    return 1300, 800


@pytest.fixture
def expected() -> str:
    """What the browser may complain of; modules about other refusals have a fixture of this name."""
    return EXPECTED


@pytest.fixture
def context(browser: Browser, size: tuple[int, int], expected: str) -> Iterator[BrowserContext]:
    """A browser of one person; anything else it complains of fails the test."""
    with watched(browser, size, expected=expected) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
