"""Serves the pages on this machine until interrupted."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI

from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.web.app import create_app
from mammoset.web.site import Site

SECONDS_TO_FINISH = 3
"""How long answers under way may take when the server is told to stop."""


def _tell_nobody(_: str) -> None:
    """Do without a word."""


def serve(
    project: Project, *, host: str, port: int, token: str, on_ready: Callable[[str], None] = _tell_nobody
) -> None:
    """Serve a project's pages until the process is interrupted.

    Parameters
    ----------
    host : str
        A loopback address or ``localhost``.
    port : int
        0 takes a free one.
    token : str
        Lets one browser in; it is part of the address that `on_ready` is told.
    on_ready : callable
        Called with the address once connections are accepted.

    Raises
    ------
    ConfigError
        If the host is not this machine alone, or the port cannot be had.
    """
    address = loopback_address(host)
    with _listen(address, port) as listener:
        bound = listener.getsockname()[1]
        name = f"[{address}]" if ":" in address else address
        url = f"http://{name}:{bound}/?token={quote(token, safe='')}"
        # no access log: it would hold the token
        app = create_app(project, token=token)
        Thread(target=_warm_up, args=[app], daemon=True).start()
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, ws="none",
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )  # fmt: skip
        _Server(config, lambda: on_ready(url)).run(sockets=[listener])


def _warm_up(app: FastAPI) -> None:
    """Read the catalog while somebody opens the link; what fails here fails again there, and is told there."""
    site: Site = app.state.site
    with suppress(Exception):
        site.exams.warm_up()


def loopback_address(host: str) -> str:
    """Return the address to bind.

    Raises
    ------
    ConfigError
        If others than this machine could reach it.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise ConfigError(
        f"serve.host = {host!r} could be reached from other machines, and there are neither encryption nor accounts "
        "yet; use 127.0.0.1, and from another machine a tunnel: ssh -L 8000:127.0.0.1:8000 <this machine>"
    )


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            f"port {port} of {address} cannot be had ({error.strerror}); choose another with --port, 0 takes a free one"
        ) from None


class _Server(uvicorn.Server):
    """A server that says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        except KeyboardInterrupt:  # how a person ends it; everything has been closed by now
            return
