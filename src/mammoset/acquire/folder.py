"""Exams from folders, files and zip archives.

Two passes: the first reads every header and notes which exam each object belongs to, in a small database inside the
vault; the second takes in one exam after the other. So the order of files does not matter, memory stays flat, and
nothing is unpacked outside the vault.
"""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from mammoset.acquire.admit import Admission, extend_pool, open_vault
from mammoset.acquire.header import read_header
from mammoset.acquire.quarantine import UNREADABLE, Arrival
from mammoset.acquire.refusals import Refusals
from mammoset.acquire.sample import ObjectHeader, choose
from mammoset.acquire.summary import AcquireSummary, Count, summarize
from mammoset.acquire.tombstones import erase_what_is_due
from mammoset.engine import Progress, silent
from mammoset.errors import AcquireError, RefusedObject, storing
from mammoset.project import Project
from mammoset.terms.reasons import Outcome

SOURCE = "folder"
ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
MAX_MEMBER = 4 << 30
"""Bytes that one member of an archive may hold when unpacked; a mammogram has some 20 MB, a tomosynthesis 1 GB."""

FREE_TO_SWELL, MAX_RATIO = 64 << 20, 200
"""A larger member may grow to so many times its packed size: mammograms shrink to a tenth, bombs to a thousandth."""
IS_ENCRYPTED = 1


class Place(NamedTuple):
    """Where an object lies: a file, or a member (by its place in the directory) of a zip archive."""

    path: str
    member: int = -1


def acquire_folder(
    project: Project, paths: Iterable[Path], *, dry_run: bool = False, progress: Progress = silent
) -> AcquireSummary:
    """Take in the exams found in folders (with everything below), single files and zip archives.

    Running it again on the same files changes nothing; more files of an exam complete it, until it has been
    pseudonymized.

    Parameters
    ----------
    paths : iterable of Path
    dry_run : bool
        Look and count; write nothing.

    Returns
    -------
    AcquireSummary
        ``objects`` counts every file looked at, also those that are no DICOM.

    Raises
    ------
    AcquireError
        If a path is not there, or the vault's file system is too full.
    """
    roots = _existing(paths)
    if dry_run:
        with Shelf() as shelf, Finds(":memory:") as finds:
            return _foresee(shelf, finds, _look(roots, shelf, finds, None, progress))
    with project.lock("acquire"):
        vault = open_vault(project)
        vault.empty_incoming()
        admission, refusals = Admission(project, vault), Refusals(project, vault)
        with Shelf() as shelf, Finds(str(vault.incoming / "finds.sqlite")) as finds:
            admission.objects = _look(roots, shelf, finds, refusals, progress)
            studies = finds.studies()
            wanted = [one for one in studies if not _is_withdrawn(one, shelf, finds, admission)]
            extend_pool(project, vault, wanted, project.settings.acquire.seed, SOURCE)
            for done, study_uid in enumerate(studies):
                progress("exams", done, len(studies))
                arrivals = shelf.arrivals(finds.places(study_uid), admission.objects)
                admission.admit(study_uid, arrivals)
                refusals.exam(study_uid, arrivals, admission.conflicts)
            progress("exams", len(studies), len(studies))
        refusals.finish()
        vault.empty_incoming()
        erase_what_is_due(project, vault)
        return summarize(project, admission.objects)


def _is_withdrawn(study_uid: str, shelf: Shelf, finds: Finds, admission: Admission) -> bool:
    """Whether an exam is that of a patient who was withdrawn; then not even its pseudonym is kept."""
    if not admission.tombstones.tokens:
        return False
    return admission.is_withdrawn(study_uid, shelf.arrivals(finds.places(study_uid), Counter()))


def _existing(paths: Iterable[Path]) -> list[Path]:
    roots = list(paths)
    for number, path in enumerate(roots, 1):
        if not os.access(path, os.R_OK):
            raise AcquireError(
                f"folder: path {number} of {len(roots)} is not there or may not be read; nothing was taken in"
            )
    return roots


class Finds:
    """Which object lies where, by exam; a database so that a million files need no memory."""

    def __init__(self, path: str) -> None:
        self.folder = Path(path).parent
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")  # it is made anew by every run
        self.connection.execute("CREATE TABLE finds (study TEXT, path TEXT, member INTEGER)")
        self.connection.execute("BEGIN")

    def __enter__(self) -> Finds:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def add(self, study_uid: str, place: Place) -> None:
        """Note an object; `StorageError` when the vault's disk is full."""
        row = (study_uid, os.fsencode(place.path), place.member)
        with storing(self.folder):
            self.connection.execute("INSERT INTO finds VALUES (?, ?, ?)", row)

    def finish(self) -> None:
        """Make what was noted quick to find."""
        with storing(self.folder):
            self.connection.execute("CREATE INDEX finds_by_study ON finds (study)")
            self.connection.execute("COMMIT")

    def studies(self) -> list[str]:
        """Return the Study Instance UIDs, sorted."""
        return [row[0] for row in self.connection.execute("SELECT DISTINCT study FROM finds ORDER BY study")]

    def places(self, study_uid: str) -> list[Place]:
        """Return where an exam's objects lie, in the order in which they were found."""
        rows = self.connection.execute("SELECT path, member FROM finds WHERE study = ? ORDER BY rowid", (study_uid,))
        return [Place(os.fsdecode(path), member) for path, member in rows]


