"""Questions about every record at once, over HTTP. The solver is one per process: who asks waits for those before, for so long."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS
from guiju.api.shapes import ProveAnswer, ProveRequest
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.cli.answering import treated
from guiju.cli.console import speaking
from guiju.cli.proving import QUESTIONS, Asked, answers_json, asked_about
from guiju.readings.smt.search import Budget
from guiju.standard.shelf import Shelf

router = APIRouter(prefix="/api/v1", tags=["proving"], route_class=ExactRoute, responses=ERRORS)
Question = StrEnum("Question", {name.upper(): name for name in QUESTIONS})  # type: ignore[misc]
WAIT_SECONDS = 20.0
_solver = threading.Lock()


@contextmanager
def solver(language: Language) -> Iterator[None]:
    """The solver, for one who asks; what is said about it is in a language.

    raises   Refused: proof-busy, where those before take too long
    """
    if not _solver.acquire(timeout=WAIT_SECONDS):
        raise Refused([Diagnostic("proof-busy", None, {"seconds": f"{WAIT_SECONDS:.0f}"})])
    try:
        with speaking(language):
            yield
    finally:
        _solver.release()


def assumed(shelf: Shelf, treat_as: Mapping[str, str]) -> dict[str, str]:
    """
    raises   Refused: unknown-property, treat-as-kind
    """
    return treated(shelf, [f"{asked}={used}" for asked, used in treat_as.items()])


@router.post("/prove/{question}", response_model=ProveAnswer, summary="证明 · Prove")
def prove(
    request: Request, question: Question,
    asked: Annotated[ProveRequest, Body(openapi_examples={"can it be met?": {"value": {"standards": ["GB 36980.1-2025"]}}})],
) -> Response:  # fmt: skip
    """Proved, refuted with a witness that was judged exactly, unknown with the reason, or not comparable. Longer questions are jobs."""
    shelf, day = request.state.shelf, as_of(asked.on)
    with solver(request.state.language):
        found = asked_about(shelf, question, asked.standards, day, asked.scenario)
        held = Asked(day, False, assumed(shelf, asked.treat_as), asked.any_method, asked.scenario, asked.target, asked.name, asked.better,
                     Budget(asked.steps, float(asked.seconds)), None)  # fmt: skip
        return Json(answers_json(question, found, held, QUESTIONS[question](shelf, found, held)))
