"""What an audit finds: kinds of findings from kinds.csv, and how a value is shown without being told."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

SHOWN_SHAPE = 32
"""Characters of a masked value that are shown."""


class Severity(StrEnum):
    """How much a finding matters; the first two make an audit fail."""

    IDENTIFIER = "identifier"
    CONFORMANCE = "conformance"
    SUSPICIOUS = "suspicious"
    NOTICE = "notice"


FAILING = (Severity.IDENTIFIER, Severity.CONFORMANCE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding.

    Attributes
    ----------
    kind : str
        snake_case; what findings are counted by.
    what, advice : str
        One line each, for a person.
    """

    kind: str
    severity: Severity
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one file.

    Attributes
    ----------
    kind : str
        A key of `kinds`.
    where : str
        Keywords down to the element, or ``preamble``, ``pixels``, ``file name`` and the like; never a value.
    value : str
        What was found; empty where there is nothing to show. Dropped by `masked`.
    note : str
        What is wrong, in words that hold no value of the file.
    """

    kind: str
    where: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding that may leave the worker.

    Attributes
    ----------
    length : int
        Characters of the value.
    shape : str
        The value with letters as ``x`` and digits as ``9``, cut short.
    value : str or None
        None unless values were asked for.
    """

    kind: str
    where: str
    note: str
    length: int
    shape: str
    value: str | None


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its name, in the order of kinds.csv."""
    rows = csv.DictReader(table_lines("kinds.csv"))
    return {row["kind"]: Kind(row["kind"], Severity(row["severity"]), row["what"], row["advice"]) for row in rows}


def table_lines(name: str) -> list[str]:
    """Return the lines of a table of this package."""
    return (files("mammoset.jobs.audit") / name).read_text(encoding="utf-8").splitlines()


def shape_of(text: str) -> str:
    """Return a text's shape: ``Xxxxxx^Xxx 9999``; control and other characters as ``·``."""
    shown = "".join(map(_shape, text[:SHOWN_SHAPE]))
    return shown + "…" if len(text) > SHOWN_SHAPE else shown


def _shape(one: str) -> str:
    if one.isdigit():
        return "9"
    if one.isalpha():
        return "X" if one.isupper() else "x"
    return one if one.isascii() and one.isprintable() else "·"


def masked(finding: Finding, *, show_values: bool) -> Shown:
    """Return a finding as it may be shown: the value itself only when asked for."""
    value = finding.value if show_values else None
    return Shown(finding.kind, finding.where, finding.note, len(finding.value), shape_of(finding.value), value)
