"""Judges single elements: does one identify somebody or somewhere, or could one hide something (PS3.15 Table E.1-1)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from pydicom.datadict import private_dictionaries  # type: ignore[attr-defined]

from mammoset.jobs.audit.elements import PIXEL_DATA, Element, dictionary_vrs
from mammoset.jobs.audit.findings import Finding, table_lines
from mammoset.jobs.audit.iod import table
from mammoset.jobs.audit.subject import Subject
from mammoset.jobs.audit.texts import (
    TEXT_VRS,
    folded,
    is_technical,
    readable,
    text_at,
    values_of,
)
from mammoset.jobs.audit.uids import uid_findings
from mammoset.terms.dicom import VIEW_CODES, VIEW_CODES_SRT, VIEW_MODIFIER_CODES, VIEW_MODIFIER_CODES_SRT

KIND_OF_VR = {"PN": "person", "DA": "date", "DT": "date", "TM": "date", "AE": "device"}
DUMMY_DATES = re.compile(r"(1[89]000101|0{8})?(0{2,6}(\.0+)?)?")
_DUMMY_WORD = "removed|none|unknown|dummy|na|notapplicable|xx+|empty|deidentified|patient|noname|nn"
DUMMIES = re.compile(rf"(anon[a-z]*|pseudo[a-z]*|{_DUMMY_WORD})\d*|[01]?")
"""Folded texts that stand for a removed one."""
MEASURED_DIGITS = 6
"""More than any measurement of a mammogram deserves, and fewer than an identifier needs."""
OLDEST_WRITTEN = 89
"""Years; above, ages are rare (PS3.15 E.3.7 asks for less than an age that tells who somebody is)."""
MEASUREMENT = re.compile(r"[+-]?\d{0,5}(\.\d*)?([eE][+-]?\d+)?")
FREE_TEXT_VRS = frozenset(["LO", "SH", "ST", "LT", "UT", "UC", "UR"])
NUMBER_VRS = frozenset(["DS", "IS", "AS"])
CODE_SHAPES = re.compile(r"\d{5,18}|[A-Z]{1,2}-?[0-9A-F]{4,5}|\d{1,6}-\d|[A-Z]{2,4}")
"""Of SNOMED CT, SNOMED RT, DCM, LOINC and UCUM."""
KNOWN_TERMS = {"PatientOrientation": {a + b for a in "LRAPHF" for b in ("", *"LRAPHF")}}
KEPT_BYTES = ("LUTData",)
BYTE_VRS = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "UN"])


@cache
def identifying() -> dict[str, str]:
    """Return keyword to kind of finding of what PS3.15 Table E.1-1 removes or replaces."""
    return {row["keyword"]: row["kind"] for row in csv.DictReader(table_lines("identifiers.csv"))}


@cache
def allowed_terms(keyword: str) -> frozenset[str]:
    """Return the enumerated values that mammography.csv has for an attribute of the image."""
    rows = (row for row in table()["image"] if row.keyword == keyword)
    return frozenset(term for row in rows for terms in row.allowed for term in terms) | KNOWN_TERMS.get(keyword, set())


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Return code value to its folded meanings."""
    found = {row["value"]: {folded(row["meaning"])} for row in csv.DictReader(table_lines("codes.csv"))}
    for codes in (VIEW_CODES, VIEW_MODIFIER_CODES):
        for code in codes.values():
            found.setdefault(code.value, set()).add(folded(code.meaning))
    for value, view in VIEW_CODES_SRT.items():
        found.setdefault(value, set()).add(folded(VIEW_CODES[view].meaning))
    for value, modifier in VIEW_MODIFIER_CODES_SRT.items():
        found.setdefault(value, set()).add(folded(VIEW_MODIFIER_CODES[modifier].meaning))
    return {value: frozenset(texts) for value, texts in found.items()}


