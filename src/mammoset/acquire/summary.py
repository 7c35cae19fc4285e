"""What an acquisition did, as numbers that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mammoset.catalog.withdrawal import withdrawn_exams
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage

Count = tuple[str, str]
"""An outcome and a reason of `mammoset.terms.reasons`; the reason is empty where nothing needs explaining."""

UNDECIDED = "undecided"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class AcquireSummary:
    """Where the project's exams stand after an acquisition, and which objects it looked at.

    Attributes
    ----------
    pool : int
        Exams in the pool, of every acquisition so far, with those that were withdrawn; of a dry run those found.
    exams : mapping of (outcome, reason) to int
        What was decided about the exams of the pool; they add up to `pool`. An exam whose turn has not come, because
        a run was interrupted, counts as ``("undecided", "")``.
    objects : mapping of (outcome, reason) to int
        The objects that this run looked at; they add up to the number of files found or received.
    complete : int
        Four-view exams that count towards the sample.
    dry_run : bool
        Whether nothing was written.
    unmatched : tuple of int
        Lines of the list of wanted exams, from 1, to which the archive has no exam.
    stopped : str
        Why the run ended before it was done, in words; empty when it was.
    rejected : mapping of AE title to int
        Associations of senders that may not send to us.
    """

    pool: int
    exams: Mapping[Count, int]
    objects: Mapping[Count, int]
    complete: int
    dry_run: bool = False
    unmatched: tuple[int, ...] = ()
    stopped: str = ""
    rejected: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "pool": self.pool,
            "complete": self.complete,
            "exams": _rows(self.exams),
            "objects": _rows(self.objects),
            "dry_run": self.dry_run,
            "unmatched": list(self.unmatched),
            "stopped": self.stopped,
            "rejected": dict(self.rejected),
        }


def _rows(counts: Mapping[Count, int]) -> list[dict[str, Any]]:
    return [
        {"outcome": outcome, "reason": reason, "count": count} for (outcome, reason), count in sorted(counts.items())
    ]


def complete_exams(project: Project, exclude_from_count: Collection[str] = ()) -> set[str]:
    """Return the acquired four-view exams that count towards the sample."""
    decided = project.catalog.study_outcomes(Stage.ACQUIRE)
    return {study for study, outcome in decided.items() if outcome == Outcome.KEPT} - set(exclude_from_count)


def is_complete(project: Project, study_id: str) -> bool:
    """Whether one exam is an acquired four-view exam; for after each exam, when asking about all would take long."""
    decided = project.catalog.decisions(Stage.ACQUIRE, study_id)
    return any(not one.image_id and one.outcome == Outcome.KEPT for one in decided)


def summarize(project: Project, objects: Counter[Count], exclude_from_count: Collection[str] = ()) -> AcquireSummary:
    """Count where the exams of the project's pool stand."""
    pool = [entry.study_id for entry in project.catalog.pool()]
    decided = project.catalog.study_decisions(Stage.ACQUIRE)
    exams = Counter(
        (decided[study].outcome.value, decided[study].reason) if study in decided else (UNDECIDED, "") for study in pool
    )
    if withdrawn := withdrawn_exams(project.catalog):
        exams[Outcome.EXCLUDED.value, WITHDRAWN] = withdrawn
    complete = len(complete_exams(project, exclude_from_count))
    return AcquireSummary(len(pool) + withdrawn, dict(exams), dict(objects), complete)
