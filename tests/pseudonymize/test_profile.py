"""The keep-list is complete, consistent with the Standard's dictionary, and is what the program does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydicom.datadict import dictionary_VR, tag_for_keyword

from mammoset.project import Project
from mammoset.pseudonymize.actions import ACTIONS
from mammoset.pseudonymize.explain import explain, markdown
from mammoset.pseudonymize.gate import rebuild
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.profile import EXPLAIN_HEADER, MAY_BE_EMPTY, Rule, devices, rules, snake_case
from tests.pseudonymize.hostile import NAMES, file_of, mammogram, read
from tests.running import Run

PAPER = [
    "PatientSex", "PatientAge", "Rows", "Columns", "PixelSpacing", "ImagerPixelSpacing", "PixelPaddingValue",
    "PixelPaddingRangeLimit", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PresentationLUTShape", "SmallestImagePixelValue", "LargestImagePixelValue", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence", "RescaleIntercept", "RescaleSlope",
    "RescaleType", "PhotometricInterpretation", "LossyImageCompression", "LossyImageCompressionRatio",
    "LossyImageCompressionMethod", "SamplesPerPixel", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID",
    "Modality", "BodyPartExamined", "PresentationIntentType", "Manufacturer", "ManufacturerModelName",
    "ImageLaterality", "ViewPosition", "PatientSize", "PatientWeight",
]  # fmt: skip
"""Tables 6 and 7 without NumberOfFrames and Laterality (docs/pseudonymize.md says why)."""

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


NOT_KEPT = ("Laterality", "NumberOfFrames", "DeviceSerialNumber", "StationName", "DetectorID", "SoftwareVersions")


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
    assert not rule.option or isinstance(getattr(Options(), rule.option), bool)


def test_no_switch_takes_away_what_the_class_requires() -> None:
    assert all(rule.type in ("3", *MAY_BE_EMPTY) for rule in rules() if rule.option)


def test_each_attribute_has_one_rule_and_each_action_a_use() -> None:
    keywords = [rule.keyword for rule in rules()]
    assert len(keywords) == len(set(keywords))
    assert {rule.action for rule in rules()} == set(ACTIONS)


def test_nothing_is_written_that_the_keep_list_does_not_name() -> None:
    rebuilt = rebuild(read(file_of(mammogram())), NAMES)
    assert {element.keyword for element in rebuilt.dataset} <= {rule.keyword for rule in rules()}


def test_the_explanation_names_every_rule_and_its_switch() -> None:
    by_keyword = {row.keyword: dict(zip(EXPLAIN_HEADER, row.cells(), strict=True)) for row in explain()}
    assert list(by_keyword)[: len(rules())] == [rule.keyword for rule in rules()]
    assert by_keyword["ImagerPixelSpacing"]["otherwise"] == "refuse"
    assert by_keyword["CompressionForce"]["otherwise"] == "left out"
    assert by_keyword["PatientSize"]["option"] == "retain_size_and_weight"
    assert by_keyword["GEMS_SENO_02 (0045,xx59)"]["option"] == "private_integers"


def test_the_explanation_of_a_project_gives_the_rules_in_force() -> None:
    little = {row.keyword: row for row in explain(Options(retain_patient_characteristics=False))}
    assert (little["PatientSex"].action, little["StudyDate"].action) == ("empty", "empty")
    assert not {"PatientAge", "PatientSize", "GEMS_SENO_02 (0045,xx59)"} & set(little)
    assert little["DeidentificationMethodCodeSequence"].allowed == "113100"
    assert little["BurnedInAnnotation"].allowed == "YES"
    switched = Options("fast", None, True, True, True, 10, ("GEMS_SENO_02",))
    much = {row.keyword: row for row in explain(switched)}
    assert much["StudyDate"].action == "date"
    assert much["PatientAge"].allowed.endswith("bands of 10")
    assert much["DeidentificationMethodCodeSequence"].allowed == "113100|113101|113107|113108|113111"
    assert much["BurnedInAnnotation"].allowed == "NO"
    assert {row.keyword.split(" ")[0] for row in much.values() if row.action == "private"} == {"GEMS_SENO_02"}


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
    assert shown.splitlines() == markdown(explain()), "write the table anew: scripts/write-keep-list"


def test_the_command_line_prints_the_rules_of_the_project(tmp_path: Path, run: Run) -> None:
    Project.create(
        tmp_path / "own",
        settings_text='[dataset]\nname = "own"\n[pseudonymize]\nretain_patient_characteristics = false\n',
    ).close()
    rows = json.loads(run("-C", tmp_path / "own", "--json", "pseudonymize", "--explain").out)
    by_keyword = {row["keyword"]: row for row in rows}
    assert list(rows[0]) == list(EXPLAIN_HEADER)
    assert "PatientAge" not in by_keyword
    assert by_keyword["PatientSex"]["action"] == "empty"
    assert by_keyword["DeidentificationMethodCodeSequence"]["allowed"] == "113100|113101"
    lines = run("-C", tmp_path / "own", "pseudonymize", "--explain").out.splitlines()
    assert lines[0].split() == list(EXPLAIN_HEADER)
    assert len(lines) == len(rows) + 1
    elsewhere = json.loads(run("-C", tmp_path, "--json", "pseudonymize", "--explain").out)
    assert "PatientAge" in {row["keyword"] for row in elsewhere}
