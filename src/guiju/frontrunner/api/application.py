"""Graded application and solutions for programs: products × scenarios with the reasons, and combinations of the parts of a solution."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS
from guiju.base.diagnostics import Problems
from guiju.frontrunner.application.asked import chosen, fitting_of, opened_composition, solving_of
from guiju.frontrunner.application.fitting import PER_PAGE, Fitting, Wanted
from guiju.frontrunner.application.product import reasons_of
from guiju.frontrunner.application.told import fitted_json, fitting_json, solution_json, solving_json
from guiju.frontrunner.zone.gathered import price_of
from guiju.standard.shape import did_you_mean

ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
Word = Annotated[str, Query(max_length=200)]
LibraryName = Annotated[
    str, Query(max_length=100, description="a public library; who reads those of the store may name one of them", examples=["fleet"])
]
State = Literal["", "suited", "conditional", "unsuited", "unknown", "outside"]
Grade = Literal["", "advanced", "average", "baseline", "none", "unknown"]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
Number = Annotated[int | None, Query(ge=0, le=10_000_000)]


def add(made: APIRouter) -> None:
    own = APIRouter(prefix="/api/v1/frontrunners", tags=["front-runners"], route_class=ExactRoute, responses=ERRORS)
    for path, call, summary in (("/suitability", suitability, "分级应用：产品适合的场景 · Which products suit which scenario"),
                                ("/solutions", solutions, "组合方案 · Combinations of car, charger and service")):  # fmt: skip
        own.add_api_route(path, call, methods=["GET"], responses=ANSWER, summary=summary, response_class=Response)
    made.include_router(own)


def suitability(
    request: Request, library: LibraryName, scenario: Word = "",
    state: Annotated[State, Query(description="with `scenario`")] = "", grade: Grade = "", brand: Word = "", region: Word = "", q: Word = "",
    low: Word = "", high: Word = "", page: Page = 1,
) -> Response:  # fmt: skip
    """Per product its grade, and in every scenario what it is and what it lacks; per scenario how many are what. `low` and `high`: price in yuan."""
    state_, shelf, store = request.state, request.state.shelf, request.app.state.store
    found = fitting_of(request.app, shelf, store, chosen(request.app, store, state_.user, library))
    _known(found, scenario, state)
    wanted = Wanted(tuple(q.split()[:8]), scenario, state, brand, region, grade, price_of(low), price_of(high))
    rows, total = found.rows(wanted, page)
    why = reasons_of(found, shelf, rows)
    return Json({**fitting_json(found, wanted, (fitted_json(each, why[each.row]) for each in rows), total), "page": page, "per_page": PER_PAGE})


def _known(found: Fitting, scenario: str, state: str) -> None:
    """raises   Refused: unknown-word, application-state"""
    problems, known = Problems(), found.application.scenarios
    if scenario and scenario not in known:
        problems.add("unknown-word", None, word=scenario, known=", ".join(known), **did_you_mean(scenario, known))
    if state and not scenario:
        problems.add("application-state", None, known=", ".join(known))
    problems.refuse_errors()


def solutions(
    request: Request, car: LibraryName, charger: LibraryName = "", service: LibraryName = "", grade: Grade = "",
    pick_car: Number = None, pick_charger: Number = None, pick_service: Number = None, page: Page = 1,
) -> Response:  # fmt: skip
    """How many combinations reach each grade, what holds the others back, and a page of them with what one exchange would lift them to.

    A part whose library is not named comes from that of the car. `pick_…`: the number `n` of one product of a part.
    """
    store, shelf, user = request.app.state.store, request.state.shelf, request.state.user
    composition = opened_composition(shelf)
    named = {"car": car, "charger": charger or car, "service": service or car}
    wanted = {part.alias: chosen(request.app, store, user, named.get(part.alias, car)) for part in composition.parts}
    found = solving_of(request.app, shelf, store, wanted)
    numbers = {"car": pick_car, "charger": pick_charger, "service": pick_service}
    picked = {at: n for at, part in enumerate(composition.parts) if (n := numbers.get(part.alias)) is not None}
    rows, total = found.solutions(grade, picked, page)
    told = [solution_json(found, each, found.exchanges(each)) for each in rows]
    return Json({**solving_json(found), "total": total, "page": page, "per_page": PER_PAGE, "solutions": told})
