"""What became of every request, for those who run it: a line in the log, and counters for Prometheus. No bodies, queries, cookies or keys."""

from __future__ import annotations

import logging
import os
import re
import secrets
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = logging.getLogger("guiju.api")


class Metrics:
    """The counters of one application. Several worker processes share theirs through the folder PROMETHEUS_MULTIPROC_DIR names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self.requests = Counter("guiju_requests", "Requests answered", names, registry=self.registry)
        self.seconds = Histogram("guiju_request_seconds", "Time to answer a request", ("method", "route"), buckets=BUCKETS, registry=self.registry)
        self.verdicts = Counter("guiju_records_judged", "Records judged over HTTP", registry=self.registry)
        self.running = Gauge("guiju_requests_running", "Requests being answered", registry=self.registry, multiprocess_mode="livesum")

    def text(self) -> bytes:
        """In the format Prometheus reads."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)


class RequestLog:
    """ASGI: gives every request an id, and tells what became of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 500, time.perf_counter()

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request_id.encode())]}
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, tell)
        finally:
            self.metrics.running.dec()
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "") or "none"
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(method, route).observe(seconds)
        state, client = scope.get("state", {}), scope.get("client")
        user = state.get("user")
        path = "/invitations/…" if scope["path"].startswith("/invitations/") else scope["path"]  # the rest of it is a secret
        fields = {"request": state.get("request_id"), "method": method, "path": path, "route": route, "status": status,
                  "ms": round(seconds * 1000, 2), "user": user.id if user is not None else None, "from": client[0] if client else None}  # fmt: skip
        log.info("request", extra={"fields": fields})
