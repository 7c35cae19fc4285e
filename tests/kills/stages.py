"""A small hospital's project before each stage, the command of the stage, and what it leaves, in a form to compare."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mammoset import read, review, split
from mammoset.domain.readings_json import reading_to_json
from mammoset.model import Reader
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.hospital import build_hospital
from mammoset.project import Project
from tests.builders import reading
from tests.kills.striking import EVERYTHING, KILLED, environment, strike

EXAMS, SEED = 4, 11
FLAWS = {Flaw.MISSING_VIEW: 0.25, Flaw.EXTRA_VIEW: 0.5, Flaw.FOR_PROCESSING: 0.25}
KEY = "5b" * 32
READERS = ("one", "two")
SETTINGS = """\
catalog = ""

[dataset]
name = "struck"
license = "CC0-1.0"

[acquire]
port = 0
seed = 3

[acquire.peers.phantom]
host = "127.0.0.1"
port = {port}
ae_title = "PACS"
method = "get"

[pseudonymize]
workers = 2

[review]
second_look = 0

[split]
folds = {{ training = 0.5, test = 0.5 }}

[publish]
k_anonymity = 1
"""
TIMES = ("at",)
"""Columns that say when a row was written: two runs differ in nothing else."""
HISTORIES = ("decisions", "facts", "splits")
"""Tables that are only appended to; a row's number says no more than its place."""

Found = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """One stage as a command.

    Attributes
    ----------
    before : str
        Name of the state that it starts from.
    watched : tuple of str
        Folders that it writes, relative to the home folder of a project and its vault.
    result : callable
        Given the home folder, what it made; equal for two runs that came to the same end.
    """

    name: str
    before: str
    arguments: tuple[str, ...]
    watched: tuple[str, ...]
    result: Callable[[Path], Found]

    def places(self, home: Path) -> list[Path]:
        """Return what to watch below a home folder."""
        return [home / one for one in self.watched]


def files_below(folder: Path) -> Found:
    """Return the digest of every file below a folder, temporary ones too, by its relative path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows_of(database: Path) -> Found:
    """Return the rows of every table of an SQLite database, without the times and numbers of histories."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    found: Found = {}
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in sorted(names):
        left_out = {*TIMES, "number"} if name in HISTORIES else {*TIMES}
        rows = connection.execute(f"SELECT * FROM {name}").fetchall()
        found[name] = sorted(
            json.dumps({key: cell for key, cell in dict(row).items() if key not in left_out}, sort_keys=True)
            for row in rows
        )
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()
    found.pop("sqlite_sequence", None)
    return found


def acquired(home: Path) -> Found:
    """Return the originals in quarantine, the identities, and what the catalog says."""
    vault = home / "project.vault"
    return {
        "key": (vault / "key").read_text().strip(),
        "vault": sorted(path.name for path in vault.iterdir() if "sqlite" not in path.name),
        "quarantine": files_below(vault / "quarantine"),
        "identities": rows_of(vault / "identities.sqlite"),
        "catalog": rows_of(home / "project" / "catalog.sqlite"),
    }


def pseudonymized(home: Path) -> Found:
    """Return every file of the content store and what the catalog says."""
    project = home / "project"
    return {"content": files_below(project / "content"), "catalog": rows_of(project / "catalog.sqlite")}


def exported(home: Path) -> Found:
    """Return the files of the newest export, and what lies beside it that is none."""
    exports = sorted((home / "project" / "exports").iterdir(), key=lambda one: one.stat().st_mtime_ns)
    return {"newest": files_below(exports[-1]), "left": [one.name for one in exports if one.name.startswith(".")]}


def published(home: Path) -> Found:
    """Return every file below releases/."""
    return {"releases": files_below(home / "project" / "releases")}


ACQUIRED = ("project/catalog.sqlite-wal", "project.vault")
STAGES = {
    one.name: one
    for one in (
        Stage("acquire folder", "new", ("acquire", "folder", "{hospital}"), ACQUIRED, acquired),
        Stage("acquire pacs", "new", ("acquire", "pacs", "phantom", "--sample", "3"), ACQUIRED, acquired),
        Stage(
            "pseudonymize",
            "acquired",
            ("pseudonymize",),
            ("project/content", "project/catalog.sqlite-wal"),
            pseudonymized,
        ),
        Stage("export", "read", ("export",), ("project/exports",), exported),
        Stage("publish", "read", ("publish", "1.0.0"), ("project/releases",), published),
    )
}


