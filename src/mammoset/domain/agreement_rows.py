"""A measure of agreement as a row of a table: the statistic, its interval, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from mammoset.domain.reliability import Array, Interval, interval_of, resampled_sums
from mammoset.errors import UndefinedMetric
from mammoset.model import Reading

ANY_CATEGORY = "any"
ONE_PATIENT = "no interval: only one patient adds to it"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One measure of agreement on one question.

    Attributes
    ----------
    field : str
        ``birads``, ``density`` and ``recall`` of breasts; ``finding``; or, of ``discordance``, the kind of
        disagreement, and ``arbitration`` for those that call for an arbiter.
    category : str
        Of findings: a category, or ``any`` for boxes regardless of category; empty for everything else.
    statistic : str
        ``kappa``, ``kappa_linear``, ``kappa_quadratic``, ``alpha_nominal``, ``alpha_ordinal``; of findings ``f1``
        (positive agreement of boxes), ``f1_images`` (of images that show one) and ``mean_iou`` (of matched boxes);
        ``discordance`` (share of exams whose readings differ).
    readers : tuple of str
        The two readers, or all.
    n_patients, n_studies : int
        Read by both of the pair, or by two or more.
    n_units : int
        Breasts with two answers; findings or images, one that both marked being one; matched boxes; pairs of readings.
    n_left_out : int
        Breasts left out because fewer than two of their answers have a place in the statistic: BI-RADS 0 and 6,
        and answers not given.
    observed : float or None
        Share of units on which the readers agree, without regard to chance, 0–1; None without units, and of
        ``mean_iou``.
    value, low, high : float or None
        The statistic and its interval over patients; None where undefined.
    resamples_lost : int
        Resamples in which the statistic was undefined, and which the interval leaves out.
    note : str
        Why there is no value, or no interval; empty when there are both.
    """

    field: str
    category: str
    statistic: str
    readers: tuple[str, ...]
    n_patients: int
    n_studies: int
    n_units: int
    n_left_out: int
    observed: float | None
    value: float | None
    low: float | None
    high: float | None
    resamples_lost: int
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON values, keys as the attributes."""
        return {**asdict(self), "readers": list(self.readers)}


COLUMNS = tuple(one.name for one in fields(AgreementRow))
"""Names of the attributes of a row, in order; the header of the tables."""


class Resampling(NamedTuple):
    """How intervals are drawn; as in `reliability.clustered_interval`."""

    n_resamples: int = 2000
    random_state: int = 0
    level: float = 0.95


class Group(NamedTuple):
    """Readers, and the readings of the studies that two or more of them share."""

    readers: tuple[str, ...]
    studies: Mapping[str, Sequence[Reading]]
    patient_of: Mapping[str, str]

    def patients(self) -> dict[str, int]:
        """Return a row number for each patient."""
        return {patient: row for row, patient in enumerate(sorted({self.patient_of[one] for one in self.studies}))}

    def pairs(self) -> Iterator[tuple[str, Reading, Reading]]:
        """Yield the patient and the readings of each pair of readings of one study."""
        for study, readings in self.studies.items():
            for one, other in combinations(readings, 2):
                yield self.patient_of[study], one, other


class Measure(NamedTuple):
    """What a row is about and how its value follows from sums over units.

    Attributes
    ----------
    field, category, statistic : str
        As in `AgreementRow`.
    value_of : callable
        From sums of shape (m, ...) to m values; NaN where undefined.
    undefined : str
        Why there may be no value although there are units.
    """

    field: str
    category: str
    statistic: str
    value_of: Callable[[Array], Array]
    undefined: str


class Counts(NamedTuple):
    """Units of a row."""

    n_units: int
    n_left_out: int = 0
    observed: float | None = None


def rows_of(
    group: Group, measures: Sequence[Measure], counts: Counts, sums: Array, resampling: Resampling
) -> list[AgreementRow]:
    """Make a row for each measure of the same sums; their intervals come from the same resamples.

    Parameters
    ----------
    sums : array of shape (patients, ...)
        What each patient of the group adds.
    """
    if not counts.n_units:
        return [_row(group, one, counts, note="undefined: there are no cases") for one in measures]
    drawn = resampled_sums(sums, resampling.n_resamples, resampling.random_state)
    has_interval = int(np.count_nonzero(sums.reshape(len(sums), -1).any(axis=1))) > 1
    rows = []
    for measure in measures:
        try:
            found = interval_of(measure.value_of, sums, drawn, resampling.level)
        except UndefinedMetric:
            rows.append(_row(group, measure, counts, note=f"undefined: {measure.undefined}"))
            continue
        note = "" if has_interval else ONE_PATIENT
        rows.append(_row(group, measure, counts, found if has_interval else None, value=found.value, note=note))
    return rows


def _row(
    group: Group,
    measure: Measure,
    counts: Counts,
    interval: Interval | None = None,
    *,
    value: float | None = None,
    note: str = "",
) -> AgreementRow:
    low, high, lost = (interval.low, interval.high, interval.resamples_lost) if interval else (None, None, 0)
    return AgreementRow(
        measure.field, measure.category, measure.statistic, group.readers, len(group.patients()), len(group.studies),
        counts.n_units, counts.n_left_out, counts.observed, value, low, high, lost, note,
    )  # fmt: skip
