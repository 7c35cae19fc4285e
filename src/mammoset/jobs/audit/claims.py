"""What a file claims about its de-identification (PS3.15 E.1.1, PS3.3 C.7.1.1), held against what else it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mammoset.jobs.audit.elements import Parsed, first
from mammoset.jobs.audit.findings import Finding, kinds
from mammoset.jobs.audit.subject import Subject
from mammoset.jobs.audit.texts import text_at

CLEAN_PIXEL_DATA, RETAIN_UIDS, SAFE_PRIVATE, FULL_DATES = "113101", "113110", "113111", "113106"
DIRECT = frozenset({"person", "identifier", "address", "institution"})
"""Kinds that no option of PS3.15 allows once identity is said to be removed; but see Retain Institution Identity."""


def claim_findings(parsed: Parsed, subject: Subject, others: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what is missing from the claims, and what contradicts them.

    Parameters
    ----------
    others : iterable of Finding
        Of the same file.
    """
    top = parsed.elements
    found = {one.kind for one in others}
    if not subject.says_removed:
        yield Finding("not_deidentified", "PatientIdentityRemoved", note="absent or not YES")
    elif not subject.methods and first(top, "DeidentificationMethod") is None:
        yield Finding("not_deidentified", "DeidentificationMethod", note="YES is claimed without a method")
    if text_at(top, "Modality") == "MG" or first(top, "PixelData") is not None:
        burned = text_at(top, "BurnedInAnnotation")
        if burned != "NO":
            yield Finding("burned_in_claimed", "BurnedInAnnotation", note="YES" if burned == "YES" else "absent")
        elif "burned_in_text" in found:
            yield Finding("claim_contradicted", "BurnedInAnnotation", note="NO is claimed, there is text in the pixels")
    for where, note in _contradictions(subject, found):
        yield Finding("claim_contradicted", where, note=note)


def _contradictions(subject: Subject, found: set[str]) -> Iterator[tuple[str, str]]:
    if subject.says_removed and found & DIRECT:
        words = ", ".join(kinds()[one].what for one in sorted(found & DIRECT))
        yield "PatientIdentityRemoved", f"YES is claimed, but there is {words}"
    if subject.temporal == "REMOVED" and "date" in found:
        yield "LongitudinalTemporalInformationModified", "REMOVED is claimed, but there are dates"
    if CLEAN_PIXEL_DATA in subject.methods and "burned_in_text" in found:
        yield "DeidentificationMethodCodeSequence", "clean pixel data is claimed, but there is text in the pixels"
