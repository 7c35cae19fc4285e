"""Lesions, and where one lies in a view of its breast. `overlay` draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from mammoset.phantom.anatomy import Anatomy, Points
from mammoset.phantom.texture import Stream, stream
from mammoset.terms import findings
from mammoset.terms.dicom import ViewPosition

_SKIN = frozenset({findings.SKIN_THICKENING, findings.SKIN_RETRACTION})
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Lesion:
    """One lesion of one breast, before it is projected.

    Attributes
    ----------
    categories : tuple of str
        Names of `mammoset.terms.findings`; several, such as a mass that retracts the skin, share one box per view.
    birads : int or None
        3, 4 or 5; None for associated features alone.
    views : tuple of ViewPosition
        In which of CC and MLO it is visible.
    seed : int
        Decides its place and its look.
    size_mm : float
        Largest extent in millimetres; cut down where the breast is too small for it.
    """

    categories: tuple[str, ...]
    birads: int | None
    views: tuple[ViewPosition, ...]
    seed: int
    size_mm: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A lesion in one view.

    Attributes
    ----------
    index : int
        Which of the plan's lesions.
    center : tuple of float
        Millimetres.
    size : float
        Extent in millimetres after fitting it to the breast.
    anchor : tuple of float or None
        Where on the skin line it pulls or thickens the skin.
    """

    index: int
    lesion: Lesion
    center: tuple[float, float]
    size: float
    anchor: tuple[float, float] | None = None

    def has(self, category: str) -> bool:
        """Whether the lesion is of this category, among others."""
        return category in self.lesion.categories

    @property
    def birads(self) -> int:
        """The category that decides the look; one that has none looks like a 4."""
        return self.lesion.birads if self.lesion.birads in (3, 4, 5) else 4


def place(lesions: tuple[Lesion, ...], anatomy: Anatomy) -> tuple[Placement, ...]:
    """Return where the lesions that are visible in this kind of view lie, in the order of the lesions.

    A lesion is as far from the nipple in one view as in the other; only its direction differs.
    """
    kind = ViewPosition.MLO if anatomy.oblique else ViewPosition.CC
    placed: list[Placement] = []
    for index, lesion in enumerate(lesions):
        if kind in lesion.views:
            placed.append(_place(index, lesion, anatomy, tuple(placed)))
    return tuple(placed)


def _place(index: int, lesion: Lesion, anatomy: Anatomy, others: tuple[Placement, ...]) -> Placement:
    shared = stream(Stream.LESION_PLACE, lesion.seed)
    own = stream(Stream.LESION_PLACE, lesion.seed, int(anatomy.oblique))
    size = float(np.clip(lesion.size_mm, 1.0, 0.36 * anatomy.depth))
    if findings.GLOBAL_ASYMMETRY in lesion.categories:
        # A quadrant at least, however small the breast.
        size = float(np.clip(lesion.size_mm, 0.62 * anatomy.depth, 0.72 * anatomy.depth))
    if findings.SUSPICIOUS_LYMPH_NODE in lesion.categories:
        return Placement(index, lesion, _armpit(anatomy, size, own), size)
    distance = anatomy.depth * shared.uniform(0.32, 0.72)
    if findings.NIPPLE_RETRACTION in lesion.categories:
        return _behind_nipple(index, lesion, anatomy, size)
    if _SKIN & set(lesion.categories):
        return _under_skin(index, lesion, anatomy, size, max(distance, 22.0), own)
    center = _within(anatomy, size, max(distance, 0.5 * size + 6.0), own, others)
    return Placement(index, lesion, center, size)


