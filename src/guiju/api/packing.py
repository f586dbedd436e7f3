"""Packing: pages and what they are dressed with go over the wire as gzip; answers of the API, which are small or streamed, go as they are."""

from __future__ import annotations

import gzip

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")
BYTES_MIN, LEVEL = 2_000, 5
"""Below, packing gains nothing; the level takes two milliseconds for the largest page."""


class Packed:
    """ASGI: packs an answer that comes in one piece and is of one of the types."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_taken = any(word.strip() == "gzip" for word in Headers(scope=scope).get("accept-encoding", "").split(","))
        begun: Message | None = None

        async def packing(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("content-type", "").partition(";")[0] in TYPES and "content-encoding" not in headers:
                    headers.add_vary_header("Accept-Encoding")
                    if is_taken:
                        begun = message  # waits for its body
                        return
            elif begun is not None:
                start, begun = begun, None
                if not message.get("more_body") and len(message.get("body", b"")) >= BYTES_MIN:
                    message = {**message, "body": await run_in_threadpool(gzip.compress, message["body"], LEVEL, mtime=0)}
                    headers = MutableHeaders(raw=start["headers"])
                    headers["content-encoding"], headers["content-length"] = "gzip", str(len(message["body"]))
                await send(start)
            await send(message)

        await self.app(scope, receive, packing)
