"""Whether it lives, whether it is ready, and its counters."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="在运行 · It lives")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="可以工作：标准已读到 · It is ready: standards can be read")
def readyz(request: Request) -> dict[str, str | int]:
    return {"status": "ready", "standards": len(request.app.state.shelf.paths())}


@router.get("/metrics", summary="Prometheus", response_class=Response, responses={200: {"content": {CONTENT_TYPE_LATEST: {}}}})
def metrics(request: Request) -> Response:
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
