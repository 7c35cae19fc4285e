"""Assignment: seeded, level loads, spread pairs, never an arbiter who read."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.errors import ConfigError
from mammoset.read import draw_one_each, draw_readers

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


def test_a_pool_too_small_is_told_what_to_do() -> None:
    with pytest.raises(ConfigError, match="add some with 'mammoset user add NAME --role reader'"):
        draw_readers(1, ["r0"], per_study=2, random_state=0)


@given(seed=SEEDS, n=st.integers(1, 40))
def test_an_arbiter_never_read_the_study_and_loads_are_level(seed: int, n: int) -> None:
    read_by = {f"s{k}": ("a0", "r1") if k % 3 == 0 else ("r0", "r1") for k in range(n)}
    drawn = draw_one_each(read_by, ["a0", "a1", "a2"], role="arbiter", random_state=seed)
    assert list(drawn) == list(read_by)
    assert not [study for study, arbiter in drawn.items() if arbiter in read_by[study]]
    loads = Counter(dict.fromkeys(("a1", "a2"), 0)) + Counter(drawn.values())
    assert abs(loads["a1"] - loads["a2"]) <= 1 + n // 3


def test_a_study_that_every_arbiter_read_is_named() -> None:
    with pytest.raises(ConfigError, match="everybody with the role 'arbiter' has already seen study s1"):
        draw_one_each({"s1": ("a0", "r1")}, ["a0"], role="arbiter", random_state=0)
