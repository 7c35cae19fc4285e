"""Numbers of one element over the whole dataset, so that a person sees at a glance what is odd among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.domain.review_values import numbers_of

BINS = 12
FENCE = 3.0
"""Outliers lie more than so many interquartile ranges beyond the quartiles: "far out" (Tukey, Exploratory Data
Analysis, 1977, 2D). Where both quartiles are one number, those of the different numbers are taken."""
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Spread:
    """How the numbers of an element spread; several numbers in one value count one by one.

    Attributes
    ----------
    n : int
        Numbers.
    n_distinct : int
    low, q1, median, q3, high : float
        Quartiles are numbers that occur.
    fences : (float, float)
        What lies outside is an outlier; a fence that would lie beyond all numbers is still given.
    edges, counts : tuples
        Histogram: counts between neighbouring edges, the last bin closed at both ends.
    """

    n: int
    n_distinct: int
    low: float
    q1: float
    median: float
    q3: float
    high: float
    fences: tuple[float, float]
    edges: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def range_text(self) -> str:
        """Return the range as decisions name it: ``low..high``."""
        return f"{number_text(self.low)}..{number_text(self.high)}"

    @property
    def bars(self) -> str:
        """Return the histogram as one line of blocks; what holds anything is never blank."""
        most = max(self.counts)
        steps = (-(-count * len(BARS) // most) for count in self.counts)
        return "".join(BARS[step - 1] if step else " " for step in steps)

    def is_outlier(self, value: str) -> bool:
        """Whether a value holds a number beyond the fences."""
        return any(not self.fences[0] <= one <= self.fences[1] for one in numbers_of(value) or ())

    def to_json(self) -> dict[str, Any]:
        """Return the spread as JSON values."""
        names = ("n", "n_distinct", "low", "q1", "median", "q3", "high")
        said: dict[str, Any] = {name: getattr(self, name) for name in names}
        return said | {
            "range": self.range_text, "fences": list(self.fences),
            "histogram": {"edges": list(self.edges), "counts": list(self.counts)},
        }  # fmt: skip


def spread_of(counts: Mapping[str, int]) -> Spread:
    """Return how values spread.

    Parameters
    ----------
    counts : mapping of value to number of images
        All of them numbers (`mammoset.domain.review_values.numbers_of`); at least one.
    """
    held: Counter[float] = Counter()
    for value, count in counts.items():
        for number in numbers_of(value) or ():
            held[number] += count
    values = np.array(sorted(held))
    weights = np.array([held[one] for one in values])
    q1, median, q3 = (_quantile(values, weights, share) for share in (0.25, 0.5, 0.75))
    each = np.ones(len(values)) if q1 == q3 else weights  # most are one number: what is odd among the others?
    inner, outer = (_quantile(values, each, share) for share in (0.25, 0.75))
    reach = FENCE * (outer - inner)
    bins, edges = np.histogram(values, bins=BINS if len(values) > 1 else 1, weights=weights)
    return Spread(
        int(weights.sum()), len(values), float(values[0]), q1, median, q3, float(values[-1]),
        (inner - reach, outer + reach), tuple(map(float, edges)), tuple(map(int, bins)),
    )  # fmt: skip


def _quantile(values: NDArray[Any], weights: NDArray[Any], share: float) -> float:
    """Return the smallest value at or below which at least this share lies."""
    reached = np.searchsorted(np.cumsum(weights), share * weights.sum())
    return float(values[min(int(reached), len(values) - 1)])


def number_text(number: float) -> str:
    """Return a number so that it reads back as the same: whole ones without a point."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
