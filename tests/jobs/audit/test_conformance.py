"""Conformance as dciodvfy judges it: what it calls an error, the audit finds."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmwrite
from pydicom.datadict import DicomDictionary  # type: ignore[attr-defined]
from pydicom.dataset import Dataset

from mammoset.jobs.audit.conformance import conformance_findings
from mammoset.jobs.audit.elements import parse
from mammoset.jobs.audit.iod import Item, table
from mammoset.phantom.hospital import build_hospital
from mammoset.pixels.codec import file_bytes, with_pixels
from mammoset.pixels.header import quietly
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.gate import rebuild
from mammoset.terms.dicom import JPEG_LS_LOSSLESS, MG_FOR_PRESENTATION
from tests.conftest import program
from tests.jobs.audit.judged import META, conformant, found, judged
from tests.pseudonymize.hostile import changed, file_of, read

NOT_COVERED = re.compile(
    # animals, specimens, signatures, photographs; what is said of a whole group of instances
    r"Breed|Species|Strain|Specimen|Container|Responsible|SexNeutered|MAC|Signature|Photo|Certificate|Retrieval|"
    r"EntranceDoseDerivation|TypeOfInstances|ReferencedSOPSequence|ReferencedSeriesSequence|StudiesContaining|TimePointID|FunctionalGroups"
)
"""Attributes of modules that the audit does not know; docs/audit.md names them."""
TWINS = {"MediaStorageSOPClassUID": "SOPClassUID", "MediaStorageSOPInstanceUID": "SOPInstanceUID"}


def errors_of_dciodvfy(data: bytes, folder: Path) -> set[str]:
    """Return the keywords that dciodvfy finds an error in; lines that name none as they are."""
    path = folder / "object.dcm"
    path.write_bytes(data)
    done = subprocess.run(
        [program("dciodvfy") or "", "-new", str(path)], capture_output=True, text=True, errors="replace", check=False
    )
    found = set()
    for line in (done.stdout + done.stderr).splitlines():
        if "Error - " not in line:
            continue
        names = re.findall(r"/(\w*)\(", line.split(">")[0]) if "<" in line else []
        keyword = names[-1] if names else line
        found.add(TWINS.get(keyword, keyword))
    return found


def errors_found(data: bytes) -> set[str]:
    parsed = parse(data)
    assert parsed is not None
    return {re.sub(r"\[\d+\]", "", one.where).split(".")[-1] for one in conformance_findings(parsed)}


def is_covered(keyword: str) -> bool:
    """Whether it is of a module that the audit knows; an attribute that Debian's dictionary does not know is not."""
    return bool(re.fullmatch(r"\w+", keyword)) and not NOT_COVERED.search(keyword)


def written(dataset: Dataset) -> bytes:
    buffer = BytesIO()
    with quietly():
        dcmwrite(buffer, dataset)
    return buffer.getvalue()


def fresh() -> Dataset:
    return read(file_of(conformant(), meta=META))


def mutilated() -> Iterator[tuple[str, bytes]]:
    """Yield objects with an attribute taken away, and with one emptied, at both levels."""
    for element in fresh():
        for empties in (False, True):
            dataset = fresh()
            if empties:
                dataset[element.tag].value = [] if element.VR == "SQ" else b"" if element.VR == "OW" else None
            else:
                del dataset[element.tag]
            yield f"{'empty' if empties else 'without'} {element.keyword}", written(dataset)
    for sequence in ("ViewCodeSequence", "AnatomicRegionSequence"):
        for element in fresh()[sequence].value[0]:
            dataset = fresh()
            del dataset[sequence].value[0][element.tag]
            yield f"without {sequence} > {element.keyword}", written(dataset)


WRONG = {
    "CS": "BOGUS",
    "US": 30001,
    "IS": "30001",
    "DS": ["1"] * 5,
    "UI": "9.1",
    "DA": "Lan",
    "TM": "Lan",
    "AS": "Lan",
    "LO": "a\x07b",
    "SH": "a\x07b",
    "SQ": [Dataset()],
}


