from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.project.settings import ServeSettings
from mammoset.web import serve
from mammoset.web.door.reaching import reached_by
from tests.web.building import Made


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "10.0.0.7"])
def test_other_machines_cannot_come_unencrypted(project: Project, host: str) -> None:
    with pytest.raises(ConfigError, match="nothing encrypts the way") as told:
        serve(project, host=host, port=0, token="x")
    for way in ("ssh -L", "serve.certificate", "serve.trusted_proxies"):
        assert way in str(told.value)


@pytest.mark.parametrize("host", ["hospital.example", ""])
def test_a_name_is_no_address_to_bind(project: Project, host: str) -> None:
    with pytest.raises(ConfigError, match="is no address of this machine"):
        serve(project, host=host, port=0, token="x")


@pytest.mark.parametrize(
    ("host", "address"),
    [("localhost", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("127.8.8.8", "127.8.8.8")],
)
def test_names_of_this_machine_are_bound(host: str, address: str) -> None:
    reached = reached_by(ServeSettings(), Path(), host)
    assert reached.address == address
    assert reached.wire.takes_link


def test_a_port_in_use_is_said_to_be(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} .* choose another with --port"):
            serve(project, host="127.0.0.1", port=port, token="x")


PROGRAM = """
import sys
from pathlib import Path
from mammoset.project import Project
from mammoset.project.settings import ServeSettings
from mammoset.web import first_administrator, serve
with Project.open(Path(sys.argv[1])) as project:
    first_administrator(project)
    serve(project, host="127.0.0.1", port=0, token="a b/c", on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def test_the_address_is_told_when_it_answers_and_an_interrupt_ends_it_in_peace(root: Path, made: list[Made]) -> None:
    command = [sys.executable, "-c", PROGRAM, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        opener = build_opener(HTTPCookieProcessor())
        with opener.open(url.replace("/?", "/status?")) as answer:
            assert "Flow of exams" in answer.read().decode()
            assert "token" not in answer.url
            assert "server" not in answer.headers
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
    assert (out, err, server.returncode) == ("ended\n", "", 0), "nothing is logged: a log would hold the token"
