"""Signing in at an identity provider: a real one, and one that lies."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.oidc import ATTEMPT_SECONDS
from tests.web.opening import BASE
from tests.web.provider import CLIENT_ID, PEOPLE, project_at, run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")

ME = "/api/v1/me"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider on this machine."""
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def project(tmp_path: Path, issuer: str) -> Iterator[Project]:
    with project_at(tmp_path / "p", issuer) as made:
        yield made


@contextmanager
def browsing(project: Project) -> Iterator[TestClient]:
    with TestClient(create_app(project), base_url=BASE, follow_redirects=False) as browser:
        yield browser


def sent_back(browser: TestClient, subject: str, then: str = "/") -> str:
    """Go to the provider, sign in there, and return the address to which it sends the browser back."""
    (offered,) = browser.get("/api/v1/sign-in").json()["providers"]
    assert (offered["id"], offered["name"]) == ("hospital", "Hospital login")
    leaving = browser.get(offered["start_url"], params={"provider": "hospital", "next": then})
    assert leaving.status_code == 302
    answer = httpx2.post(leaving.headers["location"], data={"sub": subject})
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{BASE}/oidc/callback?")
    return str(answer.headers["location"])


def test_somebody_with_an_account_gets_in_and_to_where_they_wanted(project: Project) -> None:
    with browsing(project) as browser:
        entered = browser.get(sent_back(browser, "41", "/exams?birads=4&sort=-age"))
        assert entered.status_code == 200, "no redirect: the browser would leave the cookie at home"
        assert 'content="0; url=/exams?birads=4&amp;sort=-age"' in entered.text
        assert browser.get(ME).json()["name"] == "anna"
    (event, linked) = project.catalog.events.page(limit=2)
    assert (event.kind, event.detail, linked.kind) == ("signed_in", {"way": "hospital"}, "account_linked")


def test_what_leaves_for_the_provider_is_what_the_standards_ask_for(project: Project, issuer: str) -> None:
    with browsing(project) as browser:
        answer = browser.get("/oidc/start?provider=hospital")
        address, cookie = answer.headers["location"], answer.headers["set-cookie"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{issuer}/oauth2/authorize?")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{BASE}/oidc/callback"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert "samesite=lax" in cookie.lower()
    assert "HttpOnly" in cookie
    assert "secret" not in address


def test_a_person_is_known_by_the_subject_whatever_they_are_called_later(project: Project) -> None:
    with browsing(project) as browser:
        assert browser.get(sent_back(browser, "41")).status_code == 200
    assert project.catalog.accounts.link("bruno", f"{project.settings.serve.oidc['hospital'].issuer} 43", by="test")
    with browsing(project) as browser:
        assert browser.get(sent_back(browser, "43")).status_code == 200
        assert browser.get(ME).json()["name"] == "bruno"
    with browsing(project) as browser:
        refused = browser.get(sent_back(browser, "42"))
        assert refused.status_code == 403, "bruno is linked to somebody else, whatever 42 is called"
        assert browser.get(ME).status_code == 401


def test_unknown_people_are_refused_kindly(project: Project) -> None:
    with browsing(project) as browser:
        refused = browser.get(sent_back(browser, "43"))
        assert refused.status_code == 403
        assert "ask the person who runs this reading room" in refused.text
        assert browser.get(ME).status_code == 401
    assert project.catalog.events.page(limit=1)[0].kind == "sign_in_failed"
    assert "stranger" not in project.catalog.accounts.all(), "nobody gets an account by coming"


def test_a_disabled_account_stays_closed(project: Project) -> None:
    with browsing(project) as browser:
        assert browser.get(sent_back(browser, "41")).status_code == 200
        project.catalog.accounts.set_disabled("anna", is_disabled=True, by="boss")
        assert browser.get(sent_back(browser, "41")).status_code == 403


@pytest.mark.parametrize(("subject", "name"), [("41", "bruno@hospital.example"), ("42", None)])
def test_an_address_counts_only_when_the_provider_has_verified_it(
    tmp_path: Path, issuer: str, subject: str, name: str | None
) -> None:
    with project_at(tmp_path / "p", issuer, "email") as project, browsing(project) as browser:
        assert browser.get(sent_back(browser, subject)).status_code == (200 if name else 403)
        assert browser.get(ME).json().get("name") == name


def test_a_generated_password_is_void_once_its_account_is_linked(project: Project) -> None:
    given = passwords.generated()
    project.catalog.accounts.set_password("anna", passwords.hashed(given), by="boss", must_change=True)
    with browsing(project) as browser:
        assert browser.get(sent_back(browser, "41")).status_code == 200
        assert browser.get(ME).json()["must_change_password"] is False
        assert browser.post("/api/v1/session", json={"name": "anna", "password": given}).status_code == 401


def test_an_answer_counts_for_the_browser_that_asked_and_once_at_the_provider(project: Project) -> None:
    with browsing(project) as browser, browsing(project) as thief:
        back = sent_back(browser, "41")
        assert thief.get(back).status_code == 400, "a login that somebody else began"
        assert sent_back(thief, "42")
        assert thief.get(back).status_code == 400, "an attempt of its own, but another one"
        assert browser.get(back).status_code == 200
        browser.cookies.clear()
        assert browser.get(back).status_code == 400


def test_an_attempt_does_not_last(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with browsing(project) as browser:
        back = sent_back(browser, "41")
        late = time.time() + ATTEMPT_SECONDS + 1
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: late)
        assert browser.get(back).status_code == 400


def test_a_refusal_at_the_provider_is_told(project: Project) -> None:
    with browsing(project) as browser:
        back = sent_back(browser, "41")
        state = parse_qs(urlsplit(back).query)["state"][0]
        refused = browser.get("/oidc/callback", params={"state": state, "error": "access_denied"})
        assert refused.status_code == 403
        assert "did not let you in" in refused.text


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example/", "//elsewhere.example/", "\\\\elsewhere.example", '/a"b']
)
def test_nobody_is_led_elsewhere_afterwards(project: Project, then: str) -> None:
    with browsing(project) as browser:
        text = browser.get(sent_back(browser, "41", then)).text
    assert "elsewhere" not in text
    assert 'a"b' not in text


