"""From the settings to how the server is reached: this machine alone, its own TLS, or a proxy that encrypts."""

from __future__ import annotations

import ipaddress
import re
import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

from mammoset.errors import ConfigError
from mammoset.project.settings import ServeSettings
from mammoset.web.door.wire import LOOPBACK, LOOPBACK_NAMES, Wire

NOT_BEYOND = (
    "serve.host = {host!r} could be reached from other machines, and nothing encrypts the way; in mammoset.toml give "
    "serve.certificate and serve.private_key, or serve.public_url and serve.trusted_proxies of a proxy that does; or "
    "use 127.0.0.1, and from another machine a tunnel: ssh -L 8000:127.0.0.1:8000 <this machine>"
)


class Reached(NamedTuple):
    """How the server is reached.

    Attributes
    ----------
    address : str
        To bind.
    certificate, private_key : Path or None
        PEM files of the server's own TLS; None where it speaks none.
    """

    address: str
    wire: Wire = LOOPBACK
    certificate: Path | None = None
    private_key: Path | None = None


def reached_by(settings: ServeSettings, root: Path, host: str) -> Reached:
    """Return how a server with these settings is reached.

    Parameters
    ----------
    root : Path
        Project folder, to which paths in the settings are relative.
    host : str
        An address of this machine, or ``localhost``.

    Raises
    ------
    ConfigError
        If others than this machine could connect and nothing encrypts the way; if what is to encrypt it is
        incomplete, or cannot be used.
    """
    address = _address(host)
    if (settings.certificate is None) != (settings.private_key is None):
        raise ConfigError("serve: certificate and private_key belong together; give both or neither")
    if settings.trusted_proxies:
        return Reached(address, _wire_behind_proxies(settings))
    if settings.certificate is not None and settings.private_key is not None:
        return _reached_by_tls(settings, address, root / settings.certificate, root / settings.private_key)
    if settings.public_url:
        raise ConfigError(
            "serve.public_url needs who encrypts: serve.certificate and serve.private_key, or serve.trusted_proxies"
        )
    if not is_loopback(address):
        raise ConfigError(NOT_BEYOND.format(host=host))
    return Reached(address)


def is_loopback(address: str) -> bool:
    """Whether an address to bind is this machine's alone."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _address(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        raise ConfigError(
            f"serve.host = {host!r} is no address of this machine; give one as 127.0.0.1, or 0.0.0.0 for all of them"
        ) from None


def _wire_behind_proxies(settings: ServeSettings) -> Wire:
    if settings.certificate is not None:
        raise ConfigError("serve: either certificate and private_key, or trusted_proxies; not both")
    if not settings.public_url:
        raise ConfigError('serve.trusted_proxies needs serve.public_url, as "https://reading.hospital.example"')
    for one in settings.trusted_proxies:
        try:
            network = ipaddress.ip_network(one)
        except ValueError:
            raise ConfigError(f"serve.trusted_proxies: '{one}' is no address or network; 127.0.0.1 is one") from None
        if network.prefixlen == 0:
            raise ConfigError(f"serve.trusted_proxies: '{one}' would trust everybody; give the proxy's address")
    origin = _origin(settings.public_url)
    return Wire((_name(origin),), is_secure=True, origin=origin, proxies=settings.trusted_proxies, takes_link=False)


def _reached_by_tls(settings: ServeSettings, address: str, certificate: Path, private_key: Path) -> Reached:
    names = _check_certificate(certificate, private_key)
    origin = _origin(settings.public_url) if settings.public_url else None
    is_alone = is_loopback(address)
    hosts = ([_name(origin)] if origin else []) + names + (list(LOOPBACK_NAMES) if is_alone else [])
    wire = Wire(tuple(dict.fromkeys(hosts)), is_secure=True, origin=origin, takes_link=is_alone)
    return Reached(address, wire, certificate, private_key)


def _check_certificate(certificate: Path, private_key: Path) -> list[str]:
    """Return the names for which a certificate was issued.

    Raises
    ------
    ConfigError
        If it cannot be read, names nothing, or the private key is another one's.
    """
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, private_key, password="")
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise ConfigError(
            "serve.certificate names no host (subjectAltName); have one issued for the name that people use"
        ) from None
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        told = getattr(error, "strerror", None) or getattr(error, "reason", None) or "it is no PEM file"
        raise ConfigError(f"serve.certificate and serve.private_key cannot be used: {told}") from None
    hosts = [one for one in names.get_values_for_type(x509.DNSName) if re.fullmatch(r"(\*\.)?[^*]+", one)]
    return hosts + [_as_host(one) for one in names.get_values_for_type(x509.IPAddress)]


def _as_host(address: object) -> str:
    return f"[{address}]" if ":" in str(address) else str(address)


def _origin(public_url: str) -> str:
    """Return an origin as browsers write it: lower case, without the port that goes without saying."""
    return public_url.lower().removesuffix(":443")


def _name(origin: str) -> str:
    return _as_host(urlsplit(origin).hostname or "")
