from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Event

import pytest

from mammoset.web.pictures.remembering import MadeInBackground, Remembered


def test_a_value_is_made_anew_only_for_another_revision() -> None:
    numbers = count(1)
    remembered = Remembered(lambda: next(numbers))
    assert [remembered.at(revision) for revision in (1, 1, 2, 2, 1)] == [1, 1, 2, 2, 3]


def test_who_asks_for_a_slow_value_is_not_kept_waiting() -> None:
    may_end = Event()
    numbers = count(1)

    def make() -> int:
        assert may_end.wait(60)
        return next(numbers)

    slow = MadeInBackground(make)
    assert [slow.at(1), slow.at(1), slow.at(2)] == [None, None, None]
    may_end.set()
    slow.wait()
    assert slow.at(1) == 1, "made once, however often it was asked for"
    assert slow.at(2) is None, "another revision is another value"
    slow.wait()
    assert slow.at(2) == 2


def test_a_slow_value_that_cannot_be_made_says_so_to_who_asks_next() -> None:
    outcomes: list[Callable[[], str]] = [lambda: "made", lambda: 1 // 0]  # type: ignore[list-item,return-value]
    slow = MadeInBackground(lambda: outcomes.pop()())
    assert slow.at(1) is None
    slow.wait()
    with pytest.raises(ZeroDivisionError):
        slow.at(1)
    assert slow.at(2) is None
    slow.wait()
    assert slow.at(2) == "made"
