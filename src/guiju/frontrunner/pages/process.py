"""Pages of the process: annual cycles, and the course of certificates, with whatever whoever looks at them may do next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.api.problems import status_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import parse_number
from guiju.frontrunner.board.listing import Run, run_of, scheme_id
from guiju.frontrunner.credential.said import short
from guiju.frontrunner.library.kept import libraries
from guiju.frontrunner.process import acting, certifying, doing, papers
from guiju.frontrunner.process.batch import Made, apply_all, lines_of
from guiju.frontrunner.process.bodies import evidence_rows, yes
from guiju.frontrunner.process.cycle_checks import DOCUMENTS_MAX
from guiju.frontrunner.process.doing import Application, Tools, tools_of
from guiju.frontrunner.process.forms import ASIDE, CERTIFICATE_FORMS, CYCLE_FORMS
from guiju.frontrunner.process.interests import bind_enterprise, enterprises
from guiju.frontrunner.process.papers import Brought, Form
from guiju.frontrunner.process.public import board_for
from guiju.frontrunner.process.seen import certificate_view, cycle_view, names_in
from guiju.frontrunner.process.states import (
    CERTIFICATE_ACTS,
    CERTIFICATE_COURSE,
    CERTIFICATE_STATES,
    CYCLE_ACTS,
    CYCLE_COURSE,
    CYCLE_STATES,
    ISSUED,
    LISTED,
)
from guiju.frontrunner.scheme import load_scheme, scheme_files
from guiju.frontrunner.zone.channels import LEVELS
from guiju.ir.program import IndicatorMeaning
from guiju.readings.uncertain.words import DECIDED, RULES
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.people import organisations
from guiju.store.results import result_of, results
from guiju.web.asking import Asked as Who
from guiju.web.asking import asked
from guiju.web.rendering import render

RESULTS_SHOWN = 50
UPLOAD_MAX = 8_000_000
"""Bytes of a file of evidence on a page."""


def add(router: APIRouter) -> None:
    for method, path, page in PAGES:
        router.add_api_route(path, page, methods=[method], response_model=None, include_in_schema=False)


async def form_of(request: Request) -> Form:
    """The fields of a form, and the files sent as `documents`; of a table that is sent as a file, its text."""
    form: FormData = await request.form(max_fields=200, max_files=DOCUMENTS_MAX)
    found, files = Form(), list[Brought]()
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            found[name] = value.strip() if not found.get(name) else found[name]
        elif value.filename and name == "documents":
            files.append(Brought(value.filename, await value.read(papers.BYTES_MAX + 1)))
        elif value.filename:
            content = await value.read(UPLOAD_MAX + 1)
            if len(content) > UPLOAD_MAX:
                raise Refused([Diagnostic("process-too-long", None, {"what": value.filename, "most": str(UPLOAD_MAX)})])
            found[name] = "\n".join(filter(None, (found.get(name, ""), content.decode("utf-8-sig", "replace"))))
    found.files = tuple(files)
    return found


Given = Annotated[Form, Depends(form_of)]


def _store(who: Who) -> Store:
    """
    raises   Refused: no-store
    """
    if who.store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    found: Store = who.store
    return found


def _tools(who: Who) -> Tools:
    return tools_of(_store(who), who.shelf)


# cycles


def cycles(request: Request) -> Response:
    """Annual cycles that may be seen, and the form that proposes a field."""
    return _cycles(request, ())


def _cycles(request: Request, found: tuple[Diagnostic, ...], given: Mapping[str, str] | None = None) -> Response:
    who = asked(request)
    held = acting.cycles_for(who.store, who.user) if who.store is not None else []
    may = who.store is not None and bool(who.user.roles & CYCLE_ACTS["propose"].roles)
    runs = who.store is not None and bool(who.user.roles & {"operator", "admin"})
    bound = [(e, e.body.get("zh" if who.language == "zh" else "en", e.code)) for e in enterprises(who.store)] if runs else []
    return render(request, "frontrunner/cycles.html", status_of(found) if found else 200, held=held, may=may, runs=runs, bound=bound, found=found,
                  given=given or {}, states=CYCLE_STATES, listed=LISTED, schemes=_schemes(who), no_store=who.store is None,
                  organisations=[(name, title or name) for _, name, title in organisations(who.store)] if runs else [],
                  names={id_: title or name for id_, name, title in organisations(who.store)} if runs else {})  # fmt: skip


def _schemes(who: Who) -> list[tuple[str, str]]:
    """(id, title) of those of the shelf; one that cannot be read has its id only, and says why when it is used."""
    read = {name: load_scheme(path, Problems()) for name, path in sorted(scheme_files(who.shelf).items())}
    return [(name, f"{each.title.text(who.language)} · {name}" if each else name) for name, each in read.items()]


def propose(request: Request, form: Given) -> Response:
    """A field is proposed; leads to its cycle."""
    who = asked(request)
    try:
        made = doing.propose(_store(who), who.user, _tools(who), form.get("scheme", ""), form.get("reason", ""))
    except Refused as refused:
        return _cycles(request, refused.diagnostics, {"form": "propose", **form})
    return RedirectResponse(f"/frontrunners/cycles/{made.id}", 303)


def bind(request: Request, form: Given) -> Response:
    """Says who acts for an enterprise."""
    who = asked(request)
    try:
        title = Title(form.get("zh", ""), form.get("en", ""))
        bind_enterprise(_store(who), who.user, form.get("code", ""), title, form.get("organisation", ""))
    except Refused as refused:
        return _cycles(request, refused.diagnostics, {"form": "bind", **form})
    return RedirectResponse("/frontrunners/cycles", 303)


def cycle(request: Request, id: str) -> Response:
    """One cycle, as far as whoever looks may see it."""
    return _cycle(request, id, ())


def _cycle(request: Request, id_: str, found: tuple[Diagnostic, ...], given: Mapping[str, str] | None = None) -> Response:
    who = asked(request)
    store = _store(who)
    held, steps = acting.cycle_for(store, who.user, id_)
    seen = cycle_view(store, held, steps, who.user)
    return render(request, "frontrunner/cycle.html", status_of(found) if found else 200, seen=seen, found=found, given={"act": "", **(given or {})},
                  states=CYCLE_STATES, acts=CYCLE_ACTS, course=CYCLE_COURSE, listed=LISTED, now=_now(store), field=held.field, forms=CYCLE_FORMS,
                  aside=ASIDE, offered=_offered(who, store, seen), **_compared(who, store, seen))  # fmt: skip


def _compared(who: Who, store: Store, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The board run the comparison rests on, and whether whoever looks may read its boards: everybody may once a list is published."""
    if not seen["comparison"]:
        return {}
    id_ = seen["comparison"]["result"]
    try:
        board_for(store, who.user, id_)
    except Refused:
        return {"run": run_of(store, result_of(store, id_)), "readable": False}
    return {"run": run_of(store, result_of(store, id_)), "readable": True}


