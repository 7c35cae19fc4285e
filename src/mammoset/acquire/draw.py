"""Exams fetched in the order of the draw, and what arrived compared with what is listed.

The final status and the counters of a retrieval are only repeated, never believed: archives report success for nothing
and failure for everything. What did arrive of an exam stays; the next run fetches only the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mammoset.acquire.admit import Admission
from mammoset.acquire.archive import Archive, Ended, ListedImage, PeerError
from mammoset.acquire.listen import arrival_or_count, discard
from mammoset.acquire.pace import Pace
from mammoset.acquire.quarantine import require_room
from mammoset.acquire.receive import Inbox
from mammoset.acquire.summary import complete_exams, is_complete
from mammoset.catalog import Decision, PoolEntry
from mammoset.engine import Progress
from mammoset.errors import AcquireError
from mammoset.project import Project
from mammoset.terms.dicom import MG_FOR_PRESENTATION
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Vault

LATE_ARRIVAL_SECONDS = 15.0
"""How long to wait for objects of a retrieval that the archive already calls successful."""
FAILURES_IN_A_ROW = 5
"""After so many exams the fault is the archive's or the settings', not the exams'."""

Retrieve = Callable[[str, ListedImage | None, Collection[str]], Ended]
"""Has a study, or one object of it, sent into the inbox; given the SOP classes to expect."""


