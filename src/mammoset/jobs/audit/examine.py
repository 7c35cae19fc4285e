"""Audits one file: the workers' function. The file is only read, and no value leaves the worker unless asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from mammoset.jobs.audit.claims import claim_findings
from mammoset.jobs.audit.conformance import conformance_findings, is_presentation_mammogram
from mammoset.jobs.audit.elements import Parsed, first, parse, walk
from mammoset.jobs.audit.findings import Finding, Shown, masked, shape_of
from mammoset.jobs.audit.hiding import outside_findings, pixel_data_findings
from mammoset.jobs.audit.identity import judge
from mammoset.jobs.audit.known import Outside, known_in_bytes, known_in_file
from mammoset.jobs.audit.paths import path_findings
from mammoset.jobs.audit.pictures import Effort, bit_findings, burned_in, picture_of
from mammoset.jobs.audit.searching import index_of
from mammoset.jobs.audit.subject import Subject, subject_of
from mammoset.jobs.audit.tables import table_findings
from mammoset.jobs.audit.texts import encodings_of
from mammoset.pixels.header import quietly

MAX_BYTES = 1 << 29
"""No mammogram is larger; of a larger file nothing is read."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to look for.

    Attributes
    ----------
    text : {"fast", "thorough", "off"}
        Effort of the search for text in the pixels.
    ledger : Path or None
        Known identifiers.
    show_values : bool
        Whether findings carry the values found.
    """

    text: Effort = "fast"
    ledger: Path | None = None
    show_values: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One file to audit: the folder, and the file's path below it."""

    root: Path
    path: PurePosixPath
    options: Options


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in one file.

    Attributes
    ----------
    path : str
        As it may be shown: names that hold an identifier by their shape only.
    is_dicom, is_mammogram : bool
    """

    path: str
    is_dicom: bool
    is_mammogram: bool
    findings: tuple[Shown, ...]


def examine(task: Task) -> Examined:
    """Audit one file. Whatever is wrong with it is a finding."""
    data, problem = _read(task.root / task.path)
    if problem:
        return _shown(task, [Finding(*problem)], is_dicom=False, is_mammogram=False)
    parsed = parse(data)
    if parsed is None:
        return _shown(task, _of_other(task, data), is_dicom=False, is_mammogram=False)
    with quietly():
        findings = list(_findings(task, parsed))
    return _shown(task, findings, is_dicom=True, is_mammogram=is_presentation_mammogram(parsed))


def _read(path: Path) -> tuple[bytes, tuple[str, str, str, str] | None]:
    """Return a regular file's bytes, or what keeps it from being read; links are not followed."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return b"", ("not_regular", "file", "", "no plain file")
            if status.st_size > MAX_BYTES:
                return b"", ("not_read", "file", "", f"larger than {MAX_BYTES >> 20} MiB")
            return file.read(), None
    except OSError as error:
        kind = "not_regular" if path.is_symlink() else "not_read"
        return b"", (kind, "file", "", error.strerror or type(error).__name__)


def _of_other(task: Task, data: bytes) -> list[Finding]:
    note = "empty" if not data else (task.path.suffix.lower() if task.path.suffix.isascii() else "") or "no suffix"
    found = [Finding("other_file", "file", note=note)]
    if task.options.ledger is not None:
        found += known_in_bytes(data, _outside(task), index_of(task.options.ledger))
    return found


def _outside(task: Task) -> Outside:
    changed = (task.root / task.path).stat().st_mtime
    return Outside(task.path, datetime.fromtimestamp(changed, UTC).strftime("%Y%m%d"))


def _findings(task: Task, parsed: Parsed) -> Iterator[Finding]:
    """Yield everything; in a copy of PixelData's own bytes nothing is searched twice."""
    subject = subject_of(parsed)
    picture, found = picture_of(parsed) if is_presentation_mammogram(parsed) else (None, [])
    read: tuple[str, ...] = ()
    if picture is not None:
        found += bit_findings(picture)
        burned = burned_in(picture, task.options.text) if task.options.text != "off" else None
        if burned is not None:
            found, read = [*found, *burned.findings], burned.read
    found += _of_elements(parsed, subject)
    found += path_findings(task.path, subject)
    found += claim_findings(parsed, subject, found)
    found += conformance_findings(parsed)
    if task.options.ledger is not None:
        found += known_in_file(parsed, picture, read, _outside(task), index_of(task.options.ledger))
    yield from dict.fromkeys(found)


def _of_elements(parsed: Parsed, subject: Subject) -> Iterator[Finding]:
    if not is_presentation_mammogram(parsed):
        yield Finding("other_object", "SOPClassUID" if first(parsed.elements, "SOPClassUID") else "file")
    top = encodings_of(parsed.elements)
    for element, item in walk(parsed.elements):
        yield from judge(element, item, encodings_of(item, top), subject)
    yield from outside_findings(parsed, subject)
    yield from pixel_data_findings(parsed)
    yield from table_findings(parsed)


def _shown(task: Task, findings: list[Finding], *, is_dicom: bool, is_mammogram: bool) -> Examined:
    show = task.options.show_values
    telling = {one.value for one in findings if one.where in ("file name", "folder name")}
    hides_all = any(one.kind == "known_identifier" and one.where == "file name" for one in findings)
    parts = [part if show or not (hides_all or part in telling) else shape_of(part) for part in task.path.parts]
    shown = tuple(masked(one, show_values=show) for one in findings)
    return Examined("/".join(parts), is_dicom, is_mammogram, shown)
