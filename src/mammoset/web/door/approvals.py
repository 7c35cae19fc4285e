"""Whether one exam is open for reading, as `Project.approved_study_ids` says of all of them, in a millisecond.

What is remembered says nothing of readings, and holds only as long as no decision is made and nothing is said in
review.
"""

from __future__ import annotations

from sqlalchemy import func, select

from mammoset.catalog.tables import DecisionRow, ReviewFactRow
from mammoset.domain.review import ReviewState
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web.pictures.remembering import Remembered


class Approvals:
    """Knows which exams are approved as they are now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known = Remembered[dict[str, bool]](dict)

    def is_approved(self, study_id: str) -> bool:
        """Whether an exam passed the gate and its review is complete, where the settings ask for one."""
        known = self._known.at(self._revision())
        if study_id not in known:
            known[study_id] = self._ask(study_id)
        return known[study_id]

    def exists(self, study_id: str) -> bool:
        """Whether there are images of an exam."""
        return bool(self.project.catalog.studies([study_id]))

    def _ask(self, study_id: str) -> bool:
        catalog = self.project.catalog
        decided = {one.stage: one.outcome for one in catalog.decisions(study_id=study_id) if not one.image_id}
        if decided.get(Stage.PSEUDONYMIZE) != Outcome.KEPT:
            return False
        if not self.project.settings.review.required:
            return decided.get(Stage.REVIEW) != Outcome.EXCLUDED
        standing = catalog.review_standings(self.project.second_looks, [study_id]).get(study_id)
        if standing is None:
            return decided.get(Stage.REVIEW) == Outcome.KEPT
        return standing.state == ReviewState.APPROVED

    def _revision(self) -> tuple[int, ...]:
        newest = (func.max(DecisionRow.number), func.max(ReviewFactRow.number))
        with self.project.catalog.reading() as session:
            return tuple(session.scalar(select(one)) or 0 for one in newest)