def _within(
    anatomy: Anatomy, size: float, distance: float, rng: Generator, others: tuple[Placement, ...]
) -> tuple[float, float]:
    """Return a place in the parenchyma at a distance from the nipple, clear of skin, muscle, frame and the others."""
    inward = float(np.arctan2(anatomy.axis[1], anatomy.axis[0]))
    best, best_room = anatomy.nipple, -np.inf
    for attempt in range(_TRIES):
        # When no direction has room, a little closer or further away may.
        reach = distance * (1.0 + rng.uniform(-0.004, 0.004) * attempt)
        turn = inward + rng.uniform(-0.95, 0.95)
        point = (anatomy.nipple[0] + reach * float(np.cos(turn)), anatomy.nipple[1] + reach * float(np.sin(turn)))
        room = min(
            anatomy.skin_distance(point) - 5.0,
            point[0] - 3.0,
            point[1] - 3.0,
            anatomy.height - point[1] - 3.0,
            anatomy.muscle_distance(point) + 0.2 * size,
            *(_gap(point, other) - 0.5 * other.size - 4.0 for other in others),
        )
        if room >= 0.5 * size + 1.0:
            return point
        if room > best_room:
            best, best_room = point, room
    return best


def _gap(point: tuple[float, float], other: Placement) -> float:
    """Return the distance of a point from the center of another lesion in millimetres."""
    return float(np.hypot(point[0] - other.center[0], point[1] - other.center[1]))


def _armpit(anatomy: Anatomy, size: float, rng: Generator) -> tuple[float, float]:
    """Return a place for a lymph node: before the upper muscle, or far back and lateral in a CC view."""
    margin = 0.5 * size + 3.0
    if anatomy.muscle is None:
        edge = float(anatomy.outline[1, 1])
        return margin, edge + 0.3 * (anatomy.nipple[1] - edge) + rng.uniform(0.0, 6.0)
    y = max(margin, anatomy.height * rng.uniform(0.05, 0.2))
    front = float(np.interp(y, anatomy.muscle[:-2, 1], anatomy.muscle[:-2, 0]))
    x = front + rng.uniform(-0.2, 0.35) * size
    while x > margin and anatomy.skin_distance((x, y)) < margin:
        x -= 1.0
    return max(x, margin), y


def _behind_nipple(index: int, lesion: Lesion, anatomy: Anatomy, size: float) -> Placement:
    """Return the place of what pulls the nipple: on the axis, a little behind it."""
    alone = set(lesion.categories) <= {findings.NIPPLE_RETRACTION} | _SKIN
    back = 8.0 if alone else 0.5 * size + 9.0
    center = (anatomy.nipple[0] + back * anatomy.axis[0], anatomy.nipple[1] + back * anatomy.axis[1])
    return Placement(index, lesion, center, size, anatomy.nipple)


def _under_skin(
    index: int, lesion: Lesion, anatomy: Anatomy, size: float, distance: float, rng: Generator
) -> Placement:
    """Return a place at the skin line at a distance from the nipple, and beneath it for what is not skin."""
    line = anatomy.outline
    away = np.hypot(line[:, 0] - anatomy.nipple[0], line[:, 1] - anatomy.nipple[1])
    upper = bool(rng.random() < 0.5)
    margin = 0.5 * size + 2.0
    allowed = (line[:, 0] > margin) & (line[:, 1] > max(margin, 0.05 * anatomy.height))
    allowed &= line[:, 1] < anatomy.height - margin
    side = (line[:, 1] < anatomy.nipple[1]) == upper
    chosen = allowed & side if (allowed & side).any() else allowed
    spot = int(np.argmin(np.where(chosen, np.abs(away - distance), np.inf)))
    anchor = (float(line[spot, 0]), float(line[spot, 1]))
    inward = _inward(line, spot)
    depth = 6.0 if set(lesion.categories) <= _SKIN else 0.5 * size + 3.0
    return Placement(index, lesion, (anchor[0] + depth * inward[0], anchor[1] + depth * inward[1]), size, anchor)


def _inward(line: Points, spot: int) -> tuple[float, float]:
    """Return the unit vector into the breast at a point of the skin line."""
    tangent = line[min(spot + 4, len(line) - 2)] - line[max(spot - 4, 1)]
    length = float(np.hypot(tangent[0], tangent[1]))
    return -float(tangent[1]) / length, float(tangent[0]) / length
