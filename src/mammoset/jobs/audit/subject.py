"""What a file says of itself: whom it is about, and what was done to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mammoset.jobs.audit.elements import Parsed, first
from mammoset.jobs.audit.texts import encodings_of, folded, text_at, values_of

NUMBERED = (
    "PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "DeviceSerialNumber", "DetectorID",
    "MedicalRecordLocator", "PatientBirthDate", "StudyDate",
)  # fmt: skip
"""Attributes whose digits must not come back inside UIDs and names."""
NAMED = ("PatientName", "OtherPatientNames", "PatientBirthName")
SHORTEST_NUMBER = 5
SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """Facts of one file that its elements are judged by.

    Attributes
    ----------
    says_removed : bool
        Patient Identity Removed is YES.
    methods : frozenset of str
        Code values of the de-identification method.
    temporal : str
        Longitudinal Temporal Information Modified, empty when absent.
    patient_id, name : str
        Folded; empty when absent.
    numbers : frozenset of str
        Digits of identifying attributes.
    words : frozenset of str
        Folded identifiers and words of names, of some length.
    uids : frozenset of str
        Every UID of the data set's top level.
    """

    says_removed: bool
    methods: frozenset[str]
    temporal: str
    patient_id: str
    name: str
    numbers: frozenset[str]
    words: frozenset[str]
    uids: frozenset[str]


def subject_of(parsed: Parsed) -> Subject:
    """Read the facts of a file."""
    top = parsed.elements
    encodings = encodings_of(top)
    method = first(top, "DeidentificationMethodCodeSequence")
    methods = {text_at(item, "CodeValue") for item in (method.items or () if method else ())}
    found = {keyword: first(top, keyword) for keyword in (*NUMBERED, *NAMED)}
    texts = {
        keyword: [value for value in values_of(element, encodings) if value]
        for keyword, element in found.items()
        if element is not None
    }
    digits = {"".join(re.findall(r"\d", value)) for keyword in NUMBERED for value in texts.get(keyword, ())}
    identifiers = {folded(value) for keyword in NUMBERED for value in texts.get(keyword, ())}
    names = {
        folded(word) for keyword in NAMED for value in texts.get(keyword, ()) for word in re.split(r"[\^= ]", value)
    }
    uids = {value for element in top if element.vr == "UI" for value in values_of(element)}
    return Subject(
        says_removed=text_at(top, "PatientIdentityRemoved") == "YES",
        methods=frozenset(methods - {""}),
        temporal=text_at(top, "LongitudinalTemporalInformationModified"),
        patient_id=folded(" ".join(texts.get("PatientID", ())[:1])),
        name=folded(" ".join(texts.get("PatientName", ())[:1])),
        numbers=frozenset(one for one in digits if len(one) >= SHORTEST_NUMBER),
        words=frozenset(one for one in identifiers | names if len(one) >= SHORTEST_WORD),
        uids=frozenset(uids),
    )