def _offered(who: Who, store: Store, seen: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What the forms of a cycle offer to choose among: (value, how it is called)."""
    entries = [(str(e["number"]), f"#{e['number']} {e[who.language]} · {e['standard']}-{e['edition']}") for e in seen["entries"]]
    objections = [(str(e["number"]), f"#{e['number']} → {e['entry']} {e['ground'][:40]}") for e in seen["objections"] if not e["decided"]]
    applications = [(str(e["number"]), f"#{e['number']} {e['organisation']}") for e in seen["applications"] if not e["taken_back"]]
    is_wanted = {"compare", "re-evaluate"} & set(seen["possible"])
    boards = _boards(who, store, seen["field"]["scheme"]) if is_wanted else []
    return {"entry": entries, "objection": objections, "application": applications, "result": boards,
            "library": _libraries(store) if "flag" in seen["possible"] else []}  # fmt: skip


def _boards(who: Who, store: Store, scheme: str) -> list[tuple[str, str]]:
    """The newest board runs by a scheme, each by its library, its day, what came of it and when it ran."""
    runs = [run_of(store, each) for each in results(store, kind="board", limit=RESULTS_SHOWN) if scheme_id(each) == scheme]
    return [(each.result.id, _run_said(who, each)) for each in runs]


def _run_said(who: Who, run: Run) -> str:
    at = "" if run.revision is None else who.say(f" 第 {run.revision} 版", f" revision {run.revision}")
    came = who.say(f"入围 {run.shortlisted} / {run.compared}", f"{run.shortlisted} of {run.compared} shortlisted")
    return f"{run.library}{at} · {run.result.standards[0]['on']} · {came} · {run.result.created_at:%Y-%m-%d %H:%M} UTC · …{run.result.id[-6:]}"


def _libraries(store: Store) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({each.name for each in libraries(store)})]


def _now(store: Store) -> Any:
    with store.reading() as connection:
        return store.clock(connection)


def cycle_step(request: Request, id: str, form: Given) -> Response:
    """A step, from one of the forms of the page."""
    who, name = asked(request), form.get("act", "")
    given = {word: text for word, text in form.items() if word != "act"}
    try:
        doing.step_cycle(_store(who), who.user, _tools(who), id, name, given, form.files)
    except Refused as refused:
        return _cycle(request, id, refused.diagnostics, {"act": name, **given})
    return RedirectResponse(f"/frontrunners/cycles/{id}", 303)


def cycle_json(request: Request, id: str) -> Response:
    """The same as plain values."""
    who = asked(request)
    store = _store(who)
    held, steps = acting.cycle_for(store, who.user, id)
    text = json.dumps(cycle_view(store, held, steps, who.user), ensure_ascii=False, default=str)
    return Response(text, media_type="application/json")


# certificates


def certifications(request: Request) -> Response:
    """Applications and what became of them: one's own, or all where one certifies."""
    who = asked(request)
    store = _store(who)
    held = certifying.certificates_for(store, who.user)
    today = _now(store).date()
    return render(request, "frontrunner/certifications.html", held=held, states=CERTIFICATE_STATES, issued=ISSUED, today=today,
                  names=names_in(store, False).organisations, may=bool(who.user.roles & CERTIFICATE_ACTS["apply"].roles))  # fmt: skip


def apply_page(request: Request) -> Response:
    return _apply(request, ())


def _apply(request: Request, found: tuple[Diagnostic, ...], given: Mapping[str, str] | None = None, made: tuple[Made, ...] = ()) -> Response:
    who = asked(request)
    store = _store(who)
    own = [e for e in enterprises(store) if CERTIFICATE_ACTS["apply"].roles & who.user.organisations.get(e.organisation or "", frozenset())]
    return render(request, "frontrunner/apply.html", status_of(found) if found else 200, found=found, given=given or {}, own=own, made=made,
                  schemes=_schemes(who), runs=bool(who.user.roles & {"operator", "admin"}), libraries=_libraries(store))  # fmt: skip


def apply(request: Request, form: Given) -> Response:
    """Applies for one standard, or for a table of them: first a dry run, then all or none."""
    who, do = asked(request), form.get("do", "one")
    words = {name: form.get(name, "") for name in ("scheme", "library", "undertaking")}
    try:
        if do == "one":
            models = tuple(filter(None, map(str.strip, form.get("models", "").splitlines())))
            given = Application(words["scheme"], form.get("enterprise", ""), form.get("standard", ""), form.get("edition", ""), models,
                                words["library"], words["undertaking"])  # fmt: skip
            made = doing.apply(_store(who), who.user, _tools(who), given)
            return RedirectResponse(f"/frontrunners/certificates/{made.id}/process", 303)
        lines = lines_of(form.get("lines", ""), **words)
        rows = evidence_rows(form["table"]) if form.get("table") else ()
        done = apply_all(_store(who), who.user, _tools(who), lines, rows, illustrative=yes(form.get("illustrative", "")), dry=do != "all")
        return _apply(request, (), form, tuple(done))
    except Refused as refused:
        return _apply(request, refused.diagnostics, form)


def certificate(request: Request, id: str) -> Response:
    """The course of a certificate, for those concerned."""
    return _certificate(request, id, ())


def _certificate(request: Request, id_: str, found: tuple[Diagnostic, ...], given: Mapping[str, str] | None = None) -> Response:
    who = asked(request)
    store = _store(who)
    held, steps = certifying.certificate_for(store, who.user, id_)
    seen = certificate_view(store, held, steps, who.user)
    offered = {"rule": [(each, RULES[each].text(who.language)) for each in sorted(RULES, key="guard".__ne__)],
               "due": [(str(each), str(each)) for each in seen["overdue"]],
               "outcome": [("pass", who.say("通过", "passed")), ("fail", who.say("不通过", "failed"))],
               "result": _boards(who, store, seen["scheme"]) if "evaluate" in seen["possible"] else [],
               "library": _libraries(store) if "renew" in seen["possible"] else []}  # fmt: skip
    return render(request, "frontrunner/certificate_process.html", status_of(found) if found else 200, seen=seen, found=found,
                  given={"act": "", **(given or {})}, states=CERTIFICATE_STATES, acts=CERTIFICATE_ACTS, course=CERTIFICATE_COURSE, issued=ISSUED,
                  indicators=_indicators(request, seen), levels=LEVELS, rules=RULES, decided=DECIDED, short=_short,
                  forms=CERTIFICATE_FORMS, aside=ASIDE, offered=offered, today=_now(store).date())  # fmt: skip


def _indicators(request: Request, seen: Mapping[str, Any]) -> dict[str, IndicatorMeaning]:
    """Those of the evaluation standard by name, where it is on the shelf."""
    try:
        program = request.app.state.programs.of(seen["evaluation"]["number"])
    except Refused:
        return {}
    return {each.indicator.name: each for each in program.indicators}


def _short(indicator: Mapping[str, Any]) -> str:
    """The value of an indicator in few digits."""
    return short(parse_number(str(indicator["value"])), str(indicator["value"]))


def certificate_step(request: Request, id: str, form: Given) -> Response:
    """A step, from one of the forms of the page."""
    who, name = asked(request), form.get("act", "")
    given = {word: text for word, text in form.items() if word != "act"}
    try:
        doing.step_certificate(_store(who), who.user, _tools(who), id, name, given, form.files)
    except Refused as refused:
        return _certificate(request, id, refused.diagnostics, {"act": name, **given})
    return RedirectResponse(f"/frontrunners/certificates/{id}/process", 303)


PAGES = (
    ("GET", "/frontrunners/cycles", cycles), ("POST", "/frontrunners/cycles", propose), ("POST", "/frontrunners/enterprises", bind),
    ("GET", "/frontrunners/cycles/{id}.json", cycle_json), ("GET", "/frontrunners/cycles/{id}", cycle),
    ("POST", "/frontrunners/cycles/{id}", cycle_step), ("GET", "/frontrunners/certifications", certifications),
    ("GET", "/frontrunners/certificates/apply", apply_page), ("POST", "/frontrunners/certificates/apply", apply),
    ("GET", "/frontrunners/certificates/{id}/process", certificate), ("POST", "/frontrunners/certificates/{id}/process", certificate_step),
)  # fmt: skip
