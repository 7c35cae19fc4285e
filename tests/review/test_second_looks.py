"""The second pair of eyes: another person looks at a drawn share, and a disagreement opens the image again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset import review
from mammoset.catalog import ReviewFact
from mammoset.project import Project
from mammoset.review.images import images_to_review, second_look_of
from mammoset.review.progress import progress_of
from mammoset.review.second import agreement_of
from mammoset.terms.reasons import ReviewKind
from tests.review.making import add_exam, approve_values, images_of, make_project, study_id
from tests.review.test_review import state, verdicts


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two exams, of which every image is drawn; all values are approved, and Lan has looked at the first exam."""
    with make_project(tmp_path / "p", exams=2, share=1.0) as opened:
        approve_values(opened)
        review.decide(opened, verdicts(opened, 0), by="lan")
        yield opened


def waiting(project: Project, by: str) -> list[str]:
    return sorted(one.image_id for one in images_to_review(project, second_look_of(by)))


def test_an_exam_is_open_only_after_the_second_look(project: Project) -> None:
    assert (state(project, 0), project.approved_study_ids()) == ("second_look", [])
    review.decide(project, verdicts(project, 0), by="minh")
    assert (state(project, 0), project.approved_study_ids()) == ("approved", [study_id(0)])


@pytest.mark.parametrize("name", ["lan", "Lan", " LAN "])
def test_who_looked_first_cannot_be_the_second(project: Project, name: str) -> None:
    assert waiting(project, name) == []
    review.decide(project, verdicts(project, 0), by=name)
    assert state(project, 0) == "second_look"
    assert project.catalog.review_book.facts(ReviewKind.SECOND) == []


def test_what_waits_is_listed_for_those_who_may(project: Project) -> None:
    assert waiting(project, "minh") == sorted(images_of(project, 0))
    assert waiting(project, "") == waiting(project, "minh")
    project.catalog.review_book.append([ReviewFact(ReviewKind.VALUE, "approve", "hoa", element="A", value="b")])
    assert progress_of(project).second_by_person == {"hoa": 4, "lan": 0, "mai": 4}


def test_a_disagreement_opens_the_image_until_somebody_decides(project: Project) -> None:
    image = images_of(project, 0)[2]
    review.decide(project, verdicts(project, 0, image2="visible_identifier"), by="minh")
    assert (state(project, 0), project.approved_study_ids()) == ("disagreement", [])
    assert [one.image_id for one in images_to_review(project, study_id=study_id(0))] == [image]
    review.decide(project, {image: None}, by="hoa")
    assert (state(project, 0), project.approved_study_ids()) == ("approved", [study_id(0)])
    assert progress_of(project).second.disagreed == 0


def test_an_image_that_the_second_person_alone_finds_fault_with_may_be_rejected(project: Project) -> None:
    review.decide(project, verdicts(project, 0, image2="visible_identifier"), by="minh")
    review.decide(project, {images_of(project, 0)[2]: "visible_identifier"}, by="lan")
    assert state(project, 0) == "rejected"


def test_a_rejected_image_is_looked_at_twice_too_and_stays_rejected_meanwhile(project: Project) -> None:
    review.decide(project, verdicts(project, 1, image1="other"), by="lan")
    assert state(project, 1) == "rejected"
    image = images_of(project, 1)[1]
    assert image in waiting(project, "minh")
    review.decide(project, {image: None}, by="minh")
    assert state(project, 1) == "disagreement"


def test_the_second_look_is_at_the_pixels_that_are_there_now(project: Project) -> None:
    review.decide(project, verdicts(project, 0), by="minh")
    add_exam(project, 0, pixels="e" * 64)
    review.decide(project, verdicts(project, 0), by="lan")
    assert state(project, 0) == "second_look"


def test_the_draw_depends_on_no_pseudonym(tmp_path: Path) -> None:
    def drawn(root: Path, seed: int) -> set[tuple[str, str]]:
        with make_project(root, exams=40, share=0.3, seed=seed) as project:
            images = project.catalog.reviewed_images(project.second_looks)
            return {(one.study_id, one.view) for one in images if one.is_drawn}

    assert drawn(tmp_path / "a", 1) == drawn(tmp_path / "b", 1) != drawn(tmp_path / "c", 2)


def test_agreement_counts_second_looks_and_not_what_settled_them(project: Project) -> None:
    review.decide(project, verdicts(project, 1, image1="other"), by="lan")
    review.decide(project, verdicts(project, 0, image2="other"), by="minh")
    review.decide(project, verdicts(project, 1, image1="other"), by="minh")
    review.decide(project, {images_of(project, 0)[2]: None}, by="hoa")
    found = agreement_of(project.catalog.review_book.facts(ReviewKind.SECOND))
    # first: 7 approved, 1 rejected; second: 6 and 2; both the same in 7 of 8, by chance in (7*6 + 1*2) / 64
    assert (found.n, found.n_agreed) == (8, 7)
    assert found.kappa == pytest.approx((7 / 8 - 44 / 64) / (1 - 44 / 64))


def test_kappa_is_undefined_while_everybody_approves_everything(project: Project) -> None:
    assert agreement_of([]).note == "no second look yet"
    review.decide(project, verdicts(project, 0), by="minh")
    found = agreement_of(project.catalog.review_book.facts(ReviewKind.SECOND))
    assert (found.share, found.kappa) == (1.0, None)
    assert "undefined" in found.note


def test_naming_an_exam_says_nothing_anew_of_images_about_which_that_is_in_force(project: Project) -> None:
    first = images_of(project, 0)[0]
    review.decide(project, {first: None}, by="minh")
    words = review.words_of(project, [review.Saying("approve", study_id(0))], by="minh")
    assert sorted(words.images) == sorted(set(images_of(project, 0)) - {first})
