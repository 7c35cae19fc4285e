"""The vault as its two stages see it: pseudonyms, identities, and the originals in quarantine."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mammoset.errors import ConfigError, storing
from mammoset.vault.connection import Connection
from mammoset.vault.keys import KEY_FILE, Keys, fingerprint, read_key, write_new_key
from mammoset.vault.wrapping import WRAPPED_FILE, read_wrapped

IDENTITIES_FILE = "identities.sqlite"
SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS identities (
    kind TEXT NOT NULL, pseudonym TEXT NOT NULL, original TEXT NOT NULL, PRIMARY KEY (kind, pseudonym)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS originals (
    image_id TEXT PRIMARY KEY, study_id TEXT NOT NULL, series_id TEXT NOT NULL, patient_id TEXT NOT NULL,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS originals_by_study ON originals (study_id);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owners (
    kind TEXT NOT NULL, pseudonym TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (kind, pseudonym, owner)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS owners_by_owner ON owners (owner);
CREATE TABLE IF NOT EXISTS withdrawn (token TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO owners SELECT DISTINCT 'study', study_id, patient_id FROM originals;
INSERT OR IGNORE INTO owners SELECT DISTINCT 'series', series_id, study_id FROM originals;
INSERT OR IGNORE INTO owners SELECT 'image', image_id, study_id FROM originals;
"""
"""`owners` says whose an identity is: a study its patient's, everything else its study's, also once the original is
purged. The last lines fill it for vaults that were made before it."""

Asked = Callable[[], str]
"""Gives the passphrase of a wrapped key."""


@dataclass(frozen=True, slots=True)
class Original:
    """An original in quarantine, under its pseudonyms.

    Attributes
    ----------
    path : Path
        Absolute.
    sha256 : str
        Of the file's bytes.
    """

    image_id: str
    study_id: str
    series_id: str
    patient_id: str
    path: Path
    sha256: str
    size: int


