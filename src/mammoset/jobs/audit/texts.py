"""Text of elements: decoded by their character set, folded for comparison, told from noise and from known words."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pydicom.charset import convert_encodings, decode_bytes

from mammoset.jobs.audit.elements import Element, first
from mammoset.jobs.audit.findings import table_lines

TEXT_VRS = frozenset(
    ["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"]
)
WITH_CHARACTER_SET = frozenset(["LO", "LT", "PN", "SH", "ST", "UC", "UT"])
ONE_VALUE = frozenset(["LT", "ST", "UT", "UR"])
"""Text whose backslashes are text."""
DELIMITERS = {13, 10, 9, 12}
SHORTEST_RUN = 6
"""Letters and digits in a row that noise hardly makes."""

_RUN = re.compile(rb"[\x20-\x7e]{%d,}" % SHORTEST_RUN)
_WIDE_RUN = re.compile(rb"(?:[\x20-\x7e]\0){%d,}" % SHORTEST_RUN)
_WORD = re.compile(r"[^\W\d_]+")
_WITHOUT_DECOMPOSITION = str.maketrans({"đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ß": "ss", "ł": "l", "æ": "ae"})
"""Letters that Unicode does not take apart."""


def encodings_of(item: list[Element], inherited: tuple[str, ...] = ("iso8859",)) -> tuple[str, ...]:
    """Return the Python encodings of an item's Specific Character Set, those around it where it has none."""
    element = first(item, "SpecificCharacterSet")
    if element is None:
        return inherited
    names = [one.strip() for one in bytes(element.value).decode("latin-1").strip("\0 ").split("\\")]
    try:
        return tuple(convert_encodings(names))
    except Exception:  # an unknown character set; latin-1 decodes anything
        return ("iso8859",)


def text_of(element: Element, encodings: tuple[str, ...] = ("iso8859",)) -> str:
    """Return the text of an element, without its padding; any bytes give some text."""
    data = bytes(element.value).rstrip(b"\0 ")
    if element.vr not in WITH_CHARACTER_SET or (data.isascii() and b"\x1b" not in data):
        return data.decode("latin-1")
    try:
        return decode_bytes(data, list(encodings), DELIMITERS)
    except Exception:  # wrong bytes for the character set
        return data.decode("latin-1")


def values_of(element: Element, encodings: tuple[str, ...] = ("iso8859",)) -> list[str]:
    """Return the values of a text element, each without surrounding blanks; none for an empty one."""
    text = text_of(element, encodings)
    if not text:
        return []
    return [text.strip()] if element.vr in ONE_VALUE else [one.strip(" \0") for one in text.split("\\")]


def text_at(item: list[Element], keyword: str) -> str:
    """Return the first value of an attribute of an item in capitals, as code strings have it; empty when absent."""
    element = first(item, keyword)
    return "" if element is None else (*values_of(element), "")[0].upper()


def folded(text: str) -> str:
    """Return text without case, diacritics, blanks and punctuation: what stays the same in any spelling."""
    plain = unicodedata.normalize("NFKD", text.translate(_WITHOUT_DECOMPOSITION)).casefold()
    return "".join(one for one in plain if one.isalnum())


def runs_of(data: bytes) -> Iterator[str]:
    """Yield readable text among bytes: one byte a character, or two."""
    for run in _RUN.findall(data):
        yield run.decode("ascii")
    for run in _WIDE_RUN.findall(data):
        yield run.decode("utf-16-le")


def readable(data: bytes) -> str:
    """Return the first run of bytes that reads like words or numbers; empty when there is none."""
    return next((run for run in runs_of(data) if _is_wordy(run)), "")


def _is_wordy(run: str) -> bool:
    """Tell words and numbers from the runs of printable bytes that tables and compressed data hold by chance."""
    usual = sum(one.isalnum() or one in " ^.,:;-/_@=" for one in run)
    return usual >= 0.9 * len(run) and bool(re.search(r"[A-Za-z]{4}|\d{5}", run)) and _changes_little(run)


def _changes_little(run: str) -> bool:
    """Whether letters stay letters: in noise nearly every neighbour is of another class."""
    classes = ["d" if one.isdigit() else "u" if one.isupper() else "l" if one.islower() else "p" for one in run]
    changes = sum(a != b for a, b in itertools.pairwise(classes))
    return changes <= 0.5 * len(run)


@cache
def known_words() -> frozenset[str]:
    """Return the words of words.txt, folded: what technical text of mammograms is made of."""
    lines = (line for line in table_lines("words.txt") if not line.startswith("#"))
    return frozenset(word.casefold() for line in lines for word in line.split())


def is_technical(text: str) -> bool:
    """Whether text is made of known technical words and short numbers only."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    if any(len(word) > 1 and word.casefold() not in known_words() for word in words):
        return False
    return all(len(number) <= 4 for number in re.findall(r"\d+", text))
