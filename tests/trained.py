"""The training exams for projects of tests: small ones, made once in a process, then copied."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from mammoset.jobs.training import make_training
from mammoset.project import Project
from tests.databases import SQLITE, catalogs_on


def give_training(root: Path) -> None:
    """Put the training into a project's folder, as if it had been made there: a server would make a large one."""
    shutil.copytree(_made() / "training", root / "training")


@cache
def _made() -> Path:
    """Return the folder of a project that has it; it goes with the process."""
    folder = Path(mkdtemp(prefix="training-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with catalogs_on(SQLITE), Project.create(folder / "p") as project:
        make_training(project, size="small", workers=1)
    return folder / "p"
