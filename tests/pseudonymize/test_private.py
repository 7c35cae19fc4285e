"""Of private elements only listed integers in range pass, only with the switch, and under a creator we write."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.private import private_rules
from tests.pseudonymize.hostile import Elements, mammogram, us
from tests.pseudonymize.sources import kept, written

GE, LORAD, HOLOGIC = "GEMS_SENO_02", "LORAD Selenia", "HOLOGIC, Inc."
ALL = Options(private_integers=(GE, HOLOGIC, LORAD))


def with_private(creator: str, group: int, element: int, pair: tuple[str, bytes]) -> Elements:
    at = group << 16
    return mammogram() | {at | 0x10: ("LO", creator.encode()), at | 0x1000 | element: pair}


def private_of(dataset: Dataset) -> dict[str, object]:
    return {f"{one.tag}": one.value for one in dataset if one.tag.is_private}


def test_listed_integers_pass_with_the_switch_and_with_it_only() -> None:
    elements = with_private(GE, 0x0045, 0x60, ("IS", b"10\\200\\30\\400"))
    assert private_of(kept(elements)) == {}
    assert private_of(kept(elements, Options(private_integers=(LORAD,)))) == {}
    found = private_of(kept(elements, ALL))
    assert found == {"(0045,0010)": GE, "(0045,1060)": [10, 200, 30, 400]}


def test_a_creator_in_another_block_is_found_and_written_in_the_first() -> None:
    elements = mammogram() | {0x00190042: ("LO", b"LORAD Selenia"), 0x00194230: us(12)}
    assert private_of(kept(elements, ALL)) == {"(0019,0010)": LORAD, "(0019,1030)": 12}


@pytest.mark.parametrize(
    ("creator", "group", "element", "pair"),
    [
        (GE, 0x0045, 0x59, ("IS", b"99999999")),
        (GE, 0x0045, 0x59, ("IS", b"-1")),
        (GE, 0x0045, 0x59, ("IS", b"12\\13")),
        (GE, 0x0045, 0x59, ("LO", b"Mrs. Lan")),
        (GE, 0x0045, 0x59, ("DS", b"12.5")),
        (GE, 0x0045, 0x59, ("UN", b"Mrs. Lan")),
        (GE, 0x0045, 0x60, ("IS", b"1\\2\\3")),
        (GE, 0x0045, 0x1B, ("LO", b"RCC")),
        (GE, 0x0045, 0x50, ("UI", b"1.2.3")),
        ("GEMS_SENO_02 Mrs. Lan", 0x0045, 0x59, ("IS", b"12")),
        ("Mrs. Lan", 0x0045, 0x59, ("IS", b"12")),
        (LORAD, 0x0021, 0x30, us(12)),
        (HOLOGIC, 0x0019, 0x06, ("LO", b"10CM")),
        (HOLOGIC, 0x0019, 0x35, us(60000)),
    ],
)
def test_anything_else_is_removed(creator: str, group: int, element: int, pair: tuple[str, bytes]) -> None:
    dataset = kept(with_private(creator, group, element, pair), ALL)
    assert private_of(dataset) == {}
    assert "113111" not in {one.CodeValue for one in dataset.DeidentificationMethodCodeSequence}


@given(data=st.binary(max_size=40), vr=st.sampled_from(["IS", "US", "DS", "LO", "UN", "SQ", "OB", "LT", "SL"]))
def test_no_bytes_of_a_private_element_pass_but_small_numbers(data: bytes, vr: str) -> None:
    dataset = kept(with_private(GE, 0x0045, 0x59, (vr, data)), ALL)
    found = private_of(dataset)
    assert set(found) in (set(), {"(0045,0010)", "(0045,1059)"})
    assert all(value == GE or (isinstance(value, int) and 0 <= value <= 65535) for value in found.values())


def test_a_private_text_is_not_in_the_file() -> None:
    elements = with_private(HOLOGIC, 0x0019, 0x30, us(7)) | {
        0x00191087: ("LO", b"Nguyen Thi Lan"),
        0x00190011: ("LO", b"Nguyen Thi Mai"),
        0x00191130: us(9),
    }
    data = written(kept(elements, ALL), elements)
    assert b"HOLOGIC, Inc." in data
    assert b"Nguyen" not in data
    assert struct.pack("<HH2sHH", 0x0019, 0x1030, b"US", 2, 7) in data


def test_every_rule_is_about_a_bounded_integer() -> None:
    for rule in private_rules():
        assert rule.vr in ("IS", "US")
        assert rule.group % 2 == 1
        assert 0 <= rule.low < rule.high <= 65535
        assert 1 <= rule.count <= 4
    places = [(rule.creator, rule.group, rule.element) for rule in private_rules()]
    assert len(set(places)) == len(places)
