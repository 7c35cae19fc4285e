"""Who reads what: k of N readers for each study, drawn by a seed, loads level, pairs spread, nobody above their cap."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np

Room = Mapping[str, int]
"""How many more studies each person may get; whoever is not in it may get any number."""
UNLIMITED = 2**40
NO_ROOM: Room = {}


def draw_readers(
    n_studies: int,
    readers: Sequence[str],
    *,
    per_study: int,
    random_state: int,
    earlier: Sequence[tuple[str, ...]] = (),
    room: Room = NO_ROOM,
) -> list[tuple[str, ...]]:
    """Draw the readers of each study.

    Every study goes to the team whose members have read least so far; among those to the team whose pairs have
    met least; among those by the seed. So loads of those who may still get more differ by at most one (from level
    ones), whatever the number of studies, and the draw depends on the order of the studies and the seed only.
    A team that would leave too little room for the studies behind it is passed over, so that as many studies get
    readers as the caps allow.

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
    room : mapping of person to int

    Returns
    -------
    list of tuple of str
        One sorted team for each of the first studies; fewer than `n_studies` where there is no room for all.
    """
    names = sorted(set(readers))
    if len(names) < per_study:
        return []
    teams = np.array(list(combinations(range(len(names)), per_study)))
    rng = np.random.default_rng(random_state)
    loads = np.zeros(len(names), dtype=np.int64)
    meetings = np.zeros((len(names), len(names)), dtype=np.int64)
    for team in earlier:
        _count(np.array([names.index(one) for one in team if one in names], dtype=np.int64), loads, meetings)
    left = np.array([max(0, min(room.get(name, UNLIMITED), UNLIMITED)) for name in names], dtype=np.int64)
    drawn = []
    for n_wanted in range(_n_possible(left, per_study, n_studies), 0, -1):
        team = teams[_best(teams, loads, meetings, rng, _fitting(teams, left, n_wanted))]
        _count(team, loads, meetings)
        left[team] -= 1
        drawn.append(tuple(names[one] for one in team))
    return drawn


def _n_possible(left: np.ndarray, per_study: int, n_studies: int) -> int:
    """Return how many teams of different people the room allows, at most `n_studies`.

    n teams are possible exactly when the people, each counted for n at most, have room for all their places (Gale and
    Ryser).
    """
    low, high = 0, n_studies
    while low < high:
        middle = (low + high + 1) // 2
        fits = int(np.minimum(left, middle).sum()) >= per_study * middle
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def _fitting(teams: np.ndarray, left: np.ndarray, n_wanted: int) -> np.ndarray:
    """Return which teams have room, and leave enough for the other teams that are wanted."""
    others = n_wanted - 1
    spare = int(np.minimum(left, others).sum()) - teams.shape[1] * others
    loss = (left[teams] <= others).sum(axis=1)
    fits = (left[teams] > 0).all(axis=1) & (loss <= spare)
    return np.asarray(fits)


def _count(team: np.ndarray, loads: np.ndarray, meetings: np.ndarray) -> None:
    loads[team] += 1
    meetings[np.ix_(team, team)] += 1


def _best(
    teams: np.ndarray, loads: np.ndarray, meetings: np.ndarray, rng: np.random.Generator, fits: np.ndarray
) -> int:
    candidates = np.flatnonzero(fits)
    load = loads[teams[candidates]].sum(axis=1)
    candidates = candidates[load == load.min()]
    chosen = teams[candidates]
    met = meetings[chosen[:, :, None], chosen[:, None, :]].sum(axis=(1, 2)) - loads[chosen].sum(axis=1)
    candidates = candidates[met == met.min()]
    return int(rng.choice(candidates))


def draw_one_each(
    barred: Mapping[str, Collection[str]],
    pool: Sequence[str],
    *,
    random_state: int,
    earlier: Sequence[str] = (),
    room: Room = NO_ROOM,
) -> dict[str, str]:
    """Draw one person for each study – an arbiter, a senior, a replacement – among those who may, loads level.

    Parameters
    ----------
    barred : mapping of study id to people
        Who may not have the study, say because they read it; in the order in which to draw.
    earlier : sequence of str
        People drawn before, one entry per study.
    room : mapping of person to int

    Returns
    -------
    dict of study id to person
        As many studies as possible, in the order of `barred`; those that nobody may have, or has room for, are left
        out.
    """
    rng = np.random.default_rng(random_state)
    loads = {name: list(earlier).count(name) for name in sorted(set(pool))}
    left = {name: room.get(name, UNLIMITED) for name in loads}
    drawn: dict[str, str] = {}
    for study_id, people in barred.items():
        able = [name for name in loads if name not in people and left[name] > 0]
        if able:
            least = min(loads[name] for name in able)
            name = str(rng.choice([one for one in able if loads[one] == least]))
        else:
            found = _made_free(study_id, barred, drawn, left, loads)
            if found is None:
                continue
            name = found
        drawn[study_id] = name
        loads[name] += 1
        left[name] -= 1
    return {study_id: drawn[study_id] for study_id in barred if study_id in drawn}


def _made_free(
    study_id: str, barred: Mapping[str, Collection[str]], drawn: dict[str, str], left: dict[str, int],
    loads: dict[str, int],
) -> str | None:  # fmt: skip
    """Return somebody for a study who gets free by handing another one of this draw on, None when nobody can.

    A search in breadth for a chain of such hand-overs that ends at somebody with room.
    """
    came_from: dict[str, str] = {}  # person to the study that they would take
    waiting = [study_id]
    while waiting:
        wanted = waiting.pop(0)
        for name in sorted(left):
            if name in barred[wanted] or name in came_from:
                continue
            came_from[name] = wanted
            if left[name] > 0:
                return _hand_over(name, study_id, came_from, drawn, left, loads)
            waiting += [one for one, by in drawn.items() if by == name]
    return None


def _hand_over(
    name: str, study_id: str, came_from: Mapping[str, str], drawn: dict[str, str], left: dict[str, int],
    loads: dict[str, int],
) -> str:  # fmt: skip
    """Carry a chain of hand-overs out from its end; return who takes the study that began it."""
    while came_from[name] != study_id:
        taken = came_from[name]
        giver, drawn[taken] = drawn[taken], name
        for person, change in ((name, 1), (giver, -1)):
            loads[person] += change
            left[person] -= change
        name = giver
    return name


def is_in_sample(share: float, seed: int, draw: int) -> bool:
    """Whether a senior reads a concordant study for quality.

    Parameters
    ----------
    share : float
        Chance of each study, 0 to 1.
    draw : int
        The study's place in the order of the draw. No pseudonym enters, and studies that come later change nothing
        for those that were there.
    """
    lot = hashlib.sha256(f"senior {seed} {draw}".encode()).digest()
    return int.from_bytes(lot[:7]) < share * 2**56
