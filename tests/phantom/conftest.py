"""One small hospital for all tests of the archive, its PACS and its people."""

from __future__ import annotations

from pathlib import Path

import pytest

from mammoset.phantom.flaws import DEMO_FLAWS
from mammoset.phantom.hospital import Hospital, build_hospital


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    """Fourteen exams in small pixels, of every vendor and with every flaw."""
    folder: Path = tmp_path_factory.mktemp("hospital")
    return build_hospital(folder, n_exams=14, seed=5, size="small", enriched=True, flaws=DEMO_FLAWS, workers=1)