def _look(
    roots: Sequence[Path], shelf: Shelf, finds: Finds, refusals: Refusals | None, progress: Progress
) -> Counter[Count]:
    """Read every header once; note the objects of exams, count the rest."""
    refused: Counter[Count] = Counter()
    for number, (place, reason) in enumerate(_places(roots), 1):
        progress("files", number, None)
        header = None
        try:
            if reason:
                raise RefusedObject(reason)
            header = shelf.header(place)
            if not (header.study_uid and header.sop_uid):
                raise RefusedObject("no_identity")
        except RefusedObject as refusal:
            why = refusal.reason if refusals is None else refusals.refuse(shelf.name(place), refusal.reason, header)
            refused[Outcome.EXCLUDED.value, why] += 1
        else:
            finds.add(header.study_uid, place)
            if refusals is not None:
                refusals.accept(shelf.name(place), header)
    finds.finish()
    return refused


def _places(roots: Sequence[Path]) -> Iterator[tuple[Place, str]]:
    """Yield every file and archive member, in a stable order; with a reason those that cannot be looked at."""
    for root in roots:
        for path, reason in _files(root):
            if not reason and _is_zip(path):
                yield from _members(path)
            else:
                yield Place(str(path)), reason


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    if not root.is_dir():
        yield root, "" if root.is_file() else "not_dicom"
        return
    closed: list[OSError] = []
    for folder, below, names in os.walk(root, onerror=closed.append):
        below.sort()
        for name in sorted(names):
            path = Path(folder) / name
            yield path, "" if path.is_file() else "not_dicom"  # sockets, pipes and broken links would block or fail
    for _ in closed:
        yield root, "unreadable"  # a folder that may not be listed


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (ZIP_MAGIC, EMPTY_ZIP_MAGIC)
    except OSError:
        return False


def _members(path: Path) -> Iterator[tuple[Place, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except UNREADABLE:
        yield Place(str(path)), "unreadable"
        return
    for number, member in enumerate(members):
        if not member.filename.endswith("/"):  # is_dir() fails on an empty name
            # by number, never by name: names may repeat, lead anywhere, or belong to a patient
            yield Place(str(path), number), "" if _is_plausible(member) else "unreadable"


def _is_plausible(member: zipfile.ZipInfo) -> bool:
    """Whether what a member says of its size can be true of an object, so that unpacking it fills no disk."""
    size, packed = member.file_size, member.compress_size
    if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & IS_ENCRYPTED:
        return size == packed <= MAX_MEMBER
    return size <= min(MAX_MEMBER, max(FREE_TO_SWELL, MAX_RATIO * packed))


class Shelf:
    """Opens objects where they lie; keeps the last archive open, because its directory may be long."""

    def __init__(self) -> None:
        self._archive: zipfile.ZipFile | None = None
        self._path = ""

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive is not None:
            self._archive.close()

    def _archive_at(self, path: str) -> zipfile.ZipFile:
        if self._archive is None or self._path != path:
            self.__exit__()
            self._archive, self._path = zipfile.ZipFile(path), path
        return self._archive

    @contextmanager
    def open(self, place: Place) -> Iterator[BinaryIO]:
        """Open an object for reading, from its beginning."""
        if place.member < 0:
            with Path(place.path).open("rb") as file:
                yield file
            return
        archive = self._archive_at(place.path)
        with archive.open(archive.infolist()[place.member]) as member:
            yield cast(BinaryIO, member)

    def size(self, place: Place) -> int:
        """Return an object's size in bytes; of an archive's member unpacked."""
        if place.member < 0:
            return Path(place.path).stat().st_size
        return self._archive_at(place.path).infolist()[place.member].file_size

    def name(self, place: Place) -> str:
        """Return what a person finds an object by: its path, for an archive's member with the member's name."""
        path = str(Path(place.path).absolute())
        return (
            path if place.member < 0 else f"{path} ! {self._archive_at(place.path).infolist()[place.member].filename}"
        )

    def header(self, place: Place) -> ObjectHeader:
        """Return an object's header; `RefusedObject` when it has none that can be read."""
        try:
            with self.open(place) as stream:
                return read_header(stream)
        except UNREADABLE:
            raise RefusedObject("unreadable") from None

    def arrivals(self, places: Iterable[Place], objects: Counter[Count]) -> list[Arrival]:
        """Return the objects at these places; count those that could be read before and no longer can."""
        found = []
        for place in places:
            try:
                header, origin = self.header(place), self.name(place)
                found.append(Arrival(header, partial(self.open, place), self.size(place), origin=origin))
            except RefusedObject as refusal:
                objects[Outcome.EXCLUDED.value, refusal.reason] += 1
        return found


def _foresee(shelf: Shelf, finds: Finds, objects: Counter[Count]) -> AcquireSummary:
    """Count what would be decided of the exams found, as if nothing had been taken in before."""
    exams: Counter[Count] = Counter()
    studies = finds.studies()
    for study_uid in studies:
        headers: dict[str, ObjectHeader] = {}
        for one in shelf.arrivals(finds.places(study_uid), objects):
            if one.header.sop_uid in headers:
                objects[Outcome.EXCLUDED.value, "duplicate"] += 1
            headers.setdefault(one.header.sop_uid, one.header)
        verdict = choose(list(headers.values()))
        exams[verdict.outcome.value, verdict.reason] += 1
        objects.update((one.outcome.value, one.reason) for one in verdict.objects)
    return AcquireSummary(len(studies), dict(exams), dict(objects), exams[Outcome.KEPT.value, ""], dry_run=True)
