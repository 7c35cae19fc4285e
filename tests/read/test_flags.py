"""A flagged exam is held at once, goes back to the review, and from there back to its readers or out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mammoset import read, review
from mammoset.domain.review import ReviewState
from mammoset.domain.workflow import FactKind, StudyState
from mammoset.errors import ConfigError, TransitionError
from mammoset.project import Project
from mammoset.read import Flag, Work
from mammoset.review.flags import lifts
from mammoset.review.second import agreement_of
from mammoset.terms.reasons import ReviewKind
from tests.builders import SETTINGS, make_project, mass, reading
from tests.read.acting import answer, standing

STUDY = "2.25.0"
FLAG = Flag("visible_identifier", "letters at the top", f"{STUDY}000")
WHOLE = Flag("other", "blurred")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=2, approved=False) as opened:
        approve(opened, *(image.image_id for study in opened.catalog.studies() for image in study.images))
        read.assign(opened)
        yield opened


def approve(project: Project, *images: str, by: str = "reviewer") -> None:
    review.decide(project, dict.fromkeys(images), by=by)


def images_of(project: Project) -> list[str]:
    return [image.image_id for image in project.catalog.studies([STUDY])[0].images]


def review_states(project: Project) -> list[ReviewState]:
    return [one.standing.state for one in project.catalog.reviewed_images(project.second_looks, {STUDY})]


def test_a_flag_holds_the_exam_and_puts_its_image_before_a_reviewer(project: Project) -> None:
    read.flag(project, STUDY, "r0", FLAG)
    assert standing(project, 0).state == StudyState.HELD
    assert review_states(project) == [ReviewState.DISAGREEMENT, *[ReviewState.APPROVED] * 3]
    assert [one.study_id for one in review.pending(project)] == [STUDY]
    assert project.approved_study_ids() == ["2.25.1"]


def test_a_flag_about_the_exam_is_about_each_of_its_images(project: Project) -> None:
    read.flag(project, STUDY, "r0", WHOLE)
    assert review_states(project) == [ReviewState.DISAGREEMENT] * 4
    approve(project, *images_of(project)[:3])
    assert standing(project, 0).state == StudyState.HELD
    approve(project, images_of(project)[3])
    assert standing(project, 0).state == StudyState.AWAITING_READS


def test_nothing_is_read_of_a_held_exam(project: Project) -> None:
    read.flag(project, STUDY, "r0", FLAG)
    acts: list[Callable[[], object]] = [
        lambda: read.open_study(project, STUDY, "r1"),
        lambda: read.save_draft(project, STUDY, "r1", Work(reading(STUDY, "r1")), 0),
        lambda: answer(project, STUDY, "r1"),
    ]
    for act in acts:
        with pytest.raises(TransitionError) as caught:
            act()
        assert caught.value.code == "held"


def submit_one(project: Project) -> None:
    answer(project, STUDY, "r0")


def submit_both(project: Project) -> None:
    submit_one(project)
    answer(project, STUDY, "r1")


def differ(project: Project) -> None:
    submit_one(project)
    answer(project, STUDY, "r1", birads=4, findings=(mass(project.catalog.studies([STUDY])[0]),))
    read.assign(project)


def arbitrate(project: Project) -> None:
    differ(project)
    answer(project, STUDY, "senior")


@pytest.mark.parametrize("live", [submit_one, submit_both, differ, arbitrate])
def test_settled_as_approved_it_is_where_it_was(project: Project, live: Callable[[Project], None]) -> None:
    live(project)
    before = standing(project, 0)
    by = before.arbiter or "r0"
    read.flag(project, STUDY, by, FLAG)
    assert standing(project, 0).state == StudyState.HELD
    approve(project, FLAG.image_id or "")
    after = standing(project, 0)
    assert (after.state, after.readings, after.arbitration) == (before.state, before.readings, before.arbitration)
    assert project.approved_study_ids() == [STUDY, "2.25.1"]
    (lifted,) = (one for one in project.catalog.facts()[STUDY] if one.kind == FactKind.UNFLAGGED)
    assert lifted.reader_id == "reviewer"


def test_rejected_it_is_excluded_until_somebody_thinks_better_of_it(project: Project) -> None:
    submit_both(project)
    read.flag(project, STUDY, "r1", FLAG)
    review.decide(project, {FLAG.image_id or "": "visible_identifier"}, by="reviewer")
    assert standing(project, 0).state == StudyState.EXCLUDED
    assert project.catalog.references(project.schema) == {}
    approve(project, FLAG.image_id or "", by="chief")
    assert standing(project, 0).state == StudyState.CONCORDANT
    assert list(project.catalog.references(project.schema)) == [STUDY]


def test_the_same_flag_again_changes_nothing_and_another_one_counts(project: Project) -> None:
    for _ in range(2):
        read.flag(project, STUDY, "r0", FLAG)
    read.flag(project, STUDY, "r1", WHOLE)
    assert standing(project, 0).flags == ("visible_identifier: letters at the top", "other: blurred")
    approve(project, FLAG.image_id or "")
    assert standing(project, 0).state == StudyState.HELD
    approve(project, *images_of(project))
    assert standing(project, 0).flags == ()
    read.flag(project, STUDY, "r0", FLAG)
    assert standing(project, 0).state == StudyState.HELD


def test_a_flag_that_comes_while_a_reviewer_settles_another_keeps_the_exam_held(project: Project) -> None:
    """What was looked at before the second flag does not lift it."""

    read.flag(project, STUDY, "r0", FLAG)
    approved = project.catalog.reviewed_images(project.second_looks, {"2.25.1"})
    facts, check = lifts(project, [one._replace(study_id=STUDY) for one in approved], "reviewer")
    read.flag(project, STUDY, "r1", WHOLE)
    with pytest.raises(TransitionError, match="flagged again meanwhile"):
        project.catalog.append(facts, check)
    assert standing(project, 0).state == StudyState.HELD


def test_where_no_review_is_asked_for_a_flag_still_needs_a_reviewer(tmp_path: Path) -> None:
    settings = SETTINGS.replace("[review]\n", "[review]\nrequired = false\n")
    with make_project(tmp_path / "q", studies=1, approved=False, settings=settings) as project:
        read.assign(project)
        read.flag(project, STUDY, "r0", FLAG)
        assert standing(project, 0).state == StudyState.HELD
        approve(project, images_of(project)[1])
        assert standing(project, 0).state == StudyState.HELD
        approve(project, FLAG.image_id or "")
        assert standing(project, 0).state == StudyState.AWAITING_READS


@pytest.mark.parametrize(
    "flag", [Flag("boring", "x"), Flag("other", "x", "2.25.1000"), Flag("other", "x" * 1001), Flag("other", "x", "2")]
)
def test_a_flag_of_another_shape_is_refused(project: Project, flag: Flag) -> None:
    with pytest.raises(ConfigError, match="a flag needs one of visible_identifier, image_quality, other"):
        read.flag(project, STUDY, "r0", flag)


def test_a_flag_without_a_reason_is_refused(project: Project) -> None:
    with pytest.raises(TransitionError, match="no reason is given"):
        read.flag(project, STUDY, "r0", Flag("other", "  "))


def test_flags_are_no_second_looks(project: Project) -> None:
    read.flag(project, STUDY, "r0", FLAG)
    approve(project, FLAG.image_id or "")
    facts = project.catalog.review_book.facts()
    assert agreement_of(one for one in facts if one.kind == ReviewKind.SECOND).n == 0
    (flag,) = (one for one in facts if one.kind == ReviewKind.FLAG)
    assert (flag.by, flag.verdict, flag.reason) == ("r0", "reject", "visible_identifier: letters at the top")
