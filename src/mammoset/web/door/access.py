"""Who may do what: every decision about access is a row of one table.

A route that has no row does not start. What a row asks of the exam (`Must`) is asked before the route's own code runs;
an exam that is not for somebody is answered like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple

from fastapi import Depends, Request
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from mammoset.web.door.problems import Refused

RoleName = Literal["reader", "arbiter", "reviewer", "admin"]
ROLES: tuple[RoleName, ...] = ("reader", "arbiter", "reviewer", "admin")

Must = Literal["reads", "arbitrates", "answers", "shown", "told", "trained"]
"""What must hold besides the role; but for ``told``, of the exam that the address names by ``study_id``, ``image_id``.

``reads``: is assigned to it as reader (or senior reader). ``arbitrates``: is its arbiter. ``answers``: either.
``shown``: may see its pictures now: an answerer while it is approved and not held, a reviewer always, and anybody
once the reading phase is closed. ``told``: may be told what follows from readings: an administrator who neither reads
nor arbitrates, and anybody once the reading phase is closed. ``trained``: has been through the training, where the
project asks that of its readers; of arbiters and seniors nothing is asked.
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks.

    Attributes
    ----------
    name : str
        As `mammoset.model.Reader.reader_id`.
    roles : frozenset of str
    must_change : bool
        Whether a password of their own has yet to be set: until then nothing but that is possible.
    """

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    must_change: bool = False


class Rule(NamedTuple):
    """Who may use a route.

    Attributes
    ----------
    roles : frozenset of str
        Any of them is enough; empty means everybody who is signed in.
    must : tuple of Must
        What must hold of the exam that the address names, all of it.
    is_public : bool
        Open without a session.
    is_early : bool
        Open also to somebody who has yet to set a password of their own.
    """

    roles: frozenset[str] = frozenset()
    must: tuple[Must, ...] = ()
    is_public: bool = False
    is_early: bool = False


PUBLIC, SIGNED_IN, EARLY = Rule(is_public=True), Rule(), Rule(is_early=True)
TOLD, SHOWN = Rule(must=("told",)), Rule(must=("shown",))


def only(*roles: RoleName, must: tuple[Must, ...] = ()) -> Rule:
    """Return the rule that any of these roles is enough."""
    return Rule(frozenset(roles), must)


ACCESS: dict[tuple[str, str], Rule] = {
    # signing in
    ("GET", "/api/v1/sign-in"): PUBLIC,
    ("POST", "/api/v1/session"): PUBLIC,
    ("DELETE", "/api/v1/session"): EARLY,
    ("GET", "/api/v1/me"): EARLY,
    ("POST", "/api/v1/me/password"): EARLY,
    ("GET", "/oidc/start"): PUBLIC,
    ("GET", "/oidc/callback"): PUBLIC,
    ("GET", "/api/v1/openapi.json"): SIGNED_IN,
    # the client: pages without content, which ask for it themselves
    ("GET", "/sign-in"): PUBLIC,
    ("GET", "/assets"): PUBLIC,
    ("GET", "/service-worker.js"): PUBLIC,
    ("GET", "/"): EARLY,
    ("GET", "/worklist"): EARLY,
    ("GET", "/arbitration"): EARLY,
    ("GET", "/dashboard"): EARLY,
    ("GET", "/people"): EARLY,
    ("GET", "/assignments"): EARLY,
    ("GET", "/events"): EARLY,
    ("GET", "/account"): EARLY,
    ("GET", "/read/{study_id}"): EARLY,
    ("GET", "/arbitrate/{study_id}"): EARLY,
    ("GET", "/training"): EARLY,
    ("GET", "/training/{number}"): EARLY,
    ("GET", "/review"): EARLY,
    ("GET", "/review/values"): EARLY,
    ("GET", "/review/images"): EARLY,
    # reading
    ("GET", "/api/v1/labels"): only("reader", "arbiter"),
    ("GET", "/api/v1/worklist"): only("reader", "arbiter"),
    ("GET", "/api/v1/holds"): only("reader", "arbiter"),
    ("GET", "/api/v1/signals"): only("reader", "arbiter"),
    ("GET", "/api/v1/studies/{study_id}/exam"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("POST", "/api/v1/studies/{study_id}/opening"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("GET", "/api/v1/studies/{study_id}/draft"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("PUT", "/api/v1/studies/{study_id}/draft"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("GET", "/api/v1/studies/{study_id}/reading"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("POST", "/api/v1/studies/{study_id}/reading"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("POST", "/api/v1/studies/{study_id}/amendment"): only("reader", "arbiter", must=("answers", "shown", "trained")),
    ("POST", "/api/v1/studies/{study_id}/flag"): only("reader", "arbiter", must=("answers",)),
    ("GET", "/api/v1/images/{image_id}/codestream"): SHOWN,
    ("GET", "/api/v1/studies/{study_id}/priors/{prior_id}/codestream"): only(
        "reader", "arbiter", must=("answers", "shown", "trained")
    ),
    # training: phantoms, apart from the dataset
    ("GET", "/api/v1/training"): only("reader", "arbiter"),
    ("POST", "/api/v1/training/rounds"): only("reader", "arbiter"),
    ("GET", "/api/v1/training/exams/{number}"): only("reader", "arbiter"),
    ("POST", "/api/v1/training/exams/{number}/reading"): only("reader", "arbiter"),
    ("GET", "/api/v1/training/exams/{number}/feedback"): only("reader", "arbiter"),
    ("GET", "/api/v1/training/images/{name}/codestream"): only("reader", "arbiter"),
    # arbitration
    ("GET", "/api/v1/arbitration"): only("arbiter"),
    ("GET", "/api/v1/studies/{study_id}/reads"): only("arbiter", must=("arbitrates", "shown")),
    # review
    ("GET", "/api/v1/review/summary"): only("reviewer"),
    ("GET", "/api/v1/review/elements"): only("reviewer"),
    ("GET", "/api/v1/review/elements/{element}/values"): only("reviewer"),
    ("GET", "/api/v1/review/images"): only("reviewer"),
    ("GET", "/api/v1/review/images/{image_id}"): only("reviewer"),
    ("GET", "/api/v1/review/images/{image_id}/preview"): only("reviewer"),
    ("GET", "/api/v1/review/regions"): only("reviewer"),
    ("GET", "/api/v1/review/regions/{region_id}/crop"): only("reviewer"),
    ("POST", "/api/v1/review/decisions"): only("reviewer"),
    # people and assignments
    ("GET", "/api/v1/people"): only("admin"),
    ("POST", "/api/v1/people"): only("admin"),
    ("PATCH", "/api/v1/people/{name}"): only("admin"),
    ("POST", "/api/v1/people/{name}/password"): only("admin"),
    ("GET", "/api/v1/assignments"): only("admin"),
    ("POST", "/api/v1/assignments"): only("admin"),
    ("POST", "/api/v1/assignments/draw"): only("admin"),
    ("POST", "/api/v1/assignments/withdrawal"): only("admin"),
    ("POST", "/api/v1/phase/closing"): only("admin"),
    ("GET", "/api/v1/events"): only("admin"),
    # dashboard
    ("GET", "/api/v1/dashboard/progress"): SIGNED_IN,
    ("GET", "/api/v1/dashboard/agreement"): TOLD,
    # DICOMweb
    ("GET", "/dicomweb/studies"): SIGNED_IN,
    ("GET", "/dicomweb/series"): SIGNED_IN,
    ("GET", "/dicomweb/instances"): SIGNED_IN,
    ("GET", "/dicomweb/studies/{study_id}"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/instances"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/metadata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/pixeldata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/rendered"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/thumbnail"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/metadata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/pixeldata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/rendered"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/thumbnail"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/metadata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/pixeldata"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/bulkdata/{tag}"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/rendered"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/thumbnail"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/frames/{frames}"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/frames/{frames}/rendered"): SHOWN,
    ("GET", "/dicomweb/studies/{study_id}/series/{series_id}/instances/{image_id}/frames/{frames}/thumbnail"): SHOWN,
    # pages made on the server
    ("GET", "/static"): PUBLIC,
    ("GET", "/status"): TOLD,
    ("GET", "/exams"): TOLD,
    ("GET", "/exams/{study_id}"): TOLD,
    ("GET", "/exams/{study_id}/images/{image_id}"): TOLD,
    ("GET", "/images/{image_id}/preview.webp"): TOLD,
    ("GET", "/tables/{name}.csv"): TOLD,
    ("GET", "/tables/{name}"): TOLD,
    ("GET", "/releases"): TOLD,
    ("GET", "/api/v1/status"): TOLD,
    ("GET", "/api/v1/exams"): TOLD,
    ("GET", "/api/v1/exams/{study_id}"): TOLD,
}
"""Method and address, as its route spells it, to its rule; an address without braces may be a folder of files."""


class Place(NamedTuple):
    """A route as the table spells it, and what the request's address says in its braces."""

    method: str
    path: str
    parameters: Mapping[str, str]

    @property
    def rule(self) -> Rule:
        """Return who may use it; `check_complete` has seen to it that there is a row."""
        return ACCESS[self.method, self.path]


