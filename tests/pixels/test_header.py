"""A header may hold anything; reading it fails on nothing and says nothing aloud."""

from __future__ import annotations

import logging
import struct
from typing import Any

import pytest
from pydicom.dataset import Dataset

from mammoset.pixels.header import integer, items, number, numbers, quietly, term, terms, values
from tests.pseudonymize.hostile import Elements, file_of, item, read, tag


def header(keyword: str, representation: str, value: bytes) -> Dataset:
    elements: Elements = {tag(keyword): (representation, value)}
    return read(file_of(elements))


@pytest.mark.parametrize(
    ("representation", "value", "expected"),
    [
        ("DS", b"28.5", (28.5,)),
        ("DS", b"1\\2\\3", (1.0, 2.0, 3.0)),
        ("DS", b"Lan", None),
        ("DS", b"28\\Lan", None),
        ("DS", b"", None),
        ("DS", b"nan", None),
        ("DS", b"inf", None),
        ("LO", b" 28 ", (28.0,)),
        ("US", struct.pack("<H", 28), (28.0,)),
        ("FD", b"xy", None),
        ("UN", b"28", (28.0,)),
        ("SQ", item({}), None),
    ],
)
def test_numbers_are_all_numbers_or_none(representation: str, value: bytes, expected: Any) -> None:
    with quietly():
        assert numbers(header("KVP", representation, value), "KVP") == expected


def test_what_is_absent_has_no_values() -> None:
    assert values(Dataset(), "KVP") == ()
    assert items(Dataset(), "ViewCodeSequence") == ()
    assert numbers(Dataset(), "KVP") is None
    assert integer(Dataset(), "Rows") is None
    assert terms(Dataset(), "Modality") == ()


@pytest.mark.parametrize(("value", "expected"), [(b"12", 12), (b"12.0", 12), (b"12.5", None), (b"1\\2", None)])
def test_integers_are_single_and_whole(value: bytes, expected: int | None) -> None:
    with quietly():
        assert integer(header("Exposure", "DS", value), "Exposure") == expected


def test_terms_are_trimmed_and_upper_case() -> None:
    assert term(" mlo\0 ") == "MLO"
    assert term(3) == ""
    assert number(True) is None


def test_a_value_of_text_is_no_sequence() -> None:
    assert items(header("ViewCodeSequence", "LO", b"Lan"), "ViewCodeSequence") == ()


def test_odd_values_are_read_without_a_warning_or_a_line_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    data = file_of({tag("SpecificCharacterSet"): ("CS", b"Lan"), tag("PatientAge"): ("AS", b"Mrs. Lan")})
    with caplog.at_level(logging.DEBUG), quietly():
        dataset = read(data)
        assert terms(dataset, "PatientAge") == ("MRS. LAN",)
    assert not caplog.records
