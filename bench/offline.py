"""Whether the archive of ``make bundle`` installs where there is no internet, and the demo runs there.

Everything happens in a network namespace with nothing but loopback, with an empty home folder and none of the
environment of whoever started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUNDLES = ROOT / "build" / "bundle"
EXAMS = 2


@dataclass(frozen=True, slots=True)
class Offline:
    """What the installation took.

    Attributes
    ----------
    megabytes : float
        Of the archive.
    install_seconds, demo_seconds : float
    verified : str
        What ``mammoset verify`` says of the demo's release.
    """

    megabytes: float
    install_seconds: float
    demo_seconds: float
    verified: str


def measure_offline() -> Offline | None:
    """Install the newest archive of `BUNDLES` and run the demo; None when there is none.

    Raises
    ------
    subprocess.CalledProcessError
        If a step fails; its output is in the error's notes.
    """
    archives = sorted(BUNDLES.glob("mammoset-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run(["tar", "xf", str(archives[-1]), "-C", scratch], check=True)
        (bundle,) = folder.glob("mammoset-*")
        home = folder / "home"
        home.mkdir()
        program = folder / "installed" / "bin" / "mammoset"
        start = time.perf_counter()
        _apart([str(bundle / "install"), str(folder / "installed")], home)
        installed = time.perf_counter()
        demo = folder / "demo"
        _apart([str(program), "demo", str(demo), "--exams", str(EXAMS), "--no-serve"], home)
        done = time.perf_counter()
        verified = _apart([str(program), "verify", str(demo / "project" / "releases" / "1.0.0")], home)
        size = archives[-1].stat().st_size / 1e6
    return Offline(size, installed - start, done - installed, verified.strip().splitlines()[-1])


def _apart(command: list[str], home: Path) -> str:
    """Run a command in an empty network namespace and return what it says."""
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(home), "PIP_NO_INDEX": "1", "PYTHON": python}
    done = subprocess.run(
        [str(ROOT / "scripts" / "in-namespace"), *command],
        env=environment, cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode or "no network namespace" in done.stderr:
        error = subprocess.CalledProcessError(done.returncode, command)
        error.add_note(done.stdout + done.stderr)
        raise error
    return done.stdout


if __name__ == "__main__":
    print(measure_offline())
