"""The vault: secret key, identities, quarantine of originals. Only `acquire` and `pseudonymize` import it.

::

    <vault>/                 mode 0700
      key                    32 random bytes, hex, mode 0600
      identities.sqlite      original ↔ pseudonym, and which original lies where
      quarantine/<study pseudonym>/<image pseudonym>.dcm     originals, byte for byte
      quarantine/.incoming/  what is just arriving; emptied whenever an acquisition starts
      quarantine/.pushed/    what a PACS sent of itself and was told we have, until it is sorted in

Pseudonyms are HMAC-SHA256 under keys derived from the vault key and the dataset's name (HKDF, RFC 5869),
so two datasets of one hospital cannot be linked to each other without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mammoset.errors import ConfigError, storing

KEY_BYTES = 32

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
"""


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


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one dataset, derived from the vault's."""

    uid: bytes
    patient: bytes

    @classmethod
    def derive(cls, secret: bytes, dataset: str) -> Keys:
        """Derive the keys of the dataset of this name."""

        def one(purpose: str) -> bytes:
            info = f"mammoset/{dataset}/{purpose}".encode()
            return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)

        return cls(uid=one("uid"), patient=one("patient"))

    def pseudonym_uid(self, uid: str) -> str:
        """Return a UID of the form ``2.25.<128-bit integer>`` (PS3.5 B.2) for an original one."""
        digest = hmac.new(self.uid, uid.strip(" \0").encode(), hashlib.sha256).digest()
        return f"2.25.{int.from_bytes(digest[:16], 'big')}"

    def pseudonym_patient(self, patient_id: str, issuer: str = "") -> str:
        """Return a patient's pseudonym, ``P`` and 16 hexadecimal digits, for an original id and its issuer."""
        text = f"{issuer.strip()}\0{patient_id.strip()}"
        return "P" + hmac.new(self.patient, text.encode(), hashlib.sha256).hexdigest()[:16].upper()


class Vault:
    """An open vault of one dataset."""

    def __init__(self, root: Path, dataset: str) -> None:
        self.root = root
        key_file = root / "key"
        try:
            secret = bytes.fromhex(key_file.read_text().strip())
        except (FileNotFoundError, ValueError):
            raise ConfigError(
                f"vault: no usable key at {key_file}; restore it from its backup – a new key would give new pseudonyms"
            ) from None
        if len(secret) != KEY_BYTES:
            raise ConfigError(f"vault: the key at {key_file} has {len(secret)} bytes, {KEY_BYTES} are needed")
        self.keys = Keys.derive(secret, dataset)
        self.quarantine = root / "quarantine"
        with storing(root):
            self.quarantine.mkdir(mode=0o700, exist_ok=True)
        with self._connected() as connection:
            connection.executescript(SCHEMA)
            self._recognize(connection, secret)

    def _recognize(self, connection: sqlite3.Connection, secret: bytes) -> None:
        """Refuse a key other than the one the identities were recorded under: it would give new pseudonyms."""
        mark = hmac.new(secret, b"mammoset/fingerprint", hashlib.sha256).hexdigest()[:16]
        connection.execute("INSERT OR IGNORE INTO facts VALUES ('key', ?)", (mark,))
        (known,) = connection.execute("SELECT value FROM facts WHERE name = 'key'").fetchone()
        if known != mark:
            raise ConfigError(
                f"vault: the key at {self.root / 'key'} is not the one its identities were recorded under; "
                "restore the key from its backup"
            )

    @classmethod
    def create(cls, root: Path, dataset: str) -> Vault:
        """Open the vault at `root`; make it, with a new key, when there is none."""
        with storing(root):
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(0o700)
        key_file = root / "key"
        if not key_file.exists() and (root / "identities.sqlite").exists():
            raise ConfigError(
                f"vault: {root} holds identities but no key; restore the key from its backup – "
                "a new one would give new pseudonyms"
            )
        with storing(root):
            if not key_file.exists():
                _write_new_key(key_file)
            for left in root.glob(".key.*.part"):  # a run that was killed must not leave a second copy of the key
                left.unlink(missing_ok=True)
        return cls(root, dataset)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        path = self.root / "identities.sqlite"
        with storing(self.root):
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                yield connection
            finally:
                connection.close()
            path.chmod(0o600)

    def remember(self, kind: str, originals: Iterable[tuple[str, str]]) -> None:
        """Record (pseudonym, original) pairs of one kind: ``patient``, ``study``, ``series`` or ``image``."""
        self.remember_all((kind, pseudonym, original) for pseudonym, original in originals)

    def remember_all(self, identities: Iterable[tuple[str, str, str]]) -> None:
        """Record (kind, pseudonym, original) triples in one transaction; what is known stays as it is."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO identities VALUES (?, ?, ?)", identities)
            connection.execute("COMMIT")

    def original_of(self, kind: str, pseudonym: str) -> str | None:
        """Return the original behind a pseudonym, None when it is unknown."""
        with self._connected() as connection:
            query = "SELECT original FROM identities WHERE kind = ? AND pseudonym = ?"
            row = connection.execute(query, (kind, pseudonym)).fetchone()
        return str(row[0]) if row else None

    def identities(self, kind: str) -> dict[str, str]:
        """Return all recorded originals of one kind, by pseudonym."""
        with self._connected() as connection:
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
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute("COMMIT")

    def originals(self, study_id: str | None = None) -> list[Original]:
        """Return the originals in quarantine, of one study or all, ordered by study and image pseudonym."""
        where, values = ("WHERE study_id = ?", (study_id,)) if study_id else ("", ())
        columns = "image_id, study_id, series_id, patient_id, path, sha256, size"
        with self._connected() as connection:
            query = f"SELECT {columns} FROM originals {where} ORDER BY study_id, image_id"  # noqa: S608 - constants
            rows = connection.execute(query, values).fetchall()
        return [
            Original(image_id, study, series, patient, self.root / path, sha256, size)
            for image_id, study, series, patient, path, sha256, size in rows
        ]

    def studies_of(self, image_ids: Iterable[str]) -> dict[str, str]:
        """Return the study under which each of these originals was recorded; without those that are not there."""
        query = "SELECT study_id FROM originals WHERE image_id = ?"
        with self._connected() as connection:
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
            with self._connected() as connection:
                count += connection.execute("DELETE FROM originals WHERE study_id = ?", (study_id,)).rowcount
        return count


def _write_new_key(path: Path) -> None:
    """Make a key that is there whole or not at all, and never replaces another."""
    temporary = path.with_name(f".key.{secrets.token_hex(4)}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # another process was faster: its key holds, and it may have taken ours away
        with suppress(FileExistsError, FileNotFoundError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
