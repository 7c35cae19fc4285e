from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from mammoset.content import ContentStore
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.wire import LOOPBACK
from tests.web.dicomweb.asking import accept
from tests.web.dicomweb.building import Stored
from tests.web.opening import client_of

STREAM = {"Accept": "image/jphc; transfer-syntax=*"}
ENDS = ("", "/metadata", "/frames/1", "/rendered", "/thumbnail", "/pixeldata")


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_kept_without_asking_again_and_what_is_known_is_not_sent_again(
    reader: TestClient, stored: Sequence[Stored], end: str
) -> None:
    first = reader.get(stored[0].place[1:] + end, headers={"Accept": "*/*"})
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Accept"
    known = {"Accept": "*/*", "If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = reader.get(stored[0].place[1:] + end, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = reader.get(stored[1].place[1:] + end, headers={"Accept": "*/*"})
    assert other.headers["ETag"] != first.headers["ETag"]


def test_another_representation_has_another_tag(reader: TestClient, stored: Sequence[Stored]) -> None:
    place = f"{stored[0].place[1:]}/frames/1"
    sent = (accept("image/jls"), accept("image/jphc"), accept("image/jphc", "*"), STREAM, {"Accept": "*/*"})
    assert len({reader.get(place, headers=one).headers["ETag"] for one in sent}) == len(sent)
    rendered = f"{stored[0].place[1:]}/rendered"
    tags = {reader.get(rendered, params=one).headers["ETag"] for one in ({}, {"quality": "5"}, {"viewport": "9,9"})}
    assert len(tags) == 3


def test_the_same_question_has_the_same_answer(reader: TestClient, stored: Sequence[Stored]) -> None:
    place = f"{stored[0].place[1:]}/frames/1"
    assert reader.get(place, headers=accept("image/jphc")).content == (
        reader.get(place, headers=accept("image/jphc")).content
    )


@pytest.mark.parametrize("sent", [STREAM, accept("application/octet-stream", "*")])
@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-20", -20, None),
                                 ("bytes=5-99999999", 5, None)],
)  # fmt: skip
def test_a_stretch_of_what_is_stored_can_be_had(
    reader: TestClient, stored: Sequence[Stored], sent: dict[str, str], asked: str, first: int, last: int | None
) -> None:
    place = f"{stored[0].place[1:]}/frames/1"
    whole = reader.get(place, headers=sent)
    assert whole.headers["Accept-Ranges"] == "bytes"
    answer = reader.get(place, headers=sent | {"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole.content[first:last]
    begin = first % len(whole.content)
    end = begin + len(answer.content) - 1
    assert answer.headers["Content-Range"] == f"bytes {begin}-{end}/{len(whole.content)}"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_a_range_that_is_not_understood_gets_all(reader: TestClient, stored: Sequence[Stored], asked: str) -> None:
    answer = reader.get(f"{stored[0].place[1:]}/frames/1", headers=STREAM | {"Range": asked})
    assert answer.status_code == 200


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=9-3"])
def test_a_range_behind_the_end_is_refused(reader: TestClient, stored: Sequence[Stored], asked: str) -> None:
    answer = reader.get(f"{stored[0].place[1:]}/frames/1", headers=STREAM | {"Range": asked})
    assert answer.status_code == 416


def test_a_range_of_something_else_gets_all(reader: TestClient, stored: Sequence[Stored]) -> None:
    asked = STREAM | {"Range": "bytes=0-9", "If-Range": '"what it was before"'}
    assert reader.get(f"{stored[0].place[1:]}/frames/1", headers=asked).status_code == 200


def test_a_missing_object_is_told_before_anything_is_sent(
    reader: TestClient, stored: Sequence[Stored], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ContentStore.path
    gone = stored[2].record.image.image_id

    def without_one(self: ContentStore, image: object) -> object:
        found = path(self, image)  # type: ignore[arg-type]
        return found.with_suffix(".gone") if gone in found.name else found

    monkeypatch.setattr(ContentStore, "path", without_one)
    answer = reader.get(f"studies/{stored[0].record.image.study_id}", headers=accept("application/dicom", "*"))
    assert answer.status_code == 503
    assert "run 'mammoset pseudonymize' again" in answer.json()["detail"]


def test_an_object_that_cannot_be_decoded_is_told_instead_of_breaking_off(
    reader: TestClient, stored: Sequence[Stored], monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = stored[0].data.replace(b"\xff\xd9", b"\0\0")  # the end of the code stream
    monkeypatch.setattr(ContentStore, "read", lambda *_: damaged)
    for end, media_type in (("", "application/dicom"), ("/frames/1", "image/jls")):
        answer = reader.get(stored[0].place[1:] + end, headers=accept(media_type))
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("host", "base"),
    [("127.0.0.1:8000", "http://127.0.0.1:8000"), ("localhost:9000", "http://localhost:9000"),
     ("127.0.0.1", "http://127.0.0.1:8000")],
)  # fmt: skip
def test_addresses_in_answers_are_those_by_which_the_client_came(
    reader: TestClient, stored: Sequence[Stored], host: str, base: str
) -> None:
    (found,) = reader.get("studies", headers={"Host": host}).json()
    assert found["00081190"]["Value"][0].startswith(f"{base}/dicomweb/studies/")
    (found,) = reader.get(f"{stored[0].place[1:]}/metadata", headers={"Host": host}).json()
    assert found["7FE00010"]["BulkDataURI"].startswith(f"{base}/dicomweb/studies/")


def test_a_host_that_is_none_is_refused(reader: TestClient) -> None:
    assert reader.get("studies", headers={"Host": "127.0.0.1:port"}).status_code == 400


def test_behind_a_proxy_addresses_are_those_of_the_proxy(layouts: tuple[Project, tuple[Stored, ...]]) -> None:
    app = create_app(layouts[0], wire=replace(LOOPBACK, origin="https://reading.example"))
    with client_of(app, "anna") as anna:
        (found,) = anna.get("/dicomweb/studies").json()
    assert found["00081190"]["Value"][0].startswith("https://reading.example/dicomweb/studies/")
