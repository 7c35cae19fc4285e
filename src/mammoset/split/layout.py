"""The first layout: equal units fairly, then the rest rarest label first.

Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data" (ECML PKDD 2011), with three changes:
equal units are first dealt out in exact proportion, which keeps every joint distribution of common exams; labels count
as often as they occur; and a fold that is full takes no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SCALE = 1000
"""Targets are whole multiples of 1/SCALE. All sums are then of whole numbers, and come out the same on any machine."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Problem:
    """Units to place, collapsed into types of equal labels and size, in an order that depends on no id.

    Attributes
    ----------
    labels : ndarray of shape (n_types, n_labels)
        Label counts of one unit of the type.
    numbers : ndarray of shape (n_types,)
        Units of the type.
    size_class : ndarray of shape (n_types,)
        Row of `plan` that the type's units are counted in.
    plan : ndarray of shape (n_sizes, n_folds)
        Units of each size that each fold gets.
    targets : ndarray of shape (n_folds, n_labels)
        Label counts wanted from these units, times `SCALE`.
    limits : ndarray of shape (n_folds, n_labels)
        Deviations from the targets that are good enough, times `SCALE`.
    weights : ndarray of shape (n_labels,)
        Whole numbers; how much a label's deviations matter.
    """

    labels: Integers
    numbers: Integers
    size_class: Integers
    plan: Integers
    targets: Integers
    limits: Integers
    weights: Integers

    def deviations(self, placed: Integers) -> Integers:
        """Return counts minus targets, times `SCALE`, of shape (n_folds, n_labels)."""
        return (placed.T @ self.labels) * SCALE - self.targets


def floors(problem: Problem) -> Integers:
    """Give every fold its share of each type, rounded down: shape (n_types, n_folds)."""
    of_class = problem.plan.sum(axis=1)
    dealt: Integers = problem.numbers[:, None] * problem.plan[problem.size_class]
    dealt //= of_class[problem.size_class, None]
    return dealt


def rarest_first(problem: Problem, placed: Integers, bits: np.random.PCG64) -> Integers:
    """Place what `placed` leaves over, one unit at a time, the label with fewest units left first.

    Parameters
    ----------
    placed : ndarray of shape (n_types, n_folds)
        Units already placed; at most `problem.plan`.
    bits : numpy.random.PCG64
        Draws the order of units that hold the same label. Raw bits are used: NumPy keeps their stream the same in
        all its versions, and those of its distributions not.

    Returns
    -------
    ndarray of shape (n_types, n_folds)
        All units placed, each fold holding exactly its plan.
    """
    placed = placed.copy()
    left = problem.numbers - placed.sum(axis=1)
    draws = bits.random_raw(len(left))
    wants = -problem.deviations(placed)
    room = problem.plan.copy()
    np.subtract.at(room, problem.size_class, placed)
    while left.any():
        present = left @ problem.labels
        label = int(np.where(present > 0, present, np.iinfo(np.int64).max).argmin()) if present.any() else None
        types = np.flatnonzero(left if label is None else left * problem.labels[:, label])
        for kind in types[np.argsort(draws[types], kind="stable")]:
            row = room[problem.size_class[kind]]
            for _ in range(int(left[kind])):
                fold = _neediest(wants, row, label)
                placed[kind, fold] += 1
                row[fold] -= 1
                wants[fold] -= SCALE * problem.labels[kind]
            left[kind] = 0
    return placed


def _neediest(wants: Integers, room: Integers, label: int | None) -> int:
    """Return the fold with room that most wants the label; of equals the one with most room."""
    best, best_key = -1, (0, 0)
    for fold, places in enumerate(room.tolist()):
        if places:
            key = (int(wants[fold, label]) if label is not None else 0, places)
            if best < 0 or key > best_key:
                best, best_key = fold, key
    return best
