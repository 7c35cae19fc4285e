"""Agreement: the values of published and hand-made examples, and intervals that respect patients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mammoset.domain.agreement import (
    AgreementRow,
    Resampling,
    agreement_of,
    clustered_interval,
    cohen_kappa,
    krippendorff_alpha,
)
from mammoset.domain.labels import LabelSchema
from mammoset.domain.reliability import Array, Level, Weights, resampled_sums
from mammoset.errors import UndefinedMetric
from mammoset.model import Reading
from tests.domain.exams import SCHEMA, reading

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers, twelve units.
OBSERVERS: tuple[tuple[int | None, ...], ...] = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = list(zip(*OBSERVERS, strict=True))


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_has_the_values_of_krippendorffs_own_example(level: Level, alpha: float) -> None:
    assert krippendorff_alpha(UNITS, level) == pytest.approx(alpha, abs=0.0005)


def test_alpha_of_two_observers_and_two_values_is_as_counted_by_hand() -> None:
    # Ten units: 4 times (0, 0), 2 times (1, 1), 3 times (0, 1), once (1, 0). Coincidences: 2·4 = 8 of 0–0,
    # 2·2 = 4 of 1–1, 4 each of 0–1 and 1–0; 12 zeros and 8 ones of 20 values.
    # Observed disagreement 8 / 20; expected 2 · 12 · 8 / (20 · 19); alpha = 1 - 0.4 · 380 / 192.
    units = [(0, 0)] * 4 + [(1, 1)] * 2 + [(0, 1)] * 3 + [(1, 0)]
    assert krippendorff_alpha(units) == pytest.approx(1 - 0.4 * 380 / 192)


def test_units_of_a_single_value_say_nothing() -> None:
    assert krippendorff_alpha([*UNITS, (5,), (None, 2), ()]) == krippendorff_alpha(UNITS)


@pytest.mark.parametrize("units", [[], [(1,), (None, 2)], [(3, 3), (3, 3)]])
def test_alpha_of_nothing_to_disagree_on_is_undefined(units: list[tuple[int | None, ...]]) -> None:
    with pytest.raises(UndefinedMetric, match="alpha is undefined"):
        krippendorff_alpha(units)


# Rows the first rater, columns the second, categories 1, 2, 3:
#     5 1 0 | 6
#     1 3 1 | 5
#     1 0 4 | 5
#     7 4 5 | 16
TABLE = {(1, 1): 5, (1, 2): 1, (2, 1): 1, (2, 2): 3, (2, 3): 1, (3, 1): 1, (3, 3): 4}
FIRST = [a for (a, _), count in TABLE.items() for _ in range(count)]
SECOND = [b for (_, b), count in TABLE.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("weights", "kappa"),
    [
        # observed 12/16; by chance (6·7 + 5·4 + 5·5) / 256 = 87/256; (192 - 87) / (256 - 87)
        (None, 105 / 169),
        # |i - j|: observed 1 + 1 + 1 + 2·1 = 5; expected (6·4 + 5·7 + 5·5 + 5·4 + 2·(6·5 + 5·7)) / 16 = 234/16
        ("linear", 1 - 5 / (234 / 16)),
        # (i - j)²: observed 1 + 1 + 1 + 4·1 = 7; expected (24 + 35 + 25 + 20 + 4·(30 + 35)) / 16 = 364/16
        ("quadratic", 1 - 7 / (364 / 16)),
    ],
)
def test_kappa_of_a_small_table_is_as_counted_by_hand(weights: Weights | None, kappa: float) -> None:
    assert cohen_kappa(FIRST, SECOND, categories=(1, 2, 3), weights=weights) == pytest.approx(kappa)


def test_categories_nobody_used_change_no_kappa() -> None:
    for weights in (None, "linear", "quadratic"):
        few = cohen_kappa(FIRST, SECOND, categories=(1, 2, 3), weights=weights)
        assert cohen_kappa(FIRST, SECOND, categories=(0, 1, 2, 3, 4), weights=weights) == pytest.approx(few)


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([], [], "no units"),
        ([1, 1], [1, 1], "only one category in use"),
        ([1], [1, 2], "as many values"),
        ([1, 0], [1, 2], "0 not among the categories"),
    ],
)
def test_kappa_without_meaning_is_not_a_number_but_an_error(a: list[int], b: list[int], why: str) -> None:
    with pytest.raises(UndefinedMetric, match=why):
        cohen_kappa(a, b, categories=(1, 2, 3))


ANSWERS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=30)


@given(ANSWERS)
def test_kappa_does_not_depend_on_who_is_named_first_and_is_1_only_for_perfect_agreement(
    pairs: list[tuple[int, int]],
) -> None:
    a, b = map(list, zip(*pairs, strict=True))
    assume(len(set(a + b)) > 1)
    for weights in (None, "linear", "quadratic"):
        kappa = cohen_kappa(a, b, categories=range(1, 6), weights=weights)
        assert kappa == pytest.approx(cohen_kappa(b, a, categories=range(1, 6), weights=weights))
        assert kappa <= 1
        assert (kappa == 1) == (a == b)


@given(ANSWERS)
def test_with_two_categories_the_weights_make_no_difference(pairs: list[tuple[int, int]]) -> None:
    a, b = ([value > 2 for value in one] for one in zip(*pairs, strict=True))
    assume(len(set(a + b)) > 1)
    kappas = [cohen_kappa(a, b, categories=(False, True), weights=one) for one in (None, "linear", "quadratic")]
    assert kappas == pytest.approx([kappas[0]] * 3)


def mean(sums: Array) -> Array:
    """Mean of clusters given as (sum, count)."""
    with np.errstate(invalid="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def test_an_interval_is_the_same_for_the_same_seed_and_holds_its_value() -> None:
    clusters = np.random.default_rng(3).normal(5, 1, (200, 1))
    data = np.hstack([clusters, np.ones((200, 1))])
    one, same, other = (clustered_interval(mean, data, 500, seed) for seed in (1, 1, 2))
    assert one == same != other
    assert one.low < one.value < one.high
    # the standard error of a mean of 200 with deviation 1 is 0.071
    assert one.high - one.low == pytest.approx(2 * 1.96 * 0.071, rel=0.2)


def test_clusters_of_equal_units_widen_the_interval_as_fewer_units_would() -> None:
    values = np.random.default_rng(3).normal(0, 1, 400)
    single = np.stack([values, np.ones(400)], axis=1)
    in_fours = np.stack([values[:100] * 4, np.full(100, 4)], axis=1)
    narrow, wide = (clustered_interval(mean, data) for data in (single, in_fours))
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(2, rel=0.25)


def test_a_resample_has_as_many_clusters_as_there_are() -> None:
    sums = resampled_sums(np.array([[1.0, 5.0], [1.0, 7.0], [1.0, 5.0]]), 300, 0)
    assert set(sums[:, 0]) == {3.0}
    assert set(sums[:, 1]) == {15.0, 17.0, 19.0, 21.0}


def test_resamples_in_which_the_statistic_is_undefined_are_reported_not_counted() -> None:
    # of two clusters one is empty: a quarter of the resamples has nothing in it
    interval = clustered_interval(mean, [[3.0, 1.0], [0.0, 0.0]], 2000)
    assert (interval.low, interval.high) == (3, 3)
    assert interval.resamples_lost == pytest.approx(500, abs=80)


@pytest.mark.parametrize("clusters", [np.zeros((0, 2)), np.zeros((3, 2))])
def test_nothing_has_no_interval(clusters: Array) -> None:
    with pytest.raises(UndefinedMetric):
        clustered_interval(mean, clusters)


def row(
    rows: tuple[AgreementRow, ...], field: str, statistic: str, readers: str = "r1 r2", category: str = ""
) -> AgreementRow:
    (found,) = (
        one for one in rows
        if (one.field, one.statistic, one.category, one.readers) == (field, statistic, category, tuple(readers.split()))
    )  # fmt: skip
    return found


def table(*pairs: tuple[Reading, ...]) -> dict[str, tuple[Reading, ...]]:
    return {f"s{n}": tuple(replace(one, study_id=f"s{n}") for one in pair) for n, pair in enumerate(pairs)}


def agreement(readings: dict[str, tuple[Reading, ...]], schema: LabelSchema = SCHEMA) -> tuple[AgreementRow, ...]:
    return agreement_of(readings, {study: f"p-{study}" for study in readings}, schema, Resampling(200))


def test_kappas_of_a_pair_are_those_of_their_breasts() -> None:
    answers = [(1, 1), (2, 2), (4, 4), (3, 4), (2, 3), (5, 4)]
    rows = agreement(table(*((reading("r1", right=a), reading("r2", right=b)) for a, b in answers)))
    first, second = [1] * 6 + [a for a, _ in answers], [1] * 6 + [b for _, b in answers]
    quadratic = row(rows, "birads", "kappa_quadratic")
    assert quadratic.value == pytest.approx(cohen_kappa(first, second, categories=range(1, 6), weights="quadratic"))
    assert row(rows, "birads", "kappa").value == pytest.approx(cohen_kappa(first, second, categories=range(1, 6)))
    assert (quadratic.n_patients, quadratic.n_studies, quadratic.n_units, quadratic.n_left_out) == (6, 6, 12, 0)
    assert quadratic.observed == pytest.approx(9 / 12)
    recall = row(rows, "recall", "kappa")
    assert recall.value == pytest.approx(
        cohen_kappa([one > 2 for one in first], [one > 2 for one in second], categories=(False, True))
    )
    alpha = krippendorff_alpha(list(zip(first, second, strict=True)), "ordinal")
    assert row(rows, "birads", "alpha_ordinal").value == pytest.approx(alpha)


def test_incomplete_and_known_cancer_stand_outside_and_are_counted() -> None:
    schema = replace(SCHEMA, breast_birads=(0, 1, 2, 3, 4, 5, 6))
    inside = table((reading("r1", right=2), reading("r2", right=3)), (reading("r1", right=4), reading("r2", right=4)))
    rows = agreement(inside, schema)
    outside = {"t1": (reading("r1", right=0), reading("r2", right=5)), "t2": (reading("r1"), reading("r2", right=6))}
    more = agreement({**inside, **outside}, schema)
    for statistic in ("kappa", "kappa_quadratic", "alpha_ordinal"):
        with_outside = row(more, "birads", statistic)
        assert (with_outside.n_units, with_outside.n_left_out) == (6, 2)
    ones = agreement({**inside, "t1": (reading("r1"), reading("r2"))}, schema)  # the left breasts of the two: 1 and 1
    assert row(ones, "birads", "kappa").n_units == 6
    assert row(more, "birads", "kappa").value == pytest.approx(row(ones, "birads", "kappa").value)
    assert row(rows, "birads", "kappa").n_left_out == 0


def test_only_studies_that_two_readers_share_count_for_them() -> None:
    readings = {
        "s1": (reading("r2"), reading("r1")),
        "s2": (reading("r1", right=4), reading("r3", right=4)),
        "s3": (reading("r1"),),
    }
    rows = agreement(readings)
    assert {one.readers for one in rows} == {("r1", "r2"), ("r1", "r3"), ("r1", "r2", "r3")}
    assert row(rows, "recall", "kappa", "r1 r3").n_studies == 1
    assert row(rows, "recall", "alpha_nominal", "r1 r2 r3").n_studies == 2
    assert row(rows, "recall", "alpha_nominal", "r1 r2 r3").value == 1


def test_where_a_statistic_is_undefined_the_row_says_so() -> None:
    one = row(agreement(table((reading("r1"), reading("r2")))), "birads", "kappa")
    assert (one.value, one.low, one.high, one.observed, one.n_units) == (None, None, None, 1.0, 2)
    assert one.note.startswith("undefined: one and the same answer")


def test_a_single_patient_has_a_value_but_no_interval() -> None:
    readings = table(*((reading("r1", right=a), reading("r2", right=b)) for a, b in [(1, 1), (4, 4), (2, 3)] * 10))
    together = agreement_of(readings, dict.fromkeys(readings, "p"), SCHEMA, Resampling(50))
    one = row(together, "birads", "kappa")
    assert one.value is not None
    assert (one.n_patients, one.low, one.high, one.note) == (1, None, None, "no interval: only one patient adds to it")


def test_without_a_study_read_twice_there_is_nothing_to_say() -> None:
    assert agreement({"s1": (reading("r1"),)}) == ()
    assert agreement({}) == ()


def test_a_study_without_patient_is_refused() -> None:
    with pytest.raises(UndefinedMetric, match="the patient of 1 studies is not given, say of s0"):
        agreement_of(table((reading("r1"), reading("r2"))), {}, SCHEMA)
