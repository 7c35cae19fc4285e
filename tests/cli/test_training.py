"""`mammoset read training`: makes the set, says who has been through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mammoset.catalog.training import FINISHED
from mammoset.read.training import book_of
from tests.builders import make_project
from tests.running import Run


def test_the_set_is_made_once_and_who_finished_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_project(tmp_path / "p", studies=0, readers=1) as project:
        monkeypatch.chdir(project.root)
        assert "5 training exams, 20 images, would be made" in run("read", "training", "--dry-run").out
        assert not (project.root / "training").exists()
        assert "made in" in run("read", "training", "--size", "small").out
        with book_of(project).turn("r0", "1-small") as turn:
            turn.append(FINISHED)
    told = json.loads(run("--json", "read", "training").out)
    assert (told["is_new"], list(told["finished"])) == (False, ["r0"])
    assert "r0" in run("read", "training").out
