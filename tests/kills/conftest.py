"""A phantom hospital behind the embedded PACS, and its projects before each stage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mammoset.phantom.pacs import EmbeddedPacs
from tests.kills.stages import States, build


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[States]:
    folder = tmp_path_factory.mktemp("kills")
    with EmbeddedPacs(build(folder)) as pacs:
        yield States(folder, pacs.port)
