"""Every stage comes through being killed, and through being started twice, to what it makes when nobody disturbs it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from mammoset.vault import Vault
from tests.kills.stages import STAGES, States
from tests.kills.striking import while_held

SEED = 2
STRUCK = ("acquire folder", "acquire pacs", "pseudonymize", "pseudonymize", "export", "publish")
"""Stages, each time to be killed at another moment; `bench.kills` does many more."""
MOMENTS = np.random.default_rng(SEED).uniform(0.05, 0.9, len(STRUCK))
pytestmark = pytest.mark.xdist_group("kills")


@pytest.mark.parametrize(("name", "share"), [(name, round(at, 2)) for name, at in zip(STRUCK, MOMENTS, strict=True)])
def test_a_stage_that_was_killed_is_completed_by_the_next_run(
    states: States, tmp_path: Path, name: str, share: float
) -> None:
    home = tmp_path / "home"
    states.strike_in_time(STAGES[name], home, share)
    states.come_through(STAGES[name], home)


@pytest.mark.parametrize(
    ("name", "rival", "running"),
    [
        ("acquire folder", "acquire pacs", "acquire"),
        ("pseudonymize", "pseudonymize", "pseudonymize"),
        ("export", "export", "export"),
        ("publish", "publish", "publish"),
    ],
)
def test_of_two_of_one_stage_the_second_is_told_so_and_the_first_goes_on(
    states: States, tmp_path: Path, name: str, rival: str, running: str
) -> None:
    stage, home = STAGES[name], states.copy(STAGES[name].before, tmp_path / "home")

    def start_another() -> subprocess.CompletedProcess[str]:
        return states.run(STAGES[rival], home)

    code, second = while_held(states.command(stage, home), home / "project" / ".locks" / running, start_another)
    assert second.returncode == 1
    assert second.stderr == f"mammoset: '{running}' is already running on this project; wait for it to end\n"
    assert code == 0
    states.compare(stage, home)


def test_a_copy_of_the_key_that_a_kill_left_is_taken_away(tmp_path: Path) -> None:
    key = Vault.create(tmp_path, "struck").keys
    (tmp_path / ".key.0123abcd.part").write_text((tmp_path / "key").read_text())
    assert Vault.create(tmp_path, "struck").keys == key
    assert not list(tmp_path.glob(".key*"))
