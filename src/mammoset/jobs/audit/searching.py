"""Finds the identifiers of a ledger in bytes, in texts, and in what was read off a picture."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from mammoset.jobs.audit.ledger import SHORTEST_FOLDED, Entry, byte_forms, folded_forms, read_ledger
from mammoset.jobs.audit.texts import folded
from mammoset.jobs.audit.uids import LONGEST_BY_CHANCE

_PREFIX = 4
_TABLE_BITS = 20
_CHUNK = 1 << 20
_LOOKALIKES = str.maketrans("oqilszbg", "00115286")
"""Letters that readers of pictures take for digits, and the other way round."""
_BETWEEN_WORDS = re.compile(r"[\W_]+")
LETTERS_PER_ERROR = 6
"""One letter in so many may be misread."""
_DERIVED = re.compile(r"(?<![\d.])2\.25\.\d{20,39}(?!\d)")
_DERIVED_BYTES = re.compile(_DERIVED.pattern.encode())
LONGEST_UID = 64
"""Characters (PS3.5 6.2)."""


class Index:
    """A ledger made ready for the search.

    Parameters
    ----------
    entries : iterable of Entry
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.texts: dict[str, set[str]] = defaultdict(set)
        self._by_prefix: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        for entry in entries:
            for text in folded_forms(entry):
                self.texts[text].add(entry.name)
            for form in byte_forms(entry):
                self._by_prefix[int.from_bytes(form[:_PREFIX], "little")].append((form, entry.name))
        self._prefixes = np.array(sorted(self._by_prefix), dtype=np.uint32)
        self._table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        self._table[_hashed(self._prefixes)] = True

    def in_bytes(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield name and form of each entry that is somewhere in some bytes, whatever the case; each form once."""
        lowered = data.lower()
        seen: set[tuple[str, bytes]] = set()
        for position in self._candidates(lowered):
            prefix = int.from_bytes(lowered[position : position + _PREFIX], "little")
            for form, name in self._by_prefix[prefix]:
                is_new = (name, form) not in seen and lowered.startswith(form, position)
                if is_new and not (_is_of_chance(form) and _is_in_derived_uid(lowered, position)):
                    seen.add((name, form))
                    yield name, form

    def _candidates(self, data: bytes) -> Iterator[int]:
        """Yield where one of the forms may begin, by its first four bytes."""
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK + _PREFIX - 1]
            for shift in range(min(_PREFIX, len(chunk) - _PREFIX + 1)):
                count = (len(chunk) - shift) // _PREFIX
                keys = np.frombuffer(chunk, "<u4", count, shift)
                likely = np.flatnonzero(self._table[_hashed(keys)])
                sure = likely[np.isin(keys[likely], self._prefixes)] if likely.size else likely
                yield from (start + shift + _PREFIX * int(one) for one in sure)

    def in_texts(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield name and place of entries that are in texts, in any spelling, order or writing.

        Parameters
        ----------
        texts : iterable of (str, str)
            Place and text.
        """
        plain = [
            (
                where,
                folded(text),
                folded(_DERIVED.sub(" ", text)),
                {folded(word) for word in _BETWEEN_WORDS.split(text)},
            )
            for where, text in texts
        ]
        together = "\n".join(text for _, text, _, _ in plain)
        for form, names in self.texts.items():
            if form not in together:
                continue
            for where, whole, without, words in plain:
                text = without if _is_of_chance(form) else whole
                if (len(form) >= SHORTEST_FOLDED and form in text) or form in words:
                    yield from ((name, where) for name in names)

    def in_reading(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the names of entries that are in what was read off a picture, some letters misread."""
        plain = folded(" ".join(lines)).translate(_LOOKALIKES)
        for form, names in self.texts.items():
            if len(form) >= SHORTEST_FOLDED and _is_nearly_in(form.translate(_LOOKALIKES), plain):
                yield from names


@lru_cache(maxsize=2)
def index_of(path: Path) -> Index:
    """Return the index of a ledger, made once in each process."""
    return Index(read_ledger(path))


def _is_of_chance(form: str | bytes) -> bool:
    """Whether a form is a number so short that the 39 digits of a UID made by lot may hold it."""
    return len(form) < LONGEST_BY_CHANCE and form.isdigit()


def _is_in_derived_uid(data: bytes, position: int) -> bool:
    begin = max(0, position - LONGEST_UID)
    found = _DERIVED_BYTES.finditer(data, begin, position + LONGEST_UID)
    return any(uid.start() < position < uid.end() for uid in found)


def _hashed(keys: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return (keys * np.uint32(2654435761)) >> np.uint32(32 - _TABLE_BITS)


def _is_nearly_in(form: str, text: str) -> bool:
    """Whether a text holds a form with at most one wrong letter in `LETTERS_PER_ERROR`."""
    errors = len(form) // LETTERS_PER_ERROR
    if not errors:
        return form in text
    # with so many errors, one of so many parts and one more is free of them
    length = len(form) // (errors + 1)
    parts = [form[at : at + length] for at in range(0, length * (errors + 1), length)]
    return any(part in text for part in parts) and _least_errors(form, text) <= errors


def _least_errors(form: str, text: str) -> int:
    """Return the least number of letters to change, add or leave out for a form to be in a text (Sellers 1980)."""
    column = list(range(len(form) + 1))
    least = column[-1]
    for letter in text:
        diagonal, column[0] = column[0], 0
        for row, wanted in enumerate(form, 1):
            changed = diagonal + (wanted != letter)
            diagonal = column[row]
            column[row] = min(changed, column[row] + 1, column[row - 1] + 1)
        least = min(least, column[-1])
    return least
