"""The vault's key, and what is derived from it: pseudonyms and tombstones."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mammoset.errors import ConfigError

KEY_BYTES = 32
KEY_FILE = "key"
MOST_DAYS = 3650
"""By which a date is moved back at most: ten years hide season, year and weekday."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one dataset, derived from the vault's."""

    uid: bytes
    patient: bytes
    tombstone: bytes
    days: bytes

    @classmethod
    def derive(cls, secret: bytes, dataset: str) -> Keys:
        """Derive the keys of the dataset of this name."""
        return cls(*(derived(secret, f"{dataset}/{purpose}") for purpose in ("uid", "patient", "tombstone", "days")))

    def pseudonym_uid(self, uid: str) -> str:
        """Return a UID of the form ``2.25.<128-bit integer>`` (PS3.5 B.2) for an original one."""
        digest = hmac.new(self.uid, uid.strip(" \0").encode(), hashlib.sha256).digest()
        return f"2.25.{int.from_bytes(digest[:16], 'big')}"

    def pseudonym_patient(self, patient_id: str, issuer: str = "") -> str:
        """Return a patient's pseudonym, ``P`` and 16 hexadecimal digits, for an original id and its issuer."""
        text = f"{issuer.strip()}\0{patient_id.strip()}"
        return "P" + hmac.new(self.patient, text.encode(), hashlib.sha256).hexdigest()[:16].upper()

    def shift_days(self, patient_id: str) -> int:
        """Return by how many days the dates of a patient are moved back: 1 to `MOST_DAYS`, each as likely.

        It depends on the patient and the key alone, so that the time between two exams stays what it was.

        Parameters
        ----------
        patient_id : str
            The pseudonym.
        """
        digest = hmac.new(self.days, patient_id.encode(), hashlib.sha256).digest()
        # 128 bits over 3650 days: no day is more likely than another by more than 1 in 10**35
        return 1 + int.from_bytes(digest[:16], "big") % MOST_DAYS

    def tombstone_of(self, kind: str, *originals: str) -> str:
        """Return what a withdrawn patient or exam is known again by: 64 hexadecimal digits, unlike its pseudonym.

        Parameters
        ----------
        kind : str
            ``patient`` for an id under any issuer, ``patient of`` for an id and its issuer, ``study`` for a UID.
        *originals : str
            In either normal form of Unicode.
        """
        parts = [kind, *(plain(one) for one in originals)]
        return hmac.new(self.tombstone, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def plain(original: str) -> str:
    """Return an original id without padding, composed (NFC): people type it otherwise than machines."""
    return unicodedata.normalize("NFC", original).strip().strip("\0").strip()


def derived(secret: bytes, purpose: str) -> bytes:
    """Return the key for one purpose, derived from the vault's."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"mammoset/{purpose}".encode()).derive(secret)


def fingerprint(secret: bytes) -> str:
    """Return what a key is recognized by; it gives nothing of the key away."""
    return hmac.new(secret, b"mammoset/fingerprint", hashlib.sha256).hexdigest()[:16]


def read_key(path: Path) -> bytes:
    """Return the secret of a key file.

    Raises
    ------
    ConfigError
        If there is none, or it is damaged; never quoting it.
    """
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except (FileNotFoundError, ValueError):
        raise ConfigError(
            f"vault: no usable key at {path}; restore it from its backup – a new key would give new pseudonyms"
        ) from None
    if len(secret) != KEY_BYTES:
        raise ConfigError(f"vault: the key at {path} has {len(secret)} bytes, {KEY_BYTES} are needed")
    return secret


def write_new_key(path: Path, secret: bytes | None = None) -> None:
    """Write a key, drawn at random where none is given; it is there whole or not at all, and never replaces another."""
    temporary = path.with_name(f".key.{secrets.token_hex(4)}.part")
    try:
        _write(temporary, f"{(secret or secrets.token_bytes(KEY_BYTES)).hex()}\n".encode())
        # another process was faster: its key holds, and it may have taken ours away
        with suppress(FileExistsError, FileNotFoundError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
