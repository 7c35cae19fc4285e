"""What a rebuilt file says of its own de-identification: exactly what was done to it, and never more (PS3.15 E.1).

Codes are those of CID 7050. Not among them: 113109 (device identity), because nothing that Table E.1-1 lists under that
option is kept – manufacturer and model are not in the table.
"""

from __future__ import annotations

from collections.abc import Set

from mammoset.pseudonymize.options import Options
from mammoset.terms.dicom import Code

CHARACTERISTICS = frozenset(("PatientSex", "PatientAge", "PatientSize", "PatientWeight"))
"""Attributes kept under the Retain Patient Characteristics Option (PS3.15 Table E.1-1)."""
PRIVATE_KEPT = "private"
"""Stands among the keywords kept for any private element."""
METHOD_CODES = {
    "113100": Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    "113101": Code("113101", "DCM", "Clean Pixel Data Option"),
    "113107": Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
    "113108": Code("113108", "DCM", "Retain Patient Characteristics Option"),
    "113111": Code("113111", "DCM", "Retain Safe Private Option"),
}


def method_codes(options: Options, kept: Set[str]) -> list[Code]:
    """Return the codes of what was done.

    Parameters
    ----------
    kept : set of str
        Keywords of the elements that the file holds with a value; `PRIVATE_KEPT` for private ones.
    """
    done = {
        "113100": True,
        "113101": options.looks_for_text,
        "113107": "StudyDate" in kept,
        "113108": bool(CHARACTERISTICS & kept),
        "113111": PRIVATE_KEPT in kept,
    }
    return [code for value, code in METHOD_CODES.items() if done[value]]


def method_words(options: Options, kept: Set[str]) -> list[str]:
    """Return what was done in words, each of at most 64 characters (VR LO)."""
    done = {
        "rebuilt from a keep-list of validated values": True,
        f"text looked for ({options.text_check}), outside the breast filled": options.looks_for_text,
        "both corners away from the chest wall filled": options.corners is not None,
        "study date moved by secret days, one number a patient": "StudyDate" in kept,
        f"age given as lower end of bands of {options.age_band} years": "PatientAge" in kept and options.age_band > 1,
        "integers of listed private elements kept": PRIVATE_KEPT in kept,
    }
    return [f"mammoset: {words}" for words, is_true in done.items() if is_true]


def burned_in(options: Options) -> str:
    """Return Burned In Annotation: NO only where text was looked for."""
    return "NO" if options.looks_for_text else "YES"


def dates(kept: Set[str]) -> str:
    """Return Longitudinal Temporal Information Modified (PS3.15 E.3.6)."""
    return "MODIFIED" if "StudyDate" in kept else "REMOVED"


def most_that_can_be_kept(options: Options) -> frozenset[str]:
    """Return the keywords that claims depend on, as far as the switches allow them."""
    kept = set()
    if options.retain_patient_characteristics:
        kept |= {"PatientSex", "PatientAge"}
    if options.retain_size_and_weight:
        kept |= {"PatientSize", "PatientWeight"}
    if options.retain_modified_dates:
        kept.add("StudyDate")
    if options.private_integers:
        kept.add(PRIVATE_KEPT)
    return frozenset(kept)
