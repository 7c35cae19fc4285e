"""A known identifier is found however it is written and wherever it lies, and is told by name only."""

from __future__ import annotations

import json
import os
import unicodedata
import zlib
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mammoset.errors import ConfigError
from mammoset.jobs.audit.examine import Options, Task, examine
from mammoset.jobs.audit.ledger import Entry, read_ledger
from mammoset.jobs.audit.searching import Index
from mammoset.jobs.audit.texts import folded
from mammoset.pixels.encoders import encode_jpeg_ls
from mammoset.terms.dicom import JPEG_LS_LOSSLESS
from tests.jobs.audit.judged import META, conformant, judged, ledger
from tests.jobs.audit.test_hiding import coded
from tests.pseudonymize.hostile import breast_pixels, changed, file_of, item, joined, tag

Form = Literal["NFC", "NFD"]
NAME = "Nguyễn^Thị Đào"
SECRET = bytes(range(7, 31))


def known(data: bytes, folder: Path, path: Path, *, name: str = "one.dcm") -> set[tuple[str, str]]:
    """Return name and place of each entry found."""
    examined = judged(data, folder / "files", name=name, options=Options(text="off", ledger=path))
    return {(one.note, one.where) for one in examined.findings if one.kind == "known_identifier"}


WRITINGS = (
    "Nguyễn^Thị Đào", "NGUYỄN THỊ ĐÀO", "Thị Đào^Nguyễn", "Nguyen Thi Dao", "nguyen_thi_dao", "Dao, Nguyen Thi",
    "Đào Thị Nguyễn", "NguyenThiDao",
)  # fmt: skip


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_in_every_order_and_spelling(writing: str, form: Form, tmp_path: Path) -> None:
    text = unicodedata.normalize(form, f"seen by {writing}, again").encode()
    elements = changed(conformant(), SpecificCharacterSet=("CS", b"ISO_IR 192"), ImageComments=("LT", text))
    assert known(file_of(elements), tmp_path, ledger(tmp_path / "l.json", patient=NAME)) == {
        ("patient", "ImageComments")
    }


@pytest.mark.parametrize("writing", ["19560229", "1956-02-29", "29/02/1956", "29.02.1956", "02/29/1956"])
def test_a_date_is_found_in_every_writing(writing: str, tmp_path: Path) -> None:
    data = file_of(changed(conformant(), ImageComments=("LT", f"born {writing}".encode())))
    for told in ("19560229", "29/02/1956", "1956-02-29"):
        assert known(data, tmp_path, ledger(tmp_path / "l.json", birth=told)) == {("birth", "ImageComments")}


ENCODED = {
    "utf-8": "Đào Thị Yến", "utf-16-le": "Đào Thị Yến", "utf-16-be": "Đào Thị Yến",
    "cp1258": "Đa\u0300o Thi\u0323 Yê\u0301n",
}  # fmt: skip
"""Windows 1258 has hats, but writes tones behind their letters."""


@pytest.mark.parametrize("encoding", ENCODED)
def test_text_among_bytes_is_found_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    elements = conformant() | {0x00291001: ("UN", b"\1\2\3" + ENCODED[encoding].encode(encoding) + b"\4")}
    path = ledger(tmp_path / "l.json", patient="Đào Thị Yến")
    assert known(file_of(elements), tmp_path, path) == {("patient", "(0029,1001)")}


def test_japanese_with_escape_sequences_is_found(tmp_path: Path) -> None:
    name = "山田^花子"
    elements = changed(
        conformant(),
        SpecificCharacterSet=("CS", b"\\ISO 2022 IR 87"),
        OperatorsName=("PN", b"Yamada^Hanako=" + name.encode("iso2022_jp")),
    )
    assert ("reader", "OperatorsName") in known(file_of(elements), tmp_path, ledger(tmp_path / "l.json", reader=name))


