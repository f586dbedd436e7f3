"""What is wrong, over HTTP: RFC 9457 problem+json that carries the same Diagnostics as the command line."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guiju.base.diagnostics import Diagnostic, Language, Refused

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("guiju.api")
WITHIN = frozenset(("store-unreachable", "store-busy", "store-missing", "store-outdated", "store-newer", "store-damaged", "store-unwritable"))
"""What names the machine the store is on: whole in the log, and to whoever sits at this machine; without places to others."""
ErrorPage = Callable[[Request, int, Sequence[Diagnostic]], Response]
"""What people see in a browser where something is wrong: the web's."""

STATUS: Mapping[str, int] = {
    "unknown-standard": 404, "unknown-edition": 404, "unknown-job": 404, "unknown-result": 404, "unknown-record-set": 404, "unknown-region": 404,
    "unknown-account": 404, "records-gone": 410, "unknown-organisation": 404, "no-such-page": 404, "unknown-key-id": 404, "archive-bomb": 413,
    "method-not-allowed": 405, "body-too-large": 413, "media-type-unknown": 415, "too-many-requests": 429, "sign-in-too-often": 429,
    "sign-in-failed": 401, "oidc-failed": 401, "key-void": 401, "account-disabled": 403, "not-allowed-there": 403,
    "key-for-other-request": 409, "key-in-progress": 409, "key-used-up": 409, "not-signed-in": 401, "not-allowed": 403,
    "cross-site": 403, "key-for-another": 409, "edition-exists": 409, "name-in-use": 409, "job-not-stopped": 409, "store-busy": 503,
    "unknown-process": 404, "unknown-point": 404, "process-order-unknown": 404, "process-not-now": 409, "process-moved": 409,
    "process-order-submitted": 409, "process-other-side": 403, "process-second-person": 403,
    "frontrunner-conflict": 403, "frontrunner-cycle-there": 409, "frontrunner-no-issuer": 409,
    "frontrunner-receipt": 404, "frontrunner-objections-many": 429, "frontrunner-objections-here": 429,
    "library-unknown": 404, "library-revision": 404, "library-of-other": 403, "library-no-enterprise": 403, "library-not-own": 403,
    "register-moved": 409,
    "store-unreachable": 503, "store-missing": 503, "store-outdated": 503, "store-newer": 503, "store-damaged": 503, "store-unwritable": 503,
    "unknown-certificate": 404, "unknown-product": 404, "zone-no-enterprise": 404,
    "no-store": 503, "proof-busy": 503, "report-no-font": 503, "fault": 500,
}  # fmt: skip
"""Code of a Diagnostic → the status it gives; any other is 422: understood, and wrong."""


class Denied(Exception):
    """A refusal with headers of its own, as 401, 405 and 429 have."""

    def __init__(self, diagnostic: Diagnostic, headers: Mapping[str, str] | None = None) -> None:
        self.diagnostic, self.headers = diagnostic, dict(headers or {})
        super().__init__(diagnostic.code)


def status_of(diagnostics: Iterable[Diagnostic]) -> int:
    """The status of the first that has one; 422 otherwise."""
    return next((STATUS[d.code] for d in diagnostics if d.code in STATUS), 422)


def problem(diagnostics: Sequence[Diagnostic], language: Language, status: int | None = None, request_id: str = "") -> dict[str, Any]:
    """The body of a problem: every diagnostic as the command line has it, the first as title and detail."""
    first = diagnostics[0]
    code = status or status_of(diagnostics)
    return {
        "type": f"urn:guiju:diagnostic:{first.code}", "title": HTTPStatus(code).phrase, "status": code, "detail": first.message(language),
        "diagnostics": [each.as_json() for each in diagnostics], "request_id": request_id,
    }  # fmt: skip


def answer(request: Request, diagnostics: Sequence[Diagnostic], status: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as JSON; as a page to a browser that asks for a page."""
    code, diagnostics = status or status_of(diagnostics), _outward(request, diagnostics)
    page: ErrorPage | None = request.app.state.error_page
    if page is not None and not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        response = page(request, code, diagnostics)
        response.headers.update(headers or {})
        return response
    state = request.scope.get("state", {})
    body = problem(diagnostics, state.get("language", "zh"), code, state.get("request_id", ""))
    return Response(json.dumps(body, ensure_ascii=False), code, dict(headers or {}), MEDIA_TYPE)


def _outward(request: Request, diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The diagnostics as whoever asks may read them."""
    held = [each for each in diagnostics if each.code in WITHIN]
    if not held:
        return diagnostics
    state = request.scope.get("state", {})
    log.error("store", extra={"fields": {"request": state.get("request_id"), "diagnostics": [each.as_json() for each in held]}})
    if getattr(state.get("user"), "by", None) == "machine":
        return diagnostics
    return [replace(each, facts={**each.facts, **{name: "…" for name in ("place", "reason") if name in each.facts}}) if each.code in WITHIN else each
            for each in diagnostics]  # fmt: skip


def add_handlers(app: FastAPI) -> None:
    """Every way a request can go wrong becomes a problem; for faults of Guiju's own see `Faults`."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return answer(request, error.diagnostics)

    async def denied(request: Request, error: Exception) -> Response:
        assert isinstance(error, Denied)
        return answer(request, [error.diagnostic], headers=error.headers)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, [_of_field(each) for each in error.errors()])

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, [_of_status(request, error)], error.status_code, error.headers)

    for kind, handler in ((Refused, refused), (Denied, denied), (RequestValidationError, malformed), (HTTPException, http)):
        app.add_exception_handler(kind, handler)


class Faults:
    """ASGI: a fault of Guiju's own is logged whole, and answered with its request's id and nothing of its inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def begun(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, begun)
        except Exception as error:
            request_id = scope.get("state", {}).get("request_id", "")
            log.error("fault", exc_info=error, extra={"fields": {"request": request_id, "path": scope.get("path")}})
            if is_begun or scope["type"] != "http":
                raise  # what was promised cannot be taken back: the connection ends
            await answer(Request(scope), [Diagnostic("fault", None, {"request": request_id})], 500)(scope, receive, send)


def _of_field(error: Mapping[str, Any]) -> Diagnostic:
    """One thing pydantic found wrong with a request."""
    place = [str(each) for each in error["loc"]]
    if error["type"] == "json_invalid":
        return Diagnostic("request-not-json", None, {"reason": str(error.get("ctx", {}).get("error", error["msg"]))})
    return Diagnostic("request-malformed", None, {"place": "/".join(place), "reason": str(error["msg"])})


def _of_status(request: Request, error: HTTPException) -> Diagnostic:
    facts = {"path": request.url.path, "method": request.method}
    codes = {401: "not-signed-in", 403: "not-allowed", 404: "no-such-page", 405: "method-not-allowed", 413: "body-too-large"}
    if error.status_code in codes:
        return Diagnostic(codes[error.status_code], None, facts)
    return Diagnostic("request-malformed", None, {"place": "", "reason": str(error.detail)})
