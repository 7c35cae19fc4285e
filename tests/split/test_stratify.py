"""The papers' exams are split exactly, and what a split promises holds for every table."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mammoset.split.attributes import PAPER_COLUMNS, label_counts
from mammoset.split.stratify import Stratification, stratify
from tests.split.papers_table import FINDINGS, papers_references, patients_of

ROOT = Path(__file__).parents[2]
SHARES = [0.8, 0.2]
SEEDS = range(10)
IMPOSSIBLE = 17
"""A made-up table in which Global Asymmetry cannot be within one in all its columns at once (shown below)."""

Table = tuple[list[str], list[str], NDArray[np.int64], list[str]]


@cache
def papers_table(seed: int) -> Table:
    references, images = papers_references(seed)
    ids, names, table = label_counts(references, list(FINDINGS), images_of=images)
    return ids, names, table, patients_of(ids, seed)


@cache
def papers_split(seed: int, with_patients: bool = False) -> Stratification:
    ids, _, table, patients = papers_table(seed)
    groups = patients if with_patients else None
    return stratify(table, shares=SHARES, ids=ids, groups=groups, random_state=seed)


def printed(seed: int, split: Stratification) -> NDArray[np.float64]:
    names = papers_table(seed)[1]
    return np.abs(split.deviations[1, [names.index(name) for name in PAPER_COLUMNS]])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("with_patients", [False, True], ids=["exams", "patients"])
class TestThePapersExams:
    def test_are_4000_for_training_and_1000_for_test(self, seed: int, with_patients: bool) -> None:
        assert papers_split(seed, with_patients).sizes.tolist() == [4000, 1000]

    def test_have_every_label_within_one_of_its_share(self, seed: int, with_patients: bool) -> None:
        assert np.abs(papers_split(seed, with_patients).deviations).max() <= 1 + 1e-9

    def test_come_three_times_nearer_to_the_printed_numbers_than_the_papers_own_split(
        self, seed: int, with_patients: bool
    ) -> None:
        mean = printed(seed, papers_split(seed, with_patients)).mean()
        assert mean <= (0.45 if with_patients else 0.35)  # the paper's own split: 1.17


def test_no_patient_is_in_two_folds() -> None:
    for seed in SEEDS:
        patients = papers_table(seed)[3]
        split = papers_split(seed, with_patients=True)
        assert len(set(zip(patients, split.folds.tolist(), strict=True))) == len(set(patients)) == split.n_units


def test_the_only_gap_is_one_that_no_split_can_close() -> None:
    """All test counts of Global Asymmetry and its three BI-RADS columns that some set of exams has: none is near."""
    _, names, table, _ = papers_table(IMPOSSIBLE)
    columns = [column for column, name in enumerate(names) if name.startswith("Global Asymmetry")]
    reachable = {(0,) * len(columns)}
    for row in table[table[:, columns].any(axis=1)][:, columns].tolist():
        reachable |= {tuple(a + b for a, b in zip(counts, row, strict=True)) for counts in reachable}
    best = min(np.abs(np.array(counts) - 0.2 * table[:, columns].sum(axis=0)).max() for counts in reachable)
    split = papers_split(IMPOSSIBLE)
    assert best > 1
    assert [names[label] for label in np.flatnonzero(split.unavoidable)] == ["Global Asymmetry"]
    assert np.abs(split.deviations).max() == pytest.approx(best)


def test_labels_that_occur_once_stay_where_most_exams_are() -> None:
    rng = np.random.default_rng(0)
    table = np.zeros((200, 30), dtype=np.int64)
    table[rng.choice(200, 30, replace=False), np.arange(30)] = 1
    split = stratify(table, shares=SHARES, ids=[f"{row:03}" for row in range(200)])
    assert split.counts[1].sum() == 0
    assert split.sizes.tolist() == [160, 40]


def test_five_folds_are_equal_and_near() -> None:
    ids, _, table, _ = papers_table(0)
    split = stratify(table, shares=[1] * 5, ids=ids)
    assert split.sizes.tolist() == [1000] * 5
    assert np.abs(split.deviations).max() < 2
    assert np.abs(split.deviations).mean() < 0.45


def test_new_exams_bring_an_old_release_to_its_shares_and_leave_it_untouched() -> None:
    ids, _, table, _ = papers_table(1)
    old = np.random.default_rng(1).permutation(5000)[:3000]
    first = stratify(table[old], shares=SHARES, ids=[ids[row] for row in old])
    fixed = {ids[row]: int(fold) for row, fold in zip(old, first.folds, strict=True)}
    both = stratify(table, shares=SHARES, ids=ids, fixed=fixed | {"withdrawn": 1})
    assert both.folds[old].tolist() == first.folds.tolist()
    assert both.sizes.tolist() == [4000, 1000]
    assert (np.abs(both.deviations) <= np.maximum(1, both.least) + 1e-9).all()


def test_new_exams_of_an_old_patient_follow_the_old_ones() -> None:
    table = np.ones((6, 1), dtype=np.int64)
    split = stratify(table, shares=[1, 1], ids=list("abcdef"), groups=list("112233"), fixed={"a": 1, "c": 1})
    assert split.folds.tolist() == [1, 1, 1, 1, 0, 0]
    with pytest.raises(ValueError, match="its patient is fixed in fold 1"):
        stratify(table, shares=[1, 1], ids=list("abcdef"), groups=list("112233"), fixed={"a": 1, "b": 0})


def test_a_label_of_more_weight_comes_nearer_at_the_cost_of_others() -> None:
    table = np.random.default_rng(2).integers(0, 9, (14, 4))

    def off(weights: list[float] | None) -> list[float]:
        split = stratify(table, shares=[1, 1], ids=list("abcdefghijklmn"), weights=weights)
        return [abs(float(value)) for value in split.deviations[0]]

    assert off(None)[3] == 1
    assert off([1, 1, 1, 1000])[3] == 0
    assert sum(off([1, 1, 1, 1000])) > sum(off(None))


@pytest.mark.parametrize(
    ("n_exams", "sizes"), [(0, [0, 0]), (1, [1, 0]), (2, [1, 1]), (3, [2, 1]), (12, [10, 2]), (50, [40, 10])]
)
def test_few_exams_are_split_by_largest_remainder_and_no_fold_stays_empty(n_exams: int, sizes: list[int]) -> None:
    ids, _, table, _ = papers_table(0)
    assert stratify(table[:n_exams], shares=SHARES, ids=ids[:n_exams]).sizes.tolist() == sizes


def test_patients_that_cannot_be_divided_give_the_nearest_sizes() -> None:
    table = np.ones((9, 1), dtype=np.int64)
    split = stratify(table, shares=[2, 1], ids=list("abcdefghi"), groups=list("111122223"))
    assert split.wanted_sizes.tolist() == [6, 3]
    assert split.sizes.tolist() == [5, 4]


def test_a_table_without_labels_is_split_by_size_alone() -> None:
    split = stratify(np.zeros((10, 0), dtype=np.int64), shares=[0.7, 0.2, 0.1], ids=list("abcdefghij"))
    assert split.sizes.tolist() == [7, 2, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shares": [1.0]}, "at least two folds"),
        ({"shares": [1.0, 0.0]}, "positive"),
        ({"shares": [1.0, float("nan")]}, "positive"),
        ({"ids": ["a", "a", "b"]}, "different"),
        ({"ids": ["a", "b"]}, "one row per id"),
        ({"counts": np.array([[-1], [0], [1]])}, "at least 0"),
        ({"counts": np.array([[0.5], [0], [1]])}, "whole numbers"),
        ({"groups": ["p"]}, "one entry per id"),
        ({"weights": [1.0, 2.0]}, "one entry per label"),
        ({"weights": [-1.0]}, "at least 0"),
        ({"fixed": {"a": 2}}, "only folds 0 to 1"),
    ],
)
def test_what_cannot_be_split_is_refused_with_the_reason(change: dict[str, Any], message: str) -> None:
    given_ = {"counts": np.ones((3, 1), dtype=np.int64), "shares": SHARES, "ids": ["a", "b", "c"], **change}
    with pytest.raises(ValueError, match=message):
        stratify(given_.pop("counts"), **given_)


class TestTheResultDependsOnTableAndSeedOnly:
    def test_not_on_the_order_of_rows(self) -> None:
        ids, _, table, patients = papers_table(2)
        order = np.random.default_rng(0).permutation(len(ids))
        again = stratify(
            table[order],
            shares=SHARES,
            ids=[ids[row] for row in order],
            groups=[patients[row] for row in order],
            random_state=2,
        )
        assert again.folds.tolist() == papers_split(2, with_patients=True).folds[order].tolist()

    def test_not_on_the_order_of_labels(self) -> None:
        ids, _, table, _ = papers_table(2)
        order = np.random.default_rng(0).permutation(table.shape[1])
        again = stratify(table[:, order], shares=SHARES, ids=ids, random_state=2)
        assert again.folds.tolist() == papers_split(2).folds.tolist()

    def test_its_statistics_not_on_pseudonyms(self) -> None:
        ids, _, table, patients = papers_table(2)
        renamed = [f"{i}" for i in np.random.default_rng(5).permutation(len(ids))]
        names = dict(zip(sorted(set(patients)), np.random.default_rng(6).permutation(len(set(patients))), strict=True))
        again = stratify(
            table, shares=SHARES, ids=renamed, groups=[f"{names[patient]}" for patient in patients], random_state=2
        )
        assert again.counts.tolist() == papers_split(2, with_patients=True).counts.tolist()
        assert again.folds.tolist() != papers_split(2, with_patients=True).folds.tolist()

    def test_not_on_the_hash_seed(self) -> None:
        code = (
            "import numpy as np; from mammoset.split.stratify import stratify\n"
            "table = np.random.default_rng(0).poisson(0.3, (300, 8)); ids = [f'exam-{i}' for i in range(300)]\n"
            "groups = [f'patient-{i // 2}' for i in range(300)]\n"
            "print(stratify(table, shares=[.7, .2, .1], ids=ids, groups=groups, random_state=4).folds.tolist())"
        )
        outputs = set()
        for seed in ("0", "1", "77"):
            env = {**os.environ, "PYTHONHASHSEED": seed}
            done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, check=True)
            outputs.add(done.stdout)
        assert len(outputs) == 1

    def test_and_another_seed_gives_other_exams(self) -> None:
        ids, _, table, _ = papers_table(2)
        other = stratify(table, shares=SHARES, ids=ids, random_state=3)
        assert other.sizes.tolist() == [4000, 1000]
        assert other.folds.tolist() != papers_split(2).folds.tolist()


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    n_rows, n_labels = draw(st.integers(1, 25)), draw(st.integers(0, 6))
    cells = st.lists(st.sampled_from([0, 0, 0, 0, 1, 1, 2, 9]), min_size=n_labels, max_size=n_labels)
    rows = draw(st.lists(cells, min_size=n_rows, max_size=n_rows))
    shares = draw(st.lists(st.sampled_from([1.0, 0.1, 3.0, 0.8, 1 / 3]), min_size=2, max_size=5))
    ids = [f"exam-{row}" for row in range(n_rows)]
    groups = draw(st.none() | st.lists(st.sampled_from("abcdefghijklm"), min_size=n_rows, max_size=n_rows))
    owner = dict(zip(ids, groups or ids, strict=True))
    held = draw(st.dictionaries(st.sampled_from(sorted(set(owner.values()))), st.integers(0, len(shares) - 1)))
    return {
        "counts": np.array(rows, dtype=np.int64).reshape(n_rows, n_labels),
        "shares": shares,
        "ids": ids,
        "groups": groups,
        "fixed": {name: held[owner[name]] for name in ids if owner[name] in held},
        "random_state": draw(st.integers(0, 2**32)),
    }


def split_of(problem: Mapping[str, Any], **change: Any) -> Stratification:
    given_ = {**problem, **change}
    return stratify(given_.pop("counts"), **given_)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_every_exam_gets_a_fold_patients_stay_whole_and_fixed_exams_stay(problem: dict[str, Any]) -> None:
    split = split_of(problem)
    n_folds = len(problem["shares"])
    assert ((split.folds >= 0) & (split.folds < n_folds)).all()
    assert split.sizes.tolist() == np.bincount(split.folds, minlength=n_folds).tolist()
    assert split.counts.sum(axis=0).tolist() == problem["counts"].sum(axis=0).tolist()
    owners = problem["groups"] or problem["ids"]
    assert len(set(zip(owners, split.folds.tolist(), strict=True))) == len(set(owners)) == split.n_units
    for name, fold in zip(problem["ids"], split.folds.tolist(), strict=True):
        assert problem["fixed"].get(name, fold) == fold
    assert (split.least <= np.abs(split.deviations) + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(problems())
def test_sizes_are_the_wanted_ones_for_single_exams_and_no_fold_is_empty(problem: dict[str, Any]) -> None:
    split = split_of(problem, fixed=None)
    n_folds = len(problem["shares"])
    if problem["groups"] is None:
        assert split.sizes.tolist() == split.wanted_sizes.tolist()
    if split.n_units >= n_folds:
        assert split.sizes.min() > 0
    assert split.wanted_sizes.sum() == len(problem["ids"])


@settings(max_examples=30, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(problem: dict[str, Any], random: Any) -> None:
    order = list(range(len(problem["ids"])))
    random.shuffle(order)
    groups: Sequence[str] | None = problem["groups"]
    again = split_of(
        problem,
        counts=problem["counts"][order],
        ids=[problem["ids"][row] for row in order],
        groups=groups and [groups[row] for row in order],
    )
    assert again.folds.tolist() == split_of(problem).folds[order].tolist()


@settings(max_examples=30, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_other_names_change_members_but_no_statistics(problem: dict[str, Any], random: Any) -> None:
    new = [f"renamed-{row}" for row in range(len(problem["ids"]))]
    random.shuffle(new)
    letters = sorted(set(problem["groups"] or ()))
    swapped = dict(zip(letters, random.sample(letters, len(letters)), strict=True))
    again = split_of(
        problem,
        ids=new,
        groups=problem["groups"] and [swapped[letter] for letter in problem["groups"]],
        fixed={new[problem["ids"].index(name)]: fold for name, fold in problem["fixed"].items()},
    )
    first = split_of(problem)
    assert again.counts.tolist() == first.counts.tolist()
    assert again.sizes.tolist() == first.sizes.tolist()