@pytest.mark.parametrize("provider", ["", "another", "../hospital"])
def test_a_provider_that_is_not_set_up_is_not_found(project: Project, provider: str) -> None:
    with browsing(project) as browser:
        assert browser.get("/oidc/start", params={"provider": provider}).status_code == 404


# -- a provider that lies ----------------------------------------------------------------------------------------


class Liar(ThreadingHTTPServer):
    """A provider of which a test says what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), LiarsAnswers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = ECKey.generate_key("P-256", parameters={"kid": "1"})
        self.sign = self.sign_honestly
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.nonce = ""

    def description(self) -> dict[str, Any]:
        places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{name}" for name in places} | self.described

    def token(self) -> str:
        now = int(time.time())
        honest = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "41", "iat": now, "exp": now + 60, "nonce": self.nonce,
            "preferred_username": "anna",
        }  # fmt: skip
        return self.sign({name: value for name, value in (honest | self.claims).items() if value is not None})

    def sign_honestly(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": "1"}, claims, self.key)

    def sign_by_another_key(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": "1"}, claims, ECKey.generate_key("P-256"))

    def sign_by_no_key(self, claims: dict[str, Any]) -> str:
        return f"{encoded({'alg': 'none'})}.{encoded(claims)}."

    def sign_by_the_public_key(self, claims: dict[str, Any]) -> str:
        text = f"{encoded({'alg': 'HS256', 'kid': '1'})}.{encoded(claims)}"
        return f"{text}.{base64url(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"


def encoded(values: dict[str, Any]) -> str:
    return base64url(json.dumps(values).encode())


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class LiarsAnswers(BaseHTTPRequestHandler):
    server: Liar

    def do_GET(self) -> None:
        keys = {"keys": [self.server.key.as_dict(private=False)]}
        self._say(keys if self.path.endswith("jwks_uri") else self.server.description())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"id_token": self.server.token(), "access_token": "x", "token_type": "Bearer"})

    def _say(self, values: dict[str, Any]) -> None:
        body = json.dumps(values).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def liar() -> Iterator[Liar]:
    server = Liar()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def come_back(browser: TestClient, liar: Liar) -> int:
    leaving = browser.get("/oidc/start?provider=hospital")
    if leaving.status_code != 302:
        return leaving.status_code
    asked = parse_qs(urlsplit(leaving.headers["location"]).query)
    liar.nonce = asked["nonce"][0]
    return browser.get("/oidc/callback", params={"state": asked["state"][0], "code": "c"}).status_code


def test_an_honest_token_is_believed(tmp_path: Path, liar: Liar) -> None:
    with project_at(tmp_path / "p", liar.issuer) as project, browsing(project) as browser:
        assert come_back(browser, liar) == 200
        assert browser.get(ME).json()["name"] == "anna"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another program"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"exp": 1_000_000_000},
        {"nonce": "another attempt"},
        {"iat": 4_000_000_000},
        *({name: None} for name in ("iss", "aud", "exp", "nonce", "sub", "iat")),
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(tmp_path: Path, liar: Liar, claims: dict[str, Any]) -> None:
    liar.claims = claims
    with project_at(tmp_path / "p", liar.issuer) as project, browsing(project) as browser:
        assert come_back(browser, liar) == 403
        assert browser.get(ME).status_code == 401


@pytest.mark.parametrize("forged", ["by_another_key", "by_no_key", "by_the_public_key"])
def test_a_token_that_the_provider_has_not_signed_lets_nobody_in(tmp_path: Path, liar: Liar, forged: str) -> None:
    liar.sign = getattr(liar, f"sign_{forged}")
    with project_at(tmp_path / "p", liar.issuer) as project, browsing(project) as browser:
        assert come_back(browser, liar) == 403


@pytest.mark.parametrize(
    "described",
    [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://127.0.0.1:1/"}, {"jwks_uri": "x:"}],
)
def test_a_provider_that_does_not_answer_as_it_should_is_told(
    tmp_path: Path, liar: Liar, described: dict[str, Any]
) -> None:
    liar.described = described
    with project_at(tmp_path / "p", liar.issuer) as project, browsing(project) as browser:
        assert come_back(browser, liar) == 502


def test_a_secret_that_cannot_be_read_is_told_before_anybody_comes(tmp_path: Path, liar: Liar) -> None:
    with project_at(tmp_path / "p", liar.issuer) as project:
        (tmp_path / "p" / "secret").unlink()
        with pytest.raises(ConfigError, match="client_secret_file"):
            create_app(project)
