from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.web.dicomweb.matching import BadQuestion, matcher_for


def matches(vr: str, asked: str, *values: str) -> bool:
    test = matcher_for(vr, asked)
    return test is None or test(values)


@pytest.mark.parametrize(
    ("vr", "asked", "value", "is_match"),
    [
        ("LO", "P0001", "P0001", True),
        ("LO", "p0001", "P0001", False),
        ("LO", "P*", "P0001", True),
        ("LO", "P?001", "P0001", True),
        ("LO", "P?01", "P0001", False),
        ("LO", "*[1]", "P00[1]", True),
        ("LO", "[P]*", "P0001", False),
        ("LO", "P.001", "P0001", False),
        ("PN", "p0001", "P0001^", True),
        ("PN", "*0001*", "P0001^", True),
        ("PN", "P0001^", "P0001^", True),
        ("PN", "P0002", "P0001^", False),
        ("UI", "2.25.1", "2.25.1", True),
        ("UI", "2.25.1,2.25.2", "2.25.2", True),
        ("UI", "2.25.1\\2.25.2", "2.25.2", True),
        ("UI", "2.25.*", "2.25.1", False),
        ("CS", "CT,MG", "MG", True),
        ("DA", "20200102", "20200102", True),
        ("DA", "20200101-20200103", "20200102", True),
        ("DA", "20200102-", "20200102", True),
        ("DA", "-20200101", "20200102", False),
        ("DA", "20200103-", "20200102", False),
        ("US", "440", "440", True),
        ("DS", "0.070", "0.07", True),
        ("IS", "1", "10", False),
        ("IS", "1", "none", False),
    ],
)
def test_values_match_by_the_rules_of_their_representation(vr: str, asked: str, value: str, is_match: bool) -> None:
    assert matches(vr, asked, value) is is_match


@pytest.mark.parametrize("vr", ["LO", "UI", "DA", "PN", "US"])
@pytest.mark.parametrize("asked", ["", "*", '""'])
def test_an_empty_question_matches_everything_also_nothing(vr: str, asked: str) -> None:
    assert matches(vr, asked)
    assert matches(vr, asked, "1")


@pytest.mark.parametrize(("vr", "asked"), [("LO", "P*"), ("DA", "20200101-"), ("DA", "-20200101"), ("US", "0")])
def test_an_attribute_without_value_matches_no_question(vr: str, asked: str) -> None:
    assert not matches(vr, asked)
    assert not matches(vr, asked, "")


def test_one_of_several_values_is_enough() -> None:
    assert matches("CS", "PRIMARY", "DERIVED", "PRIMARY")


@pytest.mark.parametrize(
    ("vr", "asked"), [("DA", "2020"), ("DA", "2020010120200103"), ("DA", "-"), ("DA", "yesterday"), ("US", "many")]
)
def test_a_date_or_a_number_that_is_none_is_refused_without_repeating_it(vr: str, asked: str) -> None:
    with pytest.raises(BadQuestion) as told:
        matcher_for(vr, asked)
    assert asked not in str(told.value).replace("YYYYMMDD-YYYYMMDD", "")


WORDS = st.text(alphabet="ab?*[!", max_size=12)


@given(WORDS, st.text(alphabet="ab[!", max_size=10))
def test_wildcards_mean_any_text_and_any_character(asked: str, value: str) -> None:
    def reference(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(reference(pattern[1:], text[at:]) for at in range(len(text) + 1))
        return bool(text) and pattern[0] in ("?", text[0]) and reference(pattern[1:], text[1:])

    if asked not in ("", "*") and value:
        assert matches("LO", asked, value) == reference(asked, value)


def test_many_stars_take_no_time() -> None:
    begin = time.perf_counter()
    assert not matches("LO", "*a" * 30 + "b", "a" * 64)
    assert time.perf_counter() - begin < 1
