"""`mammoset user` and the first line of `mammoset serve`: passwords are told once, and none is known beforehand."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mammoset.catalog import passwords
from mammoset.model import Reader
from mammoset.project import Project
from tests.builders import make_project
from tests.running import Run
from tests.trained import give_training

PASSWORD = re.compile(r"password ((?:[a-z2-9]{5}-){3}[a-z2-9]{5}) \(shown this once")


@pytest.fixture
def here(tmp_path: Path) -> tuple[Any, ...]:
    make_project(tmp_path / "p", studies=0, readers=0).close()
    return ("-C", tmp_path / "p", "user")


def is_right(root: Path, name: str, password: str) -> bool:
    with Project.open(root) as project:
        account = project.catalog.accounts.get(name)
        assert account is not None
        return passwords.is_right(account.password_hash, password)


def test_a_new_person_gets_a_password_that_must_be_changed(run: Run, here: tuple[Any, ...], tmp_path: Path) -> None:
    done = run(*here, "add", "lan", "--role", "reader")
    (given,) = PASSWORD.findall(done.out)
    assert is_right(tmp_path / "p", "lan", given)
    with Project.open(tmp_path / "p") as project:
        assert project.catalog.accounts.all()["lan"].must_change


def test_changing_a_person_gives_no_other_password_and_keeps_what_is_set_elsewhere(
    run: Run, here: tuple[Any, ...], tmp_path: Path
) -> None:
    given = json.loads(run("--json", *here, "add", "lan", "--role", "reader").out)["password"]
    with Project.open(tmp_path / "p") as project:
        project.catalog.put_reader(Reader("lan", ("reader",), is_available=False, workload_cap=7))
    done = run("--json", *here, "add", "lan", "--role", "arbiter")
    assert "password" not in json.loads(done.out)
    assert is_right(tmp_path / "p", "lan", given)
    with Project.open(tmp_path / "p") as project:
        person = next(one for one in project.catalog.readers() if one.reader_id == "lan")
    assert (person.roles, person.is_available, person.workload_cap) == (("arbiter",), False, 7)


def test_who_signs_in_elsewhere_gets_no_password(run: Run, here: tuple[Any, ...]) -> None:
    assert "password" not in run(*here, "add", "lan", "--role", "reader", "--no-password").out
    assert json.loads(run("--json", *here, "list").out)[0]["can_sign_in"] is False


def test_a_new_password_replaces_the_old_one(run: Run, here: tuple[Any, ...], tmp_path: Path) -> None:
    (old,) = PASSWORD.findall(run(*here, "add", "lan", "--role", "reader").out)
    (new,) = PASSWORD.findall(run(*here, "password", "lan").out)
    assert not is_right(tmp_path / "p", "lan", old)
    assert is_right(tmp_path / "p", "lan", new)
    assert "nobody is called 'bao'" in run(*here, "password", "bao").err


def test_a_password_may_come_by_the_standard_input(
    run: Run, here: tuple[Any, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*here, "add", "lan", "--role", "reader")
    for typed, code in [("a horse under the tree\n", 0), ("short\n", 1), ("", 1)]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        done = run(*here, "password", "lan", "--stdin")
        assert done.code == code
        assert "horse" not in done.out
    assert is_right(tmp_path / "p", "lan", "a horse under the tree")


def test_a_person_is_disabled_and_enabled_and_both_is_remembered(
    run: Run, here: tuple[Any, ...], tmp_path: Path
) -> None:
    run(*here, "add", "lan", "--role", "reader")
    for command, can in [("disable", False), ("enable", True)]:
        assert run(*here, command, "lan").code == 0
        assert json.loads(run("--json", *here, "list").out)[0]["can_sign_in"] is can
    assert "nobody is called" in run(*here, "disable", "bao").err
    with Project.open(tmp_path / "p") as project:
        kinds = [one.kind for one in reversed(project.catalog.events.page())]
    assert kinds == ["account_made", "account_disabled", "account_enabled"]


def test_a_name_that_is_too_long_is_refused(run: Run, here: tuple[Any, ...]) -> None:
    assert "longer than 64" in run(*here, "add", "x" * 65, "--role", "reader").err


def test_serve_makes_an_administrator_where_there_is_none_and_tells_the_password_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path / "p", studies=0, readers=0).close()
    give_training(tmp_path / "p")

    def ready_at_once(project: Project, *, on_ready: Any, **_: object) -> None:
        on_ready("http://127.0.0.1:1/")

    monkeypatch.setattr("mammoset.cli.serve.serve_pages", ready_at_once)
    first, second = run("-C", tmp_path / "p", "serve"), run("-C", tmp_path / "p", "serve")
    (given,) = PASSWORD.findall(first.out.replace("(shown this once;", "(shown this once"))
    assert first.out.startswith("administrator 'admin'")
    assert is_right(tmp_path / "p", "admin", given)
    assert "password" not in second.out
    assert second.out == "open http://127.0.0.1:1/\nstop with Ctrl-C\n"
