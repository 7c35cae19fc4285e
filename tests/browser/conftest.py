"""One browser, and one walk of the whole way, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser

from mammoset.catalog import passwords
from tests.browser.hospital import CASES
from tests.browser.opening import chromium
from tests.browser.whole_way import EXAMS, PICTURES, SIZE, Way, go


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords that cost next to nothing: here alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def way(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Way:
    return go(tmp_path_factory.mktemp("way"), browser, CASES[:EXAMS], SIZE, PICTURES)
