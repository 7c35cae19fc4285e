"""Asking for what must not be seen: without echo on a terminal, else from the standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import getpass

from mammoset.errors import ConfigError


def ask_secretly(what: str) -> str:
    """Return one line of the standard input, asked for without echo on a terminal.

    Raises
    ------
    ConfigError
        If it is no UTF-8 text; never quoting it.
    """
    if sys.stdin.isatty():
        return getpass(f"{what} (not shown): ")
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(f"the {what} on the standard input is not UTF-8 text; write it as such") from None


def passphrase_asker() -> Callable[[], str] | None:
    """Return what asks for the passphrase of the vault's key; None where there is no terminal to ask on."""
    return (lambda: ask_secretly("passphrase of the vault's key")) if sys.stdin.isatty() else None


def new_passphrase() -> str:
    """Return a passphrase that is new: on a terminal asked for twice; `ConfigError` when the two differ."""
    first = ask_secretly("new passphrase")
    if sys.stdin.isatty() and ask_secretly("the same again") != first:
        raise ConfigError("the two passphrases differ; nothing was written")
    return first
