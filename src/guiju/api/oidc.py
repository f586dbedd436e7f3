"""Signing in at an identity provider: OpenID Connect, authorization code with PKCE, S256 only. The provider is asked what it is, and believed in
nothing it did not sign for us: issuer, audience, nonce, time and signature of the token are checked."""

from __future__ import annotations

import logging
import secrets
import threading
import time
import warnings
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from guiju.api.cookies import cookie_named, set_cookie, set_session
from guiju.api.paths import store_of
from guiju.api.settings import Settings, is_loopback
from guiju.api.signing import safe_path
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import account_known_elsewhere, begin_session

pages = APIRouter(include_in_schema=False)
ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
"""Signatures that are believed: none that needs a shared secret, and not `none`."""
WAY_SECONDS, KNOWN_SECONDS, ASKED_SECONDS, LEEWAY_SECONDS = 600, 3600, 10.0, 60
WAY = "guiju-way"
log = logging.getLogger("guiju.api")


@dataclass
class Provider:
    """What an identity provider says of itself, known for an hour."""

    settings: Settings
    _held: dict[str, Any] = field(default_factory=dict)
    _keys: Any = None
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def described(self) -> dict[str, Any]:
        """
        raises   Refused: oidc-failed, where it cannot be reached, is another than was asked, or does not do PKCE with S256
        """
        with self._lock:
            if time.monotonic() >= self._until:
                issuer = self.settings.oidc_issuer.rstrip("/")
                found = self._get(f"{issuer}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != issuer:
                    raise _failed("issuer")
                if "S256" not in found.get("code_challenge_methods_supported", ["S256"]):
                    raise _failed("PKCE S256")
                for each in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._secure(str(found.get(each, "")), each)
                self._held, self._keys, self._until = found, None, time.monotonic() + KNOWN_SECONDS
            return self._held

    def keys(self, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            self._keys = KeySet.import_key_set(self._get(self.described()["jwks_uri"]))
        found: KeySet = self._keys
        return found

    def _get(self, url: str) -> Any:
        self._secure(url, "issuer")
        try:
            answer = httpx.get(url, timeout=ASKED_SECONDS, follow_redirects=False)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _failed(type(error).__name__) from error

    def _secure(self, url: str, what: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise _failed(f"{what}: https")

    def client(self, redirect: str) -> Any:
        """An OAuth2Client of authlib, to be closed after use."""
        with warnings.catch_warnings(record=True):  # it would rather have a client that is not among the locks
            from authlib.integrations.httpx_client import OAuth2Client
        s = self.settings
        how = "client_secret_basic" if s.oidc_secret else "none"
        return OAuth2Client(s.oidc_client, s.oidc_secret or None, scope="openid profile email", redirect_uri=redirect, code_challenge_method="S256",
                            token_endpoint_auth_method=how, timeout=ASKED_SECONDS)  # fmt: skip

    def claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        """What the provider signed of somebody.

        raises   Refused: oidc-failed
        """
        checks = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS, iss={"essential": True, "value": self.described()["issuer"]},
            aud={"essential": True, "value": self.settings.oidc_client}, nonce={"essential": True, "value": nonce},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        )  # fmt: skip
        for anew in (False, True):  # a key that is not known may be a new one
            try:
                token = jwt.decode(id_token, self.keys(anew), algorithms=ALGORITHMS)
                checks.validate(token.claims)
            except (JoseError, ValueError) as error:
                if anew:
                    raise _failed(type(error).__name__) from error
                continue
            if isinstance(token.claims["aud"], list) and len(token.claims["aud"]) > 1 and token.claims.get("azp") != self.settings.oidc_client:
                raise _failed("azp")
            return dict(token.claims)
        raise AssertionError("the second time ends it")


def _failed(reason: str) -> Refused:
    log.warning("oidc", extra={"fields": {"reason": reason}})
    return Refused([Diagnostic("oidc-failed", None, {"reason": reason})])


def _redirect_uri(request: Request) -> str:
    base = request.app.state.settings.base_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{base}/sign-in/oidc/back"


@pages.get("/sign-in/oidc")
def go(request: Request) -> Response:
    """To the provider; what it must bring back is kept in the browser that went."""
    provider: Provider = request.app.state.provider
    if not provider.settings.oidc_issuer:
        raise Refused([Diagnostic("no-such-page", None, {"path": request.url.path})])
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with provider.client(_redirect_uri(request)) as client:
        to, state = client.create_authorization_url(provider.described()["authorization_endpoint"], nonce=nonce, code_verifier=verifier)
    way = ".".join((state, nonce, verifier)) + "|" + safe_path(request.query_params.get("next", "/"))
    return Response(status_code=303, headers={"location": to, "set-cookie": set_cookie(request, WAY, way, WAY_SECONDS)})


@pages.get("/sign-in/oidc/back")
def back(request: Request) -> Response:
    """From the provider, with a code that is worth something only to the browser that went."""
    provider: Provider = request.app.state.provider
    kept, _, to = request.cookies.get(cookie_named(request, WAY), "").partition("|")
    state, _, rest = kept.partition(".")
    nonce, _, verifier = rest.partition(".")
    asked = request.query_params
    if not state or not secrets.compare_digest(asked.get("state", "").encode(), state.encode()):
        raise _failed("state")
    if "error" in asked or not asked.get("code"):
        raise _failed(asked.get("error", "code")[:100])
    if asked.get("iss", provider.described()["issuer"]) != provider.described()["issuer"]:
        raise _failed("iss")
    claims = provider.claims(_id_token(provider, request, asked["code"], verifier), nonce)
    name = str(claims.get("preferred_username") or claims.get("email") or "")[:200]
    store = store_of(request)
    account = account_known_elsewhere(store, str(claims["iss"])[:300], str(claims["sub"])[:300], name, str(claims.get("name") or name)[:200])
    response = Response(status_code=303, headers={"location": safe_path(to), "set-cookie": set_session(request, begin_session(store, account.id))})
    response.headers.append("set-cookie", set_cookie(request, WAY, "", 0))
    return response


def _id_token(provider: Provider, request: Request, code: str, verifier: str) -> str:
    """What the provider gives for a code and the text whose hash it was asked with."""
    from authlib.common.errors import AuthlibBaseError

    try:
        with provider.client(_redirect_uri(request)) as client:
            end = provider.described()["token_endpoint"]
            token = client.fetch_token(end, code=code, code_verifier=verifier, grant_type="authorization_code")
    except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
        raise _failed(type(error).__name__) from error
    return str(token.get("id_token", ""))
