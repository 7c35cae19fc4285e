"""What leaves the gate is a valid mammogram, true about itself, with the pixels and numbers it came with."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from mammoset.errors import RefusedObject
from mammoset.pixels.codec import decode, decode_level, file_bytes, with_pixels
from mammoset.pixels.window import Presentation, display_values
from mammoset.pseudonymize.gate import Rebuilt, rebuild
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL, IMPLEMENTATION_CLASS_UID
from tests.pseudonymize.hostile import (
    NAMES,
    Elements,
    breast_pixels,
    changed,
    code,
    file_of,
    item,
    mammogram,
    passed,
    read,
    tag,
    us,
)


def through(elements: Elements) -> Rebuilt:
    return rebuild(read(file_of(elements)), NAMES)


def reason(elements: Elements) -> str:
    with pytest.raises(RefusedObject) as refused:
        through(elements)
    return refused.value.reason


def lut(first: int, data: list[int], bits: int = 12, explanation: str = "NORMAL") -> bytes:
    return item(
        {
            tag("LUTDescriptor"): us(len(data) % 65536, first % 65536, bits),
            tag("LUTExplanation"): ("LO", explanation.encode()),
            tag("LUTData"): ("OW", struct.pack(f"<{len(data)}H", *data)),
        }
    )


RAMP = np.linspace(0, 4095, 4096).astype(int).tolist()
FULL = changed(
    mammogram(),
    Manufacturer="SIEMENS",
    ManufacturerModelName="MAMMOMAT Inspiration",
    PatientAge="054Y",
    PatientSex="F",
    KVP="28.5",
    BodyPartThickness=("DS", b"51"),
    CompressionForce=("DS", b"102.4"),
    Exposure=("IS", b"120"),
    ExposureInuAs=("IS", b"120400"),
    FilterMaterial=("CS", b"RHODIUM"),
    AnodeTargetMaterial=("CS", b"TUNGSTEN"),
    Grid="FOCUSED\\RECIPROCATING",
    FocalSpots=("DS", b"0.3"),
    DetectorType=("CS", b"DIRECT"),
    FieldOfViewShape=("CS", b"RECTANGLE"),
    FieldOfViewOrigin="0\\0",
    FieldOfViewRotation="180",
    FieldOfViewHorizontalFlip="NO",
    PixelSpacing=("DS", b"0.085\\0.085"),
    PixelPaddingValue=us(0),
    PixelPaddingRangeLimit=us(30),
    WindowCenter="2000\\1900",
    WindowWidth="3000\\1500",
    WindowCenterWidthExplanation="Normal\\Dr. Quyen's choice",
    VOILUTFunction="SIGMOID",
    VOILUTSequence=("SQ", lut(0, RAMP) + lut(0, RAMP, explanation="for Mrs. Lan")),
    BreastImplantPresent=("CS", b"NO"),
    PartialView="NO",
    PatientOrientation="A\\R",
    OrganDose=("DS", b"0.0152"),
    EntranceDoseInmGy=("DS", b"7.1"),
    HalfValueLayer=("DS", b"0.55"),
    LossyImageCompression="00",
)
MODIFIERS: Elements = {
    tag("ViewModifierCodeSequence"): ("SQ", item(code("R-102D6", "SRT", "x")) + item(code("R-102D7", "SRT", "x")))
}
VARIANTS: dict[str, Elements] = {
    "bare": mammogram(),
    "full": FULL,
    "monochrome1": changed(mammogram(4095 - breast_pixels()), PhotometricInterpretation="MONOCHROME1"),
    "rescaled": changed(FULL, RescaleSlope="2", RescaleIntercept="-100"),
    "8 bits": mammogram((breast_pixels() >> 4).astype(np.uint8), bits=8),
    "8 bits of odd length": mammogram((breast_pixels(51, 33) >> 4).astype(np.uint8), bits=8),
    "16 bits": mammogram(breast_pixels(bits=16), bits=16),
    "table only": changed(mammogram(), VOILUTSequence=("SQ", lut(0, RAMP))),
    "table of 8 bits": changed(mammogram(), VOILUTSequence=("SQ", lut(0, list(range(256)), bits=8))),
    "table of 65536 entries": changed(
        mammogram(breast_pixels(bits=16), bits=16), VOILUTSequence=("SQ", lut(0, list(range(65536)), bits=16))
    ),
    "lossy": changed(mammogram(), LossyImageCompressionRatio="12.5", LossyImageCompressionMethod="ISO_15444_1"),
    "partial": changed(mammogram(), PartialView="YES"),
    "spot magnification": changed(mammogram(), ViewCodeSequence=("SQ", item(code("R-10242", "SNM3", "x") | MODIFIERS))),
    "medio-lateral": changed(mammogram(), ViewCodeSequence=("SQ", item(code("399260004", "SCT", "x")))),
    "right": changed(mammogram(breast_pixels(on_left=False)), ImageLaterality="R"),
}


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_validator_finds_no_error(
    variant: str, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    rebuilt = through(VARIANTS[variant])
    (tmp_path / "object.dcm").write_bytes(file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, EXPLICIT_VR_LE)))
    assert not dciodvfy_errors(tmp_path / "object.dcm")


@pytest.mark.real("dciodvfy")
def test_the_validator_does_find_errors_in_what_the_gate_would_not_write(
    tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    (tmp_path / "object.dcm").write_bytes(file_of(mammogram()))
    assert dciodvfy_errors(tmp_path / "object.dcm")


@pytest.mark.parametrize("variant", VARIANTS)
def test_pixels_outside_the_masked_boxes_are_bit_identical(variant: str) -> None:
    original = decode(read(file_of(VARIANTS[variant])))
    rebuilt = through(VARIANTS[variant])
    outside = np.ones(original.shape, bool)
    for xmin, ymin, xmax, ymax in rebuilt.masked:
        outside[ymin:ymax, xmin:xmax] = False
        assert len(np.unique(rebuilt.pixels[ymin:ymax, xmin:xmax])) == 1
    assert outside.any()
    assert np.array_equal(rebuilt.pixels[outside], original[outside])
    assert rebuilt.dataset.SmallestImagePixelValue == rebuilt.pixels.min()
    assert rebuilt.dataset.LargestImagePixelValue == rebuilt.pixels.max()


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_image_looks_as_it_did(variant: str) -> None:
    """Every choice of window and table gives the grey it gave, up to rounding."""
    source = read(file_of(VARIANTS[variant]))
    rebuilt = through(VARIANTS[variant])
    before, after = Presentation.of(source), Presentation.of(rebuilt.dataset)
    restated = len(after.windows) + len(after.voi_luts)
    if variant != "rescaled" and (before.windows or before.voi_luts):
        assert restated == len(before.windows) + len(before.voi_luts)
    for choice in range(len(before.windows) or restated):
        if before.windows or before.voi_luts:
            shown, again = (display_values(rebuilt.pixels, one, choice).astype(int) for one in (before, after))
            assert np.abs(shown - again).max() <= 1


def test_names_and_uids_are_the_pseudonyms() -> None:
    dataset = through(FULL).dataset
    assert (dataset.PatientID, str(dataset.PatientName)) == ("P0123456789ABCDEF", "P0123456789ABCDEF^")
    assert (dataset.StudyInstanceUID, dataset.SeriesInstanceUID) == ("2.25.103", "2.25.102")
    assert dataset.SOPInstanceUID == dataset.file_meta.MediaStorageSOPInstanceUID == "2.25.101"
    assert dataset.file_meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID


def test_the_object_says_truthfully_what_was_done_to_it() -> None:
    dataset = through(FULL).dataset
    assert dataset.PatientIdentityRemoved == "YES"
    assert all(len(text) <= 64 for text in dataset.DeidentificationMethod)
    codes = [(one.CodeValue, one.CodingSchemeDesignator) for one in dataset.DeidentificationMethodCodeSequence]
    assert codes == [("113100", "DCM"), ("113108", "DCM")]
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert dataset.BurnedInAnnotation == "YES"
    for keyword in (
        "StudyDate",
        "StudyTime",
        "PatientBirthDate",
        "AccessionNumber",
        "ReferringPhysicianName",
        "StudyID",
    ):
        assert not dataset[keyword].value


def test_numbers_and_terms_of_the_exposure_are_kept() -> None:
    found = through(FULL).attributes
    expected = {
        "manufacturer": "SIEMENS", "manufacturer_model_name": "Mammomat Inspiration", "patient_age": "054Y",
        "patient_sex": "F", "kvp": 28.5, "body_part_thickness": 51.0, "compression_force": 102.4, "exposure": 120,
        "exposure_in_uas": 120400, "filter_material": ["RHODIUM"], "anode_target_material": "TUNGSTEN",
        "grid": ["FOCUSED", "RECIPROCATING"], "focal_spots": [0.3], "imager_pixel_spacing": [0.085, 0.085],
        "pixel_padding_value": 0, "pixel_padding_range_limit": 30, "window_center": [2000.0, 1900.0],
        "window_width": [3000.0, 1500.0], "voi_lut_function": "SIGMOID", "breast_implant_present": "NO",
        "organ_dose": 0.0152, "half_value_layer": 0.55, "chest_wall": "left", "orientation_corrected": False,
        "view_modifiers": [], "image_laterality": "L", "view_position": "CC", "bits_stored": 12,
        "photometric_interpretation": "MONOCHROME2",
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    assert json.loads(json.dumps(found)) == found


def test_explanations_become_words_of_a_closed_list() -> None:
    dataset = through(FULL).dataset
    assert list(dataset.WindowCenterWidthExplanation) == ["NORMAL", "WINDOW2"]
    assert [one.LUTExplanation for one in dataset.VOILUTSequence] == ["NORMAL", "LUT2"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"PatientAge": "054Y"}, "054Y"),
        ({"PatientAge": "089Y"}, "089Y"),
        ({"PatientAge": "090Y"}, "090Y"),
        ({"PatientAge": "094Y"}, "090Y"),
        ({"PatientAge": "600M"}, "050Y"),
        ({"PatientAge": "54"}, None),
        ({"PatientAge": "000Y"}, None),
        ({"PatientAge": "999Y"}, None),
        ({"PatientBirthDate": "19600301", "StudyDate": "20200229"}, "059Y"),
        ({"PatientBirthDate": "19600301", "StudyDate": "20200301"}, "060Y"),
        ({"PatientBirthDate": "19220301", "StudyDate": "20200301"}, "090Y"),
        ({"PatientAge": "000Y", "PatientBirthDate": "19600101", "StudyDate": "20200301"}, "060Y"),
        ({"PatientBirthDate": "19600301"}, None),
        ({"PatientBirthDate": "19609999", "StudyDate": "20200301"}, None),
    ],
)
def test_ages_are_whole_years_and_not_above_ninety(given: dict[str, Any], expected: str | None) -> None:
    assert through(changed(mammogram(), **given)).attributes.get("patient_age") == expected


@pytest.mark.parametrize(
    ("maker", "model", "expected"),
    [
        ("SIEMENS", "MAMMOMAT Inspiration", ("SIEMENS", "Mammomat Inspiration")),
        ("Siemens Healthineers", "MAMMOMAT Revelation 2", ("SIEMENS", "Mammomat Revelation")),
        ("GE MEDICAL SYSTEMS", "Senograph Essential VERSION ADS_54.11", ("GE MEDICAL SYSTEMS", "Senographe Essential")),
        ("HOLOGIC, Inc.", "Lorad Selenia", ("HOLOGIC", "Selenia")),
        ("HOLOGIC, Inc.", "Selenia Dimensions", ("HOLOGIC", "Selenia Dimensions")),
        ("IMS s.r.l.", "GIOTTO IMAGE 3D", ("IMS", "Giotto Image")),
        ("Planmed", "Nuance Excel", ("PLANMED", "Nuance Excel")),
        ("SIEMENS", "Room of Dr. Khoa", ("SIEMENS", None)),
        ("SIEMENS", "Senographe Essential", ("SIEMENS", None)),
        ("Vuon Man Devices", "Nuance Excel", ("OTHER", None)),
        ("", "Nuance Excel", (None, None)),
    ],
)
def test_makers_and_models_come_from_a_closed_list(maker: str, model: str, expected: tuple[str, str]) -> None:
    found = through(changed(mammogram(), Manufacturer=maker, ManufacturerModelName=model)).attributes
    assert (found.get("manufacturer"), found.get("manufacturer_model_name")) == expected


@pytest.mark.parametrize("laterality", ["L", "R"])
@pytest.mark.parametrize("on_left", [True, False])
@pytest.mark.parametrize("said", [None, "A\\R", "P\\L", "nonsense"])
def test_the_side_is_taken_from_the_pixels_when_the_header_disagrees(
    laterality: str, on_left: bool, said: str | None
) -> None:
    elements = changed(mammogram(breast_pixels(on_left=on_left)), ImageLaterality=laterality)
    if said is not None:
        elements = changed(elements, PatientOrientation=said)
    rebuilt = through(elements)
    assert rebuilt.attributes["chest_wall"] == ("left" if on_left else "right")
    assert rebuilt.dataset.PatientOrientation[0] == ("A" if on_left else "P")
    assert all((xmin == 0) != on_left for xmin, _, _, _ in rebuilt.masked)
    contradicted = said in (("P\\L",) if on_left else ("A\\R",))
    assert rebuilt.attributes["orientation_corrected"] is contradicted


@pytest.mark.parametrize(
    ("laterality", "said", "expected"), [("L", None, "left"), ("R", None, "right"), ("R", "A\\R", "left")]
)
def test_where_pixels_do_not_tell_the_header_does(laterality: str, said: str | None, expected: str) -> None:
    even = changed(mammogram(np.full((96, 72), 500, np.uint16)), ImageLaterality=laterality)
    elements = even if said is None else changed(even, PatientOrientation=said)
    assert through(elements).attributes["chest_wall"] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.2.1"}, "for_processing"),
        ({"PresentationIntentType": "FOR PROCESSING"}, "for_processing"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.13.1.3"}, "tomosynthesis"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "wrong_sop_class"),
        ({"ImageLaterality": "B"}, "unknown_view"),
        ({"ViewCodeSequence": ("SQ", b"")}, "unknown_view"),
        ({"ImagerPixelSpacing": "about 0.1"}, "invalid_value"),
        ({"ImagerPixelSpacing": "0.085"}, "invalid_value"),
        ({"ImagerPixelSpacing": "85\\85"}, "invalid_value"),
        ({"PixelIntensityRelationship": ("CS", b"NGUYEN")}, "invalid_value"),
        ({"RescaleSlope": "0"}, "invalid_value"),
        ({"RescaleIntercept": "much"}, "invalid_value"),
        ({"PixelRepresentation": us(1)}, "invalid_value"),
        ({"LossyImageCompression": "01"}, "invalid_value"),
        ({"PhotometricInterpretation": "RGB"}, "not_grayscale"),
        ({"NumberOfFrames": "3"}, "multi_frame"),
        ({"Rows": us(200)}, "pixel_size"),
    ],
)
def test_what_cannot_be_a_valid_presentation_mammogram_is_refused(change: dict[str, Any], expected: str) -> None:
    assert reason(changed(mammogram(), **change)) == expected


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("KVP", "9999"),
        ("KVP", "28\\29"),
        ("KVP", "nan"),
        ("KVP", "1e400"),
        ("FieldOfViewRotation", "45"),
        ("Grid", "FOCUSED\\Dr. Khoa"),
        ("WindowWidth", "-3"),
        ("WindowCenter", "123456789"),
    ],
)
def test_a_number_or_term_outside_its_range_is_left_out(keyword: str, value: str) -> None:
    dataset = through(changed(FULL, **{keyword: value})).dataset
    assert value not in str(dataset.get(keyword))


def test_an_incomplete_group_is_left_out_as_a_whole() -> None:
    dataset = through(changed(FULL, FieldOfViewRotation="45")).dataset
    assert not {"FieldOfViewOrigin", "FieldOfViewRotation", "FieldOfViewHorizontalFlip"} & set(dataset.dir())


def test_without_window_and_table_the_whole_range_is_shown() -> None:
    rebuilt = through(mammogram())
    shown = display_values(rebuilt.pixels, Presentation.of(rebuilt.dataset))
    assert (shown.min(), shown.max()) == (0, 255)


def test_the_source_is_not_changed() -> None:
    dataset = read(file_of(FULL))
    before = str(dataset)
    rebuild(dataset, NAMES)
    assert str(dataset) == before


def test_the_stored_object_is_found_by_its_record(tmp_path: Path) -> None:
    original = tmp_path / "original.dcm"
    original.write_bytes(file_of(FULL))
    record = passed(GateTask(original, tmp_path / "content", NAMES, is_standard=False))
    data = (tmp_path / "content" / "P0123456789ABCDEF" / "2.25.103" / "2.25.101.dcm").read_bytes()
    dataset = dcmread(BytesIO(data))
    pixels = decode(dataset)
    assert dataset.file_meta.TransferSyntaxUID == HTJ2K_LOSSLESS_RPCL
    assert (record.size, record.file_sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert record.pixel_sha256 == hashlib.sha256(pixels.astype("<u2").tobytes()).hexdigest()
    assert (record.image.height, record.image.width) == pixels.shape
    assert record.image.is_standard is False
    stream = data[record.codestream_offset :]
    for level, end in enumerate(reversed(record.tile_part_ends)):
        assert decode_level(stream[:end], level).shape == (96 >> level, -(-72 // (1 << level)))
    assert np.array_equal(decode_level(stream[: record.tile_part_ends[-1]], 0), pixels)


def test_the_same_original_and_pseudonyms_give_the_same_bytes(tmp_path: Path) -> None:
    original = tmp_path / "original.dcm"
    original.write_bytes(file_of(FULL))
    first = passed(GateTask(original, tmp_path / "one", NAMES))
    again = passed(GateTask(original, tmp_path / "two", NAMES))
    other = passed(GateTask(original, tmp_path / "two", replace(NAMES, image_id="2.25.999")))
    assert first == again
    assert first.file_sha256 != other.file_sha256
    assert first.pixel_sha256 == other.pixel_sha256


def test_a_file_that_is_no_dicom_is_refused_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"Mrs. Lan, room 4")
    with pytest.raises(RefusedObject):
        treat(GateTask(tmp_path / "note.txt", tmp_path / "content", NAMES))
    with pytest.raises(FileNotFoundError):
        treat(GateTask(tmp_path / "absent.dcm", tmp_path / "content", NAMES))
    assert not (tmp_path / "content").exists()
