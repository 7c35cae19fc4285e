"""Beyond this machine only encrypted: by our own TLS, and behind a real nginx, as the documentation has it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.project.settings import ServeSettings
from mammoset.web import create_app
from mammoset.web.door.reaching import reached_by
from mammoset.web.door.wire import Wire
from tests.conftest import program
from tests.web.opening import add_person
from tests.web.wiring import NAME, Pair, ask, make_certificate, serving

RIGHT = "a horse under the tree"
LOGIN = {"name": "anna", "password": RIGHT}
DOCUMENT = Path(__file__).parents[2] / "docs" / "serve.md"


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return make_certificate(tmp_path / "certificate", NAME)


@contextmanager
def project_with(root: Path, serve: str) -> Iterator[Project]:
    """Open a project with a table of settings, and one person in it."""
    text = f'[dataset]\nname = "phantom-mammo"\n[serve]\n{serve}'
    with Project.create(root, settings_text=text) as project:
        add_person(project, "anna", "reader", password_hash=passwords.hashed(RIGHT))
        yield project


# -- our own TLS -------------------------------------------------------------------------------------------------


def test_with_a_certificate_the_server_speaks_tls_and_nothing_else(tmp_path: Path, pair: Pair) -> None:
    settings = f'certificate = "{pair.certificate}"\nprivate_key = "{pair.private_key}"'
    with project_with(tmp_path / "p", settings) as project, serving(project) as port:
        answer = ask(port, "POST", "/api/v1/session", trusting=pair.certificate, body=LOGIN)
        assert answer.status == 200
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-mammoset-")
        assert "Secure" in cookie
        assert "max-age" in answer.headers["strict-transport-security"]
        told = ask(port, "GET", "/api/v1/me", trusting=pair.certificate, headers={"Cookie": cookie.split(";")[0]})
        assert told.json()["name"] == "anna"
        with pytest.raises(OSError, match=r"(?i)reset|closed"):
            ask(port, "GET", "/api/v1/sign-in")


def test_paths_of_a_certificate_are_relative_to_the_project(tmp_path: Path) -> None:
    make_certificate(tmp_path, NAME)
    settings = ServeSettings(certificate=Path("server.pem"), private_key=Path("server.key"))
    assert reached_by(settings, tmp_path, "0.0.0.0").certificate == tmp_path / "server.pem"


def test_the_server_answers_under_the_names_of_its_certificate_alone(tmp_path: Path) -> None:
    pair = make_certificate(tmp_path, NAME, "*.other.example", addresses=("192.0.2.7", "2001:db8::7"))
    settings = ServeSettings(certificate=pair.certificate, private_key=pair.private_key)
    reached = reached_by(settings, tmp_path, "0.0.0.0")
    assert reached.wire.hosts == (NAME, "*.other.example", "192.0.2.7", "[2001:db8::7]")
    assert not reached.wire.takes_link
    with Project.create(tmp_path / "p") as project:
        app = create_app(project, wire=reached.wire)
        for host, status in [
            (NAME, 200), (f"{NAME}:8443", 200), ("x.other.example", 200), ("[2001:db8::7]:8443", 200),
            ("127.0.0.1", 400), ("elsewhere.example", 400), ("other.example", 400),
        ]:  # fmt: skip
            with TestClient(app, base_url="https://x") as browser:
                assert browser.get("/api/v1/sign-in", headers={"Host": host}).status_code == status, host


def test_a_certificate_that_cannot_be_used_is_said_to_be_so(tmp_path: Path, pair: Pair) -> None:
    other = make_certificate(tmp_path / "other", NAME)
    nameless = make_certificate(tmp_path / "nameless")
    (tmp_path / "empty.pem").write_text("")
    for certificate, key, said in [
        (pair.certificate, other.private_key, "cannot be used"),
        (tmp_path / "absent.pem", pair.private_key, "No such file"),
        (tmp_path / "empty.pem", pair.private_key, "cannot be used"),
        (nameless.certificate, nameless.private_key, "names no host"),
    ]:
        with pytest.raises(ConfigError, match=said):
            reached_by(ServeSettings(certificate=certificate, private_key=key), tmp_path, "127.0.0.1")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"certificate": "a.pem"}, "belong together"),
        ({"private_key": "a.key"}, "belong together"),
        ({"public_url": f"https://{NAME}"}, "needs who encrypts"),
        ({"trusted_proxies": ("127.0.0.1",)}, "needs serve.public_url"),
        ({"trusted_proxies": ("proxy",), "public_url": f"https://{NAME}"}, "no address or network"),
        ({"trusted_proxies": ("0.0.0.0/0",), "public_url": f"https://{NAME}"}, "would trust everybody"),
        (
            {"trusted_proxies": ("::1",), "public_url": f"https://{NAME}", "certificate": "a", "private_key": "b"},
            "not both",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        reached_by(ServeSettings.model_validate(settings), Path(), "0.0.0.0")


# -- a proxy -----------------------------------------------------------------------------------------------------


def behind(*proxies: str) -> Wire:
    settings = ServeSettings(public_url=f"https://{NAME}", trusted_proxies=proxies)
    return reached_by(settings, Path(), "0.0.0.0").wire


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.55"}


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("10.0.0.9", FORWARDED, 200),
        ("10.0.1.7", FORWARDED, 403),
        ("10.0.0.9", {}, 403),
        ("10.0.0.9", {"X-Forwarded-Proto": "http"}, 403),
        ("192.0.2.55", FORWARDED, 403),
    ],
)
def test_only_the_declared_proxy_comes_through_and_only_from_tls(
    tmp_path: Path, client: str, headers: dict[str, str], status: int
) -> None:
    with Project.create(tmp_path / "p") as project:
        app = create_app(project, wire=behind("10.0.0.0/24"))
        with TestClient(app, base_url=f"http://{NAME}", client=(client, 40000)) as browser:
            assert browser.get("/api/v1/sign-in", headers=headers).status_code == status


def test_nobody_is_believed_where_no_proxy_is_declared(tmp_path: Path) -> None:
    with project_with(tmp_path / "p", "") as project:
        app = create_app(project)
        with TestClient(app, base_url="http://127.0.0.1") as browser:
            for n in range(5):
                browser.post(
                    "/api/v1/session", json=LOGIN | {"password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
                )
            assert browser.post("/api/v1/session", json=LOGIN).status_code == 429, "all came from one address"


def nginx_configuration(folder: Path, pair: Pair, port: int, public_port: int, plain_port: int) -> Path:
    """Return the documented configuration as a file; only its ports and the paths of its certificate are put in."""
    (text,) = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    for documented, here in [
        ("listen 443 ssl", f"listen 127.0.0.1:{public_port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{port}"),
        ("/etc/nginx/reading.pem", str(pair.certificate)),
        ("/etc/nginx/reading.key", str(pair.private_key)),
    ]:
        assert documented in text
        text = text.replace(documented, here)
    kept = "".join(f"{one}_temp_path {folder / one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder / 'pid'};\n{user}events {{}}\nhttp {{\naccess_log off;\n{kept}{text}}}\n"
    )
    return file


@contextmanager
def nginx(configuration: Path, port: int) -> Iterator[None]:
    """Run nginx until the block ends."""
    command = [program("nginx") or "", "-e", "stderr", "-p", str(configuration.parent), "-c", str(configuration)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            wait_for(port, running)
            yield
        finally:
            running.terminate()
            assert running.stderr is not None
            assert "[emerg]" not in running.stderr.read()


def wait_for(port: int, running: subprocess.Popen[str]) -> None:
    while running.poll() is None:
        try:
            ask(port, "GET", "/", headers={"Connection": "close"})
        except ConnectionRefusedError:
            continue
        return


def free_ports(n: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@pytest.mark.real("nginx")
def test_behind_nginx_as_documented_people_sign_in_by_tls(tmp_path: Path, pair: Pair) -> None:
    public, plain = free_ports(2)
    settings = f'public_url = "https://{NAME}:{public}"\ntrusted_proxies = ["127.0.0.1"]'
    with project_with(tmp_path / "p", settings) as project, serving(project) as port:
        with nginx(nginx_configuration(tmp_path, pair, port, public, plain), plain):
            own = {"Origin": f"https://{NAME}:{public}"}
            answer = ask(public, "POST", "/api/v1/session", trusting=pair.certificate, headers=own, body=LOGIN)
            assert answer.status == 200
            cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
            assert cookie["Cookie"].startswith("__Host-")
            assert ask(public, "GET", "/api/v1/me", trusting=pair.certificate, headers=cookie).json()["name"] == "anna"
            change = cookie | own | {"X-CSRF-Token": answer.json()["csrf_token"]}
            foreign = change | {"Origin": f"https://elsewhere.example:{public}"}
            for headers, status in [(foreign, 403), (change, 204)]:
                done = ask(public, "DELETE", "/api/v1/session", trusting=pair.certificate, headers=headers)
                assert done.status == status
            assert ask(public, "GET", "/?token=once", trusting=pair.certificate).status == 401
            led = ask(plain, "GET", "/exams?a=b")
            assert (led.status, led.headers["location"]) == (301, f"https://{NAME}/exams?a=b")
        past = ask(port, "GET", "/api/v1/sign-in")
        assert past.status == 403, "the proxy's own machine comes past it, but not by TLS"


@pytest.mark.real("nginx")
def test_nginx_tells_who_connects_and_what_a_client_claims_of_that_counts_for_nothing(
    tmp_path: Path, pair: Pair
) -> None:
    public, plain = free_ports(2)
    settings = f'public_url = "https://{NAME}:{public}"\ntrusted_proxies = ["127.0.0.1"]'
    with (
        project_with(tmp_path / "p", settings) as project,
        serving(project) as port,
        nginx(nginx_configuration(tmp_path, pair, port, public, plain), plain),
    ):
        wrong = LOGIN | {"password": "x"}
        claims = [{"X-Forwarded-For": f"10.0.0.{n}"} for n in range(6)]
        answers = [
            ask(public, "POST", "/api/v1/session", trusting=pair.certificate, body=wrong, headers=one) for one in claims
        ]
    assert [one.status for one in answers] == [401] * 5 + [429]
