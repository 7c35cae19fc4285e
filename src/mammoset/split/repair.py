"""Swaps between folds until every label is where it should be.

A tabu search: always the best swap of two units of equal size between two folds, also when it makes things worse for a
while; a unit that came stays for some steps; labels that stay beyond their limits gain weight. Sizes never change.
Everything is computed in whole numbers held by floats (below 2**53), so the search takes the same steps on every
machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mammoset.split.layout import SCALE, Integers, Problem

_PATIENCE = 60  # steps without a better split, when all labels are within their limits
_PATIENCE_BEYOND = 120  # and when some are not
_PULSE = 5  # steps without a better split until labels beyond their limits gain weight
_STAYS = 10  # steps, at most, for which a unit that came is not moved on
_SHORTLIST = 64  # units of each fold compared with each other in one step
_PIECE = 2**17  # multiplications
_PAIRS = 3  # pairs of folds looked at in one step, those that differ most first

Floats = NDArray[np.float64]
Swap = tuple[int, int, int, int]
"""Two folds, the type that goes from the first to the second, and the type that comes."""


@dataclass(frozen=True, eq=False)
class _Terms:
    """Parts of the change in squared deviation by a swap that stay the same while weights do."""

    labels: Floats
    weights: Floats
    own: Floats
    crossed: Floats

    @classmethod
    def of(cls, labels: Integers, weights: Integers) -> _Terms:
        exact, weight = labels.astype(np.float64), weights.astype(np.float64)
        return cls(exact, weight, SCALE * (exact**2 @ weight), 2 * SCALE * exact * weight)


def repair(problem: Problem, placed: Integers, kept: Integers) -> tuple[Integers, int]:
    """Swap units until nothing better is met for a while.

    Parameters
    ----------
    placed, kept : ndarray of shape (n_types, n_folds)
        Units in each fold, and how many of them must stay.

    Returns
    -------
    placed : ndarray of shape (n_types, n_folds)
        The best split met; never worse than the given one.
    n_swaps : int
        Swaps that lead to it.
    """
    weights = problem.weights.copy()
    terms = _Terms.of(problem.labels, weights)
    placed, best = placed.copy(), placed
    deviations = problem.deviations(placed)
    best_score, best_step, step = score(problem, deviations), 0, 0
    stays_until = np.zeros(placed.shape, dtype=np.int64)
    # In a small fold a unit must be free again before all others have come, or there is nothing left to swap.
    stays = max(1, min(_STAYS, int((placed - kept).sum(axis=0).min()) - 1))
    while step - best_step < (_PATIENCE_BEYOND if best_score[0] else _PATIENCE):
        step += 1
        swap = _best_swap(problem, terms, deviations, (placed > kept) & (stays_until <= step))
        if swap is None:
            break
        _apply(problem, swap, placed, deviations)
        first, second, goes, comes = swap
        stays_until[comes, first] = stays_until[goes, second] = step + stays
        now = score(problem, deviations)
        if now < best_score:
            best, best_score, best_step = placed.copy(), now, step
        elif best_score[0] and (step - best_step) % _PULSE == 0:
            weights += problem.weights * (np.abs(deviations) > problem.limits).any(axis=0)
            terms = _Terms.of(problem.labels, weights)
    return best, best_step


def score(problem: Problem, deviations: Integers) -> tuple[int, int]:
    """Say what is better: less beyond the limits; of equals, less deviation in all."""
    size = np.abs(deviations)
    excess = np.maximum(size - problem.limits, 0)
    return int((excess @ problem.weights).sum()), int((size @ problem.weights).sum())


def _apply(problem: Problem, swap: Swap, placed: Integers, deviations: Integers) -> None:
    first, second, goes, comes = swap
    placed[[goes, comes], [first, second]] -= 1
    placed[[goes, comes], [second, first]] += 1
    change = SCALE * (problem.labels[comes] - problem.labels[goes])
    deviations[first] += change
    deviations[second] -= change


def _best_swap(problem: Problem, terms: _Terms, deviations: Integers, free: NDArray[np.bool_]) -> Swap | None:
    """Find the best swap of the first pair of folds that has one that helps; else the least harmful one seen."""
    harmful: tuple[float, Swap] | None = None
    for first, second, gradient in _pairs(terms, deviations):
        found = _best_between(problem, terms, gradient, free[:, first], free[:, second])
        if found is None:
            continue
        change, goes, comes = found
        if change < 0:
            return first, second, goes, comes
        if harmful is None or change < harmful[0]:
            harmful = change, (first, second, goes, comes)
    return harmful[1] if harmful else None


def _pairs(terms: _Terms, deviations: Integers) -> Iterator[tuple[int, int, Floats]]:
    """Pairs of folds, those that differ most first, each with the pull on every label from the second to the first."""
    first, second = np.triu_indices(len(deviations), 1)
    apart = (deviations[first] - deviations[second]).astype(np.float64)
    for pair in np.argsort(-(apart**2 @ terms.weights), kind="stable")[:_PAIRS].tolist():
        yield int(first[pair]), int(second[pair]), apart[pair] * terms.weights


def _best_between(
    problem: Problem, terms: _Terms, gradient: Floats, free_first: NDArray[np.bool_], free_second: NDArray[np.bool_]
) -> tuple[float, int, int] | None:
    """Change in squared deviation (up to a factor), the type that goes and the type that comes."""
    linear = np.einsum("ij,j->i", terms.labels, gradient)
    leaving, coming = terms.own - linear, terms.own + linear
    best: tuple[float, int, int] | None = None
    for size in range(len(problem.plan)):  # only units of equal size change places
        of_size = problem.size_class == size
        goes = _shortlist(np.flatnonzero(free_first & of_size), leaving)
        comes = _shortlist(np.flatnonzero(free_second & of_size), coming)
        if not len(goes) or not len(comes):
            continue
        change = leaving[goes][:, None] + coming[comes] - _products(terms.crossed[goes], terms.labels[comes])
        change[goes[:, None] == comes] = np.inf
        row, column = divmod(int(change.argmin()), len(comes))
        least = float(change[row, column])
        if np.isfinite(least) and (best is None or least < best[0]):
            best = least, int(goes[row]), int(comes[column])
    return best


def _products(left: Floats, right: Floats) -> Floats:
    """Return ``left @ right.T`` in pieces that the linear algebra library does not spread over threads.

    For products this small, waiting for the other threads takes ten times as long as the product on a busy machine.
    """
    rows = max(1, _PIECE // max(1, right.size))
    return np.concatenate([left[start : start + rows] @ right.T for start in range(0, len(left), rows)])


def _shortlist(types: Integers, promise: Floats) -> Integers:
    if len(types) <= _SHORTLIST:
        return types
    return types[np.argsort(promise[types], kind="stable")[:_SHORTLIST]]
