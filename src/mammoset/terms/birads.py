"""BI-RADS terms (ACR BI-RADS Atlas, fifth edition, 2013)."""

from __future__ import annotations

from enum import StrEnum

ASSESSMENTS: dict[int, str] = {
    0: "incomplete: need additional imaging or prior examinations",
    1: "negative",
    2: "benign",
    3: "probably benign",
    4: "suspicious",
    5: "highly suggestive of malignancy",
    6: "known biopsy-proven malignancy",
}
"""BI-RADS assessment categories. 0 and 6 are outside every ordinal statistic."""

ORDINAL_ASSESSMENTS = (1, 2, 3, 4, 5)
RECALL_FROM = 3
"""A breast of this category or above is recalled (VinDr-Mammo, second version, Usage Notes)."""


class Density(StrEnum):
    """Breast density, from almost entirely fatty to extremely dense."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


DENSITIES: dict[Density, str] = {
    Density.A: "almost entirely fatty",
    Density.B: "scattered areas of fibroglandular density",
    Density.C: "heterogeneously dense",
    Density.D: "extremely dense",
}


def is_recall(birads: int) -> bool:
    """Whether a breast of this BI-RADS category (1–5) would be recalled; 0 is not an answer to this."""
    return birads in ORDINAL_ASSESSMENTS and birads >= RECALL_FROM


def birads_label(birads: int) -> str:
    """Return the category as the published tables write it: ``BI-RADS 4``."""
    return f"BI-RADS {birads}"


def density_label(density: str) -> str:
    """Return the density as the published tables write it: ``DENSITY C``."""
    return f"DENSITY {density}"
