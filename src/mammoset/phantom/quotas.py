"""How many breasts of each category and boxes of each kind a population has: the published tables, scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import TypeVar

from mammoset.terms import findings as f

Key = TypeVar("Key")


def largest_remainder(weights: Mapping[Key, float], total: int) -> dict[Key, int]:
    """Share out a total in proportion to weights in whole numbers that add up to it (Hare's method).

    Equal remainders are served in the order of the mapping.
    """
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {key: weight * total / whole for key, weight in weights.items()}
    shares = {key: floor(value + 1e-9) for key, value in exact.items()}
    order = sorted(exact, key=lambda key: shares[key] - exact[key])
    for key in order[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


@dataclass(frozen=True, slots=True)
class Quotas:
    """What a number of complete exams holds in total.

    Attributes
    ----------
    exams : int
    birads : dict
        Breasts by BI-RADS category; two per exam.
    density : dict
        Breasts by density; two per exam.
    boxes : dict
        Boxes on images by finding category; a box of two categories counts for both.
    """

    exams: int
    birads: dict[int, int]
    density: dict[str, int]
    boxes: dict[str, int]

    def scaled(self, exams: int) -> Quotas:
        """Return the same proportions for another number of exams."""
        boxes = round(sum(self.boxes.values()) * exams / self.exams)
        return Quotas(
            exams,
            largest_remainder(self.birads, 2 * exams),
            largest_remainder(self.density, 2 * exams),
            largest_remainder(self.boxes, boxes),
        )


PAPER = Quotas(
    exams=5000,
    birads={1: 6703, 2: 2338, 3: 465, 4: 381, 5: 113},
    density={"A": 50, "B": 954, "C": 7646, "D": 1350},
    boxes={
        f.MASS: 1226,
        f.SUSPICIOUS_CALCIFICATION: 543,
        f.ASYMMETRY: 97,
        f.FOCAL_ASYMMETRY: 269,
        f.GLOBAL_ASYMMETRY: 26,
        f.ARCHITECTURAL_DISTORTION: 119,
        f.SKIN_THICKENING: 57,
        f.SKIN_RETRACTION: 18,
        f.NIPPLE_RETRACTION: 37,
        f.SUSPICIOUS_LYMPH_NODE: 57,
    },
)
"""VinDr-Mammo, Tables 2–4 of the first and 3–5 of the second version."""

ENRICHED = Quotas(
    exams=100,
    birads={1: 70, 2: 50, 3: 30, 4: 32, 5: 18},
    density={"A": 10, "B": 44, "C": 106, "D": 40},
    boxes={
        f.MASS: 66,
        f.SUSPICIOUS_CALCIFICATION: 40,
        f.ASYMMETRY: 8,
        f.FOCAL_ASYMMETRY: 18,
        f.GLOBAL_ASYMMETRY: 8,
        f.ARCHITECTURAL_DISTORTION: 14,
        f.SKIN_THICKENING: 10,
        f.SKIN_RETRACTION: 8,
        f.NIPPLE_RETRACTION: 8,
        f.SUSPICIOUS_LYMPH_NODE: 10,
    },
)
"""For demonstrations and tests: a dozen exams have something of everything to show."""

COMBINATIONS: dict[tuple[str, ...], int] = {
    (f.MASS, f.SUSPICIOUS_CALCIFICATION): 84,
    (f.MASS, f.ARCHITECTURAL_DISTORTION): 20,
    (f.MASS, f.SKIN_RETRACTION): 8,
    (f.MASS, f.SKIN_THICKENING): 8,
    (f.MASS, f.NIPPLE_RETRACTION): 10,
    (f.SUSPICIOUS_CALCIFICATION, f.FOCAL_ASYMMETRY): 18,
    (f.SUSPICIOUS_CALCIFICATION, f.ARCHITECTURAL_DISTORTION): 16,
    (f.FOCAL_ASYMMETRY, f.ARCHITECTURAL_DISTORTION): 10,
    (f.ARCHITECTURAL_DISTORTION, f.SKIN_RETRACTION): 4,
    (f.SKIN_THICKENING, f.NIPPLE_RETRACTION): 10,
}
"""Boxes with several categories among those of `PAPER`; the papers do not say how many, these are plausible."""


def box_groups(boxes: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Split box counts by category into box counts by combination of categories; they add up to the same."""
    left = dict(boxes)
    groups: dict[tuple[str, ...], int] = {}
    for combination, count in COMBINATIONS.items():
        share = count / min(PAPER.boxes[category] for category in combination)
        wanted = round(share * min(boxes.get(category, 0) for category in combination))
        groups[combination] = min(wanted, *(left.get(category, 0) for category in combination))
        for category in combination:
            left[category] = left.get(category, 0) - groups[combination]
    groups |= {(category,): count for category, count in left.items()}
    return {combination: count for combination, count in groups.items() if count}
