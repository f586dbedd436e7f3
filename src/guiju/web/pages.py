"""Pages: every public page and its URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from guiju.web import checking, editing, finding, population, publishing, reading, rendering, reporting, trying


def router() -> APIRouter:
    """All pages of this kit. Each is a plain function, so that it runs in a thread and never holds up the others."""
    made = APIRouter(include_in_schema=False)
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, act in ACTS:
        made.add_api_route(path, act, methods=["POST"], response_model=None)
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
    ("/standards/{number}/try/report.{ending}", reporting.tried_report),
    ("/standards/{number}/records/{id}/report.{ending}", reporting.checked_report),
    ("/standards/{number}/population", population.population), ("/standards/{number}/edit", editing.editing),
    ("/editions", publishing.published), ("/editions/{id}.yaml", publishing.edition_yaml), ("/editions/{id}", publishing.edition),
)  # fmt: skip
"""What can be read, and its URL."""

ACTS: Sequence[tuple[str, Callable[..., Any]]] = (
    ("/standards/{number}/records", checking.drop), ("/standards/{number}/records/{id}", checking.remap),
    ("/standards/{number}/edit", editing.edited), ("/standards/{number}/publish", publishing.publishing),
)  # fmt: skip
"""What takes something in, and its URL."""
