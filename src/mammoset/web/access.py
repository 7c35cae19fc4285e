"""Who may do what: every decision about access is a row of one table.

A route that has no row does not start. What a row asks of the exam (`Must`) is asked before the route's own code runs;
an exam that is not for somebody is answered like one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple

from fastapi import Depends, HTTPException, Request

RoleName = Literal["reader", "arbiter", "reviewer", "admin"]
ROLES: tuple[RoleName, ...] = ("reader", "arbiter", "reviewer", "admin")

Must = Literal["reads", "arbitrates", "answers", "shown"]
"""What must hold between the person and the exam that the address names.

``reads``: is assigned to it as reader (or senior reader). ``arbitrates``: is its arbiter. ``answers``: either.
``shown``: may see its pictures now: an answerer while it is approved and not held, a reviewer always, and anybody
once the reading phase is closed.
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
    """

    roles: frozenset[str] = frozenset()
    must: tuple[Must, ...] = ()
    is_public: bool = False


PUBLIC, SIGNED_IN = Rule(is_public=True), Rule()


def only(*roles: RoleName, must: tuple[Must, ...] = ()) -> Rule:
    """Return the rule that any of these roles is enough."""
    return Rule(frozenset(roles), must)


ACCESS: dict[tuple[str, str], Rule] = {
    # signing in
    ("GET", "/api/v1/sign-in"): PUBLIC,
    ("POST", "/api/v1/session"): PUBLIC,
    ("DELETE", "/api/v1/session"): SIGNED_IN,
    ("GET", "/api/v1/me"): SIGNED_IN,
    ("POST", "/api/v1/me/password"): SIGNED_IN,
    # reading
    # arbitration
    # review
    # people and assignments
    # dashboard
    # DICOMweb
    # pages made on the server
}
"""Method and address, as its route spells it, to its rule."""


def _viewer_of(request: Request) -> Viewer:
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is None:
        raise HTTPException(401, "sign in first")
    return viewer


Who = Annotated[Viewer, Depends(_viewer_of)]
"""Annotation by which a route asks who is there."""
