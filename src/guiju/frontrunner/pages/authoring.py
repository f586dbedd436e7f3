"""The workbench of levels: a population, a standard and its indicator, a method; thresholds with who stands where; a draft, a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, File, UploadFile
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused, Severity
from guiju.base.rounding import decimal_text
from guiju.frontrunner.authoring import told
from guiju.frontrunner.authoring.asked import Answer, Asked, answered
from guiju.frontrunner.authoring.basis import basis_of
from guiju.frontrunner.authoring.figure import NARROW, WIDE, Drawing, distribution, reached
from guiju.frontrunner.authoring.held import named
from guiju.frontrunner.authoring.measured import offered as studies_offered
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS
from guiju.frontrunner.authoring.report import proposal_report
from guiju.frontrunner.authoring.sample import Headers, indicator_of, property_of
from guiju.frontrunner.authoring.several import draft_of, further, query_of, said_in
from guiju.frontrunner.authoring.shelved import Graded, Limit, graded, graded_texts, named_limits
from guiju.frontrunner.pages.populations import COLUMNS, SOURCES, at_fields, brought, measured_by, offered, placed, take
from guiju.ir.program import Program
from guiju.report.cited import engine
from guiju.store.belonging import JUDGES
from guiju.store.jobs import submit
from guiju.store.results import Request as Work
from guiju.web.asking import Asked as Who
from guiju.web.asking import addressed, asked
from guiju.web.kept import edition_meant, store_of
from guiju.web.opening import library_of, opened, program_of
from guiju.web.rendering import render, standard_url
from guiju.web.reporting import file_of, refuse_unknown

DIFFERENT_MAX = 20_000
FIELDS = ("standard", "indicator", "method", "shares", "values", "levels", "decimals", "toward", "national", "R", "result", "only", "against", "on")
PATH = "/frontrunners/authoring"
OF_SHARES = ("authoring-few", "authoring-meet", "authoring-values", "authoring-narrow", "authoring-looser")
"""What may be wrong with thresholds by the shares that are proposed."""
OF_METHOD = {"quantiles": ("shares",), "market": ("shares",), "gaps": ("levels",), "classes": ("levels",), "given": ("values",)}
"""The fields that a method needs; those that every method takes come after them."""
EXAMPLE = {"example": "chargers", "standard": "GB 46519-2025", "indicator": "efficiency_level", "decimals": "1", "national": "94.5 %"}


async def form_of(request: Request) -> FormData:
    return await request.form(max_fields=200)


Given = Annotated[FormData, Depends(form_of)]
_File = Annotated[UploadFile | None, File()]


def add(router: APIRouter) -> None:
    pages: Sequence[tuple[str, str, Callable[..., Any]]] = (
        ("GET", PATH, authoring), ("POST", PATH, take_in), ("POST", f"{PATH}/draft", draft), ("GET", f"{PATH}/report.{{ending}}", report),
        ("POST", f"{PATH}/keep", keep),
    )  # fmt: skip
    for method, path, page in pages:
        router.add_api_route(path, page, methods=[method], response_model=None)


@dataclass
class Bench:
    """What a page knows when it is told: what was given and what is proposed for what was not, the indicator, the answer, what is wrong."""

    given: dict[str, str]
    also: list[str]
    name: str = ""
    program: Program | None = None
    indicators: Sequence[Graded] = ()
    limits: Sequence[Limit] = ()
    studies: Sequence[tuple[str, str]] = ()
    answer: Answer | None = None
    wrong: tuple[Diagnostic, ...] = ()

    @property
    def query(self) -> list[tuple[str, str]]:
        """What was asked, as the names and values of an address."""
        kept = [(name, self.given[name]) for name in (*SOURCES, *FIELDS, *COLUMNS) if self.given.get(name) is not None and self.given[name] != ""]
        return [*kept, *(("also", each) for each in self.also)]

    @property
    def further(self) -> str:
        """The question as one of several of a draft."""
        return query_of(self.given)


def headers_of(given: Mapping[str, str]) -> Headers:
    return Headers(**{each.name: given.get(each.name, "").strip() for each in fields(Headers)})


def question_of(who: Who, given: Mapping[str, str], is_made_up: bool) -> Asked:
    """The question of an address or a form; what is not said is as the command line has it."""
    page = opened(who, given.get("standard", ""))
    said = {name: given[name].strip() for name in FIELDS if given.get(name, "").strip()}
    levels, result = said.pop("levels", "3"), said.pop("result", "")
    texts: dict[str, Any] = {name: said[name] for name in FIELDS[2:] if name in said and name != "on"}
    made = Asked(page.number, given.get("indicator", ""), **texts, levels=int(levels) if levels.isdecimal() and len(levels) < 4 else 0,
                 headers=headers_of(given), on=as_of(said.get("on")), illustrative=is_made_up)  # fmt: skip
    return replace(made, measured=partial(measured_by, who, result)) if result else made


def bench(who: Who, given: Mapping[str, str], also: Sequence[str], wrong: Sequence[Diagnostic] = ()) -> Bench:
    """Everything a page of the workbench is told from. wrong: what is known to be wrong already; then nothing is computed"""
    made = Bench(_as_typed(given), [each for each in also if each.strip()], wrong=tuple(wrong))
    try:
        with brought(who, made.given) as population:
            made.name = population.name if population else ""
            if made.given.get("standard"):
                page = opened(who, made.given["standard"])
                made.program = program_of(page)
                made.indicators = graded(made.program, who.language)
                if made.given.get("indicator"):
                    _propose(who, made)
            if population is not None and made.given.get("standard") and made.given.get("indicator") and not wrong:
                made.answer = answered(who.shelf, population.bring, question_of(who, made.given, population.illustrative), DIFFERENT_MAX)
    except Refused as refused:
        made.wrong = (*made.wrong, *refused.diagnostics)
    made.wrong = placed(made.wrong, made.given)
    return made


def _as_typed(given: Mapping[str, str]) -> dict[str, str]:
    """Thresholds that were moved one by one (`t1`, `t2`, …) are thresholds put forward."""
    found = {name: value for name, value in given.items() if name != "also"}
    moved = [found.pop(name).strip() for name in sorted(name for name in given if name in {f"t{n}" for n in range(1, 10)})]
    if any(moved):
        found |= {"method": "given", "values": ",".join(each for each in moved if each), "decimals": ""}
    return found


def _propose(who: Who, made: Bench) -> None:
    """The national limit a scheme names, and R of a study that is kept, where nothing was said of them; nothing once somebody wrote otherwise."""
    assert made.program is not None
    meaning = indicator_of(made.program, made.given["indicator"])
    made.limits = named_limits(who.shelf, made.program, meaning)
    if made.limits and "national" not in made.given:
        made.given["national"] = made.limits[0].text
    if who.store is not None and who.user.is_signed_in:
        made.studies = studies_offered(who.store, who.user, property_of(made.program, meaning), meaning.value.type.unit)
    if made.studies and "R" not in made.given and "result" not in made.given:
        made.given["result"] = made.studies[0][0]


def authoring(request: Request) -> Response:
    """The workbench by what the address asks."""
    query = request.query_params
    return _page(request, dict(query), query.getlist("also"))


def _page(request: Request, given: Mapping[str, str], also: Sequence[str] = (), wrong: Sequence[Diagnostic] = ()) -> Response:
    who = asked(request)
    made = bench(who, given, also, wrong)
    answer, language = made.answer, who.language
    drawings = [drawn(each) for each in (distribution(answer, language), reached(answer.standing, language))] if answer else []
    tables = list(told.proposal_tables(answer, language)) if answer else []
    method = made.given.get("method") if made.given.get("method") in OF_METHOD else "quantiles"
    thresholds = [(f"t{cut.level}", cut.level, decimal_text(cut.value)) for cut in answer.proposal.cuts] if answer else []
    status = 422 if _is_wrong(made, given) else 200
    return render(
        request, "frontrunner/authoring.html", status, bench=made, given=made.given, answer=answer, wrong=made.wrong,
        at=at_fields(made.wrong), lines=told.head(answer.sample, language) if answer else [], tables=tables, drawings=drawings,
        methods=[(str(word), title.text(language)) for word, title in METHODS.items()], method=method, needed=OF_METHOD[method or "quantiles"],
        towards=[(str(word), title.text(language)) for word, title in TOWARDS.items()], options=graded_options(who), offered=offered(who),
        fields=FIELDS, sources=SOURCES, columns=COLUMNS, thresholds=thresholds, here=lambda **said: _here(made, said),
        keeps=bool(made.given.get("library") or made.given.get("set")) and bool(JUDGES & who.user.roles),
        example=addressed(PATH, list(EXAMPLE.items())), report=lambda ending: addressed(f"{PATH}/report.{ending}", made.query),
    )  # fmt: skip


def _is_wrong(made: Bench, given: Mapping[str, str]) -> bool:
    """Whether something that was given is wrong; that the thresholds proposed at first come to nothing is nobody's mistake."""
    is_asked = any(given.get(name) for name in (*FIELDS[2:], *COLUMNS)) or "t1" in given
    return any(is_asked or each.code not in OF_SHARES for each in made.wrong if each.severity is Severity.ERROR)


