"""Sizes are exact, and bounds are what they say."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.split.bounds import least_deviations, nearest_whole
from mammoset.split.sizes import apportion, exact_sizes, free_sizes, leave_none_empty, normalise, plan_units
from mammoset.split.units import FREE, Units

shares_of_two_to_five = st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.8, 1.0, 3.0]), min_size=2, max_size=5)


def test_shares_are_the_decimal_numbers_they_print_as() -> None:
    assert normalise([0.7, 0.2, 0.1]) == (Fraction(7, 10), Fraction(2, 10), Fraction(1, 10))
    assert normalise([1] * 7) == (Fraction(1, 7),) * 7
    assert normalise([np.float64(4.0), 1]) == (Fraction(4, 5), Fraction(1, 5))


@given(st.integers(0, 10_000), shares_of_two_to_five)
def test_every_size_is_its_share_rounded_up_or_down_and_none_is_lost(total: int, shares: list[float]) -> None:
    exact = normalise(shares)
    parts = apportion(total, exact)
    assert sum(parts) == total
    assert all(abs(part - total * share) < 1 for part, share in zip(parts, exact, strict=True))


@given(st.integers(0, 30), shares_of_two_to_five)
def test_no_fold_is_empty_when_there_are_exams_for_all(total: int, shares: list[float]) -> None:
    sizes = exact_sizes(total, normalise(shares))
    assert sum(sizes) == total
    assert min(sizes) > 0 or total < len(shares)


def test_a_fold_that_has_too_many_fixed_exams_gets_no_more() -> None:
    assert free_sizes([80, 20], [40, 30], 30) == [30, 0]
    assert free_sizes([80, 20], [48, 12], 40) == [32, 8]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=3, max_size=3), shares_of_two_to_five)
def test_patients_of_one_to_three_exams_make_up_every_size_exactly(numbers: list[int], shares: list[float]) -> None:
    sizes, available = np.array([1, 2, 3]), np.array([n + 10 for n in numbers])
    wanted = apportion(int(sizes @ available), normalise(shares))
    plan = plan_units(sizes, available, wanted)
    assert plan.sum(axis=1).tolist() == available.tolist()
    assert plan.min() >= 0
    assert (sizes @ plan).tolist() == wanted
    due = np.outer(available, [float(share) for share in normalise(shares)])
    assert np.abs(plan - due).max() <= 5


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.sampled_from([0.5, 0.2, 0.35]))
def test_two_folds_are_as_near_to_their_sizes_as_any_choice_of_patients(exams: list[int], share: float) -> None:
    sizes, numbers = np.unique(exams, return_counts=True)
    wanted = apportion(sum(exams), normalise([1 - share, share]))
    plan = plan_units(sizes, numbers, wanted)
    sums = {sum(some) for n in range(len(exams) + 1) for some in itertools.combinations(exams, n)}
    assert abs(int(sizes @ plan[:, 1]) - wanted[1]) == min(abs(s - wanted[1]) for s in sums)


def test_an_empty_fold_gets_the_smallest_unit_of_the_fullest() -> None:
    plan = np.array([[2, 0], [1, 0]])
    assert leave_none_empty(plan, [0, 0]).tolist() == [[1, 1], [1, 0]]
    assert leave_none_empty(plan, [0, 1]).tolist() == plan.tolist()
    too_few = np.array([[2, 0, 0]])
    assert leave_none_empty(too_few, [0, 0, 0]).tolist() == too_few.tolist()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 2, 4, 5, 9]), min_size=1, max_size=8),
    st.integers(0, 4),
    st.sampled_from([[0.5, 0.5], [0.8, 0.2], [0.7, 0.2, 0.1]]),
)
def test_the_least_deviation_is_that_of_the_best_of_all_assignments(
    values: list[int], held: int, shares: list[float]
) -> None:
    exact = normalise(shares)
    fold = np.array([row % 2 if row < held else FREE for row in range(len(values))])
    labels = np.array(values)[:, None]
    units = Units(np.arange(len(values)), labels, np.ones(len(values), dtype=np.int64), fold)
    free = [value for value, of in zip(values, fold, strict=True) if of == FREE]
    sums = {sum(some) for n in range(len(free) + 1) for some in itertools.combinations(free, n)}
    for index, share in enumerate(exact):
        has = int(labels[fold == index].sum())
        best = min(abs(float(sum(values) * share) - has - s) for s in sums)
        assert least_deviations(units, exact)[index, 0] == pytest.approx(best, abs=1e-9)


def test_the_nearest_whole_numbers_of_a_rare_label() -> None:
    assert nearest_whole(1, normalise([0.8, 0.2])) == [Fraction(1, 5), Fraction(1, 5)]
    assert sum(nearest_whole(26, normalise([0.8, 0.2]))) == Fraction(2, 5)
