"""What a person does with a study that is theirs: open it, save a draft, submit, amend, flag.

Each is one transaction that asks the workflow and writes, so that of two people, or two windows of one, who act on a
study at the same moment exactly one is the first and the other is told. Whatever is said twice, because an answer of
the server was lost on its way, is recorded once and answered alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from mammoset.catalog import Decision, ReviewFact, now
from mammoset.catalog.drafts import Draft, Turn
from mammoset.domain.viewed import Viewed, covers, most_of
from mammoset.domain.workflow import Fact, FactKind, Role, Standing, check_next, standing_of
from mammoset.errors import ConfigError, TransitionError
from mammoset.model import Image, Reading
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, ReviewKind, Stage

FLAG_KINDS = ("visible_identifier", "image_quality", "other")
FLAG_REASON = "reader_flag"
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Work:
    """An answer as far as it goes, and how long it took.

    Attributes
    ----------
    seconds : mapping of hanging step to float
        Seconds of work so far, by the step of the hanging in which they were spent.
    stage : str
        The step of the hanging that is shown.
    viewed : mapping of image id to Viewed
        What was seen of each image so far. Images that the study does not have are left out where it is stored: a
        measurement must not cost an answer.
    """

    reading: Reading
    seconds: Mapping[str, float] = field(default_factory=dict)
    stage: str = ""
    viewed: Mapping[str, Viewed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft as it is stored, and whether that is what was given or what somebody else had saved before."""

    draft: Draft | None
    is_conflict: bool = False

    @property
    def version(self) -> int:
        """The stored version; 0 where there is no draft."""
        return 0 if self.draft is None else self.draft.version


@dataclass(frozen=True, slots=True)
class Flag:
    """Why an exam should not be read as it is.

    Attributes
    ----------
    kind : str
        One of `FLAG_KINDS`.
    reason : str
        In words; never an identifier.
    image_id : str or None
        The image that it is about; None for all of the exam.
    """

    kind: str
    reason: str
    image_id: str | None = None

    @property
    def words(self) -> str:
        """Kind and reason in one line."""
        return f"{self.kind}: {self.reason.strip()}" if self.reason.strip() else ""


def role_at(project: Project, study_id: str, name: str) -> Role | None:
    """Return as what a person is assigned to a study now, None when not."""
    return standing_of(project.catalog.facts(study_id).get(study_id, ()), project.schema).role_of(name)


def open_study(project: Project, study_id: str, name: str) -> None:
    """Record that a person has opened a study, once for each assignment.

    Raises
    ------
    TransitionError
        If it is not theirs, or not to be read now.
    """
    with _desk(project, study_id, name) as desk:
        desk.require(FactKind.OPENED)
        if not desk.has_done(FactKind.OPENED):
            desk.append(FactKind.OPENED)


def save_draft(project: Project, study_id: str, name: str, work: Work, known: int) -> Saved:
    """Save a draft in the place of the version that its writer knows.

    Parameters
    ----------
    known : int
        Version that the writer has seen last; 0 for none.

    Returns
    -------
    Saved
        A conflict, and what is stored, where that is another version; nothing is written then. The same draft again
        under the version before is no conflict: the answer to it was lost.

    Raises
    ------
    TransitionError
        If the study is not theirs, or not to be read now.
    """
    with _desk(project, study_id, name) as desk:
        desk.require(FactKind.DRAFT_SAVED, work.reading)
        saved = desk.save(work, known)
        if not saved.is_conflict and not desk.has_done(FactKind.DRAFT_SAVED):
            desk.append(FactKind.DRAFT_SAVED, work.reading)
    return saved


def submit(
    project: Project, study_id: str, name: str, work: Work, known: int, confirmed: Collection[str] = ()
) -> Saved:
    """Submit an answer: of a reader, of the senior, or of the arbiter who decides.

    Parameters
    ----------
    known : int
        Version of the draft that the writer has seen last. The draft becomes what was submitted.
    confirmed : collection of str
        As in `rules.check`.

    Returns
    -------
    Saved
        As in `save_draft`. The same answer again changes nothing.

    Raises
    ------
    TransitionError, RuleViolation
        As in `check_next`.
    """
    with _desk(project, study_id, name) as desk:
        if desk.answer == work.reading:
            return Saved(desk.draft)
        kind = FactKind.ARBITRATED if desk.role == "arbiter" else FactKind.SUBMITTED
        desk.require(kind, work.reading, confirmed=confirmed)
        saved = desk.save(work, known)
        if not saved.is_conflict:
            desk.append(kind, work.reading, effort=saved.draft)
    return saved


def amend(
    project: Project, study_id: str, name: str, work: Work, reason: str, confirmed: Collection[str] = ()
) -> Saved:
    """Put another answer in the place of one's own, which stays on record; an equal one changes nothing.

    Raises
    ------
    TransitionError, RuleViolation
        As in `check_next`: a reader's answer is frozen once the last reading of the study is in.
    """
    with _desk(project, study_id, name) as desk:
        if desk.answer == work.reading:
            return Saved(desk.draft)
        desk.require(FactKind.AMENDED, work.reading, reason, confirmed)
        saved = desk.save(work, 0 if desk.draft is None else desk.draft.version)
        desk.append(FactKind.AMENDED, work.reading, reason, saved.draft)
    return saved


