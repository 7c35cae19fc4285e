"""The vault: its key, identities, quarantine."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from mammoset.errors import ConfigError
from mammoset.vault import Original, Vault

SECRET = bytes(range(32))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.create(tmp_path / "project.vault", "dataset")


def original(vault: Vault, study: str = "S1", image: str = "I1") -> Original:
    place = vault.place(study, image)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"original")
    return Original(image, study, "SE1", "P1", place, "0" * 64, 8)


def test_nobody_else_may_look_into_it(vault: Vault) -> None:
    for path, mode in ((vault.root, 0o700), (vault.root / "key", 0o600), (vault.root / "identities.sqlite", 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    assert stat.S_IMODE(vault.quarantine.stat().st_mode) == 0o700


def test_opening_it_again_gives_the_same_pseudonyms(vault: Vault) -> None:
    again = Vault.create(vault.root, "dataset")
    assert again.keys == vault.keys == Vault(vault.root, "dataset").keys


def test_identities_are_remembered_and_never_overwritten(vault: Vault) -> None:
    vault.remember("study", [("S1", "1.2.3")])
    vault.remember("study", [("S1", "9.9.9"), ("S2", "1.2.4")])
    assert vault.original_of("study", "S1") == "1.2.3"
    assert vault.identities("study") == {"S1": "1.2.3", "S2": "1.2.4"}
    assert vault.original_of("patient", "S1") is None


def test_originals_are_listed_in_order(vault: Vault) -> None:
    made = [original(vault, "S2", "I3"), original(vault, "S1", "I2"), original(vault, "S1", "I1")]
    vault.admit(*made)
    assert vault.originals() == [made[2], made[1], made[0]]
    assert vault.originals("S2") == [made[0]]


def test_a_purge_deletes_the_file_and_then_its_record(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.admit(original(vault, "S1", "I1"), original(vault, "S2", "I2"))

    def interrupted(path: Path) -> None:
        raise OSError("no rights")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", interrupted)
        with pytest.raises(OSError, match="no rights"):
            vault.purge(["S1"])
    assert len(vault.originals()) == 2, "what could not be deleted is still known"
    assert vault.purge(["S1"]) == 1
    assert [one.study_id for one in vault.originals()] == ["S2"]
    assert not vault.place("S1", "I1").exists()
    assert vault.place("S2", "I2").exists()


def test_what_was_pushed_survives_when_the_incoming_is_emptied(vault: Vault) -> None:
    (vault.incoming / "half").write_bytes(b"")
    (vault.pushed / "whole").write_bytes(b"")
    vault.empty_incoming()
    assert not list(vault.incoming.iterdir())
    assert [path.name for path in vault.pushed.iterdir()] == ["whole"]


def test_a_missing_key_is_never_replaced_once_there_are_identities(vault: Vault) -> None:
    (vault.root / "key").unlink()
    with pytest.raises(ConfigError, match="backup"):
        Vault.create(vault.root, "dataset")
    with pytest.raises(ConfigError, match="backup"):
        Vault(vault.root, "dataset")
    assert not (vault.root / "key").exists()


def test_another_key_is_recognized(vault: Vault) -> None:
    (vault.root / "key").write_text(SECRET.hex())
    with pytest.raises(ConfigError, match="not the one its identities were recorded under"):
        Vault(vault.root, "dataset")


@pytest.mark.parametrize("content", ["", "not hex", "00" * 16])
def test_a_damaged_key_is_an_error_that_does_not_quote_it(vault: Vault, content: str) -> None:
    (vault.root / "key").write_text(content)
    with pytest.raises(ConfigError, match="vault: ") as caught:
        Vault(vault.root, "dataset")
    assert not content or content not in str(caught.value)


def test_no_temporary_key_is_left(vault: Vault) -> None:
    assert {path.name for path in vault.root.iterdir() if "key" in path.name} == {"key"}
