"""To an identity provider and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mammoset.catalog import Account
from mammoset.project import Project
from mammoset.web.door.gate import local
from mammoset.web.door.oidc import ATTEMPT_SECONDS, Attempt, Attempts, Person, Provider
from mammoset.web.door.problems import Refused
from mammoset.web.door.signing_in import SigningIn
from mammoset.web.door.wire import Wire
from mammoset.web.site import Here

router = APIRouter(prefix="/oidc", include_in_schema=False)

COOKIE = "mammoset-attempt"
Word = Annotated[str, Query(max_length=4096)]


class Door:
    """What signing in at providers needs while the server runs.

    Raises
    ------
    ConfigError
        If a provider's secret cannot be read.
    """

    def __init__(self, project: Project, wire: Wire) -> None:
        known = project.settings.serve.oidc
        self.providers = {key: Provider(one, project.root) for key, one in known.items()}
        for one in self.providers.values():
            one.secret()  # better missed now than when somebody stands at the door
        self.attempts = Attempts()
        self.wire = wire
        self.cookie = f"__Host-{COOKIE}" if wire.is_secure else COOKIE

    def provider(self, key: str) -> Provider:
        """Return a provider; `Refused` when there is none of that id."""
        if key not in self.providers:
            raise Refused(404, "there is no identity provider of this name")
        return self.providers[key]

    def back(self, request: Request) -> str:
        """Return the address to which a provider sends the browser back."""
        origin = self.wire.origin or f"{request.url.scheme}://{request.url.netloc}"
        return f"{origin}/oidc/callback"


def _door_of(request: Request) -> Door:
    door: Door = request.app.state.oidc
    return door


@router.get("/start")
def start(request: Request, provider: Word, next: Word = "/") -> Response:  # noqa: A002 - the contract's name
    """Send the browser to a provider."""
    door = _door_of(request)
    attempt = Attempt.begin(provider, local(next))
    response = RedirectResponse(door.provider(provider).address(attempt, door.back(request)), 302)
    # Lax: it must come along when the provider sends the browser back
    response.set_cookie(
        door.cookie, door.attempts.sign(attempt), max_age=ATTEMPT_SECONDS, path="/", httponly=True, samesite="lax",
        secure=door.wire.is_secure,
    )  # fmt: skip
    return response


@router.get("/callback", response_class=HTMLResponse)
def callback(request: Request, site: Here, state: Word = "", code: Word = "") -> Response:
    """Let somebody in whom a provider sends back, when an account here is theirs."""
    door, project = _door_of(request), site.project
    attempt = door.attempts.read(request.cookies.get(door.cookie, ""), state)
    if not code:
        raise Refused(403, "the identity provider did not let you in; begin again")
    person = door.provider(attempt.provider).person(code, attempt, door.back(request))
    account = account_of(project, person)
    if account is None:
        project.catalog.events.append("sign_in_failed", by="", detail={"way": attempt.provider})
        raise Refused(403, NO_ACCOUNT, code="no_account")
    signing_in: SigningIn = request.app.state.signing_in
    # No redirect: to a browser that is one on another site's behalf, and it would leave the cookie at home.
    response = HTMLResponse(site.templates.get_template("entered.html").render(address=attempt.next))
    signing_in.set_cookie(response, signing_in.open(account.name, attempt.provider))
    response.delete_cookie(door.cookie, path="/", httponly=True, samesite="lax", secure=door.wire.is_secure)
    return response


NO_ACCOUNT = (
    "the identity provider knows you, but you have no account here yet, or it is disabled; ask the person who runs "
    "this reading room for one under the name that the provider gives you"
)


def account_of(project: Project, person: Person) -> Account | None:
    """Return the account of a person whom a provider has let in, linking it when they come for the first time.

    None where there is none, it is disabled, or it is linked to somebody else.
    """
    accounts = project.catalog.accounts
    account = accounts.by_subject(person.subject)
    if account is None:
        account = accounts.get(person.name) if person.name else None
        if account is None or account.is_disabled or not accounts.link(account.name, person.subject, by=account.name):
            return None
    return None if account.is_disabled else account
