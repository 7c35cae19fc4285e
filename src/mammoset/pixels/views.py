"""Which view an object shows, from its header: never from descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pydicom.dataset import Dataset

from mammoset.pixels.header import items, numbers, terms
from mammoset.terms.dicom import (
    SECONDARY_MODIFIERS,
    VIEW_CODES,
    VIEW_CODES_SRT,
    VIEW_MODIFIER_CODES,
    VIEW_MODIFIER_CODES_SRT,
    Laterality,
    ViewModifier,
    ViewPosition,
)

MAGNIFIED_FROM = 1.3
"""Estimated Radiographic Magnification Factor of a contact view is about 1.0–1.1."""

_VIEWS = {code.value: view for view, code in VIEW_CODES.items()} | VIEW_CODES_SRT
_MODIFIERS = {code.value: modifier for modifier, code in VIEW_MODIFIER_CODES.items()} | VIEW_MODIFIER_CODES_SRT


@dataclass(frozen=True, slots=True)
class ViewIdentity:
    """Side, projection and modifiers of an image."""

    laterality: Laterality
    view_position: ViewPosition
    modifiers: frozenset[ViewModifier] = frozenset()
    is_magnified: bool = False

    @property
    def can_stand_for_its_view(self) -> bool:
        """Whether it may be one of the four views: not implant-displaced, magnified or spot."""
        return not self.is_magnified and not self.modifiers & SECONDARY_MODIFIERS


def view_of(dataset: Dataset) -> ViewIdentity | None:
    """Tell the view of a mammogram from its header.

    The projection comes from View Code Sequence (CID 4014, SNOMED CT or the retired SNOMED RT values), else from
    View Position; the side from Image Laterality, else from Laterality. Modifiers are those inside the view's item.

    Returns
    -------
    ViewIdentity or None
        None when side or projection cannot be told.
    """
    laterality = _first_term(dataset, ("ImageLaterality", "Laterality"), Laterality)
    item = (*items(dataset, "ViewCodeSequence"), None)[0]
    position = _VIEWS.get(_code(item)) if item is not None else None
    if position is None:
        position = _first_term(dataset, ("ViewPosition",), ViewPosition)
    if laterality is None or position is None:
        return None
    modifiers = {_code(one) for one in (items(item, "ViewModifierCodeSequence") if item is not None else ())}
    known = frozenset(_MODIFIERS[code] for code in modifiers & set(_MODIFIERS))
    return ViewIdentity(laterality, position, known, _is_magnified(dataset))


Term = TypeVar("Term", bound=StrEnum)


def _first_term(dataset: Dataset, keywords: tuple[str, ...], vocabulary: type[Term]) -> Term | None:
    known = {one.value: one for one in vocabulary}
    said = (term for keyword in keywords for term in terms(dataset, keyword)[:1])
    return next((known[term] for term in said if term in known), None)


def _code(item: Dataset) -> str:
    return (*terms(item, "CodeValue"), "")[0]


def _is_magnified(dataset: Dataset) -> bool:
    factor = numbers(dataset, "EstimatedRadiographicMagnificationFactor")
    return factor is not None and factor[0] >= MAGNIFIED_FROM