PLACES = {
    "preamble": lambda: file_of(conformant(), preamble=SECRET),
    "file meta: PrivateInformation": lambda: file_of(conformant(), meta={0x00020102: ("OB", SECRET)}),
    "file: between or behind its elements": lambda: file_of(conformant(), behind=SECRET),
    "VOILUTSequence[1].(0029,1001)": lambda: file_of(
        changed(conformant(), VOILUTSequence=("SQ", item({0x00291001: ("OB", SECRET)})))
    ),
    "PixelData": lambda: coded(encode_jpeg_ls(breast_pixels()), JPEG_LS_LOSSLESS, SECRET),
}


@pytest.mark.parametrize("place", PLACES)
def test_bytes_are_found_where_they_are(place: str, tmp_path: Path) -> None:
    assert known(PLACES[place](), tmp_path, ledger(tmp_path / "l.json", planted=SECRET)) == {("planted", place)}


def test_bytes_are_found_in_the_other_byte_order(tmp_path: Path) -> None:
    words = np.frombuffer(SECRET, "<u2").byteswap().tobytes()
    data = file_of(changed(conformant(), ICCProfile=("OB", b"\0" + words + b"\0")))
    assert known(data, tmp_path, ledger(tmp_path / "l.json", planted=SECRET)) == {("planted", "ICCProfile")}


