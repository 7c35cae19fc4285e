"""What a person says is checked whole and then recorded whole: decisions about images, facts about all else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mammoset.catalog import Decision, ReviewedImage, ReviewFact
from mammoset.catalog.approval import PIXELS, standings_of, with_said
from mammoset.domain.review import SETTLED, Look, ReviewState, Said
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.review.flags import lifts
from mammoset.review.regions import delete_decided
from mammoset.terms.reasons import Outcome, ReviewKind, Stage

REJECTION_REASONS = ("visible_identifier", "image_quality", "other")
SHOWN_PROBLEMS = 20
OUTCOMES = {ReviewState.APPROVED: Outcome.KEPT, ReviewState.REJECTED: Outcome.EXCLUDED}
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says at once.

    Attributes
    ----------
    images : mapping of image id to None or reason
        None approves.
    facts : tuple of ReviewFact
        About values and regions.
    seen : mapping of image id to mark
        Of the pixels that the person was shown, where that is known; of others it is taken that they saw what is
        there now.
    """

    images: Mapping[str, str | None] = field(default_factory=dict)
    facts: tuple[ReviewFact, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, in numbers: first decisions about images, second looks, and what is about all else."""

    images: int
    second_looks: int
    values: int
    regions: int


def decide(project: Project, verdicts: Mapping[str, str | None], *, by: str) -> Recorded:
    """Record what a person decided about images.

    A study is approved once each of its images is; one rejected image rejects it. A later decision about an image
    replaces the earlier one, which stays on record. Where an image waits for a second look and `by` is another person
    than who decided first, this is that look; where two people have disagreed, this settles it.

    Parameters
    ----------
    verdicts : mapping of image id to None or reason
        None approves; a reason of `REJECTION_REASONS` rejects.
    by : str
        The reviewer.

    Raises
    ------
    ConfigError
        For an unknown image or reason, or an empty name; nothing is recorded then.
    """
    return record(project, Words(verdicts), by=by)


def record(project: Project, words: Words, *, by: str) -> Recorded:
    """Record what a person said: all of it, or nothing and every problem named. Several may do so at once."""
    name = checked_name(by)
    with project.lock("review", may_wait=True):
        studies = {one: study.study_id for one, study in project.catalog.studies_of_images(words.images).items()}
        found = {
            one.image_id: one
            for one in project.catalog.reviewed_images(project.second_looks, set(studies.values()))
        }  # fmt: skip
        _require_sound(words, found)
        decisions, looks, after = _about_images(words.images, found, name)
        decisions += _about_studies(project, (found | after).values(), name)
        lifted, check = lifts(project, (found | after).values(), name)
        project.catalog.append(lifted, check, decisions=decisions, said=[*looks, *words.facts])
    delete_decided(project)
    n_looks = sum(one.value != SETTLED for one in looks)
    n_regions = sum(one.kind == ReviewKind.REGION for one in words.facts)
    return Recorded(len(words.images) - n_looks, n_looks, len(words.facts) - n_regions, n_regions)


def checked_name(by: str) -> str:
    """Return who decides, without spaces around; `ConfigError` when that is nobody."""
    name = by.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ConfigError(f"review: say who decides with --by NAME, in at most {LONGEST_NAME} characters")
    return name


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals and spaces around do not make another."""
    return one.strip().casefold() == other.strip().casefold()


class Problem(NamedTuple):
    """Why something that a person said cannot be recorded.

    Attributes
    ----------
    code : str
        ``unknown`` names nothing; ``changed`` is about something that is not any more what the person was shown;
        ``invalid`` is no verdict about it.
    subject : str
        What it is about: id of an image or a region, element, or ``Element=value``.
    hint : str
        For who decides on the command line: what to do.
    where : str
        Line of a sheet; empty elsewhere.
    """

    code: Literal["unknown", "changed", "invalid"]
    subject: str
    what: str
    hint: str = ""
    where: str = ""

    def __str__(self) -> str:
        """Return the problem as the command line tells it."""
        said = f"{self.what}; {self.hint}" if self.hint else self.what
        return f"{self.where}: {said}" if self.where else said


class NothingRecorded(ConfigError):
    """Something that a person said cannot be recorded, so nothing of it was.

    Attributes
    ----------
    problems : tuple of Problem
        All of them, also those that the message leaves out.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(one) for one in self.problems[:SHOWN_PROBLEMS]]
        n_more = len(self.problems) - len(shown)
        super().__init__(
            "\n".join(["review: nothing was recorded:", *shown, *([f"… and {n_more} more"] * (n_more > 0))])
        )

    def __reduce__(self) -> tuple[type[NothingRecorded], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise `NothingRecorded` when there are problems."""
    if problems:
        raise NothingRecorded(problems)


def unknown_image(image_id: str) -> Problem:
    """Return that there is no such image."""
    return Problem("unknown", image_id, f"there is no image {image_id}", "'mammoset review status' lists what waits")


def changed_image(image_id: str) -> Problem:
    """Return that an image has other pixels than those that were shown."""
    what = f"image {image_id} was made again since it was shown"
    return Problem("changed", image_id, what, "make its sheet again and look")


def changed_element(element: str) -> Problem:
    """Return that an element has other values than those that were shown."""
    return Problem("changed", element, f"{element} holds other values than those that were shown", "look at them")


def no_reason(subject: str, reason: str) -> Problem:
    """Return that something is no reason for which an image can be rejected."""
    return Problem("invalid", subject, f"'{reason}' is no reason; allowed: {', '.join(REJECTION_REASONS)}")


def _require_sound(words: Words, found: Mapping[str, ReviewedImage]) -> None:
    problems = []
    for image_id, reason in words.images.items():
        if image_id not in found:
            problems.append(unknown_image(image_id))
        elif reason is not None and reason not in REJECTION_REASONS:
            problems.append(no_reason(image_id, reason))
        elif words.seen.get(image_id, found[image_id].pixels) != found[image_id].pixels:
            problems.append(changed_image(image_id))
    refuse(problems)


def _about_images(
    verdicts: Mapping[str, str | None], found: Mapping[str, ReviewedImage], by: str
) -> tuple[list[Decision], list[ReviewFact], dict[str, ReviewedImage]]:
    """Return decisions, the facts of second looks and of what settles them, and the images as they stand then."""
    decisions, looks, after = [], [], {}
    for image_id, reason in verdicts.items():
        image, said = found[image_id], Said(by, reason or "", found[image_id].pixels)
        if image.waits_for_second_look and image.said is not None and not is_same_person(image.said.by, by):
            look = Look(by, said.verdict, image.said.verdict, image.pixels)
            after[image_id] = image._replace(looks=(*image.looks, look))
        else:
            outcome = Outcome.EXCLUDED if reason else Outcome.KEPT
            detail = f"{PIXELS}{image.pixels}"
            decisions.append(Decision(Stage.REVIEW, image.study_id, outcome, said.reason, image_id, detail, by))
            after[image_id] = with_said(image, said)
        looks += [_fact_of(image, look, said.reason) for look in after[image_id].looks[len(image.looks) :]]
    return decisions, looks, after


def _fact_of(image: ReviewedImage, look: Look, reason: str) -> ReviewFact:
    return ReviewFact(
        ReviewKind.SECOND, look.verdict, look.by, image.study_id, image.image_id, look.pixels, look.first, reason
    )


def _about_studies(project: Project, images: Iterable[ReviewedImage], by: str) -> list[Decision]:
    """Return decisions about the studies whose images say something else now than what is on record of them."""
    standings = standings_of(images)
    recorded = project.catalog.decisions(Stage.REVIEW, list(standings))
    before = {one.study_id: (one.outcome, one.reason) for one in recorded if not one.image_id}
    found = []
    for study_id, now in standings.items():
        outcome = OUTCOMES.get(now.state, Outcome.HELD)
        reason = now.state.value if outcome == Outcome.HELD else now.reason
        is_new = before.get(study_id) != (outcome, reason)
        if is_new and (study_id in before or now.state != ReviewState.OPEN):
            found.append(Decision(Stage.REVIEW, study_id, outcome, reason, by=by))
    return found
