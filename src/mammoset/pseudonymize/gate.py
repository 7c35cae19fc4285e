"""The one gate: an object goes in, and a file rebuilt from constants, validated values and decoded pixels comes out.

Nothing of the original file is copied: not its preamble, not its meta information, not an element that profile.csv
does not name, no fragment of a compressed stream. PS3.15 Annex E says what must go; profile.csv says what may stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray
from pydicom.dataset import Dataset

from mammoset.errors import RefusedObject
from mammoset.pixels.breast import ChestWall, End, Side, axilla_end, breast_mask, chest_wall_of
from mammoset.pixels.codec import decode
from mammoset.pixels.header import numbers, quietly, terms, values
from mammoset.pixels.views import ViewIdentity, view_of
from mammoset.pixels.window import Presentation, in_stored_values
from mammoset.pseudonymize.actions import COLUMN_DIRECTION, Pseudonyms, Source, told_orientation
from mammoset.pseudonymize.cleaning import Cleaning, Verdict, clean
from mammoset.pseudonymize.keeping import attributes_of, kept_values
from mammoset.pseudonymize.masks import CornerShares, Rectangle
from mammoset.pseudonymize.options import Options
from mammoset.terms.dicom import BREAST_TOMOSYNTHESIS, MG_FOR_PRESENTATION, MG_FOR_PROCESSING, Laterality

RESCALE = {"RescaleSlope": (1e-6, 1e6), "RescaleIntercept": (-1e6, 1e6)}
LEAST_BITS = 6
"""Of a stored value; the class allows 6 to 16, unsigned (PS3.3 C.8.11.3)."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to one image; picklable, and without the key.

    Attributes
    ----------
    options : Options
        The options of the profile.
    decided : mapping of rectangle to verdict
        Regions of the image that a person decided about.
    rejected : frozenset of (element, value)
        Values that the file may not hold because a reviewer said so.
    rules : str
        Digest of the rules; kept with the image.
    """

    options: Options = field(default_factory=Options)
    decided: Mapping[Rectangle, Verdict] = field(default_factory=dict)
    rejected: frozenset[tuple[str, str]] = frozenset()
    rules: str = ""

    @property
    def cleaning(self) -> Cleaning:
        """What is done about burned-in text."""
        return Cleaning(self.options.text_check, self.options.corners, self.decided)


PLAIN = Treatment(Options(corners=CornerShares()))
"""Corners filled, text not looked for: what is done where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """An object behind the gate.

    Attributes
    ----------
    dataset : Dataset
        Everything but pixel data, with its file meta information (Explicit VR Little Endian until encoded).
    pixels : array, shape (rows, columns)
        Stored values, corners filled.
    masked : tuple of rectangles
        What was filled.
    attributes : mapping
        DICOM keyword in snake_case to a JSON value, of what was kept; beside them ``chest_wall``,
        ``view_modifiers``, ``orientation_corrected`` (the header named the other side) and ``upright_known_from``:
        which end of the image is up was told by the ``header``, seen in the ``pixels``, or is taken as ``usual``.
    """

    dataset: Dataset
    pixels: NDArray[Any]
    masked: tuple[Rectangle, ...]
    attributes: Mapping[str, Any]
    view: ViewIdentity
    cleaning: Mapping[str, Any]


