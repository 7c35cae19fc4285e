"""The application: middleware from outside in, routes by stage, errors as pages or problem details."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response

from mammoset import __version__
from mammoset.errors import MammosetError
from mammoset.project import Project
from mammoset.web.exams import Exams
from mammoset.web.headers import SECURITY_HEADERS, SecurityHeaders
from mammoset.web.previews import Previews
from mammoset.web.problems import Problems
from mammoset.web.routes import api, browse, images, releases, review, status, tables
from mammoset.web.sessions import SessionGate, Sessions
from mammoset.web.site import STATIC, Site, make_environment

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]", "::1")
"""Names by which a browser on this machine may call; another one means that a foreign site points here."""


def create_app(project: Project, *, token: str) -> FastAPI:
    """Make the application for a project.

    Parameters
    ----------
    project : Project
        Open; the caller closes it after the application has ended.
    token : str
        Lets one browser in, once.

    Returns
    -------
    FastAPI
        OpenAPI description at ``/api/v1/openapi.json``.

    Raises
    ------
    ConfigError
        If the token is empty.
    """
    dataset = project.settings.dataset.name
    environment = make_environment(dataset)
    problems = Problems(environment)
    app = FastAPI(
        title=f"mammoset: {dataset}", version=__version__, description="A dataset in the making; read only.",
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK_NAMES, www_redirect=False),
            Middleware(SessionGate, sessions=Sessions(token, dataset), refuse=problems),
        ],
    )  # fmt: skip
    app.state.site = Site(project, Exams(project), Previews(project.content), environment)
    for module in (status, review, browse, images, tables, releases, api):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    _answer_errors(app, problems)
    return app


def _answer_errors(app: FastAPI, problems: Problems) -> None:
    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return problems(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def bad_parameter(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return problems(request, 422, told)

    @app.exception_handler(MammosetError)
    def defect(request: Request, error: MammosetError) -> Response:
        return problems(request, 503, str(error))

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        # made outside of all middleware, so it brings its headers itself; the error's own text may name a path
        answer = problems(request, 500, f"{type(error).__name__}; the terminal that runs mammoset says more")
        answer.headers.update(SECURITY_HEADERS)
        return answer
