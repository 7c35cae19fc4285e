"""The key under a passphrase: scrypt (RFC 7914) gives the key that AES-256-GCM wraps it with.

The file says with which parameters, so that they may grow later; they are authenticated with it.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mammoset.errors import ConfigError, storing
from mammoset.vault.keys import KEY_BYTES, KEY_FILE, read_key, write_new_key, write_private

WRAPPED_FILE = "key.wrapped"
FORMAT = "mammoset wrapped key 1"
SHORTEST = 12
"""Characters of a passphrase."""
NONCE_BYTES = 12
MOST_MEMORY = 1 << 31
"""Bytes that scrypt may take (128 n r): a damaged file must not ask for more than a machine has."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Parameters of scrypt; the usual ones take 128 MiB and a third of a second."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1

    def is_sound(self) -> bool:
        """Whether scrypt can and may be asked for it."""
        is_power = self.n > 1 and self.n & (self.n - 1) == 0
        return is_power and self.r > 0 and 0 < self.p <= 16 and 128 * self.n * self.r <= MOST_MEMORY


USUAL = Cost()


def require_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short; `ConfigError`."""
    if len(passphrase.strip()) < SHORTEST:
        raise ConfigError(f"vault: the passphrase is too short; take {SHORTEST} characters or more, say five words")


def wrapped_text(secret: bytes, passphrase: str, cost: Cost = USUAL) -> str:
    """Return the text of a file that holds a key under a passphrase.

    Raises
    ------
    ConfigError
        If the passphrase is too short.
    """
    require_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
    head = {"format": FORMAT, "kdf": "scrypt", **asdict(cost), "salt": salt.hex(), "nonce": nonce.hex()}
    sealed = AESGCM(_stretched(passphrase, salt, cost)).encrypt(nonce, secret, _bound(head))
    return json.dumps({**head, "key": sealed.hex()}, indent=2) + "\n"


def unwrapped(text: str, passphrase: str, source: str = WRAPPED_FILE) -> bytes:
    """Return the key that a text holds under a passphrase.

    Raises
    ------
    ConfigError
        If the passphrase is another one, or the text is damaged; the two cannot be told apart.
    """
    head, sealed, cost = _parsed(text, source)
    stretched = _stretched(passphrase, bytes.fromhex(head["salt"]), cost)
    try:
        secret = AESGCM(stretched).decrypt(bytes.fromhex(head["nonce"]), sealed, _bound(head))
    except InvalidTag:
        raise ConfigError(f"vault: {source} does not open; the passphrase is another one, or it is damaged") from None
    return secret


def read_wrapped(path: Path, passphrase: str) -> bytes:
    """Return the key of a file; `ConfigError` as `unwrapped`."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"vault: {path} cannot be read; restore it from its backup") from None
    return unwrapped(text, passphrase, str(path))


def wrap(root: Path, secret: bytes, passphrase: str, cost: Cost = USUAL) -> None:
    """Put the key of a vault under a passphrase; it is read back before the open one is deleted."""
    text = wrapped_text(secret, passphrase, cost)
    with storing(root):
        write_private(root / WRAPPED_FILE, text.encode())
        if read_wrapped(root / WRAPPED_FILE, passphrase) == secret:
            (root / KEY_FILE).unlink(missing_ok=True)


def unwrap(root: Path, secret: bytes) -> None:
    """Have the key of a vault lie open again."""
    with storing(root):
        write_new_key(root / KEY_FILE, secret)
        if read_key(root / KEY_FILE) == secret:
            (root / WRAPPED_FILE).unlink(missing_ok=True)


def _parsed(text: str, source: str) -> tuple[dict[str, Any], bytes, Cost]:
    try:
        head = json.loads(text)
        sealed = bytes.fromhex(head.pop("key"))
        cost = Cost(*(int(head[name]) for name in ("n", "r", "p")))
        is_ours = (head["format"], head["kdf"]) == (FORMAT, "scrypt") and len(sealed) == KEY_BYTES + 16
        is_whole = len(bytes.fromhex(head["nonce"])) == NONCE_BYTES and len(bytes.fromhex(head["salt"])) == 16
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_ours = is_whole = False
    if not (is_ours and is_whole and cost.is_sound()):
        raise ConfigError(f"vault: {source} is no wrapped key, or damaged; restore it from its backup")
    return head, sealed, cost


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    text = unicodedata.normalize("NFC", passphrase.strip()).encode()
    return Scrypt(salt=salt, length=32, n=cost.n, r=cost.r, p=cost.p).derive(text)


def _bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
