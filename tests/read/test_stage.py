"""Reading over the catalog: assign, import, arbitrate; all or nothing, every problem named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mammoset import read
from mammoset.catalog import now
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import Fact, FactKind, StudyState, standing_of
from mammoset.errors import ConfigError, RuleViolation
from mammoset.model import Reader, Reading
from mammoset.project import Project
from tests.builders import admit, make_project, mass, reading


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=4) as opened:
        yield opened


def as_text(*readings: Reading, **extra: Any) -> str:
    return json.dumps({"readings": [reading_to_json(one) | extra for one in readings]})


def state(project: Project, study_id: str) -> StudyState:
    return standing_of(project.catalog.facts()[study_id], project.schema).state


def submit_pair(project: Project, study: int, first: int, second: int) -> None:
    """Let both readers read a study, saying these BI-RADS categories of the right breast."""
    chosen = project.catalog.studies()[study]
    answers = [
        reading(chosen.study_id, name, birads=birads, findings=(mass(chosen, 3),) if birads > 2 else ())
        for name, birads in (("r0", first), ("r1", second))
    ]
    read.import_readings(project, as_text(*answers))


def test_every_approved_study_gets_its_readers_once(project: Project) -> None:
    assert read.assign(project).reads == {"r0": 4, "r1": 4}
    assert read.assign(project).reads == {}
    admit(project, 9)
    admit(project, 10, approved=False)
    assert read.assign(project).reads == {"r0": 1, "r1": 1}


def test_a_withdrawn_reader_is_replaced_by_somebody_who_has_not_seen_the_study(project: Project) -> None:
    read.assign(project)
    project.catalog.put_reader(Reader("r2", ("reader",)))
    submit_pair(project, 0, 1, 4)
    withdrawn = Fact(FactKind.WITHDRAWN, "2.25.0", "r0", now(), reason="left the project")
    project.catalog.append([withdrawn])
    assert read.assign(project).reads == {"r2": 1}
    assert standing_of(project.catalog.facts()["2.25.0"], project.schema).readers == ("r1", "r2")
    assert read.assign(project).reads == {}


def test_a_dry_run_assigns_nothing(project: Project) -> None:
    assert read.assign(project, dry_run=True).reads == {"r0": 4, "r1": 4}
    assert project.catalog.facts() == {}


def test_concordant_readings_become_the_reference(project: Project) -> None:
    read.assign(project)
    submit_pair(project, 0, 1, 1)
    assert state(project, "2.25.0") == StudyState.CONCORDANT
    assert project.catalog.references(project.schema)["2.25.0"].origin == "concordant"


def test_a_discordant_study_gets_an_arbiter_whose_answer_is_final(project: Project) -> None:
    read.assign(project)
    submit_pair(project, 1, 1, 4)
    assert state(project, "2.25.1") == StudyState.AWAITING_ARBITRATION
    assert read.assign(project).arbitrations == {"senior": 1}
    done = read.import_readings(project, as_text(reading("2.25.1", "senior", birads=2), role="arbiter"))
    assert done == read.ImportSummary(0, 1)
    assert state(project, "2.25.1") == StudyState.FINAL
    reference = project.catalog.references(project.schema)["2.25.1"]
    assert reference.origin == "arbitrated"
    assert [one.birads for one in reference.breasts] == [1, 2]
    assert len(read.readings_by_study(project)["2.25.1"]) == 2


def test_an_import_with_one_wrong_reading_records_none_and_names_every_problem(project: Project) -> None:
    read.assign(project)
    text = as_text(
        reading("2.25.0", "r0"),
        reading("2.25.1", "r0", birads=7),
        reading("2.25.404", "r0"),
        reading("2.25.2", "nobody"),
    )
    with pytest.raises(RuleViolation) as caught:
        read.import_readings(project, text, source="reads.json")
    message = str(caught.value)
    assert message.startswith("nothing was imported:")
    for place in ("reads.json: readings[1]", "reads.json: readings[2].study_id", "reads.json: readings[3]"):
        assert place in message
    assert "readings[0]" not in message
    assert state(project, "2.25.0") == StudyState.AWAITING_READS


def test_a_reading_twice_in_one_file_is_refused(project: Project) -> None:
    read.assign(project)
    with pytest.raises(RuleViolation, match=r"readings\[1\]"):
        read.import_readings(project, as_text(reading("2.25.0", "r0"), reading("2.25.0", "r0")))


def test_a_dry_run_checks_and_records_nothing(project: Project) -> None:
    read.assign(project)
    assert read.import_readings(project, as_text(reading("2.25.0", "r0")), dry_run=True).readings == 1
    assert read.progress_of(project)[0].submitted == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", 'expected {"readings"'),
        ('{"readings": [3]}', 'expected {"readings"'),
    ],
)
def test_a_text_of_another_shape_is_explained(project: Project, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read.import_readings(project, text)


def test_a_role_that_does_not_exist_is_named(project: Project) -> None:
    with pytest.raises(RuleViolation, match=r"readings\[0\].role: this is not allowed"):
        read.import_readings(project, as_text(reading("2.25.0", "r0"), role="judge"))


def test_progress_counts_by_person_and_role(project: Project) -> None:
    read.assign(project)
    submit_pair(project, 1, 1, 4)
    read.assign(project)
    assert read.progress_of(project) == [
        read.ReaderProgress("r0", "reader", 4, 1),
        read.ReaderProgress("r1", "reader", 4, 1),
        read.ReaderProgress("senior", "arbiter", 1, 0),
    ]


def test_an_arbiter_who_also_reads_gets_no_study_of_their_own(project: Project) -> None:
    project.catalog.put_reader(Reader("r0", ("reader", "arbiter")))
    read.assign(project)
    submit_pair(project, 1, 1, 4)
    assert read.assign(project).arbitrations == {"senior": 1}
