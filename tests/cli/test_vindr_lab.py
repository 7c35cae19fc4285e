"""Readings from one project to another by way of VinDr Lab's JSON, at the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mammoset.cli.app import app
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import ConfigError
from mammoset.project import Project
from tests.domain.exams import MOMENT, reading
from tests.read.lab import lab_text, make_lab_project, mark, tags


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_lab_project(tmp_path / "p") as made:
        yield made


def run(project: Project, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["-C", str(project.root), *arguments])


def test_an_export_is_imported_into_another_project(project: Project, tmp_path: Path) -> None:
    project.catalog.append(
        [
            Fact(FactKind.ASSIGNED, "s1", "r1", MOMENT),
            Fact(FactKind.SUBMITTED, "s1", "r1", MOMENT, reading=reading("r1", right=2)),
        ]
    )
    done = run(project, "--json", "export", "--format", "vindr-lab")
    file = Path(json.loads(done.stdout)["folder"]) / "vindr_lab.json"
    with make_lab_project(tmp_path / "q") as other:
        done = run(other, "read", "import", str(file), "--format", "vindr-lab")
        assert (done.exit_code, done.stdout) == (0, "recorded 1 reading (1 as reader)\n")
        done = run(other, "read", "import", str(file), "--format", "vindr-lab")
        assert done.stdout == "recorded 0 readings\n1 reading had been recorded before\n"


def test_what_was_left_out_is_named_and_a_map_mends_it(project: Project, tmp_path: Path) -> None:
    file, given = tmp_path / "lab.json", tmp_path / "map.toml"
    odd = mark("R-CC", ["worrying", "Mass"], (10, 10, 50, 60))
    file.write_text(
        lab_text(
            [odd], tags(right=4), labels=[*json.loads(lab_text())["labels"], {"id": "L worrying", "name": "worrying"}]
        )
    )
    command = ("read", "import", str(file), "--format", "vindr-lab")
    told = run(project, *command).stdout
    assert "recorded 0 readings\nleft out 1 reading:\n  finding[0], exam s1, r1: finding[0]: nobody says" in told
    given.write_text("[birads]\nworrying = 4\n")
    assert "recorded 1 reading" in run(project, *command, "--labels", str(given)).stdout


def test_a_map_without_the_format_is_refused(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "lab.json"
    file.write_text("{}")
    done = run(project, "read", "import", str(file), "--labels", str(file))
    assert isinstance(done.exception, ConfigError)
    assert "add --format vindr-lab" in str(done.exception)
