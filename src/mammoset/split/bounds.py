"""How near to its target a count can come at all.

Units are whole: where one patient has nine of a label's twelve boxes, no split has a fifth of them on one side. A
report that says "gap" must say when nobody could have done better.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from mammoset.split.sizes import apportion
from mammoset.split.units import FREE, Units

_SLACK = 1e-9  # rounding of floats is no deviation
_RARE = 100  # labels that occur more often than this are not looked at together with their parts
_STATES = 50_000  # sums looked at, at most


def least_deviations(units: Units, shares: Sequence[Fraction]) -> NDArray[np.float64]:
    """Return, for each count alone, the least deviation from its target that any assignment could reach.

    A lower bound: sizes and the other labels are not considered, so a split may be unable to reach all at once.

    Returns
    -------
    ndarray of shape (n_folds, n_labels)
    """
    free = units.labels[units.fold == FREE]
    fixed = [units.labels[units.fold == fold].sum(axis=0).tolist() for fold in range(len(shares))]
    least = np.zeros((len(shares), units.labels.shape[1]))
    for label, total in enumerate(units.labels.sum(axis=0).tolist()):
        occurs = np.bincount(free[:, label])
        sums = None if _all_sums(occurs) else _reachable(occurs)
        most = int(occurs @ np.arange(len(occurs)))
        for fold, share in enumerate(shares):
            least[fold, label] = _nearest(float(total * share) - fixed[fold][label], most, sums)
    return least


def nearest_whole(total: int, shares: Sequence[Fraction]) -> list[Fraction]:
    """Deviations of the best division of `total` into whole numbers, one per fold."""
    return [abs(part - total * share) for part, share in zip(apportion(total, shares), shares, strict=True)]


def _all_sums(occurs: NDArray[np.int64]) -> bool:
    """Whether every number from 0 to the sum of all is a sum of some: no value is larger than all smaller ones + 1."""
    below = 0
    for value in np.flatnonzero(occurs[1:]) + 1:
        if value > below + 1:
            return False
        below += int(value) * int(occurs[value])
    return True


def _reachable(occurs: NDArray[np.int64]) -> int:
    """Return the sums of some of the values, as the set bits of a number."""
    sums = 1
    for value in np.flatnonzero(occurs[1:]) + 1:
        left, step = int(occurs[value]), 1
        while left:  # 1, 2, 4, ... of the value at a time: any number of them is a sum of these
            take = min(step, left)
            sums |= sums << (int(value) * take)
            left, step = left - take, step * 2
    return sums


def _nearest(wish: float, most: int, sums: int | None) -> float:
    """Distance from the wish to the nearest sum, from 0 to `most`; every number is a sum where `sums` is None."""
    below = min(max(floor(wish), 0), most)
    above = min(below + 1, most)
    while sums is not None and not (sums >> below) & 1:  # 0 and `most` are always sums
        below -= 1
    while sums is not None and not (sums >> above) & 1:
        above += 1
    return min(abs(below - wish), abs(above - wish))


def unavoidable(
    units: Units, counts: NDArray[np.int64], targets: NDArray[np.float64], least: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Say which labels have a deviation beyond one that is proven to be no fault of the split.

    Proven is a label that is at its own least deviation, and a rare label that is, together with the labels it
    consists of, at their least: 26 boxes of a category may be divisible, and the few of each BI-RADS among them,
    but not all at once.

    Parameters
    ----------
    counts, targets, least : ndarray of shape (n_folds, n_labels)

    Returns
    -------
    ndarray of shape (n_labels,)
        False also where a search for the proof would take too long.
    """
    off = np.abs(counts - targets)
    gap = (off > 1 + _SLACK).any(axis=0)
    proven: NDArray[np.bool_] = gap & np.all(off <= np.maximum(1, least) + _SLACK, axis=0)
    rare = units.labels.sum(axis=0) <= _RARE
    for label in np.flatnonzero(gap & ~proven).tolist():
        wholes = np.flatnonzero(rare & np.all(units.labels[:, [label]] <= units.labels, axis=0)).tolist()
        proven[label] = any(_is_at_least(units, whole, label, targets, off) for whole in wholes)
    return proven


def _is_at_least(units: Units, whole: int, label: int, targets: NDArray[np.float64], off: NDArray[np.float64]) -> bool:
    """Say whether `whole` and its parts are, in every fold where `label` has a gap, as near as they can be together."""
    parts = np.all(units.labels <= units.labels[:, [whole]], axis=0) & units.labels.any(axis=0)
    rows = units.labels[:, parts]
    sums = _reachable_together(rows[(units.fold == FREE) & rows.any(axis=1)])
    if sums is None:
        return False
    for fold in np.flatnonzero(off[:, label] > 1 + _SLACK):
        fixed = rows[units.fold == fold].sum(axis=0)
        best = np.abs(sums + fixed - targets[fold, parts]).max(axis=1).min()
        if off[fold, parts].max() > best + _SLACK:
            return False
    return True


def _reachable_together(rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the sums of some of the rows, shape (n_sums, n_labels); None when there are too many."""
    sums = {(0,) * rows.shape[1]}
    for row in rows.tolist():
        sums |= {tuple(a + b for a, b in zip(one, row, strict=True)) for one in sums}
        if len(sums) > _STATES:
            return None
    return np.array(sorted(sums), dtype=np.int64)
