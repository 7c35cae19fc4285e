"""Exams by DICOMweb: from Orthanc's plugin, and from a server that misbehaves as it is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydicom import dcmread
from pydicom.uid import JPEGLosslessSV1

from mammoset.acquire import Clock, WantedList, acquire_pacs, study_pseudonyms_of
from mammoset.acquire.admit import open_vault
from mammoset.errors import AcquireError, ConfigError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.acquire.made import (
    BASIC_TEXT_SR,
    CT_IMAGE,
    VIEWS,
    encoded,
    exam,
    for_processing,
    image_uid,
    mammogram,
    plain,
    study_uid,
)
from tests.acquire.peers import Archive, orthanc

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
OPTIONS: dict[str, Any] = {"Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}}
JSON = "application/dicom+json"


def settings(url: str, more: str = "") -> str:
    return f'[dataset]\nname = "dataset"\n[acquire.peers.web]\nurl = "{url}"\nmethod = "dicomweb"\n{more}\n'


@pytest.fixture
def project_at(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    made: list[Project] = []

    def project_at(url: str, more: str = "") -> Project:
        made.append(Project.create(tmp_path / f"project{len(made)}", settings_text=settings(url, more)))
        return made[-1]

    yield project_at
    for project in made:
        project.close()


def archived() -> list[bytes]:
    objects = [*exam(1), *exam(2, VIEWS[:3]), for_processing(1, 9), plain(1, 10, BASIC_TEXT_SR, "SR")]
    objects += [for_processing(3, 1), plain(4, 1, CT_IMAGE, "CT"), *exam(6, StudyDate="20190107")]
    for made in objects:
        made.AccessionNumber = f"A{made.StudyInstanceUID[-1]}"
    return [*(encoded(made) for made in objects), *(encoded(made, JPEGLosslessSV1) for made in exam(5))]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with orthanc(tmp_path_factory.mktemp("orthanc"), archived(), OPTIONS) as archive:
        yield url_of(archive)


def url_of(archive: Archive) -> str:
    return f"http://127.0.0.1:{archive.http}/dicom-web"


@pytest.mark.real("orthanc-dicomweb")
@pytest.mark.real("orthanc")
@pytest.mark.parametrize("days", [(None, None), (date(2019, 1, 4), date(2019, 1, 8))])
def test_the_whole_archive_arrives_as_it_is_stored_and_is_accounted_for(
    web: str, project_at: Callable[..., Project], days: tuple[date | None, date | None]
) -> None:
    project = project_at(web)
    summary = acquire_pacs(project, "web", date_from=days[0], date_to=days[1])
    assert summary.exams == {
        ("kept", ""): 3, ("excluded", "missing_views"): 1, ("excluded", "not_mammography"): 1,
    }  # fmt: skip
    assert summary.objects[("kept", "")] == 15
    vault = open_vault(project)
    assert not list(vault.incoming.iterdir())
    syntaxes = [dcmread(one.path).file_meta.TransferSyntaxUID for one in vault.originals()]
    assert syntaxes.count(JPEGLosslessSV1) == 4
    sources = {made.SOPInstanceUID: made.PixelData for study in (1, 2, 6) for made in exam(study)}
    for one in vault.originals():
        received = dcmread(one.path)
        assert received.PixelData == sources.get(received.SOPInstanceUID, received.PixelData)
    again = acquire_pacs(project, "web")
    assert not again.objects, "nothing is fetched twice"


@pytest.mark.real("orthanc-dicomweb")
@pytest.mark.real("orthanc")
def test_a_list_of_uids_and_accession_numbers_is_the_pool(web: str, project_at: Callable[..., Project]) -> None:
    wanted = WantedList({1: "A2", 2: study_uid(5), 4: "A1", 5: "NONE", 6: study_uid(99), 7: "A1"})
    summary = acquire_pacs(project_at(web), "web", wanted=wanted)
    assert (summary.pool, summary.complete, summary.unmatched) == (3, 2, (5, 6))


@pytest.mark.real("orthanc-dicomweb")
@pytest.mark.real("orthanc")
def test_no_address_gets_into_a_log(
    web: str, project_at: Callable[..., Project], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    acquire_pacs(project_at(web), "web", wanted=WantedList({1: "A1"}))
    assert study_uid(1) not in caplog.text
    assert "A1" not in caplog.text


@pytest.mark.real("orthanc-dicomweb")
@pytest.mark.real("orthanc")
def test_a_wrong_url_is_explained(web: str, project_at: Callable[..., Project]) -> None:
    with pytest.raises(AcquireError, match=r"query \(QIDO-RS\): HTTP 404 not found; does its url in mammoset.toml end"):
        acquire_pacs(project_at(f"{web}/wrong"), "web")


class Served(BaseHTTPRequestHandler):
    """Answers as its server's `script` says: (status, content type, body, length that is claimed)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {key: value[0] for key, value in parse_qs(parts.query).items()}
        asked["authorization"] = self.headers.get("Authorization", "")
        status, kind, body, claimed = self.server.script(parts.path, asked)  # type: ignore[attr-defined]
        self.send_response(status, "as in a name: Doe^Jane")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(claimed if claimed else len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = bool(claimed)

    def log_message(self, *_: object) -> None:
        pass


Answered = tuple[int, str, bytes, int]
Script = Callable[[str, dict[str, str]], Answered]


@contextmanager
def serving(script: Script) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    server.script = script  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def json_rows(*rows: dict[str, str]) -> Answered:
    """Return an answer with rows of values by tag."""
    body = ",".join(
        "{" + ",".join(f'"{tag}":{{"vr":"UI","Value":["{value}"]}}' for tag, value in row.items()) + "}" for row in rows
    )
    return 200, JSON, f"[{body}]".encode(), 0


def multipart(objects: list[bytes], *, cut: int = 0) -> Answered:
    whole = b"".join(b"\r\n--b=1\r\nContent-Type: application/dicom\r\n\r\n" + one for one in objects)
    whole += b"\r\n--b=1--\r\n"
    kind = 'multipart/related; type="application/dicom"; boundary="b=1"'
    return 200, kind, whole[: len(whole) - cut], len(whole) if cut else 0


class OneExam:
    """A DICOMweb server with one exam."""

    def __init__(self) -> None:
        self.objects = {made.SOPInstanceUID: encoded(made) for made in exam(1)}
        self.retrieved: list[str] = []
        self.deliver: Callable[[list[bytes]], Answered] = multipart

    def __call__(self, path: str, asked: dict[str, str]) -> Answered:
        if int(asked.get("offset", 0)):
            return 204, JSON, b"", 0
        if path == "/studies":
            return json_rows({"0020000D": study_uid(1), "00080061": "MG"})
        if path.endswith("/series"):
            return json_rows({"0020000E": "1.2.3", "00080060": "MG"})
        if path.endswith("/instances"):
            return json_rows(*({"00080018": uid} for uid in self.objects))
        self.retrieved.append(path)
        name = path.rpartition("/")[2]
        return self.deliver([self.objects[name]] if name in self.objects else list(self.objects.values()))


@pytest.mark.parametrize(("cut", "n_lost"), [(1, 0), (8, 1), (200, 1), (1300, 2)])
def test_an_answer_that_breaks_off_is_made_up_for_object_by_object(
    project_at: Callable[..., Project], cut: int, n_lost: int
) -> None:
    script = OneExam()
    script.deliver = lambda objects: multipart(objects, cut=cut if len(objects) == 4 else 0)
    with serving(script) as url:
        project = project_at(url)
        assert acquire_pacs(project, "web").exams == {("kept", ""): 1}
    assert len(script.retrieved) == 1 + n_lost
    assert {one.path.read_bytes() for one in open_vault(project).originals()} == set(script.objects.values())
    assert not list(open_vault(project).incoming.iterdir())


def test_what_is_missing_is_named_and_the_next_run_fetches_just_that(project_at: Callable[..., Project]) -> None:
    script = OneExam()
    script.deliver = lambda objects: multipart(objects[:3]) if len(objects) == 4 else (404, "text/plain", b"gone", 0)
    with serving(script) as url:
        project = project_at(url)
        assert acquire_pacs(project, "web").exams == {("failed", "peer_failed"): 1}
        (pseudonym,) = study_pseudonyms_of(project, [study_uid(1)]).values()
        found = project.catalog.study_decisions(Stage.ACQUIRE)[pseudonym]
        assert found.outcome == Outcome.FAILED
        assert found.detail == "HTTP 404 not found; 1 of 4 mammograms did not arrive"
        script.deliver = multipart
        script.retrieved.clear()
        assert acquire_pacs(project, "web").exams == {("kept", ""): 1}
        assert [path.rpartition("/")[2] for path in script.retrieved] == [image_uid(1, 4)]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, "text/plain", b"", 0), r"HTTP 401 unauthorized; set login_file"),
        ((403, "text/plain", b"", 0), r"HTTP 403 forbidden; ask that this login"),
        ((500, "text/plain", b"Doe^Jane", 0), r"HTTP 500 internal server error; its log"),
        ((503, "text/plain", b"", 0), r"HTTP 503 service unavailable"),
        ((302, "text/plain", b"", 0), r"HTTP 302 found"),
        ((200, "text/html", b"<html>Doe^Jane</html>", 0), r"its answer is not DICOM JSON; is its url"),
        ((200, JSON, b'{"a": 1}', 0), r"its answer is not DICOM JSON"),
        ((200, JSON, b"[{", 99), r"it closed the connection"),
        ((413, "text/plain", b"", 0), r"HTTP 413 .*give the first and the last date"),
    ],
)
def test_an_answer_of_no_use_is_explained_without_repeating_it(
    project_at: Callable[..., Project], answer: Answered, message: str
) -> None:
    waits: list[float] = []
    with (
        serving(lambda *_: answer) as url,
        pytest.raises(AcquireError, match=r"peer 'web': query .*" + message) as caught,
    ):
        acquire_pacs(project_at(url), "web", clock=Clock(wait=waits.append))
    assert "Doe" not in str(caught.value)
    assert bool(waits) == (answer[0] == 503), "only what is busy is tried again later"


