"""How much one may send and how often: bodies, requests in a minute, attempts to sign in."""

from __future__ import annotations

import ipaddress
import re
import time

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guiju.api.asker import Asker
from guiju.api.problems import answer
from guiju.api.settings import Settings
from guiju.base.diagnostics import Diagnostic

UPLOADS = re.compile(
    r"/((api/v1/)?frontrunners/librar(y|ies)|api/v1/record-sets|jobs|sets|standards/[^/]+/records(/[^/]+)?|standards/[^/]+/verification"
    r"|frontrunners/cycles/[^/]+|frontrunners/certificates/[^/]+/process)"
)
"""Paths that take files of records; `upload_bytes_max` is theirs."""
STREAMS = re.compile(r"/api/v1/standards/[^/]+/evaluate-many")
"""Paths that keep nothing of what they are sent beyond a line."""
UNCOUNTED = ("/healthz", "/readyz", "/metrics")


class Limits:
    """ASGI: turns away those who ask too often, and bodies that are too large, before and while they are read."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.counted = FixedWindowRateLimiter(MemoryStorage())
        self.rate = RateLimitItemPerMinute(settings.per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        who = by_whom(request)
        if scope["path"] not in UNCOUNTED and not self.counted.hit(self.rate, who):
            wait = max(1, int(self.counted.get_window_stats(self.rate, who).reset_time - time.time()) + 1)
            told = Diagnostic("too-many-requests", None, {"limit": str(self.settings.per_minute), "seconds": str(wait)})
            await answer(request, [told], headers={"retry-after": str(wait)})(scope, receive, send)
            return
        most = self._most(scope["path"], scope["state"]["user"])
        if most is None:
            await self.app(scope, receive, send)
            return
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > most:
            await answer(request, [Diagnostic("body-too-large", None)], headers={"connection": "close"})(scope, receive, send)
            return
        await self.app(scope, _measured(receive, most), send)

    def _most(self, path: str, user: Asker) -> int | None:
        """The largest body; only those who are signed in send large ones."""
        if STREAMS.fullmatch(path):
            return None
        return self.settings.upload_bytes_max if UPLOADS.fullmatch(path) and user.is_signed_in else self.settings.body_bytes_max


def _measured(receive: Receive, most: int) -> Receive:
    had = 0

    async def measured() -> Message:
        nonlocal had
        message = await receive()
        if message["type"] == "http.request":
            had += len(message.get("body", b""))
            if had > most:
                raise HTTPException(413)
        return message

    return measured


def by_whom(request: Request) -> str:
    """What requests are counted by: the account, or the address where nobody is signed in."""
    user: Asker = request.scope["state"]["user"]
    address = request.client.host if request.client else "?"
    return user.id if user.by in ("session", "key") else f"from {address}"


class Attempts:
    """Attempts to sign in: so many in a minute for a name, and five times as many from an address."""

    def __init__(self, per_minute: int) -> None:
        self.counted = FixedWindowRateLimiter(MemoryStorage())
        self.by_name, self.by_address = RateLimitItemPerMinute(per_minute), RateLimitItemPerMinute(5 * per_minute)

    def allowed(self, name: str, address: str) -> bool:
        """Whether one more may be made; it counts as made."""
        is_from_here = self.counted.hit(self.by_address, "address", address)
        return self.counted.hit(self.by_name, "name", name.casefold()[:200]) and is_from_here


class Hourly:
    """What is taken from anybody: so much in any hour from one network address, counted by this process."""

    def __init__(self, most: int) -> None:
        self.counted, self.rate = MovingWindowRateLimiter(MemoryStorage()), RateLimitItemPerHour(most)

    def has_room(self, address: str) -> bool:
        return self.counted.test(self.rate, network_of(address))

    def take(self, address: str) -> None:
        self.counted.hit(self.rate, network_of(address))


def network_of(address: str) -> str:
    """What addresses are counted by: one of IPv4, the first 64 bits of IPv6, which one subscriber has to themselves."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
