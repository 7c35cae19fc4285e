"""Backups: complete, closed to whoever finds one, recorded, and put back only where nothing is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect

from mammoset import acquire
from mammoset.acquire.admit import open_vault
from mammoset.acquire.withdrawal import Withdrawal
from mammoset.catalog.backup import backups
from mammoset.errors import CatalogError, ConfigError, DatasetDefect
from mammoset.jobs import restore as restoring
from mammoset.jobs.backup import back_up
from mammoset.jobs.restore import RESTORED_FILE, RestoreResult, restore
from mammoset.jobs.withdraw import Patient, withdraw_patient
from mammoset.project import Project
from mammoset.pseudonymize import pseudonymize
from tests.databases import new_catalog, place_for
from tests.jobs.released import SETTINGS, Released, found_below
from tests.kills.stages import files_below

PASSPHRASE = "correct horse battery staple"


def backed_up(made: Released, folder: Path, *, content: bool = False, vault: bool = True) -> Path:
    with Project.open(made.root) as project:
        return back_up(project, folder, with_content=content, passphrase=PASSPHRASE if vault else None).folder


def given() -> str:
    return PASSPHRASE


def put_back(saved: Path, root: Path, ask: Callable[[], str] = given) -> RestoreResult:
    """Restore a backup; where its catalog was on a server, into a new database there."""
    return restore(saved, root, ask, catalog=place_for(root))


def test_what_was_backed_up_comes_back(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup", content=True)
    done = put_back(saved, tmp_path / "new" / "project")
    assert (done.parts, done.vault) == (("catalog", "content", "vault"), tmp_path / "new" / "project.vault")
    with Project.open(released.root) as one, Project.open(done.project) as other:
        for part in ("pool", "decisions", "facts", "image_records", "split", "readers"):
            assert getattr(other.catalog, part)() == getattr(one.catalog, part)()
        assert files_below(other.content.root) == files_below(one.content.root)
        first, second = open_vault(one), open_vault(other)
        assert first.keys == second.keys
        for kind in ("patient", "study", "series", "image"):
            assert first.identities(kind) == second.identities(kind)
    assert not (tmp_path / "new" / "project.vault" / RESTORED_FILE).exists()
    assert not list((tmp_path / "new").glob(".*"))


def test_the_same_originals_get_the_same_pseudonyms_and_bytes_after_it(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup")
    done = put_back(saved, tmp_path / "new" / "project")
    with Project.open(done.project) as project:
        acquire.acquire_folder(project, [released.archive])
        pseudonymize(project, allow_incomplete=True)
        assert files_below(project.content.root) == files_below(released.root / "content")


def test_nobody_reads_in_it_who_a_patient_is_nor_the_key(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup", content=True)
    key = (released.vault / "key").read_text().strip()
    assert not found_below([saved], {key, *released.originals(released.patient_id)})
    assert key.encode() not in (saved / "catalog.sqlite").read_bytes()
    assert not any(bytes.fromhex(key) in path.read_bytes() for path in saved.rglob("*") if path.is_file())


def test_every_backup_is_recorded_and_a_withdrawal_names_those_that_hold_the_patient(
    released: Released, tmp_path: Path
) -> None:
    here = backed_up(released, tmp_path / "here")
    gone = backed_up(released, tmp_path / "gone")
    shutil.rmtree(gone)
    with Project.open(released.root) as project:
        assert [(one.place, one.parts) for one in backups(project.catalog)] == [
            (str(here), ("catalog", "vault")), (str(gone), ("catalog", "vault")),
        ]  # fmt: skip
        done = withdraw_patient(project, Patient(released.patient_id))
    assert sorted((str(one["place"]), bool(one["is_seen"])) for one in done.backups) == [
        (str(gone), False), (str(here), True),
    ]  # fmt: skip
    after = backed_up(released, tmp_path / "after")
    with Project.open(released.root) as project:
        again = withdraw_patient(project, Patient(released.other))
        with Withdrawal(project, Patient(released.patient_id)) as found:
            names = found.names
    assert str(after) in {one["place"] for one in again.backups}
    assert not found_below([after], names)


def test_what_a_kill_left_of_a_backup_is_named_where_it_lies(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("mammoset.acquire.custody.save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            backed_up(released, tmp_path / "backup")
    with Project.open(released.root) as project:
        (one,) = withdraw_patient(project, Patient(released.patient_id)).backups
    assert (one["place"], one["is_seen"]) == (str(tmp_path / ".backup.part"), True)


def test_a_backup_never_overwrites(released: Released, tmp_path: Path) -> None:
    backed_up(released, tmp_path / "backup")
    with pytest.raises(CatalogError, match="name a new folder"):
        backed_up(released, tmp_path / "backup")


def test_a_dry_run_writes_and_records_nothing(released: Released, tmp_path: Path) -> None:
    with Project.open(released.root) as project:
        done = back_up(project, tmp_path / "backup", with_content=True, dry_run=True)
        assert (done.dry_run, backups(project.catalog)) == (True, [])
        assert done.size == sum(one.size for one in project.catalog.image_records())
    assert not list(tmp_path.glob("*backup*"))


def test_a_short_passphrase_is_refused_before_anything_is_written(released: Released, tmp_path: Path) -> None:
    with Project.open(released.root) as project, pytest.raises(ConfigError, match="12 characters"):
        back_up(project, tmp_path / "backup", passphrase="short")
    assert not list(tmp_path.glob("*backup*"))


def test_an_image_that_is_not_the_one_that_passed_the_gate_is_told(released: Released, tmp_path: Path) -> None:
    victim = next((released.root / "content").rglob("*.dcm"))
    victim.write_bytes(victim.read_bytes() + b"\0")
    with pytest.raises(DatasetDefect, match="run 'mammoset pseudonymize' again"):
        backed_up(released, tmp_path / "backup", content=True)
    assert not (tmp_path / "backup").exists()


@pytest.mark.only_on("sqlite")
def test_a_catalog_in_a_file_elsewhere_is_backed_up_and_restored_alike(released: Released, tmp_path: Path) -> None:
    settings = released.root / "mammoset.toml"
    (released.root / "catalog.sqlite").rename(tmp_path / "other.sqlite")
    settings.write_text(f'catalog = "sqlite:///{tmp_path}/other.sqlite"\n' + settings.read_text())
    saved = backed_up(released, tmp_path / "backup", vault=False)
    with pytest.raises(CatalogError, match="the database of the catalog is not empty"):
        restore(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "other.sqlite").unlink()
    done = restore(saved, tmp_path / "new")
    assert (tmp_path / "other.sqlite").exists()
    assert not (done.project / "catalog.sqlite").exists()


def test_nothing_is_overwritten_by_a_restore(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup")
    with pytest.raises(CatalogError, match="no project is overwritten"):
        put_back(saved, released.root)
    (tmp_path / "new.vault").mkdir()
    (tmp_path / "new.vault" / "key").write_text("another")
    with pytest.raises(CatalogError, match="no vault is overwritten"):
        put_back(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_another_passphrase_does_not_open_it(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup")
    with pytest.raises(ConfigError, match="does not open"):
        put_back(saved, tmp_path / "new", lambda: "another passphrase")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.vault").exists()
    assert put_back(saved, tmp_path / "new").project == tmp_path / "new"


@pytest.mark.parametrize("name", ["catalog.sqlite", "mammoset.toml", "vault/identities.sealed", "vault/key.wrapped"])
def test_a_damaged_file_is_named(released: Released, tmp_path: Path, name: str) -> None:
    saved = backed_up(released, tmp_path / "backup")
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(DatasetDefect, match=name):
        put_back(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_identities_of_another_key_are_refused(released: Released, tmp_path: Path) -> None:
    saved = backed_up(released, tmp_path / "backup")
    other = Released(tmp_path / "other", released.hospital)
    with Project.create(other.root, settings_text=SETTINGS) as project:
        open_vault(project)
    foreign = backed_up(other, tmp_path / "foreign")
    name = "vault/identities.sealed"
    shutil.copyfile(foreign / name, saved / name)
    manifest = json.loads((saved / "backup.json").read_text())
    manifest["files"][name] = json.loads((foreign / "backup.json").read_text())["files"][name]
    (saved / "backup.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match="sealed under another key"):
        put_back(saved, tmp_path / "new")


@pytest.mark.parametrize(
    "change",
    [
        {"format_version": 2}, {"files": {}}, {"files": {"../outside": ""}}, {"files": None}, {"parts": None},
        {"files": {"mammoset.toml": "", "catalog.sqlite": "", "/etc/hosts": ""}},
    ],
)  # fmt: skip
def test_a_list_that_is_none_or_leads_outside_is_refused(
    released: Released, tmp_path: Path, change: dict[str, object]
) -> None:
    saved = backed_up(released, tmp_path / "backup", vault=False)
    manifest = {**json.loads((saved / "backup.json").read_text()), **change}
    (saved / "backup.json").write_text(json.dumps({key: one for key, one in manifest.items() if one is not None}))
    with pytest.raises(DatasetDefect, match="is no backup that this version can read"):
        put_back(saved, tmp_path / "new")


def test_a_restore_that_was_killed_between_vault_and_project_is_completed(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = backed_up(released, tmp_path / "backup")
    rename, places = Path.rename, []

    def killed(path: Path, target: Path) -> Path:
        places.append(target.name)
        if target.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            put_back(saved, tmp_path / "new")
    assert places == ["new.vault", "new"]
    assert put_back(saved, tmp_path / "new").vault == tmp_path / "new.vault"
    with Project.open(tmp_path / "new") as project:
        assert open_vault(project).identities("patient")


def test_a_wrapped_key_stays_wrapped(released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Project.open(released.root) as project:
        keys = open_vault(project).keys
        acquire.wrap_key(project, "another passphrase")
    note = tmp_path / "passphrase"
    note.write_text("another passphrase\n")
    monkeypatch.setenv("MAMMOSET_PASSPHRASE_FILE", str(note))
    saved = backed_up(released, tmp_path / "backup")
    done = put_back(saved, tmp_path / "new")
    assert done.vault is not None
    assert sorted(path.name for path in done.vault.glob("key*")) == ["key.wrapped"]
    note.write_text(PASSPHRASE)
    with Project.open(tmp_path / "new") as project:
        assert open_vault(project).keys == keys


@pytest.mark.only_on("sqlite")
@pytest.mark.real("postgresql")
@pytest.mark.parametrize(
    "head", ["", '# settings\ncatalog = ""\n', "catalog='' # here\n\n"], ids=["unsaid", "said", "in other words"]
)
def test_a_project_moves_to_a_server_and_back(released: Released, tmp_path: Path, head: str) -> None:
    settings = released.root / "mammoset.toml"
    settings.write_text(head + settings.read_text())
    saved = backed_up(released, tmp_path / "backup")
    address = new_catalog(tmp_path / "on a server", "postgresql")
    there = restore(saved, tmp_path / "on a server", given, catalog=address).project
    with Project.open(there) as project:
        assert project.catalog.engine.dialect.name == "postgresql"
        back = back_up(project, tmp_path / "back", passphrase=PASSPHRASE).folder
    home = restore(back, tmp_path / "home again", given, catalog="").project
    with Project.open(released.root) as one, Project.open(home) as other:
        assert (other.settings.catalog, other.catalog.engine.dialect.name) == ("", "sqlite")
        assert one.settings == other.settings
        for part in ("pool", "decisions", "facts", "image_records", "split", "readers"):
            assert getattr(other.catalog, part)() == getattr(one.catalog, part)(), part


def test_a_restore_that_was_killed_after_the_catalog_is_completed(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = backed_up(released, tmp_path / "backup")
    settle = restoring._settle

    def killed(staging: Path, place: Path) -> None:
        if place.name == "new":
            raise KeyboardInterrupt
        settle(staging, place)

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            put_back(saved, tmp_path / "new")
    put_back(saved, tmp_path / "new")
    with Project.open(tmp_path / "new") as project, Project.open(released.root) as original:
        assert project.catalog.facts() == original.catalog.facts()
        assert not inspect(project.catalog.engine).has_table("restoring")
