"""Passwords: made by lot, kept as argon2id, compared in the same time whether somebody has that name or not.

argon2id with the parameters of RFC 9106, section 4, second recommendation: 64 MiB, three passes, four lanes.
"""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mammoset.errors import ConfigError

SHORTEST, LONGEST = 12, 128
"""Characters of a password that a person chooses; NIST SP 800-63B, section 3.1.1, asks for length and nothing else."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike."""
GROUPS, GROUP = 4, 5
"""A generated password is four groups of five signs: 99 bits."""

AT_ONCE = 2
"""So many comparisons run at a time: each takes 64 MiB, and everybody may ask for one."""

_room = BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher()


def generated() -> str:
    """Return a new password drawn by lot, easy to type from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    with _room:
        return _hasher.hash(password)


def is_right(stored: str, password: str) -> bool:
    """Whether a password is the one of which `stored` was made.

    Parameters
    ----------
    stored : str
        From `hashed`; empty where there is no such person, or no password: then nothing is right, after as long a time.
    """
    with _room:
        try:
            _hasher.verify(stored or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def check_chosen(password: str, name: str) -> None:
    """Check a password that a person chose.

    Raises
    ------
    ConfigError
        If it is too short or too long, or is hardly more than the person's name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"a password has {SHORTEST} to {LONGEST} characters; a few words in a row are easy to keep")
    if len(password.casefold().replace(name.casefold(), "")) < SHORTEST // 2:
        raise ConfigError("the password is hardly more than the name; choose another")


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))
