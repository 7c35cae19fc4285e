"""Every value of every element of the whole dataset, so that a person can look at all of it and decide."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from pydicom.datadict import dictionary_VR, tag_for_keyword

from mammoset.catalog import ElementValue
from mammoset.domain.review import MARK_LENGTH
from mammoset.domain.review_values import ValueVerdicts, Verdict, numbers_of
from mammoset.project import Project
from mammoset.review.numbers import Spread, spread_of
from mammoset.terms.reasons import ReviewKind

NUMBER_VRS = frozenset({"AS", "DA", "DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS"})
N_EXAMPLES = 3
FEW_NUMBERS = 10
"""So many different numbers are shown one by one; more as a range."""


class Group(StrEnum):
    """Why an element holds what it holds; in the order in which a person looks."""

    OTHER = "other"
    """No rule is known: look at each value."""
    TEXT = "text"
    """Mapped to known words by rule, from free text of the source: look at each value."""
    NUMBERS = "numbers"
    """Numbers within limits by rule: look at the range and the outliers."""
    CLOSED = "closed"
    """One of a closed list by rule."""
    KEYED = "keyed"
    """Made from the key: no one can tell anything from it."""
    FIXED = "fixed"
    """The same in every file by rule."""


GUARANTEED = (Group.CLOSED, Group.KEYED, Group.FIXED)
"""Groups whose values the program's own tables determine; they may be approved together, and are shown all the same."""
Groups = Mapping[str, Group]
"""Element, or the outermost keyword of its path, to its group; what is in neither way known is `Group.OTHER`."""


class Kind(StrEnum):
    """How the values of an element are shown."""

    VALUES = "values"
    NUMBERS = "numbers"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One value of an element.

    Attributes
    ----------
    count : int
        Images that hold it.
    examples : tuple of str
        Ids of some of them.
    """

    value: str
    count: int
    examples: tuple[str, ...]
    verdict: Verdict | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return {
            "value": self.value, "count": self.count, "examples": list(self.examples),
            "verdict": self.verdict or "pending",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ElementSummary:
    """All values of one element.

    Attributes
    ----------
    values : tuple of ValueEntry
        Rare ones first.
    spread : Spread or None
        Where all values are numbers.
    """

    element: str
    kind: Kind
    group: Group
    values: tuple[ValueEntry, ...]
    spread: Spread | None = None

    @property
    def n_images(self) -> int:
        """How many images hold the element."""
        return sum(one.count for one in self.values)

    @property
    def mark(self) -> str:
        """Return what names the values that it has: another mark means that others are to be decided about."""
        said = "\0".join(one.value for one in self.values)
        return hashlib.sha256(said.encode()).hexdigest()[:MARK_LENGTH]

    @property
    def pending(self) -> tuple[ValueEntry, ...]:
        """Return the values that nobody decided about."""
        return tuple(one for one in self.values if one.verdict is None)

    @property
    def rejected(self) -> tuple[ValueEntry, ...]:
        """Return the values that were rejected and are still in a file."""
        return tuple(one for one in self.values if one.verdict == "reject")

    @property
    def is_range(self) -> bool:
        """Whether the values are shown, and decided about, as a range."""
        return self.spread is not None and len(self.values) > FEW_NUMBERS

    @property
    def outliers(self) -> tuple[ValueEntry, ...]:
        """Return the values beyond the fences of their spread, rare ones first; of what is shown one by one, none."""
        spread = self.spread
        if spread is None or not self.is_range:
            return ()
        return tuple(one for one in self.values if spread.is_outlier(one.value))

    def to_json(self) -> dict[str, Any]:
        """Return the element as JSON values, every value of it included."""
        return {
            "element": self.element, "kind": self.kind.value, "group": self.group.value, "images": self.n_images,
            "distinct": len(self.values), "pending": len(self.pending), "rejected": len(self.rejected),
            "numbers": None if self.spread is None else self.spread.to_json(),
            "outliers": [one.value for one in self.outliers],
            "values": [one.to_json() for one in self.values],
        }  # fmt: skip


class ValueCounts(NamedTuple):
    """How far the first pass is: elements, and different values of them that files hold."""

    elements: int
    values: int
    approved: int
    rejected: int
    pending: int


def verdicts_of(project: Project) -> ValueVerdicts:
    """Return what reviewers said of values."""
    book = project.catalog.review_book
    said = sorted((*book.facts(ReviewKind.VALUE), *book.facts(ReviewKind.RANGE)), key=lambda fact: fact.number)
    return ValueVerdicts.of((fact.element, fact.value, fact.verdict) for fact in said)


def elements(project: Project, groups: Groups | None = None) -> list[ElementSummary]:
    """Return every element that files hold with all its values: what needs a person's eye first, rare values first.

    Parameters
    ----------
    groups : mapping of keyword to Group, or None
        What the rules of the gate guarantee; None knows of nothing.
    """
    counts, examples = _holding(project)
    held = summaries_of(project.catalog.review_book.values(), counts, examples, groups or {})
    return with_verdicts(held, verdicts_of(project))


def summaries_of(
    values: Iterable[ElementValue], counts: Mapping[int, int], examples: Mapping[int, tuple[str, ...]], groups: Groups
) -> list[ElementSummary]:
    """Return every element that files hold, in no order, as if nobody had said anything of its values.

    Parameters
    ----------
    values : iterable of ElementValue
        One that no image holds is left out.
    counts, examples : mapping of number of a value to number of images, and to ids of some of them
    groups : mapping of keyword to Group
    """
    held: dict[str, list[ValueEntry]] = defaultdict(list)
    for one in values:
        if counts.get(one.number):
            held[one.element].append(ValueEntry(one.value, counts[one.number], examples[one.number]))
    return [
        _summary_of(element, sorted(entries, key=lambda one: (one.count, one.value)), _group_of(element, groups))
        for element, entries in held.items()
    ]


def with_verdicts(summaries: Iterable[ElementSummary], verdicts: ValueVerdicts) -> list[ElementSummary]:
    """Return elements with what was said of their values, what needs a person's eye first."""
    told = [
        replace(
            summary,
            values=tuple(
                ValueEntry(one.value, one.count, one.examples, verdicts.verdict_of(summary.element, one.value))
                for one in summary.values
            ),
        )
        for summary in summaries
    ]
    return sorted(told, key=_urgency)


