"""Everything that there is to review, kept in memory: what many people at once look at is read from the catalog once.

What reviewers say changes a few images at a time, and only those are read again. What the gate makes again is read
whole: while that takes, what was known before is shown, and a decision about an image that is no longer so is refused
by its mark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from mammoset.catalog import ImageRecord, ReviewedImage, ReviewFact
from mammoset.catalog.changes import ChangeLog, Mark
from mammoset.domain.review import ReviewState, Standing, latest_look
from mammoset.domain.review_values import ValueVerdicts
from mammoset.project import Project
from mammoset.review.holdings import Holdings
from mammoset.review.suspicion import Suspicion, known_of, score_of, suspicions_of
from mammoset.review.values import ElementSummary, Groups, verdicts_of, with_verdicts
from mammoset.terms.reasons import Outcome, ReviewKind, Stage

QUICK = 0.25
"""Seconds for which somebody may wait until everything is read again."""
ASIDE = "review board"
"""Name of the thread that reads everything while others are shown what was."""


class Rank(NamedTuple):
    """Place in the order in which images are looked at: suspicious ones first, then as their exams were drawn."""

    minus_score: int
    draw: int
    view: str
    image_id: str


@dataclass(frozen=True, slots=True)
class BoardImage:
    """An image, why it is suspicious, and what was said of it.

    Attributes
    ----------
    record : ImageRecord
        Without the numbers of its values.
    standing : Standing
        As ``reviewed`` has it; kept because it is asked for again and again.
    waits : bool
        Whether a second person has yet to look at it.
    """

    record: ImageRecord
    rank: Rank
    suspicions: tuple[Suspicion, ...]
    reviewed: ReviewedImage
    standing: Standing
    waits: bool

    @property
    def image_id(self) -> str:
        """Pseudonym of the image."""
        return self.record.image.image_id

    @property
    def study_id(self) -> str:
        """Pseudonym of its exam."""
        return self.record.image.study_id

    def after(self, reviewed: ReviewedImage) -> BoardImage:
        """Return the image as it stands now."""
        standing, waits = reviewed.standing, reviewed.waits_for_second_look
        return replace(self, reviewed=reviewed, standing=standing, waits=waits)


@dataclass(frozen=True)
class HeldValues:
    """What files hold, and what was said of it.

    Attributes
    ----------
    bare : tuple of ElementSummary
        Every element that files hold, as if nobody had said anything of its values.
    """

    holdings: Holdings
    bare: tuple[ElementSummary, ...]
    verdicts: ValueVerdicts

    @cached_property
    def summaries(self) -> dict[str, ElementSummary]:
        """Each element that files hold, what needs a person's eye first."""
        return {one.element: one for one in with_verdicts(self.bare, self.verdicts)}

    @cached_property
    def blocked_studies(self) -> frozenset[str]:
        """The exams of which a file holds a value that is not approved."""
        approved = {
            (summary.element, one.value)
            for summary in self.summaries.values()
            for one in summary.values
            if one.verdict == "approve"
        }
        held = (one for one in self.holdings.values if one.number in self.holdings.counts)
        return self.holdings.studies_with([one.number for one in held if (one.element, one.value) not in approved])


@dataclass(frozen=True)
class Snapshot:
    """Everything that there is to review, at one moment.

    Attributes
    ----------
    images : tuple of BoardImage
        Of exams that passed the gate, by rank.
    places : mapping of image id to its place in `images`
    flags : mapping of image id to ReviewFact
        The latest that somebody who reads said against it; lifted ones too.
    """

    images: tuple[BoardImage, ...]
    places: Mapping[str, int]
    flags: Mapping[str, ReviewFact]
    values: HeldValues

    @property
    def summaries(self) -> Mapping[str, ElementSummary]:
        """Each element that files hold, what needs a person's eye first."""
        return self.values.summaries

    @cached_property
    def images_of(self) -> dict[str, list[ReviewedImage]]:
        """The images of each exam, with what was said of them."""
        found: dict[str, list[ReviewedImage]] = {}
        for one in self.images:
            found.setdefault(one.study_id, []).append(one.reviewed)
        return found

    def image(self, image_id: str) -> BoardImage | None:
        """Return one image; None when there is none of that id."""
        place = self.places.get(image_id)
        return None if place is None else self.images[place]

    def reviewed(self, image_id: str) -> ReviewedImage | None:
        """Return what was said of one image; None when there is none of that id."""
        found = self.image(image_id)
        return None if found is None else found.reviewed

    def flag_of(self, image: BoardImage) -> ReviewFact | None:
        """Return what somebody who reads said against an image and nobody has settled yet; None when nothing."""
        flag = self.flags.get(image.image_id)
        if flag is None or image.standing.state not in (ReviewState.DISAGREEMENT, ReviewState.OPEN):
            return None
        look = latest_look(image.reviewed.looks, image.reviewed.pixels)
        return flag if look is not None and (look.by, look.verdict) == (flag.by, flag.verdict) else None


