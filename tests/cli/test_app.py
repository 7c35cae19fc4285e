"""The program as a user meets it: one line for an error, exit codes, JSON when asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mammoset
from mammoset.cli.app import app
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.hospital import build_hospital
from mammoset.project import Project
from tests.builders import make_project
from tests.running import Run

COMMANDS = sorted(
    [command.name or "" for command in app.registered_commands] + [group.name or "" for group in app.registered_groups]
)


def test_a_new_project_says_what_to_do_next(run: Run, tmp_path: Path) -> None:
    done = run("init", tmp_path / "my-dataset")
    assert done.code == 0
    assert "next: mammoset acquire folder PATH" in done.out
    assert run("-C", tmp_path / "my-dataset", "status").code == 0


def test_an_error_is_one_line_on_stderr_and_exit_1(run: Run, tmp_path: Path) -> None:
    done = run("-C", tmp_path, "status")
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("mammoset: ")
    assert done.err.count("\n") == 1
    assert "make one with 'mammoset init'" in done.err


def test_a_defect_of_the_program_is_one_line_that_quotes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(root: Path, asked: object = None) -> Project:
        raise ValueError("NGUYEN^THI^LAN")

    monkeypatch.setattr(Project, "open", broken)
    done = run("-C", tmp_path, "status")
    assert (done.code, done.out) == (1, "")
    assert done.err == "mammoset: unexpected ValueError, a defect of the program; --debug shows where\n"


def test_readings_in_another_encoding_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reads.json").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("read", "import", tmp_path / "reads.json").err


def test_debug_shows_where_an_error_came_from(run: Run, tmp_path: Path) -> None:
    assert "Traceback" in run("--debug", "-C", tmp_path, "status").err


def test_a_wrong_command_is_exit_2(run: Run) -> None:
    assert run("aquire").code == 2


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == f"mammoset {mammoset.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert "Usage: mammoset" in done.out


def test_status_is_a_tree_for_people_and_json_for_programs(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p", studies=2).close()
    people = run("-C", tmp_path / "p", "status").out
    assert "     2  exams in the pool" in people
    assert "…     2  not yet assigned to readers" in people
    values = json.loads(run("--json", "-C", tmp_path / "p", "status").out)
    assert values["flow"][0]["count"] == 2


def test_the_reading_commands_work_together(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p", studies=2).close()
    here = ("-C", tmp_path / "p")
    assert "r0    reads      2" in run(*here, "read", "assign").out
    assert run(*here, "read", "assign").out == "nothing to assign\n"
    reads = [
        {
            "study_id": f"2.25.{study}",
            "reader_id": reader,
            "breasts": [{"laterality": side, "birads": 1 + (reader == "r1"), "density": "B"} for side in "LR"],
        }
        for study in range(2)
        for reader in ("r0", "r1")
    ]
    file = tmp_path / "reads.json"
    file.write_text(json.dumps({"readings": reads}))
    assert run(*here, "read", "import", file, "--dry-run").out == "would record 4 readings and 0 arbitrations\n"
    assert run(*here, "read", "import", file).out == "recorded 4 readings and 0 arbitrations\n"
    assert "awaiting_arbitration" in run(*here, "read", "status").out
    assert "kappa" in run(*here, "read", "agreement").out
    done = run(*here, "read", "import", file)
    assert done.code == 1
    assert "nothing was imported" in done.err


def test_review_takes_whole_exams_or_single_images(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p", studies=2, approved=False).close()
    here = ("-C", tmp_path / "p", "review")
    done = run(*here, "decide", "approve", "2.25.0", "--by", "lan")
    assert done.out == "1 exams approved, 0 rejected, 1 waiting\n"
    done = run(*here, "decide", "reject", "2.25.1000", "--by", "lan", "--reason", "image_quality")
    assert done.out == "1 exams approved, 1 rejected, 0 waiting\n"
    assert run(*here, "decide", "reject", "2.25.0", "--by", "lan").code == 2


def test_people_are_added_with_their_profile(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p", studies=0, readers=0).close()
    here = ("-C", tmp_path / "p", "user")
    assert run(*here, "add", "lan", "--role", "reader", "--years-experience", 14, "--annual-volume", 10000).code == 0
    assert "the name is empty" in run(*here, "add", " ", "--role", "reader").err
    assert "'judge' is no role; allowed: reader" in run(*here, "add", "lan", "--role", "judge").err
    assert json.loads(run("--json", *here, "list").out)[0] == {
        "name": "lan", "roles": ["reader"], "years_experience": 14, "annual_volume": 10000, "can_sign_in": True,
    }  # fmt: skip


def test_pseudonymize_says_that_incomplete_exams_wait_and_what_lets_them_through(run: Run, tmp_path: Path) -> None:
    here = ("-C", tmp_path / "p")
    run("init", tmp_path / "p")
    hospital = build_hospital(
        tmp_path / "h", n_exams=1, seed=3, size="small", flaws={Flaw.MISSING_VIEW: 1.0}, workers=1
    )
    assert run(*here, "acquire", "folder", hospital.images).code == 0
    done = run(*here, "pseudonymize", "--workers", 1)
    assert "1 incomplete exam stayed in quarantine; --allow-incomplete lets them through" in done.out
    assert "quarantine" not in run(*here, "pseudonymize", "--workers", 1, "--allow-incomplete").out
