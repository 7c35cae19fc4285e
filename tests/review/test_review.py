"""Review: nothing is read before people have approved every image and every value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset import review
from mammoset.domain.review import ReviewState
from mammoset.errors import ConfigError
from mammoset.jobs.status import flow_of, rejected_in_review
from mammoset.project import Project
from mammoset.review import ReviewSummary, Saying, Words, record, words_of
from mammoset.review.progress import progress_of
from mammoset.terms.reasons import Outcome, Stage
from tests.review.making import add_exam, approve_values, images_of, make_project, study_id


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three exams that passed the gate; nothing is approved."""
    with make_project(tmp_path / "p") as opened:
        yield opened


def verdicts(project: Project, number: int, **changes: str) -> dict[str, str | None]:
    return {one: changes.get(f"image{n}") for n, one in enumerate(images_of(project, number))}


def state(project: Project, number: int) -> str:
    return review.standings(project)[study_id(number)].state.value


def test_an_exam_is_open_once_its_images_and_the_values_of_its_files_are_approved(project: Project) -> None:
    review.decide(project, verdicts(project, 0), by="lan")
    assert (state(project, 0), project.approved_study_ids()) == ("values", [])
    approve_values(project)
    assert (state(project, 0), project.approved_study_ids()) == ("approved", [study_id(0)])
    assert [one.study_id for one in project.approved_studies()] == [study_id(0)]


def test_an_exam_waits_until_its_last_image_is_decided(project: Project) -> None:
    approve_values(project)
    decided = verdicts(project, 0)
    last = decided.popitem()
    review.decide(project, decided, by="lan")
    assert review.summary(project) == ReviewSummary(0, 0, 3)
    review.decide(project, dict([last]), by="lan")
    assert review.summary(project) == ReviewSummary(1, 0, 2)


def test_one_rejected_image_rejects_its_exam(project: Project) -> None:
    approve_values(project)
    done = review.decide(project, verdicts(project, 1, image2="visible_identifier"), by="lan")
    assert (done.images, done.second_looks) == (4, 0)
    assert review.summary(project) == ReviewSummary(0, 1, 2)
    decision = project.catalog.study_decisions(Stage.REVIEW)[study_id(1)]
    assert (decision.outcome, decision.reason, decision.by) == (Outcome.EXCLUDED, "visible_identifier", "lan")
    assert project.approved_study_ids() == []
    assert rejected_in_review(project) == {study_id(1)}


def test_a_later_decision_replaces_the_earlier_one_also_after_a_rejection(project: Project) -> None:
    approve_values(project)
    review.decide(project, verdicts(project, 1, image2="image_quality"), by="lan")
    image = images_of(project, 1)[2]
    review.decide(project, {image: None}, by="minh")
    assert review.summary(project) == ReviewSummary(1, 0, 2)
    review.decide(project, {image: "other"}, by="lan")
    assert project.approved_study_ids() == []


def test_a_rejection_taken_back_leaves_the_exam_open_while_images_of_it_are(project: Project) -> None:
    image = images_of(project, 1)[2]
    review.decide(project, {image: "other"}, by="lan")
    review.decide(project, {image: None}, by="lan")
    assert state(project, 1) == "undecided"
    assert rejected_in_review(project) == set()


@pytest.mark.parametrize(
    ("given", "message"),
    [({"2.25.404": None}, "there is no image 2.25.404"), ({"2.25.1000": "ugly"}, "'ugly' is no reason; allowed:")],
)
def test_a_wrong_decision_is_refused_whole(project: Project, given: dict[str, str | None], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        review.decide(project, verdicts(project, 1) | given, by="lan")
    assert review.summary(project) == ReviewSummary(0, 0, 3)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "l\nan"])
def test_nobody_decides_nothing(project: Project, name: str) -> None:
    with pytest.raises(ConfigError, match="say who decides"):
        review.decide(project, verdicts(project, 1), by=name)


