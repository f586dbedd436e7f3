"""Pages: every public page and its URL."""

from __future__ import annotations

from fastapi import APIRouter

from guiju.web import finding, reading, rendering, trying


def router() -> APIRouter:
    """All pages of this kit. Each is a plain function, so that it runs in a thread and never holds up the others."""
    made = APIRouter(include_in_schema=False)
    for path, page in (
        ("/", finding.home), ("/standards", finding.standards), ("/standards.json", finding.standards_json), ("/try", finding.to_try),
        ("/records", finding.to_check), ("/static/{name}", rendering.static),
        ("/standards/{number}.json", reading.standard_json), ("/standards/{number}.md", reading.standard_markdown),
        ("/standards/{number}/try", trying.trying), ("/standards/{number}/try.json", trying.trying_json), ("/standards/{number}.yaml", reading.standard_yaml), ("/standards/{number}", reading.standard),
    ):  # fmt: skip
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    return made
