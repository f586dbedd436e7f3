"""Writes that may be asked for twice: with the header Idempotency-Key, the second time gets the answer of the first, and nothing is done again."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from guiju.api.asker import Asker
from guiju.api.exact import ExactRoute
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import begin_answer, end_answer
from guiju.store.canonical import digest
from guiju.store.database import Store

HEADER = "idempotency-key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
BODY_MAX = 1 << 20
"""An answer longer than this is not kept; asking again with its key is refused."""
SECRET = ("/api/v1/keys", "/invitation", "/api/v1/accounts")
"""Answers that hold a secret are never kept: how such paths end. The key of such a write is used up, and asking again is refused."""


class OnceRoute(ExactRoute):
    """A route that keeps its answers to POST requests with a key, for two days, per account."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key, user, store = request.headers.get(HEADER), request.state.user, request.app.state.store
            if key is None or request.method != "POST" or store is None or not user.is_signed_in:
                return await handle(request)
            if not _KEY.fullmatch(key):
                raise Refused([Diagnostic("request-malformed", None, {"place": f"header/{HEADER}", "reason": "1–200 ASCII"})])
            return await _once(request, handle, store, user, key)

        return once


async def _once(request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]], store: Store, user: Asker, key: str) -> Response:
    asked = await _hash(request)
    before = await run_in_threadpool(begin_answer, store, user.id, key, asked)
    if before is not None:
        return Response(before[1], before[0], {"idempotent-replay": "true", "content-type": "application/json"})
    status: int | None = None
    body: str | None = None
    try:
        response = await handle(request)
        text = bytes(response.body)
        if response.status_code < 400:
            is_kept = not request.url.path.endswith(SECRET) and len(text) <= BODY_MAX
            status, body = response.status_code, text.decode() if is_kept else None
        return response
    finally:
        await run_in_threadpool(end_answer, store, user.id, key, status, body)


async def _hash(request: Request) -> str:
    """Of what is asked: method, address and body; of an upload its length stands for the body, which is read only once."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        body = request.headers.get("content-length", "").encode()
    else:
        body = await request.body()
    return digest(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body)
