"""Where a project names somebody: content, held regions, exports, unfinished and finished releases, backups."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from mammoset.catalog.backup import BackupRecord, backups, unfinished_backup
from mammoset.catalog.withdrawal import NAME, SUBJECTS
from mammoset.errors import storing
from mammoset.project import Project

SHEETS = ("sheets", "review")
"""Folders of pictures that show many patients at once, and cannot be searched: they go as a whole."""
OURS = ("content", "held", "exports", "releases", ".locks", *SHEETS)
SHEET_PICTURES = "sheet-[0-9]*.png"
"""Pictures of a reviewer's sheets, in whatever folder the reviewer named."""
CATALOG_FILE = "catalog.sqlite"
TEXTS = (".csv", ".json", ".html", ".md", ".txt", ".toml", ".tsv", ".xml", ".yaml", ".yml", ".jsonl", ".ndjson", ".log")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Traces:
    """What names somebody, by what can be done about it.

    Attributes
    ----------
    removable : tuple of Path
        Files and folders that the program made and can make again: they are deleted.
    exports : tuple of str
        Names of the exports among them.
    releases : tuple of str
        Versions that were published: they are frozen, and a person must act.
    elsewhere : tuple of str
        Files in the project's folder, relative to it, that people laid there, and folders of reviewers' sheets.
    backups : tuple of dict
        ``place``, ``at``, ``parts``, and ``is_seen``: whether it was looked into.
    """

    removable: tuple[Path, ...] = ()
    exports: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    backups: tuple[dict[str, object], ...] = field(default=())


def traces_of(project: Project, names: Collection[str]) -> Traces:
    """Find what names somebody under one of these pseudonyms, outside catalog and vault."""
    gone = frozenset(names)
    exports = [path for path in _children(project.exports) if path.name.startswith(".") or _has_trace(path, gone)]
    staged = [path for path in _children(project.releases) if path.name.startswith(".") and _is_named(path, gone)]
    pictures = [folder for name in SHEETS if (folder := project.root / name).is_dir()]
    made = [*_content(project, gone), *(path for path in _children(project.held) if path.name in gone)]
    return Traces(
        removable=(*made, *exports, *staged, *pictures),
        exports=tuple(path.name for path in exports if not path.name.startswith(".")),
        releases=tuple(path.name for path in _releases(project) if _is_named(path, gone) or _mentions(path, gone)),
        elsewhere=tuple(sorted(set(_elsewhere(project, gone)))),
        backups=tuple(_backups(project, gone)),
    )


def remove(traces: Traces, root: Path) -> None:
    """Delete what can be made again; `StorageError` when something cannot be deleted."""
    with storing(root):
        for path in traces.removable:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            above = path.parent
            if above.parent.parent == root and not any(above.iterdir()):  # a patient without exams
                above.rmdir()


def _content(project: Project, gone: frozenset[str]) -> Iterator[Path]:
    """Yield the patients' folders, and exams and images of theirs that lie in another's."""
    for patient in _children(project.content.root):
        if patient.name in gone:
            yield patient
        else:
            yield from (study for study in _children(patient) if study.name in gone)


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _releases(project: Project) -> list[Path]:
    return [path for path in _children(project.releases) if path.is_dir() and not path.name.startswith(".")]


def _is_named(folder: Path, gone: frozenset[str]) -> bool:
    """Whether the name of a file or folder below is, or holds, one of the names."""
    return any(name in gone for path in folder.rglob("*") for name in NAME.findall(path.name))


def _mentions(folder: Path, gone: frozenset[str]) -> bool:
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return any(_says(path, gone) for path in files if path.suffix in TEXTS and path.is_file())


def _has_trace(path: Path, gone: frozenset[str]) -> bool:
    return _is_named(path, gone) or _mentions(path, gone)


def _says(path: Path, gone: frozenset[str]) -> bool:
    """Whether a text names one of them; read in pieces, of which each repeats the end of the one before."""
    end = ""
    with path.open(encoding="utf-8", errors="replace") as file:
        while piece := file.read(CHUNK):
            if any(name in gone for name in NAME.findall(end + piece)):
                return True
            end = piece[-64:]
    return False


def _elsewhere(project: Project, gone: frozenset[str]) -> Iterator[str]:
    """Yield the files that somebody put into the project's folder and that name them."""
    for path in _children(project.root):
        if path.name in OURS or path.name.startswith(CATALOG_FILE) or path == project.vault_path:
            continue
        files: Iterable[Path] = path.rglob("*") if path.is_dir() else [path]
        for file in files:
            is_named = any(name in gone for name in NAME.findall(str(file.relative_to(project.root))))
            if file.is_file() and (is_named or (file.suffix in TEXTS and _says(file, gone))):
                is_sheet = any(file.parent.glob(SHEET_PICTURES))  # its pictures cannot be searched
                yield f"{file.parent.relative_to(project.root)}/" if is_sheet else str(file.relative_to(project.root))


def _backups(project: Project, gone: frozenset[str]) -> Iterator[dict[str, object]]:
    for one in backups(project.catalog):
        is_seen, is_in = _look_into(one, gone)
        if is_in or not is_seen:
            yield {"place": str(_place_of(one)), "at": one.at.isoformat(), "parts": list(one.parts), "is_seen": is_seen}


def _place_of(backup: BackupRecord) -> Path:
    """Return where a backup is, or what a kill left of it."""
    place = Path(backup.place)
    unfinished = unfinished_backup(place)
    return unfinished if unfinished.exists() and not place.exists() else place


def _look_into(backup: BackupRecord, gone: frozenset[str]) -> tuple[bool, bool]:
    """Return whether a backup can be looked into from here, and whether it names them."""
    database = _place_of(backup) / CATALOG_FILE
    if not database.is_file():
        return False, False
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return True, any(_subjects(connection) & gone)
    except sqlite3.Error:
        return False, False


def _subjects(connection: sqlite3.Connection) -> frozenset[str]:
    """Return every pseudonym that the tables of a catalog are about."""
    found: set[str] = set()
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')} & set(SUBJECTS)
        for column in sorted(columns):
            query = f'SELECT DISTINCT "{column}" FROM "{table}"'  # noqa: S608 - names of our own tables
            found |= {row[0] for row in connection.execute(query)}
    return frozenset(found)
