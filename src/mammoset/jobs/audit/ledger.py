"""A ledger of planted or known identifiers, and every way one may be written.

JSON ``{"canaries": [{"name": …, "text": …} or {"name": …, "hex": …}]}``, a CSV file with a column ``text`` and perhaps
``name``, or plain text with one identifier a line. Entries are reported by name only.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from pathlib import Path

from mammoset.errors import ConfigError
from mammoset.jobs.audit.texts import folded

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "cp1258", "iso2022_jp", "iso8859_2", "iso8859_15", "gb18030")
"""How text is written in files; the last ones cover ISO 2022 and other character sets of PS3.3 C.12.1.1.2."""
SHORTEST_BYTES = 5
"""Bytes; fewer turn up by chance in pixels, and are looked for in values only."""
SHORTEST_FOLDED = 4
"""Letters and digits that must be in a row inside a longer text; fewer must be a word of their own."""
TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five marks of tone in Vietnamese, as combining characters."""
_DATES = (
    (re.compile(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})"), (0, 1, 2)),
    (re.compile(r"(\d{2})[-./](\d{2})[-./](\d{4})"), (2, 1, 0)),
)
_DATE_WRITINGS = (
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d%m%Y",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One identifier.

    Attributes
    ----------
    name : str
        What it is called in reports; tells nothing.
    text : str
        Empty for bytes.
    data : bytes
        Empty for text.
    """

    name: str
    text: str = ""
    data: bytes = b""


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """Read a ledger of any of the three forms.

    Raises
    ------
    ConfigError
        When it is none, or names nothing.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
        entries = tuple(_entries(content, path.suffix.lower()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        # the text of these errors may quote the ledger
        raise ConfigError(
            f"{path.name}: no ledger ({type(error).__name__}); write JSON with 'canaries', CSV with a column 'text', "
            "or one identifier a line"
        ) from None
    if not entries:
        raise ConfigError(f"{path.name}: the ledger names nothing to look for")
    return entries


def _entries(content: str, suffix: str) -> Iterator[Entry]:
    if suffix == ".json" or content.lstrip().startswith("{"):
        for one in json.loads(content)["canaries"]:
            yield Entry(str(one["name"]), str(one.get("text", "")), bytes.fromhex(one.get("hex", "")))
        return
    if suffix == ".csv":
        for number, row in enumerate(csv.DictReader(io.StringIO(content)), 1):
            yield Entry(row.get("name") or f"row {number}", row["text"])
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            yield Entry(f"line {number}", line.strip())


def writings(text: str) -> frozenset[str]:
    """Return the ways in which people and devices write a text: orders of names, dates, normal forms."""
    found = {text, *_name_orders(text), *_dates(text)}
    found |= {_without_diacritics(one) for one in found}
    return frozenset(unicodedata.normalize(form, one) for one in found for form in ("NFC", "NFD"))


def _name_orders(text: str) -> Iterator[str]:
    """Yield a name with its parts in other orders and between other marks; nothing for a text of one word."""
    parts = [one for one in re.split(r"[\^=,]", text) if one.strip()]
    words = re.split(r"[\^=,\s]+", text.strip())
    if not 2 <= len(words) <= 5:
        return
    orders = {tuple(words), tuple(reversed(words)), (words[-1], *words[:-1]), (*words[1:], words[0])}
    orders |= set(permutations(parts)) if 2 <= len(parts) <= 3 else set()
    for order in orders:
        for mark in ("^", " ", ", ", ",", "_", "-", ""):
            yield mark.join(one.strip() for one in order)
    yield f"{words[0]}^{' '.join(words[1:])}"
    yield f"{' '.join(words[:-1])}^{words[-1]}"


def _dates(text: str) -> Iterator[str]:
    for pattern, order in _DATES:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        try:
            day = date(*(int(found.groups()[one]) for one in order))
        except ValueError:
            continue
        yield from (day.strftime(writing) for writing in _DATE_WRITINGS)


def _without_diacritics(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(one for one in plain if not unicodedata.combining(one))


def byte_forms(entry: Entry) -> frozenset[bytes]:
    """Return the bytes that an entry may be in a file, ASCII letters in lower case.

    Orders of names are left to `folded_forms`, which texts among bytes are compared with, too.
    """
    if entry.data:
        return frozenset((*_forms_of(entry.data), *_reversed_numbers(entry.data)))
    spelled = {entry.text, entry.text.replace("^", " "), entry.text.replace(" ", "^"), *_dates(entry.text)}
    spelled |= {_without_diacritics(one) for one in spelled}
    spelled = {form(one) for one in spelled for form in (_composed, _decomposed, _with_tones_apart)}
    cased = spelled | {one.lower() for one in spelled} | {one.upper() for one in spelled}
    data = {encoded for one in cased for encoding in ENCODINGS if (encoded := _encoded(one, encoding)) is not None}
    return frozenset(form for one in data if len(one) >= SHORTEST_BYTES for form in _forms_of(one))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _with_tones_apart(text: str) -> str:
    """Return Vietnamese as Windows 1258 writes it: letters with hat, horn or breve whole, tones behind them."""
    found = ""
    for letter in _composed(text):
        marks = _decomposed(letter)
        shape = "".join(one for one in marks if one not in TONES)
        found += _composed(shape) + "".join(one for one in marks if one in TONES)
    return found


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def _forms_of(data: bytes) -> Iterator[bytes]:
    """Yield bytes as they are, and with the two bytes of each 16-bit word exchanged, from either of them on."""
    yield data.lower()
    for begin in (0, 1):
        even = data[begin : begin + (len(data) - begin) // 2 * 2]
        if len(even) >= SHORTEST_BYTES:
            swapped = bytearray(even)
            swapped[0::2], swapped[1::2] = even[1::2], even[0::2]
            yield bytes(swapped).lower()


def _reversed_numbers(data: bytes) -> Iterator[bytes]:
    """Yield bytes with each number of 4 or 8 bytes in the other byte order."""
    for width in (4, 8):
        if len(data) % width == 0 and data:
            yield b"".join(data[at : at + width][::-1] for at in range(0, len(data), width)).lower()


def folded_forms(entry: Entry) -> frozenset[str]:
    """Return the folded writings of a text; none for bytes."""
    return frozenset(folded(one) for one in writings(entry.text)) - {""} if entry.text else frozenset()
