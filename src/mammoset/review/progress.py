"""How far each pass of the review is, and what waits for whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from mammoset.catalog import ReviewedImage
from mammoset.domain.review import ReviewState
from mammoset.project import Project
from mammoset.review.exams import ReviewSummary, standings, summary_of
from mammoset.review.images import rejected_studies
from mammoset.review.regions import decided_regions, waiting_regions
from mammoset.review.second import SecondLookCounts, looks_by_person, second_look_counts
from mammoset.review.values import ValueCounts, verdicts_of
from mammoset.terms.reasons import Outcome, ReviewKind, Stage


@dataclass(frozen=True, slots=True)
class ImageCounts:
    """How far the second pass is, in images of exams that passed the gate.

    Images that nobody decided about are not counted where another one has rejected their exam.
    """

    images: int
    approved: int
    rejected: int
    undecided: int


@dataclass(frozen=True, slots=True)
class RegionCounts:
    """Regions on or near the breast: those that wait for a person, and those decided about.

    Attributes
    ----------
    to_carry_out : int
        Exams all of whose regions are decided about, and which the gate has not treated since.
    """

    waiting: int
    decided: int
    exams_held: int
    to_carry_out: int


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far the review is.

    Attributes
    ----------
    states : mapping of state to number of exams
    second_by_person : mapping of name to number of images
        How many of the second looks that wait each reviewer may do.
    rejected_images : int
        Images that still hold a rejected value: 'mammoset pseudonymize' carries the rejection out.
    """

    exams: ReviewSummary
    states: dict[str, int]
    values: ValueCounts
    images: ImageCounts
    regions: RegionCounts
    second: SecondLookCounts
    second_by_person: dict[str, int]
    rejected_images: int

    def to_json(self) -> dict[str, Any]:
        """Return the progress as JSON values; the counts of exams at the top."""
        return {
            **asdict(self.exams), "states": self.states, "values": self.values._asdict(),
            "images": asdict(self.images), "regions": asdict(self.regions),
            "second_looks": self.second._asdict() | {"by_person": self.second_by_person},
            "images_with_rejected_values": self.rejected_images,
        }  # fmt: skip


def progress_of(project: Project) -> ReviewProgress:
    """Return how far the review is."""
    found = standings(project)
    images = [
        one for one in project.catalog.reviewed_images(project.second_looks) if one.study_id in found
    ]  # fmt: skip
    values, rejected_images = _values(project)
    return ReviewProgress(
        summary_of(found), dict(Counter(one.state.value for one in found.values())), values, _image_counts(images),
        _regions(project), second_look_counts(images), looks_by_person(images, people_of(project)), rejected_images,
    )  # fmt: skip


def people_of(project: Project) -> set[str]:
    """Return everybody who reviews, by role or by having done so."""
    named = {one.reader_id for one in project.catalog.readers() if "reviewer" in one.roles}
    decided = {one.by for one in project.catalog.decisions(Stage.REVIEW)}
    return named | decided | {fact.by for fact in project.catalog.review_book.facts()}


def _values(project: Project) -> tuple[ValueCounts, int]:
    """Count what files hold; lighter than `mammoset.review.values.elements`."""
    book, verdicts = project.catalog.review_book, verdicts_of(project)
    counts = book.value_counts()
    held = [one for one in book.values() if one.number in counts]
    said = {one.number: verdicts.verdict_of(one.element, one.value) for one in held}
    tally = Counter(said.values())
    rejected = {number for number, verdict in said.items() if verdict == "reject"}
    n_images = sum(not rejected.isdisjoint(one.elements) for one in project.catalog.image_records()) if rejected else 0
    n_elements = len({one.element for one in held})
    return ValueCounts(n_elements, len(held), tally["approve"], tally["reject"], tally[None]), n_images


def _image_counts(images: list[ReviewedImage]) -> ImageCounts:
    out = rejected_studies(images)
    tally = Counter(
        one.standing.state for one in images if one.study_id not in out or one.standing.state != ReviewState.OPEN
    )
    undecided = tally[ReviewState.OPEN] + tally[ReviewState.DISAGREEMENT]
    approved = tally[ReviewState.APPROVED] + tally[ReviewState.SECOND_LOOK]
    return ImageCounts(len(images), approved, tally[ReviewState.REJECTED], undecided)


def _regions(project: Project) -> RegionCounts:
    passed = project.catalog.study_outcomes(Stage.PSEUDONYMIZE)
    held = {study_id for study_id, outcome in passed.items() if outcome == Outcome.HELD}
    waiting = [one for one in waiting_regions(project) if one.region.study_id in held]
    n_studies = len({one.region.study_id for one in waiting})
    return RegionCounts(len(waiting), len(decided_regions(project)), len(held), len(held) - n_studies)


def regions_said(project: Project) -> Counter[str]:
    """Count the decisions in force about regions by verdict."""
    return Counter(fact.verdict for fact in decided_regions(project).values() if fact.kind == ReviewKind.REGION)