def rebuild(dataset: Dataset, pseudonyms: Pseudonyms, treatment: Treatment = PLAIN) -> Rebuilt:
    """Rebuild one object from constants, validated values and decoded pixels.

    Parameters
    ----------
    dataset : Dataset
        As read from a file; it is not changed.
    pseudonyms : Pseudonyms
    treatment : Treatment

    Raises
    ------
    TextOnTissue
        If text was found on or near the breast that nobody has decided about.
    RefusedObject
        With a reason of `mammoset.terms.reasons`; its detail names attributes and limits, never a value.
    """
    with quietly():
        view = _admissible(dataset)
        presentation = _presentation(dataset)
        pixels = decode(dataset)
        mask = breast_mask(pixels, presentation)
        wall, corrected = _chest_wall(dataset, chest_wall_of(mask), view)
        known_from, axilla = _upright(dataset, view, wall, lambda: axilla_end(pixels, presentation))
        cleaned = clean(
            pixels, presentation, mask, wall, treatment.cleaning, spacing_mm=_spacing(dataset)
        )  # fmt: skip
        kept = cleaned.pixels
        source = Source(
            dataset, pseudonyms, presentation.layout, presentation, view, wall, int(kept.min()), int(kept.max()),
            treatment.options, treatment.rejected, axilla=axilla,
        )  # fmt: skip
        rebuilt = kept_values(source)
    attributes = attributes_of(rebuilt) | {
        "view_modifiers": sorted(view.modifiers),
        "chest_wall": wall.side,
        "orientation_corrected": corrected,
        "upright_known_from": known_from,
    }
    return Rebuilt(rebuilt, kept, cleaned.masked, attributes, view, cleaned.account)


def _admissible(dataset: Dataset) -> ViewIdentity:
    sop_class = (*terms(dataset, "SOPClassUID"), "")[0]
    intent = (*terms(dataset, "PresentationIntentType"), "FOR PRESENTATION")[0]
    if sop_class == MG_FOR_PROCESSING or intent != "FOR PRESENTATION":
        raise RefusedObject("for_processing")
    if sop_class == BREAST_TOMOSYNTHESIS:
        raise RefusedObject("tomosynthesis")
    if sop_class != MG_FOR_PRESENTATION:
        raise RefusedObject("wrong_sop_class")
    view = view_of(dataset)
    if view is None:
        raise RefusedObject("unknown_view", "neither View Code Sequence nor View Position, or no laterality")
    return view


def _presentation(dataset: Dataset) -> Presentation:
    """Read how the image is shown, over stored values; a rescale that cannot be trusted refuses the object."""
    for keyword, (low, high) in RESCALE.items():
        found = numbers(dataset, keyword)
        if values(dataset, keyword) and (found is None or len(found) != 1 or not low <= found[0] <= high):
            raise RefusedObject("invalid_value", f"{keyword} is not a number from {low:g} to {high:g}")
    presentation = Presentation.of(dataset)
    layout = presentation.layout
    if layout.is_signed or layout.bits_stored < LEAST_BITS:
        raise RefusedObject("invalid_value", f"PixelRepresentation is not 0, or BitsStored below {LEAST_BITS}")
    return in_stored_values(presentation)


def _chest_wall(dataset: Dataset, seen: ChestWall, view: ViewIdentity) -> tuple[ChestWall, bool]:
    """Cross-check the chest wall's side: clear pixels win, else the header, else the side the breast hangs on."""
    said: Side | None = {"A": "left", "P": "right"}.get((*terms(dataset, "PatientOrientation"), "")[0])  # type: ignore[assignment]
    if seen.is_certain:
        return seen, said not in (None, seen.side)
    return ChestWall(said or ("left" if view.laterality == Laterality.L else "right"), 0.0), False


def _upright(
    dataset: Dataset, view: ViewIdentity, wall: ChestWall, see: Callable[[], End | None]
) -> tuple[str, End | None]:
    """Tell from what it is known which end of the image is up, and where the axilla is seen if not from the header."""
    is_from_side = view.view_position in COLUMN_DIRECTION
    said = told_orientation(dataset, wall)
    if said is not None and said[1][0] in ("FH" if is_from_side else "LR"):
        return "header", None
    axilla = see() if is_from_side else None
    return "usual" if axilla is None else "pixels", axilla


def _spacing(dataset: Dataset) -> float | None:
    """Return the distance of pixels at the detector in mm, None when the header does not say it credibly."""
    found = numbers(dataset, "ImagerPixelSpacing") or ()
    return found[0] if found and 0.01 <= found[0] <= 1 else None
