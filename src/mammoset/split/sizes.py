"""How many exams each fold gets, and how many patients of each size make up that number exactly.

Sizes are settled before anything else and never given up: iterative stratification as published uses them as a
tie-break only, and its folds come out one or two exams off.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

_WIDEST_WINDOW = 12  # patients of one size that a fold may have more or fewer than its share


def normalise(shares: Sequence[float]) -> tuple[Fraction, ...]:
    """Return shares that sum to exactly one.

    A float is taken for the decimal number it prints as, so that 0.7, 0.2 and 0.1 are what they look like.

    Raises
    ------
    ValueError
        For fewer than two folds, or a share that is not a positive number.
    """
    if len(shares) < 2:
        raise ValueError(f"a split needs at least two folds, got {len(shares)}")
    if not all(np.isfinite(float(share)) and share > 0 for share in shares):
        raise ValueError(f"every share must be a positive number, got {list(map(float, shares))}")
    exact = [Fraction(repr(float(share))) for share in shares]
    return tuple(share / sum(exact) for share in exact)


def apportion(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Divide `total` in proportion to `weights` by largest remainder (Hamilton); of equal remainders the first."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    ideal = [Fraction(total * weight) / whole for weight in weights]
    parts = [int(part) for part in ideal]
    by_remainder = sorted(range(len(parts)), key=lambda fold: parts[fold] - ideal[fold])
    for fold in by_remainder[: total - sum(parts)]:
        parts[fold] += 1
    return parts


def exact_sizes(n_rows: int, shares: Sequence[Fraction]) -> list[int]:
    """Exams of each fold: largest remainder, and none empty as long as there is an exam for each fold."""
    return _none_empty(apportion(n_rows, shares), n_rows)


def free_sizes(wanted: Sequence[int], taken: Sequence[int], n_free: int) -> list[int]:
    """Exams that each fold still gets, when some folds already have `taken` by assignments that are fixed.

    A fold that already has more than it should gets none; the others share the rest in proportion to their want.
    """
    return apportion(n_free, [max(0, want - has) for want, has in zip(wanted, taken, strict=True)])


def plan_units(sizes: NDArray[np.int64], numbers: NDArray[np.int64], wanted: Sequence[int]) -> NDArray[np.int64]:
    """Say how many units of each size every fold gets, so that its exams are exactly what is wanted where possible.

    Each fold in turn, smallest first, takes from what is left: a shortest-path search over the reachable sums,
    among numbers of units close to its share of every size. The last fold gets the rest.

    Parameters
    ----------
    sizes : ndarray of shape (n_sizes,)
        Different numbers of exams that units (patients) have.
    numbers : ndarray of shape (n_sizes,)
        Units of each size; ``sizes @ numbers == sum(wanted)``.
    wanted : sequence of int
        Exams of each fold.

    Returns
    -------
    ndarray of shape (n_sizes, n_folds)
        Rows sum to `numbers`; ``sizes @ plan`` is `wanted`, or the nearest that the search could reach.
    """
    plan = np.zeros((len(sizes), len(wanted)), dtype=np.int64)
    left = numbers.copy()
    order = sorted(range(len(wanted)), key=lambda fold: (wanted[fold], fold))
    for fold in order[:-1]:
        plan[:, fold] = _take(sizes, left, wanted[fold])
        left = left - plan[:, fold]
    plan[:, order[-1]] = left
    return plan


def leave_none_empty(plan: NDArray[np.int64], taken: Sequence[int]) -> NDArray[np.int64]:
    """Give every fold without a unit one of the smallest size, from the fold with most, where there are enough."""
    plan = plan.copy()
    if plan.sum() + sum(taken) < plan.shape[1]:
        return plan
    for fold in range(plan.shape[1]):
        units = plan.sum(axis=0) + np.array(taken)
        if units[fold] == 0 and units.max() > 1 and (spare := np.where(units > 1, plan.sum(axis=0), 0)).max() > 0:
            giver = int(spare.argmax())
            size = int(np.flatnonzero(plan[:, giver])[0])
            plan[size, giver] -= 1
            plan[size, fold] += 1
    return plan


def _none_empty(parts: list[int], total: int) -> list[int]:
    while total >= len(parts) and 0 in parts:
        parts[parts.index(max(parts))] -= 1
        parts[parts.index(0)] += 1
    return parts


def _take(sizes: NDArray[np.int64], numbers: NDArray[np.int64], want: int) -> NDArray[np.int64]:
    """Units of each size whose exams sum to `want`, or to the nearest sum reachable, each number near its share."""
    total = int(sizes @ numbers)
    if total == 0 or len(sizes) == 1:
        nearest: NDArray[np.int64] = (2 * want + sizes) // (2 * sizes)
        return np.minimum(numbers, nearest)
    ideal = numbers * (want / total)
    reach = min(int(sizes.max()), _WIDEST_WINDOW)
    low = np.maximum(0, np.floor(ideal).astype(np.int64) - reach)
    high = np.minimum(numbers, np.ceil(ideal).astype(np.int64) + reach)
    width = int(sizes @ (high - low)) + 1
    cost = np.full(width, np.inf)
    cost[0] = 0.0
    chosen = np.zeros((len(sizes), width), dtype=np.int64)
    for row, size in enumerate(sizes):
        better = np.full(width, np.inf)
        for number in range(int(low[row]), int(high[row]) + 1):
            shift = int(size) * (number - int(low[row]))
            offer = np.full(width, np.inf)
            offer[shift:] = cost[: width - shift] + float(size) * (number - ideal[row]) ** 2
            chosen[row] = np.where(offer < better, number, chosen[row])
            better = np.minimum(better, offer)
        cost = better
    base = int(sizes @ low)
    reachable = np.flatnonzero(np.isfinite(cost))
    distance = np.abs(reachable + base - want)
    at = int(reachable[np.lexsort((cost[reachable], distance))[0]])
    taken = np.zeros(len(sizes), dtype=np.int64)
    for row in range(len(sizes) - 1, -1, -1):
        taken[row] = chosen[row, at]
        at -= int(sizes[row]) * int(taken[row] - low[row])
    return taken
