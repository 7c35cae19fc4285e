"""A proxy in front of the server: its word counts, and nobody else comes through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware as _Behind

NOT_BY_PROXY = "come by the address under which this server is published, not past its proxy"
NOT_BY_TLS = "come by https"


class FromProxies:
    """Middleware: takes the client's address and scheme from a declared proxy's ``X-Forwarded-*`` headers.

    Parameters
    ----------
    proxies : sequence of str
        Addresses or networks of the proxies. Without any, nothing is taken from such headers; with any, a request
        that comes from elsewhere is refused, because nothing protects its way, and so is one that came to the proxy
        without TLS.
    """

    def __init__(self, app: ASGIApp, *, proxies: Sequence[str]) -> None:
        self.app = app
        self._behind = _Behind(cast(Any, self._inside), list(proxies)) if proxies else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse with 403."""
        if scope["type"] != "http" or self._behind is None:
            await self.app(scope, receive, send)
            return
        client = scope["client"][0] if scope.get("client") else ""
        if client not in self._behind.trusted_hosts:
            await PlainTextResponse(NOT_BY_PROXY, 403)(scope, receive, send)
            return
        await self._behind(cast(Any, scope), cast(Any, receive), cast(Any, send))

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        if HTTPConnection(scope).url.scheme != "https":
            await PlainTextResponse(NOT_BY_TLS, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)
