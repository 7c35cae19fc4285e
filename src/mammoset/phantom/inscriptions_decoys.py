"""Views without any text, but with what a search for text may take for it: calcifications, clips, wires, folds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mammoset.phantom.inscriptions import sheet_plan
from mammoset.phantom.inscriptions_tables import SHEETS, Sheet
from mammoset.phantom.lesions import Lesion
from mammoset.phantom.render import ViewPlan, invert, render
from mammoset.phantom.texture import Stream, stream
from mammoset.terms import findings
from mammoset.terms.dicom import ViewPosition

_SUBPIXEL_BITS = 4
BOTH = (ViewPosition.CC, ViewPosition.MLO)


@dataclass(frozen=True, slots=True)
class CleanView:
    """A view in which no text is to be found.

    Attributes
    ----------
    kind : str
        Key of `KINDS`, or "plain", "calcifications", "mass", "magnified".
    breast : array of bool, shape (rows, columns)
        Where the breast is.
    """

    kind: str
    pixels: NDArray[np.uint16]
    breast: NDArray[np.bool_]
    bits_stored: int
    spacing_mm: float
    inverted: bool


def clean_views(seed: int, rounds: int = 8) -> Iterator[CleanView]:
    """Draw clean views of every kind, density, detector and view; `rounds` of each kind."""
    kinds = ("plain", "plain", "calcifications", "calcifications", "mass", "magnified", *KINDS)
    for number in range(rounds * len(kinds)):
        turn, place = divmod(number, len(kinds))
        sheet = replace(SHEETS[(5 * turn + place) % len(SHEETS)], density="ABCD"[(turn + place) % 4])
        yield clean_view(kinds[place], sheet, seed, number)


def clean_view(kind: str, sheet: Sheet, seed: int, number: int) -> CleanView:
    """Draw one view of a kind."""
    rng = stream(Stream.TILE, seed, number, 78)
    plan = _with_lesions(kind, sheet_plan(sheet, seed + 500, number), number)
    pixels = render(plan).pixels
    breast = pixels > 0
    if kind in KINDS:
        drawn = KINDS[kind](breast, plan.spacing_mm, rng).astype(np.float32)
        top = (1 << plan.bits_stored) - 1
        pixels = np.clip(pixels + drawn * breast * top, 0, top).astype(np.uint16)
    if sheet.inverted:
        pixels = invert(pixels, plan.bits_stored)
    return CleanView(kind, pixels, breast, plan.bits_stored, plan.spacing_mm, sheet.inverted)


def _with_lesions(kind: str, plan: ViewPlan, number: int) -> ViewPlan:
    if kind == "magnified":
        return replace(plan, magnified=True, lesions=_calcifications(number)[:1])
    if kind == "calcifications":
        return replace(plan, lesions=_calcifications(number))
    if kind == "mass":
        return replace(plan, lesions=(Lesion((findings.MASS,), 5, BOTH, number, 22.0),))
    return plan


def _calcifications(number: int) -> tuple[Lesion, ...]:
    return tuple(
        Lesion((findings.SUSPICIOUS_CALCIFICATION,), birads, BOTH, 10 * number + birads, size)
        for birads, size in ((3, 12.0), (4, 20.0), (5, 30.0))
    )


def _inside(breast: NDArray[np.bool_], rng: Generator) -> tuple[float, float]:
    rows, columns = np.nonzero(breast[::16, ::16])
    choice = int(rng.integers(len(rows)))
    return 16.0 * columns[choice], 16.0 * rows[choice]


def _line(canvas: NDArray[np.uint8], points: NDArray[np.float64], width: float, value: int = 255) -> None:
    course = np.round(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(canvas, [course], False, value, max(1, round(width)), cv2.LINE_AA, _SUBPIXEL_BITS)


def _shown(canvas: NDArray[np.uint8], sigma_px: float, strength: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), max(0.5, sigma_px)), np.float32) * np.float32(strength / 255)


def _clips(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw markers of biopsies: rings, ribbons and coils of metal, 2–4 mm."""
    canvas = np.zeros(breast.shape, np.uint8)
    turn = np.linspace(0, 2 * np.pi, 40)
    shapes = (
        np.stack([np.cos(turn), np.sin(turn)], 1),
        np.stack([np.cos(turn), np.sin(2 * turn) / 2], 1),
        np.stack([turn / 3 - 1, np.sin(4 * turn) / 3], 1),
        np.array([[-1.0, 0.0], [1.0, 0.0]]),
    )
    for shape in shapes[: int(rng.integers(2, 5))]:
        angle = rng.uniform(0, np.pi)
        turned = shape @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        _line(canvas, _inside(breast, rng) + turned * rng.uniform(1.0, 2.0) / spacing, 0.4 / spacing)
    return _shown(canvas, 0.08 / spacing, 0.5)