def test_what_compressed_pixels_spell_is_found(tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.json", planted=SECRET)
    for spread in (np.frombuffer(SECRET, "<u2"), np.frombuffer(SECRET, np.uint8).astype(np.uint16)):
        pixels = breast_pixels()
        pixels[5, : len(spread)] = spread & 0xFFF
        elements = changed(conformant(), BitsStored=("US", b"\x10\0"), HighBit=("US", b"\x0f\0"))
        pixels[5, : len(spread)] = spread
        data = coded(encode_jpeg_ls(pixels), JPEG_LS_LOSSLESS)
        old, new = (joined({k: e[k] for k in (tag("BitsStored"), tag("HighBit"))}) for e in (conformant(), elements))
        assert known(data.replace(old, new), tmp_path, path) == {("planted", "pixels: values")}


def test_a_deflated_data_set_is_searched(tmp_path: Path) -> None:
    engine = zlib.compressobj(wbits=-15)
    deflated = engine.compress(joined(changed(conformant(), ICCProfile=("OB", SECRET)))) + engine.flush()
    data = file_of({}, meta={0x00020010: ("UI", b"1.2.840.10008.1.2.1.99")}, behind=deflated)
    assert known(data, tmp_path, ledger(tmp_path / "l.json", planted=SECRET)) == {("planted", "ICCProfile")}


def test_names_times_and_other_files_are_searched(tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.json", patient="Tran Van Binh", birth="19770815")
    name = "export/TRAN-van-binh.pdf"
    assert ("patient", "file name") in known(b"%PDF", tmp_path, path, name=name)
    assert ("patient", "file: its text") in known(b"%PDF of Binh Tran Van", tmp_path, path, name="a.pdf")
    moment = datetime(1977, 8, 15, 12, tzinfo=UTC).timestamp()
    data = file_of(conformant(), meta=META)
    assert known(data, tmp_path, path) == set()
    os.utime(tmp_path / "files" / "one.dcm", (moment, moment))
    assert known_again(tmp_path, path) == {("birth", "file: time of last change")}


def known_again(folder: Path, path: Path) -> set[tuple[str, str]]:
    """Return what is known in a file that is not written anew."""
    done = examine(Task(folder / "files", PurePosixPath("one.dcm"), Options(text="off", ledger=path)))
    return {(one.note, one.where) for one in done.findings if one.kind == "known_identifier"}


def test_short_entries_are_found_as_words_only() -> None:
    index = Index([Entry("given", "Yến")])
    assert list(index.in_texts([("a", "cô Yến")])) == [("given", "a")]
    assert not list(index.in_texts([("a", "Nguyenyenly")]))
    assert not list(index.in_bytes(b"xxyenxx"))


@given(
    st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạíìỉĩịóòỏõọúùủũụ", min_size=5, max_size=12),
    st.binary(max_size=99),
    st.data(),
)
def test_a_text_is_found_between_any_bytes(text: str, around: bytes, data: st.DataObject) -> None:
    assume(len(folded(text)) >= 5)
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
    cased = data.draw(st.sampled_from([str.lower, str.upper]))(text)
    form: Form = data.draw(st.sampled_from(["NFC", "NFD"]))
    written = around + unicodedata.normalize(form, cased).encode(encoding) + around
    assert "x" in {name for name, _ in Index([Entry("x", text)]).in_bytes(written)}


@given(st.text("ABCDEFGHKLMNPRTUVXY", min_size=12, max_size=20), st.integers(0, 11), st.sampled_from("0OI1X"))
def test_a_reading_with_one_wrong_letter_is_recognized(text: str, at: int, wrong: str) -> None:
    misread = text[:at] + wrong + text[at + 1 :]
    assert list(Index([Entry("x", text)]).in_reading(["L MLO", f"12 {misread} 7"]))[:1] == ["x"]


def test_a_reading_of_something_else_is_not() -> None:
    index = Index([Entry("x", "NGUYEN THI DAO"), Entry("y", "BN895473")])
    assert not list(index.in_reading(["L MLO", "28 kV 100 mAs", "BN123456"]))


FORMS = {
    "ledger.json": json.dumps({"canaries": [{"name": "n", "text": "a b"}, {"name": "m", "hex": "0a0b0c0d"}]}),
    "ledger.csv": "name,text\nn,a b\n,c\n",
    "ledger.txt": "\ufeffa b\n\n  c  \n",
}
READ = {
    "ledger.json": (Entry("n", "a b"), Entry("m", "", b"\n\x0b\x0c\r")),
    "ledger.csv": (Entry("n", "a b"), Entry("row 2", "c")),
    "ledger.txt": (Entry("line 1", "a b"), Entry("line 3", "c")),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_ledger_is_json_csv_or_lines(form: str, tmp_path: Path) -> None:
    (tmp_path / form).write_text(FORMS[form], encoding="utf-8")
    assert read_ledger(tmp_path / form) == READ[form]


@pytest.mark.parametrize("content", ["", '{"canaries": [{"text": "SECRET"}]}', '{"canaries": SECRET', "{}"])
def test_what_is_no_ledger_is_refused_without_quoting_it(content: str, tmp_path: Path) -> None:
    (tmp_path / "l.json").write_text(content)
    with pytest.raises(ConfigError) as caught:
        read_ledger(tmp_path / "l.json")
    assert "SECRET" not in str(caught.value)


@given(st.integers(10**38, 10**39 - 1), st.integers(0, 33), st.integers(4, 7))
def test_a_short_number_in_the_digits_of_a_uid_made_by_lot_is_chance_and_elsewhere_is_not(
    number: int, start: int, length: int
) -> None:
    digits = str(number)
    short, uid = digits[start : start + length], f"2.25.{digits}"
    index = Index([Entry("x", short)])
    assert not list(index.in_texts([("here", f"images/{uid}.dcm")]))
    assert not list(index.in_bytes(b"UI\x2c\0" + uid.encode() + b"\0"))
    assert list(index.in_texts([("here", f"{uid} no. {short}")]))
    assert length < 5 or list(index.in_bytes(f"{uid}\0{short}\0".encode()))


@given(st.integers(10**38, 10**39 - 1), st.integers(0, 30))
def test_a_long_number_in_the_digits_of_a_uid_is_none(number: int, start: int) -> None:
    uid = f"2.25.{number}"
    index = Index([Entry("x", str(number)[start : start + 8])])
    assert list(index.in_texts([("here", uid)]))
    assert list(index.in_bytes(uid.encode()))