def _here(made: Bench, said: Mapping[str, str | None]) -> str:
    """The address of this page with some things said otherwise; None: not said at all."""
    kept = [(name, value) for name, value in made.query if name not in said]
    return addressed(PATH, [*kept, *((name, value) for name, value in said.items() if value is not None)])


def graded_options(who: Who) -> list[tuple[str, str]]:
    """(number, title) of the standards of the shelf with graded indicators; drafts too."""
    held = library_of(who)
    numbers = set(graded_texts([(each.number, each.folder) for each in held.heads]))
    return [(each.number, each.title.text(who.language)) for each in held.heads if each.number in numbers]


def drawn(each: Drawing) -> dict[str, Any]:
    return {"drawing": each, "wide": Markup(each.svg(WIDE)), "narrow": Markup(each.svg(NARROW))}


def take_in(request: Request, form: Given, file: _File = None, mapping: _File = None) -> Response:
    """Takes records in; nothing is stored."""

    def page(request: Request, given: Mapping[str, str], wrong: Sequence[Diagnostic]) -> Response:
        return _page(request, given, [str(each) for each in form.getlist("also")], wrong)

    return take(request, form, file, mapping, PATH, page)


def answers_of(who: Who, given: Mapping[str, str], also: Sequence[str]) -> list[Answer]:
    """The answers of a draft: of the question, and of the further ones about the same population.

    raises   Refused: records-not-given, and everything wrong in any of them
    """
    with brought(who, given) as population:
        if population is None:
            raise Refused([Diagnostic("records-not-given", None, {})])
        first = question_of(who, given, population.illustrative)
        asked_ = (*(further(first, each, partial(partial, measured_by, who)) for each in also), first)
        return [answered(who.shelf, population.bring, each, DIFFERENT_MAX) for each in asked_]


