"""Small view plans for the tests of the pictures: the frame of a detector at an eighth of its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.phantom.lesions import Lesion
from mammoset.phantom.render import RenderedView, ViewPlan
from mammoset.terms.dicom import Laterality, ViewPosition

L, R = Laterality.L, Laterality.R
CC, MLO = ViewPosition.CC, ViewPosition.MLO
BOTH = (CC, MLO)

_BASE = ViewPlan(
    patient_seed=11,
    view_seed=5,
    laterality=L,
    view_position=CC,
    density="B",
    lesions=(),
    rows=440,
    columns=350,
    spacing_mm=0.56,
    bits_stored=12,
)


def view(**changes: Any) -> ViewPlan:
    return replace(_BASE, **changes)


def lesion(*categories: str, birads: int | None = 4, size: float = 18.0, seed: int = 3, views: Any = BOTH) -> Lesion:
    return Lesion(categories, birads, views, seed, size)


def breast_of(drawn: RenderedView) -> NDArray[np.bool_]:
    return drawn.pixels > drawn.background


def share_brighter(drawn: RenderedView, level: float, top: int = 4095) -> float:
    """Share of the breast that is brighter than a part of the range of values."""
    return float((drawn.pixels[breast_of(drawn)] > level * top).mean())
