"""What reviewers said of values: the latest word about a value holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.review_values import EVERY, ValueVerdicts, numbers_of, range_of

ELEMENTS = st.sampled_from(["KVP", "Manufacturer"])
VALUES = st.one_of(st.integers(-5, 40).map(str), st.sampled_from(["SIEMENS", "HOLOGIC", "28.5", "25\\35", "047Y", ""]))
RANGES = st.tuples(st.integers(-5, 40), st.integers(0, 20)).map(lambda one: f"{one[0]}..{one[0] + one[1]}")
FACTS = st.lists(
    st.tuples(ELEMENTS, st.one_of(VALUES, RANGES, st.just(EVERY)), st.sampled_from(["approve", "reject"])), max_size=12
)


def is_about(said: str, value: str) -> bool:
    """Say plainly whether a fact is about a value."""
    if said in (EVERY, value):
        return True
    low, found, high = said.partition("..")
    parts = value.removesuffix("Y").split("\\")
    try:
        return bool(found) and all(float(low) <= float(part) <= float(high) for part in parts)
    except ValueError:
        return False


@given(FACTS, ELEMENTS, VALUES)
def test_the_latest_fact_about_a_value_is_in_force(facts: list[tuple[str, str, str]], element: str, value: str) -> None:
    said = [verdict for name, text, verdict in facts if name == element and is_about(text, value)]
    assert ValueVerdicts.of(facts).verdict_of(element, value) == (said[-1] if said else None)


@given(FACTS, st.lists(st.tuples(ELEMENTS, VALUES)))
def test_each_value_is_rejected_pending_or_approved(
    facts: list[tuple[str, str, str]], pairs: list[tuple[str, str]]
) -> None:
    verdicts = ValueVerdicts.of(facts)
    rejected, pending = verdicts.rejected(pairs), verdicts.pending(pairs)
    assert not rejected & pending
    assert {pair for pair in pairs if verdicts.verdict_of(*pair) == "approve"} == set(pairs) - rejected - pending


@given(FACTS, RANGES, ELEMENTS)
def test_after_a_range_is_approved_numbers_outside_it_are_as_before(
    facts: list[tuple[str, str, str]], approved: str, element: str
) -> None:
    before, after = ValueVerdicts.of(facts), ValueVerdicts.of([*facts, (element, approved, "approve")])
    where = range_of(approved)
    assert where is not None
    for number in range(-6, 62):
        expected = "approve" if where.low <= number <= where.high else before.verdict_of(element, str(number))
        assert after.verdict_of(element, str(number)) == expected


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("28", (28.0,)), ("-0.5", (-0.5,)), ("1e-6", (1e-6,)), ("0.07\\0.07", (0.07, 0.07)), ("047Y", (47.0,)),
        ("", None), ("CC", None), ("1\\", None), ("nan", None), ("inf", None), ("47Y", None), ("1_0", None),
        ("25..34", None), ("٣", None), (".5", None),
    ],
)  # fmt: skip
def test_a_value_is_numbers_only_when_all_of_it_is(value: str, numbers: tuple[float, ...] | None) -> None:
    assert numbers_of(value) == numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25..34", (25.0, 34.0)), ("-180..180", (-180.0, 180.0)), ("0.05..2", (0.05, 2.0)), ("3..3", (3.0, 3.0)),
        ("34..25", None), ("25", None), ("a..b", None), ("..", None), ("*", None), ("1...5", None),
    ],
)  # fmt: skip
def test_a_range_is_two_numbers_in_order(text: str, expected: tuple[float, float] | None) -> None:
    assert range_of(text) == expected
