"""What can go wrong, as one tree.

::

    MammosetError
    ├─ ConfigError       mammoset.toml or labels.toml: which key, which value, what is allowed
    ├─ AcquireError      a peer or a folder: which, its status in hex and words, what to try
    ├─ RefusedObject     one object that will not be admitted; counted by its reason
    ├─ StorageError      a folder that cannot be written: its disk is full or read-only
    ├─ CatalogError      a catalog newer than the program, a broken invariant, a stage already running
    ├─ TransitionError   a step the reading workflow does not allow now
    ├─ RuleViolation     a reading that breaks the rules of labels.toml
    ├─ DatasetNotFound   a dataset that is not where it was said to be
    ├─ DatasetDefect     a dataset that is not what it says it is
    └─ UndefinedMetric   a number that has no meaning for these values

A message says what happened, where, and what to do, and never holds an original identifier:
pseudonyms, DICOM keywords and counts only. Only the command line catches these errors.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal


class MammosetError(Exception):
    """Any error a user can do something about; the command line prints it as one line."""


class ConfigError(MammosetError):
    """A settings file holds a key or a value that is not allowed."""


class AcquireError(MammosetError):
    """A peer or a folder did not deliver."""


class RefusedObject(MammosetError):
    """One object is not admitted.

    Parameters
    ----------
    reason : str
        Closed vocabulary, snake_case; what refusals are counted by (`mammoset.terms.reasons`).
    detail : str
        For a person; never an original value.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[RefusedObject], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class StorageError(MammosetError):
    """A folder of the project or its vault cannot be written; nothing that was there is lost."""

    @classmethod
    def of(cls, folder: Path, error: OSError | sqlite3.Error) -> StorageError:
        """Return what to tell of an error of the operating system, or of a database, in a folder."""
        number = error.errno if isinstance(error, OSError) else _errno_of(folder, error)
        words = error.strerror if isinstance(error, OSError) else str(error)
        told = _STORAGE.get(number or 0, f"it cannot be written ({words}); mend it")
        place = next((one for one in (folder, *folder.parents) if not one.name.startswith(".")), folder)
        return cls(f"{place}: {told}, then run the same command again")


_STORAGE = {
    errno.ENOSPC: "its disk is full; make room there",
    errno.EDQUOT: "its quota is used up; make room there or have it raised",
    errno.EROFS: "it is read-only; make it writable",
    errno.EACCES: "it may not be written; mend its permissions",
    errno.EPERM: "it may not be written; mend its permissions",
    errno.EBUSY: "another program holds it and does not let go; let that go on to its end, or end it",
}


def _errno_of(folder: Path, error: sqlite3.Error) -> int | None:
    """Return the operating system's number for a database's error; SQLite hides some causes, so the disk is asked."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return errno.ENOSPC
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return errno.EBUSY
    if code not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return None
    disk = os.statvfs(folder)
    if disk.f_flag & os.ST_RDONLY:
        return errno.EROFS
    if not disk.f_bavail:
        return errno.ENOSPC
    return None if code == sqlite3.SQLITE_IOERR else errno.EACCES


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Tell of what goes wrong in writing to a folder as `StorageError`."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StorageError.of(folder, error) from None


class CatalogError(MammosetError):
    """The catalog or the project folder is not in the state this step needs."""


TransitionCode = Literal["transition", "not_assigned", "too_early", "frozen", "held", "excluded", "phase_closed"]


class TransitionError(MammosetError):
    """The workflow does not allow this step in the present state.

    Parameters
    ----------
    code : str
        One word for programs; ``transition`` where the message alone says why.
    """

    def __init__(self, message: str, code: TransitionCode = "transition") -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[TransitionError], tuple[str, TransitionCode]]:
        return type(self), (str(self), self.code)


class RuleViolation(MammosetError):
    """A reading breaks one or more rules of the label schema; the message lists all of them."""


class DatasetNotFound(MammosetError):
    """A dataset is not where it was said to be."""


class DatasetDefect(MammosetError):
    """A dataset is not what it says it is; the message lists every difference found."""


class UndefinedMetric(MammosetError):
    """A statistic has no value for these data, say an agreement over no cases."""
