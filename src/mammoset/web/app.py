"""The application: middleware from outside in, routes by stage, errors as pages or problem details."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response

from mammoset import __version__
from mammoset.errors import MammosetError
from mammoset.project import Project
from mammoset.review import Groups
from mammoset.review.board import Board
from mammoset.web.door.access import check_complete
from mammoset.web.door.conditions import Conditions
from mammoset.web.door.gate import Gate
from mammoset.web.door.headers import SECURITY_HEADERS, SecurityHeaders
from mammoset.web.door.problems import Problems, Refused, describe_problems
from mammoset.web.door.proxies import FromProxies
from mammoset.web.door.refusals import answer_refusals
from mammoset.web.door.signing_in import SigningIn
from mammoset.web.door.wire import LOOPBACK, Wire
from mammoset.web.pages.exams import Exams
from mammoset.web.pictures.previews import Previews
from mammoset.web.room import Room
from mammoset.web.routes import (
    api,
    arbitration,
    assignments,
    browse,
    client,
    codestreams,
    dashboard,
    dicomweb,
    events,
    images,
    oidc,
    people,
    priors,
    reading,
    releases,
    reviewing,
    signing_in,
    status,
    tables,
    training,
)
from mammoset.web.routes.client import Assets
from mammoset.web.routes.signing_in import DemoAccount
from mammoset.web.site import CLIENT, STATIC, Site, make_environment

AREAS = (
    signing_in, oidc, client, arbitration, reading, priors, codestreams, status, reviewing,
    browse, images, tables, releases, api, dicomweb, dashboard, people,
    assignments, events, training,
)  # fmt: skip
"""Modules with a router each, in the order in which their routes are tried."""


def create_app(
    project: Project, *, token: str | None = None, wire: Wire = LOOPBACK, client: Path = CLIENT,
    demo_accounts: Sequence[DemoAccount] = (), guarantees: Groups | None = None,
) -> FastAPI:  # fmt: skip
    """Make the application for a project.

    Parameters
    ----------
    project : Project
        Open; the caller closes it after the application has ended.
    token : str or None
        Lets one browser in as administrator, once, where `wire` allows it; None for no such link.
    wire : Wire
        How the server is reached.
    client : Path
        Folder of the built client.
    demo_accounts : sequence of DemoAccount
        Told on the page on which one signs in; of a demo only.
    guarantees : mapping of keyword to Group, or None
        What the rules of the gate guarantee of elements; the gate itself is out of reach from here.

    Returns
    -------
    FastAPI
        OpenAPI description at ``/api/v1/openapi.json``.

    Raises
    ------
    LookupError
        If a route has no row in `mammoset.web.door.access.ACCESS`.
    ConfigError
        If the secret that an identity provider gave us cannot be read.
    """
    environment = make_environment(project.settings.dataset.name)
    problems = Problems(environment)
    conditions = Conditions(project)
    app = FastAPI(
        title=f"mammoset: {project.settings.dataset.name}", version=__version__,
        description="A dataset in the making.", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    exams, previews, room = Exams(project), Previews(project.content), Room.of(project)
    app.state.site = Site(project, exams, previews, environment, conditions, room, client)
    app.state.signing_in = SigningIn(project, wire, token)
    app.state.oidc = oidc.Door(project, wire)
    app.state.wire = wire
    app.state.review = Board(project, guarantees)
    app.state.demo_accounts = list(demo_accounts)
    _add_routes(app, [area.router for area in AREAS], client)
    _add_middleware(app, problems)
    _answer_errors(app, problems)
    describe_problems(app)
    return app


def _add_middleware(app: FastAPI, problems: Problems) -> None:
    """Add what every request passes, from inside out."""
    site, wire = app.state.site, app.state.wire
    app.add_middleware(
        Gate, routes=app.router.routes, signing_in=app.state.signing_in, conditions=site.conditions, refuse=problems,
        wire=wire,
    )  # fmt: skip
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=wire.hosts, www_redirect=False)
    app.add_middleware(FromProxies, proxies=wire.proxies)
    app.add_middleware(SecurityHeaders, is_secure=wire.is_secure)


def _add_routes(app: FastAPI, routers: Sequence[APIRouter], client: Path) -> None:
    """Add routes one by one, so that the gate finds each of them by itself, and see that each has a rule."""
    for router in routers:
        app.router.routes.extend(router.routes)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount("/assets", Assets(client))
    check_complete(app.router.routes)


def _answer_errors(app: FastAPI, problems: Problems) -> None:
    answer_refusals(app, problems)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return problems(request, error)

    @app.exception_handler(RequestValidationError)
    def bad_parameter(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return problems(request, Refused(422, told))

    @app.exception_handler(MammosetError)
    def defect(request: Request, error: MammosetError) -> Response:
        return problems(request, Refused(503, str(error)))

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        # made outside of all middleware, so it brings its headers itself; the error's own text may name a path
        told = f"{type(error).__name__}; the terminal that runs mammoset says more"
        answer = problems(request, Refused(500, told))
        answer.headers.update(SECURITY_HEADERS)
        return answer
