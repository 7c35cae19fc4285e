"""Draws the exams of a hospital that does not exist, with the totals of the published tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.random import Generator

from mammoset.phantom import names
from mammoset.phantom.flaws import EXCLUSIVE, FATAL, NO_FLAWS, Flaw, flaw_count
from mammoset.phantom.pathology import lesions_of
from mammoset.phantom.plans import BreastPlan, ExamPlan, PatientPlan, generator, seeds
from mammoset.phantom.quotas import ENRICHED, PAPER, Quotas, largest_remainder
from mammoset.phantom.vendors import VENDORS
from mammoset.terms.birads import RECALL_FROM
from mammoset.terms.dicom import Laterality

FIRST_DAY = date(2018, 1, 1)
DAYS = 1095
"""The pool of the papers: 2018 to 2020."""
AGES: dict[int, float] = {
    25: 2.0, 30: 6.0, 35: 12.0, 40: 20.0, 45: 22.0, 50: 16.0, 55: 10.0, 60: 6.0, 65: 3.0, 70: 1.5, 75: 0.8, 80: 0.4,
    85: 0.2, 90: 0.1,
}  # fmt: skip
"""Weights of the five years from each age on."""
WITHOUT_AGE = 0.04
SECOND_EXAM, THIRD_EXAM = 0.05, 0.01
"""Shares of exams that are a patient's second or third."""
WESTERN = 0.06
"""Share of patients with a name of `names.WESTERN_NAMES`."""
BILATERAL = 0.06
"""Share of the breasts of BI-RADS 3–5 whose other side has such a category too."""
MIXED = 0.3
"""Share of the BI-RADS 2 breasts whose other side is a 1."""
UNEQUAL_DENSITY = 0.08
"""Share of exams whose sides are exchanged with another exam's, which makes most of them differ in density."""

Pair = tuple[int, int]


def draw_population(
    n: int, *, seed: int, enriched: bool = False, flaws: Mapping[Flaw, float] = NO_FLAWS
) -> tuple[ExamPlan, ...]:
    """Draw the exams of a pool.

    Parameters
    ----------
    n : int
        Number of exams, complete or not.
    seed : int
        Everything follows from it.
    enriched : bool
        Take the proportions of `ENRICHED` instead of `PAPER`, so that a dozen exams have findings to show.
    flaws : mapping of Flaw to float
        Share of exams with each flaw; see `NO_FLAWS`, `ARCHIVE_FLAWS`, `DEMO_FLAWS`.

    Returns
    -------
    tuple of ExamPlan
        In the order of their numbers. The complete ones together have the totals of the tables, scaled to their
        number by largest remainder: with 5,000 complete exams they are the papers' totals exactly.
    """
    if n < 0:
        raise ValueError(f"a population of {n} exams cannot be drawn")
    rng = generator(seed, 0)
    quotas = ENRICHED if enriched else PAPER
    flawed = _flaws(n, flaws, rng)
    complete = [index for index in range(n) if not flawed[index] & frozenset(FATAL)]
    rest = [index for index in range(n) if flawed[index] & frozenset(FATAL)]
    breasts: dict[int, tuple[BreastPlan, BreastPlan]] = {}
    for indices in (complete, rest):
        breasts |= dict(zip(indices, _breasts(quotas.scaled(len(indices)), rng), strict=True))
    patients, moments, ages = _visits(n, rng)
    vendors = _shuffled(largest_remainder({key: one.share for key, one in VENDORS.items()}, n), rng)
    return tuple(
        ExamPlan(i, exam_seed, patients[i], moments[i], ages[i], vendors[i], breasts[i], flawed[i])
        for i, exam_seed in enumerate(seeds(rng, n))
    )


def _shuffled(counts: Mapping[str, int], rng: Generator) -> list[str]:
    values = [key for key, count in counts.items() for _ in range(count)]
    return [values[int(index)] for index in rng.permutation(len(values))]


def _flaws(n: int, shares: Mapping[Flaw, float], rng: Generator) -> list[frozenset[Flaw]]:
    found: list[set[Flaw]] = [set() for _ in range(n)]
    counts = {flaw: flaw_count(shares.get(flaw, 0.0), n) for flaw in Flaw}
    order = [int(index) for index in rng.permutation(n)]
    for flaw in EXCLUSIVE:
        chosen, order = order[: counts[flaw]], order[counts[flaw] :]
        for index in chosen:
            found[index].add(flaw)
    mammograms = [index for index in range(n) if Flaw.OTHER_MODALITY not in found[index]]
    for flaw in Flaw:
        if flaw not in EXCLUSIVE:
            for index in rng.permutation(mammograms)[: counts[flaw]]:
                found[int(index)].add(flaw)
    return [frozenset(flaws) for flaws in found]


def _breasts(quotas: Quotas, rng: Generator) -> list[tuple[BreastPlan, BreastPlan]]:
    pairs = _birads_pairs(quotas.birads, rng)
    categories = [category for pair in pairs for category in pair]
    lesions = lesions_of(quotas, categories, rng)
    densities = _density_pairs(quotas.density, rng)
    return [
        (
            BreastPlan(Laterality.R, pair[0], density[0], lesions.get(2 * index, ())),
            BreastPlan(Laterality.L, pair[1], density[1], lesions.get(2 * index + 1, ())),
        )
        for index, (pair, density) in enumerate(zip(pairs, densities, strict=True))
    ]


