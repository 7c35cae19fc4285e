"""The keep-list is complete, consistent with the Standard's dictionary, and is what the program does."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.datadict import dictionary_VR, tag_for_keyword

from mammoset.pseudonymize.actions import ACTIONS
from mammoset.pseudonymize.gate import rebuild
from mammoset.pseudonymize.profile import EXPLAIN_HEADER, Rule, devices, explain, rules, snake_case
from tests.pseudonymize.hostile import NAMES, file_of, mammogram, read

PAPER = [
    "PatientSex", "PatientAge", "Rows", "Columns", "PixelSpacing", "ImagerPixelSpacing", "PixelPaddingValue",
    "PixelPaddingRangeLimit", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PresentationLUTShape", "SmallestImagePixelValue", "LargestImagePixelValue", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence", "RescaleIntercept", "RescaleSlope",
    "RescaleType", "PhotometricInterpretation", "LossyImageCompression", "LossyImageCompressionRatio",
    "LossyImageCompressionMethod", "SamplesPerPixel", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID",
    "Modality", "BodyPartExamined", "PresentationIntentType", "Manufacturer", "ManufacturerModelName",
    "ImageLaterality", "ViewPosition",
]  # fmt: skip
"""Tables 6 and 7 without PatientSize, PatientWeight, NumberOfFrames and Laterality (docs/pseudonymize.md says why)."""

REQUIRED = [
    "SOPClassUID", "PatientName", "PatientID", "PatientBirthDate", "AccessionNumber", "ReferringPhysicianName",
    "StudyDate", "StudyTime", "StudyID", "SeriesNumber", "InstanceNumber", "PatientOrientation", "ImageType",
    "AnatomicRegionSequence", "ViewCodeSequence", "PositionerType", "OrganExposed", "DetectorType",
    "AcquisitionContextSequence", "BurnedInAnnotation", "PixelIntensityRelationship",
    "PixelIntensityRelationshipSign",
]  # fmt: skip
"""What the class requires beyond the papers' list."""


@pytest.mark.parametrize("keyword", PAPER + REQUIRED)
def test_the_keep_list_names_what_the_papers_kept_and_the_class_requires(keyword: str) -> None:
    assert keyword in {rule.keyword for rule in rules()}


NOT_KEPT = ("PatientSize", "PatientWeight", "Laterality", "NumberOfFrames", "DeviceSerialNumber")


@pytest.mark.parametrize("keyword", NOT_KEPT)
def test_what_identifies_or_contradicts_is_not_kept(keyword: str) -> None:
    assert keyword not in {rule.keyword for rule in rules()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.keyword)
def test_every_rule_can_be_carried_out(rule: Rule) -> None:
    assert tag_for_keyword(rule.keyword) is not None
    assert dictionary_VR(rule.keyword)
    assert rule.type in ("1", "1C", "2", "2C", "3")
    assert rule.action in ACTIONS
    assert rule.source


def test_each_attribute_has_one_rule_and_each_action_a_use() -> None:
    keywords = [rule.keyword for rule in rules()]
    assert len(keywords) == len(set(keywords))
    assert {rule.action for rule in rules()} == set(ACTIONS)


def test_nothing_is_written_that_the_keep_list_does_not_name() -> None:
    rebuilt = rebuild(read(file_of(mammogram())), NAMES)
    assert {element.keyword for element in rebuilt.dataset} <= {rule.keyword for rule in rules()}


def test_the_explanation_is_the_keep_list() -> None:
    assert [row.to_json()["keyword"] for row in explain()] == [rule.keyword for rule in rules()]
    spacing = next(row for row in explain() if row.keyword == "ImagerPixelSpacing")
    assert dict(zip(EXPLAIN_HEADER, spacing.cells(), strict=True))["otherwise"] == "refuse"
    force = next(row for row in explain() if row.keyword == "CompressionForce")
    assert force.without_value == "left out"


def test_every_model_belongs_to_a_manufacturer() -> None:
    makers = {one.manufacturer for one in devices() if not one.model}
    assert {one.manufacturer for one in devices()} == makers
    assert all(begin.isalnum() and begin.isupper() for one in devices() for begin in one.begins_with)


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        ("VOILUTFunction", "voi_lut_function"),
        ("KVP", "kvp"),
        ("XRayTubeCurrent", "x_ray_tube_current"),
        ("ExposureInuAs", "exposure_in_uas"),
        ("EntranceDoseInmGy", "entrance_dose_in_mgy"),
        ("SOPInstanceUID", "sop_instance_uid"),
        ("PresentationLUTShape", "presentation_lut_shape"),
        ("PatientAge", "patient_age"),
    ],
)
def test_keywords_in_snake_case(keyword: str, expected: str) -> None:
    assert snake_case(keyword) == expected


def test_the_documentation_shows_the_keep_list() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pseudonymize.md").read_text(encoding="utf-8")
    shown = page.split("<!-- keep-list -->\n")[1].split("<!-- end -->")[0]
    head = [f"| {' | '.join(EXPLAIN_HEADER)} |", f"|{'---|' * len(EXPLAIN_HEADER)}"]
    rows = [f"| {' | '.join(cell.replace('|', ', ') for cell in rule.cells())} |" for rule in explain()]
    assert shown.splitlines() == head + rows
