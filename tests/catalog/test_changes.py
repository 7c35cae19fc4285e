"""What was added since: told by exam, and that something is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.catalog import Decision, ReviewFact
from mammoset.catalog.changes import ChangeLog, Changes, Mark
from mammoset.catalog.withdrawal import count_exams
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, ReviewKind, Stage


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", "changed") as made:
        yield made


def test_nothing_new_is_nothing(project: Project) -> None:
    log = ChangeLog(project.catalog.engine)
    assert log.since(Mark()) == Changes(Mark())
    project.catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT)])
    mark = log.mark()
    assert log.since(mark) == Changes(mark)


def test_what_the_gate_and_what_reviewers_say_is_told_apart(project: Project) -> None:
    log = ChangeLog(project.catalog.engine)
    project.catalog.decide([Decision(Stage.REVIEW, "2.25.9", Outcome.KEPT)])
    before = log.mark()
    project.catalog.decide(
        [Decision(Stage.PSEUDONYMIZE, "2.25.1", Outcome.KEPT), Decision(Stage.REVIEW, "2.25.2", Outcome.KEPT)]
    )
    project.catalog.review_book.append([ReviewFact(ReviewKind.SECOND, "approve", "lan", "2.25.3", "2.25.31")])
    found = log.since(before)
    assert (set(found.made), set(found.said)) == ({"2.25.1"}, {"2.25.1", "2.25.2", "2.25.3"})
    assert (found.has_values, found.has_gaps) == (False, False)
    project.catalog.review_book.append([ReviewFact(ReviewKind.RANGE, "approve", "lan", element="KVP", value="1..2")])
    after = log.since(found.mark)
    assert (after.made, after.said, after.has_values) == (frozenset(), frozenset(), True)


def test_who_was_withdrawn_leaves_a_gap(project: Project) -> None:
    log = ChangeLog(project.catalog.engine)
    before = log.mark()
    count_exams(project.catalog, ["a" * 64])
    assert log.since(before).has_gaps