def judge(element: Element, item: list[Element], encodings: tuple[str, ...], subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with one element; `item` is the item or data set that holds it."""
    if element.is_empty or element.tag & 0xFFFF == 0 or element.tag == PIXEL_DATA or _is_overlay(element):
        return
    element = _as_dictionary(element)
    texts = [one for one in values_of(element, encodings) if one] if element.vr in TEXT_VRS else []
    if element.is_private:
        yield from _private(element, texts)
    elif not dictionary_vrs(element.tag):
        yield Finding("unknown_element", element.path, "\\".join(texts))
        yield from _hidden(element)
    elif element.keyword in identifying():
        yield from _tabled(element, texts, subject)
    else:
        yield from _other(element, item, texts, subject)


def _as_dictionary(element: Element) -> Element:
    """Return an element that hides text under another representation as the text that the dictionary says it is."""
    vrs = dictionary_vrs(element.tag)
    if element.vr in TEXT_VRS or element.items is not None or not vrs or vrs[0] not in TEXT_VRS:
        return element
    return replace(element, vr=vrs[0])


def _is_overlay(element: Element) -> bool:
    return element.tag >> 24 in (0x50, 0x60) and not element.is_private


def _private(element: Element, texts: list[str]) -> Iterator[Finding]:
    value = "\\".join(texts)
    if 0x10 <= element.tag & 0xFFFF <= 0xFF:
        is_known = value in private_dictionaries
        yield Finding("known_creator" if is_known else "private_creator", element.path, value)
        return
    tells = _says_something if element.vr not in NUMBER_VRS else _is_no_measurement
    hidden = value if tells(texts) else "" if texts else readable(bytes(element.value))
    yield Finding("private_text" if hidden else "private", element.path, hidden)


def _is_no_measurement(texts: list[str]) -> bool:
    """Whether fields of numbers hold letters, or whole numbers that nothing measured has."""
    return any(not MEASUREMENT.fullmatch(text) for text in texts)


def _says_something(texts: list[str]) -> bool:
    """Whether text is more than a short number or a technical word."""
    return any(not is_technical(text) for text in texts)


def _hidden(element: Element) -> Iterator[Finding]:
    text = readable(bytes(element.value))
    if text:
        yield Finding("hidden_text", element.path, text)


def _tabled(element: Element, texts: list[str], subject: Subject) -> Iterator[Finding]:
    kind = identifying()[element.keyword]
    value = "\\".join(texts)
    if kind == "uid":
        yield from uid_findings(element.path, texts, subject)
    elif kind == "date":
        yield from _date(element, texts, subject)
    elif element.keyword in ("PatientID", "PatientName"):
        yield from _pseudonym(element, value, subject)
    elif kind == "characteristic":
        yield from _age(element, texts)
        if "113108" not in subject.methods:
            yield Finding(kind, element.path, value)
    elif kind == "description":
        if "113105" not in subject.methods or _says_something(texts):
            yield Finding(kind if _says_something(texts) else "plain_description", element.path, value)
    elif not texts or not all(DUMMIES.fullmatch(folded(text)) for text in texts):
        yield Finding(kind, element.path, value)
    if not texts and kind not in ("related", "icon"):
        yield from _hidden(element)


def _date(element: Element, texts: list[str], subject: Subject) -> Iterator[Finding]:
    """Report a date, but not a shifted one: birth dates are not shifted but removed (PS3.15 E.3.6)."""
    is_shifted = subject.temporal == "MODIFIED" and subject.says_removed and "Birth" not in element.keyword
    if not is_shifted and not all(DUMMY_DATES.fullmatch(text) for text in texts):
        yield Finding("date", element.path, "\\".join(texts))


def _pseudonym(element: Element, value: str, subject: Subject) -> Iterator[Finding]:
    """Report a name or id: where identity is said to be removed, only one that does not look like a pseudonym."""
    text = folded(value)
    if DUMMIES.fullmatch(text):
        return
    if element.keyword == "PatientName":
        if not subject.says_removed or text != subject.patient_id:
            yield Finding("person", element.path, value)
    elif not subject.says_removed:
        yield Finding("identifier", element.path, value)
    elif text.isdigit():
        yield Finding("pseudonym_like_number", element.path, value)


def _age(element: Element, texts: list[str]) -> Iterator[Finding]:
    for text in texts:
        if re.fullmatch(r"\d{3}[YMWD]", text) and (text[3] != "Y" or int(text[:3]) > OLDEST_WRITTEN) and text != "090Y":
            yield Finding("age_over_89" if text[3] == "Y" else "odd_age", element.path, text)


def _other(element: Element, item: list[Element], texts: list[str], subject: Subject) -> Iterator[Finding]:
    value = "\\".join(texts)
    kind = KIND_OF_VR.get(element.vr, "")
    if kind == "date":
        yield from _date(element, texts, subject)
    elif kind:
        if not all(DUMMIES.fullmatch(folded(text)) for text in texts):
            yield Finding(kind, element.path, value)
    elif element.vr == "UI":
        yield from uid_findings(element.path, texts, subject)
    elif element.keyword in CODED:
        yield from CODED[element.keyword](element, item, value)
    elif element.vr in NUMBER_VRS:
        yield from _number(element, texts)
    elif element.vr in FREE_TEXT_VRS or element.vr == "CS":
        if any(text not in allowed_terms(element.keyword) for text in texts) and _says_something(texts):
            yield Finding("unknown_term" if element.vr == "CS" else "free_text", element.path, value)
    elif element.vr in BYTE_VRS and element.items is None:
        if element.keyword not in KEPT_BYTES and not _is_zero(element):
            yield from _bytes(element)
        yield from _hidden(element)


def _is_zero(element: Element) -> bool:
    return not bytes(element.value).strip(b"\0")


def _bytes(element: Element) -> Iterator[Finding]:
    kind = "padding" if element.keyword == "DataSetTrailingPadding" else "opaque"
    if element.vr != "UN" or set(dictionary_vrs(element.tag)) & BYTE_VRS:
        yield Finding(kind, element.path)


def _code_meaning(element: Element, item: list[Element], value: str) -> Iterator[Finding]:
    expected, said = meanings().get(text_at(item, "CodeValue")), folded(value)
    if expected is not None and said in expected:
        return
    belongs_to_another = any(said in texts for texts in meanings().values())
    if expected is not None and (belongs_to_another or not is_technical(value)):
        yield Finding("code_meaning", element.path, value)
    elif not is_technical(value):
        yield Finding("free_text", element.path, value)


def _code_value(element: Element, _item: list[Element], value: str) -> Iterator[Finding]:
    if value not in meanings():
        yield Finding("unknown_code" if CODE_SHAPES.fullmatch(value) else "free_text", element.path, value)


CODED: dict[str, Callable[[Element, list[Element], str], Iterator[Finding]]] = {
    "CodeMeaning": _code_meaning,
    "CodeValue": _code_value,
}
"""Elements of code items, judged with the item they are in."""


def _number(element: Element, texts: list[str]) -> Iterator[Finding]:
    for text in texts:
        if re.search(r"[^\d\s+\-.eE]|[eE]{2}", text) and element.vr != "AS":
            yield Finding("text_in_number", element.path, text)
        elif len(re.sub(r"[eE].*|\D", "", text).strip("0")) > MEASURED_DIGITS:
            yield Finding("long_number", element.path, text)
    if element.vr == "AS":
        yield from _age(element, texts)
