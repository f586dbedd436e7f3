"""Files of undertakings and of evidence for programs, and the evidence a certificate is replayed from, for those who may have them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS, store_of
from guiju.frontrunner.pages.papers import saved
from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.papers_given import paper_of_certificate, paper_of_cycle

Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file")]
Id = Annotated[str, Path(max_length=60)]
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners", tags=["frontrunners"], route_class=ExactRoute, responses=ERRORS)
    for path, call, answer, summary in (
        ("/cycles/{id}/files/{sha256}", of_cycle, FILE, "承诺的证明材料 · A file of an undertaking"),
        ("/certificates/{id}/files/{sha256}", of_certificate, FILE, "证据的文件 · A file of evidence"),
        ("/certificates/{id}/evidence", evidence, ANSWER, "重算证书用的证据 · The evidence a certificate is replayed from"),
    ):
        made.add_api_route(path, call, methods=["GET"], responses=answer, summary=summary, response_class=Response)
    router.include_router(made)


def of_cycle(request: Request, id: Id, sha256: Hash) -> Response:
    """For the enterprise itself, the evaluator chosen, and who runs the cycle; for anybody else there is none."""
    return saved(paper_of_cycle(store_of(request), request.state.user, id, sha256))


def of_certificate(request: Request, id: Id, sha256: Hash) -> Response:
    """For the enterprise itself and who certifies; for anybody else there is none."""
    return saved(paper_of_certificate(store_of(request), request.state.user, id, sha256))


def evidence(request: Request, id: Id, model: Annotated[list[str] | None, Query(max_length=500)] = None) -> Response:
    """Of all models, or of those named: rows and salts, for `certificate replay --evidence`. Its holder gives it to whom they choose."""
    return Json(evidence_of(store_of(request), request.state.user, id, model or ()))
