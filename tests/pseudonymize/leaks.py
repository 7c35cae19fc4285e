"""Looks for canaries in everything a file says: its bytes, its nested values, its pixels and their bits."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from mammoset.errors import RefusedObject
from mammoset.phantom.threats.canaries import Canary
from mammoset.pixels.codec import UNCOMPRESSED, decode
from mammoset.pixels.header import quietly
from tests.pseudonymize.hostile import read

CODECS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "cp1258", "shift_jis", "iso2022_jp", "euc_kr", "gb18030")
SHORTEST_IN_BYTES = 6
"""Characters; shorter texts are in any file by chance, and are looked for as whole values."""


@cache
def needles(value: str | bytes) -> tuple[bytes, ...]:
    """Return a canary in every encoding, composed and apart, in capitals and small letters."""
    if isinstance(value, bytes):
        return (value,)
    if len(value) < SHORTEST_IN_BYTES:
        return ()
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")}
    forms |= {text.replace("^", " ") for text in forms}
    forms |= {change(text) for text in forms for change in (str.lower, str.upper, str.casefold)}
    found = {coded for text in forms for codec in CODECS if (coded := _encoded(text, codec))}
    return tuple(sorted(found | {one[::-1] for one in found}))


def _encoded(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return b""


def leaked(data: bytes, canaries: Iterable[Canary]) -> tuple[Canary, ...]:
    """Return the canaries that a file still holds."""
    written, shown, whole = haystacks(data)
    return tuple(
        one
        for one in canaries
        if _is_in(one.value, written + shown if isinstance(one.value, bytes) else written, whole)
    )


def leaked_text(text: str, canaries: Iterable[Canary]) -> tuple[Canary, ...]:
    """Return the canaries that a message, a log or a name holds."""
    piles = tuple(_text_piles(text))
    return tuple(one for one in canaries if _is_in(one.value, piles, frozenset()))


def _is_in(value: str | bytes, piles: Sequence[bytes], whole: frozenset[str]) -> bool:
    if isinstance(value, str) and value in whole:
        return True
    return any(needle in pile for needle in needles(value) for pile in piles)


def haystacks(data: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...], frozenset[str]]:
    """Return what is written in a file, what its pixels show, and every single value as text."""
    with quietly():
        try:
            dataset = read(data)
        except Exception:  # a file that cannot be read is searched as bytes
            dataset = Dataset()
        texts, binaries = _values(dataset)
        pixels = _pixels(dataset)
    piles = [data, data.lower(), *_inflated(data), *binaries, *_text_piles("\n".join(texts))]
    swapped = [_swapped(data[begin:]) for begin in (0, 1)]
    return (*piles, *swapped), (*pixels, *map(_swapped, pixels[:1])), frozenset(texts)


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what a deflated file holds, as far as it can be had."""
    if b"1.2.840.10008.1.2.1.99" not in data[:1024]:
        return
    begin = 144 + int.from_bytes(data[140:144], "little")
    with suppress(zlib.error):
        yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[begin:])


def _swapped(data: bytes) -> bytes:
    return np.frombuffer(data[: len(data) // 2 * 2], "<u2").byteswap().tobytes()


def _text_piles(text: str) -> Iterator[bytes]:
    for form in ("NFC", "NFD"):
        same = unicodedata.normalize(form, text)
        yield same.encode("utf-8", "surrogateescape")
        yield same.casefold().encode("utf-8", "surrogateescape")


def _values(dataset: Dataset) -> tuple[list[str], list[bytes]]:
    texts: list[str] = []
    binaries: list[bytes] = []
    for one in _elements(dataset):
        try:
            value = one.value
        except Exception:  # a value that cannot be converted is searched as bytes of the file
            continue
        for single in value if isinstance(value, MultiValue | list) else [value]:
            if isinstance(single, bytes):
                binaries.append(single)
            elif not isinstance(single, Dataset):
                texts.append(str(single))
    return texts, binaries


def _elements(dataset: Dataset) -> Iterator[Any]:
    yield from getattr(dataset, "file_meta", ())
    for number in list(dataset.keys()):
        try:
            element = dataset[number]
            items = element.value if element.VR == "SQ" else ()
        except Exception:  # a value that cannot be converted is searched as bytes of the file
            continue
        yield element
        for item in items:
            yield from _elements(item)


def _pixels(dataset: Dataset) -> list[bytes]:
    """Return decoded pixels, and every bit of them and of the bits beside them as a plane."""
    try:
        words: NDArray[Any] = decode(dataset)
    except RefusedObject:
        return [b""]
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    raw = dataset.PixelData if syntax in UNCOMPRESSED else b""
    stored = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2") if words.itemsize == 2 and raw else words.ravel()
    planes = [np.packbits((stored >> bit & 1).astype(np.uint8), bitorder="little") for bit in range(8 * words.itemsize)]
    return [
        words.astype("<u2").tobytes(),
        (words & 0xFF).astype(np.uint8).tobytes(),
        *(one.tobytes() for one in planes),
    ]
