"""A small identity provider with keys of its own, as an HTTP server: discovery, authorization with PKCE, tokens it signs."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "guiju-workbench", "a secret of the client"


@dataclass
class Provider:
    """`changed` alters the claims of the tokens it signs, `key` what they are signed with: what a forger or a careless provider would do."""

    port: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    forger: RSAKey | None = None
    algorithm: str = "RS256"
    changed: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realm"

    def described(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, "code_challenge_methods_supported": ["S256"], **{name: f"{self.issuer}/{end}" for name, end in ends.items()}}

    def authorize(self, asked: dict[str, str]) -> str:
        """Signs somebody in without asking, and says where their browser goes."""
        self.asked.append(asked)
        assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token of a code, once: to the client it was for, with the text whose hash it was asked with."""
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        held = self.codes.pop(asked.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if authorization != f"Basic {wanted}" or held is None or held["code_challenge"] != challenge or held["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "0042", "nonce": held["nonce"], "iat": now, "exp": now + 300,
                  "preferred_username": "zhang", "name": "张工"} | self.changed  # fmt: skip
        if self.algorithm == "HS256":  # the well-known forgery: signed with the public key as if it were a shared secret
            text = json.dumps(self.key.as_dict(private=False)).encode()
            signed = jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, OctKey.import_key(text), algorithms=["HS256"])
        else:
            signed = jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.forger or self.key)
        return 200, {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.endswith("/authorize"):
                self.send_response(302)
                self.send_header("location", provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()}))
                self.end_headers()
            elif parts.path.endswith("/keys"):
                self._json(200, KeySet([provider.key]).as_dict(private=False))
            else:
                self._json(200, provider.described())

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            self._json(*provider.token({name: values[0] for name, values in body.items()}, self.headers.get("authorization", "")))

        def _json(self, status: int, content: Any) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None: ...

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
