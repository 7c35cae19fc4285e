"""Where in a file the identifiers of a ledger are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from mammoset.jobs.audit.elements import Element, Parsed, walk
from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.pictures import Picture, packed, unused_bits
from mammoset.jobs.audit.searching import Index
from mammoset.jobs.audit.texts import TEXT_VRS, encodings_of, runs_of, text_of

ELSEWHERE = "file: between or behind its elements"
LARGEST_TEXT = 1 << 20
"""Bytes of a value whose readable runs are compared as texts; larger ones are pictures and tables."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the file system says of a file: its path below the folder audited, the day of its last change."""

    path: PurePosixPath
    modified: str

    def texts(self) -> list[tuple[str, str]]:
        """Return place and text."""
        return [("file name", " ".join(self.path.parts)), ("file: time of last change", self.modified)]


def known_in_file(
    parsed: Parsed, picture: Picture | None, read: Iterable[str], outside: Outside, index: Index
) -> list[Finding]:
    """Return one finding for each entry of the ledger and each place of a file where it is."""
    found: set[tuple[str, str]] = set()
    found.update(index.in_texts([*outside.texts(), *_texts(parsed)]))
    found.update(_in_bytes(parsed, index))
    if picture is not None:
        is_coded = any(element.fragments is not None for element in parsed.elements)
        found.update((name, "pixels: values") for name in _in_pixels(picture, index, is_coded=is_coded))
    found.update((name, "pixels: read off the picture") for name in index.in_reading(read))
    return [Finding("known_identifier", where, note=name) for name, where in sorted(found)]


def known_in_bytes(data: bytes, outside: Outside, index: Index) -> list[Finding]:
    """Return the same for a file that is not DICOM."""
    texts = [*outside.texts(), ("file: its text", " ".join(runs_of(data[:LARGEST_TEXT])))]
    found = {*index.in_texts(texts), *((name, "file: its bytes") for name, _ in index.in_bytes(data))}
    return [Finding("known_identifier", where, note=name) for name, where in sorted(found)]


def _texts(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """Yield every text of a file with its place: text elements as decoded, others as their readable runs."""
    yield "preamble", " ".join(runs_of(parsed.preamble))
    yield ELSEWHERE, " ".join(runs_of(bytes(parsed.trailing)[:LARGEST_TEXT]))
    top = encodings_of(parsed.elements)
    for elements in (parsed.meta, parsed.elements):
        for element, item in walk(elements):
            if element.vr in TEXT_VRS:
                yield element.path, text_of(element, encodings_of(item, top))
            elif 0 < len(element.value) <= LARGEST_TEXT:
                yield element.path, " ".join(runs_of(bytes(element.value)))


def _in_bytes(parsed: Parsed, index: Index) -> Iterator[tuple[str, str]]:
    hits = list(index.in_bytes(parsed.data))
    if parsed.body.obj is not parsed.data:  # it was deflated
        hits += index.in_bytes(bytes(parsed.body))
    places = sorted(_places(parsed), key=lambda one: len(one[1])) if hits else []
    large = [place for place in places if len(place[1]) > LARGEST_TEXT]
    small = places[: len(places) - len(large)]
    for name, form in hits:
        where = [path for path, data in small if form in data] or [path for path, data in large if form in data]
        yield from ((name, path) for path in where or [ELSEWHERE])


def _places(parsed: Parsed) -> Iterator[tuple[str, bytes]]:
    yield "preamble", parsed.preamble.lower()
    for elements in (parsed.meta, parsed.elements):
        for element, _ in walk(elements):
            yield element.path, _lowered(element)


def _lowered(element: Element) -> bytes:
    return b"".join([bytes(element.value), *map(bytes, element.fragments or ())]).lower()


def _in_pixels(picture: Picture, index: Index, *, is_coded: bool) -> Iterator[str]:
    """Yield what decoded pixels spell: as words, as their low and high bytes, in the bits outside Bits Stored."""
    words = np.ascontiguousarray(picture.words)
    streams = []
    if is_coded:  # else the file's own bytes are these words
        streams.append(words.astype(words.dtype.newbyteorder("<"), copy=False).tobytes())
    if words.itemsize == 2:
        streams += [(words & 0xFF).astype(np.uint8).tobytes(), (words >> 8).astype(np.uint8).tobytes()]
    unused = unused_bits(picture)
    if unused.any():
        streams += packed(unused)
    for stream in streams:
        yield from (name for name, _ in index.in_bytes(stream))