def spelled(route: BaseRoute) -> list[tuple[str, str]]:
    """Return method and address of a route as the table spells them, one for each method."""
    methods = getattr(route, "methods", None) or {"GET"}
    return [(method, getattr(route, "path", "?")) for method in sorted(methods) if method != "HEAD"]


def check_complete(routes: Iterable[BaseRoute]) -> None:
    """Check that every route has a rule.

    Raises
    ------
    LookupError
        Naming those that have none: a route that nobody thought about is open to nobody.
    """
    missing = [" ".join(one) for route in routes for one in spelled(route) if one not in ACCESS]
    if missing:
        raise LookupError(f"no row in mammoset.web.door.access.ACCESS: {', '.join(missing)}; say who may use it")


def place_of(routes: Iterable[BaseRoute], scope: Scope) -> Place | None:
    """Return the route that answers a request; None when there is none, or none for its method."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    for route in routes:
        match, found = route.matches(scope)
        if match is Match.FULL:
            place = Place(method, spelled(route)[0][1], found.get("path_params", {}))
            return place if (method, place.path) in ACCESS else None  # a folder of files answers one method
    return None


def _viewer_of(request: Request) -> Viewer:
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is None:
        raise Refused(401, "sign in first")
    return viewer


Who = Annotated[Viewer, Depends(_viewer_of)]
"""Annotation by which a route asks who is there."""