def _wires(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw a wire on a scar, and balls of lead on the skin."""
    canvas = np.zeros(breast.shape, np.uint8)
    start, length = np.array(_inside(breast, rng)), rng.uniform(20, 50) / spacing
    along = np.linspace(0, 1, 30)
    angle = rng.uniform(0, 2 * np.pi)
    bend = 0.15 * np.sin(np.pi * along)
    course = np.stack([along * np.cos(angle) - bend * np.sin(angle), along * np.sin(angle) + bend * np.cos(angle)], 1)
    _line(canvas, start + course * length, 0.5 / spacing)
    for _ in range(2):
        x, y = _inside(breast, rng)
        cv2.circle(canvas, (int(x), int(y)), max(2, round(0.9 / spacing)), 255, -1, cv2.LINE_AA)
    return _shown(canvas, 0.1 / spacing, 0.6)


def _folds(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw folds of skin: long bright lines with a soft side."""
    canvas = np.zeros(breast.shape, np.uint8)
    for _ in range(3):
        start, length = np.array(_inside(breast, rng)), rng.uniform(15, 60) / spacing
        along = np.linspace(0, 1, 20)
        angle = rng.uniform(0, 2 * np.pi)
        bend = rng.uniform(-0.2, 0.2) * along * (1 - along)
        course = np.stack(
            [along * np.cos(angle) - bend * np.sin(angle), along * np.sin(angle) + bend * np.cos(angle)], 1
        )
        _line(canvas, start + course * length, rng.uniform(0.3, 1.0) / spacing)
    return _shown(canvas, 0.15 / spacing, 0.18) + _shown(canvas, 1.0 / spacing, 0.15)


def _tramlines(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw calcified arteries: broken parallel lines."""
    canvas = np.zeros(breast.shape, np.uint8)
    for _ in range(3):
        start, length = np.array(_inside(breast, rng)), rng.uniform(20, 45) / spacing
        angle, along = rng.uniform(0, 2 * np.pi), np.linspace(0, 1, 60)
        axis, normal = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        wave = np.outer(0.06 * np.sin(7 * along) * length, normal)
        for side in (-0.5, 0.5):
            course = start + np.outer(along * length, axis) + wave + side * 1.2 / spacing * normal
            for first in range(0, 58, 2):
                if rng.random() < 0.6:
                    _line(canvas, course[first : first + 2], 0.25 / spacing, int(rng.integers(100, 256)))
    return _shown(canvas, 0.08 / spacing, 0.35)


def _implant(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw an implant: a large bright body with a sharp edge, a fold and a valve."""
    canvas = np.zeros(breast.shape, np.uint8)
    rows, columns = np.nonzero(breast[::16, ::16])
    center = (int(16 * columns.mean()), int(16 * rows.mean()))
    reach = max(8, int(0.33 * np.sqrt(breast.sum())))
    cv2.ellipse(canvas, center, (int(rng.uniform(0.7, 0.9) * reach), reach), 0, 0, 360, 200, -1, cv2.LINE_AA)
    cv2.circle(canvas, center, max(3, round(6 / spacing)), 255, max(1, round(0.8 / spacing)), cv2.LINE_AA)
    cv2.ellipse(
        canvas, center, (int(0.5 * reach), int(0.9 * reach)), 0, 20, 140, 235, max(1, round(0.6 / spacing)), cv2.LINE_AA
    )
    return _shown(canvas, 0.15 / spacing, 0.45)


def _paddle(breast: NDArray[np.bool_], spacing: float, rng: Generator) -> NDArray[np.float32]:
    """Draw the frame of a compression paddle for spot views: straight edges and a round one."""
    canvas = np.zeros(breast.shape, np.uint8)
    x, y = _inside(breast, rng)
    size = int(35 / spacing)
    cv2.circle(canvas, (int(x), int(y)), size, 255, max(1, round(2.0 / spacing)), cv2.LINE_AA)
    cv2.line(canvas, (int(x), int(y) - size), (int(x), 0), 255, max(1, round(1.5 / spacing)), cv2.LINE_AA)
    return _shown(canvas, 0.2 / spacing, 0.12)


KINDS: dict[str, Callable[[NDArray[np.bool_], float, Generator], NDArray[np.float32]]] = {
    "clips": _clips,
    "wires": _wires,
    "folds": _folds,
    "tramlines": _tramlines,
    "implant": _implant,
    "paddle": _paddle,
}
