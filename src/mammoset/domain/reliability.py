"""Measures of agreement: Cohen's kappa, Krippendorff's alpha, and intervals that respect patients.

Breasts of one patient are not independent, so intervals come from resampling patients. Every statistic here depends on
sums over units only (confusion matrices, coincidences, counts); a resample is then one row of a matrix product, and
thousands of them cost no loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mammoset.errors import UndefinedMetric

Weights = Literal["linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]
Array = NDArray[np.float64]


def cohen_kappa(
    a: Sequence[object], b: Sequence[object], *, categories: Sequence[object], weights: Weights | None = None
) -> float:
    """Return Cohen's kappa of two raters.

    Parameters
    ----------
    a, b : sequences of equal length
        The raters' categories for the same units.
    categories : sequence
        All categories, in order; weights are by distance of position.
    weights : {None, "linear", "quadratic"}
        None counts every disagreement alike.

    Returns
    -------
    float
        1 for perfect agreement, 0 for as much as by chance, below 0 for less.

    Raises
    ------
    UndefinedMetric
        Without units, when a value is no category, or when both raters use one and the same category only, so that
        no disagreement is to be expected by chance.

    References
    ----------
    Cohen, Psychological Bulletin 70, 213–220 (1968).
    """
    if len(a) != len(b):
        raise UndefinedMetric(f"kappa needs as many values of one rater as of the other, not {len(a)} and {len(b)}")
    place = {category: index for index, category in enumerate(categories)}
    strange = sorted({str(value) for value in (*a, *b) if value not in place})
    if strange:
        raise UndefinedMetric(f"kappa: {', '.join(strange)} not among the categories; leave such units out")
    table = np.zeros((len(place), len(place)))
    np.add.at(table, ([place[value] for value in a], [place[value] for value in b]), 1)
    kappa = float(kappa_of(table, weights))
    if np.isnan(kappa):
        raise UndefinedMetric("kappa is undefined: no units, or only one category in use")
    return kappa


def kappa_of(tables: Array, weights: Weights | None = None) -> Array:
    """Return Cohen's kappa of confusion matrices.

    Parameters
    ----------
    tables : array of shape (..., k, k)
        Counts, one rater's categories by the other's.

    Returns
    -------
    array of shape (...)
        NaN where undefined.
    """
    k = tables.shape[-1]
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(float)
    penalty = {None: (distance > 0).astype(float), "linear": distance, "quadratic": distance**2}[weights]
    total = tables.sum(axis=(-2, -1))
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    observed = (tables * penalty).sum(axis=(-2, -1)) * total
    expected = np.einsum("...i,ij,...j->...", rows, penalty, columns)
    return 1 - ratio(observed, expected)


def krippendorff_alpha(units: Sequence[Sequence[int | None]], level: Level = "nominal") -> float:
    """Return Krippendorff's alpha over any number of raters, of whom any may have left out any unit.

    Parameters
    ----------
    units : sequence of sequences
        For each unit the values it was given; None, or simply absent, for none. Units with fewer than two values say
        nothing of agreement and do not count.
    level : {"nominal", "ordinal", "interval"}
        What a difference weighs.

    Raises
    ------
    UndefinedMetric
        Without two values to compare, or when all values are the same.

    References
    ----------
    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    values = sorted({value for unit in units for value in unit if value is not None})
    place = {value: index for index, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for row, unit in enumerate(units):
        for value in unit:
            if value is not None:
                counts[row, place[value]] += 1
    alpha = float(alpha_of(coincidences(counts).sum(axis=0), values, level))
    if np.isnan(alpha):
        raise UndefinedMetric("alpha is undefined: no unit with two values, or all values the same")
    return alpha


def coincidences(counts: Array) -> Array:
    """Return the coincidence matrix of each unit.

    Parameters
    ----------
    counts : array of shape (n, k)
        How often each unit was given each value.

    Returns
    -------
    array of shape (n, k, k)
        All zero for units with fewer than two values.
    """
    given = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    k = counts.shape[1]
    pairs[:, np.arange(k), np.arange(k)] -= counts
    share = np.where(given > 1, 1 / np.maximum(given - 1, 1), 0)
    return np.asarray(pairs * share[:, None, None], dtype=float)


def alpha_of(tables: Array, values: Sequence[float], level: Level) -> Array:
    """Return Krippendorff's alpha of summed coincidence matrices.

    Parameters
    ----------
    tables : array of shape (..., k, k)
    values : sequence of k numbers
        What the rows and columns stand for, ascending; only for ``interval``.

    Returns
    -------
    array of shape (...)
        NaN where undefined.
    """
    margins = tables.sum(axis=-1)
    total = margins.sum(axis=-1)
    k = margins.shape[-1]
    if level == "nominal":
        difference = 1 - np.eye(k)
    elif level == "interval":
        difference = np.subtract.outer(np.asarray(values, float), np.asarray(values, float)) ** 2
    else:  # how many values lie between two of them, half of either included
        middle = np.cumsum(margins, axis=-1) - margins / 2
        difference = (middle[..., :, None] - middle[..., None, :]) ** 2
    observed = (tables * difference).sum(axis=(-2, -1)) * (total - 1)
    expected = (margins[..., :, None] * margins[..., None, :] * difference).sum(axis=(-2, -1))
    return 1 - ratio(observed, expected)


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide; NaN where the denominator is 0."""
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    out: Array = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic and where it would lie with other patients.

    Attributes
    ----------
    value : float
        Of the data themselves.
    low, high : float
        Percentile limits.
    resamples_lost : int
        Resamples in which the statistic was undefined, and which the limits leave out.
    """

    value: float
    low: float
    high: float
    resamples_lost: int


def clustered_interval(
    statistic: Callable[[Array], ArrayLike],
    clusters: ArrayLike,
    n_resamples: int = 2000,
    random_state: int = 0,
    level: float = 0.95,
) -> Interval:
    """Return a percentile bootstrap interval that resamples whole clusters.

    Parameters
    ----------
    statistic : callable
        From sums over clusters, an array of shape (m, ...), to m values; NaN where undefined.
    clusters : array of shape (n, ...)
        What each cluster, a patient, adds to the sums.
    n_resamples, random_state : int
        The same ones give the same interval.
    level : float
        Coverage, in (0, 1).

    Raises
    ------
    UndefinedMetric
        Without clusters, or when the statistic is undefined for the data or for every resample.
    """
    sums = np.asarray(clusters, dtype=float)
    if len(sums) == 0:
        raise UndefinedMetric("no clusters to resample")
    return interval_of(statistic, sums, resampled_sums(sums, n_resamples, random_state), level)


def interval_of(statistic: Callable[[Array], ArrayLike], sums: Array, drawn: Array, level: float = 0.95) -> Interval:
    """Return the interval of one statistic from resamples that were drawn for several.

    Parameters
    ----------
    sums : array of shape (n, ...)
        What each cluster adds.
    drawn : array of shape (n_resamples, ...)
        From `resampled_sums`.

    Raises
    ------
    UndefinedMetric
        When the statistic is undefined for the data or for every resample.
    """
    value = float(np.asarray(statistic(sums.sum(axis=0, keepdims=True)))[0])
    values = np.asarray(statistic(drawn), dtype=float)
    kept = values[~np.isnan(values)]
    if np.isnan(value) or kept.size == 0:
        raise UndefinedMetric("the statistic is undefined for these data")
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), int(values.size - kept.size))


def resampled_sums(clusters: Array, n_resamples: int, random_state: int) -> Array:
    """Return the sums of clusters drawn with replacement, as many as there are.

    Parameters
    ----------
    clusters : array of shape (n, ...)

    Returns
    -------
    array of shape (n_resamples, ...)
    """
    n = len(clusters)
    flat = clusters.reshape(n, -1)
    # clusters that add the same need not be told apart: few distinct rows make a small product
    distinct, kind_of = np.unique(flat, axis=0, return_inverse=True)
    kinds = len(distinct)
    frequency = np.bincount(kind_of.reshape(-1), minlength=kinds) / n
    times = np.random.default_rng(random_state).multinomial(n, frequency, size=n_resamples)
    return (times @ distinct).reshape(n_resamples, *clusters.shape[1:])
