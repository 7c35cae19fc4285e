"""How the server is reached: under which names, whether encrypted, through which proxies."""

from __future__ import annotations

from dataclasses import dataclass

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]", "::1")
"""Names by which a browser on this machine may call; another one means that a foreign site points here."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How the server is reached.

    Attributes
    ----------
    hosts : tuple of str
        Names by which a browser may call, without port.
    is_secure : bool
        Whether browsers come by TLS, to the server itself or to its proxy.
    origin : str or None
        Scheme, name and port as browsers see them; None where the request's own are it.
    proxies : tuple of str
        Addresses of proxies, in front of the server, whose word about the client's address and scheme counts. With
        any, nobody else may connect.
    takes_link : bool
        Whether the link of one use lets somebody in: only where nobody but this machine can connect.
    """

    hosts: tuple[str, ...] = LOOPBACK_NAMES
    is_secure: bool = False
    origin: str | None = None
    proxies: tuple[str, ...] = ()
    takes_link: bool = True


LOOPBACK = Wire()
