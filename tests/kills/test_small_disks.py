"""A disk that is full or read-only is named, nothing is half-written, and with room the stage comes to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills.small_disks import Twice, on_full_disk, on_read_only_disk, require_mounts
from tests.kills.stages import STAGES, States

pytestmark = [pytest.mark.real("unshare"), pytest.mark.xdist_group("kills")]
KIB = 1024


@pytest.fixture(autouse=True)
def _mounts() -> None:
    require_mounts()


def assert_told_and_mended(states: States, name: str, twice: Twice, said: str) -> None:
    """The first run says one line and leaves nothing half-written; the second comes to what is made undisturbed."""
    last = twice.first.stderr.splitlines()[-1]
    assert twice.first.returncode == 1, twice.first.stderr
    assert "Traceback" not in twice.first.stderr
    assert last.startswith("mammoset: "), last
    assert said in last, last
    assert last.endswith("run the same command again"), last
    assert not [path for path in twice.between.rglob("*") if path.name.endswith(".part") and path.is_file()]
    assert twice.second.returncode == 0, twice.second.stderr
    states.compare(STAGES[name], twice.after)


@pytest.mark.parametrize(
    ("name", "place", "room", "said"),
    [
        ("acquire folder", "project.vault", 700 * KIB, "MiB free"),
        ("acquire pacs", "project.vault", 700 * KIB, "MiB free"),
        ("acquire pacs", "project", 40 * KIB, "home/project: its disk is full; make room there, then run"),
        ("pseudonymize", "project/content", 500 * KIB, ": its disk is full; make room there, then run"),
        ("export", "project/exports", 12 * KIB, "home/project/exports: its disk is full; make room there, then run"),
        ("publish", "project/releases", 400 * KIB, ": its disk is full; make room there, then run"),
    ],
)
def test_a_full_disk_is_named_and_with_room_the_stage_is_completed(
    states: States, tmp_path: Path, name: str, place: str, room: int, said: str
) -> None:
    stage, home = STAGES[name], states.copy(STAGES[name].before, tmp_path / "home")
    (home / place).mkdir(exist_ok=True)
    twice = on_full_disk(home / place, home, states.command(stage, home), room=room)
    assert_told_and_mended(states, name, twice, said)


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("acquire folder", "project.vault", "home/project.vault: it is read-only"),
        ("pseudonymize", "project/content", ": it is read-only"),
    ],
)
def test_a_read_only_folder_is_named_and_nothing_in_it_is_lost(
    states: States, tmp_path: Path, name: str, place: str, said: str
) -> None:
    stage, home = STAGES[name], states.copy(STAGES[name].before, tmp_path / "home")
    (home / place).mkdir(exist_ok=True)
    before = sorted(path.relative_to(home) for path in (home / place).rglob("*"))
    twice = on_read_only_disk(home / place, home, states.command(stage, home))
    assert sorted(path.relative_to(twice.between) for path in (twice.between / place).rglob("*")) == before
    assert_told_and_mended(states, name, twice, said)
