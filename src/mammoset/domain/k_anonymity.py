"""k-anonymity: how many patients share what a release tells of each of them (Sweeney 2002).

Patients who agree in all quasi-identifiers form a class. Whoever knows those values of a person finds at least k
patients of the dataset who could be it, k being the size of the smallest class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from mammoset.errors import UndefinedMetric

SHOWN = 10
"""Classes, and patients of a class, that are named."""

Told = Mapping[str, str]
"""Attribute to its value as text; an attribute that is not told is absent or empty."""


@dataclass(frozen=True, slots=True)
class PatientClass:
    """Patients who cannot be told apart: what is told of them, and their pseudonyms, sorted."""

    told: tuple[tuple[str, str], ...]
    patients: tuple[str, ...]

    def __str__(self) -> str:
        """Return it for people: at most `SHOWN` pseudonyms, then what is told of them."""
        rest = len(self.patients) - SHOWN
        names = ", ".join(self.patients[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
        return f"{names}: " + ("; ".join(f"{name} {value}" for name, value in self.told) or "nothing told")


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """How far patients can be told apart.

    Attributes
    ----------
    k : int
        Size of the smallest class.
    attributes : tuple of str
        What was looked at: every attribute that is told of at least one patient.
    n_patients, n_classes : int
    smallest : tuple of PatientClass
        The smallest classes, by size and then by what is told; at most `SHOWN`.
    """

    k: int
    attributes: tuple[str, ...]
    n_patients: int
    n_classes: int
    smallest: tuple[PatientClass, ...]


def k_anonymity(patients: Mapping[str, Told]) -> KAnonymity:
    """Return the classes of patients who share all their quasi-identifiers, and the size of the smallest.

    A value that is not told of a patient makes a class of its own: not to be told of is something to be known by.

    Parameters
    ----------
    patients : mapping of pseudonym to what is told of the patient

    Raises
    ------
    UndefinedMetric
        Without patients.
    """
    if not patients:
        raise UndefinedMetric("k-anonymity of no patients")
    members: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for patient_id, told in patients.items():
        members[tuple(sorted((name, value) for name, value in told.items() if value))].append(patient_id)
    classes = [PatientClass(told, tuple(sorted(found))) for told, found in members.items()]
    classes.sort(key=lambda one: (len(one.patients), one.told))
    names = {name for told in members for name, _ in told}
    return KAnonymity(
        k=len(classes[0].patients),
        attributes=tuple(sorted(names)),
        n_patients=len(patients),
        n_classes=len(classes),
        smallest=tuple(classes[:SHOWN]),
    )
