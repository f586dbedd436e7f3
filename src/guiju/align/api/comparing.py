"""Comparing, for programs: the matrix of requirements by side, and what changed from one edition to the next, as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from guiju.align.commands.changed import changes_json
from guiju.align.commands.compared import matrix_json
from guiju.align.matrix import compare
from guiju.align.side import sides_of
from guiju.api.exact import Json
from guiju.api.proving import assumed, solver
from guiju.api.shapes import CompareRequest, DiffRequest
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.regions import load_regions

PAIR = {"sides": ["GB 36980.1-2025", "财建〔2020〕86号"]}
EDITIONS = {"older": "GB/T 19056-2012", "newer": "GB/T 19056-2021"}
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def add(router: APIRouter) -> None:
    """Adds the routes to those of align."""
    router.add_api_route("/compare", compare_sides, methods=["POST"], responses=ANSWER, summary="逐项比较 · Compare, requirement by requirement")
    router.add_api_route("/diff", diff, methods=["POST"], responses=ANSWER, summary="版本差异 · What changed between editions")


def compare_sides(request: Request, asked: Annotated[CompareRequest, Body(openapi_examples={"two editions": {"value": PAIR}})]) -> Response:
    """The matrix `guiju align compare --json` prints: rows with the texts of every side, and each cell with its answers and witnesses."""
    shelf = request.state.shelf
    with solver(request.state.language):
        used = assumed(shelf, asked.treat_as)
        found = sides_of(shelf, load_regions(), asked.sides, asked.subject, as_of(asked.on))
        if len(found) < 2:
            raise Refused([Diagnostic("align-two", None, {"found": str(len(found))})])
        strengths = ("shall",) if asked.must else ("shall", "should")
        return Json(matrix_json(compare(found, shelf.dictionary, treat_as=used, any_method=asked.any_method, strengths=strengths), used))


def diff(request: Request, asked: Annotated[DiffRequest, Body(openapi_examples={"two editions": {"value": EDITIONS}})]) -> Response:
    """What `guiju align diff --json` prints."""
    shelf = request.state.shelf
    with solver(request.state.language):
        used = assumed(shelf, asked.treat_as)
        found = sides_of(shelf, load_regions(), [asked.older, asked.newer], None, None)
        if sum(len(side.programs) for side in found) != 2:
            raise Refused([Diagnostic("align-two", None, {"found": str(sum(len(side.programs) for side in found))})])
        return Json(changes_json(compare(found, shelf.dictionary, treat_as=used, any_method=asked.any_method, strict=False), used))
