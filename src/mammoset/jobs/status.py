"""Where a project stands: the flow of exams, refused objects by reason, reading progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mammoset import review
from mammoset.catalog.withdrawal import withdrawn_exams
from mammoset.domain.duplicates import SamePixels, same_pixels
from mammoset.domain.flow import Flow, Verdict, consort
from mammoset.domain.review import ReviewState
from mammoset.domain.workflow import StudyState, state_of
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage

OUTCOMES = {ReviewState.APPROVED: Outcome.KEPT, ReviewState.REJECTED: Outcome.EXCLUDED}
"""Of a review that is over; every other one waits."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The latest that was decided about one exam of the pool."""

    study_id: str
    stage: str
    outcome: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Status:
    """Where a project stands.

    Attributes
    ----------
    objects : mapping of (stage, outcome, reason) to count
        Single objects: kept, refused and why.
    states : mapping of reading state to number of exams
    releases : tuple of str
        Versions on disk.
    same_pixels : tuple of SamePixels
        Pictures that more than one image holds, of the exams that are not left out.
    """

    dataset: str
    flow: Flow
    objects: dict[tuple[str, str, str], int]
    states: dict[str, int]
    releases: tuple[str, ...]
    same_pixels: tuple[SamePixels, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the status as JSON values."""
        return {
            "dataset": self.dataset,
            "flow": self.flow.to_json(),
            "objects": [
                {"stage": stage, "outcome": outcome, "reason": reason, "count": count}
                for (stage, outcome, reason), count in sorted(self.objects.items())
            ],
            "states": self.states,
            "releases": list(self.releases),
            "same_pixels": [one.to_json() for one in self.same_pixels],
        }


def _verdicts(project: Project, stage: Stage) -> dict[str, Verdict]:
    decisions = project.catalog.study_decisions(stage)
    return {study_id: Verdict(one.outcome, one.reason) for study_id, one in decisions.items()}


def _reviewed(project: Project) -> dict[str, Verdict]:
    """Return what review says of each study now; one that nobody has decided about is absent."""
    found = _verdicts(project, Stage.REVIEW)
    for study_id, now in review.standings(project).items():
        if now.state == ReviewState.OPEN:
            found.pop(study_id, None)
        else:
            outcome = OUTCOMES.get(now.state, Outcome.HELD)
            found[study_id] = Verdict(outcome, now.reason if outcome == Outcome.EXCLUDED else now.state.value)
    if project.settings.review.required:
        return found
    return {study_id: verdict for study_id, verdict in found.items() if verdict.outcome == Outcome.EXCLUDED}


def states_of(project: Project) -> dict[str, StudyState]:
    """Return the reading state of each study that has facts."""
    out, schema = project.catalog.excluded_study_ids(), project.schema
    return {
        study_id: state_of(facts, schema, excluded=study_id in out)
        for study_id, facts in project.catalog.facts().items()
    }


def flow_of(project: Project, states: Mapping[str, StudyState] | None = None) -> Flow:
    """Return the CONSORT flow of a project; `states` where they are known already."""
    return consort(
        [entry.study_id for entry in project.catalog.pool()],
        acquired=_verdicts(project, Stage.ACQUIRE),
        passed=_verdicts(project, Stage.PSEUDONYMIZE),
        reviewed=_reviewed(project),
        states=states_of(project) if states is None else states,
        review_required=project.settings.review.required,
        withdrawn=withdrawn_exams(project.catalog),
    )


def status_of(project: Project) -> Status:
    """Return where a project stands."""
    objects = Counter(
        (one.stage.value, one.outcome.value, one.reason)
        for one in project.catalog.decisions()
        # a file that belongs to no exam is counted while it is refused; once mended, its object is counted instead
        if one.image_id and (one.study_id or one.outcome != Outcome.KEPT)
    )
    states = states_of(project)
    counts = Counter(state.value for state in states.values())
    releases = sorted(path.parent.name for path in project.releases.glob("*/release.json"))
    flow = flow_of(project, states)
    shared = same_pixels_of(project, states)
    return Status(project.settings.dataset.name, flow, dict(objects), dict(counts), tuple(releases), shared)


def same_pixels_of(project: Project, states: Mapping[str, StudyState] | None = None) -> tuple[SamePixels, ...]:
    """Return the pictures that more than one image holds, of the exams that nobody and nothing has left out."""
    states = states_of(project) if states is None else states
    out = rejected_in_review(project) | {study for study, state in states.items() if state == StudyState.EXCLUDED}
    return same_pixels(one for one in project.catalog.shared_pictures() if one.study_id not in out)


def whereabouts_of(project: Project) -> list[Whereabouts]:
    """Return for each exam of the pool, in the order of the draw, what was decided about it last, and why."""
    latest = {one.study_id: one for stage in Stage for one in project.catalog.study_decisions(stage).values()}
    found = []
    for entry in project.catalog.pool():
        one = latest.get(entry.study_id)
        if one is None:
            found.append(Whereabouts(entry.study_id, Stage.ACQUIRE.value, "waiting", "", ""))
        else:
            found.append(Whereabouts(entry.study_id, one.stage.value, one.outcome.value, one.reason, one.detail))
    return found


def rejected_in_review(project: Project) -> set[str]:
    """Return the studies that review or the gate left out; a sample needs replacements for them.

    What waits for a person is not among them.
    """
    return {
        study_id
        for stage in (Stage.REVIEW, Stage.PSEUDONYMIZE)
        for study_id, one in project.catalog.study_decisions(stage).items()
        if one.outcome not in (Outcome.KEPT, Outcome.HELD)
    }
