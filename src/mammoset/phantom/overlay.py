"""Lays lesions over the tissue of a view and measures the box of each from what it changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mammoset.phantom import lesion_shapes as shapes
from mammoset.phantom.anatomy import Anatomy, Grid
from mammoset.phantom.lesions import Placement
from mammoset.phantom.texture import Field, Stream, smoothstep, stream
from mammoset.terms import findings

Extent = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres."""

_GAIN = {
    findings.MASS: 0.46,
    findings.SUSPICIOUS_LYMPH_NODE: 0.34,
    findings.ASYMMETRY: 0.30,
    findings.FOCAL_ASYMMETRY: 0.36,
    findings.GLOBAL_ASYMMETRY: 0.32,
    findings.ARCHITECTURAL_DISTORTION: 0.36,
    findings.SKIN_THICKENING: 0.40,
    findings.SKIN_RETRACTION: 0.30,
    findings.NIPPLE_RETRACTION: 0.34,
}
"""How much attenuation a full lesion of a category adds."""

_ASYMMETRIES = {
    findings.ASYMMETRY: "single",
    findings.FOCAL_ASYMMETRY: "focal",
    findings.GLOBAL_ASYMMETRY: "global",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The tissue of one view while lesions are laid over it, all fields of one grid.

    Attributes
    ----------
    tissue : Field
        Attenuation; changed in place.
    cover, depth : Field
        Share of breast, and distance from the skin in millimetres, with dents.
    flat_cover : Field
        Share of breast without dents: the difference shows what a dent moved.
    """

    grid: Grid
    tissue: Field
    cover: Field
    depth: Field
    flat_cover: Field


def dents(anatomy: Anatomy, placements: tuple[Placement, ...]) -> Anatomy:
    """Return the breast with its skin and nipple pulled in where a lesion does so."""
    if any(placed.has(findings.NIPPLE_RETRACTION) for placed in placements):
        anatomy = anatomy.with_retracted_nipple()
    for placed in placements:
        if placed.anchor is not None and placed.has(findings.SKIN_RETRACTION):
            anatomy = anatomy.dented(placed.anchor, *dent_size(placed.size))
    return anatomy


def dent_size(size: float) -> tuple[float, float]:
    """Return half width and depth in millimetres of the dent that a lesion of some size makes."""
    reach = float(np.clip(0.42 * size, 5.0, 13.0))
    return reach, 0.5 * reach


def lay(scene: Scene, placed: Placement) -> Extent | None:
    """Lay one lesion over the tissue.

    Returns
    -------
    tuple of float or None
        What it changed, in millimetres; None when it lies outside the grid or draws nothing here (calcifications are
        drawn on the detector's own pixels).
    """
    extents = (_lay_parts(scene, placed), _lay_skin(scene, placed))
    return union([extent for extent in extents if extent is not None])


def union(extents: list[Extent]) -> Extent | None:
    """Return what encloses all extents; None when there are none."""
    if not extents:
        return None
    left, top, right, bottom = zip(*extents, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _lay_parts(scene: Scene, placed: Placement) -> Extent | None:
    """Lay what is in the tissue, about the lesion's center."""
    where = scene.grid.around(placed.center, 0.62 * placed.size + 2.0)
    if where is None:
        return None
    grid, window = where
    added = np.zeros((grid.rows, grid.columns), dtype=np.float32)
    for category in placed.lesion.categories:
        rng = stream(Stream.LESION_LOOK, placed.lesion.seed, findings.FINDING_CATEGORIES.index(category))
        if category == findings.MASS:
            part = shapes.mass(grid, rng, placed.size, placed.birads)
        elif category == findings.SUSPICIOUS_LYMPH_NODE:
            part = shapes.node(grid, rng, placed.size)
        elif category == findings.ARCHITECTURAL_DISTORTION:
            scene.tissue[window] = shapes.pulled(scene.tissue[window], grid, placed.size)
            part = shapes.distortion(grid, rng, placed.size)
        elif category in _ASYMMETRIES:
            part = shapes.asymmetry(grid, rng, placed.size, _ASYMMETRIES[category])
        else:
            continue
        added = np.maximum(added, np.float32(_GAIN[category]) * part)
    added *= scene.cover[window]
    scene.tissue[window] += added
    return _extent(added, grid, placed.center, 0.26)


def _lay_skin(scene: Scene, placed: Placement) -> Extent | None:
    """Lay what is at the skin or the nipple, about the anchor."""
    if placed.anchor is None:
        return None
    reach = max(0.5 * placed.size, 16.0) + 4.0
    where = scene.grid.around(placed.anchor, reach)
    if where is None:
        return None
    grid, window = where
    added = np.zeros((grid.rows, grid.columns), dtype=np.float32)
    rng = stream(Stream.LESION_LOOK, placed.lesion.seed, len(findings.FINDING_CATEGORIES))
    inward = float(np.arctan2(placed.center[1] - placed.anchor[1], placed.center[0] - placed.anchor[0]))
    for category in placed.lesion.categories:
        if category == findings.SKIN_THICKENING:
            part = shapes.thick_skin(grid, scene.depth[window], placed.size, 3.6)
        elif category == findings.SKIN_RETRACTION:
            reach_mm, pull = dent_size(placed.size)
            part = shapes.thick_skin(grid, scene.depth[window], 2.0 * reach_mm, 2.2)
            part = np.maximum(part, 0.7 * shapes.tethers(grid, rng, inward, pull + 9.0))
        elif category == findings.NIPPLE_RETRACTION:
            part = shapes.tethers(grid, rng, inward, 19.0)
        else:
            continue
        added = np.maximum(added, np.float32(_GAIN[category]) * part)
    added *= scene.cover[window]
    scene.tissue[window] += added
    # Far from the bottom of a dent the skin is only shifted a little; nobody would mark that.
    x, y = grid.coordinates()
    off_bottom = np.hypot(x - np.float32(6.0 * np.cos(inward)), y - np.float32(6.0 * np.sin(inward)))
    moved = np.abs(scene.cover[window] - scene.flat_cover[window]) * smoothstep(off_bottom, 13.0, 8.0)
    return _extent(np.maximum(added, _GAIN[findings.SKIN_RETRACTION] * moved), grid, placed.anchor, 0.2)


def _extent(change: Field, grid: Grid, center: tuple[float, float], share: float) -> Extent | None:
    """Return where a change is more than a share of its greatest value, in millimetres; None for no change."""
    peak = float(change.max())
    if peak < 0.02:
        return None
    return bounds(change > share * peak, grid, center)


def bounds(mask: NDArray[np.bool_], grid: Grid, center: tuple[float, float] = (0.0, 0.0)) -> Extent:
    """Return the extent of the true samples of a grid in millimetres."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        center[0] + grid.x0 + float(columns[0]) * grid.pitch,
        center[1] + grid.y0 + float(rows[0]) * grid.pitch,
        center[0] + grid.x0 + float(columns[-1] + 1) * grid.pitch,
        center[1] + grid.y0 + float(rows[-1] + 1) * grid.pitch,
    )


def specks_of(placed: Placement, inward: float) -> tuple[shapes.Speck, ...]:
    """Return the calcifications of a lesion, none for one without."""
    if not placed.has(findings.SUSPICIOUS_CALCIFICATION):
        return ()
    rng = stream(Stream.LESION_LOOK, placed.lesion.seed, 1)
    # Within a mass or an asymmetry they lie at its heart.
    share = 1.0 if placed.lesion.categories == (findings.SUSPICIOUS_CALCIFICATION,) else 0.55
    return shapes.calcifications(rng, max(4.0, share * placed.size), placed.birads, inward)
