"""Pages of drafts that are out for comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.api.problems import status_of
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.frontrunner.authoring import consultation as c
from guiju.frontrunner.authoring.heard import changes, consultation_report, rests
from guiju.frontrunner.authoring.proposal import METHODS
from guiju.frontrunner.authoring.told import percent, said
from guiju.frontrunner.pages.authoring import Given, basis_asked
from guiju.report.cited import engine
from guiju.store.database import Store
from guiju.store.people import account_names
from guiju.web.asking import Asked, asked
from guiju.web.opening import library_of
from guiju.web.rendering import render
from guiju.web.reporting import file_of, refuse_unknown

_Text = Annotated[str, Form(max_length=c.TEXTS_MAX)]
_Word = Annotated[str, Form(max_length=300)]


def add(router: APIRouter) -> None:
    pages: Sequence[tuple[str, str, Callable[..., Any]]] = (
        ("GET", "/frontrunners/drafts", listed), ("POST", "/frontrunners/drafts", propose), ("GET", "/frontrunners/drafts/{id}", one),
        ("GET", "/frontrunners/drafts/{id}/report.{ending}", report), ("POST", "/frontrunners/drafts/{id}/{act}", act),
    )  # fmt: skip
    for method, path, page in pages:
        router.add_api_route(path, page, methods=[method], response_model=None)


def _store(who: Asked) -> Store:
    """
    raises   Refused: no-store
    """
    if who.store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    found: Store = who.store
    return found


def listed(request: Request) -> Response:
    return _list(request, ())


def _list(request: Request, found: Sequence[Diagnostic]) -> Response:
    who = asked(request)
    held = c.consultations(who.store) if who.store is not None else []
    return render(request, "frontrunner/drafts.html", status_of(found) if found else 200, held=held, states=c.STATES, found=tuple(found))


def propose(
    request: Request, form: Given, text: _Text = "", examples: _Text = "", base: _Word = "", reason: _Text = ""
) -> Response:  # fmt: skip
    """A draft, put out for comments with what it rests on, computed again; leads to its page."""
    who = asked(request)
    try:
        text, examples = text.replace("\r\n", "\n"), examples.replace("\r\n", "\n")
        made = c.propose(_store(who), who.user, who.shelf, base, text, examples, reason.strip(), basis_asked(who, form))
    except Refused as refused:
        return _list(request, refused.diagnostics)
    return RedirectResponse(f"/frontrunners/drafts/{made.id}", 303)


def one(request: Request, id: str) -> Response:
    """A draft with its comments, and what whoever looks may do."""
    return _one(request, id, ())


def _one(request: Request, id_: str, found: Sequence[Diagnostic]) -> Response:
    who = asked(request)
    store = _store(who)
    held, steps = c.consultation_of(store, id_)
    names = account_names(store, sorted({each.actor for each in steps}))
    possible = {each.name for each in c.possible(held, who.user)}
    changed = changes(who.shelf, held)
    return render(request, "frontrunner/consultation.html", status_of(found) if found else 200, held=held, steps=steps, names=names, states=c.STATES,
                  acts=c.ACTS, verdicts=c.VERDICTS, possible=possible, general=c.GENERAL, found=tuple(found), changed=changed,
                  basis=_told(held.basis, who.language), rests=rests(held, changed),
                  there=library_of(who).number(held.standard) is not None)  # fmt: skip


def _told(basis: Mapping[str, Any] | None, language: Language) -> list[tuple[str, str, list[str]]]:
    """(title, population, lines) of each indicator of a basis."""
    made = []
    for each in basis["indicators"] if basis else ():
        population, n = each["population"], each["population"]["products"]
        levels = " · ".join(f"{level['level']}: {level['threshold']} ({level['count']}, {percent(level['count'], n)})" for level in each["levels"])
        change = said(language, f"与现行相比 {each['changes']['rise']} 个上升，{each['changes']['fall']} 个下降",
                      f"against the edition in force {each['changes']['rise']} rise, {each['changes']['fall']} fall")  # fmt: skip
        lines = [METHODS[each["method"]].text(language), f"{levels} {each['unit']}".strip(), change]
        if each["capability"]:
            lines.append(f"R = {each['capability']['R']} {each['unit']} · {each['capability']['source']}")
        made.append((each["title"][language], f"{population['title'][language]} · n = {n} · sha256 {population['sha256']}", lines))
    return made


def report(request: Request, id: str, ending: str) -> Response:
    """The draft printed for the meeting: what it changes and rests on, the comments with their answers, the log.

    raises   Refused: format-unknown, unknown-process
    """
    who = asked(request)
    refuse_unknown(ending)
    store = _store(who)
    held, steps = c.consultation_of(store, id)
    names = account_names(store, sorted({each.actor for each in steps}))
    return file_of(consultation_report(who.shelf, held, steps, names, who.language, engine()), held.standard, ending)


def act(
    request: Request, id: str, act: str, clause: _Word = "", text: _Text = "", examples: _Text = "", comment: _Word = "", verdict: _Word = "",
    reason: _Text = "",
) -> Response:  # fmt: skip
    """One step further."""
    who = asked(request)
    store, user = _store(who), who.user
    text, examples = (each.replace("\r\n", "\n") for each in (text, examples))
    try:
        match act:
            case "comment":
                c.comment(store, user, id, clause, text.strip())
            case "answer":
                c.answer(store, user, id, int(comment) if comment.isdecimal() and len(comment) < 7 else 0, verdict, text.strip())
            case "revise":
                c.revise(store, user, who.shelf, id, text, examples, reason.strip())
            case "publish":
                c.publish_draft(store, user, who.shelf, id)
                request.app.state.shelves.look_again()
            case _:
                c.do(store, user, id, act, reason.strip())
    except Refused as refused:
        return _one(request, id, refused.diagnostics)
    return RedirectResponse(f"/frontrunners/drafts/{id}", 303)
