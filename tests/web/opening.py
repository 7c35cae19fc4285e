"""A browser, as the tests without a real one have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from mammoset.project import Project
from mammoset.web import create_app

BASE = "http://127.0.0.1:8000"


@contextmanager
def opened(project: Project) -> Iterator[TestClient]:
    """Give a browser that came in by the token of an application of its own."""
    with TestClient(create_app(project, token="once"), base_url=BASE) as browser:
        assert browser.get("/", params={"token": "once"}).status_code == 200
        yield browser
