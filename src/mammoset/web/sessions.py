"""Who may look: a token that opens one session, and the signed cookie that keeps it open.

There are no accounts yet. The program prints an address that holds a token of one use; the browser that follows it
gets a cookie, everybody else a page that says how to get in. The key that signs cookies lives as long as the process.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from threading import Lock
from urllib.parse import parse_qsl, urlencode

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mammoset.errors import ConfigError
from mammoset.web.problems import Answer

SESSION_SECONDS = 12 * 60 * 60
"""A working day; after that a new token is needed."""

OPEN_PATHS = ("/static/",)
"""What may be fetched without a session: the style of the page that says how to get in."""


class Sessions:
    """Opens one session by token and tells whether a cookie belongs to an open one.

    Parameters
    ----------
    token : str
        Printed once; works once.
    dataset : str
        Named in the cookie, so that two servers on one machine do not close each other's sessions: cookies know no
        port.

    Raises
    ------
    ConfigError
        If the token is empty.
    """

    def __init__(self, token: str, dataset: str) -> None:
        if not token:
            raise ConfigError("the pages need a token to let somebody in; an empty one would let everybody in")
        self.cookie_name = f"mammoset-{sha256(dataset.encode()).hexdigest()[:8]}"
        self._token = token
        self._is_used = False
        self._lock = Lock()
        self._signer = TimestampSigner(secrets.token_bytes(32), digest_method=sha256)

    def open(self, token: str) -> str | None:
        """Return the cookie of a new session; None when the token is wrong or was used before."""
        is_right = secrets.compare_digest(token.encode(), self._token.encode())
        with self._lock:
            if not is_right or self._is_used:
                return None
            self._is_used = True
        return self._signer.sign(secrets.token_hex(16)).decode()

    def is_open(self, cookie: str | None) -> bool:
        """Whether a cookie was signed by this process and is not too old."""
        try:
            self._signer.unsign(cookie or "", max_age=SESSION_SECONDS)
        except BadSignature:
            return False
        return True


class SessionGate:
    """Middleware: lets a request through when it brings a session, or opens one for a token."""

    def __init__(self, app: ASGIApp, sessions: Sessions, refuse: Answer) -> None:
        self.app = app
        self.sessions = sessions
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, redirect to the address without the token, or refuse with 401."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = connection.query_params.get("token")
        is_open = self.sessions.is_open(connection.cookies.get(self.sessions.cookie_name))
        if is_open and token is None:
            await self.app(scope, receive, send)
            return
        cookie = self.sessions.open(token) if token is not None and not is_open else None
        response: Response
        if is_open or cookie is not None:
            response = self._welcome(connection, cookie)
        else:
            response = self.refuse(connection, 401, "no session, or a token that was used before")
        await response(scope, receive, send)

    def _welcome(self, connection: HTTPConnection, cookie: str | None) -> Response:
        query = [pair for pair in parse_qsl(connection.url.query) if pair[0] != "token"]
        # one slash exactly: '//host' would send the browser to another server
        path = "/" + connection.url.path.lstrip("/")
        response = RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status_code=303)
        if cookie is not None:
            response.set_cookie(
                self.sessions.cookie_name, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="strict", path="/"
            )
        return response
