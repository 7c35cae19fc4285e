"""The one place that decides whether a request goes on: who asks, whether the request is theirs, what the table says.

It stands behind the routes' addresses and before their code: not even a body is read for somebody who may not.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from mammoset.errors import MammosetError
from mammoset.web.door.access import SIGNED_IN, Place, Viewer, place_of
from mammoset.web.door.conditions import Conditions
from mammoset.web.door.problems import FOR_PROGRAMS, Answer, Refused
from mammoset.web.door.signing_in import SigningIn, csrf_token
from mammoset.web.door.wire import Wire

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
CSRF_HEADER = "x-csrf-token"
SIGN_IN_PAGE, PASSWORD_PAGE = "/sign-in", "/account"
LINK = "token"
"""Parameter of the link of one use."""


class Gate:
    """Middleware: lets a request through when the table allows it to who asks.

    Sets ``request.state.viewer`` (`Viewer` or None) and ``request.state.session`` (the session's token or None).

    Parameters
    ----------
    routes : sequence of BaseRoute
        Of the application, in the order in which they are tried.
    """

    def __init__(
        self, app: ASGIApp, *, routes: Sequence[BaseRoute], signing_in: SigningIn,
        conditions: Conditions, refuse: Answer, wire: Wire,
    ) -> None:  # fmt: skip
        self.app = app
        self.routes = routes
        self.signing_in = signing_in
        self.conditions = conditions
        self.refuse = refuse
        self.wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, lead to where one signs in, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            answer = await run_in_threadpool(self._answer, scope)
        except MammosetError as error:  # the handlers of errors stand behind the gate
            answer = self.refuse(HTTPConnection(scope), Refused(503, str(error)))
        await (answer or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what is answered instead of the route; None when it may go on."""
        connection = HTTPConnection(scope)
        token = connection.cookies.get(self.signing_in.cookie_name)
        viewer = self.signing_in.viewer_of(token)
        link = connection.query_params.get(LINK)
        if link is not None and scope["method"] == "GET":
            welcomed = self._welcome(connection, link, viewer)
            if welcomed is not None:
                return welcomed
        scope.setdefault("state", {}).update(viewer=viewer, session=token if viewer else None)
        place = place_of(self.routes, scope)
        refusal = self._refusal(connection, place, viewer, token)
        if refusal is None:
            return None
        return self._led(connection, refusal) or self.refuse(connection, refusal)

    def _refusal(
        self, connection: HTTPConnection, place: Place | None, viewer: Viewer | None, token: str | None
    ) -> Refused | None:
        rule = SIGNED_IN if place is None else place.rule
        is_unsafe = connection.scope["method"] not in SAFE
        if is_unsafe and not self._is_from_here(connection):
            return Refused(403, "this request comes from another site", code="csrf")
        if rule.is_public:
            return None
        if viewer is None:
            return Refused(401, "sign in first", code="signed_out")
        sent = connection.headers.get(CSRF_HEADER, "")
        if is_unsafe and not hmac.compare_digest(sent.encode(), csrf_token(token or "").encode()):
            return Refused(403, "the header X-CSRF-Token is missing or old; load the page again", code="csrf")
        if viewer.must_change and not rule.is_early:
            return Refused(403, "set a password of your own first", code="must_change_password")
        if rule.roles and not rule.roles & viewer.roles:
            return Refused(403, f"this is for the role {' or '.join(sorted(rule.roles))}", code="role")
        return self.conditions.refusal(rule.must, viewer, {} if place is None else place.parameters)

    def _is_from_here(self, connection: HTTPConnection) -> bool:
        """Whether a request was made by a page of ours, as far as the browser says; other programs say nothing."""
        site = connection.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = connection.headers.get("origin")
        return origin is None or origin == (self.wire.origin or f"{connection.url.scheme}://{connection.url.netloc}")

    def _welcome(self, connection: HTTPConnection, link: str, viewer: Viewer | None) -> Response | None:
        """Open a session for the link of one use, and take it out of the address; None when it opens none."""
        token = None if viewer else self.signing_in.by_link(link)
        if token is None and viewer is None:
            return None
        query = [pair for pair in parse_qsl(connection.url.query) if pair[0] != LINK]
        response = RedirectResponse(local(f"{connection.url.path}?{urlencode(query)}"), status_code=303)
        if token is not None:
            self.signing_in.set_cookie(response, token)
        return response

    def _led(self, connection: HTTPConnection, refusal: Refused) -> Response | None:
        """Return where a person's browser is led to instead; None for programs, and where there is no such place."""
        path = connection.url.path
        is_person = "text/html" in connection.headers.get("accept", "") and not path.startswith(FOR_PROGRAMS)
        if not is_person or connection.scope["method"] not in SAFE:
            return None
        if refusal.status_code == 401:
            wanted = local(f"{path}?{connection.url.query}")
            return RedirectResponse(
                SIGN_IN_PAGE if wanted == "/" else f"{SIGN_IN_PAGE}?{urlencode({'next': wanted})}", 303
            )
        is_early = getattr(refusal, "more", {}).get("code") == "must_change_password"
        return RedirectResponse(PASSWORD_PAGE, 303) if is_early else None


def local(address: str) -> str:
    """Return an address as one of this server: whatever it says of another one is left out."""
    parts = urlsplit(address.replace("\\", "/"))
    path = "/" + parts.path.lstrip("/")  # one slash exactly: '//host' would lead to another server
    return f"{path}?{parts.query}" if parts.query else path
