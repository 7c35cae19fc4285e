"""`mammoset read`: who reads what by the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset import read
from mammoset.project import Project
from tests.builders import make_project
from tests.read.acting import answer, standing
from tests.running import Run

EXAM = "2.25.0"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=2, readers=3) as opened:
        monkeypatch.chdir(opened.root)
        yield opened


def test_an_exam_is_given_taken_and_given_to_another(project: Project, run: Run) -> None:
    assert run("read", "give", EXAM, "r0").out == "r0 is its reader now\n"
    assert run("read", "give", EXAM, "r1", "--instead-of", "r0", "--reason", "ill").code == 0
    assert standing(project, 0).readers == ("r1",)
    assert run("read", "take", EXAM, "r1", "--reason", "away").out == "r1 is its reader no more\n"
    assert standing(project, 0).readers == ()


def test_what_cannot_be_is_one_line_that_says_why(project: Project, run: Run) -> None:
    for arguments, told in (
        (("give", EXAM, "senior"), "senior lacks the role 'reader'"),
        (("give", EXAM, "senior", "--as", "arbiter"), "no reader is assigned; assign readers first"),
        (("give", EXAM, "r0", "--reason", "x"), "say from whom, --instead-of"),
        (("take", EXAM, "r0", "--reason", "x"), "no reader is assigned"),
        (("close", "--by", "admin", "--confirm", "other"), "--confirm is not the dataset's name"),
        (("close", "--by", "admin", "--confirm", "test"), "nothing was assigned yet"),
    ):
        done = run("read", *arguments)
        assert done.code != 0
        assert told in done.err.replace("\n", " "), arguments
    assert project.catalog.facts() == {}


def test_what_the_caps_leave_is_assigned_when_asked_for_and_the_rest_is_said(project: Project, run: Run) -> None:
    for person in project.catalog.readers():
        if "reader" in person.roles:
            project.catalog.put_reader(type(person)(person.reader_id, person.roles, workload_cap=1))
    refused = run("read", "assign")
    assert refused.code != 0
    assert "2 reads cannot be assigned" in refused.err
    done = run("--json", "read", "assign", "--partial")
    assert json.loads(done.out)["missing"] == {"reader": 2}
    assert sum(json.loads(done.out)["reads"].values()) == 2


def test_the_phase_is_closed_by_who_names_the_dataset(project: Project, run: Run) -> None:
    read.assign(project)
    for n in range(2):
        for name in standing(project, n).readers:
            answer(project, f"2.25.{n}", name)
    assert run("read", "close", "--by", "admin", "--confirm", "test").out == "the reading phase is closed\n"
    assert standing(project, 0).is_closed
