"""Pages of authoring and of the effect of a standard: thresholds from a population, who stands where, a draft for the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.frontrunner.authoring import told
from guiju.frontrunner.authoring.asked import Answer, Asked, Bring, answered
from guiju.frontrunner.authoring.figure import NARROW, WIDE, Drawing, adopted, distribution, reached
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS
from guiju.frontrunner.authoring.sample import Headers
from guiju.frontrunner.authoring.tray import Tray, folder, of_bytes, of_set, shipped
from guiju.frontrunner.authoring.written import Head, changed, new_file
from guiju.frontrunner.effect import asked as effect_asked
from guiju.frontrunner.effect import told as effect_told
from guiju.standard.model import Title
from guiju.store.belonging import seen_by, set_for
from guiju.store.sets import record_sets
from guiju.web.asking import Asked as Who
from guiju.web.asking import addressed, asked
from guiju.web.opening import library_of, opened, program_of
from guiju.web.rendering import render, standard_url

DIFFERENT_MAX, SETS_SHOWN = 20_000, 50
FIELDS = ("standard", "indicator", "method", "shares", "values", "levels", "decimals", "toward", "national", "R", "only", "against", "on")
EFFECT_FIELDS = ("standard", "indicator", "values", "raised", "since", "share", "measure", "only", "on")
SOURCES = ("example", "set", "kept")
EXAMPLE = {"example": "chargers", "standard": "GB 46519-2025", "indicator": "efficiency_level", "decimals": "1", "national": "94.5 %"}


async def form_of(request: Request) -> FormData:
    return await request.form(max_fields=200)


Given = Annotated[FormData, Depends(form_of)]
_File = Annotated[UploadFile | None, File()]


def add(router: APIRouter) -> None:
    pages: Sequence[tuple[str, str, Callable[..., Any]]] = (
        ("GET", "/frontrunners/authoring", authoring), ("POST", "/frontrunners/authoring", take), ("POST", "/frontrunners/authoring/draft", draft),
        ("GET", "/frontrunners/effect", effect), ("POST", "/frontrunners/effect", take_effect),
    )  # fmt: skip
    for method, path, page in pages:
        router.add_api_route(path, page, methods=[method], response_model=None)


def tray_of(request: Request) -> Tray:
    state = request.app.state
    if not hasattr(state, "authoring_tray"):
        state.authoring_tray = Tray()
    found: Tray = state.authoring_tray
    return found


@contextmanager
def brought(who: Who, given: Mapping[str, str]) -> Iterator[tuple[Bring | None, str, bool]]:
    """(what reads the records an address names, what they are called, whether they are made up); nothing where it names none.

    raises   Refused: unknown-word, no-store, unknown-record-set, records-gone
    """
    with folder() as name:
        if word := given.get("example", ""):
            yield shipped(word), who.say("示意的充电设备", "chargers made up"), True
        elif word := given.get("set", ""):
            if who.store is None:
                raise Refused([Diagnostic("no-store", None, {})])
            held = set_for(who.store, who.user, word)
            yield of_set(who.store, held, Path(name)), held.name, False
        elif word := given.get("kept", ""):
            found = tray_of(who.request).get(who.user.id, word)
            yield of_bytes(found, Path(name)), found.name, False
        else:
            yield None, "", False


def _sets(who: Who) -> list[tuple[str, str]]:
    if who.store is None or not who.user.is_signed_in:
        return []
    return [(each.id, each.name) for each in record_sets(who.store, organisations=seen_by(who.user), limit=SETS_SHOWN)]


def _indicators(who: Who, number: str) -> list[tuple[str, str]]:
    """The graded indicators of a standard that is named."""
    try:
        program = program_of(opened(who, number)) if number else None
    except Refused:
        return []
    return [(each.indicator.name, each.indicator.title.text(who.language)) for each in program.indicators] if program else []


def _headers(given: Mapping[str, str]) -> Headers:
    return Headers(**{each.name: given.get(each.name, "").strip() for each in fields(Headers)})


def _asked(who: Who, given: Mapping[str, str], is_made_up: bool) -> Asked:
    """The question of an address or a form; what is not said is as the command line has it."""
    page = opened(who, given.get("standard", ""))
    said = {name: given[name].strip() for name in FIELDS if given.get(name, "").strip()}
    levels = said.pop("levels", "3")
    texts: dict[str, Any] = {name: said[name] for name in FIELDS[2:] if name in said and name != "on"}
    return Asked(page.number, given.get("indicator", ""), **texts, levels=int(levels) if levels.isdecimal() and len(levels) < 4 else 0,
                 headers=_headers(given), on=as_of(said.get("on")), illustrative=is_made_up)  # fmt: skip


class _Found:
    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.name, self.wrong = "", tuple[Diagnostic, ...]()


def _answered(who: Who, given: Mapping[str, str]) -> _Found:
    found = _Found()
    try:
        with brought(who, given) as (bring, found.name, is_made_up):
            if bring is not None and given.get("standard") and given.get("indicator"):
                found.answer = answered(who.shelf, bring, _asked(who, given, is_made_up), DIFFERENT_MAX)
    except Refused as refused:
        found.wrong = refused.diagnostics
    return found


def authoring(request: Request) -> Response:
    """Thresholds by what the address asks."""
    who = asked(request)
    return _authoring(request, dict(who.request.query_params))


def _authoring(request: Request, given: Mapping[str, str], wrong: Sequence[Diagnostic] = ()) -> Response:
    who = asked(request)
    found = _answered(who, given)
    if wrong:
        found.wrong = tuple(wrong)
    answer, language = found.answer, who.language
    drawings = [_drawn(each) for each in (distribution(answer, language), reached(answer.standing, language))] if answer else []
    tables = list(told.proposal_tables(answer, language)) if answer else []
    return render(
        request, "frontrunner/authoring.html", 422 if found.wrong else 200, given=given, answer=answer, name=found.name, wrong=found.wrong,
        lines=told.head(answer.sample, language) if answer else [], tables=tables, drawings=drawings, methods=_words(METHODS, language),
        towards=_words(TOWARDS, language),
        indicators=_indicators(who, given.get("standard", "")), options=_options(who), sets=_sets(who), fields=FIELDS, sources=SOURCES,
        columns=_COLUMNS, example=addressed("/frontrunners/authoring", list(EXAMPLE.items())),
    )  # fmt: skip


_COLUMNS = {
    "enterprise": Title("企业列", "column of enterprises"),
    "within": Title("可比范围列", "column of comparable ranges"),
    "price": Title("价格列", "column of prices"),
    "sales": Title("销量列", "column of sales"),
    "on_sale": Title("上市日期列", "column of days on sale"),
}


def _words(titles: Mapping[Any, Title], language: Language) -> list[tuple[str, str]]:
    return [(str(word), title.text(language)) for word, title in titles.items()]


def _options(who: Who) -> list[tuple[str, str]]:
    return [(each.number, each.title.text(who.language)) for each in library_of(who).heads]


def _drawn(each: Drawing) -> dict[str, Any]:
    return {"drawing": each, "wide": Markup(each.svg(WIDE)), "narrow": Markup(each.svg(NARROW))}


def take(request: Request, form: Given, file: _File = None, mapping: _File = None) -> Response:
    """Takes records in; nothing is stored."""
    return _take(request, form, file, mapping, "/frontrunners/authoring", _authoring)


def take_effect(request: Request, form: Given, file: _File = None, mapping: _File = None) -> Response:
    return _take(request, form, file, mapping, "/frontrunners/effect", _effect)


def _take(
    request: Request, form: FormData, file: UploadFile | None, mapping: UploadFile | None, path: str, page: Callable[..., Response]
) -> Response:
    who = asked(request)
    given = {name: value for name, value in form.items() if isinstance(value, str) and value.strip() and name not in SOURCES}
    try:
        if file is None or not file.filename:
            raise Refused([Diagnostic("records-not-given", None, {})])
        said = mapping.file.read() if mapping is not None and mapping.filename else None
        key = tray_of(request).put(who.user.id, file.filename, file.file.read(), said)
    except Refused as refused:
        return page(request, given, refused.diagnostics)
    return RedirectResponse(addressed(path, [*given.items(), ("kept", key)]), 303)


def draft(request: Request, form: Given) -> Response:
    """The proposal as the text of a standard, with its difference; from here it goes into the editor, or out for comments. Nothing is kept."""
    who = asked(request)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    found = _answered(who, given)
    if found.answer is None:
        return _authoring(request, given, found.wrong or (Diagnostic("records-not-given", None, {}),))
    try:
        page = opened(who, given.get("standard", ""))
        day = as_of(given.get("on")) or date.today()
        number = given.get("number", "").strip()
        if number:
            original = page.opened.standard
            assert original is not None
            zh, en = (given.get(f"title_{at}", "").strip() for at in ("zh", "en"))
            title = Title(zh or f"{original.title.zh}（分级草案）", en or f"{original.title.en} (draft of levels)")
            made = new_file(found.answer.proposal, page.opened, who.shelf, Head(number, title, day))
        else:
            made = changed(found.answer.proposal, page.opened, who.shelf, day)
    except Refused as refused:
        return _authoring(request, given, refused.diagnostics)
    back = addressed("/frontrunners/authoring", [(name, given[name]) for name in (*FIELDS, *_COLUMNS, *SOURCES) if given.get(name)])
    return render(request, "frontrunner/draft.html", made=made, answer=found.answer, back=back, edit=standard_url(page.number, "edit"), page=page,
                  given=given)  # fmt: skip


# the effect of a standard


def effect(request: Request) -> Response:
    return _effect(request, dict(asked(request).request.query_params))


def _effect(request: Request, given: Mapping[str, str], wrong: Sequence[Diagnostic] = ()) -> Response:
    who = asked(request)
    language, found, name = who.language, None, ""
    try:
        with brought(who, given) as (bring, name, is_made_up):
            if bring is not None and given.get("standard") and given.get("indicator") and not wrong:
                page = opened(who, given["standard"])
                population = Asked(page.number, given["indicator"], only=given.get("only", "").strip(), headers=_headers(given),
                                   on=as_of(given.get("on")), illustrative=is_made_up)  # fmt: skip
                question = effect_asked.Question(population, given.get("values", ""), given.get("raised", ""), as_of(given.get("since")),
                                                 given.get("share") or "50", given.get("measure") or "sales")  # fmt: skip
                found = effect_asked.effect(who.shelf, [(name, bring)], question, DIFFERENT_MAX)
    except Refused as refused:
        wrong = refused.diagnostics
    tables = list(effect_told.effect_tables(found, language)) if found else []
    drawings = [_drawn(adopted(found.adoption, tables[0], language))] if found and found.adoption else []
    return render(
        request, "frontrunner/effect.html", 422 if wrong else 200, given=given, found=found, name=name, wrong=wrong, tables=tables, drawings=drawings,
        lines=told.head(found.sample, language) if found else [], association=effect_told.ASSOCIATION.text(language), sources=SOURCES,
        indicators=_indicators(who, given.get("standard", "")), options=_options(who), sets=_sets(who), fields=EFFECT_FIELDS, columns=_COLUMNS,
        example=addressed("/frontrunners/effect", [(n, EXAMPLE[n]) for n in ("example", "standard", "indicator")] + [("raised", "96.8,95.9,95")]),
    )  # fmt: skip


