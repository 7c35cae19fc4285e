"""Two people, or two windows of one, at one study at the same moment: exactly one is first, the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from mammoset import read
from mammoset.domain.workflow import FactKind, StudyState
from mammoset.errors import MammosetError, TransitionError
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.read import Saved, Work
from tests.builders import make_project, mass, reading
from tests.read.acting import answer, standing

STUDY = "2.25.0"
ROUNDS = 5


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=ROUNDS, readers=3) as opened:
        opened.catalog.put_reader(Reader("second", ("arbiter",)))
        for n in range(ROUNDS):
            for name in ("r0", "r1"):
                read.assign_one(opened, f"2.25.{n}", name, "reader")
        yield opened


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of them at the same moment; return what each returned, or the error."""
    barrier = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        barrier.wait(10)
        try:
            return one()
        except MammosetError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def failures(results: list[Any]) -> list[TransitionError]:
    return [one for one in results if isinstance(one, TransitionError)]


def test_of_two_windows_that_save_a_draft_one_is_in_conflict(project: Project) -> None:
    for version in range(ROUNDS):
        texts = [f"{version} {n}" for n in range(4)]
        works = [Work(replace(reading(STUDY, "r0"), comment=text)) for text in texts]
        done: list[Saved] = at_once(*(partial(read.save_draft, project, STUDY, "r0", work, version) for work in works))
        (first,) = (one for one in done if not one.is_conflict)
        assert first.version == version + 1
        stored = project.catalog.drafts.of(STUDY, "r0", "reader")
        assert [one.draft for one in done if one.is_conflict] == [stored] * 3
    saved = [one for one in project.catalog.facts()[STUDY] if one.kind == FactKind.DRAFT_SAVED]
    assert len(saved) == 1


def test_two_readers_who_submit_at_once_are_both_in_and_both_seen(project: Project) -> None:
    """A server at READ COMMITTED would let each see the other's reading missing, and let both amend afterwards."""
    for n in range(ROUNDS):
        study = f"2.25.{n}"
        assert not failures(at_once(partial(answer, project, study, "r0"), partial(answer, project, study, "r1")))
        assert standing(project, n).state == StudyState.CONCORDANT


def test_the_second_answer_and_an_amendment_of_the_first_never_both_come_too_late(project: Project) -> None:
    for n in range(ROUNDS):
        study = f"2.25.{n}"
        answer(project, study, "r0")
        better = Work(reading(study, "r0", birads=2))
        results = at_once(
            partial(read.amend, project, study, "r0", better, "slip"),
            partial(answer, project, study, "r1", birads=2),
        )
        refused = failures(results)
        facts = [one.kind for one in project.catalog.facts()[study]]
        assert (FactKind.AMENDED in facts) is (not refused)
        if refused:
            assert refused[0].code == "frozen"
        else:
            assert facts.index(FactKind.AMENDED) < max(k for k, one in enumerate(facts) if one == FactKind.SUBMITTED)


def test_two_arbiters_are_never_assigned_to_one_study(project: Project) -> None:
    for n, study in enumerate(project.catalog.studies()):
        answer(project, study.study_id, "r0", birads=4, findings=(mass(study),))
        answer(project, study.study_id, "r1")
        results = at_once(
            *(partial(read.assign_one, project, study.study_id, who, "arbiter") for who in ("senior", "second"))
        )
        (refused,) = failures(results)
        assert f"{standing(project, n).arbiter} is its arbiter" in str(refused)


def test_an_arbiter_who_decides_in_two_windows_decides_once(project: Project) -> None:
    for n, study in enumerate(project.catalog.studies()):
        answer(project, study.study_id, "r0", birads=4, findings=(mass(study),))
        answer(project, study.study_id, "r1")
        read.assign_one(project, study.study_id, "senior", "arbiter")
        works = [Work(reading(study.study_id, "senior", birads=birads)) for birads in (1, 2)]
        results = at_once(*(partial(read.submit, project, study.study_id, "senior", work, 0) for work in works))
        assert [isinstance(one, TransitionError) or one.is_conflict for one in results].count(True) == 1
        facts = project.catalog.facts()[study.study_id]
        assert [one.kind for one in facts].count(FactKind.ARBITRATED) == 1
        assert standing(project, n).state == StudyState.FINAL


def test_who_is_withdrawn_while_they_submit_has_submitted_or_is_told(project: Project) -> None:
    for n in range(ROUNDS):
        study = f"2.25.{n}"
        results = at_once(
            partial(answer, project, study, "r0"),
            partial(read.reassign, project, study, "r0", "r2", "reader", "conflict of interest"),
        )
        facts = project.catalog.facts()[study]
        assert isinstance(results[1], MammosetError) is False
        assert (FactKind.SUBMITTED in [one.kind for one in facts]) is (not failures(results))
        assert standing(project, n).readers == ("r1", "r2")
        assert standing(project, n).submitted == ()


def test_a_flag_and_an_answer_at_once_leave_the_study_held(project: Project) -> None:
    for n in range(ROUNDS):
        study = f"2.25.{n}"
        results = at_once(
            partial(answer, project, study, "r1"),
            partial(read.flag, project, study, "r0", read.Flag("visible_identifier", "top left")),
        )
        assert standing(project, n).state == StudyState.HELD
        assert {one.code for one in failures(results)} <= {"held"}
        assert len(standing(project, n).submitted) == 1 - len(failures(results))
