"""What reviewers said of the values of files: the latest word about a value is in force."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

Verdict = Literal["approve", "reject"]
Pair = tuple[str, str]
"""Element, by its keywords, and value as text."""

EVERY = "*"
"""Instead of a value: every value of the element, also those that come later."""

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_ONE = re.compile(rf"({_NUMBER})|([0-9]{{3}})Y")
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")


class Range(NamedTuple):
    """Numbers from one to another, both included."""

    low: float
    high: float

    def holds(self, numbers: Iterable[float]) -> bool:
        """Whether all of these numbers are in the range."""
        return all(self.low <= one <= self.high for one in numbers)


def numbers_of(value: str) -> tuple[float, ...] | None:
    """Return the numbers that a value consists of; ages in years count as numbers (``047Y``).

    Parameters
    ----------
    value : str
        Several values are joined by a backslash (PS3.5 6.4).

    Returns
    -------
    tuple of float or None
        None when a part of it is no number, or there is none.
    """
    found = [_ONE.fullmatch(part) for part in value.split("\\")]
    numbers = tuple(float(one[1] or one[2]) for one in found if one is not None)
    return numbers if len(numbers) == len(found) else None


def range_of(text: str) -> Range | None:
    """Return the range that a text such as ``25..34`` or ``-180..180`` names; None when it names none."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = float(found[1]), float(found[2])
    return Range(low, high) if low <= high else None


class _Said(NamedTuple):
    place: int
    verdict: Verdict


@dataclass(slots=True)
class _AboutElement:
    """What was said of one element: of every value, of single ones, of ranges in the order in which it was said."""

    every: _Said | None = None
    single: dict[str, _Said] = field(default_factory=dict)
    ranges: list[tuple[Range, _Said]] = field(default_factory=list)

    def about(self, value: str) -> Iterable[_Said]:
        if self.every is not None:
            yield self.every
        if value in self.single:
            yield self.single[value]
        numbers = numbers_of(value) if self.ranges else None
        if numbers is not None:
            yield from (said for where, said in self.ranges if where.holds(numbers))


class ValueVerdicts:
    """What is in force about values. Make it with `of`."""

    def __init__(self, elements: dict[str, _AboutElement]) -> None:
        self._elements = elements

    @classmethod
    def of(cls, facts: Iterable[tuple[str, str, str]]) -> ValueVerdicts:
        """Gather what was said.

        Parameters
        ----------
        facts : iterable of (element, value, verdict)
            Oldest first. The value may be ``*`` (every value of the element) or a range of numbers, ``low..high``.
        """
        elements: dict[str, _AboutElement] = {}
        for place, (element, value, verdict) in enumerate(facts):
            said = _Said(place, cast(Verdict, verdict))
            about = elements.setdefault(element, _AboutElement())
            where = range_of(value)
            if value == EVERY:
                about.every = said
            elif where is not None:
                about.ranges.append((where, said))
            else:
                about.single[value] = said
        return cls(elements)

    def verdict_of(self, element: str, value: str) -> Verdict | None:
        """Return the latest verdict that is about a value; None when nothing was said of it."""
        about = self._elements.get(element)
        if about is None:
            return None
        latest = max(about.about(value), key=lambda said: said.place, default=None)
        return None if latest is None else latest.verdict

    def rejected(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Return those of these values that no file may hold."""
        return {pair for pair in pairs if self.verdict_of(*pair) == "reject"}

    def pending(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Return those of these values that nobody decided about."""
        return {pair for pair in pairs if self.verdict_of(*pair) is None}
