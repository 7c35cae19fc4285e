"""Answers of several parts (PS3.18 8.6.1.2, RFC 2387) as pieces: bytes, and stretches of files not read yet.

Of a file no more than a block is in memory at a time, and of parts that are made on the way no more than one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mammoset.errors import DatasetDefect

BLOCK = 1 << 20


class FileSlice(NamedTuple):
    """A stretch of a file."""

    path: Path
    offset: int
    size: int


Piece = bytes | FileSlice


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer.

    Attributes
    ----------
    location : str
        Address of what it shows.
    make : callable
        Gives the content; called when it is its turn.
    size : int or None
        Of the content in bytes; None where it is not known before it is made.
    """

    content_type: str
    location: str
    make: Callable[[], Piece]
    size: int | None = None

    def head(self, size: int, boundary: str) -> bytes:
        """Return what stands before a content of this size."""
        lines = (
            f"--{boundary}", f"Content-Type: {self.content_type}", f"Content-Location: {self.location}",
            f"Content-Length: {size}", "", "",
        )  # fmt: skip
        return "\r\n".join(lines).encode("latin-1")


def size_of(piece: Piece) -> int:
    """Return how many bytes a piece has."""
    return piece.size if isinstance(piece, FileSlice) else len(piece)


def pieces_of(parts: Iterable[Part], boundary: str) -> Iterator[Piece]:
    """Yield the pieces of a multipart body, making each part when it is its turn."""
    for part in parts:
        content = part.make()
        yield part.head(size_of(content), boundary)
        yield content
        yield b"\r\n"
    yield f"--{boundary}--".encode()


def total_of(parts: Sequence[Part], boundary: str) -> int | None:
    """Return the size of a multipart body; None when that of a part is not known yet."""
    total = len(f"--{boundary}--")
    for part in parts:
        if part.size is None:
            return None
        total += len(part.head(part.size, boundary)) + part.size + len(b"\r\n")
    return total


def cut(pieces: Iterable[Piece], first: int, end: int) -> Iterator[Piece]:
    """Yield what lies from byte `first` up to `end`, without reading the rest."""
    position = 0
    for piece in pieces:
        size = size_of(piece)
        low, high = max(first - position, 0), min(end - position, size)
        position += size
        if low < high:
            yield (
                FileSlice(piece.path, piece.offset + low, high - low)
                if isinstance(piece, FileSlice)
                else (piece[low:high])
            )


def blocks_of(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Yield the content of pieces in blocks.

    Raises
    ------
    DatasetDefect
        If a file has become shorter than its piece.
    """
    for piece in pieces:
        if isinstance(piece, FileSlice):
            yield from _read(piece)
        elif piece:
            yield piece


def _read(piece: FileSlice) -> Iterator[bytes]:
    with piece.path.open("rb", buffering=0) as file:
        position, end = piece.offset, piece.offset + piece.size
        while position < end:
            block = os.pread(file.fileno(), min(BLOCK, end - position), position)
            if not block:
                raise DatasetDefect("content store: an object was replaced while it was sent; ask again")
            position += len(block)
            yield block
