"""A reading room for load: a project with people and assigned studies, and a real server process that can be struck."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

from mammoset import read
from mammoset.catalog import Decision, PoolEntry, StudyRecord, passwords
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS, images_of
from tests.kills.striking import environment
from tests.trained import give_training
from tests.web.building import add_image

PASSWORD = "correct horse battery staple"
PATIENCE_SECONDS = 60.0
PIXELS = np.add.outer(np.arange(100), np.arange(80)).astype(np.uint16)
"""Of every image: what is in them does not matter here."""


def furnish(root: Path, *, readers: int, studies: int, settings: str = SETTINGS) -> list[str]:
    """Make a project whose approved studies are read by two of these people each; return their names."""
    names = [f"reader-{number:02}" for number in range(readers)]
    hashed = passwords.hashed(PASSWORD)
    with Project.create(root, settings_text=settings) as project:
        for study in range(1, studies + 1):
            _admit(project, study)
        for name in names:
            person = Reader(name, ("reader",), 10, 1000)
            project.catalog.accounts.put_person(person, by="test", password_hash=hashed, must_change=False)
        read.assign(project)
    give_training(root)
    return names


def _admit(project: Project, study: int) -> None:
    """Put an approved exam of small images into a project, their files too."""
    study_id, images = f"2.25.{study}", images_of(study, study)
    kept = [Decision(stage, study_id, Outcome.KEPT) for stage in (Stage.PSEUDONYMIZE, Stage.REVIEW)]
    project.catalog.put_pool([PoolEntry(study_id, study, "test")])
    records = [add_image(project, image, PIXELS) for image in images]
    project.catalog.admit(StudyRecord(study_id, f"P{study}", 50, "F"), records, kept)


class Server:
    """`mammoset serve` of a project, as a process of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self.is_up = threading.Event()
        self.url = ""

    def start(self) -> None:
        """Start the server, after the first time on the same port, and wait until it accepts connections."""
        asked = ["--json", "-C", str(self._root), "serve", "--port", str(self._port)]
        command = [sys.executable, "-m", "mammoset", *asked]
        self._process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1].rstrip() != "}":
            line = self._process.stdout.readline()
            assert line, "the server ended"
            lines.append(line)
        self.url = str(json.loads("".join(lines))["url"]).partition("/?")[0]
        self._port = int(self.url.rpartition(":")[2])
        self.is_up.set()

    def kill(self) -> None:
        """Kill the server: nothing of it goes on, nothing is cleaned up."""
        self.is_up.clear()
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server in peace."""
        self.is_up.clear()
        self._end(signal.SIGINT)

    def processor_seconds(self) -> float:
        """Return what the server has used of the processors so far."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.communicate(timeout=PATIENCE_SECONDS)
        self._process = None