def _group_of(element: str, groups: Groups) -> Group:
    outermost = element.split(".")[0]
    return groups.get(element, groups.get(outermost, Group.OTHER))


def _holding(project: Project) -> tuple[Mapping[int, int], Mapping[int, tuple[str, ...]]]:
    """Return how many images hold each value, and the ids of the first of them."""
    counts: Counter[int] = Counter()
    examples: dict[int, tuple[str, ...]] = {}
    for number, image_ids in project.catalog.review_book.images_by_value().items():
        counts[number] = len(image_ids)
        examples[number] = tuple(image_ids[:N_EXAMPLES])
    return counts, examples


def _summary_of(element: str, entries: list[ValueEntry], group: Group) -> ElementSummary:
    values = tuple(entries)
    if all(is_pattern(one.value) for one in values):
        return ElementSummary(element, Kind.PATTERN, group, values)
    given = {one.value: one.count for one in values if one.value}
    if given and _is_number(element) and all(numbers_of(value) is not None for value in given):
        return ElementSummary(element, Kind.NUMBERS, group, values, spread_of(given))
    return ElementSummary(element, Kind.VALUES, group, values)


def is_pattern(value: str) -> bool:
    """Whether a value stands for many that nobody can compare: ``<keyed UID>``."""
    return value.startswith("<") and value.endswith(">")


def _is_number(element: str) -> bool:
    """Whether an element holds numbers by its value representation; what is in no dictionary goes by its values."""
    keyword = element.split(".")[-1]
    tag = tag_for_keyword(keyword)
    return tag is None or dictionary_VR(tag) in NUMBER_VRS


def _urgency(one: ElementSummary) -> tuple[bool, int, int, str]:
    rarest = min((entry.count for entry in one.pending), default=one.n_images)
    return not (one.pending or one.rejected), list(Group).index(one.group), rarest, one.element


def count_values(summaries: Iterable[ElementSummary]) -> ValueCounts:
    """Count elements and values by verdict."""
    found = list(summaries)
    n_values = sum(len(one.values) for one in found)
    pending, rejected = sum(len(one.pending) for one in found), sum(len(one.rejected) for one in found)
    return ValueCounts(len(found), n_values, n_values - pending - rejected, rejected, pending)
