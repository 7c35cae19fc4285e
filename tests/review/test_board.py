"""The board: what it remembers is what the catalog says, whoever says what, and whatever the gate makes again."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path
from threading import enumerate as threads

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mammoset import review
from mammoset.catalog.withdrawal import withdraw
from mammoset.domain.review import ReviewState
from mammoset.project import Project
from mammoset.review import board as boards
from mammoset.review.board import Board, Snapshot, snapshot_of
from mammoset.review.images import any_image, images_to_review
from mammoset.review.seeing import Place, Sight
from tests.review.making import add_exam, hold, image_id, make_project, study_id

EXAMS = 3


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", exams=EXAMS, share=0.5) as opened:
        yield opened


def said(snapshot: Snapshot) -> list[tuple[object, ...]]:
    return [(one.reviewed, one.suspicions, one.rank, one.standing, one.waits) for one in snapshot.images]


def check(project: Project, snapshot: Snapshot) -> None:
    """Compare what is remembered with what the catalog says, and with what the command line works with."""
    fresh = snapshot_of(project, {})
    assert said(snapshot) == said(fresh)
    assert snapshot.summaries == fresh.summaries == {one.element: one for one in review.elements(project)}
    assert list(snapshot.summaries) == [one.element for one in review.elements(project)]
    assert [one.image_id for one in snapshot.images] == [one.image_id for one in images_to_review(project, any_image)]
    seen = Sight(snapshot, "nobody").exam_counts() if not any(one.waits for one in snapshot.images) else None
    standings = [one.state for one in review.standings(project).values()]
    if seen is not None:
        assert {state: n for state, n in seen.items() if n} == {one: standings.count(one) for one in standings}


images = st.builds(image_id, st.integers(0, EXAMS - 1), st.integers(0, 3))
reasons = st.sampled_from([None, "image_quality", "visible_identifier"])
people = st.sampled_from(["lan", "minh", "hoa"])
about_images = st.tuples(people, st.dictionaries(images, reasons, min_size=1, max_size=6))
about_values = st.tuples(
    people, st.sampled_from(["Manufacturer=SIEMENS", "Manufacturer", "KVP=20..30", "BodyPartThickness", "group:fixed"])
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(about_images, about_values), max_size=6))
def test_it_knows_what_was_said_without_reading_all_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, dict[str, str | None] | str]]
) -> None:
    with make_project(tmp_path_factory.mktemp("board") / "p", exams=EXAMS, share=0.5) as project:
        board = Board(project)
        first = board.now()
        for by, what in steps:
            if isinstance(what, str):
                words = review.words_of(project, [review.Saying("approve", what)], by=by, known=board.now())
                review.record(project, words, by=by)
            else:
                review.decide(project, what, by=by)
        assert board.now().places is first.places, "the images were not read again"
        check(project, board.now())


def test_it_follows_what_the_gate_makes_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "QUICK", inf)
    board = Board(project)
    review.decide(project, {image_id(0, 0): None}, by="lan")
    assert board.now().images[0].standing.state != ReviewState.OPEN
    add_exam(project, 0, pixels="e" * 64, values={"Manufacturer": "ACME"})
    add_exam(project, 7)
    hold(project, 1)
    check(project, board.now())
    assert board.now().image(image_id(1, 0)) is None


def test_what_is_read_slowly_is_shown_as_it_was_until_it_is_there(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "QUICK", 0.0)
    board = Board(project)
    before = board.now()
    add_exam(project, 7)
    review.decide(project, {image_id(0, 0): "other"}, by="lan")
    meanwhile = board.now()
    assert meanwhile.places is before.places or len(meanwhile.images) == len(before.images) + 4
    shown = meanwhile.image(image_id(0, 0))
    assert shown is not None
    assert shown.standing.state == ReviewState.REJECTED
    for thread in threads():
        if thread.name == boards.ASIDE:
            thread.join(60)
    check(project, board.now())
    assert board.now().image(image_id(7, 0)) is not None


def test_a_patient_who_was_withdrawn_is_forgotten(project: Project) -> None:
    board = Board(project)
    assert board.now().image(image_id(0, 0)) is not None
    names = [study_id(0), "P0", *(image_id(0, view) for view in range(4))]
    withdraw(project.catalog, names, ["a" * 64], "")
    assert board.now().image(image_id(0, 0)) is None
    check(project, board.now())


def test_what_somebody_was_shown_in_vain_is_read_again(project: Project) -> None:
    board = Board(project)
    before = board.now()
    assert board.now() is before
    board.forget()
    assert board.now() is not before


def test_every_image_is_in_one_list_for_everybody(project: Project) -> None:
    review.decide(project, {image_id(0, view): "other" if view else None for view in range(4)}, by="lan")
    review.decide(project, {image_id(0, 1): None}, by="minh")
    snapshot = Board(project).now()
    for name in ("lan", "minh", "hoa"):
        sight = Sight(snapshot, name)
        listed = [one.image_id for place in Place for one in sight.listed(place)]
        left_out = {one.image_id for one in snapshot.images if one.study_id in sight.rejected_studies}
        assert len(listed) == len(set(listed))
        assert {one.image_id for one in snapshot.images} - set(listed) <= left_out
        assert {place: len(sight.listed(place)) for place in Place} == sight.counts()
