"""The review: everything that waits is shown whole, nothing else is, and nothing can be changed."""

from __future__ import annotations

import re
from html import unescape

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from mammoset import review
from mammoset.project import Project
from mammoset.web.exams import Exams
from mammoset.web.keys import REVIEW_KEYS
from mammoset.web.waiting import Waiting
from tests.web.building import Made, add_exam, read_exam
from tests.web.opening import opened


def addresses(exam: Waiting) -> list[str]:
    """Every address under which something of a waiting exam is to be had."""
    image = f"/review/{exam.study_id}/images/{exam.records[0].image.image_id}"
    return [f"/review/{exam.study_id}", image, f"{image}/preview.webp", f"{image}/preview.webp?reveal=true"]


def elsewhere(exam: Waiting) -> list[str]:
    """The same under the addresses of approved exams."""
    image = exam.records[0].image.image_id
    study = exam.study_id
    return [
        f"/exams/{study}",
        f"/exams/{study}/images/{image}",
        f"/images/{image}/preview.webp",
        f"/api/v1/exams/{study}",
    ]


def test_an_exam_that_waits_is_shown_under_review_and_nowhere_else(client: TestClient, waiting: Waiting) -> None:
    assert [client.get(one).status_code for one in addresses(waiting)] == [200] * 4
    assert [client.get(one).status_code for one in elsewhere(waiting)] == [404] * 4
    for page in ("/exams", "/tables/breast-level.csv", "/tables/findings.csv", "/api/v1/exams"):
        assert waiting.study_id not in client.get(page).text


def test_an_approved_exam_is_not_shown_under_review(client: TestClient, made: list[Made]) -> None:
    image = made[0].records[0].image.image_id
    for one in (f"/review/{made[0].study_id}", f"/review/{made[0].study_id}/images/{image}/preview.webp"):
        assert client.get(one).status_code == 404


def test_nothing_is_shown_without_a_session(stranger: TestClient, waiting: Waiting) -> None:
    assert [stranger.get(one).status_code for one in ("/review", *addresses(waiting))] == [401] * 5


