"""Exams that wait for review are shown to reviewers by the review alone: nobody has said that no name is visible."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from mammoset import review
from mammoset.project import Project
from mammoset.web.pages.exams import Exams
from mammoset.web.pages.waiting import Waiting
from tests.web.building import Made, add_exam
from tests.web.opening import opened


def test_an_exam_that_waits_is_on_no_page_of_approved_ones(client: TestClient, waiting: Waiting) -> None:
    study, image = waiting.study_id, waiting.records[0].image.image_id
    pages = (f"/exams/{study}", f"/exams/{study}/images/{image}", f"/images/{image}/preview.webp")
    assert [client.get(one).status_code for one in (*pages, f"/api/v1/exams/{study}")] == [404] * 4
    for page in ("/exams", "/tables/breast-level.csv", "/tables/findings.csv", "/api/v1/exams"):
        assert study not in client.get(page).text


def test_a_decision_takes_it_from_those_that_wait(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    made = add_exam(project, 41, is_approved=False)
    with opened(project) as browser:
        assert made.study_id not in browser.get("/exams").text
        assert made.study_id in {one.study_id for one in Exams(project).collection().waiting}
        review.decide(project, {one.image.image_id: None for one in made.records}, by="nora")
        assert made.study_id not in {one.study_id for one in Exams(project).collection().waiting}
        assert made.study_id in browser.get("/exams").text


def test_nothing_waits_where_nobody_must_review(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    add_exam(project, 41, is_approved=False)
    assert Exams(project).collection().n_waiting
    settings = project.root / "mammoset.toml"
    settings.write_text(settings.read_text().replace("[review]", "[review]\nrequired = false"))
    with Project.open(project.root) as reopened:
        assert not Exams(reopened).collection().n_waiting


@pytest.mark.parametrize("page", ["/review/1.2.3", "/review/1.2.3/images/4.5", "/review/..%2f..%2fkey"])
def test_the_addresses_of_earlier_pages_are_gone(client: TestClient, page: str) -> None:
    assert client.get(page).status_code == 404
