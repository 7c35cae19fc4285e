"""Everything that a server sends, by whose session asked for it: what somebody was told, whatever the page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext


@dataclass(slots=True)
class Sent:
    """An answer: what was asked, by which cookies, and every byte of head and body."""

    address: str
    cookies: bytes
    content: bytearray = field(default_factory=bytearray)


class Wire:
    """An application whose answers are all kept."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.sent: list[Sent] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode()
        kept = Sent(scope["path"] + (f"?{query}" if query else ""), dict(scope["headers"]).get(b"cookie", b""))
        self.sent.append(kept)

        async def keep(message: Any) -> None:
            for name, value in message.get("headers", ()):
                kept.content += name + b": " + value + b"\n"
            kept.content += message.get("body", b"")
            await send(message)

        await self._app(scope, receive, keep)


class Listener:
    """One person's browser, beside the wire: what it received, and proof that nothing came another way."""

    def __init__(self, context: BrowserContext, wire: Wire) -> None:
        self._context, self._wire = context, wire
        self._addresses: list[str] = []
        context.on("response", lambda response: self._addresses.append(response.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._addresses.append(socket.url)))

    def received(self, origin: str) -> list[Sent]:
        """Return every answer to this browser's session.

        Raises
        ------
        AssertionError
            If the browser has received anything that the server did not send.
        """
        (session,) = (cookie["value"].encode() for cookie in self._context.cookies() if cookie["httpOnly"])
        found = [one for one in self._wire.sent if session in one.cookies]
        assert found, "nobody asks without a session"
        known = {one.address for one in self._wire.sent}
        elsewhere = [one for one in self._addresses if not _is_known(one, origin, known)]
        assert not elsewhere, elsewhere
        return found


def _is_known(address: str, origin: str, known: set[str]) -> bool:
    parts = urlsplit(address)
    if parts.scheme in ("blob", "data"):
        return True
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return address.startswith(f"{origin}/") and path in known


def told(sent: Iterable[Sent], secrets: Iterable[bytes]) -> list[tuple[str, bytes]]:
    """Return which of these are in which answers."""
    wanted = list(secrets)
    return [(one.address, secret) for one in sent for secret in wanted if secret in one.content]
