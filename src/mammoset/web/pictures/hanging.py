"""How the four views hang, as values: where each lies in its pane, in millimetres, and how it is turned.

Right breast in the left pane, left breast in the right one, chest walls back to back, the axilla of an MLO up, the
lateral side of a CC up, all views at one physical scale (IHE Mammography Image profile, RAD TF-2 4.16.4.2.2.1.1).
Stored pixels are never changed: the turning is in the transformation from stored pixels to the pane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mammoset.catalog import ImageRecord
from mammoset.model import Finding
from mammoset.pixels.breast import Side
from mammoset.terms.dicom import Laterality, ViewPosition

HANGING_ORDER: tuple[tuple[Laterality, ViewPosition], ...] = (
    (Laterality.R, ViewPosition.CC),
    (Laterality.L, ViewPosition.CC),
    (Laterality.R, ViewPosition.MLO),
    (Laterality.L, ViewPosition.MLO),
)
"""Row by row for two pairs, left to right for one row: both times the breasts stand back to back."""

CRANIO_CAUDAL = frozenset({ViewPosition.CC, ViewPosition.XCC, ViewPosition.XCCL, ViewPosition.XCCM, ViewPosition.FB})

DOWNWARDS = {
    (Laterality.L, True): "R",
    (Laterality.R, True): "L",
    (Laterality.L, False): "F",
    (Laterality.R, False): "F",
}
"""Side and whether cranio-caudal to the direction of the columns when hung (Patient Orientation, PS3.3 C.7.6.1.1.1)."""

OPPOSITE = {"A": "P", "P": "A", "R": "L", "L": "R", "F": "H", "H": "F"}


@dataclass(frozen=True, slots=True)
class Turn:
    """How a stored image is turned to hang right."""

    is_flipped: bool = False
    """Left and right exchanged."""
    is_upside_down: bool = False
    """Top and bottom exchanged."""


def turn_of(record: ImageRecord, chest_wall: Side | None) -> Turn:
    """Tell how an image must be turned.

    Parameters
    ----------
    chest_wall : {"left", "right"} or None
        The side of the stored image that the breast is attached to. None is taken as the usual one: left for a left
        breast, right for a right one.
    """
    image = record.image
    is_flipped = chest_wall is not None and chest_wall != ("left" if image.laterality == Laterality.L else "right")
    downwards = orientation_of(record.attributes)[1]
    wanted = DOWNWARDS[image.laterality, image.view_position in CRANIO_CAUDAL]
    return Turn(is_flipped, downwards == OPPOSITE[wanted])


def chest_wall_of(attributes: Mapping[str, Any]) -> Side | None:
    """Return where the chest wall is as the gate recorded it, else as Patient Orientation says; None when neither does.

    The gate compares header and pixels, so it knows better than the header alone.
    """
    said = attributes.get("chest_wall")
    if said in ("left", "right"):
        return "left" if said == "left" else "right"
    rowwards = orientation_of(attributes)[0]
    return "left" if rowwards == "A" else "right" if rowwards == "P" else None


def orientation_of(attributes: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first letters of Patient Orientation, rows then columns; empty strings when not known."""
    value = attributes.get("patient_orientation")
    parts = value.split("\\") if isinstance(value, str) else list(value or ())
    letters = [str(part).strip().upper()[:1] for part in parts]
    return (letters[0], letters[1]) if len(letters) == 2 else ("", "")


