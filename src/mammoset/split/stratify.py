"""Split exams into folds in which every label has its share, patients stay whole and sizes are exact.

What the model paper does (Nguyen et al., VinDr-Mammo, "Data stratification") with the algorithm of Sechidis et al.
(2011), so that it holds: counts instead of presence, exact sizes, whole patients, fixed old assignments, and the same
result from the same table and seed on any machine, in any order of rows and columns.

The steps: exams become units (patients); equal units become types in a canonical order; sizes are settled
(`mammoset.split.sizes`); types are dealt out (`layout`); swaps repair the rest (`repair`); at last, ids and seed say
which members of a type take which place. All but the last step see label counts only: other pseudonyms for the same
patients give other members, and the same statistics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from mammoset.split.bounds import least_deviations, nearest_whole, unavoidable
from mammoset.split.layout import SCALE, Integers, Problem, floors, rarest_first
from mammoset.split.repair import repair, score
from mammoset.split.sizes import exact_sizes, free_sizes, leave_none_empty, normalise, plan_units
from mammoset.split.units import FREE, Units, collapse, collect, column_order

_STARTS = 3  # layouts tried, at most


@dataclass(frozen=True, eq=False)
class Stratification:
    """Which fold each exam is in, and how well that came out.

    Attributes
    ----------
    folds : ndarray of shape (n_rows,)
        Index of the fold of each row, in the order of the rows given.
    shares : tuple of float
        Normalised.
    sizes, wanted_sizes : ndarray of shape (n_folds,)
        Exams in each fold, and by largest remainder; they differ only where patients cannot be divided so.
    targets : ndarray of shape (n_folds, n_labels)
        Share of the total count of each label.
    counts : ndarray of shape (n_folds, n_labels)
        What the folds got.
    least : ndarray of shape (n_folds, n_labels)
        Proven: no assignment of these units brings this count nearer to its target than this.
    unavoidable : ndarray of shape (n_labels,)
        Labels with a deviation beyond one that is proven to be no fault of the split.
    n_units, n_types, n_swaps : int
        Patients (or exams), different ones among them, and swaps made.
    random_state : int
        The seed.
    """

    folds: NDArray[np.int64]
    shares: tuple[float, ...]
    sizes: NDArray[np.int64]
    wanted_sizes: NDArray[np.int64]
    targets: NDArray[np.float64]
    counts: NDArray[np.int64]
    least: NDArray[np.float64]
    unavoidable: NDArray[np.bool_]
    n_units: int
    n_types: int
    n_swaps: int
    random_state: int

    @property
    def deviations(self) -> NDArray[np.float64]:
        """Counts minus targets, of shape (n_folds, n_labels)."""
        return self.counts - self.targets


def stratify(
    counts: NDArray[np.int64],
    *,
    shares: Sequence[float],
    ids: Sequence[str],
    groups: Sequence[str] | None = None,
    fixed: Mapping[str, int] | None = None,
    weights: Sequence[float] | None = None,
    random_state: int = 0,
) -> Stratification:
    """Assign every row to a fold.

    Parameters
    ----------
    counts : ndarray of shape (n_rows, n_labels)
        How often each label occurs in each exam.
    shares : sequence of float
        One per fold, at least two; normalised.
    ids : sequence of str
        Of the rows, all different.
    groups : sequence of str, optional
        Patient of each row; no patient is in two folds. Without it every row is a unit of its own.
    fixed : mapping of str to int, optional
        Fold of rows that are not to be moved, by id; their patients' other rows follow them. The shares are those of
        old and new rows together. Ids that are not among `ids` are ignored: an exam may have been withdrawn.
    weights : sequence of float, optional
        How much each label's deviation matters; equal by default.
    random_state : int, default 0
        Seed, at least 0.

    Returns
    -------
    Stratification

    Raises
    ------
    ValueError
        When lengths do not fit, ids repeat, a count is negative, or one patient is fixed in two folds.
    """
    exact = normalise(shares)
    table = _checked(counts, ids, groups, weights)
    units = collect(table, ids, groups, fixed or {}, len(exact))
    wanted = exact_sizes(len(ids), exact)
    totals = table.sum(axis=0).tolist()
    least = least_deviations(units, exact)
    targets, limits = _aims(totals, exact, least)
    bits = np.random.PCG64(random_state)
    of_unit, n_types, n_swaps = _place(units, targets, limits, wanted, _whole(weights, len(totals)), bits)
    folds = of_unit[units.of_row]
    aims = np.array([[float(n * share) for n in totals] for share in exact])
    got = np.array([table[folds == fold].sum(axis=0) for fold in range(len(exact))])
    return Stratification(
        folds=folds,
        shares=tuple(float(share) for share in exact),
        sizes=np.bincount(folds, minlength=len(exact)).astype(np.int64),
        wanted_sizes=np.array(wanted, dtype=np.int64),
        targets=aims,
        counts=got,
        least=least,
        unavoidable=unavoidable(units, got, aims, least),
        n_units=len(of_unit),
        n_types=n_types,
        n_swaps=n_swaps,
        random_state=random_state,
    )


def _place(
    units: Units, targets: Integers, limits: Integers, wanted: Sequence[int], weights: Integers, bits: np.random.PCG64
) -> tuple[Integers, int, int]:
    """Fold of every unit, number of types among the free ones, number of swaps."""
    fold = units.fold.copy()
    free = np.flatnonzero(fold == FREE)
    if not len(free):
        return fold, 0, 0
    problem, kind = _problem(units, free, targets, limits, wanted, weights)
    placed, n_swaps = _settle(problem, bits)
    # Members of a type, in the order of their names, draw for its places.
    order = np.lexsort((bits.random_raw(len(free)), kind))
    n_types, n_folds = placed.shape
    fold[free[order]] = np.repeat(np.tile(np.arange(n_folds), n_types), placed.ravel())
    return fold, n_types, n_swaps


def _problem(
    units: Units, free: Integers, targets: Integers, limits: Integers, wanted: Sequence[int], weights: Integers
) -> tuple[Problem, Integers]:
    """Collapse the free units, in canonical order of types and labels; also the type of each of them."""
    is_fixed = [units.fold == fold for fold in range(len(wanted))]
    has = np.array([units.labels[rows].sum(axis=0) for rows in is_fixed])
    first, kind = collapse(units.labels[free], units.sizes[free])
    labels, sizes, numbers = units.labels[free[first]], units.sizes[free[first]], np.bincount(kind)
    columns = column_order(labels, numbers, [(int(w), *h) for w, h in zip(weights, has.T.tolist(), strict=True)])
    types = np.lexsort((*labels[:, columns[::-1]].T, sizes))
    sizes_seen, size_class = np.unique(sizes[types], return_inverse=True)
    units_of_size = np.bincount(size_class, weights=numbers[types]).astype(np.int64)
    rows_left = free_sizes(wanted, [int(units.sizes[rows].sum()) for rows in is_fixed], int(sizes @ numbers))
    plan = plan_units(sizes_seen, units_of_size, rows_left)
    problem = Problem(
        labels=labels[types][:, columns],
        numbers=numbers[types],
        size_class=size_class,
        plan=leave_none_empty(plan, [int(rows.sum()) for rows in is_fixed]),
        targets=(targets - SCALE * has)[:, columns],
        limits=limits[:, columns],
        weights=weights[columns],
    )
    return problem, np.argsort(types)[kind]


def _aims(totals: Sequence[int], shares: Sequence[Fraction], least: NDArray[np.float64]) -> tuple[Integers, Integers]:
    """Targets and good-enough deviations of whole folds, times `SCALE`, each of shape (n_folds, n_labels).

    Good enough is within one. Where less than one is due, within one would allow a fold to take every instance of
    every rare label; there it is the nearest whole number.
    """
    targets = np.array([[round(SCALE * n * share) for n in totals] for share in shares], dtype=np.int64)
    limits = np.full(targets.shape, SCALE, dtype=np.int64)
    for fold, label in np.argwhere(targets < SCALE).tolist():
        off = nearest_whole(totals[label], shares)[fold]
        limits[fold, label] = max(SCALE // 2, ceil(SCALE * off))
    return targets, np.maximum(limits, np.ceil(SCALE * least).astype(np.int64))


def _settle(problem: Problem, bits: np.random.PCG64) -> tuple[Integers, int]:
    """Deal out, lay out, repair; where labels stay beyond their limits, hold fewer units, then start again.

    Returns the units of each type in each fold, and the number of swaps that led there.
    """
    dealt = floors(problem)
    met: list[tuple[tuple[int, int], Integers, int]] = []
    for _ in range(_STARTS):
        placed, n_swaps = rarest_first(problem, dealt, bits), 0
        for held in (dealt, np.zeros_like(dealt)):
            placed, swaps = repair(problem, placed, held)
            n_swaps += swaps
            met.append((score(problem, problem.deviations(placed)), placed, n_swaps))
            if met[-1][0][0] == 0:
                return placed, n_swaps
    _, placed, n_swaps = min(met, key=lambda one: one[0])
    return placed, n_swaps


def _whole(weights: Sequence[float] | None, n_labels: int) -> Integers:
    """Weights as whole numbers up to `SCALE`; only their ratios matter."""
    if weights is None:
        return np.ones(n_labels, dtype=np.int64)
    most = max(weights, default=0.0) or 1.0
    return np.array([round(SCALE * weight / most) for weight in weights], dtype=np.int64)


def _checked(
    counts: NDArray[np.int64], ids: Sequence[str], groups: Sequence[str] | None, weights: Sequence[float] | None
) -> Integers:
    table = np.asarray(counts)
    if table.ndim != 2 or len(table) != len(ids):
        raise ValueError(f"counts must have one row per id: shape {table.shape} for {len(ids)} ids")
    if table.size and (not np.issubdtype(table.dtype, np.integer) or table.min() < 0):
        raise ValueError("counts must be whole numbers of at least 0")
    if len(set(ids)) != len(ids):
        raise ValueError("ids must all be different")
    if groups is not None and len(groups) != len(ids):
        raise ValueError(f"groups must have one entry per id: {len(groups)} for {len(ids)}")
    if weights is not None and (len(weights) != table.shape[1] or min(weights, default=0) < 0):
        raise ValueError("weights must have one entry per label, each at least 0")
    return table.astype(np.int64)
