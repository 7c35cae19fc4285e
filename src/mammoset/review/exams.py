"""Where the review of each exam stands, and what the settings relaxed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mammoset.domain.review import ReviewState, Standing
from mammoset.model import Study
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage

WAITING_FOR_EYES = (ReviewState.OPEN, ReviewState.DISAGREEMENT, ReviewState.SECOND_LOOK)
"""States of an exam in which somebody has to look at an image."""


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How far the review is, in exams that passed the gate: reviewed to the end, rejected, and all others."""

    approved: int
    rejected: int
    pending: int


def standings(project: Project) -> Mapping[str, Standing]:
    """Return what holds in review of each study that passed the gate."""
    catalog = project.catalog
    passed = {one for one, outcome in catalog.study_outcomes(Stage.PSEUDONYMIZE).items() if outcome == Outcome.KEPT}
    found = catalog.review_standings(project.second_looks)
    return {study_id: standing for study_id, standing in found.items() if study_id in passed}


def summary(project: Project) -> ReviewSummary:
    """Count the exams approved, rejected and pending."""
    return summary_of(standings(project))


def summary_of(found: Mapping[str, Standing]) -> ReviewSummary:
    """Count what `standings` returned."""
    counts = Counter(one.state for one in found.values())
    approved, rejected = counts[ReviewState.APPROVED], counts[ReviewState.REJECTED]
    return ReviewSummary(approved, rejected, counts.total() - approved - rejected)


def pending(project: Project) -> list[Study]:
    """Return the studies of which somebody has to look at an image, in order of the draw.

    That is the first person, the second where an image is drawn, or anybody where two have disagreed. A study of
    which only values wait is not among them.
    """
    waiting = [study_id for study_id, one in standings(project).items() if one.state in WAITING_FOR_EYES]
    return project.catalog.studies(waiting)


def relaxations(project: Project) -> tuple[str, ...]:
    """Return what the settings spare people of the review, in sentences for a datasheet; empty when nothing.

    Each is about the exams that are open for reading now.
    """
    settings, found = project.settings, []
    if not settings.review.required:
        complete = sum(one.state == ReviewState.APPROVED for one in standings(project).values())
        n_open = len(project.approved_study_ids())
        found.append(
            f"The review by people was not required: of {n_open} exams, {complete} were reviewed to the end "
            "(review.required = false)."
        )
    if settings.review.second_look == 0:
        found.append("No image was looked at by a second person (review.second_look = 0).")
    if settings.pseudonymize.text_check == "off":
        found.append('Burned-in text was looked for by people alone (pseudonymize.text_check = "off").')
    return tuple(found)
