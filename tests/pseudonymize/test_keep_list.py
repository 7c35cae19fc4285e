"""What later stages need of a header is kept, each value checked: views, sections, spacing, exposure, padding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from mammoset.pseudonymize.profile import rules
from mammoset.terms.dicom import (
    PARTIAL_VIEW_SECTIONS,
    PARTIAL_VIEW_SECTIONS_SRT,
    VIEW_CODES,
    VIEW_MODIFIER_CODES,
    VIEW_MODIFIER_CODES_SRT,
)
from tests.pseudonymize.hostile import Elements, changed, code, item, mammogram, tag, us
from tests.pseudonymize.sources import kept, written

Pair = tuple[str, bytes]


def sections(*values: str, scheme: str = "SCT") -> Pair:
    return "SQ", b"".join(item(code(value, scheme, "for Mrs. Lan")) for value in values)


def view(code_value: str, *modifiers: str) -> Pair:
    inner = b"".join(item(code(one, "SNM3", "Dr. Khoa")) for one in modifiers)
    return "SQ", item(code(code_value, "SRT", "Dr. Khoa") | {tag("ViewModifierCodeSequence"): ("SQ", inner)})


def meanings(dataset: Dataset, keyword: str) -> list[str]:
    return [str(one.CodeMeaning) for one in dataset.get(keyword) or ()]


@pytest.mark.parametrize("position", VIEW_CODES)
def test_every_view_keeps_its_code_and_meaning(position: Any) -> None:
    (found,) = kept(changed(mammogram(), ViewCodeSequence=view(VIEW_CODES[position].value))).ViewCodeSequence
    assert (found.CodeValue, found.CodingSchemeDesignator, found.CodeMeaning) == VIEW_CODES[position]


@pytest.mark.parametrize("retired", VIEW_MODIFIER_CODES_SRT)
def test_every_modifier_is_kept_and_restated_in_snomed_ct(retired: str) -> None:
    (found,) = kept(changed(mammogram(), ViewCodeSequence=view("R-10242", retired))).ViewCodeSequence
    (modifier,) = found.ViewModifierCodeSequence
    expected = VIEW_MODIFIER_CODES[VIEW_MODIFIER_CODES_SRT[retired]]
    assert (modifier.CodeValue, modifier.CodingSchemeDesignator, modifier.CodeMeaning) == expected


@pytest.mark.parametrize("value", PARTIAL_VIEW_SECTIONS)
def test_a_partial_view_keeps_its_section(value: str) -> None:
    elements = changed(mammogram(), PartialView="YES", PartialViewCodeSequence=sections(value))
    assert meanings(kept(elements), "PartialViewCodeSequence") == [PARTIAL_VIEW_SECTIONS[value].meaning]


def test_retired_sections_are_restated() -> None:
    values = list(PARTIAL_VIEW_SECTIONS_SRT)[:2]
    elements = changed(mammogram(), PartialView="YES", PartialViewCodeSequence=sections(*values, scheme="SRT"))
    assert meanings(kept(elements), "PartialViewCodeSequence") == ["Anterior", "Central"]


@pytest.mark.parametrize(
    ("flag", "found"),
    [
        ("NO", sections("255549009")),
        ("", sections("255549009")),
        ("PERHAPS", sections("255549009")),
        ("YES", sections("255549009", "255549009")),
        ("YES", sections("255549009", "26216008", "49370004")),
        ("YES", sections("255549009", "Mrs. Lan")),
        ("YES", ("SQ", b"")),
    ],
)
def test_sections_that_cannot_be_are_left_out(flag: str, found: Pair) -> None:
    dataset = kept(changed(mammogram(), PartialView=flag, PartialViewCodeSequence=found))
    assert "PartialViewCodeSequence" not in dataset
    assert dataset.get("PartialView") == (flag if flag in ("YES", "NO") else None)


@pytest.mark.parametrize("modifier", ["R-102D6", "R-102D7"])
def test_a_magnified_or_spot_view_is_no_partial_view(modifier: str) -> None:
    elements = changed(
        mammogram(),
        PartialView="YES",
        PartialViewCodeSequence=sections("255549009"),
        ViewCodeSequence=view("R-10242", modifier),
    )
    assert not {"PartialView", "PartialViewCodeSequence"} & set(kept(elements).dir())


@pytest.mark.real("dciodvfy")
def test_partial_and_modified_views_are_valid(tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]) -> None:
    partial = changed(mammogram(), PartialView="YES", PartialViewCodeSequence=sections("255549009", "49370004"))
    modified = changed(mammogram(), ViewCodeSequence=view("R-10226", "R-40AB2", "R-102D5"))
    for number, elements in enumerate((partial, modified)):
        (tmp_path / f"{number}.dcm").write_bytes(written(kept(elements), elements))
        assert not dciodvfy_errors(tmp_path / f"{number}.dcm")


NUMBERS = [
    (rule.keyword, *map(float, rule.allowed.split("..")))
    for rule in rules()
    if rule.action == "number" and not rule.option
]


@pytest.mark.parametrize(("keyword", "low", "high"), NUMBERS)
def test_every_number_is_kept_within_its_range_and_left_out_beside_it(keyword: str, low: float, high: float) -> None:
    # 12 digits: what a patient's number may have
    texts = {f"{low:.9g}": True, f"{high:.9g}": True, f"{low - 1:.9g}": False, f"{high + 1:.9g}": False}
    texts["123456789012"] = False
    texts |= {"Lan": False, f"{high:g}\\{high:g}": False, "": False, "nan": False}
    found = {text: keyword in kept(changed(mammogram(), **{keyword: ("DS", text.encode())})) for text in texts}
    assert found == texts


TERMS = [(rule.keyword, rule.allowed.split("|")) for rule in rules() if rule.action == "vocabulary" and not rule.option]


@pytest.mark.parametrize(("keyword", "allowed"), [one for one in TERMS if one[0] != "PixelIntensityRelationshipSign"])
def test_every_term_of_a_vocabulary_is_kept_and_no_other(keyword: str, allowed: list[str]) -> None:
    together = ("FieldOfViewOrigin", "FieldOfViewRotation", "FieldOfViewHorizontalFlip")
    base = changed(mammogram(), FieldOfViewOrigin="0\\0", FieldOfViewRotation="0", FieldOfViewHorizontalFlip="NO")
    start = base if keyword in together else mammogram()
    for one in allowed:
        value = kept(changed(start, **{keyword: ("CS", one.encode())}))[keyword].value
        assert str(value) == one
    if keyword != "PixelIntensityRelationship":
        other = kept(changed(start, **{keyword: ("CS", b"NGUYEN THI LAN")}))
        assert "NGUYEN" not in str(other.get(keyword))


def test_padding_is_kept_within_the_stored_values_only() -> None:
    both = changed(mammogram(), PixelPaddingValue=us(0), PixelPaddingRangeLimit=us(30))
    dataset = kept(both)
    assert (dataset.PixelPaddingValue, dataset.PixelPaddingRangeLimit) == (0, 30)
    assert "PixelPaddingValue" not in kept(changed(mammogram(), PixelPaddingValue=us(50000)))
    assert "PixelPaddingRangeLimit" not in kept(changed(mammogram(), PixelPaddingRangeLimit=us(30)))


@given(factor=st.floats(0.5, 4), spacing=st.floats(0.01, 1), force=st.floats(0, 500), thickness=st.floats(0, 300))
def test_measures_come_through_with_six_digits(factor: float, spacing: float, force: float, thickness: float) -> None:
    given_: dict[str, float] = {
        "EstimatedRadiographicMagnificationFactor": factor,
        "CompressionForce": force,
        "BodyPartThickness": thickness,
    }
    texts: dict[str, Pair] = {keyword: ("DS", f"{value:.9f}"[:16].encode()) for keyword, value in given_.items()}
    elements: Elements = changed(mammogram(), ImagerPixelSpacing=f"{spacing:.6f}\\{spacing:.6f}", **texts)
    dataset = kept(elements)
    for keyword, value in given_.items():
        assert float(dataset[keyword].value) == pytest.approx(value, rel=1e-5, abs=1e-8)
    assert [float(one) for one in dataset.ImagerPixelSpacing] == pytest.approx([spacing] * 2, rel=1e-4)
