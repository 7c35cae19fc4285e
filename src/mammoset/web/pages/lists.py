"""Lists of exams: filters, order and pages, as they stand in an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mammoset.web.pages.exams import Exam

Item = TypeVar("Item")
PAGE_SIZE = 50

SORTS: Mapping[str, Callable[[Exam], Any]] = {
    "number": lambda exam: exam.number,
    "age": lambda exam: exam.study.age_years,
    "vendor": lambda exam: exam.vendor.casefold() or None,
    "birads": lambda exam: exam.highest_birads,
    "density": lambda exam: max(filter(None, (exam.density("R"), exam.density("L"))), default=None),
    "findings": lambda exam: len(exam.findings) if exam.reference else None,
    "state": lambda exam: exam.state,
    "fold": lambda exam: exam.fold or None,
}
"""Name in the address to what is compared; None, not known, comes last in either direction."""

_EmptyIsNone = BeforeValidator(lambda value: None if value == "" else value)
"""A form sends what was left empty as an empty text."""
_Category = Annotated[int, Field(ge=0, le=6)]
_Word = Annotated[str, Field(max_length=64)]


class ListQuery(BaseModel):
    """What the address of a list of exams may say; everything is optional."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    birads: Annotated[_Category | None, _EmptyIsNone, Field(description="a breast of this BI-RADS category")] = None
    density: Annotated[_Word | None, _EmptyIsNone, Field(description="a breast of this density")] = None
    category: Annotated[_Word | None, _EmptyIsNone, Field(description="a finding of this category")] = None
    state: Annotated[_Word | None, _EmptyIsNone, Field(description="reading state, as the pages call it")] = None
    fold: Annotated[_Word | None, _EmptyIsNone, Field(description="name of the fold")] = None
    sort: Annotated[str, Field(pattern=f"^-?({'|'.join(SORTS)})$", description="column; with a minus, descending")] = (
        "number"
    )
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(getattr(self, name) is not None for name in FILTERS)

    def address(self, **changes: Any) -> str:
        """Return this query with changes as it stands in an address: empty, or from the question mark on."""
        values = self.model_dump(exclude_defaults=True) | changes
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(given)}" if given else ""

    def sorting(self, column: str) -> str:
        """Return how the list is sorted by a column, as ``aria-sort`` says it."""
        if self.sort.lstrip("-") != column:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def resorted(self, column: str) -> str:
        """Return the address that sorts by a column, or turns the order round when it already does."""
        return self.address(sort=f"-{column}" if self.sort == column else column, page=None)


FILTERS: Mapping[str, Callable[[Exam, Any], bool]] = {
    "birads": lambda exam, value: value in (exam.birads("R"), exam.birads("L")),
    "density": lambda exam, value: value in (exam.density("R"), exam.density("L")),
    "category": lambda exam, value: any(value in finding.categories for finding in exam.findings),
    "state": lambda exam, value: exam.state == value,
    "fold": lambda exam, value: exam.fold == value,
}
"""Name in the address to whether an exam stays in the list. An exam without an answer fits no filter on answers."""


def select_exams(exams: Sequence[Exam], query: ListQuery) -> list[Exam]:
    """Return the exams that fit a query, in its order."""
    wanted = {name: value for name in FILTERS if (value := getattr(query, name)) is not None}
    fitting = [exam for exam in exams if all(FILTERS[name](exam, value) for name, value in wanted.items())]
    key = SORTS[query.sort.lstrip("-")]
    known = [exam for exam in fitting if key(exam) is not None]
    known.sort(key=key, reverse=query.sort.startswith("-"))
    return known + [exam for exam in fitting if key(exam) is None]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list.

    Attributes
    ----------
    total : int
        Items of the whole list.
    number, count : int
        Which page this is and how many there are, from 1; an empty list has one empty page.
    """

    items: tuple[Item, ...]
    total: int
    number: int
    count: int

    @property
    def first(self) -> int:
        """Place of the first item in the whole list, from 1; 0 when there is none."""
        return (self.number - 1) * PAGE_SIZE + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Place of the last item in the whole list."""
        return self.first + len(self.items) - 1 if self.items else 0


def page_of(items: Sequence[Item], number: int) -> Page[Item]:
    """Return a page; the last one when the number is beyond it."""
    count = max(1, ceil(len(items) / PAGE_SIZE))
    number = min(number, count)
    start = (number - 1) * PAGE_SIZE
    return Page(tuple(items[start : start + PAGE_SIZE]), len(items), number, count)
