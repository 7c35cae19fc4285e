"""Serves the reading room until interrupted: to this machine, or beyond it when the way is encrypted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI

from mammoset.catalog import passwords
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.review import Groups
from mammoset.web.app import create_app
from mammoset.web.door.reaching import Reached, reached_by
from mammoset.web.routes.signing_in import DemoAccount
from mammoset.web.site import Site

SECONDS_TO_FINISH = 3
"""How long answers under way may take when the server is told to stop."""


def _tell_nobody(_: str) -> None:
    """Do without a word."""


def serve(
    project: Project, *, host: str, port: int, token: str, on_ready: Callable[[str], None] = _tell_nobody,
    demo_accounts: Sequence[DemoAccount] = (), guarantees: Groups | None = None,
) -> None:  # fmt: skip
    """Serve a project until the process is interrupted.

    Parameters
    ----------
    host : str
        An address of this machine, or ``localhost``; beyond loopback only as ``mammoset.toml`` encrypts the way.
    port : int
        0 takes a free one.
    token : str
        Lets one browser in as administrator; it is part of the address that `on_ready` is told, where only this
        machine can connect.
    on_ready : callable
        Called with the address once connections are accepted.
    demo_accounts : sequence of DemoAccount
        Told on the page on which one signs in; of a demo only.
    guarantees : mapping of keyword to Group, or None
        What the rules of the gate guarantee of elements.

    Raises
    ------
    ConfigError
        If others could connect and nothing encrypts the way, a certificate cannot be used, or the port cannot be had.
    """
    reached = reached_by(project.settings.serve, project.root, host)
    with _listen(reached.address, port) as listener:
        url = _url(reached, listener.getsockname()[1], token)
        app = create_app(
            project, token=token, wire=reached.wire, demo_accounts=demo_accounts, guarantees=guarantees
        )  # fmt: skip
        Thread(target=_warm_up, args=[app], daemon=True).start()
        _Server(_config(app, reached), lambda: on_ready(url), app.state.site.room.signals.close).run(sockets=[listener])


def _config(app: FastAPI, reached: Reached) -> uvicorn.Config:
    # No access log: it would hold the token of the link. Proxies' headers are the application's own affair.
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, ws="none", proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH, ssl_certfile=reached.certificate, ssl_keyfile=reached.private_key,
    )  # fmt: skip


def _url(reached: Reached, port: int, token: str) -> str:
    wire = reached.wire
    link = f"/?token={quote(token, safe='')}" if wire.takes_link else "/"
    if wire.proxies:
        return f"{wire.origin}{link}"
    name = next((one for one in wire.hosts if "*" not in one), reached.address) if wire.is_secure else reached.address
    bracketed = f"[{name}]" if ":" in name and not name.startswith("[") else name
    return f"{'https' if wire.is_secure else 'http'}://{bracketed}:{port}{link}"


def _warm_up(app: FastAPI) -> None:
    """Read the catalog while somebody opens the link; what fails here fails again there, and is told there."""
    site: Site = app.state.site
    passwords.is_right("", "")  # what a wrong name is compared with is made once, and not while somebody measures
    with suppress(Exception):
        site.exams.warm_up()
        app.state.review.now()


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            f"port {port} of {address} cannot be had ({error.strerror}); choose another with --port, 0 takes a free one"
        ) from None
    # connections inherit it; asyncio does not set it here, and small answers would wait 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """A server that says when it accepts connections, and ends the streams that would never end by themselves."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], on_end: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._on_ready, self._on_end = on_ready, on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_end()
        await super().shutdown(sockets)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        except KeyboardInterrupt:  # how a person ends it; everything has been closed by now
            return
