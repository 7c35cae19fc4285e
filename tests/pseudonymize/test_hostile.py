"""No identifier comes through the gate, wherever it was hidden."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pydicom.encaps import encapsulate

from mammoset.errors import RefusedObject
from mammoset.pixels.codec import decode, file_bytes, with_pixels
from mammoset.pseudonymize.gate import Rebuilt, rebuild
from mammoset.pseudonymize.profile import rules
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL, JPEG_LOSSLESS_SV1, JPEG_LS_LOSSLESS
from tests.pseudonymize.hostile import (
    NAMES,
    REPRESENTATIONS,
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

SECRET = "Zoë Quyền Đặng"
CANARY = b"ZQXKANARI"
NUMBER = b"90412738"


def spellings(text: str) -> list[bytes]:
    return [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "cp1258") if _fits(text, code)]


def _fits(text: str, code: str) -> bool:
    try:
        text.encode(code)
    except UnicodeEncodeError:
        return False
    return True


def assert_clean(output: bytes, *secrets: bytes) -> None:
    swapped = np.frombuffer(output[: len(output) // 2 * 2], "<u2").byteswap().tobytes()
    for secret in secrets or (CANARY, NUMBER, CANARY[::-1]):
        assert secret not in output
        assert secret not in swapped
        assert secret.lower() not in output.lower()


def outputs(elements: Elements, **form: Any) -> Iterator[bytes]:
    """Yield the object behind the gate in every syntax it may later be written in."""
    rebuilt = rebuild(read(file_of(elements, **form)), NAMES)
    for syntax in (EXPLICIT_VR_LE, JPEG_LS_LOSSLESS, HTJ2K_LOSSLESS_RPCL):
        yield file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, syntax))


def treated_or_refused(elements: Elements, **form: Any) -> Rebuilt | None:
    """Take the object through the gate; a refusal must not quote what it refuses."""
    text = ""
    try:
        return rebuild(read(file_of(elements, **form)), NAMES)
    except RefusedObject as refusal:
        text = str(refusal)
    assert_clean(text.encode())
    return None


def lut(first: int, data: list[int], explanation: bytes = b"NORMAL", bits: int = 12) -> bytes:
    return item(
        {
            tag("LUTDescriptor"): us(len(data) % 65536, first, bits),
            tag("LUTExplanation"): ("LO", explanation),
            tag("LUTData"): ("OW", struct.pack(f"<{len(data)}H", *data)),
        }
    )


def spelled_lut() -> bytes:
    letters = np.frombuffer(CANARY * 2, "<u2").tolist()
    return lut(0, letters, bits=16)


NESTED = item({tag("PatientID"): ("LO", CANARY), 0x00091001: ("LO", CANARY), 0x00090010: ("LO", CANARY)})
PATIENT: Elements = {tag("PatientID"): ("LO", CANARY)}
SCT_CC = code("399162004", "SCT", CANARY.decode())
SPOT: Elements = {tag("ViewModifierCodeSequence"): ("SQ", item(code("399055006", "SCT", CANARY.decode())))}

PLACES: dict[str, Callable[[Elements], Elements]] = {
    "study comment": lambda e: changed(e, StudyComments=("LT", CANARY), ImageComments=("LT", CANARY)),
    "private element": lambda e: e | {0x00290010: ("LO", b"MAKER"), 0x00291001: ("LO", CANARY)},
    "private creator": lambda e: e | {0x00290010: ("LO", CANARY), 0x00291001: ("DS", b"1")},
    "private sequence": lambda e: e | {0x00290010: ("LO", b"MAKER"), 0x00291001: ("SQ", NESTED)},
    "in a kept sequence": lambda e: changed(e, ViewCodeSequence=("SQ", item(SCT_CC | PATIENT))),
    "private in a kept sequence": lambda e: changed(e, VOILUTSequence=("SQ", lut(0, [0, 1, 4095]) + NESTED)),
    "code meaning": lambda e: changed(e, ViewCodeSequence=("SQ", item(SCT_CC))),
    "second view item": lambda e: changed(e, ViewCodeSequence=("SQ", item(SCT_CC) + NESTED)),
    "modifier": lambda e: changed(e, ViewCodeSequence=("SQ", item(SCT_CC | SPOT))),
    "region": lambda e: changed(e, AnatomicRegionSequence=("SQ", NESTED)),
    "deidentification codes": lambda e: changed(e, DeidentificationMethodCodeSequence=("SQ", NESTED)),
    "acquisition context": lambda e: changed(e, AcquisitionContextSequence=("SQ", NESTED)),
    "window explanation": lambda e: changed(
        e, WindowCenter="2000", WindowWidth="3000", WindowCenterWidthExplanation=("LO", CANARY)
    ),
    "table explanation": lambda e: changed(e, VOILUTSequence=("SQ", lut(0, [0, 9, 4095], CANARY))),
    "digits behind a number": lambda e: changed(e, KVP=b"28.0" + NUMBER, OrganDose=("DS", b"0.0" + NUMBER)),
    "table data": lambda e: changed(e, VOILUTSequence=("SQ", spelled_lut())),
    "maker and model": lambda e: changed(e, Manufacturer=CANARY, ManufacturerModelName=CANARY),
    "behind maker and model": lambda e: changed(
        e, Manufacturer=b"SIEMENS " + CANARY, ManufacturerModelName=b"Mammomat Inspiration " + CANARY
    ),
    "age": lambda e: changed(e, PatientAge=CANARY),
    "sex": lambda e: changed(e, PatientSex=CANARY),
    "orientation": lambda e: changed(e, PatientOrientation=CANARY + b"\\R"),
    "filter type": lambda e: changed(e, FilterType=("SH", CANARY), FilterMaterial=("CS", CANARY)),
    "unknown even group": lambda e: e | {0x00280099: ("UN", CANARY), 0x00080099: ("UN", CANARY)},
    "overlay": lambda e: e | {0x60003000: ("OW", CANARY), 0x60000022: ("LO", CANARY), 0x60004000: ("LT", CANARY)},
    "curve": lambda e: e | {0x50003000: ("OW", CANARY), 0x50000022: ("LO", CANARY)},
    "icon": lambda e: changed(e, IconImageSequence=("SQ", item({tag("PixelData"): ("OB", CANARY)}))),
    "trailing padding": lambda e: e | {0xFFFCFFFC: ("OB", CANARY)},
    "encapsulated document": lambda e: changed(e, EncapsulatedDocument=("OB", CANARY)),
    "icc profile": lambda e: changed(e, ICCProfile=("OB", CANARY)),
    "dates": lambda e: changed(e, AcquisitionDateTime=("DT", NUMBER), StudyDate=NUMBER, ContentDate=("DA", NUMBER)),
    "identifiers": lambda e: changed(
        e, StudyID=("SH", CANARY), AccessionNumber=("SH", CANARY), PatientName=("PN", CANARY), PatientID=NUMBER
    ),
    "series and instance number": lambda e: changed(e, SeriesNumber=("IS", NUMBER), InstanceNumber=("IS", NUMBER)),
    "uids": lambda e: changed(
        e, **dict.fromkeys(("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"), ("UI", b"1.2." + NUMBER))
    ),
    "irradiation event": lambda e: changed(e, IrradiationEventUID=("UI", b"1.2." + NUMBER)),
    "descriptions": lambda e: changed(e, StudyDescription=CANARY, SeriesDescription=CANARY, ProtocolName=CANARY),
    "device": lambda e: changed(e, DeviceSerialNumber=NUMBER, StationName=("SH", CANARY), DetectorID=("SH", NUMBER)),
    "another character set": lambda e: changed(
        e, SpecificCharacterSet=("CS", b"ISO_IR 192"), PatientName=("PN", CANARY + SECRET.encode())
    ),
    "a preserved original": lambda e: changed(
        e, OriginalAttributesSequence=("SQ", NESTED), EncryptedAttributesSequence=("SQ", NESTED)
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_identifier_comes_through(place: str) -> None:
    for output in outputs(PLACES[place](mammogram())):
        assert_clean(output)


@pytest.mark.parametrize("keyword", sorted({rule.keyword for rule in rules()} - {"PixelData", "Rows", "Columns"}))
@pytest.mark.parametrize("text", [CANARY, NUMBER, CANARY + b"\\" + NUMBER])
def test_text_in_any_kept_attribute_is_dropped_or_refuses_the_object(keyword: str, text: bytes) -> None:
    """Whatever its representation: a number field that holds a name is how names escape."""
    elements = mammogram()
    representation = elements.get(tag(keyword), (REPRESENTATIONS.get(keyword, "LO"), b""))[0]
    if representation == "SQ":
        representation = "UN"
    rebuilt = treated_or_refused(elements | {tag(keyword): (representation, text)})
    if rebuilt is not None:
        assert_clean(file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, EXPLICIT_VR_LE)))
        assert_clean(repr(rebuilt.attributes).encode())


@pytest.mark.parametrize(
    "form",
    [
        {"preamble": CANARY * 9},
        {"meta": {0x00020016: ("AE", CANARY), 0x00020013: ("SH", CANARY), 0x00020012: ("UI", b"1.2." + NUMBER)}},
        {"meta": {0x00020100: ("UI", b"1.2.3"), 0x00020102: ("OB", CANARY), 0x00020017: ("AE", CANARY)}},
        {"meta": {0x00020003: ("UI", b"1.2." + NUMBER)}},
    ],
)
def test_nothing_of_the_file_around_the_data_comes_through(form: dict[str, Any]) -> None:
    for output in outputs(mammogram(), **form):
        assert_clean(output)


def test_bytes_behind_the_last_element_do_not_come_through(tmp_path: Path) -> None:
    path = tmp_path / "original.dcm"
    path.write_bytes(file_of(mammogram(), behind=CANARY * 4))
    treat(GateTask(path, tmp_path / "content", NAMES))
    (stored,) = (tmp_path / "content").rglob("*.dcm")
    assert_clean(stored.read_bytes())


def test_text_in_pixel_rows_that_do_not_exist_does_not_come_through() -> None:
    elements = mammogram()
    representation, pixels = elements[tag("PixelData")]
    less_than_a_row = (CANARY * 9)[:140]
    for output in outputs(elements | {tag("PixelData"): (representation, pixels + less_than_a_row)}):
        assert_clean(output)
    with pytest.raises(RefusedObject, match="rows over"):
        list(outputs(elements | {tag("PixelData"): (representation, pixels + CANARY * 200)}))


def test_text_in_the_unused_high_bits_does_not_come_through() -> None:
    pixels = breast_pixels()
    hidden = pixels.ravel().copy()
    bits = np.unpackbits(np.frombuffer(CANARY, np.uint8)).reshape(-1, 4)
    nibbles = (bits @ np.array([8, 4, 2, 1])).astype(np.uint16)
    hidden[: len(nibbles)] |= nibbles << 12
    for output, plain in zip(outputs(mammogram(hidden.reshape(pixels.shape))), outputs(mammogram(pixels)), strict=True):
        assert output == plain


def _jpeg_with_comment(pixels: Any) -> bytes:
    frame = bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1, bitspersample=12))
    segments = b"".join(
        marker + struct.pack(">H", len(CANARY) + 2) + CANARY for marker in (b"\xff\xfe", b"\xff\xe1", b"\xff\xe9")
    )
    return frame[:2] + segments + frame[2:] + CANARY


def _jpeg_ls_with_comment(pixels: Any) -> bytes:
    frame = bytes(imagecodecs.jpegls_encode(pixels))
    return frame[:2] + b"\xff\xfe" + struct.pack(">H", len(CANARY) + 2) + CANARY + frame[2:] + CANARY


def _jpeg_2000_with_comment(pixels: Any) -> bytes:
    frame = bytes(imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True))
    first_tile = frame.index(b"\xff\x90")
    comment = b"\xff\x64" + struct.pack(">HH", len(CANARY) + 4, 1) + CANARY
    return frame[:first_tile] + comment + frame[first_tile:] + CANARY


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        (JPEG_LOSSLESS_SV1, _jpeg_with_comment),
        (JPEG_LS_LOSSLESS, _jpeg_ls_with_comment),
        ("1.2.840.10008.1.2.4.90", _jpeg_2000_with_comment),
    ],
)
@pytest.mark.parametrize("has_extra_fragment", [False, True])
def test_comments_inside_compressed_streams_do_not_come_through(
    syntax: str, encode: Callable[[Any], bytes], has_extra_fragment: bool
) -> None:
    pixels = breast_pixels()
    frame = encode(pixels)
    assert CANARY in frame
    fragments = encapsulate([frame])
    if has_extra_fragment:
        fragments += b"\xfe\xff\x00\xe0" + struct.pack("<I", 2 * len(CANARY)) + CANARY * 2
    value = fragments + b"\xfe\xff\xdd\xe0\0\0\0\0"
    elements = mammogram(pixels)
    del elements[tag("PixelData")]
    undefined = b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff" + value
    data = file_of(elements, meta={0x00020010: ("UI", syntax.encode())}, behind=undefined)
    assert CANARY in data
    rebuilt = rebuild(read(data), NAMES)
    clean = rebuild(read(file_of(mammogram(pixels))), NAMES)
    assert np.array_equal(rebuilt.pixels, clean.pixels)
    assert_clean(file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, HTJ2K_LOSSLESS_RPCL)))


def test_a_name_in_any_encoding_does_not_come_through() -> None:
    for spelling in spellings(SECRET):
        elements = changed(mammogram(), PatientName=("PN", spelling), ImageComments=("OB", spelling))
        for output in outputs(elements):
            assert_clean(output, *spellings(SECRET))


def test_the_stored_file_holds_none_of_the_original_texts(tmp_path: Path) -> None:
    original = tmp_path / f"{CANARY.decode()}.dcm"
    original.write_bytes(file_of(PLACES["identifiers"](mammogram()), preamble=CANARY))
    record = passed(GateTask(original, tmp_path / "content", NAMES))
    (stored,) = (tmp_path / "content").rglob("*.dcm")
    assert_clean(stored.read_bytes())
    assert_clean(repr((record, stored.relative_to(tmp_path))).encode())


VALUES = st.one_of(
    st.binary(max_size=40).map(lambda tail: CANARY + tail),
    st.binary(max_size=40).map(lambda head: head + CANARY),
    st.just(NUMBER),
    st.binary(max_size=60),
    st.lists(st.floats(width=32), max_size=4).map(lambda found: "\\".join(map(str, found)).encode()),
    st.lists(st.integers(-70000, 70000), max_size=4).map(lambda found: "\\".join(map(str, found)).encode()),
    st.lists(st.integers(0, 65535), max_size=4).map(lambda found: struct.pack(f"<{len(found)}H", *found)),
    st.sampled_from([b"YES", b"NO", b"NONE", b"LOG", b"LIN", b"01", b"00", b"10", b"SIGMOID", b"MONOCHROME1", b"1\\2"]),
)
KEEP = ("PixelData", "SOPClassUID")
TAGS = st.one_of(
    st.sampled_from(sorted(tag(rule.keyword) for rule in rules() if rule.keyword not in KEEP)),
    st.integers(0x00080000, 0x50FFFFFF),
)
KINDS = st.sampled_from(["LO", "DS", "CS", "IS", "US", "UN", "OB", "SS"])
GARBAGE = st.dictionaries(TAGS, st.tuples(KINDS, VALUES), max_size=6)
PLAIN = mammogram(breast_pixels(32, 24))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=GARBAGE)
@pytest.mark.real("dciodvfy")
def test_random_headers_leak_nothing_and_give_valid_objects_or_are_refused(
    garbage: Elements, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rebuilt = treated_or_refused(PLAIN | garbage)
    event("refused" if rebuilt is None else "treated")
    if rebuilt is None:
        return
    output = file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, EXPLICIT_VR_LE))
    assert_clean(output)
    (tmp_path / "object.dcm").write_bytes(output)
    assert not dciodvfy_errors(tmp_path / "object.dcm")
    assert_true(rebuilt)


def assert_true(rebuilt: Rebuilt) -> None:
    """The attributes say what is so."""
    assert rebuilt.dataset.SmallestImagePixelValue == rebuilt.pixels.min()
    assert rebuilt.dataset.LargestImagePixelValue == rebuilt.pixels.max()
    assert rebuilt.dataset.PatientIdentityRemoved == "YES"


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400), position=st.integers(0, 2000), drop=st.integers(0, 400))
def test_a_file_with_overwritten_bytes_is_treated_or_refused_but_never_crashes(
    data: bytes, position: int, drop: int
) -> None:
    whole = file_of(PLAIN)
    try:
        dataset = read(whole[:position] + data + whole[position + drop :])
    except Exception:
        event("unreadable")
        return
    try:
        rebuilt = rebuild(dataset, NAMES)
    except RefusedObject:
        event("refused")
        return
    event("treated")
    stored = file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, HTJ2K_LOSSLESS_RPCL))
    assert np.array_equal(decode(read(stored)), rebuilt.pixels)