class States:
    """Projects in the states that stages start from, and what each stage makes of them undisturbed.

    Parameters
    ----------
    folder : Path
        Gets ``hospital/`` and one home folder for each state.
    port : int
        Of the embedded PACS that serves the hospital.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.hospital = folder / "hospital" / "archive"
        self._undisturbed: dict[str, Found] = {}
        self._events: dict[str, int] = {}
        self._made: set[str] = set()

    def command(self, stage: Stage, home: Path) -> list[str]:
        """Return the command line of a stage."""
        words = [word.format(hospital=self.hospital) for word in stage.arguments]
        return [sys.executable, "-m", "mammoset", "-C", str(home / "project"), *words]

    def run(self, stage: Stage, home: Path) -> subprocess.CompletedProcess[str]:
        """Run a stage to its end."""
        return subprocess.run(
            self.command(stage, home), env=environment(), capture_output=True, text=True, check=False, timeout=120
        )

    def copy(self, state: str, home: Path) -> Path:
        """Return a new home folder in a state."""
        if state not in self._made:
            self._made.add(state)
            _MAKERS[state](self)
        return shutil.copytree(self.folder / state, home)

    def undisturbed(self, stage: Stage) -> Found:
        """Return what a stage makes when nothing disturbs it."""
        if stage.name not in self._undisturbed:
            self._after(stage, f"after {stage.name}")
        return self._undisturbed[stage.name]

    def events(self, stage: Stage) -> int:
        """Return how often a stage was seen to write something when nothing disturbed it."""
        self.undisturbed(stage)
        return self._events[stage.name]

    def strike_in_time(self, stage: Stage, home: Path, share: float) -> None:
        """Leave in `home` what a stage had done when it was killed after this share of what it does.

        How many events are seen depends on how busy the machine is: where it had ended by then, it is tried again.
        """
        after = max(1, int(share * self.events(stage)))
        while True:
            self.copy(stage.before, home)
            code, _ = strike(self.command(stage, home), stage.places(home), after=after)
            if code == KILLED:
                return
            assert after > 1, "it cannot be killed: it ends as soon as it begins"
            after //= 2
            shutil.rmtree(home)

    def come_through(self, stage: Stage, home: Path) -> None:
        """Run a stage again after it was killed; it must end well and have come to the same as one undisturbed.

        A release that was whole when the kill came stays as it is, and making it again is refused.
        """
        done = self.run(stage, home)
        is_frozen = done.returncode == 1 and "a release is frozen" in done.stderr
        assert done.returncode == 0 or is_frozen, done.stderr
        self.compare(stage, home)

    def compare(self, stage: Stage, home: Path) -> None:
        """Require that a home folder holds what the stage makes when nothing disturbs it."""
        found = stage.result(home)
        for part, value in self.undisturbed(stage).items():
            assert found[part] == value, f"{stage.name}: {part} differs"

    def _new(self) -> None:
        home = self.folder / "new"
        with Project.create(home / "project", settings_text=SETTINGS.format(port=self.port)) as project:
            assert project.catalog.pool() == []  # makes the catalog: a rival would wait for who makes it
        (home / "project.vault").mkdir(mode=0o700)
        (home / "project.vault" / "key").write_text(KEY + "\n")

    def _after(self, stage: Stage, state: str) -> Path:
        home = self.copy(stage.before, self.folder / state)
        code, self._events[stage.name] = strike(self.command(stage, home), stage.places(home), after=EVERYTHING)
        assert code == 0, f"{stage.name} undisturbed ended with {code}"
        self._undisturbed[stage.name] = stage.result(home)
        return home

    def _acquired(self) -> None:
        self._after(STAGES["acquire folder"], "acquired")

    def _read(self) -> None:
        home = self._after(STAGES["pseudonymize"], "read")
        with Project.open(home / "project") as project:
            _read_everything(project)


_MAKERS: dict[str, Callable[[States], None]] = {"new": States._new, "acquired": States._acquired, "read": States._read}


def _read_everything(project: Project) -> None:
    """Approve every value and image, have two readers agree about every exam, and split."""
    said = [review.Saying("approve", one.element) for one in review.elements(project)]
    review.record(project, review.words_of(project, said, by="reviewer"), by="reviewer")
    for study in review.pending(project):
        review.decide(project, {image.image_id: None for image in study.images}, by="reviewer")
    for name in READERS:
        project.catalog.put_reader(Reader(name, ("reader",), 10, 1000))
    project.catalog.put_reader(Reader("senior", ("arbiter",), 20, 2000))
    read.assign(project)
    studies = project.approved_studies()
    readings = [reading_to_json(reading(study.study_id, name)) for study in studies for name in READERS]
    read.import_readings(project, json.dumps({"readings": readings}))
    split.split_project(project)


def build(folder: Path) -> Path:
    """Build the hospital that everything starts from, and return its folder of DICOM files."""
    return build_hospital(folder / "hospital", n_exams=EXAMS, seed=SEED, size="small", flaws=FLAWS, workers=1).images
