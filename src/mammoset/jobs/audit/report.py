"""Adds up what was found in many files, in bounded memory, and tells it to a person or a program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mammoset.jobs.audit.examine import Examined
from mammoset.jobs.audit.findings import FAILING, Kind, Severity, Shown, kinds

EXAMPLES = 3
"""Files that are named for each place."""
PLACES = 1000
"""Places that are told apart for each kind; further ones are counted together."""
SHOWN_PLACES = 8
MORE = "other places"
_ITEM_NUMBER = re.compile(r"\[\d+\]")
_BLOCK = re.compile(r"\(([0-9a-f]{3}[13579bdf]),([0-9a-f]{2})([0-9a-f]{2})\)")


@dataclass(slots=True)
class Place:
    """Where findings of one kind are: an element, whatever the number of its item."""

    count: int = 0
    files: int = 0
    paths: list[str] = field(default_factory=list)
    last: str = ""
    example: Shown | None = None

    def add(self, path: str, finding: Shown) -> None:
        """Count one finding."""
        self.count += 1
        if path != self.last:
            self.files, self.last = self.files + 1, path
            if len(self.paths) < EXAMPLES:
                self.paths.append(path)
        self.example = self.example or finding


@dataclass(slots=True)
class Report:
    """What an audit found.

    Attributes
    ----------
    files, dicom, mammograms : int
        Files looked at, DICOM files, presentation mammograms among them.
    clean : int
        Files without any finding of a severity that fails an audit.
    places : dict
        Kind to place to what was found there.
    settings : dict
        What was looked for.
    """

    settings: dict[str, Any]
    files: int = 0
    dicom: int = 0
    mammograms: int = 0
    clean: int = 0
    places: dict[str, dict[str, Place]] = field(default_factory=dict)
    files_with: dict[str, int] = field(default_factory=dict)

    def add(self, examined: Examined) -> None:
        """Count the findings of one file."""
        self.files += 1
        self.dicom += examined.is_dicom
        self.mammograms += examined.is_mammogram
        found = {one.kind for one in examined.findings}
        self.clean += not any(kinds()[one].severity in FAILING for one in found)
        for kind in found:
            self.files_with[kind] = self.files_with.get(kind, 0) + 1
        for finding in examined.findings:
            places = self.places.setdefault(finding.kind, {})
            where = place_of(finding)
            if where not in places and len(places) >= PLACES:
                where = MORE
            places.setdefault(where, Place()).add(examined.path, finding)

    @property
    def failed(self) -> bool:
        """Whether something of a severity was found that fails an audit, or there was nothing to audit."""
        return self.clean < self.files or not self.dicom

    def by_severity(self) -> Iterator[tuple[Kind, dict[str, Place]]]:
        """Yield kinds that were found with their places, the worst first."""
        order = list(Severity)
        for kind in sorted(kinds().values(), key=lambda one: order.index(one.severity)):
            if kind.kind in self.places:
                yield kind, self.places[kind.kind]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            **self.settings,
            "passed": not self.failed,
            "files": self.files,
            "dicom_files": self.dicom,
            "mammograms": self.mammograms,
            "files_without_identifier_or_error": self.clean,
            "findings": [self._kind_to_json(kind, places) for kind, places in self.by_severity()],
        }

    def _kind_to_json(self, kind: Kind, places: dict[str, Place]) -> dict[str, Any]:
        return {
            "kind": kind.kind,
            "severity": kind.severity.value,
            "what": kind.what,
            "advice": kind.advice,
            "count": sum(one.count for one in places.values()),
            "files": self.files_with[kind.kind],
            "places": [_place_to_json(where, place) for where, place in _ranked(places)],
        }

    def lines(self) -> Iterator[str]:
        """Yield the report for a person."""
        yield f"{self.files} files: {self.dicom} DICOM, {self.mammograms} presentation mammograms; " + _looked_for(
            self.settings
        )
        severity = None
        for kind, places in self.by_severity():
            if kind.severity != severity:
                severity = kind.severity
                yield from ("", HEADINGS[severity])
            yield from _kind_lines(kind, places, self.files_with[kind.kind])
        yield ""
        yield self.verdict()

    def verdict(self) -> str:
        """Return the last line: whether the files pass."""
        if not self.dicom:
            return "nothing was audited: there is no DICOM file"
        if not self.failed:
            return "passed: no identifier and no error found; that is no proof that there is none"
        return f"failed: {self.files - self.clean} of {self.files} files hold an identifier or an error"


HEADINGS = {
    Severity.IDENTIFIER: "IDENTIFIERS – must go before anybody else sees these files",
    Severity.CONFORMANCE: "CONFORMANCE – not what the Standard asks for",
    Severity.SUSPICIOUS: "SUSPICIOUS – a person has to look",
    Severity.NOTICE: "NOTICES",
}


def place_of(finding: Shown) -> str:
    """Return where a finding is, without numbers of items and blocks; known identifiers with their name."""
    where = _BLOCK.sub(_block, _ITEM_NUMBER.sub("", finding.where))
    return f"{finding.note} in {where}" if finding.kind == "known_identifier" else where


def _block(found: re.Match[str]) -> str:
    """Return a private tag without the block's number, which only says in which order creators came."""
    group, block, offset = found.groups()
    return f"({group},{block}{offset})" if block == "00" else f"({group},xx{offset})"


def _ranked(places: dict[str, Place]) -> list[tuple[str, Place]]:
    return sorted(places.items(), key=lambda one: (-one[1].files, one[0]))


def _place_to_json(where: str, place: Place) -> dict[str, Any]:
    example = place.example
    found: dict[str, Any] = {"where": where, "count": place.count, "files": place.files, "paths": place.paths}
    if example is not None:
        found |= {"note": example.note, "length": example.length, "shape": example.shape}
        if example.value is not None:
            found["value"] = example.value
    return found


def _looked_for(settings: dict[str, Any]) -> str:
    text = {"off": "text in pixels not looked for"}.get(settings["text"], f"text in pixels: {settings['text']}")
    return f"{text}; {'compared with a ledger' if settings['ledger'] else 'no ledger'}"


def _kind_lines(kind: Kind, places: dict[str, Place], files: int) -> Iterator[str]:
    yield f"  {kind.what} – {files} file{'' if files == 1 else 's'} [{kind.kind}]"
    yield f"      → {kind.advice}"
    ranked = _ranked(places)
    for where, place in ranked[:SHOWN_PLACES]:
        share = "" if place.files == files else f": {place.files} file{'' if place.files == 1 else 's'}"
        yield f"      {where}{_example(place)}{share}"
    yield f"      in {', '.join(ranked[0][1].paths)}{' …' if files > EXAMPLES else ''}"
    if len(ranked) > SHOWN_PLACES:
        yield f"      … and {len(ranked) - SHOWN_PLACES} more places (all with --json)"


def _example(place: Place) -> str:
    one = place.example
    if one is None:
        return ""
    said = one.note if one.note and one.kind != "known_identifier" else ""
    value = f"“{one.value}”" if one.value else f"{one.length} characters like {one.shape}" if one.length else ""
    details = ", ".join(filter(None, (said, value)))
    return f" ({details})" if details else ""