def test_an_archive_that_is_not_there_is_named_with_its_url(project_at: Callable[..., Project]) -> None:
    with serving(OneExam()) as url:
        pass
    with pytest.raises(AcquireError, match=rf"no connection to {url}; is it running"):
        acquire_pacs(project_at(url), "web")


@pytest.mark.parametrize("limit", [7, 30])
def test_pages_are_asked_for_until_one_brings_nothing_new(project_at: Callable[..., Project], limit: int) -> None:
    def paged(path: str, asked: dict[str, str]) -> Answered:
        start = int(asked.get("offset", 0))
        numbers = range(start, min(start + limit, 60))
        return json_rows(*({"0020000D": study_uid(number), "00080061": "MG"} for number in numbers))

    with serving(paged) as url:
        assert acquire_pacs(project_at(url), "web", dry_run=True).pool == 60


@pytest.mark.parametrize(("line", "sent"), [("jane:s:cret", "Basic amFuZTpzOmNyZXQ="), ("token.1", "Bearer token.1")])
def test_a_login_is_read_from_its_file(project_at: Callable[..., Project], line: str, sent: str) -> None:
    seen: set[str] = set()
    script = OneExam()

    def watched(path: str, asked: dict[str, str]) -> Answered:
        seen.add(asked["authorization"])
        return script(path, asked)

    with serving(watched) as url:
        project = project_at(url, 'login_file = "login"')
        with pytest.raises(ConfigError, match="login_file cannot be read or is not one line"):
            acquire_pacs(project, "web")
        (project.root / "login").write_text(line + "\n")
        assert acquire_pacs(project, "web").complete == 1
    assert seen == {sent}


def test_a_peer_of_the_other_kind_is_explained(project_at: Callable[..., Project], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="peer 'web' has a url: it is asked by dicomweb"):
        acquire_pacs(project_at("http://127.0.0.1:9"), "web", method="get")
    text = Archive("none", "PACS", 4, 5).settings()
    with (
        Project.create(tmp_path / "dicom", settings_text=text) as project,
        pytest.raises(ConfigError, match="peer 'pacs' has no url: it is asked by move or get"),
    ):
        acquire_pacs(project, "pacs", method="dicomweb")


def test_a_mammogram_is_what_it_was(project_at: Callable[..., Project]) -> None:
    """Of a stored object every byte comes through the multipart, whatever it holds."""
    script = OneExam()
    hostile = mammogram(1, "L-CC", Rows=2, Columns=16, PixelData=b"\r\n--b=\r\n--b=2\r\n\r\n--b".ljust(64, b"-"))
    script.objects[hostile.SOPInstanceUID] = encoded(hostile)
    with serving(script) as url:
        project = project_at(url)
        acquire_pacs(project, "web")
    assert {one.path.read_bytes() for one in open_vault(project).originals()} == set(script.objects.values())
