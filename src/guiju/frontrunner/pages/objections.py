"""Objections by anybody: the form of a publicity, the receipt by which an objector follows theirs, and who raised it, for whoever runs the cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from guiju.api.limits import Hourly
from guiju.api.problems import status_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.pages.process import Given, _now, _store
from guiju.frontrunner.process import acting, objecting
from guiju.frontrunner.process.cycle import Objection
from guiju.frontrunner.process.objecting import CONTACT_MAX, GROUND_MAX, NAME_MAX, Said
from guiju.frontrunner.process.seen import cycle_view
from guiju.frontrunner.process.states import CYCLE_ACTS
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.web.asking import asked
from guiju.web.rendering import render

FROM_HERE = 5
"""Objections an hour from one network address; of IPv6, from one network of 64 bits."""
KEPT_OUT = {"Cache-Control": "no-store"}
"""What holds a receipt, or says who objected, stays in no cache."""


def add(router: APIRouter) -> None:
    for method, path, page in PAGES:
        router.add_api_route(path, page, methods=[method], response_model=None, include_in_schema=False)


def form(request: Request, id: str) -> Response:
    """The form by which anybody objects, and the one by which they follow it."""
    return _page(request, id)


def send(request: Request, id: str, form: Given) -> Response:
    """An objection; shows its receipt, which is in no address and shown this once."""
    who, store = asked(request), _store(asked(request))
    entry = form.get("entry", "")
    said = Said(int(entry) if entry.isascii() and entry.isdecimal() and len(entry) < 7 else 0, form.get("ground", ""), form.get("name", ""),
                form.get("contact", ""), form.get("receipt", ""), form.get("website", ""))  # fmt: skip
    try:
        made = take_in(request, store, who.user, id, said)
    except Refused as refused:
        return _page(request, id, refused.diagnostics, {**form, "form": "object"})
    return _page(request, id, made=made, receipt=said.receipt)


def follow(request: Request, id: str, form: Given) -> Response:
    """What became of the objection of a receipt."""
    try:
        found = objecting.followed(_store(asked(request)), asked(request).user, id, form.get("receipt", ""))
    except Refused as refused:
        return _page(request, id, refused.diagnostics, {"form": "follow"})
    return _page(request, id, made=found)


def who_objected(request: Request, id: str, number: str) -> Response:
    """Who raised an objection, for whoever runs the cycle; that it was looked at is in the log."""
    who, store = asked(request), _store(asked(request))
    asked_for = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 0
    return _page(request, id, shown=(asked_for, objecting.objector(store, who.user, id, asked_for)))


def take_in(request: Request, store: Store, who: Somebody, id_: str, said: Said) -> Objection:
    """Takes an objection in, by the form or by a program, and counts it for the address it came from.

    raises   Refused: frontrunner-objections-here, and what `raise_objection` refuses
    """
    counted, here = _counted(request)
    made = objecting.raise_objection(store, who, id_, said)
    counted.take(here)
    return made


def _counted(request: Request) -> tuple[Hourly, str]:
    """What counts the objections taken, and the address of this request.

    raises   Refused: frontrunner-objections-here
    """
    state = request.app.state
    if not hasattr(state, "objections"):
        state.objections = Hourly(FROM_HERE)
    counted: Hourly = state.objections
    here = request.client.host if request.client else "?"
    if not counted.has_room(here):
        raise Refused([Diagnostic("frontrunner-objections-here", None, {"most": str(FROM_HERE)})])
    return counted, here


def _page(
    request: Request, id_: str, found: Sequence[Diagnostic] = (), given: Mapping[str, str] | None = None, made: Objection | None = None,
    receipt: str = "", shown: tuple[int, Mapping[str, Any]] | None = None,
) -> Response:  # fmt: skip
    who, store = asked(request), _store(asked(request))
    cycle, steps = acting.cycle_for(store, who.user, id_)
    seen = cycle_view(store, cycle, steps, who.user)
    runs = cycle.state == "publicity" and cycle.until is not None and _now(store) < cycle.until
    entries = [each for each in seen["entries"] if each["standing"] in ("shortlisted", "out")] if runs else []
    answered = render(request, "frontrunner/objection.html", status_of(found) if found else 200, seen=seen, field=cycle.field, entries=entries,
                      found=found, given=given or {}, made=made, receipt=receipt, shown=shown, acts=CYCLE_ACTS,
                      fresh=(given or {}).get("receipt") or objecting.new_receipt(), limits=(NAME_MAX, CONTACT_MAX, GROUND_MAX))  # fmt: skip
    answered.headers.update(KEPT_OUT)
    return answered


PAGES = (
    ("GET", "/frontrunners/cycles/{id}/objections", form), ("POST", "/frontrunners/cycles/{id}/objections", send),
    ("POST", "/frontrunners/cycles/{id}/receipt", follow), ("POST", "/frontrunners/cycles/{id}/objections/{number}", who_objected),
)  # fmt: skip
