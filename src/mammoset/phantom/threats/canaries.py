"""Canaries: texts and bytes that are in nobody's file by chance, and the ledger that says which were planted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from numpy.random import Generator

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
VIETNAMESE = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
WESTERN = "äöüßéèêñøåçîô"
KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノ"
HANGUL = "가나다라마바사아자차카타파하거너더러머버서"
HAN = "阮陈黎范黄潘武邓裴杜胡吴杨李"
LETTERS = 12
NUMBER = 10
BYTES = 24


@dataclass(frozen=True, slots=True)
class Canary:
    """What must not come through.

    Attributes
    ----------
    threat : str
        Row of the table; ``header`` for what the phantom writes into every header.
    name : str
        Says where it was planted and holds nothing of it.
    value : str or bytes
        Before any encoding, padding and separators.
    """

    threat: str
    name: str
    value: str | bytes

    def to_json(self) -> dict[str, str]:
        """Return the ledger's entry: ``text`` or, for bytes, ``hex``."""
        is_text = isinstance(self.value, str)
        what = {"text": self.value} if isinstance(self.value, str) else {"hex": self.value.hex()}
        return {"threat": self.threat, "name": self.name, **what} if is_text or self.value else {}


@dataclass(slots=True)
class Hand:
    """Makes the canaries of one file of one row, and notes them."""

    threat: str
    rng: Generator
    canaries: list[Canary] = field(default_factory=list)

    def note(self, value: str | bytes, name: str = "") -> None:
        """Note a canary that was made elsewhere."""
        label = name or f"{self.threat}.{len(self.canaries)}"
        self.canaries.append(Canary(self.threat, label, value))

    def letters(self, alphabet: str = CAPITALS, count: int = LETTERS) -> str:
        """Return a canary of letters."""
        text = "".join(alphabet[int(one)] for one in self.rng.integers(len(alphabet), size=count))
        self.note(text)
        return text

    def digits(self, count: int = NUMBER) -> str:
        """Return a canary of digits, the first and the last one not 0."""
        first, last = (str(int(one)) for one in self.rng.integers(1, 10, 2))
        middle = "".join(DIGITS[int(one)] for one in self.rng.integers(10, size=count - 2))
        self.note(first + middle + last)
        return first + middle + last

    def date(self) -> str:
        """Return a canary that is a date, YYYYMMDD."""
        year, month, day = self.rng.integers((1931, 1, 1), (1999, 13, 29))
        text = f"{year:04d}{month:02d}{day:02d}"
        self.note(text)
        return text

    def raw(self, count: int = BYTES) -> bytes:
        """Return a canary of bytes none of which is 0 or 255: those two are markers and padding."""
        found = bytes(int(one) for one in self.rng.integers(1, 255, count))
        self.note(found)
        return found

    def uid(self) -> str:
        """Return a canary that is a UID with a serial number and a moment in it."""
        serial, date, clock = self.rng.integers((10**5, 10**7, 10**5), (10**6, 10**8, 10**6))
        text = f"1.3.6.1.4.1.99999.7.{serial}.{date}{clock}.1"
        self.note(text)
        return text


def write_ledger(path: Path, canaries: Iterable[Canary]) -> None:
    """Write canaries as JSON: ``{"canaries": [{"threat", "name", "text" or "hex"}]}``, each once."""
    entries = [canary.to_json() for canary in dict.fromkeys(canaries)]
    path.write_text(json.dumps({"canaries": entries}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
