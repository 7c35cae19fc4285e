"""UIDs that tell: of a date, of another identifier of the same file, of who made them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.subject import Subject

STANDARD_ROOT = "1.2.840.10008."
DERIVED_ROOT = "2.25."
"""Of UIDs made from a number of 128 bits (PS3.5 B.2)."""
LONGEST_BY_CHANCE = 8
"""Digits in a row that a number of 128 bits hardly shares with an identifier."""
_STAMP = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{2,9})?")


def uid_findings(path: str, uids: Iterable[str], subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the UIDs of one element."""
    for uid in uids:
        if uid.startswith(STANDARD_ROOT):
            continue
        kind = _kind_of(uid, subject)
        if kind:
            yield Finding(kind, path, uid)


def _kind_of(uid: str, subject: Subject) -> str:
    is_derived = uid.startswith(DERIVED_ROOT)
    if not is_derived and any(_STAMP.fullmatch(component) for component in uid.split(".")):
        return "uid_date"
    shortest = LONGEST_BY_CHANCE if is_derived else 1
    digits = uid.removeprefix(DERIVED_ROOT)
    if any(number in digits for number in subject.numbers if len(number) >= shortest):
        return "uid_number"
    return "" if is_derived else "uid_root"
