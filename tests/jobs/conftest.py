"""A small hospital's project after its first release, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.databases import copied
from tests.jobs.released import Released, build


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Released:
    return build(tmp_path_factory.mktemp("released"))


@pytest.fixture
def released(released_once: Released, tmp_path: Path) -> Released:
    """Return a copy that the test may change."""
    shutil.copytree(released_once.home, tmp_path / "home")
    made = Released(tmp_path / "home", released_once.hospital)
    copied(released_once.root, made.root)
    return made
