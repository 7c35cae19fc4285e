"""A reader at a browser, in one line for each thing they do."""

from __future__ import annotations

from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.rules import CONFIRMATIONS
from mammoset.model import Reading
from tests.builders import reading

V1 = "/api/v1"


def body_of(answer: Reading) -> dict[str, Any]:
    """Return an answer as a client sends it."""
    return {key: value for key, value in reading_to_json(answer).items() if key not in ("study_id", "reader_id")}


def body(study_id: str, **what: Any) -> dict[str, Any]:
    """Return an answer as a client sends it; `what` as in `tests.builders.reading`, and a comment."""
    comment = what.pop("comment", "")
    return body_of(reading(study_id, "anybody", **what)) | {"comment": comment}


def at(study_id: str, what: str) -> str:
    """Return the address of something of an exam."""
    return f"{V1}/studies/{study_id}/{what}"


def save(browser: TestClient, study_id: str, known: int, answer: dict[str, Any], **more: Any) -> Response:
    """Save a draft over the version that is known."""
    sent = {"reading": answer, "seconds": {}, "stage": "4-up"} | more
    return browser.put(at(study_id, "draft"), json=sent, headers={"If-Match": f'"{known}"'})


def submit(browser: TestClient, study_id: str, answer: dict[str, Any], version: int = 0, **more: Any) -> Response:
    """Submit an answer and confirm whatever is to be confirmed."""
    sent = {"reading": answer, "version": version, "confirmed": sorted(CONFIRMATIONS)} | more
    return browser.post(at(study_id, "reading"), json=sent)


def amend(browser: TestClient, study_id: str, answer: dict[str, Any], reason: str = "slip") -> Response:
    """Amend an answer and confirm whatever is to be confirmed."""
    return browser.post(
        at(study_id, "amendment"), json={"reading": answer, "reason": reason, "confirmed": sorted(CONFIRMATIONS)}
    )


def flag(browser: TestClient, study_id: str, **more: Any) -> Response:
    """Flag an exam."""
    return browser.post(at(study_id, "flag"), json={"kind": "other", "reason": "blurred"} | more)
