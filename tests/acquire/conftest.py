"""A project of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from mammoset.acquire import draw
from mammoset.project import Project
from tests.acquire.made import encoded
from tests.acquire.meeting import Method, ProjectOf
from tests.acquire.peers import Archive


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", "dataset") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "originals"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Callable[[Iterable[Dataset]], None]:
    """Return a function that writes objects into the folder, under names that say nothing."""

    def write(objects: Iterable[Dataset]) -> None:
        for made in objects:
            (folder / f"IM{len(list(folder.iterdir())):05d}").write_bytes(encoded(made))

    return write


@pytest.fixture
def project_of(tmp_path: Path) -> Iterator[ProjectOf]:
    made: list[Project] = []

    def project_of(archive: Archive, method: Method = "move") -> Project:
        made.append(Project.create(tmp_path / f"project{len(made)}", settings_text=archive.settings(method)))
        return made[-1]

    yield project_of
    for project in made:
        project.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for what will never come."""
    monkeypatch.setattr(draw, "LATE_ARRIVAL_SECONDS", 0.2)
