"""The board knows where every study stands, and notices whatever is written by whomever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset import read
from mammoset.catalog.facts import FactLog
from mammoset.catalog.withdrawal import withdraw
from mammoset.domain.workflow import StudyState, standing_of
from mammoset.project import Project
from mammoset.read import ROLES, Board, Progress, next_of
from tests.builders import admit, make_project
from tests.read.acting import answer


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=3) as opened:
        yield opened


def assert_current(board: Board, project: Project) -> None:
    facts = project.catalog.facts()
    assert {key: case.standing for key, case in board.cases().items()} == {
        study.study_id: standing_of(facts.get(study.study_id, ()), project.schema, images=study.images)
        for study in project.approved_studies()
    }


def test_the_board_follows_everything_that_is_written(project: Project) -> None:
    board = Board(project)
    assert [case.standing.state for case in board.cases().values()] == [StudyState.UNASSIGNED] * 3
    with Project.open(project.root) as elsewhere:  # as another process would
        read.assign(elsewhere)
        assert_current(board, project)
        admit(elsewhere, 7)
        assert list(board.cases()) == ["2.25.0", "2.25.1", "2.25.2", "2.25.7"]
        for n in range(3):
            for name in ("r0", "r1"):
                answer(elsewhere, f"2.25.{n}", name)
                assert_current(board, project)
        read.close_phase(elsewhere, "admin")
    assert_current(board, project)
    assert all(case.standing.is_closed for key, case in board.cases().items() if key != "2.25.7")


def test_a_withdrawn_patient_is_gone_from_it(project: Project) -> None:
    board, log = Board(project), FactLog(project.catalog.engine)
    read.assign(project)
    before = board.cases()
    assert set(log.now()) == set(before)
    withdraw(project.catalog, {"2.25.1", "P1"}, {"token"}, "")
    assert set(log.now()) == {"2.25.0", "2.25.2"}
    assert list(board.cases()) == ["2.25.0", "2.25.2"]
    assert list(before) == ["2.25.0", "2.25.1", "2.25.2"]  # what was given out does not change


def test_facts_about_all_are_among_those_of_each_study_in_their_order(project: Project) -> None:
    log = FactLog(project.catalog.engine)
    assert log.now() == {}
    read.assign(project)
    log.now()
    for n in range(3):
        for name in ("r0", "r1"):
            answer(project, f"2.25.{n}", name)
    read.close_phase(project, "admin")
    assert {key: list(facts) for key, facts in log.now().items()} == project.catalog.facts()
    assert {key: list(facts) for key, facts in FactLog(project.catalog.engine).now().items()} == project.catalog.facts()


def test_what_was_begun_comes_before_what_is_new(project: Project) -> None:
    board = Board(project)
    read.assign(project)
    assert next_of(board.tasks("r0", ROLES)) == "2.25.0"
    read.open_study(project, "2.25.2", "r0")
    tasks = board.tasks("r0", ROLES)
    assert [task.progress for task in tasks] == [Progress.NEW, Progress.NEW, Progress.IN_PROGRESS]
    assert next_of(tasks) == "2.25.2"
    assert next_of(tasks, after="2.25.2") == "2.25.0"
    for n in range(3):
        answer(project, f"2.25.{n}", "r0")
    assert next_of(board.tasks("r0", ROLES)) is None


def test_nobody_has_a_list_who_has_nothing(project: Project) -> None:
    read.assign(project)
    assert Board(project).tasks("nobody", ROLES) == []
    assert Board(project).tasks("r0", ("arbiter",)) == []


def test_holds_are_counted_for_each_person_alone(project: Project) -> None:
    board = Board(project)
    for name in ("r0", "r1"):
        read.assign_one(project, "2.25.0", name, "reader")
    read.assign_one(project, "2.25.1", "r1", "reader")
    for study in ("2.25.1", "2.25.0"):
        read.flag(project, study, "r1", read.Flag("other", "blurred"))
    assert (board.holds("r0"), board.holds("r1"), board.holds("senior")) == (["2.25.0"], ["2.25.1", "2.25.0"], [])
