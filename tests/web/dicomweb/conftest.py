"""A study of every layout of pixels, and its reader's program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.project import Project
from tests.web.dicomweb.building import PASSWORD, Stored, make_layouts
from tests.web.opening import add_person, client_of


@pytest.fixture(scope="session")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, tuple[Stored, ...]]]:
    project, stored = make_layouts(tmp_path_factory.mktemp("layouts") / "project")
    with project:
        add_person(project, "anna", "reader", password_hash=passwords.hashed(PASSWORD))
        yield project, stored


@pytest.fixture(scope="session")
def stored(layouts: tuple[Project, tuple[Stored, ...]]) -> tuple[Stored, ...]:
    return layouts[1]


@pytest.fixture(scope="session")
def reader(layouts: tuple[Project, tuple[Stored, ...]]) -> Iterator[TestClient]:
    """The program of anna, who reads the study; its addresses begin behind ``/dicomweb``."""
    with client_of(layouts[0], "anna") as browser:
        browser.base_url = browser.base_url.join("/dicomweb/")
        yield browser
