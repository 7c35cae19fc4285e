"""Which exams of a patient came before one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.priors import Prior, day_of, priors_among

DAY = date(2020, 3, 31)


def test_earlier_exams_are_told_with_whole_months_the_latest_first() -> None:
    others = {"a": date(2018, 3, 31), "b": date(2019, 4, 1), "c": DAY, "d": date(2021, 1, 1), "e": None}
    assert priors_among(DAY, others) == (Prior("b", 11), Prior("a", 24))


def test_without_a_date_nothing_is_earlier() -> None:
    assert priors_among(None, {"a": DAY}) == ()


@given(
    st.dates(date(1980, 1, 1), date(2030, 1, 1)), st.lists(st.integers(-4000, 4000), max_size=5), st.integers(0, 3650)
)
def test_dates_moved_together_tell_the_same_exams(day: date, days: list[int], moved: int) -> None:
    others = {str(n): day + timedelta(one) for n, one in enumerate(days)}
    back = {one: other - timedelta(moved) for one, other in others.items()}
    told = [one.study_id for one in priors_among(day, others)]
    assert told == [one.study_id for one in priors_among(day - timedelta(moved), back)]
    assert all(others[one] < day for one in told)
    assert len(told) == sum(one < 0 for one in days)


@pytest.mark.parametrize("text", ["", None, "2020", "20201301", "2020-3-1", "x" * 8])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert day_of(text) is None
    assert day_of("20200331") == DAY
