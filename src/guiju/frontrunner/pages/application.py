"""Pages of graded application and of solutions: which products suit which scenario, and what combinations of products come to. Nobody need sign in
for what is public; who reads the libraries of the store finds those too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.application.asked import chosen, fitting_of, opened_composition, readable, solving_of
from guiju.frontrunner.application.figure import NARROW, shares_svg
from guiju.frontrunner.application.fitting import PER_PAGE, Fitting, Wanted
from guiju.frontrunner.application.product import reasons_of
from guiju.frontrunner.application.solving import Candidate, Solution, Solving
from guiju.frontrunner.application.suits import GRADES, STATES, SUITED
from guiju.frontrunner.pages.zone import prices_of
from guiju.frontrunner.zone.held import STATES as CERTIFIED
from guiju.frontrunner.zone.held import Certificate
from guiju.frontrunner.zone.now import zone_of
from guiju.web.asking import Asked, asked
from guiju.web.rendering import render

CHOICES_MOST = 500


def add(made: APIRouter) -> None:
    made.add_api_route("/frontrunners/suitability", suitability, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/solutions", solutions, methods=["GET"], response_model=None)


def narrowed(who: Asked, found: Fitting) -> Wanted:
    """What the matrix is narrowed to, of the URL; a word that is none of those there are narrows nothing.

    raises   Refused: not-a-number
    """
    low, high = prices_of(who)

    def one(name: str, known: Sequence[str]) -> str:
        return who.one(name) if who.one(name) in known else ""

    scenario = one("scenario", list(found.application.scenarios))
    return Wanted(tuple(who.one("q").split()[:8]), scenario, one("state", list(STATES)) if scenario else "", who.one("brand"), who.one("region"),
                  one("grade", [*GRADES, "unknown"]), low, high)  # fmt: skip


def suitability(request: Request) -> Response:
    """A library's products × scenarios, filtered; `?library=` names it, the first where it does not."""
    who = asked(request)
    held = readable(request.app, who.store, who.user)
    name = who.one("library") or next(iter(held), "")
    if not name:
        return render(request, "frontrunner/suitability.html", libraries=held, wanted=None, problems=(), states=STATES, grades=GRADES)
    wanted = chosen(request.app, who.store, who.user, name)
    try:
        found = fitting_of(request.app, who.shelf, who.store, wanted)
    except Refused as refused:
        return render(request, "frontrunner/suitability.html", 422, libraries=held, wanted=wanted, problems=refused.diagnostics, states=STATES,
                      grades=GRADES, found=None)  # fmt: skip
    page, problems = who.number("page"), tuple[Diagnostic, ...]()
    try:
        asked_ = narrowed(who, found)
    except Refused as refused:
        asked_, problems = Wanted(), refused.diagnostics
    rows, total = found.rows(asked_, page)
    last = max(1, -(-total // PER_PAGE))
    if page > last:
        rows, page = found.rows(asked_, last)[0], last
    counts, scenarios = found.counts(asked_), found.application.scenarios
    return render(
        request, "frontrunner/suitability.html", 422 if problems else 200, libraries=held, wanted=wanted, problems=problems, states=STATES,
        grades=GRADES, found=found, rows=rows, total=total, page=page, last=last, counts=counts, held=found.held_back(asked_),
        why=reasons_of(found, who.shelf, rows),
        conditions={each: found.application.conditions[each][SUITED] for each in scenarios}, public=zone_of(request.app).gathered.libraries,
        drawings=[shares_svg(scenarios, counts, who.language, *each) for each in ((), (NARROW,))], brands=found.choices("brand"),
        regions=found.choices("region"),
    )  # fmt: skip


# solutions


def solutions(request: Request) -> Response:
    """Combinations of the parts of a solution; `?car=…` names the library of a part, `?pick_car=` the number of one product."""
    who = asked(request)
    held = readable(request.app, who.store, who.user)
    parts = opened_composition(who.shelf).parts
    named = {each.alias: who.one(each.alias) for each in parts}
    if not held or not any(named.values()):
        return render(request, "frontrunner/solutions.html", libraries=held, links=parts, named=named, problems=(), found=None, grades=GRADES)
    first = next(each for each in named.values() if each)
    named = {alias: name or first for alias, name in named.items()}
    wanted = {alias: chosen(request.app, who.store, who.user, name) for alias, name in named.items()}
    try:
        found = solving_of(request.app, who.shelf, who.store, wanted)
    except Refused as refused:
        return render(request, "frontrunner/solutions.html", 422, libraries=held, links=parts, named=named, problems=refused.diagnostics, found=None,
                      grades=GRADES)  # fmt: skip
    grade = who.one("grade") if who.one("grade") in (*GRADES, "unknown") else ""
    picked = picked_of(who, found)
    page = who.number("page")
    rows, total = found.solutions(grade, picked, page)
    last = max(1, -(-total // PER_PAGE))
    if page > last:
        rows, page = found.solutions(grade, picked, last)[0], last
    return render(
        request, "frontrunner/solutions.html", libraries=held, links=parts, named=named, problems=(), found=found, grades=GRADES, rows=rows,
        total=total, page=page, last=last, grade=grade, picked=picked, counts=found.grades(), held_back=found.held_back(),
        choices=[found.candidates(at, most=CHOICES_MOST) for at in range(len(parts))], states=CERTIFIED, **_beside(request, found, rows),
    )  # fmt: skip


def picked_of(who: Asked, found: Solving) -> dict[int, int]:
    """Place of a part → the number of the product that is to be in it; one that is not there narrows nothing."""
    made = {}
    for at, part in enumerate(found.composition.parts):
        text = who.one(f"pick_{part.alias}")
        if text.isascii() and text.isdigit() and len(text) <= 9 and int(text) in found.candidates(at, [int(text)]):
            made[at] = int(text)
    return made


def _beside(request: Request, found: Solving, rows: Sequence[Solution]) -> dict[str, Any]:
    """The products of these combinations, what would lift them, and the certificates and board hashes their grades have."""
    exchanges = {each.row: found.exchanges(each) for each in rows}
    products: list[dict[int, Candidate]] = []
    for at in range(len(found.composition.parts)):
        numbers = {each.parts[at] for each in rows} | {one.part for listed in exchanges.values() for one in listed if one.at == at}
        products.append(found.candidates(at, sorted(numbers)))
    zone = zone_of(request.app)
    certified: dict[tuple[int, int], Certificate] = {}
    for at, held in enumerate(products):
        for n, each in held.items():
            carried = zone.gathered.of_product.get(f"{each.library}:{each.product}", ())
            if carried:
                certified[at, n] = carried[0]
    boards = {part.alias: [each for each in zone.published if str(each.hashes.get("library", "")) == found.libraries[part.alias].hash
                           and each.field.standard == part.program.standard.number] for part in found.composition.parts}  # fmt: skip
    return {"exchanges": exchanges, "products": products, "certified": certified, "boards": boards}
