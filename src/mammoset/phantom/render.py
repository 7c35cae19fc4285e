"""Draws a synthetic mammogram with known truth from a plan; the same plan gives the same bytes everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.model import Box
from mammoset.phantom.anatomy import Anatomy, Grid, build
from mammoset.phantom.lesion_shapes import Speck
from mammoset.phantom.lesions import Lesion, Placement, place
from mammoset.phantom.overlay import Extent, Scene, bounds, dents, lay, specks_of, union
from mammoset.phantom.parenchyma import (
    DENSITY_LOOKS,
    Raster,
    armpit,
    gland,
    rasterize,
    skin_depth,
    strands,
    stroke,
    vessels,
)
from mammoset.phantom.texture import (
    CLOUD_PITCH,
    Field,
    Stream,
    as_float,
    cloud_tile,
    drift,
    roughen,
    smoothstep,
    stream,
)
from mammoset.terms.dicom import Laterality, ViewPosition

_WORKING_ROWS = 1100
"""The tissue is made on a grid of about this many rows; what is finer is texture, noise and calcifications."""
_ZOOM = 1.8
_SIDES = tuple(Laterality)


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """What a view shall show.

    Attributes
    ----------
    patient_seed, view_seed : int
        Shared by both breasts and all views of a patient; of this picture alone (noise and positioning).
    laterality : Laterality
    view_position : ViewPosition
        CC or MLO; others are drawn as variants of the one they resemble.
    density : str
        "A" to "D".
    lesions : tuple of Lesion
        Of this breast; those not visible in this view are ignored.
    rows, columns : int
        Size of the picture.
    spacing_mm : float
        Imager pixel spacing.
    bits_stored : int
        12 to 14.
    magnified : bool
        A spot or magnification view: an enlarged part of the breast.
    """

    patient_seed: int
    view_seed: int
    laterality: Laterality
    view_position: ViewPosition
    density: str
    lesions: tuple[Lesion, ...]
    rows: int
    columns: int
    spacing_mm: float
    bits_stored: int
    magnified: bool = False


@dataclass(frozen=True, slots=True)
class RenderedView:
    """A drawn view and what is in it.

    Attributes
    ----------
    pixels : ndarray of uint16, shape (rows, columns)
        MONOCHROME2: bright is dense.
    boxes : tuple of (int, Box)
        Index into the plan's lesions, and where it is, in stored pixels.
    background : int
        Value of the air.
    window : tuple of float
        Center and width of a good default window.
    """

    pixels: NDArray[np.uint16]
    boxes: tuple[tuple[int, Box], ...]
    background: int
    window: tuple[float, float]


def invert(pixels: NDArray[np.uint16], bits_stored: int) -> NDArray[np.uint16]:
    """Return the picture as MONOCHROME1: dense is dark, and air is the highest value of `bits_stored` bits."""
    return np.asarray((1 << bits_stored) - 1 - pixels, dtype=np.uint16)


def render(plan: ViewPlan) -> RenderedView:
    """Draw a view.

    Returns
    -------
    RenderedView
        Boxes lie inside the picture; lesions outside a magnified part have none.
    """
    height, width = plan.rows * plan.spacing_mm, plan.columns * plan.spacing_mm
    anatomy = build(plan.patient_seed, plan.view_seed, plan.laterality, plan.view_position, width, height)
    placements = place(plan.lesions, anatomy)
    detector = _detector(plan, anatomy, placements)
    placements = tuple(placed for placed in placements if detector.holds(placed.center))
    factor = max(1, round(plan.rows / _WORKING_ROWS))
    part, corner = _occupied(detector, anatomy, 8 * factor)
    grey, extents = _grey(plan, anatomy, _working(part, factor), placements)
    enlarged = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    full = np.ascontiguousarray(as_float(enlarged)[: part.rows, : part.columns])
    _add_texture(full, plan)
    inward = float(np.arctan2(anatomy.axis[1], anatomy.axis[0]))
    for placed in placements:
        extents[placed.index].extend(_add_specks(full, part, placed, specks_of(placed, inward)))
    return _stored(full, corner, _boxes(extents, detector, plan), plan)


def _detector(plan: ViewPlan, anatomy: Anatomy, placements: tuple[Placement, ...]) -> Grid:
    """Return the grid of the stored pixels; for a magnified view over a part of the breast about the first lesion."""
    if not plan.magnified:
        return Grid(plan.rows, plan.columns, plan.spacing_mm)
    pitch = plan.spacing_mm / _ZOOM
    rng = stream(Stream.POSITIONING, plan.view_seed, 99)
    reach = anatomy.depth * rng.uniform(0.3, 0.5)
    center = (anatomy.nipple[0] + reach * anatomy.axis[0], anatomy.nipple[1] + reach * anatomy.axis[1])
    if placements:
        center = placements[0].center
    x0 = float(np.clip(center[0] - 0.5 * plan.columns * pitch, 0.0, anatomy.width - plan.columns * pitch))
    y0 = float(np.clip(center[1] - 0.5 * plan.rows * pitch, 0.0, anatomy.height - plan.rows * pitch))
    return Grid(plan.rows, plan.columns, pitch, x0, y0)


def _occupied(detector: Grid, anatomy: Anatomy, margin: int) -> tuple[Grid, tuple[int, int]]:
    """Return the part of the detector that the breast and a margin of pixels cover, and its first row and column."""
    samples = detector.to_samples(np.vstack([anatomy.outline, anatomy.bare]))
    left, top = (max(0, int(number) - margin) for number in samples.min(axis=0))
    right, bottom = (int(number) + margin for number in samples.max(axis=0))
    right, bottom = min(detector.columns, right), min(detector.rows, bottom)
    x0, y0 = detector.x0 + left * detector.pitch, detector.y0 + top * detector.pitch
    return Grid(bottom - top, right - left, detector.pitch, x0, y0), (top, left)


def _working(detector: Grid, factor: int) -> Grid:
    """Return the coarser grid on which the tissue is made; whole numbers of stored pixels per sample."""
    rows, columns = -(-detector.rows // factor), -(-detector.columns // factor)
    return Grid(rows, columns, detector.pitch * factor, detector.x0, detector.y0)


def _grey(
    plan: ViewPlan, anatomy: Anatomy, grid: Grid, placements: tuple[Placement, ...]
) -> tuple[Field, list[list[Extent]]]:
    """Return the picture on the working grid, about 0–1, and what each lesion changed in millimetres."""
    seeds = (plan.patient_seed, _SIDES.index(plan.laterality), int(anatomy.oblique))
    raster = rasterize(anatomy, grid)
    tissue = _tissue(plan, anatomy, grid, raster, seeds)
    cover, depth = raster.cover, raster.depth
    changed = dents(anatomy, placements)
    if changed is not anatomy:
        cover = grid.fill(changed.outline)
        depth = skin_depth(cover, grid.pitch)
    scene = Scene(grid, tissue, cover, depth, raster.cover)
    extents: list[list[Extent]] = [[] for _ in plan.lesions]
    for placed in placements:
        extent = lay(scene, placed)
        if extent is not None:
            extents[placed.index].append(extent)
    return _developed(scene, raster, anatomy), extents


def _tissue(plan: ViewPlan, anatomy: Anatomy, grid: Grid, raster: Raster, seeds: tuple[int, int, int]) -> Field:
    """Return the attenuation of the breast without lesions, before the thinning towards the skin."""
    look = DENSITY_LOOKS[plan.density]
    share = gland(anatomy, raster, plan.density, seeds)
    rng = stream(Stream.GLAND, *seeds, 7)
    cloud = drift(cloud_tile(), raster.x, raster.y, CLOUD_PITCH * 0.5, rng)
    net = strands(raster, seeds)
    tubes = vessels(anatomy, grid, seeds)
    fat = np.float32(0.30) + np.float32(0.022) * cloud + np.float32(0.13) * net + np.float32(0.09) * tubes
    dense = np.float32(look.gain) * (np.float32(0.95) + np.float32(0.11) * cloud) + np.float32(0.04) * net
    tissue = fat + share * dense
    if anatomy.muscle is not None:
        tissue += armpit(anatomy, grid, raster)
        # The muscle thins out downwards.
        fade = smoothstep(raster.y, 0.75 * float(anatomy.muscle[:, 1].max()), 0.2 * anatomy.height)
        tissue += raster.muscle * (np.float32(0.15) + np.float32(0.14) * fade + np.float32(0.006) * cloud)
    return as_float(tissue)


def _developed(scene: Scene, raster: Raster, anatomy: Anatomy) -> Field:
    """Return grey values: thinner towards the skin, with the skin itself, evened out and softly limited."""
    roll = np.float32(0.28 * min(anatomy.depth, 90.0))
    rest = np.clip(1.0 - scene.depth / roll, 0.0, 1.0)
    thickness = np.sqrt(1.0 - rest * rest)
    grey = scene.tissue * (np.float32(0.34) + np.float32(0.66) * thickness)
    near_nipple = smoothstep(raster.radius, 16.0, 6.0)
    skin = np.float32(1.5) + near_nipple
    grey += np.float32(0.05) * (1.0 - smoothstep(scene.depth / skin, 0.6, 1.3)) + np.float32(0.08) * near_nipple
    # The curve of the film: nothing is whiter than white, and a lesion in dense tissue still shows.
    grey = grey / (1.0 + grey**4) ** 0.25
    return as_float(np.maximum(grey, 0.0) * scene.cover)


def _add_texture(full: Field, plan: ViewPlan) -> None:
    """Add, in place, tissue texture finer than the working grid, and quantum noise."""
    rng = stream(Stream.NOISE, plan.view_seed, plan.patient_seed, _SIDES.index(plan.laterality))
    # Coarse pixels average the noise of many fine ones.
    quiet = float(np.clip(0.09 / plan.spacing_mm, 0.25, 1.2))
    roughen(full, quiet, rng)


def _add_specks(full: Field, detector: Grid, placed: Placement, specks: tuple[Speck, ...]) -> list[Extent]:
    """Draw calcifications on the stored pixels, in place; return what they cover."""
    where = detector.around(placed.center, 0.6 * placed.size + 4.0) if specks else None
    if where is None:
        return []
    grid, window = where
    canvas = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    for speck in specks:
        stroke(canvas, grid, speck.course, max(speck.width, grid.pitch), speck.strength)
    spots = as_float(cv2.GaussianBlur(canvas, (0, 0), max(0.45, 0.07 / grid.pitch))) / np.float32(255)
    spots *= full[window] > 0.0
    if not spots.any():
        return []
    # The blur must not hide them where a pixel is wider than a speck.
    spots /= spots.max()
    full[window] += np.float32(0.5) * spots
    return [bounds(spots > 0.2, grid, placed.center)]


def _boxes(extents: list[list[Extent]], detector: Grid, plan: ViewPlan) -> tuple[tuple[int, Box], ...]:
    """Return the boxes in stored pixels, mirrored with the picture."""
    boxes = []
    for index, parts in enumerate(extents):
        extent = union(parts)
        if extent is None:
            continue
        corners = detector.to_samples(np.array(extent).reshape(2, 2))
        (left, top), (right, bottom) = np.floor(corners[0] + 1e-6), np.ceil(corners[1] - 1e-6)
        left, right = np.clip((left, right), 0, plan.columns)
        top, bottom = np.clip((top, bottom), 0, plan.rows)
        if plan.laterality is Laterality.R:
            left, right = plan.columns - right, plan.columns - left
        if right - left >= 1 and bottom - top >= 1:
            boxes.append((index, Box(float(left), float(top), float(right), float(bottom))))
    return tuple(boxes)


def _stored(full: Field, corner: tuple[int, int], boxes: tuple[tuple[int, Box], ...], plan: ViewPlan) -> RenderedView:
    """Return the picture as stored values: whole numbers, in the midst of air, mirrored for a right breast."""
    highest = (1 << plan.bits_stored) - 1
    np.clip(full, 0.0, 1.08, out=full)
    full *= np.float32(0.92 * highest)
    pixels = np.zeros((plan.rows, plan.columns), dtype=np.uint16)
    pixels[corner[0] : corner[0] + full.shape[0], corner[1] : corner[1] + full.shape[1]] = full.astype(np.uint16)
    if plan.laterality is Laterality.R:
        pixels = np.ascontiguousarray(pixels[:, ::-1])
    return RenderedView(pixels, boxes, 0, (0.50 * highest, 0.86 * highest))
