"""Training over the catalog: answers by the rules of reading, feedback, finishing, beginning again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.catalog.training import ANSWERED, FINISHED
from mammoset.errors import RuleViolation
from mammoset.model import Box, Finding, Reading
from mammoset.project import Project
from mammoset.read import Work
from mammoset.read.training import answer_training, book_of, train_again, trained
from mammoset.read.training_set import TrainingExam, TrainingSet
from mammoset.terms.dicom import Laterality
from tests.builders import images_of, make_project, reading, record_of


def exam(number: int) -> TrainingExam:
    images = images_of(90 + number, 90)
    right = next(one for one in images if one.laterality == Laterality.R)
    mass = Finding(right.image_id, Box(10, 10, 40, 50), ("Mass",), 4)
    planted = reading(right.study_id, "planted", birads=4, findings=(mass,))
    return TrainingExam(number, images[0].study_id, tuple(map(record_of, images)), planted)


EXAMS = TrainingSet("1-test", (exam(1), exam(2)))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=1, readers=1) as opened:
        yield opened


def answer(project: Project, number: int, given: Reading | None = None) -> None:
    one = EXAMS.exams[number - 1]
    work = Work(given or reading(one.study_id, "r0"), {"overview": 4.0})
    answer_training(project, EXAMS, one, "r0", work)


def test_an_answer_is_told_what_was_planted_and_the_next_one_of_the_round_changes_nothing(project: Project) -> None:
    one = EXAMS.exams[0]
    answer(project, 1, one.planted)
    answer(project, 1)
    at = trained(project, EXAMS, "r0")
    assert (at.feedback[1].score.found, at.feedback[1].score.missed, at.is_complete) == (1, 0, False)
    assert project.catalog.events.count(kind=ANSWERED) == 1


def test_after_the_last_exam_the_training_is_finished_with_its_score(project: Project) -> None:
    answer(project, 1)
    assert not book_of(project).has_finished("r0")
    answer(project, 2, EXAMS.exams[1].planted)
    (finished,) = project.catalog.events.page(kind=FINISHED)
    assert (finished.by, finished.detail["found"], finished.detail["missed"]) == ("r0", 1, 1)
    assert finished.study_id == ""


def test_one_may_begin_again_and_has_finished_all_the_same(project: Project) -> None:
    for number in (1, 2):
        answer(project, number)
    assert train_again(project, EXAMS, "r0").feedback == {}
    at = trained(project, EXAMS, "r0")
    assert (at.round, at.is_complete, book_of(project).has_finished("r0")) == (2, False, True)


def test_an_answer_that_breaks_a_rule_is_refused_and_nothing_is_kept(project: Project) -> None:
    one = EXAMS.exams[0]
    with pytest.raises(RuleViolation, match="right breast: no answer"):
        answer(project, 1, Reading(one.study_id, "r0", ()))
    assert trained(project, EXAMS, "r0").feedback == {}


def test_nothing_of_it_is_among_the_facts_of_reading(project: Project) -> None:
    before = project.catalog.facts()
    answer(project, 1)
    assert project.catalog.facts() == before
