"""Assignment: seeded, level loads, spread pairs, never an arbiter who read."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from mammoset.read import draw_one_each, draw_readers
from mammoset.read.assignment import is_in_sample

SEEDS = st.integers(0, 2**32 - 1)


def names(n: int) -> list[str]:
    return [f"r{k}" for k in range(n)]


@given(n_studies=st.integers(0, 60), n_readers=st.integers(2, 7), seed=SEEDS)
def test_loads_differ_by_at_most_one_at_every_moment(n_studies: int, n_readers: int, seed: int) -> None:
    teams = draw_readers(n_studies, names(n_readers), per_study=2, random_state=seed)
    loads = Counter(dict.fromkeys(names(n_readers), 0))
    for team in teams:
        assert len(set(team)) == 2
        loads.update(team)
        assert max(loads.values()) - min(loads.values()) <= 1


@given(n_readers=st.integers(3, 6), rounds=st.integers(1, 5), seed=SEEDS)
def test_pairs_are_spread(n_readers: int, rounds: int, seed: int) -> None:
    pairs = list(combinations(names(n_readers), 2))
    teams = Counter(draw_readers(len(pairs) * rounds, names(n_readers), per_study=2, random_state=seed))
    assert all(abs(teams[pair] - rounds) <= 2 for pair in pairs)


@given(n_studies=st.integers(1, 30), seed=SEEDS)
def test_the_draw_depends_on_the_seed_and_not_on_the_order_of_the_pool(n_studies: int, seed: int) -> None:
    pool = names(5)
    drawn = draw_readers(n_studies, pool, per_study=2, random_state=seed)
    assert drawn == draw_readers(n_studies, pool[::-1], per_study=2, random_state=seed)


def test_another_seed_gives_another_draw() -> None:
    first, second = (draw_readers(30, names(5), per_study=2, random_state=seed) for seed in (1, 2))
    assert first != second


def test_who_has_read_more_before_gets_less_now() -> None:
    earlier = [("r0", "r1")] * 3
    loads = Counter(
        one for team in draw_readers(4, names(4), per_study=2, random_state=0, earlier=earlier) for one in team
    )
    assert loads["r2"] + loads["r3"] == 7
    assert loads["r2"] >= 3
    assert loads["r3"] >= 3


def test_a_pool_too_small_for_a_team_draws_nobody() -> None:
    assert draw_readers(1, ["r0"], per_study=2, random_state=0) == []


CAPS = st.lists(st.integers(0, 9), min_size=2, max_size=6)


def most_possible(caps: list[int], n_studies: int) -> int:
    """Count the pairs that can be made, by giving each study the two with the most room."""
    left, n = sorted(caps), 0
    while n < n_studies and len([one for one in left if one > 0]) >= 2:
        left = sorted([*left[:-2], left[-2] - 1, left[-1] - 1])
        n += 1
    return n


@given(n_studies=st.integers(0, 30), caps=CAPS, free=st.integers(0, 2), seed=SEEDS)
def test_nobody_gets_more_than_their_cap_and_as_many_studies_as_possible_get_readers(
    n_studies: int, caps: list[int], free: int, seed: int
) -> None:
    pool = names(len(caps) + free)
    room = dict(zip(pool, caps, strict=False))
    teams = draw_readers(n_studies, pool, per_study=2, random_state=seed, room=room)
    loads = Counter(dict.fromkeys(pool, 0))
    for team in teams:
        assert len(set(team)) == 2
        loads.update(team)
    assert all(loads[name] <= cap for name, cap in room.items())
    assert len(teams) == most_possible([*caps, *[n_studies] * free], n_studies)
    below = [loads[name] for name in pool if name not in room or loads[name] < room[name]]
    assert not below or max(below) - min(below) <= 1


def test_a_team_is_passed_over_that_would_use_up_the_room_of_others() -> None:
    room = {"r0": 2, "r1": 1, "r2": 1}
    for seed in range(20):
        teams = draw_readers(2, names(3), per_study=2, random_state=seed, room=room)
        assert sorted(teams) == [("r0", "r1"), ("r0", "r2")]


@given(seed=SEEDS, n=st.integers(1, 40))
def test_an_arbiter_never_read_the_study_and_loads_are_level(seed: int, n: int) -> None:
    read_by = {f"s{k}": ("a0", "r1") if k % 3 == 0 else ("r0", "r1") for k in range(n)}
    drawn = draw_one_each(read_by, ["a0", "a1", "a2"], random_state=seed)
    assert list(drawn) == list(read_by)
    assert not [study for study, arbiter in drawn.items() if arbiter in read_by[study]]
    loads = Counter(dict.fromkeys(("a1", "a2"), 0)) + Counter(drawn.values())
    assert abs(loads["a1"] - loads["a2"]) <= 1 + n // 3


def test_a_study_that_every_arbiter_read_is_left_out() -> None:
    assert draw_one_each({"s1": ("a0", "r1"), "s2": ()}, ["a0"], random_state=0) == {"s2": "a0"}


PEOPLE = names(4)
BARRED = st.dictionaries(st.integers(0, 12).map("s{}".format), st.sets(st.sampled_from(PEOPLE)), max_size=9)


def most_matched(barred: dict[str, set[str]], room: dict[str, int]) -> int:
    """Count the studies that can be given to somebody, by trying everything."""
    if not barred:
        return 0
    (_, people), *rest = barred.items()
    best = most_matched(dict(rest), room)
    for name in PEOPLE:
        if name not in people and room[name] > 0:
            best = max(best, 1 + most_matched(dict(rest), room | {name: room[name] - 1}))
            if best == len(barred):
                break
    return best


@given(barred=BARRED, caps=st.lists(st.integers(0, 3), min_size=4, max_size=4), seed=SEEDS)
def test_as_many_studies_as_possible_get_somebody_within_the_caps(
    barred: dict[str, set[str]], caps: list[int], seed: int
) -> None:
    room = dict(zip(PEOPLE, caps, strict=True))
    drawn = draw_one_each(barred, PEOPLE, random_state=seed, room=room)
    assert not [study for study, name in drawn.items() if name in barred[study]]
    assert all(n <= room[name] for name, n in Counter(drawn.values()).items())
    assert len(drawn) == most_matched(barred, room)


@given(share=st.floats(0, 1), seed=st.integers(0, 99))
def test_a_larger_share_takes_in_the_smaller_one_and_nothing_depends_on_what_comes_later(
    share: float, seed: int
) -> None:
    sample = {draw for draw in range(200) if is_in_sample(share, seed, draw)}
    assert sample <= {draw for draw in range(200) if is_in_sample(min(1.0, share + 0.1), seed, draw)}


def test_the_share_of_the_sample_is_what_was_asked_for() -> None:
    assert abs(sum(is_in_sample(0.1, 0, draw) for draw in range(10_000)) - 1000) < 100
    assert not any(is_in_sample(0.0, 0, draw) for draw in range(1000))
    assert all(is_in_sample(1.0, 0, draw) for draw in range(1000))
