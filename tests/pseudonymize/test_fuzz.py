"""Mutated files: the gate treats them or refuses them for a named reason, and never repeats what they say.

``--hypothesis-profile=long`` tries thousands; `settings` of the default profile keep this to seconds.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mammoset.phantom.threats.elements import Element, encoded
from mammoset.phantom.threats.streams import SYNTAXES
from mammoset.phantom.threats.table import threats
from mammoset.phantom.threats.threat import Planted
from mammoset.pixels.codec import decode
from mammoset.pseudonymize.profile import rules
from tests.pseudonymize.hostile import read, tag
from tests.pseudonymize.through import PASSED, fate_of

BASES = ("sequence.lut_private", "text.everywhere", "private.sequence")
TAGS = st.one_of(
    st.sampled_from(sorted(tag(rule.keyword) for rule in rules())),
    st.integers(0, 0xFFFFFFFF),
)
KINDS = st.sampled_from(
    ["AE", "AS", "AT", "CS", "DA", "DS", "FD", "IS", "LO", "OB", "OW", "PN", "SQ", "UI", "UN", "US", "??"]
)
PLACE = st.tuples(st.booleans(), st.floats(0, 1, exclude_max=True))
"""Whether in the header, where most of what matters is, and where in it."""
LENGTHS = st.one_of(st.integers(0, 40), st.integers(0, 5000))
MUTATION = st.one_of(
    st.tuples(st.just("flip"), PLACE, st.integers(0, 7)),
    st.tuples(st.just("set"), PLACE, st.integers(0, 255)),
    st.tuples(st.just("cut"), PLACE, LENGTHS),
    st.tuples(st.just("end"), PLACE),
    st.tuples(st.just("swap"), PLACE, PLACE, LENGTHS),
    st.tuples(st.just("copy"), PLACE, PLACE, LENGTHS),
    st.tuples(st.just("insert"), PLACE, st.binary(max_size=60)),
    st.tuples(st.just("element"), PLACE, TAGS, KINDS, st.binary(max_size=60)),
    st.tuples(st.just("length"), PLACE, st.sampled_from([0, 1, 2, 3, 255, 65535, 2**31, 2**32 - 2, 2**32 - 1])),
)
HEADER = 6000
"""Bytes at the beginning that count as header."""


@cache
def base(name: str, vendor: str, syntax: str) -> Planted:
    row = next(row for row in threats() if row.name == name)
    return row.plant(vendor, syntax, seed=9)


def mutated(data: bytes, mutation: tuple[Any, ...]) -> bytes:
    """Return a file after one mutation; positions are shares of its length."""
    kind, at = mutation[0], _position(data, mutation[1])
    more: tuple[Any, ...] = mutation[2:]
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ 1 << more[0]]) + data[at + 1 :]
    if kind == "set":
        return data[:at] + bytes([more[0]]) + data[at + 1 :]
    if kind == "cut":
        return data[:at] + data[at + more[0] :]
    if kind == "end":
        return data[:at]
    if kind == "insert":
        return b"".join((data[:at], more[0], data[at:]))
    if kind == "length":
        return b"".join((data[:at], more[0].to_bytes(4, "little"), data[at + 4 :]))
    if kind == "element":
        return _with_element(data, at, *more)
    return _moved(data, at, _position(data, more[0]), more[1], is_copy=kind == "copy")


def _position(data: bytes, place: tuple[bool, float]) -> int:
    is_header, share = place
    return int(share * (min(HEADER, len(data)) if is_header else len(data)))


def _with_element(data: bytes, at: int, number: int, vr: str, value: bytes) -> bytes:
    """Insert an element before the next one that begins with a group of the header, if there is one."""
    for group in (b"\x08\x00", b"\x10\x00", b"\x18\x00", b"\x20\x00", b"\x28\x00"):
        found = data.find(group, at)
        if found >= 0:
            at = found
            break
    return data[:at] + encoded(Element(number, vr, value)) + data[at:]


def _moved(data: bytes, one: int, other: int, length: int, *, is_copy: bool) -> bytes:
    first, second = sorted((one, other))
    length = min(length, second - first, len(data) - second)
    begin, end = data[first : first + length], data[second : second + length]
    return data[:first] + end + data[first + length : second] + (end if is_copy else begin) + data[second + length :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    name=st.sampled_from(BASES),
    vendor=st.sampled_from(["SIEMENS", "Planmed", "GE"]),
    syntax=st.sampled_from(SYNTAXES),
    mutations=st.lists(MUTATION, min_size=1, max_size=4),
)
def test_a_mutated_file_is_treated_or_refused_for_a_named_reason_and_never_quoted(
    name: str,
    vendor: str,
    syntax: str,
    mutations: list[tuple[Any, ...]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    whole = base(name, vendor, syntax)
    data = whole.data
    for mutation in mutations:
        data = mutated(data, mutation) or b"\0"
    fate = fate_of(Planted(whole.threat, data, whole.canaries, whole.header, whole.path, None), tmp_path)
    event(fate.outcome)
    assert not fate.leaks(whole.ledger)
    assert not caplog.text
    if fate.outcome == PASSED:
        (stored,) = fate.stored
        dataset = read(stored)
        pixels = decode(dataset)
        assert pixels.shape == (dataset.Rows, dataset.Columns)
        assert (dataset.SmallestImagePixelValue, dataset.LargestImagePixelValue) == (pixels.min(), pixels.max())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_file_cut_anywhere_is_never_more_than_refused(syntax: str, tmp_path: Path) -> None:
    whole = base("text.everywhere", "IMS", syntax)
    for length in np.linspace(0, 0.95 * len(whole.data), 12).astype(int):
        cut = Planted(whole.threat, whole.data[:length], whole.canaries, whole.header, whole.path, None)
        fate = fate_of(cut, tmp_path)
        assert fate.outcome != PASSED
        assert not fate.leaks(whole.canaries)