def flag(project: Project, study_id: str, name: str, flag: Flag) -> None:
    """Hold a study at once, and send it back to the review; the same flag again while it is held changes nothing.

    For the review it is a look at the image, or at each image of the study, that rejects it: what was approved is in
    disagreement, and a reviewer settles that. Approved, the flag is lifted and the study is where it was
    (`mammoset.review.recording`); rejected, the study is excluded.

    Raises
    ------
    TransitionError
        If the study is not theirs.
    ConfigError
        For an unknown kind, an image of another study, or a reason that is too long.
    """
    reviewed = project.catalog.reviewed_images(project.second_looks, {study_id})
    about = [one for one in reviewed if flag.image_id in (None, one.image_id)]
    if flag.kind not in FLAG_KINDS or not about or len(flag.reason) > LONGEST_REASON:
        raise ConfigError(
            f"study {study_id}: a flag needs one of {', '.join(FLAG_KINDS)}, an image of this study or none, and a "
            f"reason of at most {LONGEST_REASON} characters"
        )
    with _desk(project, study_id, name) as desk:
        desk.require(FactKind.FLAGGED, reason=flag.words)
        if desk.has_flagged(flag.words):
            return
        desk.append(FactKind.FLAGGED, reason=flag.words)
        desk.turn.say(
            [Decision(Stage.REVIEW, study_id, Outcome.HELD, FLAG_REASON, by=name)],
            [
                ReviewFact(
                    ReviewKind.FLAG, "reject", name, study_id, one.image_id, one.pixels,
                    one.said.verdict if one.said else "", flag.words,
                )
                for one in about
            ],
        )  # fmt: skip


@contextmanager
def _desk(project: Project, study_id: str, name: str) -> Iterator[_Desk]:
    images = tuple(image for study in project.catalog.studies({study_id}) for image in study.images)
    with project.catalog.drafts.turn(study_id) as turn:
        yield _Desk(project, turn, name, images)


class _Desk:
    """A person at a study, for one transaction."""

    def __init__(self, project: Project, turn: Turn, name: str, images: tuple[Image, ...]) -> None:
        self.turn = turn
        self._project, self._name, self._images = project, name, images
        self._excluded = turn.is_excluded
        self._standing: Standing = standing_of(turn.facts, project.schema, excluded=self._excluded)
        role = self._standing.role_of(name)
        if role is None:
            raise TransitionError(f"study {turn.study_id}: it is not assigned to {name} (any more)", "not_assigned")
        self.role: Role = role

    @property
    def draft(self) -> Draft | None:
        """The stored draft."""
        return self.turn.draft(self._name, self.role)

    @property
    def answer(self) -> Reading | None:
        """The person's answer in force."""
        return self._standing.answer_of(self._name, self.role)

    def has_done(self, kind: FactKind) -> bool:
        """Whether the person has done this since they were assigned."""
        mine = [one for one in self.turn.facts if (one.reader_id, one.role) == (self._name, self.role)]
        since = max(number for number, one in enumerate(mine) if one.kind == FactKind.ASSIGNED)
        return any(one.kind == kind for one in mine[since:])

    def has_flagged(self, words: str) -> bool:
        """Whether the person has said this already of a study that is still held."""
        said = [one for one in self.turn.facts if one.kind in (FactKind.FLAGGED, FactKind.UNFLAGGED)]
        lifted = max((number for number, one in enumerate(said) if one.kind == FactKind.UNFLAGGED), default=-1)
        return any((one.reader_id, one.reason) == (self._name, words) for one in said[lifted + 1 :])

    def require(
        self, kind: FactKind, reading: Reading | None = None, reason: str = "", confirmed: Collection[str] = ()
    ) -> None:
        """Refuse what the workflow does not allow."""
        check_next(
            self.turn.facts, self._fact(kind, reading, reason), self._images, self._project.schema,
            confirmed=confirmed, excluded=self._excluded,
        )  # fmt: skip

    def append(
        self, kind: FactKind, reading: Reading | None = None, reason: str = "",
        effort: Draft | None = None,
    ) -> None:  # fmt: skip
        """Append what `require` has let through, with the effort that its draft has counted."""
        fact = self._fact(kind, reading, reason)
        self.turn.append(fact if effort is None else replace(fact, seconds=effort.seconds, viewed=effort.viewed))

    def save(self, work: Work, known: int) -> Saved:
        """Save a draft; seconds never become fewer, nor does what was seen."""
        stored = self.draft
        mine = {image.image_id for image in self._images}
        work = replace(work, viewed={one: seen for one, seen in work.viewed.items() if one in mine})
        if stored is not None and stored.version == known + 1 and _is_same(stored, work):
            return Saved(stored)
        seconds = _longest(stored.seconds if stored else {}, work.seconds)
        viewed = most_of(stored.viewed if stored else {}, work.viewed)
        draft = Draft(work.reading, self.role, known + 1, seconds, work.stage, viewed)
        return Saved(draft) if self.turn.replace(draft, known) else Saved(stored, is_conflict=True)

    def _fact(self, kind: FactKind, reading: Reading | None, reason: str) -> Fact:
        return Fact(kind, self.turn.study_id, self._name, now(), self.role, reading, reason)


def _is_same(stored: Draft, work: Work) -> bool:
    is_counted = all(stored.seconds.get(step, 0.0) >= spent for step, spent in work.seconds.items())
    is_counted &= covers(stored.viewed, work.viewed)
    return stored.reading == work.reading and stored.stage == work.stage and is_counted


def _longest(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {step: max(one.get(step, 0.0), other.get(step, 0.0)) for step in {**one, **other}}
