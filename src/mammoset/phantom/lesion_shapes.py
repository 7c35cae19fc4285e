"""What each kind of lesion adds to the tissue, over a small grid with the lesion's center as its origin.

Every function returns values of about 0–1 that are 0 at some distance from the center; how bright that becomes is
decided where they are laid over the tissue.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from mammoset.phantom.anatomy import Grid, Points
from mammoset.phantom.parenchyma import stroke
from mammoset.phantom.texture import CLOUD_PITCH, Field, as_float, cloud_tile, drift, smoothstep, swell_tile


@dataclass(frozen=True, slots=True)
class Speck:
    """One calcification: its course in millimetres from the center of the cluster, its width, its brightness 0–1."""

    course: Points
    width: float
    strength: float


def _lumpy(angle: Field, radius: float, waves: dict[int, float], rng: Generator) -> Field:
    """Return the radius of a closed outline by angle: a circle with some waves of given relative height."""
    outline = np.ones_like(angle)
    for count, height in waves.items():
        outline += np.float32(height) * np.cos(np.float32(count) * angle + np.float32(rng.uniform(0.0, 2 * np.pi)))
    return as_float(np.float32(radius) * outline)


def _rays(grid: Grid, rng: Generator, count: int, inner: float, outer: float, width: float) -> Field:
    """Return slightly curved lines that run outwards from the origin and thin out, 0–1; lengths in millimetres."""
    canvas = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    turn = rng.uniform(0.0, 2 * np.pi)
    longest = int(rng.integers(0, count))
    for number in range(count):
        # One reaches the full length, so that the size means something; the others fall short by chance.
        reach = 1.0 if number == longest else float(np.clip(rng.normal(0.72, 0.2), 0.35, 1.0))
        end = inner + (outer - inner) * reach
        radius = np.linspace(inner, end, 13)
        angle = turn + 2 * np.pi * (number + rng.uniform(-0.9, 0.9)) / count
        bow = angle + rng.normal(0.0, 0.12) * ((radius - inner) / (outer - inner)) ** 1.5
        course = np.stack([radius * np.cos(bow), radius * np.sin(bow)], axis=1)
        strength = rng.uniform(0.45, 1.0)
        for piece, share in ((slice(8, 13), 0.35), (slice(4, 9), 0.65), (slice(0, 5), 1.0)):
            stroke(canvas, grid, course[piece], width * share, strength * (0.3 + 0.7 * share))
    return as_float(cv2.GaussianBlur(canvas, (0, 0), max(0.4, 0.3 / grid.pitch))) / np.float32(255)


def mass(grid: Grid, rng: Generator, size: float, birads: int) -> Field:
    """Return a mass: oval and circumscribed (3), lobular or with an indistinct margin (4), spiculated (5).

    Parameters
    ----------
    size : float
        Largest extent in millimetres, spicules included.
    birads : int
        3 to 5.
    """
    x, y = grid.coordinates()
    turn, flat = rng.uniform(0.0, np.pi), rng.uniform(1.1, 1.45) if birads == 3 else rng.uniform(1.0, 1.25)
    along = x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))
    across = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) * np.float32(flat)
    distance, angle = (as_float(part) for part in cv2.cartToPolar(along, across))
    if birads == 3:
        outline, edge = _lumpy(angle, 0.48 * size, {2: 0.02, 3: 0.03}, rng), 0.7
    elif birads == 4:
        waves = {3: 0.09, 4: 0.08, 5: 0.05} if rng.random() < 0.6 else {2: 0.05, 5: 0.07, 7: 0.06, 9: 0.05}
        outline, edge = _lumpy(angle, 0.44 * size, waves, rng), rng.uniform(0.8, 2.2)
    else:
        outline, edge = _lumpy(angle, 0.28 * size, {2: 0.07, 3: 0.06, 5: 0.06, 8: 0.05}, rng), 3.2
    # As thick as it is wide: brightest where the ray's way through it is longest.
    inside = np.clip(1.0 - (distance / outline) ** 2, 0.0, 1.0)
    body = smoothstep(outline - distance, -edge / 2, edge / 2) * (np.float32(0.55) + np.float32(0.45) * np.sqrt(inside))
    body *= np.float32(0.92) + np.float32(0.08) * drift(cloud_tile(), x, y, CLOUD_PITCH / 2, rng)
    if birads == 5:
        count = int(rng.integers(26, 40))
        body = np.maximum(body, 0.8 * _rays(grid, rng, count, 0.15 * size, 0.55 * size, 0.02 * size + 0.35))
    return as_float(body)


def distortion(grid: Grid, rng: Generator, size: float) -> Field:
    """Return the radiating lines of an architectural distortion, without a mass in their midst."""
    count = int(rng.integers(28, 40))
    x, y = grid.coordinates()
    distance = np.hypot(x, y)
    lines = _rays(grid, rng, count, 0.03 * size, 0.54 * size, 0.75)
    # Where all lines meet they would make a spot that looks like a mass.
    return as_float(lines * (0.45 + 0.55 * smoothstep(distance, 0.02 * size, 0.14 * size)))


def pulled(tissue: Field, grid: Grid, size: float) -> Field:
    """Return the tissue of the small grid drawn towards the origin, unchanged at its rim."""
    x, y = grid.coordinates()
    distance = np.hypot(x, y)
    # Looking further out for what is shown near the center is what draws the surroundings in.
    stretch = 1.0 + 0.9 * np.clip(1.0 - distance / np.float32(0.62 * size), 0.0, 1.0) ** 2
    u = (x * stretch - np.float32(grid.x0)) / np.float32(grid.pitch) - np.float32(0.5)
    v = (y * stretch - np.float32(grid.y0)) / np.float32(grid.pitch) - np.float32(0.5)
    return as_float(cv2.remap(tissue, as_float(u), as_float(v), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))


def asymmetry(grid: Grid, rng: Generator, size: float, extent: str) -> Field:
    """Return a patch of tissue that the other side lacks.

    Parameters
    ----------
    extent : {"single", "focal", "global"}
        Seen in one view, in both, or a quadrant and more; sets how compact it is.
    """
    x, y = grid.coordinates()
    turn, flat = rng.uniform(0.0, np.pi), rng.uniform(1.1, 1.4)
    along = x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))
    across = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) * np.float32(flat)
    distance, angle = (as_float(part) for part in cv2.cartToPolar(along, across))
    outline = _lumpy(angle, 0.5 * size, {2: 0.05, 3: 0.08, 5: 0.05}, rng)
    bulk = np.clip(1.0 - distance / outline, 0.0, 1.0)
    coarse, blend = {"single": (0.34, 0.15), "focal": (0.32, 0.11), "global": (0.60, 0.15)}[extent]
    lobes = drift(swell_tile(), x, y, CLOUD_PITCH * coarse, rng)
    lobes += np.float32(0.5) * drift(cloud_tile(), x, y, CLOUD_PITCH * coarse, rng)
    # Fat shows between its parts and its border is ragged, which is what tells it from a mass.
    score = bulk + np.float32(blend) * lobes
    return as_float(smoothstep(score, 0.05, 0.72) * smoothstep(bulk, 0.0, 0.25) * (0.9 + 0.05 * lobes))


def calcifications(rng: Generator, size: float, birads: int, inward: float) -> tuple[Speck, ...]:
    """Return a cluster of fine specks; for category 5 rows and branches that follow the ducts.

    Parameters
    ----------
    size : float
        Extent of the cluster in millimetres.
    inward : float
        Direction of the ducts in radians.
    """
    count = int(rng.integers(10, 18)) + {3: 0, 4: 6, 5: 16}[birads] + int(size / 3)
    ducts = inward + rng.normal(0.0, 0.5, 5)
    specks = []
    for _ in range(count):
        reach, turn = 0.46 * size * np.sqrt(rng.random()), rng.uniform(0.0, 2 * np.pi)
        spot = np.array([reach * np.cos(turn), 0.75 * reach * np.sin(turn)])
        heading, length = rng.uniform(0.0, np.pi), rng.uniform(0.1, 0.35)
        if birads == 5:
            heading, length = float(rng.choice(ducts)) + rng.normal(0.0, 0.2), rng.uniform(0.2, 1.1)
        step = length / 2 * np.array([np.cos(heading), np.sin(heading)])
        bend = rng.normal(0.0, 0.12 * length, 2)
        course = np.array([spot - step, spot + bend, spot + step])
        specks.append(Speck(course, rng.uniform(0.2, 0.5), rng.uniform(0.55, 1.0)))
    return tuple(specks)


def thick_skin(grid: Grid, depth: Field, size: float, thickness: float) -> Field:
    """Return skin that is `thickness` millimetres thick at the origin and normal at half of `size` from it.

    Parameters
    ----------
    depth : Field
        Distance from the skin in millimetres on the same grid.
    """
    x, y = grid.coordinates()
    fade = smoothstep(np.hypot(x, y), 0.5 * size, 0.08 * size)
    thick = np.float32(1.2) + np.float32(thickness) * fade
    layer = 1.0 - 0.35 * np.clip(depth / thick, 0.0, 1.0)
    return as_float(layer * smoothstep(depth, 1.25 * thick, 0.85 * thick) * (depth > 0.0) * fade)


def tethers(grid: Grid, rng: Generator, inward: float, length: float) -> Field:
    """Return the strands that pull the skin or the nipple inwards: from the origin along a direction in radians."""
    canvas = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    for turn in np.linspace(-0.6, 0.6, 6) + rng.normal(0.0, 0.1, 6):
        end = length * rng.uniform(0.5, 1.0)
        radius = np.linspace(0.0, end, 9)
        heading = inward + turn * np.linspace(0.6, 1.1, 9)
        course = np.stack([radius * np.cos(heading), radius * np.sin(heading)], axis=1)
        strength = rng.uniform(0.4, 0.9)
        for piece, share in ((slice(5, 9), 0.6), (slice(2, 6), 0.8), (slice(0, 3), 1.0)):
            stroke(canvas, grid, course[piece], 1.1 * share, strength * share)
    return as_float(cv2.GaussianBlur(canvas, (0, 0), max(0.4, 0.35 / grid.pitch))) / np.float32(255)


def node(grid: Grid, rng: Generator, size: float) -> Field:
    """Return an enlarged, round, dense lymph node without the fat in its hilum."""
    x, y = grid.coordinates()
    turn, flat = rng.uniform(0.5, 1.3), rng.uniform(1.15, 1.4)
    along = x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))
    across = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) * np.float32(flat)
    distance, angle = (as_float(part) for part in cv2.cartToPolar(along, across))
    outline = _lumpy(angle, 0.47 * size, {2: 0.02, 3: 0.04, 4: 0.03}, rng)
    body = smoothstep(outline - distance, -0.6, 0.6)
    return as_float(body * (1.0 - 0.2 * np.clip(distance / outline, 0.0, 1.0) ** 2))
