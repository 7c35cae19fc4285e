"""Views with texts burned into them at known places, for tests of what finds such texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mammoset.phantom.inscriptions_ink import Ink, draw_on, inked
from mammoset.phantom.inscriptions_tables import SHEETS, SPECS, Sheet, Spec, Where
from mammoset.phantom.names import FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES, without_diacritics
from mammoset.phantom.render import ViewPlan, invert, render
from mammoset.phantom.texture import Stream, stream
from mammoset.terms.dicom import Laterality

_TRIES = 400
_CLEARANCE_MM = 4.0
"""Between two texts."""
_FAR_MM = 12.0
"""Of texts in the air from the breast."""


@dataclass(frozen=True, slots=True)
class Inscription:
    """One text in a view.

    Attributes
    ----------
    group : str
        Key of `mammoset.phantom.inscriptions_tables.SPECS`.
    rectangle : (xmin, ymin, xmax, ymax)
        Tight around the ink, in stored pixels, half-open.
    ink : array of bool, shape of the rectangle
        Pixels that the text covers by half or more.
    """

    group: str
    text: str
    rectangle: tuple[int, int, int, int]
    ink: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class InscribedView:
    """A view and the texts in it.

    Attributes
    ----------
    pixels : array of uint16, shape (rows, columns)
    breast : array of bool, shape (rows, columns)
        Where the breast is.
    inverted : bool
        MONOCHROME1.
    padding : int or None
        Stored value declared as padding.
    """

    pixels: NDArray[np.uint16]
    breast: NDArray[np.bool_]
    bits_stored: int
    spacing_mm: float
    inverted: bool
    padding: int | None
    inscriptions: tuple[Inscription, ...]


def inscribed_views(seed: int, sheets: tuple[Sheet, ...] = SHEETS) -> Iterator[InscribedView]:
    """Draw the views of a table one after the other; the same seed gives the same bytes.

    A text for which a view has no room is left out.
    """
    for number, sheet in enumerate(sheets):
        yield inscribe(sheet, seed, number)


def inscribe(sheet: Sheet, seed: int, number: int = 0) -> InscribedView:
    """Draw one view and its texts."""
    rng = stream(Stream.TILE, seed, number, 77)
    plan = sheet_plan(sheet, seed, number)
    pixels = render(plan).pixels
    page = _Page(pixels, pixels > 0, plan, rng)
    if sheet.air_noise:
        _make_noisy(page, sheet.air_noise)
    found = tuple(one for group in sheet.groups for one in page.write(group, SPECS[group]))
    if sheet.inverted:
        pixels = invert(pixels, plan.bits_stored)
    highest = (1 << plan.bits_stored) - 1
    padding = None if not sheet.padded else 0 if sheet.inverted else highest
    return InscribedView(pixels, page.breast, plan.bits_stored, plan.spacing_mm, sheet.inverted, padding, found)


def sheet_plan(sheet: Sheet, seed: int, number: int) -> ViewPlan:
    """Return the plan of the picture below the texts."""
    return ViewPlan(
        patient_seed=seed * 1000 + number,
        view_seed=number,
        laterality=sheet.laterality,
        view_position=sheet.view_position,
        density=sheet.density,
        lesions=(),
        rows=sheet.shape[0],
        columns=sheet.shape[1],
        spacing_mm=sheet.spacing_mm,
        bits_stored=sheet.bits_stored,
    )


def _make_noisy(page: _Page, sigma: float) -> None:
    """Give the air an offset, noise, and a few single pixels that are always bright, as worn detectors have them."""
    unit = ((1 << page.plan.bits_stored) - 1) / 4095
    air = ~page.breast
    count = int(air.sum())
    noise = page.rng.normal(3 * sigma * unit, sigma * unit, count)
    noise[page.rng.integers(0, count, max(1, count // 40_000))] = 1500 * unit
    page.pixels[air] = np.clip(noise, 0, None).astype(np.uint16)


class _Page:
    """A view while texts are written on it."""

    def __init__(self, pixels: NDArray[np.uint16], breast: NDArray[np.bool_], plan: ViewPlan, rng: Generator) -> None:
        self.pixels, self.breast, self.plan, self.rng = pixels, breast, plan, rng
        size = max(3, round(_FAR_MM / plan.spacing_mm))
        near = cv2.dilate(breast.astype(np.uint8), np.ones((2 * size + 1, 2 * size + 1), np.uint8))
        self._sums = {"breast": cv2.integral(breast.astype(np.uint8)), "near": cv2.integral(near)}
        self._taken: list[tuple[int, int, int, int]] = []

    def write(self, group: str, spec: Spec) -> Iterator[Inscription]:
        """Write one text where its kind belongs; nothing where there is no room."""
        text = _text(spec, self.rng)
        low, high = spec.heights_px
        height = max(
            spec.least_px, float(np.exp(self.rng.uniform(np.log(low), np.log(high)))) * min(1.0, self._shrink(spec))
        )
        while height >= spec.least_px:
            ink = inked(text, height, spec, self.rng)
            place = self._place(spec.where, ink.coverage.shape)
            if place is not None:
                yield self._burn(group, text, ink, spec, place)
                return
            height *= 0.8

    def _shrink(self, spec: Spec) -> float:
        """Return how much smaller than on a full-size view; devices write 10 pixels on any."""
        return 1.0 if spec.is_pixel_sized else 0.085 / self.plan.spacing_mm

    def _burn(self, group: str, text: str, ink: Ink, spec: Spec, place: tuple[int, int]) -> Inscription:
        y, x = place
        height, width = ink.coverage.shape
        window = self.pixels[y : y + height, x : x + width]
        draw_on(window, ink, spec, (1 << self.plan.bits_stored) - 1, self.rng)
        rectangle = (x, y, x + width, y + height)
        self._taken.append(rectangle)
        return Inscription(group, text, rectangle, ink.coverage >= 0.5)

    def _place(self, where: Where, shape: tuple[int, int]) -> tuple[int, int] | None:
        """Return the top row and left column for a text of some shape, or None."""
        rows, columns = self.pixels.shape
        if shape[0] + 4 >= rows or shape[1] + 4 >= columns:
            return None
        for _ in range(_TRIES):
            y, x = self._draw(where, shape)
            if self._is_free(y, x, shape) and self._fits(where, y, x, shape):
                return y, x
        return None

    def _draw(self, where: Where, shape: tuple[int, int]) -> tuple[int, int]:
        rows, columns = self.pixels.shape
        last_y, last_x = rows - shape[0] - 2, columns - shape[1] - 2
        y, x = int(self.rng.integers(2, last_y + 1)), int(self.rng.integers(2, last_x + 1))
        at_left = self.plan.laterality is Laterality.L
        if where == "chest wall":
            x = int(self.rng.integers(0, 6))
            x = x if at_left else last_x + 2 - x
        elif where == "corner":
            far = int(self.rng.integers(2, max(3, min(last_x, columns // 12))))
            x = last_x - far if at_left else far
            low = int(self.rng.integers(2, max(3, min(last_y, rows // 8))))
            y = low if self.rng.random() < 0.5 else last_y - low
        return y, x

    def _fits(self, where: Where, y: int, x: int, shape: tuple[int, int]) -> bool:
        if where in ("air", "corner"):
            return self._share("near", y, x, shape) == 0
        share = self._share("breast", y, x, shape)
        return 0.3 <= share <= 0.7 if where == "skin line" else share == 1.0

    def _share(self, kind: str, y: int, x: int, shape: tuple[int, int]) -> float:
        sums = self._sums[kind]
        bottom, right = y + shape[0], x + shape[1]
        inside = int(sums[bottom, right]) - int(sums[y, right]) - int(sums[bottom, x]) + int(sums[y, x])
        return inside / (shape[0] * shape[1])

    def _is_free(self, y: int, x: int, shape: tuple[int, int]) -> bool:
        gap = round(_CLEARANCE_MM / self.plan.spacing_mm)
        return all(
            x >= right + gap or x + shape[1] + gap <= left or y >= bottom + gap or y + shape[0] + gap <= top
            for left, top, right, bottom in self._taken
        )


def _text(spec: Spec, rng: Generator) -> str:
    kind = spec.texts[int(rng.integers(len(spec.texts)))]
    name = (_pick(FAMILY_NAMES, rng), _pick(MIDDLE_NAMES, rng), _pick(GIVEN_NAMES, rng))
    initials = "".join(part[0] for part in without_diacritics(" ".join(name)).split())
    year, number = int(rng.integers(1930, 1990)), int(rng.integers(10_000, 99_999))
    letter = "ABEFGHKMNRSTWXZ234578"[int(rng.integers(21))]
    return kind.format(
        name=" ".join(name), family=name[0], plain=without_diacritics(f"{name[0]} {name[2]}").upper(),
        initials=initials, year=year, number=number, letter=letter, day=f"{number % 28 + 1:02}.{number % 12 + 1:02}",
    )  # fmt: skip


def _pick(texts: tuple[str, ...], rng: Generator) -> str:
    return texts[int(rng.integers(len(texts)))]
