"""What people do in the reading room, in one line each."""

from __future__ import annotations

from typing import Any

from mammoset import read
from mammoset.domain.rules import CONFIRMATIONS
from mammoset.domain.workflow import Standing, standing_of
from mammoset.project import Project
from mammoset.read import Saved, Work
from tests.builders import reading


def standing(project: Project, n: int) -> Standing:
    """Return where the n-th study of a test's project stands."""
    study_id = f"2.25.{n}"
    is_out = study_id in project.catalog.excluded_study_ids()
    return standing_of(project.catalog.facts().get(study_id, ()), project.schema, excluded=is_out)


def version_of(project: Project, study_id: str, name: str) -> int:
    """Return the version of a person's draft, 0 where there is none."""
    role = read.role_at(project, study_id, name)
    draft = project.catalog.drafts.of(study_id, name, role) if role else None
    return draft.version if draft else 0


def answer(project: Project, study_id: str, name: str, **what: Any) -> Saved:
    """Submit an answer, whatever it takes to confirm it; `what` as in `tests.builders.reading`."""
    work = Work(reading(study_id, name, **what))
    return read.submit(project, study_id, name, work, version_of(project, study_id, name), CONFIRMATIONS)
