"""How single values are written on the pages; unknown is a dash, never a zero or a negative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

UNKNOWN = "–"
SHORT_LENGTH = 8


def short(pseudonym: str) -> str:
    """Return the end of a pseudonym: the begin of a UID is the same for all."""
    return pseudonym if len(pseudonym) <= SHORT_LENGTH else f"…{pseudonym[-SHORT_LENGTH:]}"


def or_dash(value: Any) -> str:
    """Return a value as text, a dash when it is not known."""
    return UNKNOWN if value is None or value == "" else str(value)


def thousands(number: int) -> str:
    """Return a whole number with thin spaces between the thousands."""
    return f"{number:,}".replace(",", "\u202f")


def millimetres(size: tuple[float, float] | None) -> str:
    """Return width × height in whole millimetres; says so when the pixel spacing is not known."""
    return "size not known" if size is None else f"{size[0]:.0f} × {size[1]:.0f} mm"


def age(years: int | None) -> str:
    """Return an age; 90 stands for all from 90 on."""
    return UNKNOWN if years is None else "90+" if years >= 90 else str(years)


def percent(share: float) -> str:
    """Return a share as whole percent; 100 only for all, 0 only for none."""
    return f"{min(99, max(1, round(share * 100))) if 0 < share < 1 else round(share * 100)} %"


WORDS: dict[str, Callable[[Any], str]] = {
    "short": short,
    "or_dash": or_dash,
    "thousands": thousands,
    "millimetres": millimetres,
    "age": age,
    "percent": percent,
}
"""Filters of the templates."""