def test_what_waits_for_eyes_is_listed_in_the_order_of_the_draw(project: Project) -> None:
    review.decide(project, verdicts(project, 1), by="lan")
    assert [study.study_id for study in review.pending(project)] == [study_id(0), study_id(2)]


def test_an_image_made_again_with_other_pixels_is_open_again(project: Project) -> None:
    approve_values(project)
    review.decide(project, verdicts(project, 0), by="lan")
    add_exam(project, 0)
    assert project.approved_study_ids() == [study_id(0)], "the same pixels were looked at"
    add_exam(project, 0, pixels="f" * 64)
    assert (state(project, 0), project.approved_study_ids()) == ("undecided", [])
    review.decide(project, verdicts(project, 0), by="lan")
    assert project.approved_study_ids() == [study_id(0)]


def test_what_was_shown_and_is_no_longer_so_cannot_be_approved(project: Project) -> None:
    image = images_of(project, 0)[0]
    with pytest.raises(ConfigError, match="made again since it was shown"):
        record(project, Words({image: None}, seen={image: "0123456789abcdef"}), by="lan")


def test_a_new_value_in_a_file_closes_its_exam_until_somebody_approves_it(project: Project) -> None:
    approve_values(project)
    for number in range(3):
        review.decide(project, verdicts(project, number), by="lan")
    add_exam(project, 1, values={"Manufacturer": "ACME"})
    assert project.approved_study_ids() == [study_id(0), study_id(2)]
    approve_values(project)
    assert len(project.approved_study_ids()) == 3


def test_a_rejected_value_waits_to_be_carried_out_and_no_exam_with_it_is_open(project: Project) -> None:
    approve_values(project)
    for number in range(3):
        review.decide(project, verdicts(project, number), by="lan")
    words = words_of(project, [Saying("reject", "Manufacturer=HOLOGIC", "a name")], by="mai")
    record(project, words, by="mai")
    found = progress_of(project)
    assert (found.rejected_images, found.values.rejected, found.states) == (4, 1, {"approved": 2, "values": 1})
    add_exam(project, 1, values={"Manufacturer": ""})
    approve_values(project)
    assert (progress_of(project).rejected_images, len(project.approved_study_ids())) == (0, 3)


def test_without_a_required_review_everything_but_what_was_rejected_is_open_and_said_to_be_relaxed(
    project: Project,
) -> None:
    review.decide(project, verdicts(project, 1, image0="other"), by="lan")
    settings = project.root / "mammoset.toml"
    settings.write_text(settings.read_text().replace("[review]", "[review]\nrequired = false"))
    with Project.open(project.root) as relaxed:
        assert relaxed.approved_study_ids() == [study_id(0), study_id(2)]
        assert review.relaxations(relaxed) == (
            "The review by people was not required: of 2 exams, 0 were reviewed to the end (review.required = false).",
            "No image was looked at by a second person (review.second_look = 0).",
        )


def test_the_flow_tells_what_exams_wait_for(project: Project) -> None:
    review.decide(project, verdicts(project, 0), by="lan")
    review.decide(project, verdicts(project, 1, image0="other"), by="lan")
    (step,) = [one for one in flow_of(project).steps if one.name == "pseudonymized"]
    assert {(one.reason, one.count, one.is_waiting) for one in step.leaving} == {
        ("values", 1, True), ("other", 1, False), ("waiting", 1, True),
    }  # fmt: skip


def test_the_decision_about_an_exam_on_record_is_what_its_images_say(project: Project) -> None:
    for number, changes in ((0, {}), (1, {"image3": "other"}), (1, {}), (2, {"image1": "image_quality"})):
        review.decide(project, verdicts(project, number, **changes), by="lan")
    on_record = {one: found.outcome for one, found in project.catalog.study_decisions(Stage.REVIEW).items()}
    approve_values(project)
    names = {ReviewState.APPROVED: Outcome.KEPT, ReviewState.REJECTED: Outcome.EXCLUDED}
    assert on_record == {one: names[now.state] for one, now in review.standings(project).items()}
