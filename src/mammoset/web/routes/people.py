"""People: who there is, who they may act as, and how they sign in."""

from __future__ import annotations

from fastapi import APIRouter, Response

from mammoset.web.answers.people import (
    PeopleOut,
    PersonalPassword,
    PersonChange,
    PersonIn,
    add_person,
    change_person,
    people_out,
    reset_password,
)
from mammoset.web.door.access import Viewer, Who
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/api/v1/people", tags=["people"])

NOWHERE = "no-store"
"""A password is told once: it is not to lie in a browser's folder."""


@router.get("")
def people(site: Here, who: Who) -> PeopleOut:
    """Return everybody, by name."""
    return _people(site, who)


def _people(site: Site, who: Viewer) -> PeopleOut:
    is_told = site.conditions.refusal(("told",), who, {}) is None
    return people_out(site.project, site.room.dashboard.tally().works, is_told=is_told)


@router.post("", status_code=201)
def add(site: Here, who: Who, body: PersonIn, response: Response) -> PersonalPassword:
    """Add a person, and tell a password for them once."""
    response.headers["Cache-Control"] = NOWHERE
    return add_person(site.project, body, by=who.name)


@router.patch("/{name}")
def change(site: Here, who: Who, name: str, body: PersonChange) -> PeopleOut:
    """Change what is known of a person; return everybody."""
    change_person(site.project, name, body, by=who.name)
    return _people(site, who)


@router.post("/{name}/password")
def new_password(site: Here, who: Who, name: str, response: Response) -> PersonalPassword:
    """Give a person a password drawn by lot, and tell it once; their sessions end."""
    response.headers["Cache-Control"] = NOWHERE
    return reset_password(site.project, name, by=who.name)
