"""What went wrong, for a person as a page and for a program as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from fastapi import FastAPI
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, Response

FOR_PROGRAMS = ("/api/", "/dicomweb/", "/dicom-web/")
"""Addresses under which problems are told to programs; a page is for people."""
PROBLEM_TYPE = "application/problem+json"

TITLES = {
    400: "This address does not fit",
    401: "Sign in first",
    403: "This is not yours to see",
    404: "There is nothing here",
    405: "This is not possible here",
    410: "This exam is held back",
    422: "This address does not fit",
    500: "Something went wrong",
    503: "Not just now",
}
"""Status to what the page says first; other statuses say that of 400 or 500."""

API_TITLES = {
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible as things stand",
    410: "Held back",
    422: "Not of the right form",
    429: "Too many attempts",
}


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457); further members say more, such as `violations`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None


_TOLD = {"content": {PROBLEM_TYPE: {"schema": ProblemOut.model_json_schema()}}}
ANSWERS = {
    "4XX": {"description": "Refused: the problem says why, and what to do", **_TOLD},
    "503": {"description": "The project cannot be served just now", **_TOLD},
}
"""What every route may answer besides what it is asked for."""
OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")
"""Models of answers that are never given: wrong parameters are told as problems as well."""


def describe_problems(app: FastAPI) -> None:
    """Have the application's description (OpenAPI) name the problems that each of its routes may answer with."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _with_problems(describe())
        return describe()

    app.openapi = described  # type: ignore[method-assign]


def _with_problems(description: dict[str, Any]) -> None:
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"].update(ANSWERS)
    for name in OF_THE_FRAMEWORK:
        description.get("components", {}).get("schemas", {}).pop(name, None)


class Refused(HTTPException):
    """A request is refused.

    Parameters
    ----------
    status : int
    detail : str
        For a person: what happened, and what to do.
    code : str
        Short machine word, such as ``conflict`` or ``held``; empty for none.
    more : mapping or None
        Further members of the problem details, as JSON values.
    headers : mapping or None
        Of the answer.
    """

    def __init__(
        self, status: int, detail: str, *, code: str = "", more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(status, detail, headers)
        self.more = ({"code": code} if code else {}) | dict(more or {})


def not_found() -> Refused:
    """Return the one answer for an exam that is not for somebody, and for one that does not exist."""
    return Refused(404, "there is no such exam here")


class Answer(Protocol):
    """Makes an answer of a problem."""

    def __call__(self, connection: HTTPConnection, problem: HTTPException) -> Response:
        """Return the answer; the problem's detail holds neither a path of the machine nor an original."""


class Problems:
    """Answers programs with problem details, people with a page."""

    def __init__(self, environment: Environment) -> None:
        self._page = environment.get_template("problem.html")

    def __call__(self, connection: HTTPConnection, problem: HTTPException) -> Response:
        """Return the answer."""
        status, detail = problem.status_code, str(problem.detail)
        if connection.url.path.startswith(FOR_PROGRAMS):
            title = API_TITLES.get(status, TITLES.get(status, "Error"))
            body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            more = getattr(problem, "more", {})
            return JSONResponse(body | more, status, headers=problem.headers, media_type=PROBLEM_TYPE)
        title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
        page = self._page.render(status=status, title=title, detail=detail)
        return HTMLResponse(page, status, headers=problem.headers)
