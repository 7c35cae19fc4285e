"""Every image in the order in which a person looks at it: what is suspicious first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mammoset.catalog import ImageRecord, ReviewedImage
from mammoset.catalog.approval import standings_of
from mammoset.domain.review import ReviewState, Standing
from mammoset.project import Project
from mammoset.review.recording import is_same_person
from mammoset.review.suspicion import Suspicion, known_of, score_of, suspicions_of
from mammoset.review.values import Kind, elements
from mammoset.terms.reasons import Outcome, Stage


@dataclass(frozen=True, slots=True)
class ImageToReview:
    """An image in the order of the review.

    Attributes
    ----------
    number : int
        Short number in this list, from 1.
    draw : int
        Its exam's place in the order of the draw.
    said : ReviewedImage
        What people said of it.
    """

    number: int
    record: ImageRecord
    draw: int
    reviewed: ReviewedImage
    suspicions: tuple[Suspicion, ...]

    @property
    def image_id(self) -> str:
        """Pseudonym of the image."""
        return self.record.image.image_id

    @property
    def score(self) -> int:
        """How suspicious it is."""
        return score_of(self.suspicions)

    @property
    def view(self) -> str:
        """Side and projection."""
        return self.reviewed.view

    @property
    def standing(self) -> Standing:
        """What holds of it."""
        return self.reviewed.standing

    def to_json(self) -> dict[str, Any]:
        """Return the image as JSON values."""
        return {
            "number": self.number, "image_id": self.image_id, "study_id": self.record.image.study_id,
            "view": self.view, "state": self.standing.state.value, "reason": self.standing.reason,
            "score": self.score, "suspicions": [one.code for one in self.suspicions],
            "pixels": self.reviewed.pixels,
        }  # fmt: skip


def rejected_studies(images: Iterable[ReviewedImage]) -> set[str]:
    """Return the exams that one of their images rejects: nobody need look at the others."""
    return {study_id for study_id, one in standings_of(images).items() if one.state == ReviewState.REJECTED}


Wanted = Callable[[ReviewedImage], bool]
"""Whether an image belongs into a list."""


def is_undecided(image: ReviewedImage) -> bool:
    """Whether an image waits for its first decision, or for one that settles a disagreement."""
    return image.standing.state in (ReviewState.OPEN, ReviewState.DISAGREEMENT)


def second_look_of(by: str) -> Wanted:
    """Return which images a person may look at for the second time; an empty name is anybody's."""
    return lambda image: (
        image.waits_for_second_look and not (by and image.said is not None and is_same_person(image.said.by, by))
    )


def any_image(image: ReviewedImage) -> bool:
    """Every image is wanted, whatever was said of it."""
    del image
    return True


def images_to_review(project: Project, wanted: Wanted = is_undecided, *, study_id: str = "") -> list[ImageToReview]:
    """Return images of exams that passed the gate, the most suspicious first, then in the order of the draw.

    Of exams that are rejected already, the undecided images are left out.

    The score is of the whole dataset, so that an image has the same one whatever else is in the list.
    """
    catalog = project.catalog
    passed = catalog.study_outcomes(Stage.PSEUDONYMIZE)
    records = {one.image.image_id: one for one in catalog.image_records()}
    draws = {study.study_id: study.draw for study in catalog.studies()}
    known = known_of(records.values(), _uncommon(project))
    found = catalog.reviewed_images(project.second_looks, {study_id} if study_id else None)
    decided = rejected_studies(found) if wanted is is_undecided else set()
    chosen = [
        image
        for image in found
        if passed.get(image.study_id) == Outcome.KEPT and image.study_id not in decided and wanted(image)
    ]
    scored = [(image, suspicions_of(records[image.image_id], known)) for image in chosen]
    scored.sort(key=lambda one: (-score_of(one[1]), draws[one[0].study_id], one[0].view, one[0].image_id))
    return [
        ImageToReview(number, records[image.image_id], draws[image.study_id], image, found)
        for number, (image, found) in enumerate(scored, start=1)
    ]


def _uncommon(project: Project) -> dict[int, int]:
    """Return the numbers of values that may be rare, and how many images hold each: no numbers and no patterns."""
    kinds = {one.element: one.kind for one in elements(project)}
    counts = project.catalog.review_book.value_counts()
    return {
        one.number: counts[one.number]
        for one in project.catalog.review_book.values()
        if one.number in counts and kinds[one.element] == Kind.VALUES
    }