def spacing_of(attributes: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return millimetres in the breast per pixel, down and across; None when not known.

    Imager Pixel Spacing by Estimated Radiographic Magnification Factor (1 when absent): what is measured on the
    detector is larger than in the breast.
    """
    try:
        down, across = (float(one) for one in attributes["imager_pixel_spacing"])
        factor = float(attributes.get("estimated_radiographic_magnification_factor") or 1.0)
    except (KeyError, TypeError, ValueError):
        return None
    if not (down > 0 and across > 0 and factor >= 1):
        return None
    return down / factor, across / factor


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference finding on a view.

    Attributes
    ----------
    number : int
        As in the list beside the views, from 1.
    x, y, width, height : float
        In stored pixels.
    size_mm : tuple of (width, height) or None
        None when the pixel spacing is not known.
    left, right, top : float
        Edges of the box in the pane, in the pane's units, as it hangs.
    """

    number: int
    finding: Finding
    x: float
    y: float
    width: float
    height: float
    size_mm: tuple[float, float] | None
    left: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class View:
    """A view hung in its pane.

    Attributes
    ----------
    pane_width, pane_height : float
        Millimetres; the same for all views hung together. Pixels when the spacing of one is not known. The air that
        every view has beside its breast lies outside.
    transform : str
        From stored pixels to the pane, as SVG writes it.
    unit : float
        Pane units per stored pixel, across.
    """

    record: ImageRecord
    turn: Turn
    pane_width: float
    pane_height: float
    transform: str
    unit: float
    marks: tuple[Mark, ...]

    @property
    def label(self) -> str:
        """Side and projection, as printed beside the view."""
        return label_of(self.record)


def label_of(record: ImageRecord) -> str:
    """Return side and projection of an image: ``R CC``."""
    return f"{record.image.laterality} {record.image.view_position}"


def hang(
    records: Sequence[ImageRecord],
    turns: Mapping[str, Turn],
    findings: Sequence[Finding] = (),
    reaches: Mapping[str, float] | None = None,
) -> tuple[View, ...]:
    """Hang views at one scale.

    Parameters
    ----------
    records : sequence of ImageRecord
        The views, in the order in which they are wanted.
    turns : mapping of image id to Turn
    findings : sequence of Finding
        Numbered in their order; each is drawn on its own image.
    reaches : mapping of image id to float, optional
        How far the breast reaches from the chest wall, as a share of the image's width in (0, 1]; absent means all
        of it. The pane is as wide as the longest reach needs, marks included.
    """
    spacings = [spacing_of(record.attributes) for record in records]
    known = [one for one in spacings if one is not None]
    is_to_scale = len(known) == len(spacings)
    scales = known if is_to_scale else [(1.0, 1.0)] * len(records)
    sizes = [(r.image.width * across, r.image.height * down) for r, (down, across) in zip(records, scales, strict=True)]
    needed = [
        width * max((reaches or {}).get(record.image.image_id, 1.0), _reach_of_marks(record, turns, findings))
        for record, (width, _) in zip(records, sizes, strict=True)
    ]
    pane = (max(needed, default=0.0), max((height for _, height in sizes), default=0.0))
    numbered = list(enumerate(findings, start=1))
    return tuple(
        _view(record, turns.get(record.image.image_id, Turn()), scale, pane, is_to_scale, numbered)
        for record, scale in zip(records, scales, strict=True)
    )


def _reach_of_marks(record: ImageRecord, turns: Mapping[str, Turn], findings: Sequence[Finding]) -> float:
    image = record.image
    is_wall_left = (image.laterality == Laterality.L) != turns.get(image.image_id, Turn()).is_flipped
    boxes = [finding.box for finding in findings if finding.image_id == image.image_id]
    return max((box.xmax if is_wall_left else image.width - box.xmin for box in boxes), default=0.0) / image.width


def _view(
    record: ImageRecord,
    turn: Turn,
    scale: tuple[float, float],
    pane: tuple[float, float],
    is_to_scale: bool,
    numbered: Sequence[tuple[int, Finding]],
) -> View:
    image, (down, across) = record.image, scale
    width, height = image.width * across, image.height * down
    left = pane[0] - width if image.laterality == Laterality.R else 0.0  # to the chest wall, where the panes meet
    top = (pane[1] - height) / 2 if image.view_position in CRANIO_CAUDAL else 0.0
    x0, x_step = (left + width, -across) if turn.is_flipped else (left, across)
    y0, y_step = (top + height, -down) if turn.is_upside_down else (top, down)
    marks = []
    for number, finding in numbered:
        if finding.image_id != image.image_id:
            continue
        box = finding.box
        xs = sorted((x0 + box.xmin * x_step, x0 + box.xmax * x_step))
        ys = sorted((y0 + box.ymin * y_step, y0 + box.ymax * y_step))
        size = (box.width * across, box.height * down) if is_to_scale else None
        marks.append(Mark(number, finding, box.xmin, box.ymin, box.width, box.height, size, xs[0], xs[1], ys[0]))
    transform = f"matrix({x_step:.6f} 0 0 {y_step:.6f} {x0:.4f} {y0:.4f})"
    return View(record, turn, round(pane[0], 4), round(pane[1], 4), transform, across, tuple(marks))
