"""Whether it lives, whether it is ready, and its counters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from guiju.api.paths import ERRORS
from guiju.base.diagnostics import Refused
from guiju.store.database import Store
from guiju.store.jobs import tally
from guiju.store.migrate import require_current

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="在运行 · It lives")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="可以工作：标准已读到，仓库可用 · It is ready: standards can be read, the store answers", responses={503: ERRORS[503]})
def readyz(request: Request) -> dict[str, str | int]:
    """503 with the reason where the store is away, or is of another Guiju; it is asked anew each time, so this passes when that does."""
    store: Store | None = request.app.state.store
    if store is not None:
        require_current(store)
    return {"status": "ready", "standards": len(request.app.state.shelf.paths()), "store": "none" if store is None else "ready"}


@router.get("/metrics", summary="Prometheus", response_class=Response, responses={200: {"content": {CONTENT_TYPE_LATEST: {}}}})
def metrics(request: Request) -> Response:
    """Requests and verdicts as counted; whether the store answers, and its jobs by state, as they are now."""
    now, store = CollectorRegistry(), request.app.state.store
    if store is not None:
        now.register(StoreNow(store))
    return Response(request.app.state.metrics.text() + generate_latest(now), media_type=CONTENT_TYPE_LATEST)


@dataclass(frozen=True)
class StoreNow(Collector):
    """The store as Prometheus sees it at this moment."""

    store: Store

    def collect(self) -> Iterator[Metric]:
        try:
            counts, oldest = tally(self.store)
        except Refused:
            yield GaugeMetricFamily("guiju_store_up", "Whether the store answers", value=0)
            return
        yield GaugeMetricFamily("guiju_store_up", "Whether the store answers", value=1)
        jobs = GaugeMetricFamily("guiju_jobs", "Jobs by state", labels=["state"])
        for state, number in counts.items():
            jobs.add_metric([state], number)
        yield jobs
        waited = (datetime.now(UTC) - oldest).total_seconds() if oldest is not None else 0.0
        yield GaugeMetricFamily("guiju_job_waiting_seconds", "How long the job that waits longest has waited", value=max(0.0, waited))
