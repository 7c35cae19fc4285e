"""A vault's key and identities in a form that may leave it: the key under a passphrase, the identities under the key.

Identities are sealed with AES-256-GCM in pieces, each bound to its place and the last one to being the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): a piece taken away, added or moved is noticed.
"""

from __future__ import annotations

import secrets
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mammoset.errors import ConfigError, DatasetDefect, storing
from mammoset.vault.connection import Connection
from mammoset.vault.keys import KEY_FILE, derived, fingerprint, write_new_key, write_private
from mammoset.vault.store import IDENTITIES_FILE, Asked, read_secret
from mammoset.vault.wrapping import USUAL, WRAPPED_FILE, Cost, read_wrapped, wrapped_text

SEALED_FILE = "identities.sealed"
MAGIC = b"mammoset sealed 1\n"
PURPOSE = "backup/identities"
PIECE = 1 << 20
PREFIX_BYTES = 7
TAG_BYTES = 16


def save_vault(root: Path, folder: Path, passphrase: str, ask: Asked | None = None, cost: Cost = USUAL) -> bool:
    """Write key and identities of the vault at `root` to a folder; nothing of them lies there in clear.

    Returns
    -------
    bool
        Whether the vault keeps its key under a passphrase.

    Raises
    ------
    ConfigError
        If the vault has no usable key, or the passphrase is too short.
    StorageError
        If the folder cannot be written.
    """
    secret = read_secret(root, ask)
    text = wrapped_text(secret, passphrase, cost)
    with closing(Connection(root / IDENTITIES_FILE)) as database, database.reading() as connection:
        content = _snapshot(connection)
    with storing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / WRAPPED_FILE, text.encode())
        write_private(folder / SEALED_FILE, seal(content, secret))
    return not (root / KEY_FILE).exists()


def restore_vault(folder: Path, root: Path, passphrase: str, *, stays_wrapped: bool) -> None:
    """Make a vault at `root`, which is empty or not there, from what `save_vault` wrote.

    Parameters
    ----------
    stays_wrapped : bool
        Keep the key under the passphrase of the backup.

    Raises
    ------
    ConfigError
        If the passphrase is another one.
    DatasetDefect
        If the identities are damaged, or not those of the key.
    """
    secret = read_wrapped(folder / WRAPPED_FILE, passphrase)
    try:
        content = unseal((folder / SEALED_FILE).read_bytes(), secret)
    except OSError:
        raise DatasetDefect(f"{folder / SEALED_FILE} cannot be read; take another backup") from None
    _require_ours(content, secret)
    with storing(root):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        write_private(root / IDENTITIES_FILE, content)
        if stays_wrapped:
            write_private(root / WRAPPED_FILE, (folder / WRAPPED_FILE).read_bytes())
        else:
            write_new_key(root / KEY_FILE, secret)


def _snapshot(connection: sqlite3.Connection) -> bytes:
    """Return the database as it is at one moment, without what was deleted; it is in memory alone."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("VACUUM")
        return copy.serialize()


def _require_ours(content: bytes, secret: bytes) -> None:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content)
            (state,) = connection.execute("PRAGMA integrity_check").fetchone()
            (mark,) = connection.execute("SELECT value FROM facts WHERE name = 'key'").fetchone()
    except (sqlite3.Error, TypeError):
        state, mark = "unreadable", ""
    if state != "ok" or mark != fingerprint(secret):
        raise DatasetDefect("the backup's identities are damaged, or not those of its key; take another backup")


def seal(content: bytes, secret: bytes) -> bytes:
    """Return bytes that only the holder of the key can read."""
    cipher, prefix = AESGCM(derived(secret, PURPOSE)), secrets.token_bytes(PREFIX_BYTES)
    count = max(1, -(-len(content) // PIECE))
    pieces = (content[at * PIECE : (at + 1) * PIECE] for at in range(count))
    sealed = (
        cipher.encrypt(_nonce(prefix, number, is_last=number == count - 1), piece, MAGIC)
        for number, piece in enumerate(pieces)
    )
    return b"".join([MAGIC, prefix, *sealed])


def unseal(sealed: bytes, secret: bytes) -> bytes:
    """Return what was sealed.

    Raises
    ------
    ConfigError
        If it was sealed under another key, or is damaged.
    """
    start = len(MAGIC) + PREFIX_BYTES
    prefix, cipher = sealed[len(MAGIC) : start], AESGCM(derived(secret, PURPOSE))
    try:
        if not sealed.startswith(MAGIC) or len(sealed) < start + TAG_BYTES:
            raise InvalidTag
        pieces = list(_pieces(sealed[start:]))
        return b"".join(
            cipher.decrypt(_nonce(prefix, number, is_last=number == len(pieces) - 1), piece, MAGIC)
            for number, piece in enumerate(pieces)
        )
    except InvalidTag:
        raise ConfigError("vault: the identities were sealed under another key, or are damaged") from None


def _pieces(sealed: bytes) -> Iterator[bytes]:
    for at in range(0, len(sealed), PIECE + TAG_BYTES):
        yield sealed[at : at + PIECE + TAG_BYTES]


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, is_last)
