"""Which view an object shows is told by codes and terms, in either coding scheme, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from mammoset.pixels.header import quietly
from mammoset.pixels.views import view_of
from mammoset.terms.dicom import (
    VIEW_CODES,
    VIEW_CODES_SRT,
    VIEW_MODIFIER_CODES,
    VIEW_MODIFIER_CODES_SRT,
    Laterality,
    ViewModifier,
    ViewPosition,
)


def coded(value: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    return item


def header(view: str | None = None, modifiers: list[str] | None = None, **values: Any) -> Dataset:
    dataset = Dataset()
    if view is not None:
        item = coded(view)
        item.ViewModifierCodeSequence = [coded(one) for one in modifiers or []]
        dataset.ViewCodeSequence = [item]
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


VIEWS = {**{code.value: view for view, code in VIEW_CODES.items()}, **VIEW_CODES_SRT}
MODIFIERS = {**{code.value: one for one, code in VIEW_MODIFIER_CODES.items()}, **VIEW_MODIFIER_CODES_SRT}


@pytest.mark.parametrize(("value", "expected"), VIEWS.items())
def test_every_view_code_is_understood(value: str, expected: ViewPosition) -> None:
    found = view_of(header(value, ImageLaterality="L"))
    assert found is not None
    assert (found.laterality, found.view_position) == (Laterality.L, expected)


@pytest.mark.parametrize(("value", "expected"), MODIFIERS.items())
def test_every_modifier_code_is_understood(value: str, expected: ViewModifier) -> None:
    found = view_of(header("R-10242", [value, "X-99999"], ImageLaterality="R"))
    assert found is not None
    assert found.modifiers == {expected}


@pytest.mark.parametrize("modifier", ["R-102D5", "399163009", "R-102D7"])
def test_a_displaced_magnified_or_spot_view_cannot_stand_for_its_view(modifier: str) -> None:
    found = view_of(header("R-10242", [modifier], ImageLaterality="R"))
    assert found is not None
    assert not found.can_stand_for_its_view


def test_the_code_wins_over_the_term() -> None:
    found = view_of(header("R-10242", ImageLaterality="R", ViewPosition="MLO"))
    assert found is not None
    assert found.view_position == ViewPosition.CC


def test_an_unknown_code_leaves_the_term() -> None:
    with quietly():
        found = view_of(header("X-1", Laterality="R", ViewPosition="mlo "))
    assert found is not None
    assert (found.laterality, found.view_position) == (Laterality.R, ViewPosition.MLO)


@pytest.mark.parametrize(
    "values",
    [
        {"ViewPosition": "CC"},
        {"ViewPosition": "CC", "ImageLaterality": "B"},
        {"ImageLaterality": "L"},
        {"ImageLaterality": "L", "SeriesDescription": "L CC"},
        {"ImageLaterality": "L", "ViewPosition": "AP"},
    ],
)
def test_without_side_or_projection_there_is_no_view(values: dict[str, Any]) -> None:
    assert view_of(header(**values)) is None


@pytest.mark.parametrize(("factor", "stands"), [("1.05", True), ("1.8", False), (None, True)])
def test_a_magnification_factor_marks_an_enlarged_view(factor: str | None, stands: bool) -> None:
    found = view_of(header("R-10242", ImageLaterality="R", EstimatedRadiographicMagnificationFactor=factor))
    assert found is not None
    assert found.can_stand_for_its_view is stands
