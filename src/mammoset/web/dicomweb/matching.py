"""Whether a value is one that is asked for (PS3.18 8.3.4.1, PS3.4 C.2.2.2): single, list, wildcard, range, any."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import translate

NUMBERS = frozenset({"DS", "FD", "FL", "IS", "SL", "SS", "UL", "US"})
LISTED = frozenset({"UI", "CS"})
"""Of these several values may be asked for at once: of UIDs by the Standard, of codes because viewers do."""
DATE = "DA"
NO_WILDCARDS = NUMBERS | {"UI", "DA", "TM", "DT", "AS"}

Matcher = Callable[[Sequence[str]], bool]
"""Tells whether one of the values of an attribute is asked for; of an attribute without value there is none."""


class BadQuestion(ValueError):
    """A value that is asked for has not the form that its attribute needs; the text is for the client."""


def matcher_for(vr: str, asked: str) -> Matcher | None:
    """Return the test for a value that is asked for; None when every value will do (C.2.2.2.3).

    Raises
    ------
    BadQuestion
        If a date or a number is none.
    """
    if asked.strip() in ("", "*") or asked in ('""', "''"):
        return None
    if vr == DATE:
        low, high = _date_range(asked.strip())
        return lambda values: any(low <= value <= high for value in values if value)
    if vr in NUMBERS:
        wanted = _number(asked)
        return lambda values: any(_is_number(value) and float(value) == wanted for value in values)
    listed = re.split(r"[,\\]", asked) if vr in LISTED else [asked]
    tests = [_text_test(vr, one.strip()) for one in listed if one.strip()]
    return lambda values: any(test(value) for value in values for test in tests)


def _date_range(asked: str) -> tuple[str, str]:
    """Return the first and the last day that are asked for; both ends belong to the range (C.2.2.2.5)."""
    found = re.fullmatch(r"(\d{8})?(-)?(\d{8})?", asked)
    if found is None or (found[3] and not found[2]) or not (found[1] or found[3]):
        raise BadQuestion("a date is asked for as YYYYMMDD, a range as YYYYMMDD-YYYYMMDD, either end may be left out")
    if not found[2]:
        return found[1], found[1]
    return found[1] or "", found[3] or "99999999"


def _number(asked: str) -> float:
    if not _is_number(asked):
        raise BadQuestion("a number is asked for as digits")
    return float(asked)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*", text) is not None


def _text_test(vr: str, asked: str) -> Callable[[str], bool]:
    """Return the test for a text: names in any case and without empty components at the end (PS3.5 6.2)."""
    is_name = vr == "PN"
    if is_name:
        asked = asked.rstrip("^")
    has_wildcards = vr not in NO_WILDCARDS
    # as of file names, whose brackets mean something; its patterns take no longer than the text is long
    pattern = translate(asked.replace("[", "[[]")) if has_wildcards else re.escape(asked)
    test = re.compile(pattern, re.IGNORECASE if is_name else 0)
    return lambda value: test.fullmatch(value.strip().rstrip("^") if is_name else value.strip()) is not None
