"""The tissue of a breast: fat, glandular tissue, strands, ducts, vessels, chest muscle – as fields over a grid.

Values are attenuation-like: 0 is nothing, about 0.3 is fat, about 0.8 is dense tissue.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from mammoset.phantom.anatomy import Anatomy, Grid, Points, smooth_curve
from mammoset.phantom.texture import (
    CLOUD_PITCH,
    Field,
    Stream,
    as_float,
    drift,
    sample,
    smoothstep,
    stream,
    swell_tile,
    web_tile,
)


@dataclass(frozen=True, slots=True)
class DensityLook:
    """What makes a breast look like one of the density categories.

    Attributes
    ----------
    fraction : float
        Share of the breast (without muscle) that is glandular.
    edge : float
        Half width of the transition from fat to gland, in units of the score.
    gain : float
        How much brighter than fat solid glandular tissue is.
    rind : float
        Thickness of the fat under the skin in millimetres.
    islands : float
        Weight of the random part against the shape of the gland: large gives scattered islands.
    """

    fraction: float
    edge: float
    gain: float
    rind: float
    islands: float


DENSITY_LOOKS: dict[str, DensityLook] = {
    "A": DensityLook(0.05, 1.0, 0.22, 14.0, 0.60),
    "B": DensityLook(0.20, 0.9, 0.42, 11.0, 0.70),
    "C": DensityLook(0.50, 0.9, 0.46, 7.0, 0.60),
    "D": DensityLook(0.82, 0.8, 0.50, 3.5, 0.35),
}

_SHEETS = 3


@dataclass(frozen=True, slots=True)
class Raster:
    """The anatomy on a grid, computed once for all who draw.

    Attributes
    ----------
    x, y : Field
        Millimetres.
    cover : Field
        How much of a sample is breast, 0–1.
    depth : Field
        Distance from the skin in millimetres; 0 in the air.
    radius, angle : Field
        Polar coordinates around the nipple: millimetres, and radians from the axis of the breast.
    muscle : Field
        How much of a sample the chest muscle overlies, 0–1.
    """

    x: Field
    y: Field
    cover: Field
    depth: Field
    radius: Field
    angle: Field
    muscle: Field


def skin_depth(cover: Field, pitch: float) -> Field:
    """Return the distance from the air in millimetres, 0 in the air; a picture without air is deep everywhere."""
    inside = (cover > 0.5).astype(np.uint8)
    if inside.all():
        return np.full(cover.shape, 1e3, dtype=np.float32)
    return as_float(cv2.distanceTransform(inside, cv2.DIST_L2, 5)) * np.float32(pitch)


def rasterize(anatomy: Anatomy, grid: Grid) -> Raster:
    """Return the fields of an anatomy over a grid, all of shape (grid.rows, grid.columns)."""
    x, y = grid.coordinates()
    cover = grid.fill(anatomy.outline)
    across, down = x - np.float32(anatomy.nipple[0]), y - np.float32(anatomy.nipple[1])
    cos, sin = np.float32(anatomy.axis[0]), np.float32(anatomy.axis[1])
    radius, angle = cv2.cartToPolar(across * cos + down * sin, down * cos - across * sin)
    # OpenCV gives 0–2 pi; the seam belongs opposite the axis, where there is only air.
    turned = np.where(angle > np.pi, angle - np.float32(2 * np.pi), angle)
    muscle = np.zeros_like(x)
    if anatomy.muscle is not None:
        muscle = as_float(cv2.GaussianBlur(grid.fill(anatomy.muscle), (0, 0), 1.2 / grid.pitch))
    return Raster(x, y, cover, skin_depth(cover, grid.pitch), as_float(radius), as_float(turned), muscle)


def gland(anatomy: Anatomy, raster: Raster, density: str, seeds: tuple[int, int, int]) -> Field:
    """Return the glandular share of each sample, 0–1.

    Parameters
    ----------
    density : str
        "A" to "D"; sets which share of the breast is glandular.
    seeds : tuple of int
        Patient, side, kind of view: the patient's part is the same on both sides.
    """
    look = DENSITY_LOOKS[density]
    patient, side, kind = seeds
    shared, own = stream(Stream.GLAND, patient, kind), stream(Stream.GLAND, patient, kind, side + 1)
    fan = _fan(anatomy, raster, look, shared)
    breast = (raster.cover > 0.5) & (raster.muscle < 0.5)
    total = np.zeros_like(fan)
    # A mammogram is a projection: sheets of tissue lie over one another, and their borders do not coincide.
    for sheet in range(_SHEETS):
        lobes = _lobes(raster, sheet, shared, own)
        score = fan + np.float32(look.islands) * lobes
        known = score[::4, ::4][breast[::4, ::4]]
        limit = float(np.quantile(known, 1.0 - look.fraction)) if known.size else 0.0
        total += smoothstep(score, limit - look.edge, limit + look.edge)
    # Only its forward edge lies over the muscle.
    return as_float(total * raster.cover * (1.0 - np.float32(0.85) * raster.muscle) / np.float32(_SHEETS))


def _lobes(raster: Raster, sheet: int, shared: Generator, own: Generator) -> Field:
    """Return the random part of one sheet of gland, mean 0: mostly the patient's, a little of this side's own."""
    # Lobes have no detail finer than two samples, so every other one is enough.
    x, y, radius, angle = (part[::2, ::2] for part in (raster.x, raster.y, raster.radius, raster.angle))
    lobes = drift(swell_tile(), x, y, CLOUD_PITCH * (1.0 - 0.2 * sheet), shared)
    lobes += np.float32(0.9) * _towards_nipple(swell_tile(), radius, angle, (1.1, 0.55), shared)
    lobes += np.float32(0.4) * drift(swell_tile(), x, y, CLOUD_PITCH * 0.5, own)
    return as_float(cv2.resize(lobes, raster.x.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _fan(anatomy: Anatomy, raster: Raster, look: DensityLook, shared: Generator) -> Field:
    """Return where gland belongs: a fan with its tip behind the nipple, leaning to the upper outer quadrant."""
    spread = np.float32(shared.uniform(0.75, 0.95) if anatomy.oblique else shared.uniform(0.8, 1.05))
    lean = np.float32(shared.uniform(0.05, 0.3))
    reach = np.float32(anatomy.depth * shared.uniform(0.85, 1.0))
    fan = 1.0 - ((raster.angle - lean) / spread) ** 2 - np.maximum(raster.radius / reach - 0.5, 0.0) ** 2 * 3.0
    rind = np.float32(look.rind) * smoothstep(raster.radius, 4.0, 30.0) + np.float32(1.0)
    fan -= 2.5 * (1.0 - smoothstep(raster.depth / rind, 0.2, 1.8))
    # Fat lies before the muscle too, so its field is widened before it pushes the gland away.
    small = cv2.resize(raster.muscle, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.blur(small, (5, 5)), raster.muscle.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return as_float(np.maximum(fan - 2.2 * wide, -3.0))


def _towards_nipple(tile: Field, radius: Field, angle: Field, pitch: tuple[float, float], rng: Generator) -> Field:
    """Return a tile wrapped around the nipple and so drawn out along the ducts.

    Parameters
    ----------
    radius, angle : Field
        As in `Raster`.
    pitch : tuple of float
        Millimetres per sample of the tile along the ducts, and across them at 50 mm from the nipple.
    """
    u = radius / np.float32(pitch[0]) + np.float32(rng.uniform(0, 1024))
    v = angle * np.float32(50.0 / pitch[1]) + np.float32(rng.uniform(0, 1024))
    return sample(tile, u, v)


def strands(raster: Raster, seeds: tuple[int, int, int]) -> Field:
    """Return the net of ligaments and ducts, 0–1: towards the nipple drawn out, under the skin arched."""
    patient, side, kind = seeds
    rng = stream(Stream.STRANDS, patient, kind, side + 1)
    drawn = _towards_nipple(web_tile(), raster.radius, raster.angle, (0.8, 0.30), rng)
    drawn += _towards_nipple(web_tile(), raster.radius, raster.angle, (0.5, 0.15), rng)
    net = drift(web_tile(), raster.x, raster.y, CLOUD_PITCH / 2, rng)
    fine = drift(web_tile(), raster.x, raster.y, CLOUD_PITCH / 4, rng)
    return as_float(np.clip(0.9 * drawn + 0.35 * net + 0.3 * fine, 0.0, 1.4) * (1.0 - 0.8 * raster.muscle))


def _meander(start: Points, heading: float, length: float, bend: float, rng: Generator) -> Points:
    """Return a wandering curve of some length from a point."""
    steps = max(4, int(length / 8.0))
    headings = heading + np.cumsum(rng.normal(0.0, bend, steps))
    moves = np.stack([np.cos(headings), np.sin(headings)], axis=1) * (length / steps)
    return smooth_curve(np.vstack([start, start + np.cumsum(moves, axis=0)]), spacing=2.0)


def stroke(canvas: cv2.typing.MatLike, grid: Grid, curve: Points, width: float, strength: float) -> None:
    """Draw a curve on an 8-bit canvas of the grid's shape; width in millimetres, strength 0–1."""
    samples = np.round((grid.to_samples(curve) - 0.5) * 16).astype(np.int32)
    thickness = width / grid.pitch
    # Thinner than a sample means fainter, not wider.
    value = round(255 * strength * min(1.0, thickness))
    cv2.polylines(canvas, [samples], False, value, max(1, round(thickness)), cv2.LINE_AA, 4)


