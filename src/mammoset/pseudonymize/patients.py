"""Ages and dates of a header that may hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydicom.dataset import Dataset

from mammoset.pixels.header import terms

OLDEST = 90
"""Ages over 89 are given as this one (HIPAA safe harbor, 45 CFR 164.514 (b)(2)(i)(C))."""
_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}


def ages(dataset: Dataset) -> Iterator[int]:
    """Yield the age that a header states, and the one reckoned from birth and study date, in whole years."""
    for years in (_stated_age(dataset), _reckoned_age(dataset)):
        if years is not None:
            yield years


def age_text(years: int, band: int) -> str:
    """Return an age as DICOM writes it (VR AS): at most `OLDEST`, then the lower end of its band of so many years."""
    capped = min(years, OLDEST)
    return f"{capped - capped % band:03d}Y"


def day_of(dataset: Dataset, keyword: str) -> date | None:
    """Return a date (VR DA), None when it is absent or none."""
    said = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", (*terms(dataset, keyword), "")[0])
    try:
        return date(int(said[1]), int(said[2]), int(said[3])) if said else None
    except ValueError:
        return None


def _stated_age(dataset: Dataset) -> int | None:
    said = re.fullmatch(r"(\d{3})([DWMY])", (*terms(dataset, "PatientAge"), "")[0])
    return int(int(said[1]) * _DAYS[said[2]] / _DAYS["Y"]) if said else None


def _reckoned_age(dataset: Dataset) -> int | None:
    born = day_of(dataset, "PatientBirthDate")
    days = (day_of(dataset, keyword) for keyword in ("StudyDate", "AcquisitionDate", "ContentDate"))
    taken = next((day for day in days if day is not None), None)
    if born is None or taken is None:
        return None
    return taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))
