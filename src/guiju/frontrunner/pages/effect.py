"""Pages of the effect of a standard: who reaches its levels over time, what a raise does, what goes with a level; as tables to keep too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring.asked import Asked
from guiju.frontrunner.authoring.figure import adopted
from guiju.frontrunner.authoring.shelved import graded
from guiju.frontrunner.authoring.told import Table, head
from guiju.frontrunner.effect import asked as effect_asked
from guiju.frontrunner.effect import told as effect_told
from guiju.frontrunner.pages.authoring import DIFFERENT_MAX, EXAMPLE, Given, drawn, graded_options, headers_of
from guiju.frontrunner.pages.populations import COLUMNS, SOURCES, at_fields, brought, offered, placed, take
from guiju.records.write import guarded
from guiju.web.asking import Asked as Who
from guiju.web.asking import addressed, asked
from guiju.web.opening import opened, program_of
from guiju.web.rendering import render

PATH = "/frontrunners/effect"
FIELDS = ("standard", "indicator", "values", "raised", "since", "share", "measure", "only", "revisions", "on")
OTHERWISE = {"not-a-date": "since", "authoring-shares": "share", "unknown-word": "measure", "authoring-meet": "raised", "authoring-values": "values"}
FORMS = ("json", "csv")
_File = Annotated[UploadFile | None, File()]


def add(router: APIRouter) -> None:
    pages: Sequence[tuple[str, str, Callable[..., Any]]] = (
        ("GET", PATH, effect), ("POST", PATH, take_effect), ("GET", f"{PATH}.{{ending}}", exported),
    )  # fmt: skip
    for method, path, page in pages:
        router.add_api_route(path, page, methods=[method], response_model=None)


def effect(request: Request) -> Response:
    return _page(request, dict(asked(request).request.query_params))


def take_effect(request: Request, form: Given, file: _File = None, mapping: _File = None) -> Response:
    """Takes records in; nothing is stored."""
    return take(request, form, file, mapping, PATH, _page)


def found_of(who: Who, given: Mapping[str, str]) -> tuple[effect_asked.Effect | None, str]:
    """(the effect that is asked for, None where not enough was said; what the population is called)

    raises   Refused: everything wrong in what is asked
    """
    with brought(who, given) as population:
        if population is None:
            return None, ""
        if not (given.get("standard") and given.get("indicator")):
            return None, population.name
        page = opened(who, given["standard"])
        held = Asked(page.number, given["indicator"], only=given.get("only", "").strip(), headers=headers_of(given), on=as_of(given.get("on")),
                     illustrative=population.illustrative)  # fmt: skip
        question = effect_asked.Question(held, given.get("values", ""), given.get("raised", ""), as_of(given.get("since") or None),
                                         given.get("share") or "50", given.get("measure") or "sales")  # fmt: skip
        earlier = population.earlier if given.get("revisions") else ()
        return effect_asked.effect(who.shelf, [*earlier, (population.name, population.bring)], question, DIFFERENT_MAX), population.name


def _page(request: Request, given: Mapping[str, str], wrong: Sequence[Diagnostic] = ()) -> Response:
    who, found, name = asked(request), None, ""
    try:
        if not wrong:
            found, name = found_of(who, given)
    except Refused as refused:
        wrong = refused.diagnostics
    wrong, language = placed(wrong, given, OTHERWISE), who.language
    tables = list(effect_told.effect_tables(found, language)) if found else []
    over_time = found.adoption if found and found.adoption and len(found.adoption.moments) > 1 else None
    drawings = [drawn(adopted(over_time, tables[bool(found and found.by_revision)], language))] if over_time else []
    query = [(each, given[each]) for each in (*SOURCES, *FIELDS, *COLUMNS) if given.get(each)]
    return render(
        request, "frontrunner/effect.html", 422 if wrong else 200, given=given, found=found, name=name, wrong=wrong, at=at_fields(wrong),
        tables=tables, drawings=drawings, lines=head(found.sample, language) if found else [],
        association=effect_told.ASSOCIATION.text(language), sources=SOURCES,
        indicators=_indicators(who, given.get("standard", "")), options=graded_options(who), offered=offered(who), fields=FIELDS, columns=COLUMNS,
        export=lambda ending, **more: addressed(f"{PATH}.{ending}", [*query, *more.items()]),
        here=lambda **said: addressed(PATH, [*(each for each in query if each[0] not in said), *((n, v) for n, v in said.items() if v is not None)]),
        example=addressed(PATH, [(n, EXAMPLE[n]) for n in ("example", "standard", "indicator")] + [("raised", "96.8,95.9,95")]),
    )  # fmt: skip


def _indicators(who: Who, number: str) -> list[tuple[str, str]]:
    """The graded indicators of a standard that is named."""
    try:
        return [(each.name, f"{each.title} ({each.name})") for each in graded(program_of(opened(who, number)), who.language)] if number else []
    except Refused:
        return []


def exported(request: Request, ending: str) -> Response:
    """All of it as JSON; or `?table=N`, the tables of the page one by one as CSV.

    raises   Refused: format-unknown, records-not-given, and everything wrong in what is asked
    """
    who = asked(request)
    if ending not in FORMS:
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": " ".join(FORMS)})])
    found, _ = found_of(who, dict(request.query_params))
    if found is None:
        raise Refused([Diagnostic("records-not-given", None, {})])
    if ending == "json":
        text = json.dumps(effect_told.plain(found), ensure_ascii=False, indent=1)
        return _file(text.encode(), "application/json", "effect.json")
    tables = list(effect_told.effect_tables(found, who.language))
    number = who.number("table", 1, len(tables) or 1)
    return _file(csv_of(tables[number - 1], found.sample.illustrative, who), "text/csv; charset=utf-8", f"effect-{number}.csv")


def csv_of(table: Table, illustrative: bool, who: Who) -> bytes:
    """A table with its title above its header, and what is made up said in it; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    title = f"{table.title}{who.say('（示意）', ' (illustrative)') if illustrative else ''}"
    for row in ((title,), table.header, *table.rows):
        lines.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