@dataclass(frozen=True, slots=True)
class Route:
    """How exams come: from where, by what, and what to look at when they do not.

    Attributes
    ----------
    may_be_late : bool
        Whether objects come by another connection than the answer, and so perhaps after it.
    """

    archive: Archive
    inbox: Inbox
    retrieve: Retrieve
    service: str
    hint: str
    may_be_late: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an exam.

    Attributes
    ----------
    files : list of Path
        In the order of their arrival.
    lacking : str
        What did not arrive, in words, and why; empty when all did.
    trouble : PeerError or None
        The same as an error of the archive.
    reason : str
        Why nothing was asked for, of `mammoset.terms.reasons`; empty when something was.
    """

    study_uid: str
    files: list[Path]
    lacking: str = ""
    trouble: PeerError | None = None
    reason: str = ""


@dataclass
class Draw:
    """Goes along the permutation.

    Attributes
    ----------
    asked : collection of str
        Pseudonyms of the studies that the archive has of what was asked for.
    is_list : bool
        Whether these alone are meant, and not what earlier runs left of this archive.
    """

    project: Project
    vault: Vault
    admission: Admission
    route: Route
    pace: Pace
    modality: str
    sample: int | None
    asked: Collection[str]
    is_list: bool

    def run(self, exclude_from_count: Collection[str], progress: Progress) -> bool:
        """Fetch exams in the order of the draw until the sample is complete; False when the hours ended before.

        While one exam is fetched the last is taken in, unless the sample may be complete with that: nothing is
        fetched that is not needed.
        """
        waiting = self._waiting()
        with _Behind(self, complete_exams(self.project, exclude_from_count), exclude_from_count) as behind:
            failures = 0
            for done, (study_id, study_uid, has_failed) in enumerate(waiting):
                if self.sample is not None and behind.n_at_most >= self.sample:
                    behind.catch_up()
                self._tell(progress, behind.n_complete, done, len(waiting))
                if self.sample is not None and behind.n_complete >= self.sample:
                    break
                if not self.pace.may_go_on():
                    return False
                fetched = self._fetch(study_uid)
                behind.take_in(study_id, fetched)
                failures = 0 if fetched.trouble is None else failures + (not has_failed)  # what failed proves no more
                if fetched.trouble is not None and failures == FAILURES_IN_A_ROW:
                    behind.catch_up()
                    raise AcquireError(
                        f"{fetched.trouble}; so it went with {failures} exams in a row (last: {study_id})"
                    )
            else:
                behind.catch_up()
                self._tell(progress, behind.n_complete, len(waiting), len(waiting))
        self._leave_the_rest()
        return True

    def _tell(self, progress: Progress, complete: int, done: int, waiting: int) -> None:
        if self.sample is None:
            progress("exams", done, waiting)
        else:
            progress("exams", min(complete, self.sample), self.sample)

    def _ours(self) -> list[PoolEntry]:
        """Return the exams of the pool that this run may fetch, in the order of the draw."""
        source = None if self.is_list else self.route.archive.name
        return [one for one in self.project.catalog.pool() if one.source == source or one.study_id in self.asked]

    def _waiting(self) -> list[tuple[str, str, bool]]:
        """Return pseudonym, original, and whether it failed before, of exams that are not decided for good."""
        decided = self.project.catalog.study_outcomes(Stage.ACQUIRE)
        originals = self.vault.identities("study")
        return [
            (one.study_id, originals[one.study_id], decided.get(one.study_id) == Outcome.FAILED)
            for one in self._ours()
            if decided.get(one.study_id) not in (Outcome.KEPT, Outcome.EXCLUDED)
        ]

    def _leave_the_rest(self) -> None:
        """Say of the exams whose turn did not come that they were not needed."""
        decided = self.project.catalog.study_outcomes(Stage.ACQUIRE)
        rest = [one.study_id for one in self._ours() if one.study_id not in decided]
        self.project.catalog.decide(Decision(Stage.ACQUIRE, one, Outcome.NOT_DRAWN, "not_needed") for one in rest)

    def _fetch(self, study_uid: str) -> Fetched:
        """Have what is missing of an exam sent, and say what came and what went wrong."""
        try:
            return self._ask_and_fetch(study_uid)
        except PeerError as error:
            return Fetched(study_uid, [], error.words, error)

    def _ask_and_fetch(self, study_uid: str) -> Fetched:
        with self.route.archive.visited():
            listed = self.route.archive.images(study_uid)
        ours = [one for one in listed if one.modality in ("", self.modality)]
        if not ours:
            return Fetched(study_uid, [], reason="not_mammography" if listed else "no_images")
        needed = [one for one in ours if one.sop_class in ("", MG_FOR_PRESENTATION)]
        here = self.admission.decided_images(study_uid)
        wanted = [one for one in needed if self.vault.keys.pseudonym_uid(one.sop_uid) not in here]
        ended = Ended(True, "")
        if wanted or not here:
            is_whole = len(wanted) == len(needed)
            ended = self._retrieve(study_uid, wanted, {one.sop_class for one in listed}, is_whole=is_whole)
        n_missing = sum(not self.route.inbox.has([one.sop_uid]) for one in wanted)
        files = self.route.inbox.take()
        if not n_missing and (files or here):
            return Fetched(study_uid, files)
        lacking = f"{ended.words}; {n_missing} of {len(needed)} mammograms did not arrive"
        route = self.route
        return Fetched(study_uid, files, lacking, PeerError(route.archive.name, route.service, lacking, route.hint))

    def take_in(self, fetched: Fetched) -> None:
        """Sort in what was fetched of an exam, and decide about it."""
        if fetched.reason == "not_mammography":
            self.admission.decide(fetched.study_uid, Outcome.EXCLUDED, fetched.reason)
        elif fetched.reason == "no_images":
            # it was there when the pool was asked for: an empty answer may be a fault, so it is asked again
            detail = "the archive lists no object of it"
            self.admission.decide(fetched.study_uid, Outcome.FAILED, fetched.reason, detail)
        else:
            found = (arrival_or_count(path, self.admission) for path in fetched.files)
            arrivals = [one for one in found if one is not None]
            # an archive may push something else meanwhile: it was not asked for
            ours = [one for one in arrivals if one.header.study_uid == fetched.study_uid]
            self.admission.admit(fetched.study_uid, ours, fetched.lacking)
            for one in arrivals:
                discard(one)

    def _retrieve(self, study_uid: str, wanted: list[ListedImage], classes: set[str], *, is_whole: bool) -> Ended:
        """Fetch the study unless some of it is here, then one by one what is missing; return how the last ended."""
        require_room(self.vault)  # what the archive sends is written as it comes: a full disk would break the transfer
        inbox, retrieve = self.route.inbox, self.route.retrieve
        ended = Ended(True, "")
        try:
            if is_whole:
                ended = retrieve(study_uid, None, classes)
                if ended.is_success and self.route.may_be_late:
                    inbox.wait_for([one.sop_uid for one in wanted], LATE_ARRIVAL_SECONDS)
            for one in wanted:
                if not inbox.has([one.sop_uid]):
                    ended = retrieve(study_uid, one, classes)
        except PeerError as error:
            return Ended(False, error.words)
        return ended


class _Behind:
    """Takes in the last exam while the next is fetched, in a thread of its own; one exam at a time.

    Attributes
    ----------
    n_complete : int
        Complete exams that count, without the one that is being taken in.
    """

    def __init__(self, draw: Draw, complete: set[str], excluded: Collection[str]) -> None:
        self._draw = draw
        self._complete = complete
        self._excluded = excluded
        self._pool = ThreadPoolExecutor(1, "take-in")
        self._last: tuple[str, Future[None]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown()
        if kind is None:
            self.catch_up()

    @property
    def n_complete(self) -> int:
        return len(self._complete)

    @property
    def n_at_most(self) -> int:
        """How many exams may be complete when the last has been taken in."""
        return len(self._complete) + (self._last is not None)

    def take_in(self, study_id: str, fetched: Fetched) -> None:
        """Begin to take in an exam, when the last has been; raises what went wrong with that."""
        self.catch_up()
        self._last = study_id, self._pool.submit(self._draw.take_in, fetched)

    def catch_up(self) -> None:
        """Wait until the last exam has been taken in; raises what went wrong."""
        if self._last is None:
            return
        study_id, taken_in = self._last
        self._last = None
        taken_in.result()
        if study_id not in self._excluded and is_complete(self._draw.project, study_id):
            self._complete.add(study_id)
