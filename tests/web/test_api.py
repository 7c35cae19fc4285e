from __future__ import annotations

from starlette.testclient import TestClient

from mammoset.jobs.status import status_of
from mammoset.project import Project
from tests.web.building import Made
from tests.web.conftest import N_EXAMS


def test_the_status_is_that_of_the_command_line(client: TestClient, project: Project) -> None:
    assert client.get("/api/v1/status").json() == status_of(project).to_json()


def test_exams_come_in_pages(client: TestClient, made: list[Made]) -> None:
    pages = [client.get("/api/v1/exams", params={"page": page}).json() for page in (1, 2)]
    assert {page["total"] for page in pages} == {N_EXAMS}
    assert [exam["study_id"] for page in pages for exam in page["exams"]] == [one.study_id for one in made]


def test_one_exam_has_its_findings_in_stored_pixels(client: TestClient, made: list[Made]) -> None:
    found = client.get(f"/api/v1/exams/{made[2].study_id}").json()
    boxes = {(one["image_id"], one["xmin"], one["ymin"], one["xmax"], one["ymax"]) for one in found["findings"]}
    assert boxes == {
        (one.image_id, one.box.xmin, one.box.ymin, one.box.xmax, one.box.ymax) for one in made[2].reading.findings
    }
    assert len(found["images"]) == 4


def test_errors_are_problem_details(client: TestClient, stranger: TestClient) -> None:
    answers = {
        404: client.get("/api/v1/exams/1.2.3"),
        422: client.get("/api/v1/exams?sort=nothing"),
        401: stranger.get("/api/v1/status"),
        405: client.post("/api/v1/status"),
    }
    assert client.get("/api/v1/nothing").status_code == 404
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"]


def test_the_description_names_every_resource(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    told = {"/api/v1/status", "/api/v1/exams", "/api/v1/exams/{study_id}"}
    assert told < set(described["paths"])
    for path in told:
        assert client.get(path.format(study_id="1.2.3")).headers["content-type"].endswith("json")
