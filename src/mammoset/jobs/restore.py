"""Putting a backup back into an empty place."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mammoset.acquire import custody
from mammoset.catalog.backup import require_whole
from mammoset.catalog.moving import fill, release, require_usable
from mammoset.content import flush, write_whole
from mammoset.engine import Progress, silent
from mammoset.errors import CatalogError, ConfigError, DatasetDefect, storing
from mammoset.jobs.backup import CATALOG_FILE, FORMAT_VERSION, MANIFEST, VAULT, copy_file, digest_of
from mammoset.project import vault_path_of
from mammoset.project.settings import FILE_NAME, parse_settings, read_settings

RESTORED_FILE = ".restored"
"""In a vault that was restored before its project: which backup it came from."""


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was put back, and where; ``vault`` is None when the backup has none."""

    project: Path
    vault: Path | None
    parts: tuple[str, ...]
    made_at: str

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        vault = None if self.vault is None else str(self.vault)
        return {"project": str(self.project), "vault": vault, "parts": list(self.parts), "made_at": self.made_at}


def restore(
    folder: Path,
    root: Path,
    ask: Callable[[], str] | None = None,
    *,
    catalog: str | None = None,
    progress: Progress = silent,
) -> RestoreResult:
    """Put a backup back.

    Everything is checked and made under temporary names first; then the vault gets its name, then the project. Killed
    at any moment and run again, it is completed.

    Parameters
    ----------
    folder : Path
        The backup.
    root : Path
        The project's folder: not there yet, or empty; its vault likewise.
    ask : callable or None
        Gives the passphrase of the backup's vault.
    catalog : str or None
        Address of the database that the catalog goes to, which then stands in mammoset.toml; empty for a file in the
        project's folder. None for where mammoset.toml of the backup says. A database on a server must be there, and
        empty.

    Raises
    ------
    CatalogError
        If the project or its vault is there already, or the database is not empty or cannot be used.
    ConfigError
        If the passphrase is another one or missing.
    DatasetDefect
        If `folder` is no backup, or damaged.
    """
    root, vault = root.resolve(), vault_path_of(root)
    manifest, mark = _manifest(folder)
    filled_for = f"{mark} {root}"
    has_vault = VAULT in manifest["parts"]
    is_half_done = has_vault and _text(vault / RESTORED_FILE) == mark
    _require_empty(root, "project")
    if has_vault and not is_half_done:
        _require_empty(vault, "vault")
    staging = _beside(root)
    _fetch(folder, staging, manifest["files"], progress)
    require_whole(staging / CATALOG_FILE)
    address = _settle_settings(staging / FILE_NAME, catalog)
    if address:
        require_usable(address, filled_for)
    if has_vault:
        if not is_half_done:
            _restore_vault(staging / VAULT, vault, ask, mark, stays_wrapped=bool(manifest["key_stays_wrapped"]))
        shutil.rmtree(staging / VAULT)
    if address:
        fill(address, staging / CATALOG_FILE, filled_for)
        (staging / CATALOG_FILE).unlink()
    _settle(staging, root)
    if address:
        release(address)
    if has_vault:
        (vault / RESTORED_FILE).unlink(missing_ok=True)
    return RestoreResult(root, vault if has_vault else None, tuple(manifest["parts"]), str(manifest["at"]))


def _manifest(folder: Path) -> tuple[dict[str, Any], str]:
    """Return what a backup says of itself, and the digest of that."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = [FILE_NAME, CATALOG_FILE]
        is_ours = manifest["format_version"] == FORMAT_VERSION and all(one in manifest["files"] for one in names)
        is_plain = all(_is_plain(name) for name in manifest["files"])
        if not (is_ours and is_plain and {"parts", "at", "key_stays_wrapped"} <= manifest.keys()):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DatasetDefect(
            f"{folder} is no backup that this version can read: its {MANIFEST} is missing or damaged"
        ) from None
    return manifest, digest_of(folder / MANIFEST)


def _is_plain(name: str) -> bool:
    """Whether a name stays inside the folder that it is relative to."""
    parts = name.split("/")
    return "\\" not in name and all(part not in ("", ".", "..") for part in parts) and parts[-1] != MANIFEST


def _settle_settings(path: Path, catalog: str | None) -> str:
    """Let the settings name another catalog when one is asked for, and return which they name."""
    before = read_settings(path)
    if catalog is None or catalog == before.catalog:
        return before.catalog
    head, rest = _before_tables(path.read_text(encoding="utf-8-sig"))
    line = f"catalog = {json.dumps(catalog)}\n" if catalog else ""
    text = line + re.sub(r"(?m)^[ \t]*catalog[ \t]*=.*\n?", "", head) + rest
    if parse_settings(text) != before.model_copy(update={"catalog": catalog}):
        raise ConfigError(
            "restore: 'catalog' in mammoset.toml of the backup cannot be changed; restore without --catalog"
        )
    write_whole(path, text.encode())
    return catalog


def _before_tables(text: str) -> tuple[str, str]:
    """Return the part of the settings before the first table, and the rest."""
    first = re.search(r"(?m)^[ \t]*\[", text)
    end = len(text) if first is None else first.start()
    return text[:end], text[end:]


def _require_empty(place: Path, what: str) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise CatalogError(f"restore: {place} is not empty, and no {what} is overwritten; restore into another folder")


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}.restoring")


def _text(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def _fetch(folder: Path, staging: Path, digests: Mapping[str, str], progress: Progress) -> None:
    """Copy every file of the list and compare it with its digest."""
    with storing(staging.parent):
        if staging.exists():
            shutil.rmtree(staging)
        staging.mkdir(mode=0o700, parents=True)
    for number, (name, digest) in enumerate(sorted(digests.items()), 1):
        copy_file(folder / name, staging / name)
        if digest_of(staging / name) != digest:
            shutil.rmtree(staging)
            raise DatasetDefect(f"the backup is damaged: {name} is not the file that was backed up; take another one")
        progress("files restored", number, len(digests))


def _restore_vault(saved: Path, vault: Path, ask: Callable[[], str] | None, mark: str, *, stays_wrapped: bool) -> None:
    if ask is None:
        raise ConfigError("restore: the backup holds a vault; its passphrase is needed")
    staging = _beside(vault)
    with storing(vault.parent):
        if staging.exists():
            shutil.rmtree(staging)
    custody.restore_vault(saved, staging, ask(), stays_wrapped=stays_wrapped)
    write_whole(staging / RESTORED_FILE, mark.encode())
    _settle(staging, vault)


def _settle(staging: Path, place: Path) -> None:
    """Give a folder its name; an empty one of that name gives way."""
    with storing(place.parent):
        staging.rename(place)
        flush(place.parent)
