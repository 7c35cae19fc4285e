"""What went wrong, for a person as a page and for a program as problem details (RFC 9457)."""

from __future__ import annotations

from typing import Protocol

from jinja2 import Environment
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, Response

API = "/api/"
PROBLEM_TYPE = "application/problem+json"

TITLES = {
    400: "This address does not fit",
    401: "Come in by the link that mammoset printed",
    404: "There is nothing here",
    405: "This is not possible here",
    422: "This address does not fit",
    500: "Something went wrong",
    503: "Not just now",
}
"""Status to what the page says first; other statuses say that of 400 or 500."""

API_TITLES = {401: "No session", 404: "Not found", 405: "Method not allowed", 422: "Parameter not allowed"}


class Answer(Protocol):
    """Makes an answer of a status and a detail."""

    def __call__(self, connection: HTTPConnection, status: int, detail: str) -> Response:
        """Return the answer; `detail` is for a person and holds neither a path of the machine nor an original."""


class Problems:
    """Answers with problem details under ``/api/``, with a page elsewhere."""

    def __init__(self, environment: Environment) -> None:
        self._page = environment.get_template("problem.html")

    def __call__(self, connection: HTTPConnection, status: int, detail: str) -> Response:
        """Return the answer."""
        if connection.url.path.startswith(API):
            title = API_TITLES.get(status, TITLES.get(status, "Error"))
            body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            return JSONResponse(body, status, media_type=PROBLEM_TYPE)
        title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
        return HTMLResponse(self._page.render(status=status, title=title, detail=detail), status)