def vessels(anatomy: Anatomy, grid: Grid, seeds: tuple[int, int, int]) -> Field:
    """Return vessels (wandering tubes) and ducts (straight towards the nipple), 0–1."""
    patient, side, kind = seeds
    rng = stream(Stream.VESSELS, patient, kind, side + 1)
    canvas = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    nipple, inward = np.array([anatomy.nipple]), np.arctan2(anatomy.axis[1], anatomy.axis[0])
    for _ in range(int(rng.integers(14, 26))):
        heading = inward + rng.normal(0.0, 0.45)
        length = anatomy.depth * rng.uniform(0.25, 0.6)
        stroke(canvas, grid, _meander(nipple, heading, length, 0.07, rng), rng.uniform(0.4, 0.9), rng.uniform(0.2, 0.5))
    for _ in range(int(rng.integers(3, 7))):
        y = anatomy.nipple[1] + anatomy.depth * rng.uniform(-0.9, 0.7)
        start = np.array([[anatomy.depth * rng.uniform(-0.05, 0.2), y]])
        heading = np.arctan2(anatomy.nipple[1] - y, anatomy.depth) * 0.6 + rng.normal(0.0, 0.2)
        length = anatomy.depth * rng.uniform(0.6, 0.95)
        width = rng.uniform(0.8, 1.7)
        trunk = _meander(start, heading, length, 0.22, rng)
        strength = rng.uniform(0.5, 0.9)
        for part in range(4):
            # A vessel thins and fades along its way.
            piece = trunk[part * len(trunk) // 4 : (part + 1) * len(trunk) // 4 + 1]
            stroke(canvas, grid, piece, width * (1.0 - 0.15 * part), strength * (1.0 - 0.2 * part))
        fork = trunk[len(trunk) // 3][None, :]
        branch = _meander(fork, heading + rng.choice([-0.6, 0.6]), length * 0.4, 0.25, rng)
        stroke(canvas, grid, branch, width * 0.6, rng.uniform(0.35, 0.6))
    return as_float(cv2.GaussianBlur(canvas, (0, 0), max(0.4, 0.35 / grid.pitch))) / np.float32(255)


def armpit(anatomy: Anatomy, grid: Grid, raster: Raster) -> Field:
    """Return what the normal armpit adds: nodes, bright with dark fat in their hilum, and a fold of the skin."""
    total = np.zeros_like(raster.x)
    for node in anatomy.nodes:
        where = grid.around((node.x, node.y), 2.0 * node.radius)
        if where is None:
            continue
        part, window = where
        x, y = part.coordinates()
        cos, sin = np.float32(np.cos(node.angle)), np.float32(np.sin(node.angle))
        along, across = (x * cos + y * sin) / node.radius, (y * cos - x * sin) / (0.62 * node.radius)
        shell = smoothstep(as_float(np.hypot(along, across)), 1.15, 0.75)
        hilum = smoothstep(as_float(np.hypot(along * 1.3, (across - 0.3) * 1.3)), 1.1, 0.3)
        total[window] += np.float32(0.11) * shell - np.float32(0.13) * hilum * shell
    if anatomy.fold is not None:
        canvas = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
        stroke(canvas, grid, anatomy.fold, 1.6, 0.9)
        total += as_float(cv2.GaussianBlur(canvas, (0, 0), 0.6 / grid.pitch)) * np.float32(0.10 / 255)
    return total * raster.cover
