"""Headers that keep a page to itself: nothing from elsewhere runs in it, nothing elsewhere frames it, and nothing guesses what a file is."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join((
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
    "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
FOR_OTHER_SITES = {"cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*"}
"""For what is public and made to be shown or read by other sites' pages, such as a badge; no page and nothing of one person's is."""
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecureHeaders:
    """ASGI: adds them to every answer that does not set its own; and keeps what is for one person out of shared caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                added = [(name, value) for name, value in HEADERS if name not in held]
                if b"cache-control" not in held:
                    added.append((b"cache-control", b"no-store" if b"set-cookie" in held else b"private, no-cache"))
                if scope["scheme"] == "https":
                    added.append(_TRANSPORT)
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, secured)
