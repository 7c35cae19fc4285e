"""Code streams for the viewer: byte ranges that decode, to those alone who may see the image now."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi import FastAPI
from pydicom import dcmread
from starlette.testclient import TestClient

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.pixels.codec import decode, decode_level
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.answers.reading import END_OF_CODE_STREAM
from tests.web.building import Made
from tests.web.opening import add_person, client_of

Small = tuple[Project, list[Made]]


def address(made: Made, index: int = 0) -> str:
    return f"/api/v1/images/{made.records[index].image.image_id}/codestream"


@pytest.fixture
def reader(small: Small) -> TestClient:
    project, exams = small
    add_person(project, "rosa", "reader")
    project.catalog.append([Fact(FactKind.ASSIGNED, exams[0].study_id, "rosa", now())])
    with client_of(project, "rosa") as browser:
        return browser


def test_the_whole_code_stream_holds_the_pixels_of_the_store(reader: TestClient, small: Small) -> None:
    project, exams = small
    record = exams[0].records[0]
    found = reader.get(address(exams[0]))
    assert (found.status_code, found.headers["content-type"]) == (200, "image/jphc")
    assert found.headers["cache-control"] == "private, no-cache"
    assert len(found.content) == record.tile_part_ends[-1] + END_OF_CODE_STREAM
    stored = decode(dcmread(project.content.path(record.image)))
    assert np.array_equal(decode_level(found.content, 0), stored)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_prefix_is_a_resolution_level(reader: TestClient, small: Small, level: int) -> None:
    record = small[1][0].records[0]
    end = record.tile_part_ends[-1 - level]
    found = reader.get(address(small[1][0]), headers={"Range": f"bytes=0-{end - 1}"})
    total = record.tile_part_ends[-1] + END_OF_CODE_STREAM
    assert (found.status_code, found.headers["content-range"]) == (206, f"bytes 0-{end - 1}/{total}")
    assert decode_level(found.content, level).shape == (-(-440 // 2**level), -(-350 // 2**level))


def test_what_a_browser_has_already_is_not_sent_again(reader: TestClient, small: Small) -> None:
    etag = reader.get(address(small[1][0]), headers={"Range": "bytes=0-9"}).headers["etag"]
    assert reader.get(address(small[1][0]), headers={"If-None-Match": etag}).status_code == 304
    assert reader.get(address(small[1][0], 1), headers={"If-None-Match": etag}).status_code == 200


def test_a_range_behind_the_end_is_refused(reader: TestClient, small: Small) -> None:
    assert reader.get(address(small[1][0]), headers={"Range": "bytes=99999999-"}).status_code == 416


def test_an_exam_of_others_is_like_one_that_is_not_there(reader: TestClient, small: Small) -> None:
    assert reader.get(address(small[1][1])).status_code == 404
    assert reader.get("/api/v1/images/2.25.1/codestream").status_code == 404


def test_an_exam_that_is_held_is_gone_also_for_who_has_its_etag(reader: TestClient, small: Small) -> None:
    made = small[1][0]
    etag = reader.get(address(made)).headers["etag"]
    said = {"kind": "visible_identifier", "reason": "a name in the corner", "image_id": None}
    assert reader.post(f"/api/v1/studies/{made.study_id}/flag", json=said).status_code == 204
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-9"}):
        assert reader.get(address(made), headers=headers).status_code == 410


def test_nobody_gets_pixels_without_a_session(small: Small) -> None:
    app: FastAPI = create_app(small[0])
    with TestClient(app, base_url="http://127.0.0.1:8000") as stranger:
        assert stranger.get(address(small[1][0])).status_code == 401


def test_an_object_that_is_missing_is_told_as_such(reader: TestClient, small: Small) -> None:
    project, exams = small
    project.content.path(exams[0].records[0].image).unlink()
    found = reader.get(address(exams[0]))
    assert (found.status_code, "pseudonymize" in found.json()["detail"]) == (503, True)
