"""Shares lesions out over breasts so that box counts, BI-RADS categories and views fit together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from mammoset.phantom.lesions import Lesion
from mammoset.phantom.plans import seeds
from mammoset.phantom.quotas import Quotas, box_groups
from mammoset.terms import findings as f
from mammoset.terms.birads import RECALL_FROM
from mammoset.terms.dicom import ViewPosition

CC, MLO = ViewPosition.CC, ViewPosition.MLO
BOTH: tuple[ViewPosition, ...] = (CC, MLO)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a category behaves.

    Attributes
    ----------
    severity : float
        BI-RADS category it tends to.
    size_mm : tuple of float
        Smallest and largest usual extent.
    in_both_views : float
        Share of its boxes that come in pairs.
    single_views : tuple of ViewPosition
        Where it is seen when it is seen in one view only.
    """

    severity: float
    size_mm: tuple[float, float]
    in_both_views: float = 0.86
    single_views: tuple[ViewPosition, ...] = BOTH


HABITS: dict[str, Habit] = {
    f.MASS: Habit(3.9, (7.0, 28.0)),
    f.SUSPICIOUS_CALCIFICATION: Habit(3.8, (6.0, 26.0)),
    f.ASYMMETRY: Habit(3.0, (12.0, 28.0), in_both_views=0.0),
    f.FOCAL_ASYMMETRY: Habit(3.2, (12.0, 30.0)),
    f.GLOBAL_ASYMMETRY: Habit(3.1, (45.0, 75.0), in_both_views=1.0),
    f.ARCHITECTURAL_DISTORTION: Habit(4.1, (15.0, 34.0)),
    f.SKIN_THICKENING: Habit(4.6, (18.0, 45.0)),
    f.SKIN_RETRACTION: Habit(4.8, (12.0, 28.0)),
    f.NIPPLE_RETRACTION: Habit(4.7, (14.0, 26.0)),
    f.SUSPICIOUS_LYMPH_NODE: Habit(4.8, (12.0, 26.0), in_both_views=0.0, single_views=(MLO,)),
}

NOISE = 0.8
"""Spread of a lesion's severity, in BI-RADS categories."""
BELOW_THE_BREAST = 0.03
"""Share of breasts whose worst finding is of a lower category than the breast."""


def lesions_of(quotas: Quotas, birads: list[int], rng: Generator) -> dict[int, tuple[Lesion, ...]]:
    """Share out lesions that make the wanted boxes over the breasts that can have some.

    Parameters
    ----------
    quotas : Quotas
        Already scaled.
    birads : list of int
        Category of every breast.

    Returns
    -------
    dict
        Index of a breast to its lesions; a breast of BI-RADS 1 or 2 has none, one of 3–5 has at least one that
        carries a category as long as there are enough of them. Without such a breast there are no lesions.
    """
    recalled = [index for index, category in enumerate(birads) if category >= RECALL_FROM]
    if not recalled:
        return {}
    lesions = _unassigned(quotas, rng)
    assessed = [lesion for lesion in lesions if _is_assessed(lesion)]
    first = [assessed[index] for index in rng.permutation(len(assessed))[: len(recalled)]]
    taken = {id(lesion) for lesion in first}
    further = [lesion for lesion in lesions if id(lesion) not in taken]
    result: dict[int, list[Lesion]] = {}
    for lesion, breast in _matched(first, recalled, birads, rng):
        lower = birads[breast] > RECALL_FROM and rng.random() < BELOW_THE_BREAST
        result.setdefault(breast, []).append(replace(lesion, birads=birads[breast] - lower))
    while further:
        batch, further = further[: len(recalled)], further[len(recalled) :]
        for lesion, breast in _matched(batch, recalled, birads, rng):
            category = int(rng.integers(RECALL_FROM, birads[breast] + 1)) if _is_assessed(lesion) else None
            result.setdefault(breast, []).append(replace(lesion, birads=category))
    return {breast: _in_one_view(found) for breast, found in result.items()}


def _in_one_view(lesions: list[Lesion]) -> tuple[Lesion, ...]:
    """Return the lesions of a breast with all asymmetries, seen in one view by definition, in the same view."""
    views = {lesion.categories: lesion.views for lesion in reversed(lesions)}
    return tuple(
        replace(lesion, views=views[lesion.categories]) if lesion.categories == (f.ASYMMETRY,) else lesion
        for lesion in lesions
    )


def _is_assessed(lesion: Lesion) -> bool:
    return bool(set(lesion.categories) & set(f.LESION_CATEGORIES))


def _unassigned(quotas: Quotas, rng: Generator) -> list[Lesion]:
    """Return lesions whose boxes add up to the quotas; their BI-RADS categories are not decided yet."""
    lesions: list[Lesion] = []
    for categories, boxes in box_groups(quotas.boxes).items():
        habits = [HABITS[category] for category in categories]
        pairs = int(boxes * min(habit.in_both_views for habit in habits) / 2)
        singles = boxes - 2 * pairs
        one_view = habits[0].single_views
        views = [BOTH] * pairs + [(one_view[int(which)],) for which in rng.integers(0, len(one_view), singles)]
        low, high = max(habit.size_mm for habit in habits)
        for seen, seed in zip(views, seeds(rng, len(views)), strict=True):
            lesions.append(Lesion(categories, None, seen, seed, round(float(rng.triangular(low, low, high)), 1)))
    return [lesions[index] for index in rng.permutation(len(lesions))]


def _matched(lesions: list[Lesion], recalled: list[int], birads: list[int], rng: Generator) -> list[tuple[Lesion, int]]:
    """Pair lesions with different breasts, the graver with the graver, not strictly."""
    chosen = rng.permutation(recalled)[: len(lesions)]
    breasts = sorted((birads[index] + rng.uniform(0, 0.9), int(index)) for index in chosen)
    gravity = [max(HABITS[one].severity for one in lesion.categories) + rng.normal(0, NOISE) for lesion in lesions]
    order = np.argsort(gravity, kind="stable")
    return [(lesions[int(place)], breast) for place, (_, breast) in zip(order, breasts, strict=True)]
