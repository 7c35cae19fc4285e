"""Wrong attempts make the next ones wait; strangers keep nobody out for long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mammoset.web.door.throttling import ADDRESS, FORGOTTEN_AFTER, HERE, NAME, Limit, Throttle

HOME, FAR = "10.0.0.1", "192.0.2.7"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(0, 60), st.sampled_from([HERE, ADDRESS, NAME]))
def test_the_wait_grows_up_to_its_limit(n_wrong: int, limit: Limit) -> None:
    assert limit.wait(n_wrong) <= limit.wait(n_wrong + 1) <= limit.longest
    assert (limit.wait(n_wrong) == 0) == (n_wrong < limit.free)


def test_the_wait_doubles_after_some_free_attempts() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(9):
        waits.append(throttle.attempt("anna", FAR))
        if waits[-1]:
            clock.now += waits[-1]
            assert throttle.attempt("anna", FAR) == 0
    assert waits[:5] == [0] * 5
    assert waits[5:] == [1, 2, 4, 8]


def test_an_attempt_that_has_to_wait_is_not_counted() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(1000):
        throttle.attempt("anna", FAR)
    clock.now += 1
    assert throttle.attempt("anna", FAR) == 0


def test_somebody_who_was_here_before_is_kept_out_by_no_stranger() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert throttle.attempt("anna", HOME) == 0
    throttle.succeeded("anna", HOME)
    for n in range(500):
        throttle.attempt("anna", f"192.0.2.{n}")
    assert throttle.attempt("anna", HOME) == 0


def test_somebody_who_was_never_here_is_kept_out_for_moments() -> None:
    throttle = Throttle(Clock())
    for n in range(500):
        throttle.attempt("anna", f"192.0.2.{n}")
    assert 0 < throttle.attempt("anna", HOME) <= NAME.longest <= 10


def test_one_address_cannot_try_name_after_name() -> None:
    throttle = Throttle(Clock())
    waits = [throttle.attempt(f"name{n}", FAR) for n in range(ADDRESS.free + 1)]
    assert waits[:-1] == [0] * ADDRESS.free
    assert waits[-1] > 0
    assert throttle.attempt("name0", HOME) == 0


def test_a_right_password_is_not_counted() -> None:
    throttle = Throttle(Clock())
    for _ in range(200):
        assert throttle.attempt("anna", HOME) == 0
        throttle.succeeded("anna", HOME)


def test_wrong_attempts_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(HERE.free):
        throttle.attempt("anna", FAR)
    assert throttle.attempt("anna", FAR) > 0
    clock.now += FORGOTTEN_AFTER + 1
    assert [throttle.attempt("anna", FAR) for _ in range(HERE.free)] == [0] * HERE.free


def test_counts_do_not_fill_the_memory() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for n in range(30_000):
        clock.now += 0.01
        throttle.attempt(f"name{n}", f"address{n}")
    assert len(throttle._counts) < 20_000