def _birads_pairs(counts: Mapping[int, int], rng: Generator) -> list[Pair]:
    """Pair breasts into exams: a recalled one mostly with a healthy one, healthy ones mostly with their like."""
    recalled = [category for category, count in counts.items() if category >= RECALL_FROM for _ in range(count)]
    healthy = [category for category, count in counts.items() if category < RECALL_FROM for _ in range(count)]
    recalled = [recalled[int(index)] for index in rng.permutation(len(recalled))]
    both = min(
        len(recalled) // 2, max(int(BILATERAL * len(recalled) / 2 + 0.5), (len(recalled) - len(healthy) + 1) // 2)
    )
    pairs = list(zip(recalled[: 2 * both : 2], recalled[1 : 2 * both : 2], strict=True))
    single = recalled[2 * both :]
    partners = rng.permutation(len(healthy))[: len(single)]
    pairs += [(category, healthy[int(index)]) for category, index in zip(single, partners, strict=True)]
    used = {int(index) for index in partners}
    left = [category for index, category in enumerate(healthy) if index not in used]
    pairs += _like_with_like(left.count(1), left.count(2))
    turned = rng.random(len(pairs)) < 0.5
    pairs = [(b, a) if turn else (a, b) for (a, b), turn in zip(pairs, turned, strict=True)]
    return [pairs[int(index)] for index in rng.permutation(len(pairs))]


def _like_with_like(ones: int, twos: int) -> list[Pair]:
    """Pair an even number of 1s and 2s, a share of them mixed."""
    mixed = min(int(MIXED * twos), ones)
    mixed -= (ones - mixed) % 2
    if mixed < 0:
        mixed += 2
    return [(1, 2)] * mixed + [(1, 1)] * ((ones - mixed) // 2) + [(2, 2)] * ((twos - mixed) // 2)


def _density_pairs(counts: Mapping[str, int], rng: Generator) -> list[tuple[str, str]]:
    """Pair densities into exams, mostly equal on both sides."""
    flat = [density for density, count in counts.items() for _ in range(count)]
    pairs = [[flat[index], flat[index + 1]] for index in range(0, len(flat), 2)]
    exchanged = rng.permutation(len(pairs))[: 2 * int(UNEQUAL_DENSITY * len(pairs))]
    for a, b in exchanged.reshape(-1, 2):
        if abs(ord(pairs[a][0]) - ord(pairs[b][0])) == 1:
            pairs[a][1], pairs[b][1] = pairs[b][1], pairs[a][1]
    return [(pairs[int(index)][0], pairs[int(index)][1]) for index in rng.permutation(len(pairs))]


def _visits(n: int, rng: Generator) -> tuple[list[PatientPlan], list[datetime], list[int | None]]:
    """Return whose each exam is, when it was, and the age."""
    thirds, seconds = int(THIRD_EXAM * n + 0.5), int(SECOND_EXAM * n + 0.5)
    per_patient = [3] * thirds + [2] * seconds
    per_patient += [1] * (n - 3 * thirds - 2 * seconds)
    people = _people(len(per_patient), rng)
    visits = [(person, visit) for person, count in enumerate(per_patient) for visit in range(count)]
    once, again = rng.integers(0, DAYS, n), rng.integers(0, 330, n)
    clock, unknown = rng.integers(7 * 3600, 17 * 3600, n), rng.random(n) < WITHOUT_AGE
    patients, moments, ages = [], [], []
    for index, place in enumerate(rng.permutation(n)):
        person, visit = visits[int(place)]
        day = 365 * visit + int(again[index]) if per_patient[person] > 1 else int(once[index])
        moment = datetime.combine(FIRST_DAY, time()) + timedelta(days=day, seconds=int(clock[index]))
        patients.append(people[person])
        moments.append(moment)
        ages.append(None if unknown[index] else years(people[person].birth_date, moment.date()))
    return patients, moments, ages


def _people(count: int, rng: Generator) -> list[PatientPlan]:
    lows = np.array(list(AGES))
    weights = np.array(list(AGES.values()))
    ages = rng.choice(lows, count, p=weights / weights.sum())
    days = rng.integers(0, 5 * 365, count)
    picks = rng.integers(0, 1 << 30, (count, 3))
    western = rng.random(count) < WESTERN
    own = seeds(rng, count)
    people = []
    for number in range(count):
        family, middle, given = (int(pick) for pick in picks[number])
        second = names.MIDDLE_NAMES[middle % len(names.MIDDLE_NAMES)]
        third = names.GIVEN_NAMES[given % len(names.GIVEN_NAMES)]
        name = (names.FAMILY_NAMES[family % len(names.FAMILY_NAMES)], f"{second} {third}")
        if western[number]:
            name = names.WESTERN_NAMES[given % len(names.WESTERN_NAMES)]
        birth = FIRST_DAY - timedelta(days=int(ages[number] * 365.25) + int(days[number]))
        # 104729 is prime to 900000: no two patients share an ID.
        patient_id = f"BN{(number * 104729 + 271828) % 900000 + 100000}"
        people.append(PatientPlan(number, own[number], patient_id, *name, birth))
    return people


def years(birth: date, day: date) -> int:
    """Return full years between two dates."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
