"""Review: nothing is read before a person has approved every image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset import review
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import make_project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", approved=False) as opened:
        yield opened


def verdicts(project: Project, number: int, **changes: str) -> dict[str, str | None]:
    study = project.catalog.studies()[number]
    return {one.image_id: changes.get(f"image{n}") for n, one in enumerate(study.images)}


def test_a_study_waits_until_its_last_image_is_decided(project: Project) -> None:
    decided = verdicts(project, 0)
    last = decided.popitem()
    assert review.decide(project, decided, by="lan") == review.ReviewSummary(0, 0, 3)
    assert review.decide(project, dict([last]), by="lan") == review.ReviewSummary(1, 0, 2)
    assert [one.study_id for one in project.catalog.approved_studies(review_required=True)] == ["2.25.0"]


def test_one_rejected_image_rejects_its_study(project: Project) -> None:
    counts = review.decide(project, verdicts(project, 1, image2="visible_identifier"), by="lan")
    assert counts == review.ReviewSummary(0, 1, 2)
    decision = project.catalog.study_decisions(Stage.REVIEW)["2.25.1"]
    assert (decision.outcome, decision.reason, decision.by) == (Outcome.EXCLUDED, "visible_identifier", "lan")
    assert project.catalog.approved_studies(review_required=True) == []


def test_a_later_decision_replaces_the_earlier_one(project: Project) -> None:
    review.decide(project, verdicts(project, 1, image2="image_quality"), by="lan")
    image = project.catalog.studies()[1].images[2].image_id
    assert review.decide(project, {image: None}, by="minh") == review.ReviewSummary(1, 0, 2)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"2.25.404": None}, "there is no image 2.25.404"), ({"2.25.0000": "ugly"}, "'ugly' is no reason; allowed:")],
)
def test_a_wrong_decision_is_refused_whole(project: Project, given: dict[str, str | None], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        review.decide(project, verdicts(project, 1) | given, by="lan")
    assert review.summary(project) == review.ReviewSummary(0, 0, 3)


def test_what_waits_is_listed_in_the_order_of_the_draw(project: Project) -> None:
    review.decide(project, verdicts(project, 1), by="lan")
    assert [study.study_id for study in review.pending(project)] == ["2.25.0", "2.25.2"]
