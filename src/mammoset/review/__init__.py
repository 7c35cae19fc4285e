"""Review: what a person must look at before an exam is read, and what they decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mammoset.catalog import Decision
from mammoset.domain.review import study_verdict
from mammoset.errors import ConfigError
from mammoset.model import Study
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage

REJECTION_REASONS = ("visible_identifier", "image_quality", "other")

__all__ = ["REJECTION_REASONS", "ReviewSummary", "decide", "pending", "summary"]


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How far the review is, in exams."""

    approved: int
    rejected: int
    pending: int


def pending(project: Project) -> list[Study]:
    """Return the studies that passed the gate and still have an image nobody decided about, in order of the draw."""
    return project.catalog.studies(_pending_ids(project, project.catalog.study_outcomes(Stage.REVIEW)))


def _pending_ids(project: Project, decided: Collection[str]) -> list[str]:
    passed = project.catalog.approved_study_ids(review_required=False)
    return [study_id for study_id in passed if study_id not in decided]


def decide(project: Project, verdicts: Mapping[str, str | None], *, by: str) -> ReviewSummary:
    """Record what a reviewer decided about images.

    A study is approved once each of its images is; one rejected image rejects it. A later decision about an image
    replaces the earlier one, which stays on record.

    Parameters
    ----------
    verdicts : mapping of image id to None or reason
        None approves; a reason of `REJECTION_REASONS` rejects.
    by : str
        The reviewer.

    Raises
    ------
    ConfigError
        For an unknown image or reason; nothing is recorded then.
    """
    studies = project.catalog.studies_of_images(verdicts)
    for image_id, reason in verdicts.items():
        if image_id not in studies:
            raise ConfigError(f"review: there is no image {image_id}; 'mammoset review status' lists what waits")
        if reason is not None and reason not in REJECTION_REASONS:
            raise ConfigError(f"review: '{reason}' is no reason; allowed: {', '.join(REJECTION_REASONS)}")
    decisions = [
        Decision(
            Stage.REVIEW, studies[image_id].study_id, Outcome.KEPT if reason is None else Outcome.EXCLUDED,
            reason or "", image_id, by=by,
        )
        for image_id, reason in verdicts.items()
    ]  # fmt: skip
    touched = {studies[image_id].study_id: studies[image_id] for image_id in verdicts}
    with project.lock("review"):
        project.catalog.decide([*decisions, *_study_decisions(project, touched, decisions, by)])
    return summary(project)


def _study_decisions(project: Project, touched: Mapping[str, Study], new: list[Decision], by: str) -> list[Decision]:
    earlier = [one for one in project.catalog.decisions(Stage.REVIEW, list(touched)) if one.image_id]
    reason_of = {one.image_id: one.reason for one in [*earlier, *new]}
    found = []
    for study_id, study in touched.items():
        verdict = study_verdict([image.image_id for image in study.images], reason_of)
        if verdict is not None:
            outcome = Outcome.EXCLUDED if verdict else Outcome.KEPT
            found.append(Decision(Stage.REVIEW, study_id, outcome, verdict, by=by))
    return found


def summary(project: Project) -> ReviewSummary:
    """Count the exams approved, rejected and pending."""
    decided = project.catalog.study_outcomes(Stage.REVIEW)
    approved = sum(outcome == Outcome.KEPT for outcome in decided.values())
    return ReviewSummary(approved, len(decided) - approved, len(_pending_ids(project, decided)))
