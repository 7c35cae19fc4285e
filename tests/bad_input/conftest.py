"""A hospital's folder, a project, and the program as a person runs it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mammoset.project import Project
from tests.bad_input.made import PLANTED
from tests.running import Done, Run

PSEUDONYM = re.compile(r"\b2\.25\.\d{30,39}\b|\b[0-9a-f]{12,}\b")


@dataclass
class Desk:
    """Somebody at the command line: every answer is searched for what it may not say."""

    run: Run
    project: Path
    originals: Path

    def type(self, *arguments: object, code: int = 0) -> Done:
        done = self.run("-C", self.project, *arguments)
        assert done.code == code, done.err
        assert "Traceback" not in done.err
        assert "defect of the program" not in done.err
        # digits inside a pseudonym are chance
        assert not [text for text in PLANTED if text in PSEUDONYM.sub("", done.out + done.err)]
        return done

    def status(self) -> dict[str, Any]:
        found = json.loads(self.type("--json", "status").out)
        assert isinstance(found, dict)
        return found

    def refused(self) -> dict[str, int]:
        """Return the objects refused, by stage and reason, as `status` counts them."""
        return {
            f"{one['stage']} {one['reason']}": one["count"]
            for one in self.status()["objects"]
            if one["outcome"] != "kept"
        }

    def take(self, *paths: Path) -> None:
        """Acquire and pseudonymize."""
        self.type("acquire", "folder", *(paths or (self.originals,)))
        self.type("pseudonymize", "--workers", 1)

    def passed(self) -> int:
        """Return the number of exams that came to the end, all of whose images are in the store."""
        with Project.open(self.project) as project:
            studies = project.catalog.studies()
            assert all(study.is_four_view for study in studies)
            stored = {path.stem for path in project.content.root.rglob("*.dcm")}
            assert stored == {one.image_id for study in studies for one in study.images}
            return len(studies)

    def refused_files(self) -> str:
        return (self.project.with_name("project.vault") / "refused.csv").read_text()


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Desk:
    originals = tmp_path / "NGUYEN^LAN 1970"
    originals.mkdir()
    Project.create(tmp_path / "project", "dataset").close()
    return Desk(run, tmp_path / "project", originals)
