"""Reading by the API: the list, an exam, its draft, its answer; what is refused, and how."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset import read
from mammoset.domain.rules import RULES
from mammoset.domain.viewed import Viewed
from mammoset.domain.workflow import FactKind
from mammoset.model import Reader
from mammoset.project import Project
from tests.builders import make_project, mass, reading
from tests.read.acting import answer
from tests.web.acting import V1, amend, at, body, body_of, flag, save, submit
from tests.web.building import SPACING, Made
from tests.web.opening import client_of

STUDY = "2.25.1"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=3) as opened:
        read.assign(opened)
        yield opened


@pytest.fixture
def r0(own: Project) -> Iterator[TestClient]:
    with client_of(own, "r0") as browser:
        yield browser


def worklist(browser: TestClient, **asked: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"{V1}/worklist", params=asked).json()
    return found


def test_the_list_goes_from_new_over_in_progress_to_done(r0: TestClient) -> None:
    assert worklist(r0)["counts"] == {"new": 3, "in_progress": 0, "done": 0}
    r0.post(at(STUDY, "opening"))
    assert submit(r0, "2.25.0", body("2.25.0")).json() == {"state": "done", "next_study_id": STUDY}
    found = worklist(r0)
    assert [(one["number"], one["state"]) for one in found["items"]] == [(1, "done"), (2, "in_progress"), (3, "new")]
    assert found["next_study_id"] == STUDY
    first, second, third = found["items"]
    assert first["submitted_at"] is not None
    assert first["opened_at"] is None
    assert second["opened_at"] is not None
    assert [one["can_amend"] for one in (first, second, third)] == [True, False, False]
    assert (third["role"], third["n_images"]) == ("reader", 4)


@pytest.mark.parametrize("state", ["new", "in_progress", "done"])
def test_the_list_is_narrowed_and_its_counts_stay_those_of_all(r0: TestClient, state: str) -> None:
    r0.post(at(STUDY, "opening"))
    submit(r0, "2.25.0", body("2.25.0"))
    found = worklist(r0, state=state)
    assert {one["state"] for one in found["items"]} == {state}
    assert found["counts"] == {"new": 1, "in_progress": 1, "done": 1}


def test_the_list_is_sent_again_only_when_it_changed(own: Project, r0: TestClient) -> None:
    first = r0.get(f"{V1}/worklist")
    known = {"If-None-Match": first.headers["ETag"]}
    answer(own, STUDY, "r1")
    again = r0.get(f"{V1}/worklist", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    r0.post(at(STUDY, "opening"))
    assert r0.get(f"{V1}/worklist", headers=known).status_code == 200


def test_an_exam_is_told_with_its_images_as_they_hang_and_where_their_pixels_are(
    app: FastAPI, made: list[Made]
) -> None:
    wanted = made[1]
    with client_of(app, "anna") as browser:
        exam = browser.get(at(wanted.study_id, "exam")).json()
        labels = browser.get(f"{V1}/labels").json()
    assert (exam["number"], exam["role"], exam["priors"]) == (2, "reader", [])
    assert exam["labels_version"] == labels["version"]
    assert [(one["laterality"], one["view_position"]) for one in exam["images"]] == [
        ("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")
    ]  # fmt: skip
    records = {record.image.image_id: record for record in wanted.records}
    for image in exam["images"]:
        record = records[image["image_id"]]
        assert (image["rows"], image["columns"]) == (record.image.height, record.image.width)
        assert image["attributes"]["imager_pixel_spacing"] == [SPACING, SPACING]
        assert image["codestream"]["tile_part_ends"] == list(record.tile_part_ends)
        assert image["codestream"]["size"] == record.tile_part_ends[-1] + 2


def test_nothing_of_the_patient_is_told_with_an_exam(app: FastAPI, made: list[Made]) -> None:
    with client_of(app, "anna") as browser:
        text = browser.get(at(made[1].study_id, "exam")).text
    patient = made[1].records[0].image.patient_id
    assert patient not in text
    assert "patient" not in text.replace("patient_orientation", "")


def test_a_draft_is_saved_and_found_again(r0: TestClient) -> None:
    empty = r0.get(at(STUDY, "draft"))
    assert (empty.json()["version"], empty.json()["reading"], empty.headers["ETag"]) == (0, None, '"0"')
    viewed = {f"{STUDY}000": {"share_at_full": 0.25, "seconds": 2.5, "seconds_at_full": 1.0}}
    saved = save(r0, STUDY, 0, body(STUDY), seconds={"4-up": 2.5}, viewed=viewed)
    assert (saved.json()["version"], saved.headers["ETag"]) == (1, '"1"')
    found = r0.get(at(STUDY, "draft"))
    assert found.headers["ETag"] == '"1"'
    assert found.json() == {
        "version": 1, "reading": body(STUDY), "seconds": {"4-up": 2.5}, "viewed": viewed, "stage": "4-up",
        "saved_at": saved.json()["saved_at"],
    }  # fmt: skip


def test_who_does_not_know_the_draft_is_given_it(r0: TestClient) -> None:
    save(r0, STUDY, 0, body(STUDY, comment="this window"))
    late = save(r0, STUDY, 0, body(STUDY, comment="the other window"))
    problem = late.json()
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    assert (problem["code"], problem["version"]) == ("conflict", 1)
    assert problem["reading"]["comment"] == "this window"
    assert submit(r0, STUDY, body(STUDY), version=0).json()["code"] == "conflict"


@pytest.mark.parametrize("header", [None, "1", '"-1"', '"a"', "*", '"1", "2"'])
def test_a_draft_without_the_version_it_replaces_is_refused(r0: TestClient, header: str | None) -> None:
    headers = {} if header is None else {"If-Match": header}
    assert r0.put(at(STUDY, "draft"), json={"reading": body(STUDY)}, headers=headers).status_code == 422


def test_an_answer_that_breaks_rules_is_refused_with_each_of_them(r0: TestClient) -> None:
    refused = submit(r0, STUDY, body(STUDY, birads=4), confirmed=["no_finding_marked:L"])
    assert refused.status_code == 422
    assert refused.json()["code"] == "rules"
    assert refused.json()["violations"] == [
        {
            "code": "no_finding_marked", "key": "no_finding_marked:R", "level": "confirm",
            "message": "right breast: BI-RADS 4, but no finding is marked", "laterality": "R", "finding_index": None,
        }
    ]  # fmt: skip
    assert submit(r0, STUDY, body(STUDY, birads=4), confirmed=["no_finding_marked:R"]).status_code == 200


def test_an_answer_sent_twice_is_answered_alike_and_recorded_once(own: Project, r0: TestClient) -> None:
    first, again = submit(r0, STUDY, body(STUDY)), submit(r0, STUDY, body(STUDY))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert r0.get(at(STUDY, "reading")).json() == body(STUDY)
    assert [one.kind for one in own.catalog.facts()[STUDY]].count(FactKind.SUBMITTED) == 1


def test_an_answer_is_amended_until_the_second_is_in(own: Project, r0: TestClient) -> None:
    assert r0.get(at(STUDY, "reading")).json()["code"] == "not_submitted"
    submit(r0, STUDY, body(STUDY))
    assert amend(r0, STUDY, body(STUDY, comment="better"), reason=" ").status_code == 409
    assert amend(r0, STUDY, body(STUDY, comment="better")).json()["state"] == "done"
    assert r0.get(at(STUDY, "reading")).json()["comment"] == "better"
    answer(own, STUDY, "r1")
    late = amend(r0, STUDY, body(STUDY, comment="best"))
    assert (late.status_code, late.json()["code"]) == (409, "frozen")
    assert [one["can_amend"] for one in worklist(r0, state="done")["items"]] == [False]


def test_an_exam_of_somebody_else_is_answered_like_one_that_does_not_exist(own: Project, r0: TestClient) -> None:
    for name in ("r8", "r9"):
        own.catalog.put_reader(Reader(name))
    for one in ("r0", "r1"):
        read.withdraw(own, "2.25.2", one, "reader", "away")
    for one in ("r8", "r9"):
        read.assign_one(own, "2.25.2", one, "reader")
    answer(own, "2.25.2", "r8")

    def asked(study: str) -> list[tuple[int, str]]:
        replies = [r0.get(at(study, what)) for what in ("exam", "draft", "reading")]
        replies += [save(r0, study, 0, body(study)), submit(r0, study, body(study)), amend(r0, study, body(study))]
        replies += [flag(r0, study), r0.post(at(study, "opening"))]
        return [(one.status_code, one.text) for one in replies]

    assert asked("2.25.2") == asked("2.25.404")
    assert {status for status, _ in asked("2.25.2")} == {404}


GOOD = body(STUDY)
BOX = {"image_id": "2.25.1002", "box": [1, 2, 30, 40], "categories": ["Mass"], "birads": 4}
BAD: list[dict[str, Any]] = [
    {},
    {"breasts": []} | {"study_id": "2.25.1"},
    GOOD | {"reader_id": "r1"},
    GOOD | {"breasts": GOOD["breasts"] * 3},
    GOOD | {"breasts": [{"laterality": "B"}]},
    GOOD | {"breasts": [{"laterality": "L", "birads": "4"}]},
    GOOD | {"breasts": [{"laterality": "L", "birads": 1.5}]},
    GOOD | {"breasts": [{"laterality": "L", "birads": True}]},
    GOOD | {"comment": "x" * 4001},
    GOOD | {"comment": "\0"},
    GOOD | {"findings": [BOX] * 201},
    GOOD | {"findings": [BOX | {"box": [1, 2, 3]}]},
    GOOD | {"findings": [BOX | {"box": [1, 2, 3, 1e300]}]},
    GOOD | {"findings": [BOX | {"categories": ["Mass"] * 21}]},
    GOOD | {"findings": [BOX | {"image_id": "x" * 65}]},
    GOOD | {"findings": [BOX | {"colour": "red"}]},
]


def test_a_reading_of_another_shape_is_refused_and_nothing_is_written(own: Project, r0: TestClient) -> None:
    before = own.catalog.facts()
    for sent in BAD:
        assert save(r0, STUDY, 0, sent).status_code == 422, sent
        assert submit(r0, STUDY, sent).status_code == 422, sent
    assert own.catalog.facts() == before


def test_a_number_that_is_none_is_refused(r0: TestClient) -> None:
    headers = {"If-Match": '"0"', "Content-Type": "application/json"}
    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        text = json.dumps({"reading": GOOD | {"findings": [BOX]}}).replace("30", number)
        assert r0.put(at(STUDY, "draft"), content=text, headers=headers).status_code == 422, number


def test_half_a_character_is_refused(r0: TestClient) -> None:
    text = json.dumps({"reading": GOOD | {"comment": "#"}}).replace("#", "\\ud800")
    headers = {"If-Match": '"0"', "Content-Type": "application/json"}
    assert r0.put(at(STUDY, "draft"), content=text, headers=headers).status_code == 422


def test_seconds_and_stages_of_another_shape_are_refused(r0: TestClient) -> None:
    for seconds in ({"4-up": -1}, {"<b>": 1}, {str(n): 1 for n in range(65)}, {"4-up": "long"}):
        assert save(r0, STUDY, 0, GOOD, seconds=seconds).status_code == 422, seconds
    for stage in ("x" * 33, "a b", 4):
        assert save(r0, STUDY, 0, GOOD, stage=stage).status_code == 422, stage


def test_what_was_seen_is_refused_in_another_shape_and_goes_with_the_answer(own: Project, r0: TestClient) -> None:
    image, seen = f"{STUDY}000", {"share_at_full": 0.5, "seconds": 4.0, "seconds_at_full": 1.0}
    for wrong in (
        {"share_at_full": 1.01},
        {"share_at_full": -0.1},
        {"seconds": -1},
        {"seconds_at_full": 1e8},
        {"x": 1},
    ):
        assert save(r0, STUDY, 0, GOOD, viewed={image: seen | wrong}).status_code == 422, wrong
    shapes: list[Any] = [{image: {}}, {"": seen}, {"x" * 65: seen}, {str(n): seen for n in range(65)}, [seen]]
    for viewed in shapes:
        assert save(r0, STUDY, 0, GOOD, viewed=viewed).status_code == 422, viewed
    assert submit(r0, STUDY, GOOD, viewed={image: seen, "2.25.404": seen}).status_code == 200
    assert own.catalog.facts()[STUDY][-1].viewed == {image: Viewed(0.5, 4.0, 1.0)}


def test_what_is_asked_is_told_with_every_rule_and_a_version_that_changes_with_it(
    own: Project, r0: TestClient, tmp_path: Path
) -> None:
    told = r0.get(f"{V1}/labels")
    labels = told.json()
    assert [rule["code"] for rule in labels["rules"]] == [rule.code for rule in RULES]
    assert [one["value"] for one in labels["breast"]["birads"]] == [1, 2, 3, 4, 5]
    assert r0.get(f"{V1}/labels", headers={"If-None-Match": told.headers["ETag"]}).status_code == 304
    text = (own.root / "labels.toml").read_text().replace("min_box_size = 10", "min_box_size = 11")
    with make_project(tmp_path / "q", studies=1) as other:
        (other.root / "labels.toml").write_text(text)
        with client_of(other, "r0") as browser:
            assert browser.get(f"{V1}/labels").json()["version"] != labels["version"]


def test_the_senior_reads_on_the_same_list_and_sees_no_reading(tmp_path: Path) -> None:
    settings = '[dataset]\nname = "test"\n[review]\nsecond_look = 0\n[read]\nsenior_share = 1.0\n'
    with make_project(tmp_path / "p", studies=1, settings=settings) as own:
        read.assign(own)
        for name in ("r0", "r1"):
            answer(own, "2.25.0", name)
        read.assign(own)
        with client_of(own, "senior") as browser:
            (item,) = worklist(browser)["items"]
            assert (item["role"], item["state"]) == ("senior", "new")
            assert browser.get(f"{V1}/arbitration").json()["items"] == []
            assert browser.get(at("2.25.0", "reads")).status_code == 404
            study = own.catalog.studies()[0]
            sent = body_of(reading("2.25.0", "senior", birads=4, findings=(mass(study),)))
            assert submit(browser, "2.25.0", sent).json() == {"state": "done", "next_study_id": None}
            assert worklist(browser)["items"][0]["can_amend"] is True
