"""A key under a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from mammoset.acquire import acquire_folder, unwrap_key, wrap_key
from mammoset.acquire.admit import open_vault
from mammoset.errors import ConfigError
from mammoset.project import Project
from tests.acquire.made import exam

PASSPHRASE = "correct horse battery staple"


def test_a_wrapped_key_gives_the_same_pseudonyms_to_who_knows_the_passphrase(
    project: Project, folder: Path, write: Callable[[Iterable[Dataset]], None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write(exam(1))
    acquire_folder(project, [folder])
    keys = open_vault(project).keys
    wrap_key(project, PASSPHRASE)
    names = {path.name for path in project.vault_path.iterdir() if "key" in path.name}
    assert names == {"key.wrapped"}
    with pytest.raises(ConfigError, match="MAMMOSET_PASSPHRASE_FILE"):
        open_vault(project)
    with Project.open(project.root, asked=lambda: PASSPHRASE) as asked:
        assert open_vault(asked).keys == keys
    note = tmp_path / "note"
    note.write_text(PASSPHRASE)
    monkeypatch.setenv("MAMMOSET_PASSPHRASE_FILE", str(note))
    assert open_vault(project).keys == keys
    note.write_text("correct horse battery stable")
    with pytest.raises(ConfigError, match="does not open") as caught:
        open_vault(project)
    assert "stable" not in str(caught.value)
    note.write_text(PASSPHRASE)
    unwrap_key(project)
    monkeypatch.delenv("MAMMOSET_PASSPHRASE_FILE")
    assert open_vault(project).keys == keys
    with pytest.raises(ConfigError, match="under no passphrase"):
        unwrap_key(project)


def test_a_passphrase_file_that_is_not_there_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    open_vault(project)
    wrap_key(project, PASSPHRASE)
    monkeypatch.setenv("MAMMOSET_PASSPHRASE_FILE", "/nowhere/at/all")
    with pytest.raises(ConfigError, match="names no file"):
        open_vault(project)
