"""What was added to the catalog since somebody looked last, so that who remembers it need not read all of it again."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from mammoset.catalog.sessions import Sessions, plain_rows
from mammoset.catalog.tables import DecisionRow, ReviewFactRow, WithdrawnRow
from mammoset.terms.reasons import ReviewKind, Stage

ABOUT_VALUES = (ReviewKind.VALUE.value, ReviewKind.RANGE.value)


class Mark(NamedTuple):
    """How far somebody has looked: the last decision, the last thing said in review, and how many are withdrawn."""

    decision: int = 0
    said: int = 0
    withdrawn: int = 0


class Changes(NamedTuple):
    """What was added after a mark.

    Attributes
    ----------
    mark : Mark
        Where to go on next time.
    made : frozenset of str
        Exams about which the gate decided: their images may be others now.
    said : frozenset of str
        Exams about which reviewers said something.
    has_values : bool
        Whether something was said of values.
    has_gaps : bool
        Whether something is gone, so that nothing remembered holds any more.
    """

    mark: Mark
    made: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    has_values: bool = False
    has_gaps: bool = False


class ChangeLog(Sessions):
    """Reads what was added; two numbered tables tell all of it, because nothing in them is ever changed."""

    def mark(self) -> Mark:
        """Return where everything ends that is there now."""
        ends = (func.max(DecisionRow.number), func.max(ReviewFactRow.number), func.count(WithdrawnRow.token))
        with self.reading() as session:
            return Mark(*(session.scalar(select(one)) or 0 for one in ends))

    def since(self, before: Mark) -> Changes:
        """Return what was added after a mark."""
        decided = select(DecisionRow.stage, DecisionRow.study_id).where(DecisionRow.number > before.decision).distinct()
        said = select(ReviewFactRow.kind, ReviewFactRow.study_id).where(ReviewFactRow.number > before.said).distinct()
        with self.reading() as session:
            mark = self.mark()
            if mark == before:
                return Changes(mark)
            decisions, facts = plain_rows(session, decided), plain_rows(session, said)
        return Changes(
            mark,
            frozenset(row.study_id for row in decisions if row.stage != Stage.REVIEW.value),
            frozenset(row.study_id for row in (*decisions, *facts) if row.study_id),
            any(row.kind in ABOUT_VALUES for row in facts),
            mark.withdrawn != before.withdrawn or mark.decision < before.decision or mark.said < before.said,
        )
