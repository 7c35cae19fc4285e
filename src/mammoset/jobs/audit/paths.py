"""File and folder names that tell what the file itself should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.subject import Subject
from mammoset.jobs.audit.texts import folded

_UID = re.compile(r"[0-2](\.(0|[1-9]\d*)){4,}")
_DATE = re.compile(r"(?<!\d)(19|20)\d\d[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def path_findings(path: PurePosixPath, subject: Subject) -> Iterator[Finding]:
    """Yield what the names along a path, relative to the folder that is audited, say of the file's patient."""
    for part in path.parts:
        where = "file name" if part == path.name else "folder name"
        words = subject.words - ({subject.patient_id} if subject.says_removed else set())
        if any(word in folded(part) for word in words):
            yield Finding("path_identifier", where, part)
        uid = _UID.search(part)
        if uid is not None and uid.group().rstrip(".") not in subject.uids:
            yield Finding("path_uid", where, part)
        elif uid is None and _DATE.search(part):
            yield Finding("path_date", where, part)
