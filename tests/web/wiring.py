"""Real servers for tests of the wire: certificates, a server in a thread, a client that asks under any host's name."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.reaching import reached_by
from mammoset.web.serving import _config, _listen, _Server

NAME = "reading.hospital.example"


class Pair(NamedTuple):
    """Files of a certificate and its private key."""

    certificate: Path
    private_key: Path


def make_certificate(folder: Path, *names: str, addresses: tuple[str, ...] = ()) -> Pair:
    """Make a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    named = [x509.DNSName(one) for one in names] + [x509.IPAddress(ipaddress.ip_address(one)) for one in addresses]
    if named:
        builder = builder.add_extension(x509.SubjectAlternativeName(named), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(folder / "server.pem", folder / "server.key")
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pair.private_key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *encoding))
    return pair


@contextmanager
def serving(project: Project) -> Iterator[int]:
    """Serve a project as its settings say, on a free port; yield the port."""
    reached = reached_by(project.settings.serve, project.root, project.settings.serve.host)
    ready: SimpleQueue[None] = SimpleQueue()
    with _listen(reached.address, 0) as listener:
        app = create_app(project, wire=reached.wire, token="once")
        server = _Server(_config(app, reached), lambda: ready.put(None), app.state.site.room.signals.close)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ready.get(timeout=30)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


class Answered(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


def ask(
    port: int, method: str, path: str, *, host: str = NAME, trusting: Path | None = None,
    headers: Mapping[str, str] | None = None, body: Any = None,
) -> Answered:  # fmt: skip
    """Ask a server on this machine under the name of a host; by TLS when a certificate is trusted."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=30)
    wanted = {"Host": f"{host}:{port}", **(headers or {})}
    if body is not None:
        body, wanted = json.dumps(body), wanted | {"Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.sock = raw
    if trusting is not None:
        context = ssl.create_default_context(cafile=str(trusting))
        connection.sock = context.wrap_socket(raw, server_hostname=host)
    try:
        connection.request(method, path, body=body, headers=wanted)
        answer = connection.getresponse()
        return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()
