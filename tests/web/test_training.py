"""The training at the server: exams as any other, nothing of what is planted before an answer, and what asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mammoset.catalog import now
from mammoset.catalog.training import FINISHED
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.pixels.codec import decode_level
from mammoset.project import Project
from mammoset.read.training import book_of
from tests.trained import give_training
from tests.web.building import Made, build
from tests.web.opening import add_person, client_of

AT = "/api/v1/training"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    root = tmp_path_factory.mktemp("training") / "phantom-mammo"
    exams = build(root, n_exams=1, rows=110, spacing=2.72, is_read=False)
    give_training(root)
    return root, exams


@pytest.fixture(scope="module")
def project(made: tuple[Path, list[Made]]) -> Iterator[Project]:
    with Project.open(made[0]) as opened:
        yield opened


@pytest.fixture
def reader(project: Project, request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A new reader for each test."""
    name = request.node.name[:60]
    add_person(project, name, "reader")
    with client_of(project, name) as browser:
        yield browser


def answer(exam: dict[str, Any], *, birads: int = 1, findings: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    breasts = [{"laterality": side, "birads": birads, "density": "B"} for side in "RL"]
    return {"reading": {"breasts": breasts, "findings": list(findings)}, "seconds": {"overview": 2.0}}


def exam_of(reader: TestClient, number: int) -> dict[str, Any]:
    found: dict[str, Any] = reader.get(f"{AT}/exams/{number}").json()
    return found


def test_an_exam_comes_as_one_of_the_dataset_and_its_levels_decode(reader: TestClient) -> None:
    exam = exam_of(reader, 2)
    views = [(one["laterality"], one["view_position"]) for one in exam["images"]]
    assert views == [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")]
    image = exam["images"][0]
    end = image["codestream"]["tile_part_ends"][0]
    found = reader.get(image["codestream"]["url"], headers={"Range": f"bytes=0-{end - 1}", "Accept": "image/jphc"})
    assert found.status_code == 206
    level = len(image["codestream"]["tile_part_ends"]) - 1
    assert decode_level(found.content, level).shape[0] == -(-image["rows"] // 2**level)


def test_what_is_planted_is_told_after_an_answer_and_not_before(reader: TestClient) -> None:
    assert "planted" not in reader.get(f"{AT}/exams/2").text
    early = reader.get(f"{AT}/exams/2/feedback")
    assert (early.status_code, early.json()["code"]) == (404, "not_submitted")
    told = reader.post(f"{AT}/exams/2/reading", json=answer(exam_of(reader, 2))).json()
    assert [one["outcome"] for one in told["findings"]] == ["missed", "missed"]
    assert {one["laterality"]: one["planted_birads"] for one in told["breasts"]} == {"R": 1, "L": 4}
    assert reader.get(f"{AT}/exams/2/feedback").json() == told


def test_boxes_over_what_is_planted_find_it(reader: TestClient) -> None:
    exam = exam_of(reader, 4)
    first = reader.post(f"{AT}/exams/4/reading", json=answer(exam)).json()
    reader.post(f"{AT}/rounds")
    marked = tuple({**one["planted"], "birads": 3} for one in first["findings"])
    wide = tuple(
        {**one, "box": [max(0, one["box"][0] - 20), one["box"][1], one["box"][2] + 5, one["box"][3]]} for one in marked
    )
    given = answer(exam, birads=3, findings=wide) | {"confirmed": ["no_finding_marked:L"]}
    told = reader.post(f"{AT}/exams/4/reading", json=given)
    assert told.status_code == 200, told.text
    assert (told.json()["score"]["found"], told.json()["score"]["extra"]) == (2, 0)


def test_an_answer_is_refused_by_the_rules_of_the_project(reader: TestClient) -> None:
    refused = reader.post(f"{AT}/exams/1/reading", json=answer(exam_of(reader, 1), birads=4))
    assert (refused.status_code, refused.json()["code"]) == (422, "rules")
    assert {one["key"] for one in refused.json()["violations"]} == {"no_finding_marked:L", "no_finding_marked:R"}


def test_after_five_exams_there_is_a_summary_and_administrators_see_it(project: Project, reader: TestClient) -> None:
    assert reader.get(AT).json()["next_number"] == 1
    for number in range(1, 6):
        told = reader.post(f"{AT}/exams/{number}/reading", json=answer(exam_of(reader, number))).json()
        assert told["next_number"] == (number + 1 if number < 5 else None)
    found = reader.get(AT).json()
    assert found["is_complete"]
    assert found["finished_at"] is not None
    assert (found["score"]["found"], found["score"]["missed"]) == (0, 6)
    again = reader.post(f"{AT}/rounds").json()
    assert (again["round"], again["next_number"], again["finished_at"]) == (2, 1, found["finished_at"])
    add_person(project, "warden", "admin")
    with client_of(project, "warden") as warden:
        people = {one["name"]: one["trained_at"] for one in warden.get("/api/v1/people").json()["items"]}
        assert (people[reader.get("/api/v1/me").json()["name"]], people["warden"]) == (found["finished_at"], None)
        assert warden.get(AT).status_code == 403


@pytest.mark.parametrize("path", ["exams/6", "exams/0", "images/2.25.1/codestream"])
def test_what_is_not_there_is_not_found(reader: TestClient, path: str) -> None:
    assert reader.get(f"{AT}/{path}").status_code == 404


def test_without_a_set_there_is_none_and_one_that_is_made_meanwhile_is_seen(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    add_person(project, "lan", "reader")
    with client_of(project, "lan") as browser:
        assert browser.get(AT).json()["exams"] == []
        assert browser.get(f"{AT}/exams/1").json()["code"] == "no_training"
        give_training(project.root)
        assert len(browser.get(AT).json()["exams"]) == 5


def test_a_project_may_ask_its_readers_to_train_first(made: tuple[Path, list[Made]]) -> None:
    root, (exam, *_) = made
    settings = root / "mammoset.toml"
    before = settings.read_text()
    settings.write_text(before.replace("[read]\n", '[read]\ntraining = "required"\n'))
    try:
        with Project.open(root) as project:
            people: dict[str, Role] = {"new": "reader", "old": "reader", "judge": "arbiter"}
            for name, role in people.items():
                add_person(project, name, role)
                project.catalog.append([Fact(FactKind.ASSIGNED, exam.study_id, name, now(), role)])
            with book_of(project).turn("old", "1-small") as turn:
                turn.append(FINISHED)
            address = f"/api/v1/studies/{exam.study_id}/exam"
            answers = {}
            for name in ("new", "old", "judge"):
                with client_of(project, name) as browser:
                    answers[name] = browser.get(address)
                    assert browser.get(AT).json()["is_required"]
            assert {name: one.status_code for name, one in answers.items()} == {
                "new": 403,
                "old": 200,
                "judge": 410,
            }  # not before two have read it
            assert answers["new"].json()["code"] == "training"
    finally:
        settings.write_text(before)
