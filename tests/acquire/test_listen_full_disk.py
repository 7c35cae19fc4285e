"""A disk that fills up while a PACS sends of itself: it is told, and sends again later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mammoset.project import Project
from mammoset.vault import Vault
from tests.acquire.listening import Listener
from tests.acquire.made import exam, mammogram
from tests.kills.small_disks import _unshare, require_mounts
from tests.kills.striking import environment

MIB = 1 << 20
FULL = 0xA700
SETTINGS = '[dataset]\nname = "dataset"\n[acquire]\nport = 0\nlisten_to = ["PACS"]\n'


def mount(options: str, place: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", place], check=True)


def files_of(vault: Path) -> list[str]:
    return sorted(path.name for path in (vault / "quarantine").rglob("*") if path.is_file())


def push_to_full_disk(root: Path) -> None:
    """Run in a mount namespace of its own."""
    with Project.create(root / "project", settings_text=SETTINGS) as project:
        place = project.vault_path
        place.mkdir()
        mount(f"mode=700,size={MIB}", place)
        Vault.create(place, "dataset")
        listener = Listener(project)
        try:
            huge = mammogram(1, "L-CC", Rows=1024, Columns=2048, PixelData=bytes(4 * MIB))
            assert listener.push([huge]) == [FULL], "it does not fit"
            assert listener.push(exam(1)) == [FULL] * 4, "they would fit, into what is kept free for the database"
            assert files_of(place) == []
            mount(f"remount,size={1024 * MIB}", place)
            assert listener.push([huge, *exam(1)[1:]]) == [0] * 4
            listener.wait_for(4)
        finally:
            summary = listener.end()
        assert summary.objects == {("kept", ""): 4}
        assert summary.exams == {("kept", ""): 1}
        assert len(files_of(place)) == 4


@pytest.mark.real("unshare")
def test_who_sends_to_a_full_disk_is_told_and_may_send_again_when_there_is_room(tmp_path: Path) -> None:
    require_mounts()
    script = f"import pathlib; from {__name__} import push_to_full_disk as run; run(pathlib.Path({str(tmp_path)!r}))"
    command = _unshare('exec "$0" "$@"')
    done = subprocess.run(
        [*command, sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=100,
        check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
