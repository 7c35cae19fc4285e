"""The shape of a breast in one view: outline, nipple, chest muscle, nodes of the armpit, in millimetres.

Everything is described as for a left breast in the usual display: the chest wall is the left edge (x = 0), x grows
towards the nipple and y downwards. `render` mirrors the finished picture for a right breast, so that nothing here
knows of sides except through its seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mammoset.phantom.texture import Field, Stream, as_float, stream
from mammoset.terms.dicom import Laterality, ViewPosition

Points = NDArray[np.float64]
"""Points as rows of (x, y) in millimetres, shape (n, 2)."""

OBLIQUE_VIEWS = frozenset({ViewPosition.MLO, ViewPosition.ML, ViewPosition.LM, ViewPosition.LMO, ViewPosition.SIO})
_SIDES = tuple(Laterality)
_VIEWS = tuple(ViewPosition)
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """A raster over the frame: how millimetres become samples.

    Attributes
    ----------
    rows, columns : int
        Size of the raster.
    pitch : float
        Millimetres of anatomy per sample (smaller than that of the detector in a magnified view).
    x0, y0 : float
        Millimetres at the top left corner of the raster.
    """

    rows: int
    columns: int
    pitch: float
    x0: float = 0.0
    y0: float = 0.0

    def coordinates(self) -> tuple[Field, Field]:
        """Return x and y of the centers of the samples in millimetres, each of shape (rows, columns)."""
        x = self.x0 + (np.arange(self.columns) + 0.5) * self.pitch
        y = self.y0 + (np.arange(self.rows) + 0.5) * self.pitch
        grid_x, grid_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
        return grid_x, grid_y

    def around(self, center: tuple[float, float], reach: float) -> tuple[Grid, tuple[slice, slice]] | None:
        """Return the part of the raster within `reach` millimetres of a point, and where it lies; None when outside.

        The part has the point as its origin: its coordinates are offsets from it.
        """
        across, down = (center[0] - self.x0) / self.pitch, (center[1] - self.y0) / self.pitch
        span = reach / self.pitch
        left, right = max(0, int(across - span)), min(self.columns, int(across + span) + 1)
        top, bottom = max(0, int(down - span)), min(self.rows, int(down + span) + 1)
        if right - left < 2 or bottom - top < 2:
            return None
        x0, y0 = self.x0 + left * self.pitch - center[0], self.y0 + top * self.pitch - center[1]
        return Grid(bottom - top, right - left, self.pitch, x0, y0), (slice(top, bottom), slice(left, right))

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point, in millimetres, lies in the raster."""
        across, down = (point[0] - self.x0) / self.pitch, (point[1] - self.y0) / self.pitch
        return 0.0 <= across < self.columns and 0.0 <= down < self.rows

    def to_samples(self, points: Points) -> Points:
        """Return positions in samples, measured from the raster's top left corner."""
        return np.asarray((points - np.array([self.x0, self.y0])) / self.pitch, dtype=np.float64)

    def fill(self, outline: Points) -> Field:
        """Return how much of each sample a polygon covers, 0–1, shape (rows, columns)."""
        canvas = np.zeros((self.rows, self.columns), dtype=np.uint8)
        corners = np.round((self.to_samples(outline) - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillPoly(canvas, [corners], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        return as_float(canvas) / np.float32(255)


@dataclass(frozen=True, slots=True)
class Node:
    """A normal lymph node: center in millimetres, long radius, angle in radians."""

    x: float
    y: float
    radius: float
    angle: float


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One breast in one view.

    Attributes
    ----------
    oblique : bool
        Whether the view is a kind of MLO (True) or of CC.
    width, height : float
        Size of the frame in millimetres.
    depth : float
        Distance from the chest wall to the nipple in millimetres; the same for both views of a breast.
    outline : Points
        Skin line as a closed polygon that runs outside the frame behind the chest wall; about 1 mm between points.
    bare : Points
        The same without the nipple.
    nipple : tuple of float
        Base of the nipple on the skin line.
    axis : tuple of float
        Unit vector from the nipple towards the chest.
    muscle : Points or None
        Outline of the pectoral muscle in an oblique view.
    nodes : tuple of Node
    fold : Points or None
        Course of a skin fold of the armpit.
    """

    oblique: bool
    width: float
    height: float
    depth: float
    outline: Points
    bare: Points
    nipple: tuple[float, float]
    axis: tuple[float, float]
    muscle: Points | None
    nodes: tuple[Node, ...]
    fold: Points | None

    def skin_distance(self, point: tuple[float, float]) -> float:
        """Return the distance of a point from the skin in millimetres, negative in the air."""
        return _signed_distance(self.outline, point)

    def muscle_distance(self, point: tuple[float, float]) -> float:
        """Return how far in front of the muscle a point lies in millimetres, negative within; infinite without one."""
        return np.inf if self.muscle is None else -_signed_distance(self.muscle, point)

    def dented(self, center: tuple[float, float], reach: float, pull: float) -> Anatomy:
        """Return the same breast with its skin pulled inwards.

        Parameters
        ----------
        center : tuple of float
            The deepest point, on the skin line, in millimetres.
        reach : float
            Half width of the dent in millimetres.
        pull : float
            How far the skin moves at the center, in millimetres.
        """
        return replace(self, outline=_bulged(self.outline, center, reach, -pull, order=2))

    def with_retracted_nipple(self) -> Anatomy:
        """Return the same breast with a hollow where the nipple was; to be done before other dents."""
        scale = min(1.0, self.depth / 80.0)
        return replace(self, outline=_bulged(self.bare, self.nipple, 8.5 * scale, -6.5 * scale, order=2))


def _signed_distance(polygon: Points, point: tuple[float, float]) -> float:
    return float(cv2.pointPolygonTest(polygon.astype(np.float32), point, measureDist=True))


def smooth_curve(points: Points, spacing: float = 1.0) -> Points:
    """Return a Catmull–Rom curve through some points, at most about `spacing` millimetres between its own points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    before, start, end, after = (padded[first : first + len(points) - 1, None, :] for first in range(4))
    longest = float(np.hypot(*(points[1:] - points[:-1]).T).max())
    t = np.linspace(0.0, 1.0, max(2, int(longest / spacing)), endpoint=False)[None, :, None]
    curve = start + 0.5 * t * (
        (end - before) + t * (2 * before - 5 * start + 4 * end - after) + t * t * (3 * start - before - 3 * end + after)
    )
    return np.vstack([curve.reshape(-1, 2), points[-1:]])


def _bulged(outline: Points, center: tuple[float, float], reach: float, lift: float, order: int) -> Points:
    """Return the outline moved along its outward normal by a bell around a point; order 2 is round, 4 is blunt."""
    distance = np.hypot(outline[:, 0] - center[0], outline[:, 1] - center[1])
    tangent = np.roll(outline, -3, axis=0) - np.roll(outline, 3, axis=0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(normal[:, 0], normal[:, 1]), 1e-6)[:, None]
    return outline + lift * np.exp(-((distance / reach) ** order))[:, None] * normal


def _cc_outline(depth: float, height: float, body: Generator, view: ViewPosition) -> tuple[Points, int]:
    """Return the skin line of a CC view, from top to bottom, and the index of the nipple."""
    span = min(depth * body.uniform(0.88, 1.2), 0.47 * height)
    fullness = body.uniform(0.72, 0.9)
    lateral, medial = span * body.uniform(0.97, 1.04), span * body.uniform(0.92, 1.0)
    wave, phase = body.uniform(0.0, 0.025), body.uniform(0.0, 6.28)
    middle = height * (0.5 + body.uniform(-0.02, 0.02))
    if view is ViewPosition.XCCL:
        middle += 0.12 * height
    angle = np.linspace(-np.pi / 2, np.pi / 2, 361)
    x = depth * np.cos(angle).clip(0.0) ** fullness * (1 + wave * np.sin(2 * angle + phase))
    reach = np.where(angle < 0, lateral, medial)
    y = middle + reach * np.sin(angle)
    line = np.stack([x, y], axis=1)
    # Behind the frame the skin runs on over the chest, a little outwards.
    ends = (np.array([[-30.0, line[0, 1] - 6.0]]), np.array([[-30.0, line[-1, 1] + 6.0]]))
    nipple = 180 + int(body.integers(-8, 12))
    return np.vstack([ends[0], line, ends[1]]), nipple + 1


def _mlo_outline(depth: float, height: float, body: Generator) -> tuple[Points, int]:
    """Return the skin line of an oblique view, from top to bottom, and the index of the nipple."""
    drop = min(0.57 * height, 0.34 * height + 0.45 * depth) * body.uniform(0.95, 1.04)
    fold = min(drop + depth * body.uniform(0.82, 0.98), 0.94 * height)
    armpit = depth * body.uniform(0.60, 0.78)
    belly = depth * body.uniform(0.16, 0.36)
    below = fold - drop
    knots = np.array(
        [
            [armpit * 0.97, -0.10 * height],
            [armpit, 0.0],
            [armpit + 0.14 * (depth - armpit), 0.22 * drop],
            [armpit + 0.50 * (depth - armpit), 0.50 * drop],
            [armpit + 0.87 * (depth - armpit), 0.77 * drop],
            [depth, drop],
            [0.975 * depth, drop + 0.25 * below],
            [0.87 * depth, drop + 0.52 * below],
            [0.66 * depth, drop + 0.77 * below],
            [0.36 * depth, drop + 0.94 * below],
            [0.11 * depth, fold + 0.005 * height],
            [0.08 * depth + 0.3 * belly, fold + 0.045 * height],
            [0.06 * depth + 0.8 * belly, fold + 0.14 * height],
            [0.06 * depth + belly, height * 1.3 + 1.0],
        ]
    )
    knots[2:9] += body.normal(0.0, 0.006, (7, 2)) * depth
    curve = smooth_curve(knots)
    nipple = int(np.argmin(np.hypot(curve[:, 0] - knots[5, 0], curve[:, 1] - knots[5, 1])))
    ends = (np.array([[-30.0, -0.10 * height]]), np.array([[-30.0, height * 1.3 + 1.0]]))
    return np.vstack([ends[0], curve, ends[1]]), nipple + 1


def _muscle(depth: float, height: float, body: Generator, view: ViewPosition) -> Points:
    """Return the outline of the pectoral muscle: a triangle in the upper corner with a slightly bowed front."""
    width = depth * body.uniform(0.44, 0.60) * (0.55 if view in (ViewPosition.ML, ViewPosition.LM) else 1.0)
    length = height * body.uniform(0.54, 0.72)
    bow = width * body.uniform(0.0, 0.14)
    t = np.linspace(-0.12, 1.0, 60)
    x = width * (1 - t) + bow * np.sin(np.pi * t.clip(0.0))
    front = np.stack([x, length * t], axis=1)
    return np.vstack([front, [[-30.0, length * 1.1], [-30.0, -0.12 * length]]])


def _nodes(muscle: Points, height: float, rng: Generator) -> tuple[Node, ...]:
    """Return a few normal nodes along the front of the muscle, often none."""
    count = int(rng.choice([0, 0, 1, 2, 3]))
    nodes = []
    for _ in range(count):
        y = height * rng.uniform(0.04, 0.22)
        front = float(np.interp(y, muscle[:-2, 1], muscle[:-2, 0]))
        nodes.append(Node(front + rng.uniform(-8.0, 10.0), y, rng.uniform(4.0, 8.0), rng.uniform(0.6, 1.6)))
    return tuple(nodes)


def _fold(outline: Points, height: float, rng: Generator) -> Points | None:
    """Return the course of a fold of the armpit's skin, in one oblique view of three."""
    if rng.random() > 0.35:
        return None
    start, end = height * rng.uniform(-0.02, 0.02), height * rng.uniform(0.14, 0.24)
    y = np.linspace(start, end, 12)
    edge = np.interp(y, outline[1:-1, 1], outline[1:-1, 0])
    inset = np.linspace(rng.uniform(14.0, 22.0), 1.0, 12)
    return np.stack([edge - inset, y], axis=1)


def build(
    patient_seed: int, view_seed: int, laterality: Laterality, view: ViewPosition, width: float, height: float
) -> Anatomy:
    """Return the anatomy of one view.

    Parameters
    ----------
    patient_seed, view_seed : int
        What both breasts share; what only this picture has (positioning).
    width, height : float
        Size of the frame in millimetres; the breast is made to suit it.

    Returns
    -------
    Anatomy
    """
    oblique = view in OBLIQUE_VIEWS
    body = stream(Stream.BODY, patient_seed)
    side_number = _SIDES.index(laterality)
    side = stream(Stream.SIDE, patient_seed, side_number)
    position = stream(Stream.POSITIONING, view_seed, _VIEWS.index(view))
    depth = min(width, 0.8 * height) * body.uniform(0.42, 0.72) * side.uniform(0.98, 1.02)
    tip_reach, tip_lift = body.uniform(4.5, 6.0), body.uniform(3.0, 6.0)
    shape = stream(Stream.BODY, patient_seed, int(oblique))
    outline, tip = _mlo_outline(depth, height, shape) if oblique else _cc_outline(depth, height, shape, view)
    muscle = _muscle(depth, height, shape, view) if oblique else None
    nodes = () if muscle is None else _nodes(muscle, height, stream(Stream.NODES, patient_seed, side_number))
    fold = _fold(outline, height, shape) if oblique else None
    tilt = shape.uniform(0.15, 0.35) if oblique else shape.uniform(-0.06, 0.06)
    shift = np.array([0.0, 0.01 * depth * (side.normal() + position.normal())])
    bare, nipple = outline + shift, outline[tip] + shift
    scale = min(1.0, depth / 80.0)
    return Anatomy(
        oblique=oblique,
        width=width,
        height=height,
        depth=depth,
        outline=_bulged(bare, (nipple[0], nipple[1]), tip_reach * scale, tip_lift * scale, order=4),
        bare=bare,
        nipple=(float(nipple[0]), float(nipple[1])),
        axis=(-float(np.cos(tilt)), -float(np.sin(tilt))),
        muscle=None if muscle is None else muscle * np.array([1.0 + 0.04 * position.normal(), 1.0]),
        nodes=nodes,
        fold=fold,
    )
