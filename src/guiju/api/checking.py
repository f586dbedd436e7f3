"""`guiju check` over HTTP: a standard that somebody is writing, checked with its examples; nothing of it is kept."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from guiju.api.exact import ExactRoute, Json
from guiju.api.library import SharedShelf
from guiju.api.paths import ERRORS
from guiju.api.shapes import CheckAnswer, CheckRequest
from guiju.base.dates import as_of
from guiju.base.diagnostics import Severity, told_without
from guiju.readings.examples import examine

router = APIRouter(prefix="/api/v1", tags=["standards"], route_class=ExactRoute, responses=ERRORS)
EXAMPLE = """number: Q/EX 1-2026
edition: "2026"
title: {zh: 示例, en: example}
"""


@router.post("/check", response_model=CheckAnswer, summary="检查一份标准 · Check a standard")
def check_document(
    request: Request, asked: Annotated[CheckRequest, Body(openapi_examples={"a start": {"value": {"document": EXAMPLE}}})]
) -> Response:
    """Everything `guiju check` says of it, with places; the status is 200 however much is wrong with it."""
    return Json(checked(request.state.shelf, asked.document, asked.examples, asked.lock, as_of(asked.on)))


def checked(shelf: SharedShelf, document: str, examples: str | None = None, lock: str | None = None, on: date | None = None) -> dict[str, Any]:
    """The answer to a check, as JSON; places are in `standard.yaml`, `examples.yaml` and `lock.yaml`."""
    with tempfile.TemporaryDirectory(prefix="guiju-check-") as name:
        folder = Path(name)
        for file, text in (("standard.yaml", document), ("examples.yaml", examples), ("lock.yaml", lock)):
            if text is not None:
                (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        opened, program, problems = examine(shelf.aside(), folder, on)
        found = told_without(name, problems.found)
    standard = opened.standard
    counted = {severity: sum(d.severity is severity for d in found) for severity in Severity}
    return {
        "number": standard.number if standard else None, "content_hash": standard.content_hash if standard and standard.content_hash else None,
        "examples": len(standard.examples) if standard else 0,
        "proved": len(program.exactness.shifts) - len(program.exactness.unproved) if program and not counted[Severity.ERROR] else 0,
        "errors": counted[Severity.ERROR], "warnings": counted[Severity.WARNING], "notes": counted[Severity.NOTE],
        "diagnostics": [each.as_json() for each in found],
    }  # fmt: skip
