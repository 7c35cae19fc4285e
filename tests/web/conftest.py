"""One project for all tests of the pages; nothing here writes to it, so it is built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.pages.exams import Exams
from mammoset.web.pages.waiting import Waiting
from tests.web.building import Made, build
from tests.web.opening import BASE, OPERATOR, client_of
from tests.web.opening import quick_passwords as cheap
from tests.web.opening import what_is_new_is_shown_at_once as at_once

TOKEN = "a-token-of-one-use"
N_EXAMS = 53


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    with cheap():
        yield


@pytest.fixture(scope="package", autouse=True)
def what_is_new_is_shown_at_once() -> Iterator[None]:
    with at_once():
        yield


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "phantom-mammo"


@pytest.fixture(scope="session")
def made(root: Path) -> list[Made]:
    return build(root, n_exams=N_EXAMS)


@pytest.fixture(scope="session")
def project(root: Path, made: list[Made]) -> Iterator[Project]:
    with Project.open(root) as opened:
        yield opened


@pytest.fixture(scope="session")
def waiting(project: Project) -> Waiting:
    """The exam that waits for review."""
    (one,) = Exams(project).collection().waiting
    return one


@pytest.fixture(scope="session")
def app(project: Project) -> FastAPI:
    return create_app(project, token=TOKEN)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser of the operator, who administers and reviews."""
    with client_of(app, OPERATOR) as opened:
        yield opened


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """A browser without a session."""
    with TestClient(app, base_url=BASE) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Project, list[Made]]]:
    """Three exams that nobody has read, free to be changed."""
    folder = tmp_path / "small"
    exams = build(folder, n_exams=3, is_read=False)
    with Project.open(folder) as opened:
        yield opened, exams
