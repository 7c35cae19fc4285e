"""Cursors: what one names is read back as it was, and whatever else comes is refused in a sentence."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.web.answers.cursors import LARGEST, cursor_of, number_in, page_from, place_in
from mammoset.web.door.problems import Refused

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.integers(-LARGEST, LARGEST), texts)
def test_a_place_is_read_back_as_it_was(number: int, text: str) -> None:
    cursor = cursor_of([number, text])
    assert place_in(cursor, int, str) == [number, text]
    with pytest.raises(Refused):
        place_in(cursor, str, int)


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda data: data.decode("latin-1")))
def test_whatever_comes_is_a_place_or_refused(text: str) -> None:
    with suppress(Refused):
        (number,) = place_in(text, int)
        assert isinstance(number, int)


@pytest.mark.parametrize("place", [[-1], [LARGEST + 1], [True], [1.5]])
def test_a_number_that_is_no_place_is_refused(place: list[int]) -> None:
    with pytest.raises(Refused):
        number_in(cursor_of(place))


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_pages_make_up_the_list(items: list[int], limit: int) -> None:
    found: list[int] = []
    cursor: str | None = None
    while True:
        page, cursor = page_from(items, number_in(cursor), limit)
        found += page
        if cursor is None:
            break
    assert found == items
