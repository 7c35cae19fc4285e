"""Whether values are what their representation allows (PS3.5 section 6.2, 6.4 and 9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from pydicom.datadict import dictionary_VM

from mammoset.jobs.audit.elements import Element, dictionary_vrs
from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.texts import ONE_VALUE, TEXT_VRS, text_of, values_of

_DATE = r"[1-9]\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?"
PATTERNS = {
    "AE": r"[\x20-\x5b\x5d-\x7e]{1,16}",
    "AS": r"\d{3}[DWMY]",
    "CS": r"[A-Z0-9_ ]{0,16}",
    "DA": _DATE,
    "DS": r"(?=.{1,16}$) *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *",
    "DT": rf"[1-9]\d{{3}}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])({_CLOCK})?)?)?([+-]\d{{4}})?",
    "IS": r"(?=.{1,12}$) *[+-]?\d+ *",
    "TM": _CLOCK,
    "UI": r"(0|[1-9]\d*)(\.(0|[1-9]\d*))+",
    "UR": r"[^\s\\]*",
}
"""What one value of a representation is."""
LONGEST = {"LO": 64, "LT": 10240, "SH": 16, "ST": 1024, "UI": 64}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
LINE_CONTROL = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f]")
WIDTHS = {
    "AT": 4,
    "FD": 8,
    "FL": 4,
    "SL": 4,
    "SS": 2,
    "SV": 8,
    "UL": 4,
    "US": 2,
    "UV": 8,
    "OD": 8,
    "OF": 4,
    "OL": 4,
    "OW": 2,
}
UID_ROOTS = ("0", "1", "2")
EXAMPLE_ROOT = "2.999."
"""For examples in documents, never for objects (Recommendation ITU-T X.660)."""


def value_findings(element: Element, encodings: tuple[str, ...], *, has_character_set: bool) -> Iterator[Finding]:
    """Yield what is wrong with an element's representation, its number of values and its values.

    Private and unknown elements have no dictionary to be held against; only their values are judged.
    """
    vrs = dictionary_vrs(element.tag)
    if vrs and element.vr not in vrs and not (element.vr == "UN" or element.is_private):
        yield Finding("wrong_vr", element.path, note=f"{element.vr} instead of {' or '.join(vrs)}")
    if element.items is not None or element.fragments is not None or element.is_empty:
        return
    if element.vr in TEXT_VRS:
        yield from _text(element, encodings, has_character_set=has_character_set)
    elif element.vr in WIDTHS:
        width = WIDTHS[element.vr]
        if len(element.value) % width:
            yield Finding("invalid_value", element.path, note=f"no multiple of {width} bytes")
        elif not element.vr.startswith("O"):
            yield from _multiplicity(element, len(element.value) // width)


def _text(element: Element, encodings: tuple[str, ...], *, has_character_set: bool) -> Iterator[Finding]:
    texts = values_of(element, encodings)
    yield from _multiplicity(element, len(texts))
    if not has_character_set and not bytes(element.value).isascii():
        yield Finding("invalid_value", element.path, note="characters that its character set does not have")
    if bytes(element.value).endswith(b"\0") and element.vr not in ("UI", "UN"):
        yield Finding("invalid_value", element.path, note="padded with a zero byte")
    raw = text_of(element, encodings)
    for text in raw.split("\\") if element.vr not in ONE_VALUE else [raw]:
        problem = _uid_problem(text) if element.vr == "UI" else _problem(element.vr, text)
        if problem:
            yield Finding("invalid_uid" if element.vr == "UI" else "invalid_value", element.path, text, problem)


def _problem(vr: str, text: str) -> str:
    """Return what is wrong with one value of a representation; empty when nothing is."""
    plain = text.strip(" ") if vr not in ("DS", "IS") else text
    if not plain:
        return ""
    if vr in PATTERNS:
        if not re.fullmatch(PATTERNS[vr], plain):
            return f"no valid {vr}"
        return _beyond(vr, plain)
    if vr == "PN":
        return _name_problem(plain)
    control = CONTROL if vr in ("LT", "ST", "UT") else LINE_CONTROL
    if control.search(plain):
        return "control characters"
    return f"more than {LONGEST[vr]} characters" if len(plain) > LONGEST.get(vr, len(plain)) else ""


def _beyond(vr: str, text: str) -> str:
    if vr == "IS" and not -(2**31) < int(text) < 2**31:
        return "outside 32 bits"
    if vr == "DA":
        try:
            date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            return "no day of the calendar"
    return ""


def _name_problem(text: str) -> str:
    groups = text.split("=")
    if len(groups) > 3 or any(group.count("^") > 4 for group in groups):
        return "too many components"
    if any(len(group) > 64 for group in groups):
        return "more than 64 characters"
    return "control characters" if LINE_CONTROL.search(text) else ""


def _uid_problem(uid: str) -> str:
    text = uid.strip("\0")
    if not text:
        return ""
    if len(text) > LONGEST["UI"]:
        return "more than 64 characters"
    if not re.fullmatch(PATTERNS["UI"], text):
        return "characters or components that no UID has"
    if text.split(".")[0] not in UID_ROOTS:
        return "no root that exists"
    return "the root for examples" if text.startswith(EXAMPLE_ROOT) else ""


def _multiplicity(element: Element, count: int) -> Iterator[Finding]:
    low, high, step = _allowed(element.tag)
    if count and not (low <= count <= high and (count - low) % step == 0):
        yield Finding("wrong_vm", element.path, note=f"{count} values")


@lru_cache(maxsize=2048)
def _allowed(tag: int) -> tuple[int, float, int]:
    """Return least and greatest number of values, and the step between, of the data dictionary."""
    try:
        text = "1-n" if tag >> 16 & 1 else dictionary_VM(tag)
    except KeyError:
        text = "1-n"
    low, _, high = text.partition("-")
    if not high:
        return int(low), int(low), 1
    if high.endswith("n"):
        return int(low), float("inf"), int(high[:-1] or 1)
    return int(low), int(high), 1
