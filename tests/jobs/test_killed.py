"""Withdrawals and backups that are killed are completed by the same command, and come to the same end."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mammoset.acquire.withdrawal import Patient, Withdrawal
from mammoset.project import Project
from tests.jobs.released import SETTINGS, Released, build, found_below
from tests.kills.stages import files_below, rows_of
from tests.kills.striking import EVERYTHING, KILLED, environment, strike

SEED = 4
SHARES = [round(share, 2) for share in np.random.default_rng(SEED).uniform(0.02, 0.98, 3)]
PASSPHRASE = "correct horse battery staple"
pytestmark = pytest.mark.xdist_group("kills of jobs")


@pytest.fixture(scope="module")
def released_once(released_once: Released, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Return one whose catalog is a file, which these tests look into."""
    is_file = (released_once.root / "catalog.sqlite").exists()
    return released_once if is_file else build(tmp_path_factory.mktemp("of files"), f'catalog = ""\n{SETTINGS}')


def command(made: Released, said: str, *words: str) -> list[str]:
    """Return a command line that is given something on its standard input."""
    program = shlex.join([sys.executable, "-m", "mammoset", "-C", str(made.root), *words])
    return ["sh", "-c", f"printf '%s\\n' {shlex.quote(said)} | {program}"]


def copied(made: Released, home: Path) -> Released:
    return Released(Path(shutil.copytree(made.home, home)), made.hospital)


def run(line: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, env=environment(), capture_output=True, text=True, check=False, timeout=120)


def left(made: Released) -> dict[str, Any]:
    """Return what is there, in a form to compare."""
    return {
        "catalog": rows_of(made.root / "catalog.sqlite"),
        "identities": rows_of(made.vault / "identities.sqlite"),
        "quarantine": files_below(made.vault / "quarantine"),
        "vault": sorted(path.name for path in made.vault.iterdir() if "sqlite" not in path.name),
        "content": files_below(made.root / "content"),
        "exports": files_below(made.root / "exports"),
        "releases": files_below(made.root / "releases"),
    }


def watched(made: Released) -> list[Path]:
    names = ("catalog.sqlite", "catalog.sqlite-wal", "content", "exports")
    return [made.vault, *(made.root / name for name in names)]


@pytest.fixture(scope="module")
def undisturbed(released_once: Released, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """Return what a withdrawal leaves that nobody disturbs, and how often it was seen to write."""
    made = copied(released_once, tmp_path_factory.mktemp("undisturbed") / "home")
    code, events = strike(command(made, made.patient_id, "withdraw"), watched(made), after=EVERYTHING)
    assert code == 0
    return left(made), events


def strike_in_time(made: Released, line: list[str], places: list[Path], after: int, home: Path) -> Released:
    """Return a copy in which a command was killed; where it had ended by then, it is tried again earlier."""
    while True:
        struck = copied(made, home)
        moved = [word.replace(str(made.home), str(home)) for word in line]
        at = [Path(str(place).replace(str(made.home), str(home))) for place in places]
        code, _ = strike(moved, at, after=after)
        if code == KILLED:
            return struck
        assert after > 1, "it cannot be killed: it ends as soon as it begins"
        after //= 2
        shutil.rmtree(home)


@pytest.mark.parametrize("share", SHARES)
def test_a_withdrawal_that_was_killed_is_completed(
    released_once: Released, undisturbed: tuple[dict[str, Any], int], tmp_path: Path, share: float
) -> None:
    expected, events = undisturbed
    line = command(released_once, released_once.patient_id, "withdraw")
    after = max(1, int(share * events))
    struck = strike_in_time(released_once, line, watched(released_once), after, tmp_path / "home")
    done = run(command(struck, struck.patient_id, "withdraw"))
    assert done.returncode == 0, done.stderr
    assert left(struck) == expected
    with Project.open(struck.root) as project, Withdrawal(project, Patient(struck.patient_id)) as found:
        names = found.names
    folders = [struck.vault, *(path for path in struck.root.iterdir() if path.is_dir() and path.name != "releases")]
    assert not found_below(folders, {*names, *struck.originals(struck.patient_id)})
    content = b"".join(path.read_bytes() for path in struck.root.glob("catalog.sqlite*"))
    assert not [name for name in names if name.encode() in content]
    assert "1.0.0" in done.stdout


@pytest.mark.parametrize("share", SHARES[:1])
def test_a_backup_that_was_killed_is_completed(released_once: Released, tmp_path: Path, share: float) -> None:
    words = ("backup", "--vault", "--content")
    free = copied(released_once, tmp_path / "free")
    target = str(tmp_path / "free" / "saved")
    code, events = strike(command(free, PASSPHRASE, *words, target), [free.home], after=EVERYTHING)
    assert code == 0
    line = command(released_once, PASSPHRASE, *words, str(released_once.home / "saved"))
    after = max(1, int(share * events))
    struck = strike_in_time(released_once, line, [released_once.home], after, tmp_path / "home")
    saved = struck.home / "saved"
    if not saved.exists():  # killed after it had got its name, it is complete
        done = run(command(struck, PASSPHRASE, *words, str(saved)))
        assert done.returncode == 0, done.stderr
    restored = tmp_path / "new" / "project"
    done = run(command(Released(restored.parent, struck.hospital), PASSPHRASE, "restore", str(saved)))
    assert done.returncode == 0, done.stderr
    assert files_below(restored / "content") == files_below(struck.root / "content")
    assert not list(struck.home.glob(".*"))
