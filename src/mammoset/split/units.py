"""What is moved as a whole: patients, or single exams; and the types that equal ones form.

The order of types and labels here comes from counts alone, never from ids or from the order they were given in. That is
what makes the statistics of a split independent of pseudonyms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

FREE = -1
"""The fold of a unit that is yet to be placed."""


@dataclass(frozen=True, eq=False)
class Units:
    """Units in the order of their names.

    Attributes
    ----------
    of_row : ndarray of shape (n_rows,)
        Unit of each row.
    labels : ndarray of shape (n_units, n_labels)
        Sums over the unit's rows.
    sizes : ndarray of shape (n_units,)
        Rows of the unit.
    fold : ndarray of shape (n_units,)
        Fold the unit is fixed in, or `FREE`.
    """

    of_row: Integers
    labels: Integers
    sizes: Integers
    fold: Integers


def collect(
    table: Integers, ids: Sequence[str], groups: Sequence[str] | None, fixed: Mapping[str, int], n_folds: int
) -> Units:
    """Sum rows to units.

    Raises
    ------
    ValueError
        When a fixed fold does not exist, or one unit is fixed in two folds.
    """
    names = list(ids if groups is None else groups)
    place = {name: unit for unit, name in enumerate(sorted(set(names)))}
    of_row = np.array([place[name] for name in names], dtype=np.int64)
    labels = np.zeros((len(place), table.shape[1]), dtype=np.int64)
    if groups is None:
        labels[of_row] = table
    else:
        np.add.at(labels, of_row, table)
    fold = np.full(len(place), FREE, dtype=np.int64)
    for row, name in enumerate(ids):
        if name in fixed:
            unit, given = of_row[row], fixed[name]
            if not 0 <= given < n_folds:
                raise ValueError(f"{name} is fixed in fold {given}, but there are only folds 0 to {n_folds - 1}")
            if fold[unit] not in (FREE, given):
                raise ValueError(f"{name} is fixed in fold {given}, but its patient is fixed in fold {fold[unit]}")
            fold[unit] = given
    return Units(of_row, labels, np.bincount(of_row, minlength=len(place)).astype(np.int64), fold)


def collapse(labels: Integers, sizes: Integers) -> tuple[Integers, Integers]:
    """Find equal units.

    Returns
    -------
    first : ndarray of shape (n_types,)
        One unit of each type, in no order that means anything.
    kind : ndarray of shape (n_units,)
        Type of each unit.
    """
    rows = np.column_stack([sizes, labels])
    # Equal rows have equal sums under any multipliers; sorting one number per row is cheaper than sorting rows.
    multipliers = (np.random.PCG64(0).random_raw(rows.shape[1]) | np.uint64(1)).astype(np.int64)
    _, first, kind = np.unique(rows @ multipliers, return_index=True, return_inverse=True)
    if not np.array_equal(rows[first][kind], rows):  # two rows with the same sum: never seen, but possible
        _, first, kind = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, kind.ravel()


def column_order(labels: Integers, numbers: Integers, marks: Sequence[tuple[int, ...]]) -> list[int]:
    """Order labels by what is in them, so that the order they were given in does not matter.

    By `marks`, then by how often each count occurs; labels still alike are told apart by what they occur together
    with. Only labels that could be exchanged without changing the table stay in the order given.

    Parameters
    ----------
    labels : ndarray of shape (n_types, n_labels)
        Label counts of each type, in any order.
    numbers : ndarray of shape (n_types,)
        Units of each type.
    marks : sequence of tuple of int
        For each label, what else is known about it: its weight, its fixed counts.
    """
    n_labels = labels.shape[1]
    keys: list[tuple[object, ...]] = []
    for label in range(n_labels):
        occurs = np.bincount(labels[:, label], weights=numbers)
        keys.append((int(numbers @ labels[:, label]), marks[label], tuple(occurs.tolist())))
    color = _rank(keys)
    together = ((labels * numbers[:, None]).T @ labels).tolist() if len(set(color)) < n_labels else []
    while len(set(color)) < n_labels:
        seen = [tuple(sorted(zip(together[label], color, strict=True))) for label in range(n_labels)]
        finer = _rank(list(zip(color, seen, strict=True)))
        if len(set(finer)) == len(set(color)):
            break
        color = finer
    return sorted(range(n_labels), key=lambda label: color[label])


def _rank(keys: Sequence[tuple[object, ...]]) -> list[int]:
    place = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [place[key] for key in keys]
