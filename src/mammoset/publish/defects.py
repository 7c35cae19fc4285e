"""Differences found in a release, collected up to a limit and named so that a person can find them."""

from __future__ import annotations

from collections.abc import Iterable

from mammoset.errors import DatasetDefect

SHOWN_DEFECTS = 100
SHOWN_CHARACTERS = 120
SHOWN_LINE = 1000


def quoted(value: object) -> str:
    """Return a value of a file for a message: one line, printable, of bounded length."""
    shown = repr(str(value)[: SHOWN_CHARACTERS + 1])
    return shown if len(shown) <= SHOWN_CHARACTERS + 2 else shown[: SHOWN_CHARACTERS - 3] + "…'"


def plain(text: object) -> str:
    """Return text of a file, say its path, for a message: as it is when harmless, else `quoted`."""
    shown = str(text)
    return shown if shown.isprintable() and len(shown) <= 2 * SHOWN_CHARACTERS else quoted(text)


class Defects:
    """A list of differences, each with its place; beyond `SHOWN_DEFECTS` they are only counted."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.count = 0

    def add(self, place: object, what: str) -> None:
        """Record a difference at a place: a file, and within it a row or an attribute."""
        self.count += 1
        if len(self.shown) < SHOWN_DEFECTS:
            self.shown.append(f"{plain(place)}: {_one_line(what)}")

    def extend(self, place: object, found: Iterable[str]) -> None:
        """Record several differences at one place."""
        for what in found:
            self.add(place, what)

    def error(self, name: str) -> DatasetDefect:
        """Return everything found so far as one error about the release `name`."""
        differences = "1 difference" if self.count == 1 else f"{self.count} differences"
        more = [f"… and {self.count - len(self.shown)} more"] if self.count > len(self.shown) else []
        lines = [f"{plain(name)} is not what it says it is: {differences}", *self.shown, *more]
        return DatasetDefect("\n  ".join(lines))


def _one_line(text: str) -> str:
    """Return a message without characters that would move a terminal's cursor, and of bounded length."""
    shown = "".join(one if one.isprintable() else "�" for one in text[: SHOWN_LINE + 1])
    return shown if len(shown) <= SHOWN_LINE else shown[:SHOWN_LINE] + "…"
