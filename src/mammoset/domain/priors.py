"""Earlier exams of the same patient, as far as the dates that were kept tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Prior(NamedTuple):
    """An earlier exam of the same patient, and how many whole months before."""

    study_id: str
    months: int


def day_of(text: object) -> date | None:
    """Return a date of DICOM's form (DA, PS3.5 6.2), None where it is none."""
    digits = str(text or "")
    if len(digits) != 8 or not digits.isdecimal():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def priors_among(day: date | None, others: Mapping[str, date | None]) -> tuple[Prior, ...]:
    """Return which of a patient's other exams came before one, the latest first.

    Parameters
    ----------
    day : date or None
        Of the exam. Dates may be moved, all of a patient by the same number of days; None where none was kept.
    others : mapping of study id to date or None
        Of the patient's other exams. One of the same day, or of no day, is no earlier one.
    """
    if day is None:
        return ()
    earlier = [(other, study_id) for study_id, other in others.items() if other is not None and other < day]
    return tuple(Prior(study_id, _months(other, day)) for other, study_id in sorted(earlier, reverse=True))


def _months(earlier: date, later: date) -> int:
    whole = 12 * (later.year - earlier.year) + later.month - earlier.month
    return whole - (later.day < earlier.day)
