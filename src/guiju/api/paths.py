"""What several routes are given alike: a standard's name, a date, and the problems every route may answer with."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request

from guiju.api.shapes import Problem
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.database import Store

Named = Annotated[str, Path(max_length=300, examples=["GB-36980.1-2025"], description="the name in the list, or the number without its slash")]
On = Annotated[str | None, Query(max_length=40, examples=["2026-07-01"], description="as of this date")]


def store_of(request: Request) -> Store:
    """
    raises   Refused: no-store
    """
    store: Store | None = request.app.state.store
    if store is None:
        raise Refused([Diagnostic("no-store", None)])
    return store


def _problem(words: str) -> dict[str, Any]:
    return {"model": Problem, "description": words, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}


ERRORS: dict[int | str, dict[str, Any]] = {
    401: _problem("nobody is signed in"), 403: _problem("the role is missing, or the request comes from elsewhere"),
    404: _problem("there is none"), 405: _problem("not by this method"), 409: _problem("it is there, or in another state"),
    413: _problem("the body is too large"), 422: _problem("understood, and wrong: every problem is listed"),
    429: _problem("too many requests"), 500: _problem("a fault of Guiju's own"), 503: _problem("busy, or the store is away"),
}  # fmt: skip
