"""k is the size of the smallest group of patients of whom the same is told."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.k_anonymity import SHOWN, k_anonymity
from mammoset.errors import UndefinedMetric

TOLD = st.fixed_dictionaries({"age": st.sampled_from(["", "040Y", "050Y"]), "sex": st.sampled_from(["", "F"])})
PATIENTS = st.dictionaries(st.text("PQRS0123", min_size=1, max_size=6), TOLD, min_size=1, max_size=60)


@given(PATIENTS)
def test_every_patient_shares_what_is_told_with_at_least_k(patients: dict[str, dict[str, str]]) -> None:
    found = k_anonymity(patients)
    sizes = Counter(tuple(sorted(told.items())) for told in patients.values())
    assert found.k == min(sizes.values())
    assert found.n_classes == len(sizes)
    assert found.n_patients == len(patients)
    assert len(found.smallest[0].patients) == found.k
    assert len(found.smallest) == min(SHOWN, len(sizes))


@given(PATIENTS)
def test_telling_less_never_lowers_k(patients: dict[str, dict[str, str]]) -> None:
    less = {patient: {"sex": told["sex"]} for patient, told in patients.items()}
    assert k_anonymity(less).k >= k_anonymity(patients).k
    assert k_anonymity({patient: {} for patient in patients}).k == len(patients)


@given(PATIENTS)
def test_the_order_of_the_patients_does_not_matter(patients: dict[str, dict[str, str]]) -> None:
    turned = dict(reversed(patients.items()))
    assert k_anonymity(turned) == k_anonymity(patients)


def test_only_what_is_told_of_somebody_counts_as_an_attribute() -> None:
    found = k_anonymity({"P1": {"age": "040Y", "size": ""}, "P2": {"sex": "F"}})
    assert found.attributes == ("age", "sex")


def test_the_smallest_classes_are_named_by_pseudonym() -> None:
    patients = {f"P{number:02}": {"age": "040Y"} for number in range(12)} | {"P99": {"age": "090Y", "sex": "F"}}
    found = k_anonymity(patients)
    assert found.k == 1
    assert str(found.smallest[0]) == "P99: age 090Y; sex F"
    assert str(found.smallest[1]) == ", ".join(f"P{n:02}" for n in range(10)) + " and 2 more: age 040Y"
    assert str(k_anonymity({"P1": {}}).smallest[0]) == "P1: nothing told"


def test_without_patients_there_is_no_k() -> None:
    with pytest.raises(UndefinedMetric):
        k_anonymity({})
