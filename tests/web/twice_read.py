"""Exams that two readers have read, on days of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.model import Reading, Study
from mammoset.project import Project
from tests.builders import mass, reading

DAY = datetime(2024, 5, 17, 9, 0, tzinfo=UTC)
SECONDS = (30.0, 50.0, 70.0, 90.0)
"""What r0 needs for the exams."""


def answer(study: Study, name: str, birads: int) -> Reading:
    return reading(study.study_id, name, birads=birads, findings=(mass(study, birads),) if birads > 2 else ())


def fact(
    kind: FactKind, study: Study, name: str, *, day: int = 0, role: Role = "reader", said: Reading | None = None,
    seconds: Mapping[str, float] | None = None, reason: str = "",
) -> Fact:  # fmt: skip
    moment = DAY + timedelta(days=day)
    return Fact(kind, study.study_id, name, moment, role, said, reason, seconds=seconds or {})


def read_twice(project: Project, study: Study, first: int, second: int, *, seconds: float, day: int = 0) -> None:
    said = [answer(study, name, birads) for name, birads in (("r0", first), ("r1", second))]
    facts = [fact(FactKind.ASSIGNED, study, one.reader_id) for one in said]
    facts += [fact(FactKind.OPENED, study, one.reader_id) for one in said]
    facts.append(
        fact(FactKind.SUBMITTED, study, "r0", day=day, said=said[0], seconds={"cc": seconds / 2, "mlo": seconds / 2})
    )
    facts.append(fact(FactKind.SUBMITTED, study, "r1", day=day, said=said[1]))
    project.catalog.append(facts)
