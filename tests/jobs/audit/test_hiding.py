"""What lies outside the elements, in the file's name, or in the pixels' spare room is found."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.encaps import encapsulate

from mammoset.jobs.audit.elements import parse
from mammoset.jobs.audit.streams import Stream
from mammoset.pixels.codec import encode_htj2k
from mammoset.pixels.encoders import encode_jpeg_ls
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL, JPEG_LS_LOSSLESS
from tests.jobs.audit.judged import META, conformant, failing, found, judged
from tests.pseudonymize.hostile import Elements, breast_pixels, changed, element, file_of, joined, tag

NAME = b"NGUYEN THI LAN"
PIXELS = breast_pixels()


def coded(stream: bytes, syntax: str, *more: bytes, table: bytes = b"") -> bytes:
    """Return a file with a compressed image, and with further fragments."""
    data = encapsulate([stream, *more], has_bot=False)
    if table:
        data = struct.pack("<HHI", 0xFFFE, 0xE000, len(table)) + table + data[8:]
    elements = conformant()
    del elements[tag("PixelData")]
    head = struct.pack("<HH", 0x7FE0, 0x0010) + b"OB\0\0\xff\xff\xff\xff"
    behind = head + data + b"\xfe\xff\xdd\xe0\0\0\0\0"
    return file_of(elements, meta=META | {0x00020010: ("UI", syntax.encode())}, behind=behind)


def with_comment(stream: bytes, marker: bytes) -> bytes:
    return stream[:2] + marker + struct.pack(">H", len(NAME) + 2) + NAME + stream[2:]


JPEG_LS = encode_jpeg_ls(PIXELS)
HTJ2K = encode_htj2k(PIXELS, 12).code_stream


def test_a_clean_compressed_file_is_clean(tmp_path: Path) -> None:
    for stream, syntax in ((JPEG_LS, JPEG_LS_LOSSLESS), (HTJ2K, HTJ2K_LOSSLESS_RPCL)):
        assert judged(coded(stream, syntax), tmp_path).findings == ()


@pytest.mark.parametrize("marker", [b"\xff\xfe", b"\xff\xe1", b"\xff\xe8"])
def test_comments_and_application_segments_are_found(marker: bytes, tmp_path: Path) -> None:
    examined = judged(coded(with_comment(JPEG_LS, marker), JPEG_LS_LOSSLESS), tmp_path)
    name = {b"\xff\xfe": "COM", b"\xff\xe1": "APP1", b"\xff\xe8": "APP8"}[marker]
    assert found(examined, "hidden_text") == [f"PixelData: {name}"]


def test_comments_of_jpeg_2000_are_found_and_those_of_its_encoder_are_not(tmp_path: Path) -> None:
    siz = 4 + struct.unpack(">H", HTJ2K[4:6])[0]
    for text, expected in ((NAME, ["PixelData: COM"]), (b"Created by OpenJPEG version 2.5.0", [])):
        comment = b"\xff\x64" + struct.pack(">HH", len(text) + 4, 1) + text
        examined = judged(coded(HTJ2K[:siz] + comment + HTJ2K[siz:], HTJ2K_LOSSLESS_RPCL), tmp_path)
        assert found(examined, "code_comment") == expected


@pytest.mark.parametrize(("stream", "syntax"), [(JPEG_LS, JPEG_LS_LOSSLESS), (HTJ2K, HTJ2K_LOSSLESS_RPCL)])
def test_what_follows_the_image_is_found(stream: bytes, syntax: str, tmp_path: Path) -> None:
    assert found(judged(coded(stream + NAME, syntax), tmp_path), "after_code_stream")
    assert found(judged(coded(stream, syntax, NAME), tmp_path), "extra_fragment")
    assert found(judged(coded(stream, syntax, table=bytes(4) + NAME), tmp_path), "offset_table")


@given(st.binary(max_size=64))
def test_a_jpeg_ends_where_it_ends_whatever_follows(behind: bytes) -> None:
    stream = Stream.of(JPEG_LS + behind, JPEG_LS_LOSSLESS)
    assert stream is not None
    assert (stream.end, stream.has_end) == (len(JPEG_LS), True)


def test_a_jpeg_of_the_usual_kind_has_nothing_to_tell(tmp_path: Path) -> None:
    stream = imagecodecs.jpeg8_encode(PIXELS, lossless=True, predictor=1, bitspersample=12)
    assert judged(coded(bytes(stream), "1.2.840.10008.1.2.4.70"), tmp_path).findings == ()


def test_preamble_trailing_bytes_and_meta_information_are_found(tmp_path: Path) -> None:
    meta: Elements = META | {
        0x00020013: ("SH", b"VM_STATION"),
        0x00020016: ("AE", b"VUONMAN_MG1"),
        0x00020102: ("OB", NAME),
    }
    examined = judged(file_of(conformant(), preamble=NAME, meta=meta, behind=NAME), tmp_path)
    assert found(examined, "preamble") == ["preamble"]
    assert found(examined, "trailing_bytes") == ["after the last element"]
    assert set(found(examined, "hidden_text")) == {"preamble", "after the last element"}
    assert set(found(examined, "meta_system")) == {
        "file meta: SourceApplicationEntityTitle", "file meta: PrivateInformation",
    }  # fmt: skip
    assert found(examined, "meta_extra") == ["file meta: ImplementationVersionName"]


def test_a_deflated_file_is_read_like_any_other(tmp_path: Path) -> None:
    engine = zlib.compressobj(wbits=-15)
    data = joined(changed(conformant(), OperatorsName=("PN", b"Le^Hoa")))
    deflated = engine.compress(data) + engine.flush()
    file = file_of({}, meta=META | {0x00020010: ("UI", b"1.2.840.10008.1.2.1.99")}, behind=deflated)
    assert found(judged(file, tmp_path), "person") == ["OperatorsName"]


def test_elements_that_are_there_twice_are_both_judged(tmp_path: Path) -> None:
    twice = element(tag("PatientName"), "PN", b"Nguyen^Lan")
    data = file_of(conformant(), meta=META)
    at = data.index(element(tag("PatientID"), "LO", b"P7K"))
    examined = judged(data[:at] + twice + data[at:], tmp_path)
    assert found(examined, "person") == ["PatientName"]
    assert found(examined, "structure") == ["PatientName"]


def test_pixels_beyond_rows_and_columns_are_found(tmp_path: Path) -> None:
    more = PIXELS.astype("<u2").tobytes() + NAME
    examined = judged(file_of(changed(conformant(), PixelData=("OW", more)), meta=META), tmp_path)
    assert found(examined, "pixel_tail") == ["PixelData"]
    assert found(examined, "hidden_text") == ["PixelData"]


@pytest.mark.parametrize("how", ["a letter in two pixels", "a letter in eight pixels"])
def test_text_in_the_bits_that_no_pixel_needs_is_found(how: str, tmp_path: Path) -> None:
    letters = np.frombuffer(NAME, np.uint8)
    spread = np.stack([letters >> 4, letters & 15], 1).ravel() if "two" in how else np.unpackbits(letters) << 3
    hidden = PIXELS.copy().ravel()
    hidden[: len(spread)] |= spread.astype(np.uint16) << 12
    elements = changed(conformant(), PixelData=("OW", hidden.astype("<u2").tobytes()))
    examined = judged(file_of(elements, meta=META), tmp_path)
    assert found(examined, "unused_bits") == ["PixelData"]
    assert found(examined, "hidden_text") == ["PixelData: unused bits"]


def test_tables_that_spell_or_are_too_long_are_found(tmp_path: Path) -> None:
    for data in (bytes(range(32)) + NAME, bytes([5, 0, 9, 0, 1, 0, 7, 0])):
        descriptor = struct.pack("<3H", 16 if len(data) > 8 else 4, 0, 16)
        lut: Elements = {tag("LUTDescriptor"): ("US", descriptor), tag("LUTData"): ("OW", data)}
        body = joined(lut)
        value = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(body)) + body
        examined = judged(file_of(changed(conformant(), VOILUTSequence=("SQ", value)), meta=META), tmp_path)
        assert found(examined, "opaque") == ["VOILUTSequence[1].LUTData"]


def test_names_of_files_and_folders_are_judged_and_not_repeated(tmp_path: Path) -> None:
    elements = changed(conformant(), PatientIdentityRemoved=("CS", b"NO"), PatientName=("PN", b"Nguyen^Thi Lan"))
    name = "NGUYEN-lan/1.2.840.99.3.7/2024-01-31.dcm"
    examined = judged(file_of(elements, meta=META), tmp_path, name=name)
    assert found(examined, "path_identifier") == ["folder name"]
    assert found(examined, "path_uid") == ["folder name"]
    assert found(examined, "path_date") == ["file name"]
    assert examined.path == "XXXXXX-xxx/9.9.999.99.9.9/9999-99-99.xxx"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=12), st.integers(0, 2000))
def test_no_damage_makes_the_audit_fail(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(file_of(conformant(), meta=META, preamble=NAME))
    for position, value in changes:
        data[position] = value
    whole = bytes(data[: len(data) - cut * 7])
    parsed = parse(whole)
    assert parsed is None or len(parsed.elements) < len(whole)


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    data = file_of(conformant(), meta=META)
    assert failing(judged(data[:-999], tmp_path))
    assert found(judged(b"%PDF-1.7", tmp_path, name="a.pdf"), "other_file") == ["file"]
    assert found(judged(b"", tmp_path, name="b"), "other_file") == ["file"]
