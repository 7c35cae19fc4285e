"""Signing in and out, who one is, and one's password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mammoset.catalog import passwords
from mammoset.catalog.accounts import BY_PASSWORD
from mammoset.errors import ConfigError
from mammoset.web.door.access import ROLES, Viewer, Who
from mammoset.web.door.conditions import phase_is_closed
from mammoset.web.door.problems import Refused
from mammoset.web.door.signing_in import SigningIn, csrf_token
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["signing in"])

Password = Annotated[str, Field(max_length=1024)]
WHAT_IS_CLEARED = '"cache", "storage"'
"""Of the browser at signing out: drafts that were not sent yet must not wait for the next person."""


class ProviderOut(BaseModel):
    """An identity provider."""

    id: str
    name: str
    start_url: str


class DemoAccount(BaseModel):
    """A person of the demo, told to everybody: its patients are drawings."""

    name: str
    password: str
    roles: list[str]


class SignInOut(BaseModel):
    """What the page needs on which one signs in."""

    dataset: str
    title: str
    providers: list[ProviderOut]
    demo_accounts: list[DemoAccount]


class Credentials(BaseModel):
    """A name and its password."""

    name: Annotated[str, Field(max_length=1024)]
    password: Password


class Me(BaseModel):
    """Who is signed in."""

    name: str
    roles: list[str]
    must_change_password: bool
    csrf_token: str
    dataset: str
    phase_is_closed: bool
    language: str | None


class PasswordChange(BaseModel):
    """A password for another."""

    current: Password
    new: Password


def _signing_in_of(request: Request) -> SigningIn:
    signing_in: SigningIn = request.app.state.signing_in
    return signing_in


def _address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _me(site: Site, viewer: Viewer, token: str) -> Me:
    return Me(
        name=viewer.name, roles=[role for role in ROLES if role in viewer.roles],
        must_change_password=viewer.must_change, csrf_token=csrf_token(token),
        dataset=site.project.settings.dataset.name, phase_is_closed=phase_is_closed(site.project), language=None,
    )  # fmt: skip


@router.get("/sign-in")
def how_to_sign_in(request: Request, site: Here) -> SignInOut:
    """Return what the page needs on which one signs in."""
    dataset, serving = site.project.settings.dataset, site.project.settings.serve
    providers = [
        ProviderOut(id=key, name=one.name or key, start_url=f"/oidc/start?provider={key}")
        for key, one in serving.oidc.items()
    ]
    return SignInOut(
        dataset=dataset.name, title=dataset.title, providers=providers, demo_accounts=request.app.state.demo_accounts
    )


@router.post("/session", responses={401: {}, 429: {}})
def sign_in(request: Request, response: Response, site: Here, given: Credentials) -> Me:
    """Open a session by name and password; the answer sets its cookie."""
    signing_in = _signing_in_of(request)
    account = signing_in.by_password(given.name, given.password, _address_of(request))
    before = request.state.session
    if before is not None:
        signing_in.close(before)
    token = signing_in.open(account.name, BY_PASSWORD)
    signing_in.set_cookie(response, token)
    return _me(site, Viewer(account.name, frozenset(account.roles), account.must_change), token)


@router.delete("/session", status_code=204)
def sign_out(request: Request, viewer: Who) -> Response:
    """End the session, and have the browser forget what it kept."""
    del viewer
    signing_in = _signing_in_of(request)
    signing_in.close(request.state.session)
    response = Response(status_code=204, headers={"Clear-Site-Data": WHAT_IS_CLEARED})
    signing_in.delete_cookie(response)
    return response


@router.get("/me")
def me(request: Request, site: Here, viewer: Who) -> Me:
    """Return who is signed in, and the token that requests which change something must bring."""
    return _me(site, viewer, request.state.session)


@router.post("/me/password", status_code=204, responses={401: {}, 422: {}, 429: {}})
def change_password(request: Request, site: Here, viewer: Who, given: PasswordChange) -> Response:
    """Set another password.

    Every session of the person ends; this browser gets a new one, and with it another CSRF token: ask for `me` again.
    """
    signing_in = _signing_in_of(request)
    try:
        signing_in.by_password(viewer.name, given.current, _address_of(request))
    except Refused as refused:
        raise refused if refused.status_code == 429 else _wrong_password() from None
    try:
        passwords.check_chosen(given.new, viewer.name)
    except ConfigError as error:
        raise Refused(422, str(error), code="password") from None
    if given.new == given.current:
        raise Refused(422, "the new password is the present one; choose another", code="password")
    hashed = passwords.hashed(given.new)
    site.project.catalog.accounts.set_password(viewer.name, hashed, by=viewer.name, must_change=False)
    response = Response(status_code=204)
    signing_in.set_cookie(response, signing_in.open(viewer.name, BY_PASSWORD))
    return response


def _wrong_password() -> Refused:
    # not 401: the session is fine, and the page must not ask to sign in again
    return Refused(422, "the present password is wrong", code="wrong")
