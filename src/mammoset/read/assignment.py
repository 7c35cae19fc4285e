"""Who reads what: k of N readers for each study, drawn by a seed, loads level, pairs spread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np

from mammoset.errors import ConfigError


def draw_readers(
    n_studies: int,
    readers: Sequence[str],
    *,
    per_study: int,
    random_state: int,
    earlier: Sequence[tuple[str, ...]] = (),
) -> list[tuple[str, ...]]:
    """Draw the readers of each study.

    Every study goes to the team whose members have read least so far; among those to the team whose pairs have
    met least; among those by the seed. So loads differ by at most one (from level ones), whatever the number of
    studies, and the draw depends on the order of the studies and the seed only.

    Parameters
    ----------
    n_studies : int
    readers : sequence of str
        The pool; its order does not matter.
    per_study : int
        Readers a study gets.
    random_state : int
    earlier : sequence of tuple of str
        Teams drawn before, whose loads count; members who have left the pool are ignored.

    Returns
    -------
    list of tuple of str
        One sorted team per study.

    Raises
    ------
    ConfigError
        If the pool is smaller than a team.
    """
    names = sorted(set(readers))
    if len(names) < per_study:
        raise ConfigError(
            f"read assign: {per_study} readers per study are asked for in labels.toml, but there are {len(names)} "
            "with the role 'reader'; add some with 'mammoset user add NAME --role reader'"
        )
    teams = np.array(list(combinations(range(len(names)), per_study)))
    rng = np.random.default_rng(random_state)
    loads = np.zeros(len(names), dtype=np.int64)
    meetings = np.zeros((len(names), len(names)), dtype=np.int64)
    for team in earlier:
        _count(np.array([names.index(one) for one in team if one in names], dtype=np.int64), loads, meetings)
    drawn = []
    for _ in range(n_studies):
        team = teams[_best(teams, loads, meetings, rng)]
        _count(team, loads, meetings)
        drawn.append(tuple(names[one] for one in team))
    return drawn


def _count(team: np.ndarray, loads: np.ndarray, meetings: np.ndarray) -> None:
    loads[team] += 1
    meetings[np.ix_(team, team)] += 1


def _best(teams: np.ndarray, loads: np.ndarray, meetings: np.ndarray, rng: np.random.Generator) -> int:
    load = loads[teams].sum(axis=1)
    candidates = np.flatnonzero(load == load.min())
    chosen = teams[candidates]
    met = meetings[chosen[:, :, None], chosen[:, None, :]].sum(axis=(1, 2)) - loads[chosen].sum(axis=1)
    candidates = candidates[met == met.min()]
    return int(rng.choice(candidates))


def draw_one_each(
    barred: Mapping[str, Collection[str]],
    pool: Sequence[str],
    *,
    role: str,
    random_state: int,
    earlier: Sequence[str] = (),
) -> dict[str, str]:
    """Draw one person for each study – an arbiter, or a replacement for a reader – among those who may, loads level.

    Parameters
    ----------
    barred : mapping of study id to people
        Who may not have the study, say because they read it; in the order in which to draw.
    role : str
        What messages call the people of the pool.
    earlier : sequence of str
        People drawn before, one entry per study.

    Raises
    ------
    ConfigError
        If nobody may have a study.
    """
    rng = np.random.default_rng(random_state)
    loads = {name: list(earlier).count(name) for name in sorted(set(pool))}
    drawn = {}
    for study_id, people in barred.items():
        able = [name for name in loads if name not in people]
        if not able:
            raise ConfigError(
                f"read assign: everybody with the role '{role}' has already seen study {study_id} or answers it in "
                f"another role; add somebody with 'mammoset user add NAME --role {role}'"
            )
        least = min(loads[name] for name in able)
        name = str(rng.choice([one for one in able if loads[one] == least]))
        loads[name] += 1
        drawn[study_id] = name
    return drawn