def _of_form(form: FormData) -> tuple[dict[str, str], list[str]]:
    given = {name: value for name, value in form.items() if isinstance(value, str) and name != "also"}
    return given, [str(each) for each in form.getlist("also") if str(each).strip()]


def draft(request: Request, form: Given) -> Response:
    """The proposal as the text of a standard, with its difference; from here it goes into the editor, or out for comments. Nothing is kept."""
    who = asked(request)
    given, also = _of_form(form)
    try:
        answers = answers_of(who, given, also)
        page = opened(who, given.get("standard", ""))
        day = as_of(given.get("on")) or date.today()
        made = draft_of(who.shelf, answers, day, given.get("number", "").strip(),
                        (given.get("title_zh", "").strip(), given.get("title_en", "").strip()))  # fmt: skip
    except Refused as refused:
        return _page(request, given, also, refused.diagnostics)
    back = addressed(PATH, Bench(given, also).query)
    return render(
        request, "frontrunner/draft.html", made=made, answers=answers, illustrative=any(e.proposal.illustrative for e in answers), back=back,
        edit=standard_url(page.number, "edit"), page=page, given=given, also=also, fields=(*SOURCES, *FIELDS, *COLUMNS), on=day,
    )  # fmt: skip


def basis_asked(who: Who, form: FormData) -> dict[str, Any] | None:
    """What a draft rests on, computed again from what is asked in a form; None where the form asks nothing.

    raises   Refused
    """
    given, also = _of_form(form)
    if not any(given.get(name) for name in SOURCES):
        return None
    return basis_of(answers_of(who, given, also), as_of(given.get("on")) or date.today())


def report(request: Request, ending: str) -> Response:
    """The proposal as a document for the meeting that hears it.

    raises   Refused: format-unknown, and everything wrong in what is asked
    """
    who = asked(request)
    refuse_unknown(ending)
    given, also = _as_typed(dict(request.query_params)), request.query_params.getlist("also")
    basis = basis_of(answers_of(who, given, also), as_of(given.get("on")) or date.today())
    return file_of(proposal_report(basis, who.language, engine()), f"{who.say('等级界限的建议', 'levels proposed')} {basis['standard']}", ending)


def keep(request: Request, form: Given) -> Response:
    """The proposal as a job whose result is kept and can be made again; of a library or a set of records only."""
    who = asked(request)
    given, also = _of_form(form)
    try:
        store, whose = store_of(who), who.user.acting_for(None, JUDGES)
        work = _work(who, given, also)
        with request.app.state.kinds[work.kind](store, work):
            pass
        return RedirectResponse(f"/jobs/{submit(store, work, whose, who.user.id).id}", 303)
    except Refused as refused:
        return _page(request, given, also, refused.diagnostics)


def _work(who: Who, given: Mapping[str, str], also: Sequence[str]) -> Work:
    """
    raises   Refused: records-not-given, unknown-edition, and what the population is refused with
    """
    asked_ = {name: given[name] for name in FIELDS[1:] if given.get(name, "").strip() and name != "on"} | {
        name: given[name] for name in COLUMNS if given.get(name, "").strip()
    }
    on = (as_of(given.get("on")) or date.today()).isoformat()
    said: dict[str, Any] = {"asked": urlencode(asked_, quote_via=quote), "also": list(also), "on": on, "language": who.language,
                            "forms": "html pdf docx"}  # fmt: skip
    with brought(who, given):
        pass
    if given.get("library"):
        held = named(store_of(who), given["library"])
        said |= {"library": held.name, "revision": held.revision}
    elif not given.get("set"):
        raise Refused([Diagnostic("records-not-given", None, {})])
    records = None if given.get("library") else given["set"]
    return Work("proposal", (edition_meant(who, given.get("standard", "")), *_limiting(who, given, also)), records, said)


def _limiting(who: Who, given: Mapping[str, str], also: Sequence[str]) -> list[str]:
    """The editions of the standards whose clauses are named as national limits."""
    texts = [given.get("national", ""), *(said_in(each).get("national", "") for each in also)]
    numbers = [text.rpartition(" of ")[2].strip() for text in texts if " of " in text]
    return [edition_meant(who, each) for each in dict.fromkeys(numbers)]
