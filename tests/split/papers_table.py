"""Made-up reference answers whose totals are the paper's (VinDr-Mammo, Tables 2-4), exactly.

Only the totals are the paper's; which exam has what is drawn at random, under the reading rules: findings only on
breasts of BI-RADS 3 or above, and no finding above its breast.
"""

from __future__ import annotations

import itertools

import numpy as np

from mammoset.model import Box, Breast, Finding, Reference
from mammoset.terms.dicom import Laterality
from mammoset.terms.findings import ASSOCIATED_FEATURES, LESION_CATEGORIES

N_EXAMS = 5000
BREAST_BIRADS = {1: 6703, 2: 2338, 3: 465, 4: 381, 5: 113}
DENSITIES = {"A": 50, "B": 954, "C": 7646, "D": 1350}
FINDINGS = {
    "Mass": 1226,
    "Suspicious Calcification": 543,
    "Asymmetry": 97,
    "Focal Asymmetry": 269,
    "Global Asymmetry": 26,
    "Architectural Distortion": 119,
    "Skin Thickening": 57,
    "Skin Retraction": 18,
    "Nipple Retraction": 37,
    "Suspicious Lymph Node": 57,
}
SIDES = (Laterality.L, Laterality.R)
VIEWS = ("CC", "MLO")
BOX = Box(0.0, 0.0, 10.0, 10.0)

Marks = dict[tuple[int, str], list[tuple[tuple[str, ...], int | None]]]


def papers_references(seed: int = 0, times: int = 1) -> tuple[dict[str, Reference], dict[str, list[str]]]:
    """Return references by study id, and the standard images of each; `times` multiplies every total."""
    rng = np.random.default_rng(seed)
    birads = rng.permutation(np.repeat(list(BREAST_BIRADS), [n * times for n in BREAST_BIRADS.values()]))
    density = _densities(rng, times)
    marks = _marks(rng, birads, times)
    references, images = {}, {}
    for exam in range(N_EXAMS * times):
        study = f"{rng.integers(2**63):016x}{exam:06x}"
        breasts, findings = [], []
        for breast, side in zip((2 * exam, 2 * exam + 1), SIDES, strict=True):
            breasts.append(Breast(side, int(birads[breast]), str(density[breast])))
            for view in VIEWS:
                findings += [Finding(f"{study}-{side}-{view}", BOX, *mark) for mark in marks.get((breast, view), ())]
        references[study] = Reference(study, tuple(breasts), tuple(findings))
        images[study] = [f"{study}-{side}-{view}" for side, view in itertools.product(SIDES, VIEWS)]
    return references, images


def patients_of(studies: list[str], seed: int = 0) -> list[str]:
    """Return a patient for every study: one to three exams each, about two patients for three exams."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(studies))
    patients = [""] * len(studies)
    start = 0
    while start < len(order):
        n = int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))
        for row in order[start : start + n]:
            patients[int(row)] = f"patient-{studies[int(order[start])]}"
        start += n
    return patients


def _densities(rng: np.random.Generator, times: int) -> np.ndarray:
    """Both breasts alike in most exams, as in women; the totals stay when a few left breasts trade places."""
    per_exam = rng.permutation(np.repeat(list(DENSITIES), [n * times // 2 for n in DENSITIES.values()]))
    density = np.repeat(per_exam, 2)
    moved = 2 * rng.choice(len(per_exam), size=150 * times, replace=False)
    density[moved] = density[rng.permutation(moved)]
    return density


def _marks(rng: np.random.Generator, birads: np.ndarray, times: int) -> Marks:
    marks: Marks = {}
    for category in LESION_CATEGORIES:
        left = FINDINGS[category] * times
        at_least = 3 if category != "Architectural Distortion" else 4
        breasts = np.flatnonzero(birads >= at_least)
        while left:
            breast = int(rng.choice(breasts))
            own = int(rng.integers(3, birads[breast] + 1))
            views = VIEWS if left >= 2 and category != "Asymmetry" and rng.random() < 0.8 else (VIEWS[rng.integers(2)],)
            for view in views:
                marks.setdefault((breast, view), []).append(((category,), own))
            left -= len(views)
    for category in ASSOCIATED_FEATURES:
        breasts = np.flatnonzero(birads >= 4)
        for _ in range(FINDINGS[category] * times):
            mark = marks.setdefault((int(rng.choice(breasts)), VIEWS[rng.integers(2)]), [])
            if mark and rng.random() < 0.5:
                mark[0] = ((*mark[0][0], category), mark[0][1])  # one box, two categories
            else:
                mark.append(((category,), None))
    return marks
