"""Objects out of a ``multipart/related`` answer (RFC 2387), as it comes, each to a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

LONGEST_HEAD = 1 << 16


class BrokenAnswer(Exception):
    """An answer that is not the multipart that it says it is, or ends before its end."""


def boundary_of(content_type: str) -> bytes:
    """Return the boundary of a multipart answer.

    Raises
    ------
    BrokenAnswer
        If it is no multipart, or has none.
    """
    found = re.search(r';\s*boundary=(?:"([^"]+)"|([^\s;"]+))', content_type, re.IGNORECASE)
    if found is None or not content_type.lower().lstrip().startswith("multipart/"):
        raise BrokenAnswer
    return (found[1] or found[2]).encode("latin-1", "replace")


def parts_to_files(chunks: Iterable[bytes], boundary: bytes, folder: Path) -> Iterator[Path]:
    """Write each part to a file of its own and yield its path once the part is whole.

    Holds a chunk and a boundary in memory, whatever the size of the parts. Of a part that is cut short nothing stays.

    Raises
    ------
    BrokenAnswer
        If the answer ends within a part.
    """
    parts = _Parts(iter(chunks), b"\r\n--" + boundary)
    while parts.begin():
        path = folder / f"{uuid4().hex}.dcm"
        try:
            with path.open("wb") as file:
                for piece in parts.body():
                    file.write(piece)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        yield path


class _Parts:
    def __init__(self, chunks: Iterator[bytes], delimiter: bytes) -> None:
        self.chunks = chunks
        self.delimiter = delimiter
        self.rest = b"\r\n"  # so that the first boundary may be the first line
        for _ in self.body():  # what stands before the first part
            pass

    def _more(self) -> None:
        chunk = next(self.chunks, None)
        if chunk is None:
            raise BrokenAnswer
        self.rest += chunk

    def body(self) -> Iterator[bytes]:
        """Yield the pieces up to the next boundary."""
        while (end := self.rest.find(self.delimiter)) < 0:
            safe = max(len(self.rest) - len(self.delimiter) + 1, 0)
            yield self.rest[:safe]
            self.rest = self.rest[safe:]
            self._more()
        yield self.rest[:end]
        self.rest = self.rest[end + len(self.delimiter) :]

    def begin(self) -> bool:
        """Go behind the headers of the next part; False behind the last."""
        while len(self.rest) < 2:
            self._more()
        if self.rest.startswith(b"--"):
            return False
        while (end := self.rest.find(b"\r\n\r\n")) < 0:
            if len(self.rest) > LONGEST_HEAD:
                raise BrokenAnswer
            self._more()
        self.rest = self.rest[end + 4 :]
        return True
