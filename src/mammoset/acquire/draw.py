"""Exams fetched in the order of the draw, and what arrived compared with what is listed.

The final status and the counters of a retrieval are only repeated, never believed: archives report success for nothing
and failure for everything. What did arrive of an exam stays; the next run fetches only the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from mammoset.acquire.admit import Admission
from mammoset.acquire.archive import Archive, Ended, ListedImage, PeerError
from mammoset.acquire.listen import Inbox, arrival_or_count, discard
from mammoset.acquire.pace import Pace
from mammoset.acquire.quarantine import require_room
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
        """Fetch exams in the order of the draw until the sample is complete; False when the hours ended before."""
        waiting = self._waiting()
        complete = complete_exams(self.project, exclude_from_count)
        failures = 0
        for done, (study_id, study_uid, has_failed) in enumerate(waiting):
            self._tell(progress, len(complete), done, len(waiting))
            if self.sample is not None and len(complete) >= self.sample:
                break
            if not self.pace.may_go_on():
                return False
            trouble = self._try(study_uid)
            failures = 0 if trouble is None else failures + (not has_failed)  # what failed before proves nothing new
            if trouble is not None and failures == FAILURES_IN_A_ROW:
                raise AcquireError(f"{trouble}; so it went with {failures} exams in a row (last: {study_id})")
            if study_id not in exclude_from_count and is_complete(self.project, study_id):
                complete.add(study_id)
        else:
            self._tell(progress, len(complete), len(waiting), len(waiting))
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

    def _try(self, study_uid: str) -> PeerError | None:
        try:
            listed = self.route.archive.images(study_uid)
        except PeerError as error:
            self.admission.admit(study_uid, [], error.words)
            return error
        ours = [one for one in listed if one.modality in ("", self.modality)]
        if ours:
            return self._fetch(study_uid, listed, [one for one in ours if one.sop_class in ("", MG_FOR_PRESENTATION)])
        if listed:
            self.admission.decide(study_uid, Outcome.EXCLUDED, "not_mammography")
        else:
            # it was there when the pool was asked for: an empty answer may be a fault, so it is asked again
            self.admission.decide(study_uid, Outcome.FAILED, "no_images", "the archive lists no object of it")
        return None

    def _fetch(self, study_uid: str, listed: list[ListedImage], needed: list[ListedImage]) -> PeerError | None:
        """Fetch what is missing of an exam, take in what arrives, and return what went wrong."""
        inbox = self.route.inbox
        here = self.admission.decided_images(study_uid)
        wanted = [one for one in needed if self.vault.keys.pseudonym_uid(one.sop_uid) not in here]
        ended = Ended(True, "")
        if wanted or not here:
            is_whole = len(wanted) == len(needed)
            ended = self._retrieve(study_uid, wanted, {one.sop_class for one in listed}, is_whole=is_whole)
        n_missing = sum(not inbox.has([one.sop_uid]) for one in wanted)
        files = inbox.take()
        arrivals = [one for one in (arrival_or_count(path, self.admission) for path in files) if one is not None]
        lacking = ""
        if n_missing or not (files or here):
            lacking = f"{ended.words}; {n_missing} of {len(needed)} mammograms did not arrive"
        # an archive may push something else meanwhile: it was not asked for
        self.admission.admit(study_uid, [one for one in arrivals if one.header.study_uid == study_uid], lacking)
        for one in arrivals:
            discard(one)
        name, service, hint = self.route.archive.name, self.route.service, self.route.hint
        return PeerError(name, service, lacking, hint) if lacking else None

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
