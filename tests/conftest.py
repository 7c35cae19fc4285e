"""Real components: where one is absent its tests are skipped with the reason, and fail when CI=true."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mammoset.cli import main
from tests import databases
from tests.memory import write_in_memory
from tests.postgres import SERVER_PROGRAMS
from tests.running import Done, Run

PROGRAMS = {
    "orthanc": ("Orthanc", "orthanc"),
    "dcmqrscp": ("dcmqrscp", "dcmtk"),
    "dciodvfy": ("dciodvfy", "dicom3tools"),
    "chromium": ("chromium", "chromium"),
    "nginx": ("nginx", "nginx"),
    "unshare": ("unshare", "util-linux"),
    "postgresql": ("initdb", "postgresql"),
    "orthanc-dicomweb": ("/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "orthanc-dicomweb"),
}
"""Component to the program or file that shows it is there, and the Debian package that brings it."""

SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *SERVER_PROGRAMS])

ON_BOTH = (
    "catalog", "load", "read/test_a", "read/test_flags.py", "read/test_stage.py", "export/test_export.py",
    "review/test_review.py", "review/test_values.py", "jobs/test_backup.py", "jobs/test_withdraw.py",
)  # fmt: skip
"""Tests that run on either database; the others run on the one that MAMMOSET_TEST_DATABASE names, or SQLite."""


def program(component: str) -> str | None:
    name = PROGRAMS[component][0]
    return name if Path(name).is_file() else shutil.which(name, path=SEARCH_PATH)


def pytest_configure() -> None:
    write_in_memory()
    databases.install()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = [marker.args[0] for marker in metafunc.definition.iter_markers("only_on")]
    where = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    if not kinds and where.startswith(ON_BOTH) and databases.WANTED == databases.SQLITE:
        kinds = [databases.SQLITE, databases.POSTGRESQL]
    marks = {databases.POSTGRESQL: pytest.mark.real("postgresql")}
    if kinds:
        metafunc.parametrize("database", [pytest.param(one, marks=marks.get(one, ())) for one in kinds], indirect=True)


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database on which the test's projects have their catalog."""
    kind = getattr(request, "param", databases.WANTED)
    with databases.catalogs_on(kind):
        yield kind


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("real"):
        component = marker.args[0]
        if program(component) is None:
            name, package = PROGRAMS[component]
            reason = f"{name} is not installed (Debian package {package}; 'make packages' installs it as root)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)


@pytest.fixture
def dciodvfy_errors() -> Callable[[Path], list[str]]:
    """Return a function: the error lines that dciodvfy finds in a file."""

    def errors(path: Path) -> list[str]:
        name = program("dciodvfy")
        assert name is not None
        done = subprocess.run([name, str(path)], capture_output=True, text=True, errors="replace", check=False)
        return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]

    return errors


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the program in this process, as a user would type it."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["mammoset", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return run
