"""The Digital Mammography X-Ray Image For Presentation IOD as a table, mammography.csv (PS3.3 A.26 and C.8.11).

Conditions are written as ``A | B & !C``: attributes present, ``A=X`` a first value, ``A+`` present with a value.
``$trial`` stands for any attribute of the clinical trial subject. ``never`` is no value of any attribute.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from mammoset.jobs.audit.elements import Element
from mammoset.jobs.audit.findings import Finding, table_lines
from mammoset.jobs.audit.texts import TEXT_VRS, text_of

TRIAL = "$trial"
_TRIAL_PREFIX = "ClinicalTrial"
_NOT_SUBJECT = ("ClinicalTrialSeries", "ClinicalTrialTimePoint", "ClinicalTrialCoordinating")


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute of the IOD or of an item.

    Attributes
    ----------
    type : str
        1, 1C, 2, 2C or 3. A conditional attribute without a condition only needs a value when it is present.
    when : str
        Condition.
    only : bool
        Whether it may not be there when the condition does not hold.
    items : str
        Number of items of a sequence: 1, 1-2 or 1-n; empty for any.
    allowed : tuple of tuple of str
        Enumerated values for each value in turn; the last one for all that follow when `repeats`.
    contains : str
        Name of the rows of a sequence's items.
    """

    keyword: str
    type: str
    when: str
    only: bool
    items: str
    allowed: tuple[tuple[str, ...], ...]
    repeats: bool
    contains: str


@cache
def table() -> Mapping[str, tuple[Row, ...]]:
    """Return the rows by where they apply: ``image``, or a kind of item."""
    found: dict[str, list[Row]] = defaultdict(list)
    for cells in csv.DictReader(table_lines("mammography.csv")):
        inside = found[cells["inside"]]
        if cells["keyword"].startswith("$"):
            inside += found[cells["keyword"][1:]]
            continue
        text = cells["allowed"]
        allowed = tuple(tuple(one.split("|")) for one in text.removesuffix("*").split("\\")) if text else ()
        row = Row(
            cells["keyword"], cells["type"], cells["when"], bool(cells["only"]), cells["items"], allowed,
            text.endswith("*"), cells["contains"],
        )  # fmt: skip
        inside.append(row)
    return {inside: tuple(rows) for inside, rows in found.items()}


class Item:
    """An item or data set, ready to be held against rows."""

    def __init__(self, elements: list[Element], prefix: str = "", *, is_little: bool = True) -> None:
        self.by_keyword: dict[str, Element] = {}
        for one in elements:
            self.by_keyword.setdefault(one.keyword, one)
        self.prefix, self.is_little = prefix, is_little

    def texts(self, keyword: str) -> list[str]:
        """Return the values of an attribute as text, numbers in decimal; none when it is absent."""
        element = self.by_keyword.get(keyword)
        if element is None:
            return []
        if element.vr in TEXT_VRS:
            text = text_of(element)
            return [one.strip() for one in text.split("\\")] if text else []
        if element.vr in ("US", "SS", "UL", "SL"):
            width = 2 if element.vr[1] == "S" else 4
            order = "little" if self.is_little else "big"
            data = bytes(element.value)
            return [
                str(int.from_bytes(data[at : at + width], order, signed=element.vr[0] == "S"))  # type: ignore[arg-type]
                for at in range(0, len(data) - width + 1, width)
            ]
        return []

    def holds(self, condition: str) -> bool:
        """Whether a condition of the table is true of it."""
        return any(all(self._term(term.strip()) for term in some.split("&")) for some in condition.split("|"))

    def _term(self, term: str) -> bool:
        if term.startswith("!"):
            return not self._term(term[1:])
        if term == TRIAL:
            return any(one.startswith(_TRIAL_PREFIX) and not one.startswith(_NOT_SUBJECT) for one in self.by_keyword)
        if term.endswith("+"):
            return bool(self.texts(term[:-1]))
        keyword, _, value = term.partition("=")
        return value in self.texts(keyword)[:1] if value else keyword in self.by_keyword


def item_findings(item: Item, inside: str = "image") -> Iterator[Finding]:
    """Yield where an item, and all items in it, differ from the rows of `inside`."""
    for row in table()[inside]:
        yield from _row_findings(item, row)


def _row_findings(item: Item, row: Row) -> Iterator[Finding]:
    path = item.prefix + row.keyword
    element = item.by_keyword.get(row.keyword)
    applies = not row.type.endswith("C") or (bool(row.when) and item.holds(row.when))
    if element is None:
        if row.type != "3" and applies:
            yield Finding("missing", path, note=f"type {row.type}")
        return
    if row.only and not applies:
        yield Finding("not_allowed", path, note=f"only {_in_words(row.when)}")
    count = len(element.items or ())
    if _is_without_value(element):
        if row.type.startswith("1") or row.items:
            yield Finding("empty", path, note=f"type {row.type}")
        return
    if row.items and not _fits(count, row.items):
        yield Finding("wrong_vm", path, note=f"{count} items")
    yield from _values(item, row, path)
    for number, inner in enumerate(element.items or (), 1):
        if row.contains:
            yield from item_findings(Item(inner, f"{path}[{number}].", is_little=item.is_little), row.contains)


def _in_words(condition: str) -> str:
    return "inside a code item" if "=never" in condition else f"when {condition}"


def _is_without_value(element: Element) -> bool:
    if element.is_empty:
        return True
    return element.vr in TEXT_VRS and not bytes(element.value).strip(b" \0")


def _fits(count: int, items: str) -> bool:
    low, _, high = items.partition("-")
    return int(low) <= count and (high == "n" or count <= int(high or low))


def _values(item: Item, row: Row, path: str) -> Iterator[Finding]:
    found = item.texts(row.keyword)
    allowed = list(row.allowed)
    if row.repeats:
        allowed += [row.allowed[-1]] * (len(found) - len(allowed))
    for number, (value, terms) in enumerate(zip(found, allowed, strict=False), 1):
        if value not in terms and not _same_number(value, terms):
            yield Finding("wrong_value", path, value, f"value {number} is none of {' | '.join(filter(None, terms))}")


def _same_number(value: str, terms: tuple[str, ...]) -> bool:
    """Whether a decimal string is one of the numbers that are allowed: 1.000 for 1."""
    try:
        return float(value) in [float(term) for term in terms]
    except ValueError:
        return False
