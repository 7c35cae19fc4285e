"""Who is there: sessions kept by the server, their cookie, the token against forged requests, the link of one use."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from starlette.responses import Response

from mammoset.catalog import now, passwords
from mammoset.catalog.accounts import BY_LINK, BY_PASSWORD, LIFETIME, Account
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.web.door.access import Viewer
from mammoset.web.door.problems import Refused
from mammoset.web.door.throttling import Throttle
from mammoset.web.door.wire import Wire

TOKEN_BYTES = 32
WRONG = "the name or the password is wrong, or the account is disabled"
LONGEST_NAME = 64


class SigningIn:
    """Opens sessions and says whose they are.

    Parameters
    ----------
    project : Project
    wire : Wire
    link : str or None
        Token of the link that lets the operator in as administrator, once; None or empty for no link.
    clock : callable
        Tells the time, in UTC.

    Attributes
    ----------
    cookie_name : str
        Holds a digest of the dataset's name, so that two servers on one machine do not close each other's sessions:
        cookies know no port.
    """

    def __init__(
        self, project: Project, wire: Wire, link: str | None = None, clock: Callable[[], datetime] = now
    ) -> None:
        name = f"mammoset-{hashlib.sha256(project.settings.dataset.name.encode()).hexdigest()[:8]}"
        self.cookie_name = f"__Host-{name}" if wire.is_secure else name
        self.throttle = Throttle()
        self._project = project
        self._wire = wire
        self._clock = clock
        self._link = link if wire.takes_link else None
        self._lock = Lock()

    def viewer_of(self, token: str | None) -> Viewer | None:
        """Return whose session a cookie is; None when it is over, or never was."""
        if not token:
            return None
        found = self._project.catalog.accounts.signed_in(_digest(token), self._clock())
        if found is None:
            return None
        return Viewer(found.account.name, frozenset(found.account.roles), found.must_change)

    def by_password(self, name: str, password: str, address: str) -> Account:
        """Return whose name and password these are.

        Raises
        ------
        Refused
            401 when they are nobody's; 429 when there were too many wrong attempts. A wrong name is told as late as a
            wrong password, and neither is told from the other.
        """
        if wait := self.throttle.attempt(name, address):
            detail = "too many attempts; wait a little and try again"
            raise Refused(429, detail, code="throttled", headers={"Retry-After": str(int(wait) + 1)})
        account = self._project.catalog.accounts.get(name) if len(name) <= LONGEST_NAME else None
        stored = "" if account is None or account.is_disabled else account.password_hash
        if not passwords.is_right(stored, password) or account is None:
            about = "" if account is None else account.name  # what was typed may be a password
            self._project.catalog.events.append("sign_in_failed", by=about, about=about)
            raise Refused(401, WRONG, code="wrong")
        self.throttle.succeeded(name, address)
        return account

    def by_link(self, token: str) -> str | None:
        """Return the token of a new session of an administrator; None when the link is wrong or was used before."""
        with self._lock:
            if not self._link or not hmac.compare_digest(token.encode(), self._link.encode()):
                return None
            name = self._operator()
            if name is None:
                return None
            self._link = None
        return self.open(name, BY_LINK)

    def open(self, name: str, way: str = BY_PASSWORD) -> str:
        """Open a session for somebody who has shown who they are; return its token, for the cookie."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._project.catalog.accounts.sign_in(name, _digest(token), way=way, at=self._clock())
        return token

    def close(self, token: str) -> None:
        """End a session."""
        self._project.catalog.accounts.sign_out(_digest(token))

    def set_cookie(self, response: Response, token: str) -> None:
        """Give a browser the cookie of a session."""
        response.set_cookie(
            self.cookie_name, token, max_age=int(LIFETIME.total_seconds()), path="/", httponly=True,
            samesite="strict", secure=self._wire.is_secure,
        )  # fmt: skip

    def delete_cookie(self, response: Response) -> None:
        """Take the cookie from a browser."""
        response.delete_cookie(
            self.cookie_name, path="/", httponly=True, samesite="strict", secure=self._wire.is_secure
        )

    def _operator(self) -> str | None:
        names = self._project.catalog.accounts.administrators()
        return FIRST if FIRST in names else next(iter(names), None)


FIRST = "admin"
"""Name of the account that is made where there is no administrator."""


def first_administrator(project: Project) -> str | None:
    """Make an administrator's account where there is none that can sign in.

    Returns
    -------
    str or None
        Its generated password, told this once; None where there is an administrator.
    """
    accounts = project.catalog.accounts
    known_elsewhere = bool(project.settings.serve.oidc)  # who has no password may come by a provider
    if any("admin" in one.roles and _may_come(one, known_elsewhere) for one in accounts.all().values()):
        return None
    password = passwords.generated()
    people = {one.reader_id: one for one in project.catalog.readers()}
    known = people.get(FIRST)
    roles = dict.fromkeys((*(known.roles if known else ()), "admin"))
    person = replace(known or Reader(FIRST), roles=tuple(roles))
    accounts.put_person(person, by="serve", password_hash=passwords.hashed(password))
    accounts.set_disabled(FIRST, is_disabled=False, by="serve")
    return password


def _may_come(account: Account, known_elsewhere: bool) -> bool:
    return account.can_sign_in or (known_elsewhere and not account.is_disabled)


def csrf_token(token: str) -> str:
    """Return what a page must send with every request that changes something: known to who has the session only."""
    digest = hmac.digest(token.encode(), b"mammoset: requests that change something", "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
