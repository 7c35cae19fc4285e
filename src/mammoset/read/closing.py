"""The end of the reading phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind, check_next
from mammoset.errors import TransitionError
from mammoset.project import Project


def close_phase(project: Project, by: str) -> None:
    """Close the reading phase for good: nothing is read, changed or assigned after it, and answers may be told.

    Senior reads that are not in by then stay out.

    Raises
    ------
    TransitionError
        If it is closed already, nothing was assigned yet, or exams still wait for somebody: how many, and nothing of
        what was read of them.
    """
    with project.lock("read", may_wait=True):
        out = project.catalog.excluded_study_ids()

        def why_not(facts: Sequence[Fact], study_id: str, fact: Fact) -> str:
            try:
                check_next(facts, fact, (), project.schema, excluded=study_id in out)
            except TransitionError as error:
                return error.code
            return ""

        def check(known: Mapping[str, Sequence[Fact]], fact: Fact) -> None:
            codes = [why_not(facts, study_id, fact) for study_id, facts in known.items() if study_id]
            if not codes:
                raise TransitionError("nothing was assigned yet; there is no reading phase to close", "too_early")
            if "phase_closed" in codes:
                raise TransitionError("the reading phase is closed already", "phase_closed")
            n_open = sum(code != "" for code in codes)
            if n_open:
                raise TransitionError(
                    f"{n_open} exam(s) still wait for a reader, an arbiter or a reviewer; the phase can be closed when "
                    "none does: finish them, or reject them in review", "too_early",
                )  # fmt: skip

        project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", by, now())], check)
