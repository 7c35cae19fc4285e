"""One release, made once, and copies of it to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.project import Project
from mammoset.publish import publish
from tests.publish.small_project import make_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Give a project of six read exams; tests do not change it, but may release versions of their own."""
    with make_project(tmp_path_factory.mktemp("project") / "small") as made:
        yield made


@pytest.fixture(scope="session")
def original(project: Project) -> Path:
    """Return the folder of release 1.0.0; tests do not change it."""
    return publish(project, "1.0.0", workers=1).folder


@pytest.fixture
def release(original: Path, tmp_path: Path) -> Path:
    """Return a copy of the release to spoil."""
    return shutil.copytree(original, tmp_path / "1.0.0")
