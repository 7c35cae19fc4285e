"""Files on their way into quarantine: what arrived, whether it is a copy, and putting it in its place."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mammoset.acquire.header import CHUNK, digest, read_header, same_content
from mammoset.acquire.sample import ObjectHeader
from mammoset.content import flush
from mammoset.errors import AcquireError, RefusedObject
from mammoset.vault import Vault

RESERVE = 1 << 28
"""Bytes that stay free on the vault's file system, so that its database can always be written."""

UNREADABLE = (
    OSError, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError, IndexError,
    struct.error, lzma.LZMAError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged file, or a damaged, encrypted or exotic archive member, raises."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object on its way in.

    Attributes
    ----------
    open : callable
        Opens it for reading; each call from the beginning.
    size : int
        Bytes.
    owned : Path or None
        A file of ours that may be moved instead of copied.
    origin : str
        The hospital's file, for the list of refused ones inside the vault; empty when it came over the network.
    sha256 : str
        Of its bytes; empty while it is not known.
    is_flushed : bool
        Whether the file of ours is on disk, and not only written.
    """

    header: ObjectHeader
    open: Callable[[], AbstractContextManager[BinaryIO]]
    size: int
    owned: Path | None = None
    origin: str = ""
    sha256: str = ""
    is_flushed: bool = False


def arrival_of(path: Path) -> Arrival:
    """Return a received file of ours as an arrival.

    Raises
    ------
    RefusedObject
        If it cannot be one.
    """
    with path.open("rb") as stream:
        header = read_header(stream)
    return Arrival(header, lambda: path.open("rb"), path.stat().st_size, owned=path)


def digested(arrival: Arrival) -> Arrival:
    """Return an arrival with its SHA-256."""
    with arrival.open() as stream:
        return replace(arrival, sha256=digest(stream))


def is_copy(first: Arrival, second: Arrival) -> bool:
    """Whether two arrivals of one SOP Instance UID hold the same object; False when either cannot be read."""
    try:
        with first.open() as one, second.open() as other:
            if first.size == second.size and digest(one) == digest(other):
                return True
            one.seek(0)
            other.seek(0)
            return same_content(one, other)
    except Exception:
        return False


def free_bytes(folder: Path) -> int:
    """Return how much the file system of a folder can still take."""
    return shutil.disk_usage(folder).free


def require_room(vault: Vault, size: int = 0) -> None:
    """Make sure that the vault has room for so many bytes besides its reserve.

    Raises
    ------
    AcquireError
        If it has not.
    """
    free = vault.free_bytes()
    if free < size + RESERVE:
        raise AcquireError(
            f"vault: its disk has {free / 2**20:.0f} MiB free, and {(size + RESERVE) / 2**20:.0f} MiB are needed "
            f"({RESERVE >> 20} are a reserve). Make room, or give back what is no longer needed with "
            "'mammoset acquire purge', then run the same command again"
        )


def put(arrival: Arrival, place: Path, vault: Vault) -> tuple[str, int]:
    """Put an object's file in its place, byte for byte, and return its SHA-256 and size.

    Raises
    ------
    RefusedObject
        ``unreadable``, if it cannot be read to its end.
    AcquireError
        If the vault's file system is too full, or cannot be written.
    """
    require_room(vault, 0 if arrival.owned else arrival.size)
    try:
        if arrival.owned:
            return _move(arrival, arrival.owned, place)
        return _copy(arrival, place, vault.incoming / place.name)
    except OSError as error:
        raise AcquireError(f"vault: it cannot be written ({error.strerror}); check its file system") from None


def _move(arrival: Arrival, path: Path, place: Path) -> tuple[str, int]:
    found = arrival if arrival.sha256 else digested(arrival)
    if not arrival.is_flushed:
        flush(path)
    _settle(path, place)
    return found.sha256, found.size


def _copy(arrival: Arrival, place: Path, temporary: Path) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    try:
        with temporary.open("wb") as file:
            for chunk in _chunks(arrival):
                total.update(chunk)
                size += file.write(chunk)
        flush(temporary)
        _settle(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    return total.hexdigest(), size


def _chunks(arrival: Arrival) -> Iterator[bytes]:
    try:
        with arrival.open() as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except UNREADABLE:
        raise RefusedObject("unreadable") from None


def _settle(path: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    path.replace(place)
    flush(place.parent)
