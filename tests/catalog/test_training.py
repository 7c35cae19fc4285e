"""What is remembered of the training: rounds, each exam's first answer, and who has been through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.catalog import Catalog
from mammoset.catalog.training import FINISHED, TrainingBook
from mammoset.model import Breast, Reading
from mammoset.terms.dicom import Laterality
from tests.databases import new_catalog

SET, OTHER_SET = "1-small", "1-full"


@pytest.fixture
def book(tmp_path: Path, database: str) -> Iterator[TrainingBook]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    yield TrainingBook(opened.engine)
    opened.close()


def reading(birads: int) -> Reading:
    return Reading("2.25.5", "r0", (Breast(Laterality.R, birads, "B"),), comment="tập đọc")


def test_the_first_answer_of_a_round_counts_and_another_round_begins_empty(book: TrainingBook) -> None:
    for birads in (1, 2):
        with book.turn("r0", SET) as turn:
            turn.answer(1, reading(birads), {"overview": 3.5})
    assert book.round_of("r0", SET).answers == {1: reading(1)}
    for _ in range(2):  # the second time the round has no answer yet
        with book.turn("r0", SET) as turn:
            turn.begin()
    assert (book.round_of("r0", SET).number, book.round_of("r0", SET).answers) == (2, {})


def test_answers_are_of_a_person_and_a_set(book: TrainingBook) -> None:
    with book.turn("r0", SET) as turn:
        turn.answer(1, reading(1), {})
    assert book.round_of("r1", SET).answers == {}
    assert book.round_of("r0", OTHER_SET).answers == {}


def test_who_has_finished_once_has_finished(book: TrainingBook) -> None:
    assert not book.has_finished("r0")
    for _ in range(2):
        with book.turn("r0", SET) as turn:
            turn.append(FINISHED, found=1)
    assert book.has_finished("r0")
    assert list(book.finished()) == ["r0"]


def test_a_turn_that_fails_leaves_nothing(book: TrainingBook) -> None:
    def broken() -> None:
        with book.turn("r0", SET) as turn:
            turn.answer(1, reading(1), {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert book.round_of("r0", SET).answers == {}
