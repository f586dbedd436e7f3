"""Pages: every public page and its URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from guiju.web import checking, finding, reading, rendering, trying


UPLOAD_BYTES_MAX = 256 << 20


def router(upload_bytes_max: int = UPLOAD_BYTES_MAX) -> APIRouter:
    """All pages of this kit. Each is a plain function, so that it runs in a thread and never holds up the others.

    upload_bytes_max   of a file of records with what surrounds it
    """
    made = APIRouter(include_in_schema=False)
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    made.add_api_route("/standards/{number}/records", checking.drop, methods=["POST"], response_model=None, max_body_size=upload_bytes_max)
    made.add_api_route("/standards/{number}/records/{id}", checking.remap, methods=["POST"], response_model=None)
    return made


PAGES: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/", finding.home), ("/standards", finding.standards), ("/standards.json", finding.standards_json), ("/try", finding.to_try),
    ("/records", finding.to_check), ("/static/{name}", rendering.static),
    ("/standards/{number}.json", reading.standard_json), ("/standards/{number}.md", reading.standard_markdown),
    ("/standards/{number}.yaml", reading.standard_yaml), ("/standards/{number}", reading.standard),
    ("/standards/{number}/try", trying.trying), ("/standards/{number}/try.json", trying.trying_json),
    ("/standards/{number}/records", checking.checking), ("/standards/{number}/records/{id}", checking.checked),
    ("/standards/{number}/records/{id}/mapping.yaml", checking.mapping_text),
    ("/standards/{number}/records/{id}/verdicts.{ending}", checking.download),
)  # fmt: skip
"""What can be read, and its URL."""
