"""Headers of every answer: nothing from elsewhere is loaded, nothing is told to elsewhere."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY_HEADER = "Content-Security-Policy"
_EVERYWHERE = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
CLIENT_POLICY = (
    f"{_EVERYWHERE}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'"
)
"""The client decodes pictures by WebAssembly in workers, and its components place things by inline style."""
SHELL_POLICY = "default-src 'none'; connect-src 'self'"
"""Of the worker that keeps the client's page and files: it fetches them from here, and can do nothing else."""

SECURITY_HEADERS = {
    POLICY_HEADER: _EVERYWHERE,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HSTS = "max-age=31536000"
"""Of answers by TLS: browsers do not come back without it for a year."""
PAGE_CACHE = "private, no-cache"
"""Pages are asked for again each time; images say for themselves how long they may be kept."""


class SecurityHeaders:
    """Middleware: adds the security headers to every answer, a policy and a cache rule where it has none."""

    def __init__(self, app: ASGIApp, *, is_secure: bool = False) -> None:
        self.app = app
        self.headers = SECURITY_HEADERS | ({"Strict-Transport-Security": HSTS} if is_secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", PAGE_CACHE)
            await send(message)

        await self.app(scope, receive, send_with_headers)
