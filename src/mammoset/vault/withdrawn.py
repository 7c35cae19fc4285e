"""Who was withdrawn, and what the vault holds of somebody: whose an identity is, and taking it away."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mammoset.errors import storing
from mammoset.vault.store import Vault

WITHDRAWING = "withdrawing"
"""First word of the mark of a withdrawal that has begun and not ended; the second is the patient's token."""
ERASING = "erasing"
"""Mark of deleted rows that may still be read in the pages of a database or its log."""
FEW = 500

Identity = tuple[str, str]
"""Kind and pseudonym."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What the vault holds of some patients.

    Attributes
    ----------
    studies : mapping of pseudonym to original UID
        The original is empty where it is not known.
    identities : frozenset of (kind, pseudonym)
        Of the patients, their exams, and all that is theirs alone.
    n_originals, size : int
        Files in quarantine, and their bytes.
    """

    patients: frozenset[str] = frozenset()
    studies: Mapping[str, str] = field(default_factory=dict)
    identities: frozenset[Identity] = frozenset()
    n_originals: int = 0
    size: int = 0


def tombstones(vault: Vault) -> frozenset[str]:
    """Return the tokens (`Keys.tombstone_of`) of all who were withdrawn."""
    with vault.database.reading() as connection:
        return frozenset(row[0] for row in connection.execute("SELECT token FROM withdrawn"))


def bury(vault: Vault, tokens: Iterable[str]) -> None:
    """Remember tokens; those that are there stay."""
    with vault.database.writing() as connection:
        connection.executemany("INSERT OR IGNORE INTO withdrawn VALUES (?)", [(one,) for one in tokens])


def set_mark(vault: Vault, mark: str, note: str = "") -> None:
    """Note that something has begun; where it had begun before, the first note stays."""
    with vault.database.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", (mark, note))


def clear_mark(vault: Vault, mark: str) -> None:
    """Note that it has ended."""
    with vault.database.writing() as connection:
        connection.execute("DELETE FROM facts WHERE name = ?", (mark,))


def is_marked(vault: Vault, mark: str) -> bool:
    """Whether something has begun and not ended."""
    return note_of(vault, mark) is not None


def has_marks(vault: Vault, first_word: str) -> bool:
    """Whether there is a mark that begins with this word."""
    with vault.database.reading() as connection:
        query = "SELECT 1 FROM facts WHERE substr(name, 1, ?) = ?"
        return connection.execute(query, (len(first_word) + 1, f"{first_word} ")).fetchone() is not None


def note_of(vault: Vault, mark: str) -> str | None:
    """Return what was noted when something began; None where nothing has, or it has ended."""
    with vault.database.reading() as connection:
        row = connection.execute("SELECT value FROM facts WHERE name = ?", (mark,)).fetchone()
    return None if row is None else str(row[0])


def belongings(vault: Vault, patients: Collection[str], studies: Collection[str] = ()) -> Belongings:
    """Return what the vault holds of patients.

    Parameters
    ----------
    patients : collection of str
        Their pseudonyms.
    studies : collection of str
        Exams that are known to be theirs from elsewhere.
    """
    with vault.database.reading() as connection:
        owned = _owned(connection, patients)
        exams = {*studies, *(pseudonym for kind, pseudonym in owned if kind == "study")}
        exams |= {row[0] for row in _among(connection, "SELECT study_id FROM originals", "patient_id", patients)}
        everybody = {*patients, *exams}
        things = owned | _owned(connection, exams)
        alone = {one for one in things if one[0] == "study" or _owners(connection, one) <= everybody}
        rows = _among(connection, "SELECT pseudonym, original, kind FROM identities", "pseudonym", exams)
        originals = {pseudonym: original for pseudonym, original, kind in rows if kind == "study"}
        files = _among(connection, "SELECT size FROM originals", "study_id", exams)
    named = {("patient", one) for one in patients} | {("study", one) for one in exams}
    return Belongings(
        frozenset(patients), {one: originals.get(one, "") for one in sorted(exams)}, frozenset(alone | named),
        len(files), sum(row[0] for row in files),
    )  # fmt: skip


def forget(vault: Vault, gone: Belongings) -> None:
    """Take away the originals and then, in one transaction, every identity and record of them.

    Raises
    ------
    StorageError
        If a file cannot be deleted; nothing of the record is gone then.
    """
    with storing(vault.quarantine):
        for study_id in gone.studies:
            if (vault.quarantine / study_id).exists():
                shutil.rmtree(vault.quarantine / study_id)
    with vault.database.writing() as connection:
        connection.executemany("DELETE FROM identities WHERE kind = ? AND pseudonym = ?", gone.identities)
        connection.executemany("DELETE FROM owners WHERE kind = ? AND pseudonym = ?", gone.identities)
        for owner in (*gone.patients, *gone.studies):
            connection.execute("DELETE FROM owners WHERE owner = ?", (owner,))
        for study_id in gone.studies:
            connection.execute("DELETE FROM originals WHERE study_id = ?", (study_id,))


def _owned(connection: sqlite3.Connection, owners: Collection[str]) -> set[Identity]:
    rows = _among(connection, "SELECT kind, pseudonym FROM owners", "owner", owners)
    return {(kind, pseudonym) for kind, pseudonym in rows}


def _owners(connection: sqlite3.Connection, identity: Identity) -> set[str]:
    rows = connection.execute("SELECT owner FROM owners WHERE kind = ? AND pseudonym = ?", identity)
    return {row[0] for row in rows}


def _among(connection: sqlite3.Connection, query: str, column: str, values: Collection[str]) -> list[tuple[Any, ...]]:
    """Return the rows of a query whose column is one of the values."""
    ordered = sorted(values)
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ordered), FEW):
        some = ordered[start : start + FEW]
        marks = ", ".join("?" * len(some))
        found += connection.execute(f"{query} WHERE {column} IN ({marks})", some).fetchall()  # constants and marks
    return found