class Board:
    """What there is to review in a project, as of now. Safe to use from several threads.

    Parameters
    ----------
    groups : mapping of keyword to Group, or None
        What the rules of the gate guarantee of elements.
    """

    def __init__(self, project: Project, groups: Groups | None = None) -> None:
        self.project = project
        self.groups: Groups = groups or {}
        self._changes = ChangeLog(project.catalog.engine)
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._mark = Mark()
        self._seconds = 0.0
        self._is_loading = False

    def now(self) -> Snapshot:
        """Return everything as of now; what the gate has just made may come a moment later."""
        with self._lock:
            if self._snapshot is None:
                return self._take(*self._load())
            changes = self._changes.since(self._mark)
            if changes.has_gaps or (changes.made and self._seconds < QUICK):
                return self._take(*self._load())
            if changes.made and not self._is_loading:
                self._is_loading = True
                Thread(target=self._load_aside, name=ASIDE, daemon=True).start()
            if changes.said:
                self._snapshot = self._after(self._snapshot, changes.said)
            if changes.has_values:
                values = replace(self._snapshot.values, verdicts=verdicts_of(self.project))
                self._snapshot = replace(self._snapshot, values=values)
            self._mark = changes.mark
            return self._snapshot

    def forget(self) -> None:
        """Read everything again when it is next asked for: somebody was shown what is no longer so."""
        with self._lock:
            self._snapshot = None

    def _take(self, mark: Mark, snapshot: Snapshot) -> Snapshot:
        self._mark, self._snapshot = mark, snapshot
        return snapshot

    def _load(self) -> tuple[Mark, Snapshot]:
        started = monotonic()
        with self.project.catalog.reading():
            mark = self._changes.mark()
            snapshot = snapshot_of(self.project, self.groups)
        self._seconds = monotonic() - started
        return mark, snapshot

    def _load_aside(self) -> None:
        """Read everything while others are shown what was; what goes wrong here goes wrong again when next asked."""
        try:
            mark, snapshot = self._load()
            with self._lock:
                self._take(mark, snapshot)
        finally:
            self._is_loading = False

    def _after(self, snapshot: Snapshot, study_ids: Collection[str]) -> Snapshot:
        images = list(snapshot.images)
        for reviewed in self.project.catalog.reviewed_images(self.project.second_looks, study_ids):
            place = snapshot.places.get(reviewed.image_id)
            if place is not None:
                images[place] = images[place].after(reviewed)
        return replace(snapshot, images=tuple(images), flags=flags_of(self.project))


def flags_of(project: Project) -> dict[str, ReviewFact]:
    """Return the latest that somebody who reads said against each image."""
    return {fact.image_id: fact for fact in project.catalog.review_book.facts(ReviewKind.FLAG)}


def snapshot_of(project: Project, groups: Groups) -> Snapshot:
    """Read everything that there is to review."""
    catalog = project.catalog
    passed = {one for one, outcome in catalog.study_outcomes(Stage.PSEUDONYMIZE).items() if outcome == Outcome.KEPT}
    records = catalog.image_records()
    holdings = Holdings.of(catalog.review_book.values(), sorted(records, key=lambda one: one.image.image_id))
    bare = holdings.summaries(groups)
    known = known_of(records, holdings.uncommon(bare))
    draws = {study.study_id: study.draw for study in catalog.studies()}
    reviewed = {one.image_id: one for one in catalog.reviewed_images(project.second_looks)}
    images = []
    for record in records:
        if record.image.study_id not in passed:
            continue
        found, said = suspicions_of(record, known), reviewed[record.image.image_id]
        rank = Rank(-score_of(found), draws[record.image.study_id], said.view, said.image_id)
        # the numbers of its values are in the holdings, in a twentieth of the memory
        light = replace(record, elements=())
        images.append(BoardImage(light, rank, found, said, said.standing, said.waits_for_second_look))
    images.sort(key=lambda one: one.rank)
    places = {one.image_id: place for place, one in enumerate(images)}
    values = HeldValues(holdings, tuple(bare), verdicts_of(project))
    return Snapshot(tuple(images), places, flags_of(project), values)
