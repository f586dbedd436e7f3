"""What is found out about every request before anything else: which language, who asks, and whether a browser was sent here by another site."""

from __future__ import annotations

import time
from collections import OrderedDict
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guiju.api.asker import NOBODY, Asker, asker_of, preferred
from guiju.api.cookies import cookie_named, set_session
from guiju.api.problems import answer
from guiju.api.settings import Settings, is_loopback
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.store.access import session_of
from guiju.store.database import Store
from guiju.store.people import key_owner

LANGUAGES = ("zh", "en")
SAFE = ("GET", "HEAD", "OPTIONS")
KNOWN_SECONDS, KNOWN_MAX = 5.0, 10_000
"""How long a key or session is known without asking the store: so long may it be used after it was revoked elsewhere."""


class Known:
    """Who keys and sessions belong to, for a moment: a program that asks hundreds of times a second costs one look at the store."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, tuple[float, Asker]] = OrderedDict()

    def get(self, secret: str) -> Asker | None:
        held = self._held.get(_hash(secret))
        return held[1] if held is not None and held[0] > time.monotonic() else None

    def put(self, secret: str, asker: Asker) -> None:
        self._held[_hash(secret)] = time.monotonic() + KNOWN_SECONDS, asker
        while len(self._held) > KNOWN_MAX:
            self._held.popitem(last=False)

    def forget(self) -> None:
        """Everything: somebody signed out, or what somebody may do has changed."""
        self._held.clear()


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Arrival:
    """ASGI: puts `language`, `user`, `shelf` and `programs` into the state of the request; turns away what another site made a browser send."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        state, kept = scope.setdefault("state", {}), scope["app"].state
        state |= {"language": language_of(request), "shelf": kept.shelf, "programs": kept.programs, "user": NOBODY}
        try:
            state["user"], fresh = await self._asker(request)
        except Refused as refused:
            await answer(request, refused.diagnostics, headers={"www-authenticate": "Bearer"})(scope, receive, send)
            return
        known = kept.shelves.known(state["user"])
        state["shelf"], state["programs"] = known or await run_in_threadpool(kept.shelves.of, state["user"])
        wrong = _unkeepable(scope) or self._from_elsewhere(request, state["user"])
        if wrong is not None:
            await answer(request, [wrong])(scope, receive, send)
            return
        await self.app(scope, receive, _keeping(send, request, fresh) if fresh else send)

    async def _asker(self, request: Request) -> tuple[Asker, str | None]:
        """Who asks, and the new text of their session where it was changed just now.

        raises   Refused: key-void
        """
        kept = request.app.state
        if self.settings.is_single_user:
            return kept.machine, None
        store: Store | None = kept.store
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        token = request.cookies.get(cookie_named(request))
        secret = key.strip() if scheme.casefold() == "bearer" else token
        if store is None or not secret:
            return NOBODY, None
        known = kept.known.get(secret)
        if known is not None:
            return known, None
        if secret is not token:
            owner = await run_in_threadpool(key_owner, store, secret)
            if owner is None:
                raise Refused([Diagnostic("key-void", None)])
            asker, fresh = asker_of(owner, "key"), None
        else:
            session = await run_in_threadpool(session_of, store, secret)
            if session is None:
                return NOBODY, None
            asker, fresh = asker_of(session.account, "session"), session.token
        if fresh is None:
            kept.known.put(secret, asker)
        return asker, fresh

    def _from_elsewhere(self, request: Request, user: Asker) -> Diagnostic | None:
        """Writes that a page of another site made the browser send; and, where nobody signs in, any name that is not this machine's, which is how
        such a page would reach it through its own domain."""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        own = urlsplit(self.settings.base_url).hostname
        if user.by == "machine" and not is_loopback(host) and host not in (own, self.settings.host):
            return Diagnostic("cross-site", None, {"origin": host})
        if request.method in SAFE or user.by == "key":
            return None
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None:
            return None if site in ("same-origin", "none") else Diagnostic("cross-site", None, {"origin": origin or site})
        if origin is not None:
            return None if urlsplit(origin).netloc == request.headers.get("host") else Diagnostic("cross-site", None, {"origin": origin})
        return Diagnostic("cross-site", None, {"origin": "?"}) if user.by == "session" else None


def _unkeepable(scope: Scope) -> Diagnostic | None:
    """The character U+0000 in an address: no database keeps it, and nothing is called so."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return Diagnostic("request-malformed", None, {"place": "path", "reason": "U+0000"})
    return None


def _keeping(send: Send, request: Request, token: str) -> Send:
    async def keeping(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(name == b"set-cookie" for name, _ in message["headers"]):
            message = {**message, "headers": [*message["headers"], (b"set-cookie", set_session(request, token).encode())]}
        await send(message)

    return keeping


def language_of(request: Request) -> Language:
    """By `?lang=`, the cookie `lang`, Accept-Language; Chinese where none says."""
    asked = parse_qs(request.url.query).get("lang", [""])[0]
    for word in (asked, request.cookies.get("lang")):
        if word in LANGUAGES:
            return "zh" if word == "zh" else "en"
    return preferred(request.headers.get("accept-language", "")) or "zh"
