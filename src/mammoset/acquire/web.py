"""An archive by DICOMweb: QIDO-RS and WADO-RS (PS3.18 10), and its errors in words.

Addresses hold study UIDs and accession numbers, and foreign exceptions repeat addresses: neither gets into a message
or a log.
"""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from pydicom.datadict import tag_for_keyword

from mammoset.acquire.archive import PAUSES, Answer, Archive, Ended, ListedImage, PeerError, Question, Row, pause
from mammoset.acquire.multipart import BrokenAnswer, boundary_of, parts_to_files
from mammoset.errors import ConfigError
from mammoset.project.settings import DicomWebSettings

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 300.0
"""An archive may fetch a study from tape before its first byte."""
PAGE = 100
MOST_PAGES = 1000
AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'
"""PS3.18 8.7.3.5.2: in whatever transfer syntax it lies there."""
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
TOO_MUCH = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
"""What an archive answers to a query with more results than it allows (PS3.18 8.3.4.4)."""

HINTS: dict[int, str] = {
    401: "set login_file for it in mammoset.toml: one line, user:password or a token",
    403: "ask that this login may query and retrieve",
    404: "does its url in mammoset.toml end as it should, often in /dicom-web or /rs?",
    406: "it does not send objects as they are stored",
}

for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they log every address


class WebArchive(Archive):
    """An archive of the settings that speaks DICOMweb; close it in the end."""

    query = "query (QIDO-RS)"

    def __init__(
        self, name: str, settings: DicomWebSettings, root: Path, pause: Callable[[float], object] = pause
    ) -> None:
        self.name = name
        self.settings = settings
        self.pause = pause
        self.client = httpx2.Client(
            headers=_login(name, settings, root), trust_env=False, follow_redirects=False,
            timeout=httpx2.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
        )  # fmt: skip

    def close(self) -> None:
        """Close its connections."""
        self.client.close()

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask questions, page by page until a page brings nothing new: it may hold less than was asked for."""
        return [self._ask(one) for one in questions]

    def _ask(self, question: Question) -> Answer:
        keys = dict(question.keys)
        path = _path(question.level, keys)
        values = {keyword: value for keyword, value in keys.items() if value}
        fields = ",".join(keyword for keyword, value in keys.items() if not value)
        found: dict[str, Row] = {}
        for _ in range(MOST_PAGES):
            asked = {**values, "includefield": fields, "limit": str(PAGE), "offset": str(len(found))}
            page, problem = self._page(path, {key: value for key, value in asked.items() if value})
            before = len(found)
            found.update((json.dumps(row, sort_keys=True), _row(row, question.keys)) for row in page)
            if problem or len(found) == before:
                return Answer(list(found.values()), problem)
        return Answer(list(found.values()), f"more than {len(found)} results")

    def _page(self, path: str, asked: Mapping[str, str]) -> tuple[list[dict[str, Any]], str]:
        with self._answer(self.query, path, "application/dicom+json", asked) as answer:
            if answer.status_code == HTTPStatus.NO_CONTENT:
                return [], ""
            if answer.status_code == TOO_MUCH:
                return [], _words(answer)
            self._require_success(self.query, answer)
            try:
                rows = json.loads(answer.read() or b"[]")
            except ValueError:
                rows = None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise PeerError(self.name, self.query, "its answer is not DICOM JSON", "is its url that of DICOMweb?")
        return rows, ""

    def retrieve(self, study_uid: str, image: ListedImage | None, folder: Path, store: Callable[[Path], None]) -> Ended:
        """Fetch a study, or one object of it, into files of a folder; `store` gets each as soon as it is whole."""
        doing = "retrieval (WADO-RS)"
        path = f"studies/{_safe(study_uid)}"
        if image is not None:
            path += f"/series/{_safe(image.series_uid)}/instances/{_safe(image.sop_uid)}"
        with self._answer(doing, path, AS_STORED, {}) as answer:
            if answer.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
                if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_ACCEPTABLE):
                    self._require_success(doing, answer)
                return Ended(False, _words(answer))
            try:
                boundary = boundary_of(answer.headers.get("Content-Type", ""))
                for file in parts_to_files(answer.iter_bytes(), boundary, folder):
                    store(file)
            except BrokenAnswer:
                return Ended(False, "its answer ended in the middle, or is not the multipart that was asked for")
            except httpx2.HTTPError as error:  # what came before is whole
                return Ended(False, self._trouble(error)[0])
            return Ended(answer.status_code == HTTPStatus.OK, _words(answer))

    @contextmanager
    def _answer(self, doing: str, path: str, accept: str, asked: Mapping[str, str]) -> Iterator[httpx2.Response]:
        """Hold the answer to a request; one that the archive is too busy for is repeated."""
        address = f"{self.settings.url.rstrip('/')}/{path}"
        try:
            for seconds in (*PAUSES, None):
                with self.client.stream("GET", address, params=dict(asked), headers={"Accept": accept}) as answer:
                    if answer.status_code not in BUSY or seconds is None:
                        yield answer
                        return
                self.pause(seconds)
        except httpx2.HTTPError as error:
            raise PeerError(self.name, doing, *self._trouble(error)) from None

    def _trouble(self, error: httpx2.HTTPError) -> tuple[str, str]:
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return (
                f"no connection to {self.settings.url}",
                "is it running, is the url right, and does this machine trust its certificate?",
            )
        if isinstance(error, httpx2.TimeoutException):
            return f"no answer for {SILENT_SECONDS:.0f} s", "its log says more"
        return "it closed the connection", "its log says more"

    def _require_success(self, doing: str, answer: httpx2.Response) -> None:
        if answer.status_code != HTTPStatus.OK:
            hint = HINTS.get(answer.status_code, "its log says more")
            raise PeerError(self.name, doing, _words(answer), hint)


def _login(name: str, settings: DicomWebSettings, root: Path) -> dict[str, str]:
    if settings.login_file is None:
        return {}
    try:
        line = (root / settings.login_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        line = ""
    if not line or "\n" in line:
        raise ConfigError(
            f"peer '{name}': its login_file cannot be read or is not one line; write user:password or a token into it"
        )
    return {"Authorization": f"Basic {b64encode(line.encode()).decode()}" if ":" in line else f"Bearer {line}"}


def _path(level: str, keys: dict[str, str]) -> str:
    """Return the resource of a level, and take the UIDs that are part of it out of the keys."""
    if level == "STUDY":
        return "studies"
    path = f"studies/{_safe(keys.pop('StudyInstanceUID'))}/series"
    return path if level == "SERIES" else f"{path}/{_safe(keys.pop('SeriesInstanceUID'))}/instances"


def _safe(uid: str) -> str:
    """Return a UID as part of an address; an archive may hold what is none."""
    return quote(uid, safe="")


def _row(found: Mapping[str, Any], keys: Mapping[str, str]) -> Row:
    """Return the values of a DICOM JSON row (PS3.18 F.2) by keyword."""
    row = {}
    for keyword in keys:
        element = found.get(f"{tag_for_keyword(keyword):08X}")
        values = element.get("Value") if isinstance(element, dict) else None
        row[keyword] = tuple(str(one).strip() for one in values or () if one is not None)
    return row


def _words(answer: httpx2.Response) -> str:
    """Return an HTTP status in digits and words of the standard; the archive's own could be anything."""
    try:
        phrase = HTTPStatus(answer.status_code).phrase.lower()
    except ValueError:
        phrase = "unknown status"
    return f"HTTP {answer.status_code} {phrase}"
