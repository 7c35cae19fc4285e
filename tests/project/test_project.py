"""A project folder: made once, opened many times, one of each stage at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from mammoset.domain.labels import default_labels
from mammoset.errors import CatalogError, ConfigError
from mammoset.project import Project, vault_path_of


@pytest.mark.only_on("sqlite")
def test_a_new_project_has_settings_labels_and_an_empty_catalog(tmp_path: Path) -> None:
    with Project.create(tmp_path / "study-7") as project:
        assert project.settings.dataset.name == "study-7"
        assert project.schema == default_labels()
        assert project.catalog.pool() == []
    assert {one.name for one in (tmp_path / "study-7").iterdir()} >= {"mammoset.toml", "labels.toml", "catalog.sqlite"}


def test_a_project_is_never_made_over_another(tmp_path: Path) -> None:
    Project.create(tmp_path).close()
    with pytest.raises(ConfigError, match="is a mammoset project already; nothing was changed"):
        Project.create(tmp_path)


def test_a_wrong_name_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'dataset\.name' = 'a b' is not allowed"):
        Project.create(tmp_path / "p", name="a b")
    assert not (tmp_path / "p").exists()


def test_missing_labels_are_named(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        (project.root / "labels.toml").unlink()
        with pytest.raises(ConfigError, match=r"has no labels\.toml"):
            _ = project.schema


@pytest.mark.only_on("sqlite")
def test_a_catalog_that_is_gone_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    (tmp_path / "p" / "content" / "P1").mkdir(parents=True)
    with Project.open(tmp_path / "p") as project, pytest.raises(CatalogError, match="restore it from its backup"):
        _ = project.catalog


@pytest.mark.only_on("sqlite")
def test_a_damaged_catalog_is_named(tmp_path: Path) -> None:
    Project.create(tmp_path / "p").close()
    (tmp_path / "p" / "catalog.sqlite").write_text("no database")
    with Project.open(tmp_path / "p") as project, pytest.raises(CatalogError, match="it is damaged"):
        _ = project.catalog


def test_an_address_of_a_catalog_that_is_none_is_named(tmp_path: Path) -> None:
    settings = 'catalog = "nonsense"\n[dataset]\nname = "p"\n'
    with (
        Project.create(tmp_path / "p", settings_text=settings) as project,
        pytest.raises(CatalogError, match="no address of a database"),
    ):
        _ = project.catalog


@pytest.mark.parametrize("name", ["mammoset.toml", "labels.toml"])
def test_settings_in_another_encoding_are_named(tmp_path: Path, name: str) -> None:
    Project.create(tmp_path / "p").close()
    (tmp_path / "p" / name).write_bytes(b'title = "\xe9"')
    with pytest.raises(ConfigError, match=f"{name}: not UTF-8"):
        _ = Project.open(tmp_path / "p").schema


def test_two_of_one_stage_never_run_at_once_and_two_stages_may(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as first, Project.open(tmp_path / "p") as second:
        with first.lock("acquire"):
            with second.lock("split"):
                pass
            with pytest.raises(CatalogError, match="'acquire' is already running"), second.lock("acquire"):
                pass
        with second.lock("acquire"):
            pass


def test_the_vault_lies_beside_the_project_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAMMOSET_VAULT", raising=False)
    assert vault_path_of(tmp_path / "p") == tmp_path / "p.vault"
    monkeypatch.setenv("MAMMOSET_VAULT", "/secure/vault")
    assert vault_path_of(tmp_path / "p") == Path("/secure/vault")
