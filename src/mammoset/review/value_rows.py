"""Elements as rows that a person decides about one by one: the same in the table, on the page and in values.csv."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mammoset.domain.review_values import Verdict
from mammoset.review.numbers import Spread, spread_of
from mammoset.review.values import N_EXAMPLES, ElementSummary, ValueEntry

MOST_OUTLIERS = 12
"""So many outliers are rows of their own; more are one row for those below and one for those above."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value, or a range of numbers, to decide about.

    Attributes
    ----------
    value : str
        As a decision names it.
    images : int
        Images that hold it.
    verdict : str or None
        None while a part of it is undecided.
    is_outlier : bool
        Whether it lies beyond the fences of the element's numbers.
    spread : Spread or None
        Of a range.
    """

    element: str
    value: str
    images: int
    examples: tuple[str, ...]
    verdict: Verdict | None
    is_outlier: bool = False
    spread: Spread | None = None

    @property
    def subject(self) -> str:
        """Return how a decision names it."""
        return f"{self.element}={self.value}"


def rows_of(summary: ElementSummary) -> list[ValueRow]:
    """Return the rows of an element: of many numbers the usual range first, then what lies beyond; else each value."""
    if not summary.is_range:
        return [_single(summary, one) for one in summary.values]
    beyond = summary.outliers
    outside = {one.value for one in beyond}
    usual = [one for one in summary.values if one.value and one.value not in outside]
    middle = spread_of({one.value: one.count for one in usual})
    rows = [_range(summary, usual), *(_single(summary, one) for one in summary.values if not one.value)]
    if len(beyond) <= MOST_OUTLIERS:
        return rows + [_single(summary, one, is_outlier=True) for one in beyond]
    below = [one for one in beyond if spread_of({one.value: 1}).low < middle.low]
    above = [one for one in beyond if one not in below]
    return rows + [_range(summary, part, is_outlier=True) for part in (below, above) if part]


def _single(summary: ElementSummary, one: ValueEntry, *, is_outlier: bool = False) -> ValueRow:
    return ValueRow(summary.element, one.value, one.count, one.examples, one.verdict, is_outlier)


def _range(summary: ElementSummary, values: Sequence[ValueEntry], *, is_outlier: bool = False) -> ValueRow:
    spread = spread_of({one.value: one.count for one in values})
    rarest = [image for one in values for image in one.examples[:1]][:N_EXAMPLES]
    return ValueRow(
        summary.element, spread.range_text, sum(one.count for one in values), tuple(rarest), _common(values),
        is_outlier, spread,
    )  # fmt: skip


def _common(values: Sequence[ValueEntry]) -> Verdict | None:
    """Return the verdict about all of these: undecided when one is, rejected when one is."""
    said = {one.verdict for one in values}
    if None in said:
        return None
    return "reject" if "reject" in said else "approve"
