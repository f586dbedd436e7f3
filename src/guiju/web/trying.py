"""Trying: one product through one standard, by a form whose values are its URL."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.ir.values import Value
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import as_json, explain
from guiju.web.asking import Asked, addressed, asked
from guiju.web.form import groups
from guiju.web.library import slug
from guiju.web.opening import library_of, opened, program_of
from guiju.web.reading import given_texts
from guiju.web.rendering import render, standard_url
from guiju.web.telling import told

RESERVED = ("on", "corrected", "lang", "example", "why")
EXAMPLES_SHOWN = 8


def trying(request: Request, number: str) -> Response:
    """The form, and what the values in the URL come to."""
    who = asked(request)
    page = opened(who, number, who.on, who.corrected)
    program = program_of(page)
    if who.one("example"):
        return RedirectResponse(_example_url(who, program, page.number), 303)
    if slug(page.number) != number:
        return RedirectResponse(addressed(f"/standards/{slug(page.number)}/try", request.query_params.multi_items()), 308)
    values = given(who)
    record, found = _admitted(who, program, values)
    shown = told(evaluate(program, record), who.language, who.one("why")) if record or values else None
    examples = [(n, e.name.text(who.language)) for n, e in enumerate(program.standard.authored.examples[:EXAMPLES_SHOWN], 1)]
    wrong = [d for d in found if d.severity > 1]
    return render(
        request, "web/try.html", 422 if wrong else 200, page=page, s=program.standard.authored, head=library_of(who).head(page.number),
        program=program, groups=groups(program, values, found, who.language), found=found, told=shown, examples=examples,
        json=standard_url(page.number, "try.json") + who.here().removeprefix(request.url.path), empty=not values,
        report=standard_url(page.number, "try/report"), query=who.here().removeprefix(request.url.path),
    )  # fmt: skip


def trying_json(request: Request, number: str) -> Response:
    """The same as the API gives.

    raises   Refused, with every problem of what was given
    """
    who = asked(request)
    program = program_of(opened(who, number, who.on, who.corrected))
    problems = Problems()
    record = admit(program.inputs, given(who), problems, dictionary=who.shelf.dictionary)
    problems.refuse_errors()
    return JSONResponse(as_json(explain(evaluate(program, record), who.language)))


def given(who: Asked) -> dict[str, str]:
    """Name of an input → what the URL says of it."""
    return {name: value.strip() for name, value in who.request.query_params.items() if name not in RESERVED and value.strip()}


def _admitted(who: Asked, program: Program, values: dict[str, str]) -> tuple[dict[str, Value], tuple[Diagnostic, ...]]:
    problems = Problems()
    record = admit(program.inputs, values, problems, dictionary=who.shelf.dictionary)
    return record, tuple(_called(d, program, who) for d in problems.found)


def _called(found: Diagnostic, program: Program, who: Asked) -> Diagnostic:
    """The problem with the label of the field in place of its name, which `field` still has."""
    declared = program.inputs.get(found.facts.get("name", ""))
    if declared is None:
        return found
    return replace(found, facts={**found.facts, "name": declared.title(who.language), "field": declared.name})


def _example_url(who: Asked, program: Program, number: str) -> str:
    """The form with the values of one of the standard's own examples; without any where there is no such example."""
    examples = program.standard.authored.examples
    at = who.number("example")
    if at > len(examples):
        return standard_url(number, "try")
    example = examples[at - 1]
    query = [("on", str(example.on))] if example.on else []
    query += [("corrected", "yes")] if example.corrected else []
    return addressed(f"/standards/{slug(number)}/try", [*query, *given_texts(example)])
