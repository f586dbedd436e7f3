"""What is found out about every request before anything else: which language, who asks, and whether a browser was sent here by another site."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from guiju.api.asker import NOBODY, Asker, person_at_this_machine, preferred
from guiju.api.problems import answer
from guiju.api.settings import Settings, is_loopback
from guiju.base.diagnostics import Diagnostic, Language

LANGUAGES = ("zh", "en")
SAFE = ("GET", "HEAD", "OPTIONS")


class Arrival:
    """ASGI: puts `language`, `user` and `shelf` into the state of the request; turns away what another site made a browser send."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        state = scope.setdefault("state", {})
        state["language"] = language_of(request)
        state["shelf"], state["programs"] = scope["app"].state.shelf, scope["app"].state.programs
        state["user"] = NOBODY
        user = self._asker(request)
        state["user"] = user
        wrong = self._from_elsewhere(request, user)
        if wrong is not None:
            await answer(request, [wrong])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _asker(self, request: Request) -> Asker:
        return person_at_this_machine() if self.settings.is_single_user else NOBODY

    def _from_elsewhere(self, request: Request, user: Asker) -> Diagnostic | None:
        """Writes that a page of another site made the browser send; and, where nobody signs in, any name that is not this machine's, which is how
        such a page would reach it through its own domain."""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        own = urlsplit(self.settings.base_url).hostname
        if user.by == "machine" and not is_loopback(host) and host not in (own, self.settings.host):
            return Diagnostic("cross-site", None, {"origin": host})
        if request.method in SAFE or user.by not in ("session", "machine"):
            return None
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None:
            return None if site in ("same-origin", "none") else Diagnostic("cross-site", None, {"origin": origin or site})
        if origin is not None:
            return None if urlsplit(origin).netloc == request.headers.get("host") else Diagnostic("cross-site", None, {"origin": origin})
        return Diagnostic("cross-site", None, {"origin": "?"}) if user.by == "session" else None


def language_of(request: Request) -> Language:
    """By `?lang=`, the cookie `lang`, Accept-Language; Chinese where none says."""
    asked = parse_qs(request.url.query).get("lang", [""])[0]
    for word in (asked, request.cookies.get("lang")):
        if word in LANGUAGES:
            return "zh" if word == "zh" else "en"
    return preferred(request.headers.get("accept-language", "")) or "zh"
