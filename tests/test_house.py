"""The rules of the house, kept by tests: imports point one way, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "mammoset"
FILES = sorted(SOURCE.rglob("*.py"))
BANNED_NAMES = ("utils", "helpers", "helper", "manager", "common", "misc")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    return subprocess.run(
        [*command, "--config", str(root / "pyproject.toml")],
        cwd=root, env={"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_imports_point_one_way() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("terms/birads.py", "import mammoset.model", "imports point one way"),
        ("split/__init__.py", "import mammoset.export", "imports point one way"),
        ("publish/__init__.py", "import mammoset.vault", "only acquire and pseudonymize open the vault"),
        ("web/__init__.py", "import mammoset.acquire", "the web server cannot reach the vault"),
        ("domain/__init__.py", "import pydicom", "the domain is pure"),
    ],
)
def test_a_planted_violation_is_caught(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for file in FILES:
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    planted = tmp_path / "src" / "mammoset" / module
    planted.write_text(planted.read_text() + f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_no_file_is_longer_than_400_lines() -> None:
    long = {str(file): n for file in FILES if (n := len(file.read_text().splitlines())) > 400}
    assert not long


def test_no_function_is_longer_than_40_lines_of_code() -> None:
    """Docstring not counted: public ones are long on purpose."""
    long = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                start = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
                if node.end_lineno - (start or 0) > 40:
                    long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not long


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [file for file in FILES if file.stem in BANNED_NAMES]


@pytest.mark.xdist_group("house")
def test_tests_of_one_group_run_on_one_worker(request: pytest.FixtureRequest) -> None:
    """A group reaches the scheduler as the end of the test's name; without it the mark does nothing."""
    if request.config.getoption("loadgroup", False):
        assert request.node.nodeid.endswith("@house")