def added(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield objects with an attribute of the dictionary added that has a value it should not have."""
    chosen = [
        (number, one[0])
        for number, one in sorted(DicomDictionary.items())
        if number >> 16 not in (0, 2, 4) and one[0] in WRONG and one[3] != "Retired" and one[4] not in META_LIKE
    ]
    for number, vr in random.Random(5).sample(chosen, count):
        dataset = fresh()
        with quietly():
            dataset.add_new(number, vr, WRONG[vr])
        yield f"{dataset[number].keyword} as {WRONG[vr]!r}", written(dataset)


META_LIKE = ("SOPClassUID",)


def test_the_base_of_these_tests_has_no_error() -> None:
    assert errors_found(file_of(conformant(), meta=META)) == set()


@pytest.mark.real("dciodvfy")
def test_every_error_over_mutilated_objects_is_found(tmp_path: Path) -> None:
    assert errors_of_dciodvfy(file_of(conformant(), meta=META), tmp_path) == set()
    number, missed = 0, {}
    for label, data in (*mutilated(), *added(80)):
        expected = {one for one in errors_of_dciodvfy(data, tmp_path) if is_covered(one)}
        number += len(expected)
        if lacking := expected - errors_found(data):
            missed[label] = lacking
    assert number > 100
    assert not missed


@pytest.mark.real("dciodvfy")
def test_every_error_over_a_phantom_archive_is_found(tmp_path: Path) -> None:
    hospital = build_hospital(tmp_path / "hospital", n_exams=6, seed=3, size="small", flaws={}, workers=1)
    n_judged = 0
    for image in (image for exam in hospital.exams for image in exam.images if image.role == "standard"):
        data = (hospital.images / image.path).read_bytes()
        missed = {one for one in errors_of_dciodvfy(data, tmp_path) if is_covered(one)} - errors_found(data)
        assert not missed
        n_judged += 1
    assert n_judged > 12


def test_nothing_is_found_in_what_the_gate_makes(tmp_path: Path) -> None:
    hospital = build_hospital(tmp_path / "hospital", n_exams=4, seed=3, size="small", flaws={}, workers=1)
    for exam in hospital.exams:
        dataset = read((hospital.images / exam.standard_images[0].path).read_bytes())
        rebuilt = rebuild(dataset, Pseudonyms("2.25.101", "2.25.102", "2.25.103", "P0123456789ABCDEF"))
        data = file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, JPEG_LS_LOSSLESS))
        assert errors_found(data) == set()
        examined = judged(data, tmp_path / "out")
        assert {one.kind for one in examined.findings} <= {"burned_in_claimed"}


INVALID: dict[str, list[tuple[str, str | bytes]]] = {
    "AS": [("PatientAge", "50"), ("PatientAge", "050Z")],
    "CS": [("BodyPartExamined", "breast"), ("BodyPartExamined", "B" * 17)],
    "DA": [("StudyDate", "2020"), ("StudyDate", "20200231"), ("StudyDate", "00010101")],
    "DS": [("KVP", "28,5"), ("KVP", "nan"), ("KVP", "28.0000000000000001")],
    "IS": [("ExposureTime", "12.5"), ("ExposureTime", "99999999999")],
    "LO": [("StudyDescription", "x" * 65), ("StudyDescription", "a\nb")],
    "PN": [("PatientName", "a^b^c^d^e^f"), ("PatientName", "a=b=c=d")],
    "SH": [("StudyID", "12345678901234567")],
    "TM": [("StudyTime", "250000"), ("StudyTime", "10:10")],
    "UI": [("DeviceUID", "1.02.3"), ("DeviceUID", "1..2"), ("DeviceUID", "2.999.1"), ("DeviceUID", "3.4")],
}


@pytest.mark.parametrize(("vr", "keyword", "value"), [(vr, *one) for vr, many in INVALID.items() for one in many])
def test_values_that_their_representation_does_not_allow_are_found(
    vr: str, keyword: str, value: str, tmp_path: Path
) -> None:
    examined = judged(file_of(changed(conformant(), **{keyword: (vr, value.encode())}), meta=META), tmp_path)
    assert keyword in found(examined, "invalid_uid" if vr == "UI" else "invalid_value")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Rows", True),
        ("!Rows", False),
        ("Rows & !Columns", False),
        ("Nothing | Columns", True),
        ("Modality=MG", True),
        ("Modality=CT", False),
        ("PatientID+", True),
        ("StudyDate+", False),
        ("Rows=96", True),
        ("$trial", False),
    ],
)
def test_conditions_mean_what_they_say(condition: str, expected: bool) -> None:
    parsed = parse(file_of(conformant()))
    assert parsed is not None
    assert Item(parsed.elements).holds(condition) == expected


def test_every_row_of_the_table_is_of_the_dictionary() -> None:
    keywords = {one[4] for one in DicomDictionary.values()} | {
        "OverlayRows",
        "OverlayColumns",
        "OverlayType",
        "OverlayOrigin",
        "OverlayBitsAllocated",
        "OverlayBitPosition",
        "OverlayData",
    }
    assert not {row.keyword for rows in table().values() for row in rows} - keywords
    assert not {row.contains for rows in table().values() for row in rows if row.contains} - set(table())


def test_other_objects_are_named_and_their_attributes_not_judged(tmp_path: Path) -> None:
    elements = changed(conformant(), SOPClassUID=("UI", b"1.2.840.10008.5.1.4.1.1.7"))
    meta = META | {0x00020002: ("UI", b"1.2.840.10008.5.1.4.1.1.7")}
    examined = judged(file_of(elements, meta=meta), tmp_path)
    assert found(examined, "other_object") == ["SOPClassUID"]
    assert not examined.is_mammogram
    assert MG_FOR_PRESENTATION not in str(examined)
