"""One project for all tests of the pages; nothing here writes to it, so it is built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.exams import Exams
from mammoset.web.waiting import Waiting
from tests.web.building import Made, build

TOKEN = "a-token-of-one-use"
BASE = "http://127.0.0.1:8000"
N_EXAMS = 53


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
    """A browser that came in by the token."""
    with TestClient(app, base_url=BASE) as opened:
        assert opened.get("/", params={"token": TOKEN}).status_code == 200
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
