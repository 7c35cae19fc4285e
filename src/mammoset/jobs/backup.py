"""A backup of a project: settings, labels, catalog, and when asked content and the vault's key and identities."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mammoset import __version__
from mammoset.acquire import custody
from mammoset.catalog import Catalog, now
from mammoset.catalog.backup import copy_database, record_backup, unfinished_backup
from mammoset.content import flush, object_path, write_whole, writing
from mammoset.engine import Progress, silent
from mammoset.errors import CatalogError, DatasetDefect, storing
from mammoset.project import LABELS_NAME, Project
from mammoset.project.settings import FILE_NAME

FORMAT_VERSION = 1
MANIFEST = "backup.json"
CATALOG_FILE = "catalog.sqlite"
CONTENT, VAULT = "content", "vault"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What was backed up, or would be: ``parts`` of ``catalog``, ``content`` and ``vault``; files and their bytes."""

    folder: Path
    parts: tuple[str, ...]
    files: int
    size: int
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {**asdict(self), "folder": str(self.folder)}


def back_up(
    project: Project,
    folder: Path,
    *,
    with_content: bool = False,
    passphrase: str | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> BackupResult:
    """Write a backup to a new folder.

    The catalog becomes an SQLite file, also when it lies on a server: it can be looked into anywhere, and restored to
    either. The backup is recorded in the catalog before it begins, so that a withdrawal can name it. Killed at any
    moment and run again with the same folder, it goes on. Originals, exports and releases are no part of it.

    Parameters
    ----------
    folder : Path
        Not there yet, or empty.
    with_content : bool
        With the pseudonymized images.
    passphrase : str or None
        With the vault's key and identities, under this passphrase; None leaves them out.

    Raises
    ------
    CatalogError
        If the folder holds something.
    ConfigError
        If the vault has no usable key, or the passphrase is too short.
    DatasetDefect
        If an image of the content store is not the one that passed the gate.
    """
    folder = folder.absolute()
    _require_place(folder)
    if passphrase is not None:
        custody.require_passphrase(passphrase)
    parts = ("catalog", *((CONTENT,) if with_content else ()), *((VAULT,) if passphrase is not None else ()))
    with ExitStack() as locks:
        for stage in ("backup", "pseudonymize") if with_content else ("backup",):
            locks.enter_context(project.lock(stage))
        if dry_run:
            return _foreseen(project, folder, parts)
        record_backup(project.catalog, str(folder), parts)
        return _write(project, folder, parts, passphrase, progress)


def _require_place(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CatalogError(f"backup: {folder} holds something already; name a new folder for each backup")


def _foreseen(project: Project, folder: Path, parts: tuple[str, ...]) -> BackupResult:
    records = project.catalog.image_records() if CONTENT in parts else []
    return BackupResult(folder, parts, len(records) + 3, sum(one.size for one in records), dry_run=True)


def _write(
    project: Project, folder: Path, parts: tuple[str, ...], passphrase: str | None, progress: Progress
) -> BackupResult:
    """Write everything under a temporary name, the list of what there is last, and give it its own name."""
    staging = unfinished_backup(folder)
    with storing(folder.parent):
        staging.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (FILE_NAME, LABELS_NAME):
        write_whole(staging / name, (project.root / name).read_bytes())
    (staging / CATALOG_FILE).unlink(missing_ok=True)
    copy_database(project.catalog, staging / CATALOG_FILE)
    is_wrapped = passphrase is not None and custody.save(project, staging / VAULT, passphrase)
    if CONTENT in parts:
        _copy_content(project, staging, progress)
    digests = dict(_digests(staging, parts))
    manifest = {
        "format_version": FORMAT_VERSION, "dataset": project.settings.dataset.name, "made_with": __version__,
        "at": now().isoformat(), "parts": list(parts), "key_stays_wrapped": is_wrapped, "files": digests,
    }  # fmt: skip
    write_whole(staging / MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())
    with storing(folder.parent):
        size = sum((staging / name).stat().st_size for name in digests)
        staging.rename(folder)
        flush(folder.parent)
    return BackupResult(folder, parts, len(digests), size)


def _copy_content(project: Project, staging: Path, progress: Progress) -> None:
    """Copy the images that the copied catalog names, and take away what an earlier try copied and it does not name."""
    copied = Catalog.open(f"sqlite:///{staging / CATALOG_FILE}")
    records = copied.image_records()
    copied.close()
    wanted = {staging / CONTENT / object_path(one.image): one for one in records}
    with storing(staging):
        for path in (staging / CONTENT).rglob("*"):
            if path.is_file() and path not in wanted:
                path.unlink()
    for number, (path, record) in enumerate(wanted.items(), 1):
        if not (path.exists() and digest_of(path) == record.file_sha256):
            copy_file(project.content.path(record.image), path)
            if digest_of(path) != record.file_sha256:
                path.unlink()
                raise DatasetDefect(
                    f"content store: {object_path(record.image)} is not the file that passed the gate; "
                    "run 'mammoset pseudonymize' again, then this"
                )
        progress("images copied", number, len(wanted))


def _digests(staging: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in sorted(staging.rglob("*")):
        name = path.relative_to(staging).as_posix()
        is_part = name.partition("/")[0] not in (CONTENT, VAULT) or name.partition("/")[0] in parts
        if path.is_file() and name != MANIFEST and is_part:
            yield name, digest_of(path)
        elif path.is_file() and not is_part:
            path.unlink()  # an earlier try was asked for more


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file whole or not at all; `DatasetDefect` when it is not there."""
    with writing(target) as temporary:
        try:
            shutil.copyfile(source, temporary)
        except FileNotFoundError:
            raise DatasetDefect(f"{source.name} is missing in {source.parent}; nothing was changed") from None
