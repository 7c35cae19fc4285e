"""`mammoset withdraw`, `backup`, `restore` and `vault` as a user meets them: secrets only by the standard input."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mammoset.acquire import acquire_folder
from mammoset.project import Project
from tests.acquire.made import encoded, exam
from tests.databases import place_for
from tests.running import Run

PASSPHRASE = "correct horse battery staple"
Say = Callable[[str], None]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Return a function that lays lines on the standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    for number, made in enumerate([*exam(1), *exam(2)]):
        (folder / str(number)).write_bytes(encoded(made))
    with Project.create(tmp_path / "project", "dataset") as project:
        acquire_folder(project, [folder])
    return tmp_path / "project"


def test_a_patient_is_withdrawn_by_the_standard_input_and_never_shown(run: Run, root: Path, say: Say) -> None:
    say("PAT0001\n")
    foreseen = run("-C", root, "withdraw", "--dry-run")
    assert foreseen.out.startswith("would take out 1 exam: 4 originals, 0 images, 0 facts of reading\n")
    say("PAT0001\n")
    done = run("-C", root, "withdraw", "--reason", "consent")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("took out 1 exam: 4 originals")
    assert "PAT0001" not in foreseen.out + done.out
    assert "−     1  its patient was withdrawn" in run("-C", root, "status").out
    say("PAT0001\n")
    assert "had been withdrawn before" in run("-C", root, "withdraw").out


def test_there_is_no_argument_for_an_id(run: Run, root: Path) -> None:
    assert run("-C", root, "withdraw", "PAT0001").code == 2


def test_an_unknown_id_is_an_error_that_does_not_repeat_it(run: Run, root: Path, say: Say) -> None:
    say("PAT9999\n")
    done = run("-C", root, "withdraw")
    assert done.code == 1
    assert "--refuse-in-future" in done.err
    assert "PAT9999" not in done.err
    say("PAT9999\n")
    done = run("--json", "-C", root, "withdraw", "--refuse-in-future")
    assert json.loads(done.out)["is_known"] is False
    say("\n")
    assert "no patient id was given" in run("-C", root, "withdraw").err
    assert "is no reason; allowed" in run("-C", root, "withdraw", "--reason", "she asked").err


def test_on_a_terminal_it_is_asked_without_echo_and_then_confirmed(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return "PAT0001"

    monkeypatch.setattr("mammoset.cli.passphrase.getpass", typed)
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run("-C", root, "withdraw").code == 1
    assert asked == ["patient id (not shown): "]
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    done = run("-C", root, "withdraw")
    assert "would take out 1 exam" in done.err
    assert "took out 1 exam" in done.out


def test_a_backup_is_made_and_restored(run: Run, root: Path, say: Say, tmp_path: Path) -> None:
    say(f"{PASSPHRASE}\n")
    done = run("-C", root, "backup", tmp_path / "saved", "--vault", "--content")
    assert done.out.startswith(f"backed up catalog, content, vault to {tmp_path / 'saved'}: 5 files")
    say(f"{PASSPHRASE}\n")
    place = place_for(tmp_path / "new")
    done = run("-C", tmp_path / "new", "restore", tmp_path / "saved", *([] if place is None else ["--catalog", place]))
    assert (done.code, done.err.count("Traceback")) == (0, 0)
    assert f"the vault is at {tmp_path / 'new.vault'}" in done.out
    assert run("-C", tmp_path / "new", "status").out == run("-C", root, "status").out
    assert "without --vault" in run("-C", root, "backup", tmp_path / "bare").out
    assert run("-C", tmp_path / "new", "restore", tmp_path / "bare").code == 1


def test_a_catalog_is_restored_to_the_database_that_is_named(run: Run, root: Path, tmp_path: Path) -> None:
    run("-C", root, "backup", tmp_path / "saved")
    place = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    assert run("-C", tmp_path / "new", "restore", tmp_path / "saved", "--catalog", place).code == 0
    assert run("-C", tmp_path / "new", "status").out == run("-C", root, "status").out
    done = run("-C", tmp_path / "third", "restore", tmp_path / "saved", "--catalog", place)
    assert (done.code, "is not empty, and nothing is overwritten" in done.err) == (1, True)
    assert run("-C", tmp_path / "third", "restore", tmp_path / "saved", "--catalog", "file").code == 0
    assert (tmp_path / "third" / "catalog.sqlite").exists()


def test_two_different_new_passphrases_are_refused(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSPHRASE, f"{PASSPHRASE}!"])
    monkeypatch.setattr("mammoset.cli.passphrase.getpass", lambda _: next(typed))
    monkeypatch.setattr("sys.stdin", Terminal())
    assert "the two passphrases differ" in run("-C", root, "vault", "wrap").err
    assert (root.with_name("project.vault") / "key").exists()


def test_the_key_is_wrapped_and_asked_for(run: Run, root: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say(f"{PASSPHRASE}\n")
    assert run("-C", root, "vault", "wrap").code == 0
    assert "MAMMOSET_PASSPHRASE_FILE" in run("-C", root, "acquire", "purge", "--dry-run").err
    monkeypatch.setattr("mammoset.cli.passphrase.getpass", lambda _: PASSPHRASE)
    monkeypatch.setattr("sys.stdin", Terminal())
    assert run("-C", root, "acquire", "purge", "--dry-run").code == 0
    assert run("-C", root, "vault", "unwrap").code == 0
    assert (root.with_name("project.vault") / "key").exists()


def test_a_purge_says_what_stays(run: Run, root: Path) -> None:
    done = run("-C", root, "acquire", "purge", "--dry-run")
    assert done.out == (
        "would delete 0 originals of 0 exams, 0.0 MB\n  stay: 2 exams that did not pass the gate or the review\n"
    )
    done = run("-C", root, "acquire", "purge", "--all")
    assert done.out == (
        "deleted 8 originals of 2 exams, 0.0 MB\n  of them 2 exams that did not pass the gate or the review\n"
    )
