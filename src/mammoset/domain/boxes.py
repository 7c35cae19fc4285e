"""Boxes of two readers on one image: how much they overlap, and which of them mean the same finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.model import Box


def iou(a: Box, b: Box) -> float:
    """Return the intersection over union of two boxes, 0–1; 0 when neither has an inside."""
    width = min(a.xmax, b.xmax) - max(a.xmin, b.xmin)
    height = min(a.ymax, b.ymax) - max(a.ymin, b.ymin)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    whole = a.area + b.area - shared
    return shared / whole if whole > 0 else 0.0


def center_in(a: Box, b: Box) -> bool:
    """Whether the center of `a` lies in the half-open box `b`."""
    x, y = a.center
    return b.xmin <= x < b.xmax and b.ymin <= y < b.ymax


def match(
    first: Sequence[Box], second: Sequence[Box], *, min_iou: float = 0.1, center: bool = True
) -> list[tuple[int, int]]:
    """Pair the boxes of two readers on one image, each at most once.

    Of all ways to pair them, one with the most pairs is taken, and of those one with the largest sum of IoU: a greedy
    choice could leave a finding without partner, and so call for an arbiter, only because of the order of the boxes.

    Parameters
    ----------
    first, second : sequence of Box
        Boxes on the same image, in stored pixels.
    min_iou : float
        Two boxes may be paired from this IoU on, in (0, 1].
    center : bool
        Whether they may also be paired when the center of one, whichever, lies inside the other.

    Returns
    -------
    list of (int, int)
        Positions in `first` and `second`, ascending by the former. Neither the order of the boxes nor that of the
        two readers changes which boxes are paired, but for boxes that are equal.
    """
    if not first or not second:
        return []
    rows, columns = _canonical(first), _canonical(second)
    key_rows, key_columns = [first[i] for i in rows], [second[j] for j in columns]
    is_swapped = (len(key_rows), key_rows) > (len(key_columns), key_columns)
    if is_swapped:
        key_rows, key_columns = key_columns, key_rows
    pairs = _assign(_weights(key_rows, key_columns, min_iou, center))
    if is_swapped:
        pairs = [(j, i) for i, j in pairs]
    return sorted((rows[i], columns[j]) for i, j in pairs)


def _canonical(boxes: Sequence[Box]) -> list[int]:
    """Return the positions of the boxes in an order that depends on the boxes only."""
    return sorted(range(len(boxes)), key=lambda index: (boxes[index], index))


def _weights(first: Sequence[Box], second: Sequence[Box], min_iou: float, center: bool) -> NDArray[np.float64]:
    """Return what each pair is worth: 0 when not allowed, else so much that one more pair outweighs any IoU."""
    bonus = len(first) + 1.0
    weights = np.zeros((len(first), len(second)))
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            overlap = iou(a, b)
            if overlap >= min_iou or (center and (center_in(a, b) or center_in(b, a))):
                weights[i, j] = bonus + overlap
    return weights


def _assign(weights: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the assignment of rows to columns of the largest total weight, without pairs of weight 0.

    The Hungarian method with potentials and shortest augmenting paths (Kuhn 1955, Jonker and Volgenant 1987), for
    no more rows than columns; exact, and fast enough for the few boxes of an image.
    """
    n, m = weights.shape
    cost = -weights
    u, v = np.zeros(n + 1), np.zeros(m + 1)
    row_of = np.full(m + 1, n)  # the row assigned to each column; n means none, column m is the root of a search
    for row in range(n):
        row_of[m] = row
        _augment(cost, u, v, row_of)
    return [(int(row_of[j]), j) for j in range(m) if row_of[j] < n and weights[row_of[j], j] > 0]


def _augment(cost: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64], row_of: NDArray[Any]) -> None:
    """Assign one more row, which stands at the root column, along a shortest path; in place but for the costs."""
    n, m = cost.shape
    column = m
    shortest = np.full(m, np.inf)
    came_from = np.full(m, m)
    done = np.zeros(m + 1, dtype=bool)
    while row_of[column] < n:
        done[column] = True
        open_ = ~done[:m]
        reduced = cost[row_of[column]] - u[row_of[column]] - v[:m]
        is_nearer = open_ & (reduced < shortest)
        shortest[is_nearer], came_from[is_nearer] = reduced[is_nearer], column
        following = int(np.argmin(np.where(open_, shortest, np.inf)))
        step = shortest[following]
        u[row_of[done]] += step
        v[done] -= step
        shortest[open_] -= step
        column = following
    while column != m:
        row_of[column] = row_of[came_from[column]]
        column = int(came_from[column])
