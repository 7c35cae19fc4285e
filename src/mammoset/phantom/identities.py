"""Who and where an exam is: every invented identifying text of one exam, as the device can write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from numpy.random import Generator

from mammoset.phantom import names
from mammoset.phantom.names import without_diacritics
from mammoset.phantom.plans import ExamPlan, generator
from mammoset.phantom.vendors import VENDORS

UID_ROOT = "1.3.6.1.4.1.99999"
"""An arc that nobody owns."""

CHARACTER_SETS: dict[str, float] = {"ISO_IR 192": 0.6, "ISO_IR 100": 0.25, "": 0.15}
"""Specific Character Set and the share of exams that have it; empty where the element is absent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifying texts of an exam.

    Attributes
    ----------
    character_set : str
        Empty where the element is absent; the texts contain only what it can write.
    texts : dict of str to str
        Name to text, as the tables of `vendors` and `headers` use them.
    uid_stem : str
        Root, device, date and time of the exam's UIDs; a counter follows.
    """

    character_set: str
    texts: dict[str, str]
    uid_stem: str
    moment: datetime

    def uid(self, *counters: int) -> str:
        """Return a UID of the exam: it holds the device's serial number, the date and the time, as real ones do."""
        return ".".join([self.uid_stem, *(str(counter) for counter in counters)])

    def written(self, template: str, **more: str) -> str:
        """Return a text with the names in braces replaced."""
        return template.format_map(self.texts | more)


def _writable(text: str, character_set: str) -> str:
    if character_set == "ISO_IR 192":
        return text
    if character_set == "ISO_IR 100":
        try:
            text.encode("latin-1")
        except UnicodeEncodeError:
            return without_diacritics(text)
        return text
    return without_diacritics(text)


def identity_of(exam: ExamPlan) -> Identity:
    """Return the identifying texts of an exam; those of the patient are the same in all of the patient's exams."""
    own = generator(exam.seed, 21)
    draw = own.random()
    character_set = ""
    for candidate, share in CHARACTER_SETS.items():
        draw -= share
        if draw < 0:
            character_set = candidate
            break
    vendor = VENDORS[exam.vendor]
    device = vendor.devices[int(own.integers(len(vendor.devices)))]
    stamp = exam.moment.strftime("%Y%m%d%H%M%S")
    texts = _personal(exam) | _staff(own) | {
        "serial": device.serial,
        "station": device.station,
        "ae_title": device.ae_title,
        "software": device.software,
        "institution": names.INSTITUTION,
        "institution_plain": without_diacritics(names.INSTITUTION),
        "institution_address": names.INSTITUTION_ADDRESS,
        "department": names.DEPARTMENT,
        "accession": f"VM{stamp[2:8]}{exam.number % 1_000_000:06d}",
        "procedure": f"YC{own.integers(10**7, 10**8)}",
        "study_stamp": exam.moment.strftime("%Y-%m-%d %H:%M:%S"),
        "date": stamp[:8],
    }  # fmt: skip
    digits = "".join(letter for letter in device.serial if letter.isdigit())
    stem = f"{UID_ROOT}.{vendor.uid_arc}.{digits}.{stamp}.{exam.number + 1}"
    return Identity(
        character_set, {key: _writable(text, character_set) for key, text in texts.items()}, stem, exam.moment
    )


def _personal(exam: ExamPlan) -> dict[str, str]:
    patient = exam.patient
    rng = generator(patient.seed, 22)

    def pick(table: tuple[str, ...]) -> str:
        return table[int(rng.integers(len(table)))]

    birth = patient.birth_date.strftime("%Y%m%d") if exam.age is not None else ""
    return {
        "name": f"{patient.family_name}^{patient.given_name}",
        "spoken": f"{patient.family_name} {patient.given_name}",
        "plain_name": without_diacritics(f"{patient.family_name} {patient.given_name}").upper(),
        "patient_id": patient.patient_id,
        "other_id": f"CCCD{rng.integers(10**11, 10**12)}",
        "insurance": f"GD4{rng.integers(10**11, 10**12)}",
        "phone": f"+84 999 {rng.integers(100, 1000)} {rng.integers(100, 1000)}",
        "street": f"{rng.integers(1, 300)} {pick(names.STREETS)}, {pick(names.DISTRICTS)}",
        "occupation": pick(names.OCCUPATIONS),
        "birth": birth,
    }


def _staff(rng: Generator) -> dict[str, str]:
    referring, operator, reader, requesting = (names.STAFF[int(one)] for one in rng.permutation(len(names.STAFF))[:4])
    return {
        "referring": referring,
        "operator": operator,
        "operator_plain": without_diacritics(operator.replace("^", " ")),
        "reader": reader,
        "requesting": requesting,
    }
