"""How far a release tells its patients apart: k-anonymity over what it tells of them, and the stop below a threshold.

What is told: age, sex, size, weight, equipment, and the dates of exams, as the released files have them. A study date
is moved by secret days, so that only the year as released and the days between a patient's exams could be recognized.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from mammoset.catalog import ImageRecord, ReviewFact
from mammoset.domain.k_anonymity import KAnonymity, k_anonymity
from mammoset.errors import CatalogError, ConfigError
from mammoset.project import Project
from mammoset.project.settings import Settings
from mammoset.terms.reasons import ReviewKind

THRESHOLD, WAIVE = "k_anonymity", "waive"
DIRECT: Mapping[str, str] = {
    "patient_age": "age",
    "patient_sex": "sex",
    "patient_size": "size",
    "patient_weight": "weight",
}
"""Attribute of an image to what it is called here."""
TOLD = (*DIRECT, "manufacturer", "manufacturer_model_name", "study_date")
"""All attributes of an image that are looked at here."""
EQUIPMENT, YEARS, DAYS_BETWEEN = "equipment", "years of study dates", "days between exams"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's decision to publish although k is below the threshold: why, and who."""

    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What release.json and README.md say of it.

    Attributes
    ----------
    waiver : str
        The reason of the waiver in force; empty when k reaches the threshold.
    """

    found: KAnonymity
    threshold: int
    waiver: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values; without pseudonyms, names and times."""
        return {
            "k_anonymity": self.found.k,
            "threshold": self.threshold,
            "attributes": list(self.found.attributes),
            "patients": self.found.n_patients,
            "classes": self.found.n_classes,
            "waiver": self.waiver,
        }


def disclosure_of(
    project: Project, records: Iterable[ImageRecord], waiver: Waiver | None = None, *, dry_run: bool = False
) -> Disclosure:
    """Return how far the images of a release tell patients apart, unless it is too far.

    Parameters
    ----------
    records : iterable of ImageRecord
        Of every image of the release.
    waiver : Waiver or None
        Recorded as a fact when k is below the threshold, unless `dry_run`; None looks for one recorded before.

    Raises
    ------
    CatalogError
        If k is below ``publish.k_anonymity`` and nobody waived it.
    ConfigError
        If a waiver lacks its reason or name.
    """
    threshold = project.settings.publish.k_anonymity
    found = k_anonymity(told_of(records))
    if found.k >= threshold:
        return Disclosure(found, threshold)
    if waiver is not None:
        fact = _fact(waiver, found.k)
        if not dry_run:
            project.catalog.review_book.append([fact])
        return Disclosure(found, threshold, fact.reason)
    reason = waived(project.catalog.review_book.facts(ReviewKind.WAIVER), found.k)
    if reason is None:
        raise CatalogError("\n".join(_refusal(found, threshold, project.settings)))
    return Disclosure(found, threshold, reason)


def told_of(records: Iterable[ImageRecord]) -> dict[str, dict[str, str]]:
    """Return what images tell of each patient, by pseudonym; several values of one attribute are joined."""
    by_patient: dict[str, list[ImageRecord]] = defaultdict(list)
    for record in records:
        by_patient[record.image.patient_id].append(record)
    return {patient_id: _told(found) for patient_id, found in sorted(by_patient.items())}


def waived(facts: Iterable[ReviewFact], k: int) -> str | None:
    """Return the reason of the waiver in force, None when there is none or it was given for a larger k only.

    Parameters
    ----------
    facts : iterable of ReviewFact
        Waivers, oldest first; the latest of k-anonymity is in force.
    """
    about = [one for one in facts if one.element == THRESHOLD]
    if not about or about[-1].verdict != WAIVE:
        return None
    value = about[-1].value
    return about[-1].reason if value.isdecimal() and int(value) <= k else None


def _told(records: list[ImageRecord]) -> dict[str, str]:
    attributes = [one.attributes for one in records]
    told = {name: _joined(one.get(key) for one in attributes) for key, name in DIRECT.items()}
    told[EQUIPMENT] = _joined(_equipment(one) for one in attributes)
    days = sorted({_day(one) for one in attributes if one.get("study_date")})
    told[YEARS] = _joined(day.year for day in days)
    told[DAYS_BETWEEN] = ", ".join(str((later - earlier).days) for earlier, later in pairwise(days))
    return told


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(sorted({str(value) for value in values if value not in (None, "")}))


def _equipment(attributes: Mapping[str, Any]) -> str:
    return " ".join(str(attributes.get(key) or "") for key in ("manufacturer", "manufacturer_model_name")).strip()


def _day(attributes: Mapping[str, Any]) -> date:
    text = str(attributes["study_date"])
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _fact(waiver: Waiver, k: int) -> ReviewFact:
    reason, by = waiver.reason.strip(), waiver.by.strip()
    if not reason or not by:
        raise ConfigError("a waiver of k-anonymity needs a reason in words, and the name of who decides")
    return ReviewFact(ReviewKind.WAIVER, WAIVE, by, element=THRESHOLD, value=str(k), reason=reason)


def _refusal(found: KAnonymity, threshold: int, settings: Settings) -> Iterator[str]:
    yield (
        f"the release would tell patients apart: some share {', '.join(found.attributes) or 'what is told'} with "
        f"{found.k - 1} others, and publish.k_anonymity = {threshold} asks for at least {threshold - 1}; "
        "the smallest classes are"
    )
    yield from (f"  {one}" for one in found.smallest)
    yield "tell less in mammoset.toml, then run 'mammoset pseudonymize' and the review again:"
    yield from (f"  {one}" for one in _advice(settings))
    yield "or let a person waive it for this k: mammoset publish VERSION --waive-k REASON --by NAME"


def _advice(settings: Settings) -> Iterator[str]:
    now = settings.pseudonymize
    if now.retain_size_and_weight:
        yield "pseudonymize.retain_size_and_weight = false   (size and weight single people out most)"
    if now.retain_modified_dates:
        yield "pseudonymize.retain_modified_dates = false"
    if now.retain_patient_characteristics:
        wider = next((band for band in (5, 10, 20) if band > now.age_band), 50)
        yield f"pseudonymize.age_band = {wider}   (ages as the lower end of bands)"
        yield "pseudonymize.retain_patient_characteristics = false   (neither age nor sex)"
