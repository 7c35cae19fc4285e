"""What is to be made, before any file exists: patients, exams, breasts. Values only; drawn by `population`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from mammoset.phantom.flaws import Flaw
from mammoset.phantom.lesions import Lesion
from mammoset.terms.dicom import Laterality


def generator(*path: int) -> Generator:
    """Return the random numbers that belong to a path of integers, the same on any machine and in any order."""
    return Generator(PCG64(SeedSequence([number % (1 << 64) for number in path])))


def seeds(rng: Generator, count: int) -> list[int]:
    """Return seeds below 2**62, which JSON and signed columns hold."""
    return [int(number) for number in rng.integers(0, 1 << 62, count, dtype=np.int64)]


@dataclass(frozen=True, slots=True)
class PatientPlan:
    """A person who does not exist.

    Attributes
    ----------
    seed : int
        Shared by all exams of the patient: the same anatomy, the same address.
    family_name, given_name : str
        With diacritics, as the person would write them.
    birth_date : date
    """

    number: int
    seed: int
    patient_id: str
    family_name: str
    given_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class BreastPlan:
    """One breast of one exam and the lesions in it."""

    laterality: Laterality
    birads: int
    density: str
    lesions: tuple[Lesion, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """One exam of the pool.

    Attributes
    ----------
    number : int
        Place in the pool, from 0.
    age : int or None
        Years at the exam, not capped; None where the archive says neither age nor birth date.
    vendor : str
        Key of `mammoset.phantom.vendors.VENDORS`.
    breasts : tuple of BreastPlan
        Right, left.
    flaws : frozenset of Flaw
    """

    number: int
    seed: int
    patient: PatientPlan
    moment: datetime
    age: int | None
    vendor: str
    breasts: tuple[BreastPlan, BreastPlan]
    flaws: frozenset[Flaw] = frozenset()

    def breast(self, laterality: Laterality) -> BreastPlan:
        """Return the breast of one side."""
        return next(breast for breast in self.breasts if breast.laterality is laterality)

    @property
    def is_complete(self) -> bool:
        """Whether all four standard views will be in the archive."""
        return not self.flaws & {Flaw.MISSING_VIEW, Flaw.OTHER_MODALITY}