class Vault:
    """An open vault of one dataset."""

    def __init__(self, root: Path, dataset: str, ask: Asked | None = None) -> None:
        self.root = root
        secret = read_secret(root, ask)
        self.keys = Keys.derive(secret, dataset)
        self.quarantine = root / "quarantine"
        with storing(root):
            self.quarantine.mkdir(mode=0o700, exist_ok=True)
        self.database = Connection(root / IDENTITIES_FILE)
        with self.database.reading() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < SCHEMA_VERSION:
                _make_tables(connection)
        self._recognize(secret)

    def _recognize(self, secret: bytes) -> None:
        """Refuse a key other than the one the identities were recorded under: it would give new pseudonyms."""
        mark, query = fingerprint(secret), "SELECT value FROM facts WHERE name = 'key'"
        with self.database.reading() as connection:
            row = connection.execute(query).fetchone()
        if row is None:
            with self.database.writing() as connection:
                connection.execute("INSERT OR IGNORE INTO facts VALUES ('key', ?)", (mark,))
                row = connection.execute(query).fetchone()
        if row[0] != mark:
            raise ConfigError(
                f"vault: the key in {self.root} is not the one its identities were recorded under; "
                "restore the key from its backup"
            )

    @classmethod
    def create(cls, root: Path, dataset: str, ask: Asked | None = None) -> Vault:
        """Open the vault at `root`; make it, with a new key, when there is none."""
        with storing(root):
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(0o700)
        has_key = any((root / name).exists() for name in (KEY_FILE, WRAPPED_FILE))
        if not has_key and (root / IDENTITIES_FILE).exists():
            raise ConfigError(
                f"vault: {root} holds identities but no key; restore the key from its backup – "
                "a new one would give new pseudonyms"
            )
        with storing(root):
            if not has_key:
                write_new_key(root / KEY_FILE)
            for left in root.glob(".key.*.part"):  # a run that was killed must not leave a second copy of the key
                left.unlink(missing_ok=True)
        return cls(root, dataset, ask)

    def close(self) -> None:
        """Close the database; it is closed anyway when nobody holds the vault any more."""
        self.database.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def remember(self, kind: str, originals: Iterable[tuple[str, str]]) -> None:
        """Record (pseudonym, original) pairs of one kind: ``patient``, ``study``, ``series`` or ``image``."""
        self.remember_all((kind, pseudonym, original) for pseudonym, original in originals)

    def remember_all(
        self, identities: Iterable[tuple[str, str, str]], owners: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        """Record identities, and whose they are, in one transaction; what is known stays as it is.

        Parameters
        ----------
        identities : iterable of (kind, pseudonym, original)
        owners : iterable of (kind, pseudonym, owner)
            The owner is the pseudonym of a patient or a study.
        """
        with self.database.writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO identities VALUES (?, ?, ?)", identities)
            connection.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?, ?)", owners)

    def original_of(self, kind: str, pseudonym: str) -> str | None:
        """Return the original behind a pseudonym, None when it is unknown."""
        with self.database.reading() as connection:
            query = "SELECT original FROM identities WHERE kind = ? AND pseudonym = ?"
            row = connection.execute(query, (kind, pseudonym)).fetchone()
        return str(row[0]) if row else None

    def identities(self, kind: str) -> dict[str, str]:
        """Return all recorded originals of one kind, by pseudonym."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT pseudonym, original FROM identities WHERE kind = ?", (kind,))
            return {str(pseudonym): str(original) for pseudonym, original in rows}

    @property
    def incoming(self) -> Path:
        """A folder for what is just arriving, on the same file system as its place."""
        folder = self.quarantine / ".incoming"
        with storing(self.quarantine):
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def empty_incoming(self) -> None:
        """Delete what an interrupted acquisition left behind; it will be fetched again."""
        with storing(self.quarantine):
            shutil.rmtree(self.incoming)

    @property
    def pushed(self) -> Path:
        """A folder for objects whose sender was told that we have them, until they are sorted in."""
        folder = self.quarantine / ".pushed"
        with storing(self.quarantine):
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def free_bytes(self) -> int:
        """Return how much the vault's file system can still take."""
        return shutil.disk_usage(self.quarantine).free

    def place(self, study_id: str, image_id: str) -> Path:
        """Return where the original of these pseudonyms belongs in quarantine."""
        return self.quarantine / study_id / f"{image_id}.dcm"

    def admit(self, *originals: Original) -> None:
        """Record originals whose files are already at their places; all or none."""
        rows = [
            (
                one.image_id, one.study_id, one.series_id, one.patient_id,
                str(one.path.relative_to(self.root)), one.sha256, one.size,
            )
            for one in originals
        ]  # fmt: skip
        with self.database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def originals(self, study_id: str | None = None) -> list[Original]:
        """Return the originals in quarantine, of one study or all, ordered by study and image pseudonym."""
        where, values = ("WHERE study_id = ?", (study_id,)) if study_id else ("", ())
        columns = "image_id, study_id, series_id, patient_id, path, sha256, size"
        with self.database.reading() as connection:
            query = f"SELECT {columns} FROM originals {where} ORDER BY study_id, image_id"  # noqa: S608 - constants
            rows = connection.execute(query, values).fetchall()
        return [
            Original(image_id, study, series, patient, self.root / path, sha256, size)
            for image_id, study, series, patient, path, sha256, size in rows
        ]

    def studies_of(self, image_ids: Iterable[str]) -> dict[str, str]:
        """Return the study under which each of these originals was recorded; without those that are not there."""
        query = "SELECT study_id FROM originals WHERE image_id = ?"
        with self.database.reading() as connection:
            found = {one: connection.execute(query, (one,)).fetchone() for one in image_ids}
        return {image_id: str(row[0]) for image_id, row in found.items() if row}

    def purge(self, study_ids: Iterable[str]) -> int:
        """Delete the originals of these studies from quarantine and return how many went.

        The files go first, their record after: what a kill or an error leaves is found by the next purge.

        Raises
        ------
        OSError
            If a file cannot be deleted.
        """
        count = 0
        for study_id in study_ids:
            folder = self.quarantine / study_id
            if folder.exists():
                shutil.rmtree(folder)
            with self.database.writing() as connection:
                count += connection.execute("DELETE FROM originals WHERE study_id = ?", (study_id,)).rowcount
        return count


def read_secret(root: Path, ask: Asked | None) -> bytes:
    """Return the secret of the vault at `root`, from its key or from its wrapped key.

    Raises
    ------
    ConfigError
        If there is neither, either is damaged, or the passphrase is not at hand or wrong.
    """
    wrapped = root / WRAPPED_FILE
    if (root / KEY_FILE).exists() or not wrapped.exists():
        return read_key(root / KEY_FILE)
    if ask is None:
        raise ConfigError(f"vault: the key at {wrapped} is under a passphrase, and nobody can be asked for it here")
    return read_wrapped(wrapped, ask())


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT")
