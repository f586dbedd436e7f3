"""Files of undertakings and of evidence, and the evidence a certificate is replayed from: to be saved, by those who may have them."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.papers_given import Held, paper_of_certificate, paper_of_cycle
from guiju.web.asking import asked
from guiju.web.kept import store_of

Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def add(router: APIRouter) -> None:
    for path, page in (
        ("/frontrunners/cycles/{id}/files/{sha256}", of_cycle), ("/frontrunners/certificates/{id}/files/{sha256}", of_certificate),
        ("/frontrunners/certificates/{id}/evidence.json", evidence),
    ):  # fmt: skip
        router.add_api_route(path, page, methods=["GET"], response_model=None, include_in_schema=False)


def of_cycle(request: Request, id: str, sha256: Hash) -> Response:
    who = asked(request)
    return saved(paper_of_cycle(store_of(who), who.user, id, sha256))


def of_certificate(request: Request, id: str, sha256: Hash) -> Response:
    who = asked(request)
    return saved(paper_of_certificate(store_of(who), who.user, id, sha256))


def evidence(request: Request, id: str, model: Annotated[list[str] | None, Query()] = None) -> Response:
    """The evidence of all models, or of those named, as its holder hands it on."""
    who = asked(request)
    made = evidence_of(store_of(who), who.user, id, model or ())
    return _attached(json.dumps(made, ensure_ascii=False, indent=1).encode(), "evidence.json", "application/json")


def saved(held: Held) -> Response:
    """A file to be saved under its name; a browser shows it to nobody."""
    return _attached(held.path.read_bytes(), held.name, held.media)


def _attached(content: bytes, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", "X-Content-Type-Options": "nosniff",
               "Cache-Control": "private, no-store"}  # fmt: skip
    return Response(content, media_type=media, headers=headers)
