"""The same statistics counted the long way: from their definitions, pair by pair, resample by resample."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.agreement import clustered_interval, cohen_kappa, krippendorff_alpha, pooled_agreement_of
from mammoset.domain.agreement_report import report_of
from mammoset.domain.reliability import Level, Weights, kappa_of
from mammoset.domain.workflow import Standing, StudyState
from mammoset.errors import UndefinedMetric
from mammoset.model import Box, Breast, Finding, Reading, Study
from mammoset.terms.dicom import STANDARD_VIEWS, Laterality
from tests.domain.exams import SCHEMA

PAIRS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=25)
UNITS = st.lists(st.lists(st.integers(1, 5), max_size=4), max_size=12)
PENALTIES: dict[Weights | None, Callable[[int, int], float]] = {
    None: lambda a, b: a != b,
    "linear": lambda a, b: abs(a - b),
    "quadratic": lambda a, b: (a - b) ** 2,
}


def value_or_none(function: Callable[[], float]) -> float | None:
    try:
        return function()
    except UndefinedMetric:
        return None


@given(PAIRS, st.sampled_from(list(PENALTIES)))
def test_kappa_is_one_minus_the_disagreement_there_is_by_that_of_answers_dealt_at_random(
    pairs: list[tuple[int, int]], weights: Weights | None
) -> None:
    penalty = PENALTIES[weights]
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there_is = sum(penalty(a, b) for a, b in pairs) / len(pairs)
    dealt = sum(penalty(a, b) for a in first for b in second) / len(pairs) ** 2
    found = value_or_none(lambda: cohen_kappa(first, second, categories=range(1, 6), weights=weights))
    assert found == (None if dealt == 0 else pytest.approx(1 - there_is / dealt))


def ordinal_difference(values: Sequence[int], a: int, b: int) -> float:
    """Squared number of given values from a to b, half of those that are a or b (Krippendorff 2011, section D)."""
    low, high = min(a, b), max(a, b)
    between = sum(low <= one <= high for one in values) - (values.count(a) + values.count(b)) / 2
    return between**2 if a != b else 0.0


@given(UNITS, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_one_minus_the_difference_within_units_by_that_between_any_two_values(
    units: list[list[int]], level: Level
) -> None:
    compared = [unit for unit in units if len(unit) > 1]
    values = [value for unit in compared for value in unit]
    difference: dict[str, Callable[[int, int], float]] = {
        "nominal": lambda a, b: float(a != b),
        "ordinal": lambda a, b: ordinal_difference(values, a, b),
        "interval": lambda a, b: float((a - b) ** 2),
    }
    measure, n = difference[level], len(values)
    within = sum(sum(2 * measure(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1) for unit in compared)
    between = sum(2 * measure(a, b) for a, b in combinations(values, 2))
    found = value_or_none(lambda: krippendorff_alpha(units, level))
    assert found == (None if between == 0 else pytest.approx(1 - within / n / (between / (n * (n - 1)))))


def test_intervals_are_those_of_patients_drawn_one_by_one() -> None:
    random = np.random.default_rng(7)
    tables = np.zeros((150, 3, 3))
    for table in tables:
        truth = random.integers(0, 3, 2)
        for a in truth:
            table[a, a if random.random() < 0.7 else random.integers(0, 3)] += 1
    drawn = [kappa_of(tables[random.integers(0, 150, 150)].sum(axis=0), "quadratic") for _ in range(2000)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = clustered_interval(lambda sums: kappa_of(sums, "quadratic"), tables)
    # two sets of 2000 resamples differ by about 0.006 at their ends
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)


def many_readings(n: int, n_readers: int) -> dict[str, list[Reading]]:
    """Return n exams read twice by some of the readers, findings on the breasts of BI-RADS 3 and above."""
    random = np.random.default_rng(0)
    truth, density = random.choice([1, 1, 1, 1, 2, 3, 4, 5], (n, 2)), random.integers(0, 4, n)

    def answer(study: int, name: str) -> Reading:
        said = [int(one) if random.random() < 0.8 else int(random.integers(1, 6)) for one in truth[study]]
        breasts = tuple(Breast(side, said[i], "ABCD"[density[study]]) for i, side in enumerate(Laterality))
        moved = float(random.integers(0, 20))
        marked = [
            Finding(f"s{study}-{side}-{view}", Box(moved, 10, 60 + moved, 80), ("Mass",), said[side == "R"])
            for side, view in STANDARD_VIEWS
            if said[side == "R"] > 2
        ]
        return Reading(f"s{study}", name, breasts, tuple(marked))

    teams = [random.choice(n_readers, 2, replace=False) for _ in range(n)]
    return {f"s{study}": [answer(study, f"r{one}") for one in team] for study, team in enumerate(teams)}


def test_five_thousand_exams_take_seconds() -> None:
    readings = many_readings(5000, 6)
    standings = {study: Standing(StudyState.CONCORDANT, readings=tuple(found)) for study, found in readings.items()}
    studies = [Study(study, study, ()) for study in readings]
    start = time.perf_counter()
    report = report_of(standings, studies, SCHEMA)
    assert time.perf_counter() - start < 40  # about five seconds on a quiet machine
    assert len({one.readers for one in report.pairs}) == 15
    [alpha] = [one for one in report.pool if one.statistic == "alpha_ordinal" and one.field == "birads"]
    assert (alpha.n_units, alpha.n_studies, alpha.resamples_lost) == (10_000, 5000, 0)


def test_the_order_of_exams_and_readings_changes_nothing() -> None:
    readings = many_readings(60, 3)
    turned = {study: found[::-1] for study, found in reversed(readings.items())}
    patients = {study: study for study in readings}
    assert pooled_agreement_of(readings, patients, SCHEMA) == pooled_agreement_of(turned, patients, SCHEMA)