def test_a_decision_takes_the_exam_away(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    add_exam(project, 41, is_approved=False)
    approved, rejected = Exams(project).collection().waiting
    with opened(project) as browser:
        assert 'class="count">2<' in browser.get("/status").text
        review.decide(project, {one.image.image_id: None for one in approved.records}, by="lan")
        review.decide(project, {rejected.records[2].image.image_id: "visible_identifier"}, by="lan")
        for exam in (approved, rejected):
            assert [browser.get(one).status_code for one in addresses(exam)] == [404] * 4
        assert [browser.get(one).status_code for one in elsewhere(approved)] == [200] * 4
        assert [browser.get(one).status_code for one in elsewhere(rejected)] == [404] * 4
        page = browser.get("/review").text
        assert "No exam waits" in page
        assert 'class="count"' not in page
        assert "decided meanwhile" in browser.get(f"/review/{approved.study_id}").text


def test_images_approved_one_by_one_are_marked(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    (exam,) = Exams(project).collection().waiting
    review.decide(project, {exam.records[1].image.image_id: None}, by="lan")
    with opened(project) as browser:
        assert "1 of 4" in browser.get("/review").text
        assert browser.get(f"/review/{exam.study_id}").text.count("approved already") == 1


def test_a_project_without_review_says_so(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    settings = project.root / "mammoset.toml"
    settings.write_text(settings.read_text().replace("[review]", "[review]\nrequired = false"))
    with Project.open(project.root) as reopened, opened(reopened) as browser:
        assert not reopened.settings.review.required
        assert "asks for no review" in browser.get("/review").text


def test_the_page_shows_every_image_whole_with_its_blacked_out_corners(client: TestClient, waiting: Waiting) -> None:
    text = client.get(f"/review/{waiting.study_id}").text
    for record in waiting.records:
        image = record.image
        figure = text[text.index(f'data-image="{image.image_id}"') :]
        figure = figure[: figure.index("</figure>")]
        assert f'viewBox="0 0 {image.width} {image.height}"' in figure
        assert f'width="{image.width}" height="{image.height}" preserveAspectRatio="none"' in figure
        assert "transform" not in figure
        xmin, ymin, xmax, ymax = record.masked[0]
        assert f'<rect x="{xmin}" y="{ymin}" width="{xmax - xmin}" height="{ymax - ymin}">' in figure
    assert text.count("<figure") == len(waiting.records)


def test_the_commands_can_be_typed_as_they_stand(client: TestClient, waiting: Waiting) -> None:
    text = unescape(client.get(f"/review/{waiting.study_id}").text)
    commands = set(re.findall(r'data-command="([^"]+)"', text))
    images = [record.image.image_id for record in waiting.records]
    assert commands == {f"mammoset review decide approve {waiting.study_id} --by NAME"} | {
        f"mammoset review decide reject {one} --by NAME --reason visible_identifier" for one in images
    }


def test_what_the_files_say_is_on_the_page(client: TestClient, waiting: Waiting) -> None:
    text = client.get(f"/review/{waiting.study_id}").text
    assert "<dt>TransferSyntaxUID</dt><dd>1.2.840.10008.1.2.4.202</dd>" in text
    assert f"<dt>PatientID</dt><dd>{waiting.study.patient_id}</dd>" in text
    for record in waiting.records:
        assert text.count(record.image.image_id) > 3


def test_every_key_is_printed_in_the_help(client: TestClient, waiting: Waiting) -> None:
    text = client.get(f"/review/{waiting.study_id}").text
    assert all(f'<tr data-action="{key.action}" data-keys="{" ".join(key.keys)}">' in text for key in REVIEW_KEYS)


def test_no_answer_and_no_reader_is_named(small: tuple[Project, list[Made]]) -> None:
    """Also where somebody read an exam that came back into review."""
    project, _ = small
    made = add_exam(project, 41, is_approved=False)
    read_exam(project, made, reader="anna")
    with opened(project) as browser:
        for page in ("/review", f"/review/{made.study_id}"):
            text = browser.get(page).text
            assert not re.search("anna|BI-RADS|Reference|Density|Suspicious", text), page


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(client: TestClient, waiting: Waiting, method: str) -> None:
    for one in ("/review", *addresses(waiting)):
        assert client.request(method, one).status_code == 405


def picture_of(client: TestClient, exam: Waiting, query: str) -> NDArray[np.uint8]:
    image = exam.records[0].image.image_id
    content = client.get(f"/review/{exam.study_id}/images/{image}/preview.webp?{query}").content
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def test_the_revealed_picture_is_the_whole_image_made_bright(client: TestClient, waiting: Waiting) -> None:
    plain, bright = (picture_of(client, waiting, f"height=216&reveal={flag}") for flag in ("false", "true"))
    assert plain.shape == bright.shape
    assert bright[plain > 60].min() > 150
    assert bright.mean() > plain.mean()


@pytest.mark.parametrize("query", ["height=100", "reveal=much", "window=0", "height=full&reveal=2"])
def test_other_looks_are_refused(client: TestClient, waiting: Waiting, query: str) -> None:
    image = waiting.records[0].image.image_id
    assert client.get(f"/review/{waiting.study_id}/images/{image}/preview.webp?{query}").status_code == 422


def test_pictures_that_may_show_a_name_are_not_kept_by_the_browser(client: TestClient, waiting: Waiting) -> None:
    for one in addresses(waiting)[2:]:
        assert client.get(one).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("page", ["/review/1.2.3", "/review/1.2.3/images/4.5", "/review/..%2f..%2fkey"])
def test_what_is_not_there_is_not_found(client: TestClient, page: str) -> None:
    assert client.get(page).status_code == 404


def test_an_image_is_not_found_under_another_exam(client: TestClient, waiting: Waiting, made: list[Made]) -> None:
    foreign = made[0].records[0].image.image_id
    for one in (
        f"/review/{waiting.study_id}/images/{foreign}",
        f"/review/{waiting.study_id}/images/{foreign}/preview.webp",
    ):
        assert client.get(one).status_code == 404
