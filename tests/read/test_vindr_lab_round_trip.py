"""What is exported for VinDr Lab and imported into a project without readings gives the same readings."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mammoset.domain.workflow import Fact, FactKind, Role, StudyState, standing_of
from mammoset.export import Format, export_project
from mammoset.model import Breast, Finding, Reading
from mammoset.project import Project
from mammoset.read.vindr_lab import import_vindr_lab
from tests.domain.exams import MOMENT, SCHEMA, finding, readings
from tests.domain.exams import reading as said
from tests.read.lab import STUDIES, make_lab_project

COMMENTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def event(kind: FactKind, reading: Reading, role: Role = "reader", reason: str = "") -> Fact:
    answer = None if kind == FactKind.ASSIGNED else reading
    return Fact(kind, reading.study_id, reading.reader_id, MOMENT, role, answer, reason)


def facts_of(first: Reading, second: Reading, third: Reading, amended: Reading | None) -> list[Fact]:
    """Return the history of a study: two readings, one of them perhaps amended, then the arbiter's or the senior's."""
    facts = [event(FactKind.ASSIGNED, one) for one in (first, second)]
    facts.append(event(FactKind.SUBMITTED, first))
    if amended is not None:
        facts.append(event(FactKind.AMENDED, amended, reason="looked again"))
    facts.append(event(FactKind.SUBMITTED, second))
    is_discordant = standing_of(facts, SCHEMA).state == StudyState.AWAITING_ARBITRATION
    role: Role = "arbiter" if is_discordant else "senior"
    kind = FactKind.ARBITRATED if is_discordant else FactKind.SUBMITTED
    return [*facts, event(FactKind.ASSIGNED, third, role), event(kind, third, role)]


@st.composite
def said_of(draw: st.DrawFn, study: str, name: str) -> Reading:
    """Draw a reading in which no box stands twice; two equal marks are one to VinDr Lab's import."""
    drawn = draw(readings(name, study, SCHEMA))
    return replace(drawn, findings=tuple(dict.fromkeys(drawn.findings)), comment=draw(COMMENTS))


@st.composite
def histories(draw: st.DrawFn, study: str) -> list[Fact]:
    first, second, third = (draw(said_of(study, name)) for name in ("r1", "r2", "chief"))
    amended = draw(st.none() | said_of(study, "r1"))
    return facts_of(first, second, third, amended)


def in_force(project: Project) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Return what counts, by study, person and role; in whatever order breasts stand."""
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for study, facts in project.catalog.facts().items():
        standing = standing_of(facts, SCHEMA)
        for name, role in standing.people:
            answer = standing.answer_of(name, role)
            assert answer is not None
            breasts = frozenset(one for one in answer.breasts if one != Breast(one.laterality))
            found[study, name, role] = breasts, answer.findings, answer.comment
    return found


def exported(project: Project) -> str:
    return (export_project(project, Format.VINDR_LAB).folder / "vindr_lab.json").read_text()


def through(folder: Path, facts: Sequence[Fact]) -> None:
    """Export a project with these facts, import it into a twin, and compare."""
    with make_lab_project(folder / "source") as source, make_lab_project(folder / "twin") as twin:
        source.catalog.append(facts)
        text = exported(source)
        summary = import_vindr_lab(twin, text)
        assert summary.left_out == ()
        assert in_force(twin) == in_force(source)
        assert import_vindr_lab(twin, text).already == len(in_force(source))
        again = json.loads(exported(twin))
        for one, other in zip(again["finding"], json.loads(text)["finding"], strict=True):
            assert one["id"] == other["id"]


@pytest.mark.only_on("sqlite")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_same_readings_come_back(data: st.DataObject) -> None:
    facts = [one for study in STUDIES for one in data.draw(histories(study))]
    with tempfile.TemporaryDirectory() as folder:
        through(Path(folder), facts)


def test_on_either_database(tmp_path: Path) -> None:
    marked: tuple[Finding, ...] = (finding("R-CC"), finding("R-MLO", categories=("Mass", "Skin Retraction")))
    one, two, three = said("r1", *marked, right=4), said("r2", right=1), said("chief", *marked[:1], right=4)
    through(tmp_path, facts_of(replace(one, comment="“dense”"), two, three, None))
