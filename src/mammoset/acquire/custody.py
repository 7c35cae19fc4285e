"""The vault's key and identities: saved for a backup, restored from it, and the key put under a passphrase."""

from __future__ import annotations

from pathlib import Path

from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.vault.backup import restore_vault, save_vault
from mammoset.vault.keys import KEY_FILE
from mammoset.vault.store import read_secret
from mammoset.vault.wrapping import WRAPPED_FILE, require_passphrase, unwrap, wrap

__all__ = ["require_passphrase", "restore_vault", "save", "unwrap_key", "wrap_key"]


def save(project: Project, folder: Path, passphrase: str) -> bool:
    """Write key and identities to a folder, under a passphrase; return whether the vault's own key is under one."""
    return save_vault(project.vault_path, folder, passphrase, project.ask_passphrase)


def wrap_key(project: Project, passphrase: str) -> Path:
    """Put the vault's key under a passphrase, or under another one, and return its file.

    Raises
    ------
    ConfigError
        If there is no usable key, or the passphrase is too short.
    """
    root = project.vault_path
    wrap(root, read_secret(root, project.ask_passphrase), passphrase)
    return root / WRAPPED_FILE


def unwrap_key(project: Project) -> Path:
    """Have the vault's key lie open again, and return its file; `ConfigError` when it is under no passphrase."""
    root = project.vault_path
    if not (root / WRAPPED_FILE).exists():
        raise ConfigError(f"vault: the key in {root} is under no passphrase")
    unwrap(root, read_secret(root, project.ask_passphrase))
    return root / KEY_FILE
