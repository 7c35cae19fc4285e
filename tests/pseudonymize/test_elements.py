"""Every element of a rebuilt file is listed as text, without what differs by design."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.pixels.codec import decode, file_bytes, with_pixels
from mammoset.pseudonymize.elements import elements_of
from mammoset.pseudonymize.options import Options
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL
from tests.pseudonymize.hostile import NAMES, Elements, changed, code, file_of, item, mammogram, read, tag, us
from tests.pseudonymize.sources import kept
from tests.pseudonymize.test_gate import FULL

RICH = FULL | {0x00450010: ("LO", b"GEMS_SENO_02"), 0x00451060: ("IS", b"10\\200\\30\\400")}
SWITCHED = Options("fast", None, True, True, True, 1, ("GEMS_SENO_02",))


def stored(dataset: Dataset, elements: Elements, syntax: str) -> Dataset:
    data = file_bytes(with_pixels(dataset, decode(read(file_of(elements))), syntax))
    return dcmread(BytesIO(data))


def test_a_path_names_every_element_and_its_value() -> None:
    found = dict(elements_of(kept(RICH, SWITCHED), NAMES))
    expected = {
        "SOPInstanceUID": "<keyed UID>",
        "StudyInstanceUID": "<keyed UID>",
        "FileMeta.MediaStorageSOPInstanceUID": "<keyed UID>",
        "FileMeta.TransferSyntaxUID": EXPLICIT_VR_LE,
        "FileMeta.FileMetaInformationVersion": "0001",
        "PatientID": "<pseudonym>",
        "PatientName": "<pseudonym>",
        "PatientAge": "054Y",
        "PatientBirthDate": "",
        "WindowCenter": "2000\\1900",
        "WindowCenterWidthExplanation": "NORMAL\\WINDOW2",
        "KVP": "28.5",
        "PixelIntensityRelationshipSign": "-1",
        "ViewCodeSequence.CodeValue": "399162004",
        "ViewCodeSequence.CodeMeaning": "cranio-caudal",
        "ViewCodeSequence.ViewModifierCodeSequence": "",
        "VOILUTSequence.LUTData": "<4096 entries, rising>",
        "VOILUTSequence.LUTDescriptor": "4096\\0\\12",
        "AcquisitionContextSequence": "",
        "Private.Creator": "GEMS_SENO_02",
        "Private.GEMS_SENO_02 (0045,xx60)": "10\\200\\30\\400",
    }
    assert {path: found.get(path) for path in expected} == expected


def test_elements_of_several_items_stand_under_one_path() -> None:
    found = elements_of(kept(RICH, SWITCHED), NAMES)
    assert [value for path, value in found if path == "VOILUTSequence.LUTExplanation"] == ["LUT2", "NORMAL"]
    assert list(found) == sorted(set(found))


def test_a_moved_date_is_given_as_a_pattern() -> None:
    names = type(NAMES)(NAMES.image_id, NAMES.series_id, NAMES.study_id, NAMES.patient_id, 77)
    found = dict(elements_of(kept(changed(FULL, StudyDate="20190712"), SWITCHED, names=names), names))
    assert found["StudyDate"] == "<shifted date>"
    assert dict(elements_of(kept(FULL), NAMES))["StudyDate"] == ""


@pytest.mark.parametrize("syntax", [EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL])
def test_a_file_read_again_says_what_was_built(syntax: str) -> None:
    built = kept(RICH, SWITCHED)
    before, after = (set(elements_of(one, NAMES)) for one in (built, stored(built, RICH, syntax)))
    assert {pair for pair in before ^ after if pair[0] != "FileMeta.TransferSyntaxUID"} == set()
    assert ("FileMeta.TransferSyntaxUID", syntax) in after


def test_nothing_of_the_file_is_left_unlisted() -> None:
    file = stored(kept(RICH, SWITCHED), RICH, HTJ2K_LOSSLESS_RPCL)
    listed = {path for path, _ in elements_of(file, NAMES)}
    unlisted = {
        one.keyword for one in file.iterall() if one.keyword and not any(one.keyword in path for path in listed)
    }
    assert unlisted == {"PixelData"}


def test_another_uid_than_our_own_is_not_taken_for_one() -> None:
    dataset = kept(FULL)
    dataset.SeriesInstanceUID = "1.2.840.113619.2.203"
    dataset.PatientID = "0123456"
    found = dict(elements_of(dataset, NAMES))
    assert (found["SeriesInstanceUID"], found["PatientID"]) == ("1.2.840.113619.2.203", "0123456")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (list(range(1000)), "<1000 entries, rising>"),
        (list(range(999, -1, -1)), "<1000 entries, falling>"),
        ([5] * 1000, "<1000 entries, level>"),
        (list(range(40000)), "<40000 entries, rising>"),
    ],
)
def test_a_table_is_given_as_its_length_and_direction(data: list[int], expected: str) -> None:
    pixels = (np.arange(96 * 72).reshape(96, 72) * 9).astype(np.uint16)
    table = {tag("LUTDescriptor"): us(len(data), 0, 16), tag("LUTData"): ("OW", np.array(data, "<u2").tobytes())}
    elements = changed(mammogram(pixels, bits=16), VOILUTSequence=("SQ", item(table)))
    found = dict(elements_of(kept(elements), NAMES))
    assert found["VOILUTSequence.LUTData"] == expected


def test_view_modifiers_are_listed_one_by_one() -> None:
    modifiers = item(code("399163009", "SCT", "x")) + item(code("442580003", "SCT", "x"))
    view = item(code("399162004", "SCT", "x") | {tag("ViewModifierCodeSequence"): ("SQ", modifiers)})
    found = elements_of(kept(changed(mammogram(), ViewCodeSequence=("SQ", view))), NAMES)
    meanings = [value for path, value in found if path == "ViewCodeSequence.ViewModifierCodeSequence.CodeMeaning"]
    assert meanings == ["Axillary tissue", "Magnification"]
