"""Signing in at an identity provider: OpenID Connect Core 1.0, code flow, with PKCE (RFC 7636).

Who the provider says somebody is counts only when its token is signed by the provider's keys, was issued for us, now,
and for the attempt that this browser began.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

import httpx2
from itsdangerous import BadSignature, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mammoset.errors import ConfigError
from mammoset.project.settings import OidcSettings
from mammoset.web.door.problems import Refused

ATTEMPT_SECONDS = 600
"""So long somebody may take at the provider."""
TIMEOUT_SECONDS = 10.0
FRESH_SECONDS = 3600.0
"""So long what a provider says of itself is remembered."""
LEEWAY_SECONDS = 30
"""By which the clocks may differ."""
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures of who has a private key; a shared secret, or none at all, signs nothing."""
WELL_KNOWN = "/.well-known/openid-configuration"
SCOPE = "openid profile email"


class Attempt(NamedTuple):
    """What a browser keeps, signed by us, while its person is at the provider."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def begin(cls, provider: str, then: str) -> Attempt:
        """Return a new attempt to sign in at a provider, and where to go afterwards."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(provider, state, nonce, verifier, then)

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (RFC 7636, section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Attempts:
    """Signs attempts, so that a browser can bring back none but its own. The key lives as long as the process."""

    def __init__(self) -> None:
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt="attempt to sign in")

    def sign(self, attempt: Attempt) -> str:
        """Return an attempt as the value of a cookie."""
        return str(self._signer.dumps(attempt))

    def read(self, cookie: str, state: str) -> Attempt:
        """Return the attempt of a cookie.

        Raises
        ------
        Refused
            If it is not ours, too old, or another one than the provider's answer is for.
        """
        try:
            attempt = Attempt(*self._signer.loads(cookie, max_age=ATTEMPT_SECONDS))
        except (BadSignature, TypeError):
            raise Refused(400, "this attempt to sign in is over; begin again") from None
        if not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise Refused(400, "this answer is for another attempt to sign in; begin again")
        return attempt


class Person(NamedTuple):
    """Somebody as a provider knows them.

    Attributes
    ----------
    subject : str
        Issuer and subject; what stays the same whatever the person is called.
    name : str
        The configured claim; empty when the provider does not give it, or has not verified the address.
    """

    subject: str
    name: str


@dataclass
class Provider:
    """An identity provider, asked over the network when it is needed.

    Attributes
    ----------
    root : Path
        Project folder, to which the file of the secret is relative.
    """

    settings: OidcSettings
    root: Path
    _told: dict[str, Any] = field(default_factory=dict)
    _told_at: float = 0.0

    def address(self, attempt: Attempt, back: str) -> str:
        """Return where a browser is sent; `back` is where the provider sends it afterwards."""
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        endpoint = str(self._endpoint("authorization_endpoint"))
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def person(self, code: str, attempt: Attempt, back: str) -> Person:
        """Return who has signed in at the provider.

        Raises
        ------
        Refused
            If the provider does not answer, does not know the code, or its token is not in order.
        """
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        endpoint = self._endpoint("token_endpoint")
        answer = self._ask("POST", endpoint, **self._login(given))
        claims = self._claims(str(answer.get("id_token", "")), attempt.nonce)
        if self.settings.claim not in claims:
            claims |= self._more(claims, str(answer.get("access_token", "")))
        name = claims.get(self.settings.claim, "")
        if self.settings.claim == "email" and claims.get("email_verified") is not True:
            name = ""
        return Person(f"{self.settings.issuer} {claims['sub']}", name if isinstance(name, str) else "")

    def _login(self, given: dict[str, str]) -> dict[str, Any]:
        """Return a request to the token endpoint in which we show who we are (RFC 6749, section 2.3.1)."""
        secret = self.secret()
        ways = self._told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            return {"data": given | {"client_id": self.settings.client_id, "client_secret": secret}}
        return {"data": given, "auth": (quote_plus(self.settings.client_id), quote_plus(secret))}

    def _more(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """Return what the provider tells of a person beside the token (Core, section 5.3); of nobody else."""
        if "userinfo_endpoint" not in self._told:
            return {}
        bearer = {"Authorization": f"Bearer {access_token}"}
        told = self._ask("GET", self._endpoint("userinfo_endpoint"), headers=bearer)
        names = (self.settings.claim, "email_verified")
        return {name: told[name] for name in names if name in told} if told.get("sub") == claims["sub"] else {}

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(self._ask("GET", self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise Refused(403, f"the identity provider's token is not in order ({type(error).__name__})") from None
        if claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise Refused(403, "the identity provider's token was issued for another program")
        return dict(claims)

    def _endpoint(self, name: str) -> str:
        moment = time.monotonic()
        if not self._told or moment - self._told_at > FRESH_SECONDS:
            told = self._ask("GET", self.settings.issuer.rstrip("/") + WELL_KNOWN)
            if told.get("issuer") != self.settings.issuer:
                raise Refused(502, "the identity provider calls itself otherwise than serve.oidc in mammoset.toml does")
            self._told, self._told_at = told, moment
        if name not in self._told:
            raise Refused(502, f"the identity provider names no {name}")
        return str(self._told[name])

    def _ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        try:
            answer = httpx2.request(method, address, timeout=TIMEOUT_SECONDS, **given)
            answer.raise_for_status()
            said = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            raise Refused(502, "the identity provider does not answer as it should; try again later") from None
        if not isinstance(said, dict):
            raise Refused(502, "the identity provider does not answer as it should; try again later")
        return said

    def secret(self) -> str:
        """Return what only we and the provider know.

        Raises
        ------
        ConfigError
            If its file cannot be read.
        """
        try:
            return (self.root / self.settings.client_secret_file).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigError("serve.oidc: client_secret_file is no file of text that can be read") from None
