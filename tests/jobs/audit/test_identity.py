"""What identifies somebody, or could hide something, is found in the element that holds it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from mammoset.jobs.audit.identity import identifying
from mammoset.jobs.audit.texts import is_technical
from tests.jobs.audit.judged import META, conformant, failing, found, judged
from tests.pseudonymize.hostile import Elements, changed, code, file_of, item, tag, us

NAME = b"NGUYEN THI LAN"
HIDDEN_ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 22) + struct.pack("<HHI", 0x10, 0x10, 14) + NAME
"""As an implicit file has it."""
Change = Callable[[Elements], Elements]


def put(**values: tuple[str, bytes]) -> Change:
    return lambda elements: changed(elements, **values)


def test_nothing_is_said_of_a_clean_file(tmp_path: Path) -> None:
    assert judged(file_of(conformant(), meta=META), tmp_path).findings == ()


def test_the_table_of_ps3_15_is_whole() -> None:
    assert len(identifying()) > 590
    assert identifying()["PatientBirthDate"] == "date"
    assert identifying()["InstitutionName"] == "institution"


PLACES: dict[str, tuple[Change, str, str]] = {
    "name": (put(PatientName=("PN", b"Nguyen^Thi Lan")), "person", "PatientName"),
    "another name": (put(OperatorsName=("PN", b"Le^Thi Hoa")), "person", "OperatorsName"),
    "a name by its representation": (put(VerifyingObserverName=("PN", b"Le^Hoa")), "person", "VerifyingObserverName"),
    "accession": (put(AccessionNumber=("SH", b"A123456")), "identifier", "AccessionNumber"),
    "date": (put(AcquisitionDate=("DA", b"20240131")), "date", "AcquisitionDate"),
    "time": (put(AcquisitionTime=("TM", b"101112")), "date", "AcquisitionTime"),
    "hospital": (put(InstitutionName=("LO", b"Benh vien Vuon Man")), "institution", "InstitutionName"),
    "address": (put(PatientAddress=("LO", b"88 duong Man Hau")), "address", "PatientAddress"),
    "serial": (put(DeviceSerialNumber=("LO", b"SN-730118")), "device", "DeviceSerialNumber"),
    "comment": (put(ImageComments=("LT", NAME)), "description", "ImageComments"),
    "dry comment": (put(StudyDescription=("LO", b"Mammography")), "plain_description", "StudyDescription"),
    "age": (put(PatientAge=("AS", b"094Y")), "age_over_89", "PatientAge"),
    "age in months": (put(PatientAge=("AS", b"700M")), "odd_age", "PatientAge"),
    "weight": (put(PatientWeight=("DS", b"87.5")), "characteristic", "PatientWeight"),
    "window": (put(WindowCenterWidthExplanation=("LO", NAME)), "free_text", "WindowCenterWidthExplanation"),
    "model": (put(ManufacturerModelName=("LO", NAME)), "free_text", "ManufacturerModelName"),
    "body part": (put(BodyPartExamined=("CS", b"NGUYEN LAN")), "unknown_term", "BodyPartExamined"),
    "number": (put(KVP=("DS", b"28 LAN")), "text_in_number", "KVP"),
    "long number": (put(OrganDose=("DS", b"0.0190412738")), "long_number", "OrganDose"),
    "long integer": (put(ExposureTime=("IS", b"1904127380")), "long_number", "ExposureTime"),
    "uid with a date": (put(DeviceUID=("UI", b"1.2.3.20240131.7")), "uid_date", "DeviceUID"),
    "uid with a moment": (put(DeviceUID=("UI", b"1.2.3.20240131101112.7")), "uid_date", "DeviceUID"),
    "uid of an organisation": (put(DeviceUID=("UI", b"1.2.3.4")), "uid_root", "DeviceUID"),
    "uid with the serial": (
        put(DeviceUID=("UI", b"2.25.173011899"), DeviceSerialNumber=("LO", b"SN-17301189")),
        "uid_number",
        "DeviceUID",
    ),
    "private text": (
        lambda e: e | {0x00290010: ("LO", b"MAKER"), 0x00291001: ("LO", NAME)},
        "private_text",
        "(0029,1001)",
    ),
    "private bytes": (lambda e: e | {0x00291001: ("UN", b"\1\2" + NAME)}, "private_text", "(0029,1001)"),
    "private number": (lambda e: e | {0x00291001: ("DS", b"1.5")}, "private", "(0029,1001)"),
    "private creator": (lambda e: e | {0x00290010: ("LO", NAME)}, "private_creator", "(0029,0010)"),
    "known creator": (lambda e: e | {0x00290010: ("LO", b"SIEMENS MED MG")}, "known_creator", "(0029,0010)"),
    "unknown element": (lambda e: e | {0x00280099: ("LO", NAME)}, "unknown_element", "(0028,0099)"),
    "as another representation": (put(PatientComments=("OB", NAME)), "description", "PatientComments"),
    "overlay": (lambda e: e | {0x60000010: us(1), 0x60003000: ("OW", b"\1\0")}, "overlay", "(6000,xxxx)"),
    "curve": (lambda e: e | {0x50003000: ("OW", b"\1\0")}, "overlay", "(5000,xxxx)"),
    "icon": (put(IconImageSequence=("SQ", item({tag("Rows"): us(8)}))), "icon", "IconImageSequence"),
    "document": (put(EncapsulatedDocument=("OB", b"%PDF")), "document", "EncapsulatedDocument"),
    "profile": (put(ICCProfile=("OB", b"\1\2\3\4")), "opaque", "ICCProfile"),
    "text in a profile": (put(ICCProfile=("OB", b"\1\2" + NAME)), "hidden_text", "ICCProfile"),
    "floats": (put(SpectroscopyData=("OF", b"\1\2\3\4")), "opaque", "SpectroscopyData"),
    "nested": (
        put(
            VOILUTSequence=(
                "SQ",
                item({tag("PatientID"): ("LO", b"BN123456"), tag("OperatorsName"): ("PN", b"Le^Hoa")}),
            )
        ),
        "person",
        "VOILUTSequence[1].OperatorsName",
    ),
    "nested in an unknown element": (
        lambda e: e | {0x00291001: ("UN", HIDDEN_ITEM)},
        "person",
        "(0029,1001)[1].PatientName",
    ),
    "reference": (put(SourceImageSequence=("SQ", item({}))), "related", "SourceImageSequence"),
}


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_where_it_is(place: str, tmp_path: Path) -> None:
    change, kind, where = PLACES[place]
    assert where in found(judged(file_of(change(conformant()), meta=META), tmp_path), kind)


@pytest.mark.parametrize(
    ("value", "meaning", "kind"),
    [
        ("399162004", "cranio-caudal (VMMAMMO01)", "code_meaning"),
        ("399162004", "medio-lateral oblique", "code_meaning"),
        ("399162004", "Cranio-Caudal", None),
        ("R-10242", "cranio-caudal", None),
        ("999999", "Nguyen Thi Lan", "free_text"),
    ],
)
def test_a_meaning_is_held_against_its_code(value: str, meaning: str, kind: str | None, tmp_path: Path) -> None:
    view = code(value, "SCT", meaning) | {tag("ViewModifierCodeSequence"): ("SQ", b"")}
    examined = judged(file_of(changed(conformant(), ViewCodeSequence=("SQ", item(view))), meta=META), tmp_path)
    places = [one.kind for one in examined.findings if one.where == "ViewCodeSequence[1].CodeMeaning"]
    assert places == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    "dummy",
    [
        ("StudyDate", "DA", b"19000101"),
        ("StudyTime", "TM", b"000000"),
        ("StudyID", "SH", b"1"),
        ("InstitutionName", "LO", b"ANONYMIZED"),
    ],
)
def test_what_stands_for_a_removed_value_is_no_finding(dummy: tuple[str, str, bytes], tmp_path: Path) -> None:
    keyword, representation, value = dummy
    elements = changed(conformant(), **{keyword: (representation, value)})
    assert not failing(judged(file_of(elements, meta=META), tmp_path))


def test_a_pseudonym_passes_only_where_identity_is_said_to_be_removed(tmp_path: Path) -> None:
    elements = changed(conformant(), PatientIdentityRemoved=("CS", b"NO"))
    examined = judged(file_of(elements, meta=META), tmp_path)
    assert found(examined, "person") == ["PatientName"]
    assert found(examined, "identifier") == ["PatientID"]
    assert found(examined, "not_deidentified") == ["PatientIdentityRemoved"]


def test_a_claim_is_held_against_the_file(tmp_path: Path) -> None:
    elements = changed(
        conformant(),
        PatientName=("PN", b"Nguyen^Lan"),
        LongitudinalTemporalInformationModified=("CS", b"REMOVED"),
        StudyDate=("DA", b"20240131"),
    )
    examined = judged(file_of(elements, meta=META), tmp_path)
    assert set(found(examined, "claim_contradicted")) == {
        "PatientIdentityRemoved",
        "LongitudinalTemporalInformationModified",
    }


def test_shifted_dates_are_allowed_but_a_birth_date_is_not(tmp_path: Path) -> None:
    elements = changed(
        conformant(),
        LongitudinalTemporalInformationModified=("CS", b"MODIFIED"),
        StudyDate=("DA", b"20240131"),
        PatientBirthDate=("DA", b"19560229"),
    )
    assert found(judged(file_of(elements, meta=META), tmp_path), "date") == ["PatientBirthDate"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OpView 2", True),
        ("MAMMOMAT Inspiration", True),
        ("WINDOW12", True),
        ("Nguyen", False),
        ("NORMAL 730118", False),
    ],
)
def test_technical_words_are_told_from_others(text: str, expected: bool) -> None:
    assert is_technical(text) == expected
