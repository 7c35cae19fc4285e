"""By how many days a patient's dates are moved: constant in a patient, even over patients, a secret of the key."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mammoset.vault import Keys
from mammoset.vault.keys import MOST_DAYS

KEYS = Keys.derive(bytes(range(32)), "one")
MANY = 40_000


@given(patient=st.text(max_size=40), secret=st.binary(min_size=32, max_size=32))
def test_it_is_constant_in_a_patient_never_zero_and_at_most_ten_years(patient: str, secret: bytes) -> None:
    days = Keys.derive(secret, "one").shift_days(patient)
    assert 1 <= days <= MOST_DAYS
    assert days == Keys.derive(secret, "one").shift_days(patient)


def test_it_is_as_likely_to_be_one_day_as_another() -> None:
    counts = Counter(KEYS.shift_days(f"P{number:016X}") for number in range(MANY))
    expected = MANY / MOST_DAYS
    chi_square = sum((counts[day] - expected) ** 2 / expected for day in range(1, MOST_DAYS + 1))
    # its mean is the number of days less one; six standard deviations of a chi-square distribution
    assert abs(chi_square - (MOST_DAYS - 1)) < 6 * (2 * (MOST_DAYS - 1)) ** 0.5


def test_it_does_not_follow_the_text_of_the_id() -> None:
    numbers = np.arange(MANY)
    days = np.array([KEYS.shift_days(f"{number}") for number in numbers])
    assert abs(np.corrcoef(numbers, days)[0, 1]) < 6 / MANY**0.5
    assert abs(np.corrcoef(days[:-1], days[1:])[0, 1]) < 6 / MANY**0.5
    assert sum(first == second for first, second in pairwise(days)) < 60


def test_it_cannot_be_had_from_the_id_without_the_key() -> None:
    """A hash of the id alone, in any usual way, agrees no more often than by chance."""
    ids = [f"P{number:016X}" for number in range(MANY)]
    for name in ("md5", "sha1", "sha256"):
        guessed = [int.from_bytes(hashlib.new(name, one.encode()).digest()[:16], "big") % MOST_DAYS + 1 for one in ids]
        assert sum(guess == KEYS.shift_days(one) for guess, one in zip(guessed, ids, strict=True)) < 40


def test_another_key_and_another_dataset_give_other_days() -> None:
    ids = [f"P{number:016X}" for number in range(2000)]
    for other in (Keys.derive(bytes(32), "one"), Keys.derive(bytes(range(32)), "two")):
        assert sum(other.shift_days(one) == KEYS.shift_days(one) for one in ids) < 10


def test_the_pseudonym_gives_nothing_of_the_days_away() -> None:
    ids = [KEYS.pseudonym_patient(f"{number}") for number in range(4000)]
    heads = np.array([int(one[1:9], 16) for one in ids], float)
    days = np.array([KEYS.shift_days(one) for one in ids], float)
    assert abs(np.corrcoef(heads, days)[0, 1]) < 6 / len(ids) ** 0.5
