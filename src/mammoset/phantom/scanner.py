"""Takes the pictures of an exam: draws the tissue, burns in text, inverts, and says what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mammoset.model import Box
from mammoset.phantom.acquisition import ObjectKind, ObjectPlan, Text
from mammoset.phantom.burn import BurnPlan, burn
from mammoset.phantom.headers import Picture
from mammoset.phantom.names import without_diacritics
from mammoset.phantom.plans import ExamPlan
from mammoset.phantom.render import ViewPlan, invert, render
from mammoset.phantom.vendors import VENDORS, Vendor
from mammoset.terms.dicom import Laterality

Size = Literal["full", "half", "small"]
REDUCTION: dict[str, int] = {"full": 1, "half": 2, "small": 8}
"""By what the rows and columns are divided; the pixel spacing grows with it."""

MASK = (1 / 12, 1 / 5)
"""Shares of rows and columns within which text in a corner stays; text elsewhere keeps clear of them."""
STRAY_ROWS = (0.12, 0.16, 0.2, 0.24, 0.82, 0.78, 0.74, 0.7, 0.28, 0.66, 0.32)
"""Where stray text may begin, as shares of the rows; the first with nothing but air is taken."""
STRAY_HEIGHT = 0.06
TISSUE_TOP = 0.45
"""Where text across the breast begins, as a share of the rows."""
SMALLEST_LETTER = 5
LETTER = 0.011
"""Height of the largest letters, as a share of the rows."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and what is true of it.

    Attributes
    ----------
    boxes : tuple of (int, Box)
        Index of a lesion of the breast, and where it is.
    text_boxes : tuple of Box
        Ink of burned-in text.
    texts : tuple of str
        The burned-in lines.
    """

    picture: Picture
    boxes: tuple[tuple[int, Box], ...] = ()
    text_boxes: tuple[Box, ...] = ()
    texts: tuple[str, ...] = ()


def shape_of(vendor: Vendor, size: Size) -> tuple[int, int]:
    """Return rows and columns of a vendor's images at a size."""
    rows, columns = vendor.shape
    return round(rows / REDUCTION[size]), round(columns / REDUCTION[size])


def shoot(exam: ExamPlan, plan: ObjectPlan, size: Size) -> Shot:
    """Take one mammogram of an exam."""
    if plan.laterality is None or plan.view_position is None:
        raise ValueError("a mammogram has a side and a view")
    vendor, breast = VENDORS[exam.vendor], exam.breast(plan.laterality)
    rows, columns = shape_of(vendor, size)
    spacing = round(vendor.spacing_mm * REDUCTION[size], 4)
    view = ViewPlan(
        exam.patient.seed, plan.seed, plan.laterality, plan.view_position, breast.density, breast.lesions,
        rows, columns, spacing, vendor.bits_stored, magnified=plan.is_magnified,
    )  # fmt: skip
    rendered = render(view)
    pixels, (center, width) = rendered.pixels, rendered.window
    lines = _lines(exam, plan)
    box = None
    if plan.text is Text.CORNER:
        lines, letter = _fitting(lines, plan.laterality, rows, columns)
        box = burn(pixels, BurnPlan(lines, plan.laterality, height_px=letter), vendor.bits_stored)
    elif plan.text is Text.STRAY:
        lines = lines[-1:]
        box = _burn_stray(pixels, lines, plan.laterality, vendor.bits_stored)
    elif plan.text is Text.TISSUE:
        lines = lines[-1:]
        box = _burn_on_tissue(pixels, lines, plan.laterality, vendor.bits_stored)
    if plan.kind is ObjectKind.PROCESSING:
        pixels = _raw(pixels, vendor.bits_stored)
    if plan.inverted:
        pixels, center = invert(pixels, vendor.bits_stored), (1 << vendor.bits_stored) - 1 - center
    picture = Picture(pixels, vendor.bits_stored, spacing, (center, width))
    return Shot(picture, rendered.boxes, (box,) if box else (), lines if box else ())


def _raw(pixels: NDArray[np.uint16], bits: int) -> NDArray[np.uint16]:
    """Return what the detector counted: without the processing that makes a picture of it."""
    top = (1 << bits) - 1
    return np.asarray(top * np.sqrt(pixels / np.float32(top)), dtype=np.uint16)


def _lines(exam: ExamPlan, plan: ObjectPlan) -> tuple[str, ...]:
    """Return what the machine writes into a picture: the view, an abbreviated name, the patient ID."""
    family = without_diacritics(exam.patient.family_name).upper()
    given = without_diacritics(exam.patient.given_name).upper().split()
    return f"{plan.laterality}-{plan.view_position}", f"{family} {given[-1]}", exam.patient.patient_id


def _fitting(lines: tuple[str, ...], side: Laterality, rows: int, columns: int) -> tuple[tuple[str, ...], int]:
    """Return the lines and the largest height of a letter with which they stay within the corner.

    In small pictures the first lines are left out when even the smallest letters are too large.
    """
    largest = max(SMALLEST_LETTER, round(LETTER * rows))
    for first in range(len(lines)):
        for height in range(largest, SMALLEST_LETTER - 1, -1):
            canvas = np.zeros((rows, columns), dtype=np.uint16)
            box = burn(canvas, BurnPlan(lines[first:], side, height_px=height), 12)
            across = columns - box.xmin if side is Laterality.L else box.xmax
            if box.ymax <= MASK[0] * rows and across <= MASK[1] * columns:
                return lines[first:], height
    return lines[-1:], SMALLEST_LETTER


def _burn_on_tissue(pixels: NDArray[np.uint16], lines: tuple[str, ...], side: Laterality, bits: int) -> Box:
    """Write text at the chest wall in the middle of the picture, where every view has tissue."""
    rows = pixels.shape[0]
    letter = max(SMALLEST_LETTER, round(LETTER * rows))
    top = int(TISSUE_TOP * rows)
    plan = BurnPlan(lines, side, near_chest=True, height_px=letter)
    box = burn(pixels[top : top + int(STRAY_HEIGHT * rows)], plan, bits)
    return Box(box.xmin, box.ymin + top, box.xmax, box.ymax + top)


def _burn_stray(pixels: NDArray[np.uint16], lines: tuple[str, ...], side: Laterality, bits: int) -> Box:
    """Write text at the side of the air but between the corners, where no tissue is if there is such a place."""
    rows, columns = pixels.shape
    letter = max(SMALLEST_LETTER, round(0.8 * LETTER * rows))
    plan = BurnPlan(lines, side, height_px=letter)
    tops = [int(share * rows) for share in STRAY_ROWS]
    height = int(STRAY_HEIGHT * rows)
    width = int(MASK[1] * columns)
    at_right = side is Laterality.L
    air = slice(columns - width, columns) if at_right else slice(0, width)
    free = [top for top in tops if not pixels[top : top + height, air].any()]
    top = (free or tops)[0]
    box = burn(pixels[top : top + height], plan, bits)
    return Box(box.xmin, box.ymin + top, box.xmax, box.ymax + top)
