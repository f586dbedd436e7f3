"""Sets of records: brought, with what the reader found in them; who may see them; what was found of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import guests, invite_guest, remove_guest, sets_as_guest
from guiju.store.belonging import JUDGES, hidden_from, seen_by, set_for
from guiju.store.people import account_of
from guiju.store.results import results
from guiju.store.sets import mark_sensitivity, note_of, record_sets, sensitivities, sets_of
from guiju.store.uploads import Upload, keep_upload
from guiju.web.jobs import may_work
from guiju.web.kept import acting, after_last, diagnostics_of, here, page_of, words

PER_PAGE, RESULTS_SHOWN, COLUMNS_SHOWN = 50, 10, 300


def listed(request: Request) -> Response:
    """The sets of one's organisations, and those one was invited to."""
    return _list(request, ())


def _list(request: Request, found: tuple[Diagnostic, ...]) -> Response:
    who, store = here(request)
    held = record_sets(store, organisations=seen_by(who.user), after=who.one("after"), limit=PER_PAGE + 1, without=hidden_from(store, who.user))
    shown = held[:PER_PAGE]
    known = {each.id for each in shown}
    invited = [each for each in sets_of(store, sets_as_guest(store, who.user.id)).values() if each.organisation not in seen_by(who.user)]
    said = words(who, (each.created_by for each in (*shown, *invited)))
    return page_of(
        request, "web/sets.html", said, 422 if found else 200, sets=shown, invited=invited, following=after_last(held, PER_PAGE), found=found,
        sensitivity=sensitivities(store, [*known, *(each.id for each in invited)]), organisations=acting(who, JUDGES), may=may_work(who.user),
    )  # fmt: skip


def bring(
    request: Request, file: Annotated[UploadFile | None, File()] = None, mapping: Annotated[UploadFile | None, File()] = None,
    name: Annotated[str, Form(max_length=300)] = "", sheet: Annotated[str, Form(max_length=300)] = "",
    sensitivity: Annotated[str, Form(max_length=40)] = "internal", organisation: Annotated[str, Form(max_length=100)] = "",
) -> Response:  # fmt: skip
    """Keeps a file as a set, and leads to what was found in it."""
    who, store = here(request)
    marked: Any = "sensitive" if sensitivity == "sensitive" else "internal"
    try:
        whose = who.user.acting_for(organisation or None, JUDGES)
        if file is None or not file.filename:
            raise Refused([Diagnostic("records-not-given", None, {})])
        said = Upload(mapping.filename, mapping.file) if mapping is not None and mapping.filename else None
        limit = request.app.state.settings.upload_bytes_max
        held, _ = keep_upload(store, whose, who.user.id, Upload(file.filename, file.file), said, limit=limit, name=name, sheet=sheet,
                              sensitivity=marked)  # fmt: skip
    except Refused as refused:
        return _list(request, refused.diagnostics)
    return RedirectResponse(f"/sets/{held.id}", 303)


def one(request: Request, id: str) -> Response:
    """A set: its hash, columns, what the reader found, who may see it, what was found of it."""
    return _page(request, id, ())


def _page(request: Request, id_: str, found: tuple[Diagnostic, ...]) -> Response:
    who, store = here(request)
    held = set_for(store, who.user, id_)
    is_own = held.organisation in seen_by(who.user, JUDGES)
    note, invited = note_of(store, held.id), guests(store, held.id) if is_own else []
    made = results(store, organisations=seen_by(who.user), records=held.id, limit=RESULTS_SHOWN)
    said = words(who, [held.created_by, *invited, *(r.created_by for r in made)])
    return page_of(
        request, "web/set.html", said, 422 if found else 200, held=held, note=note, findings=diagnostics_of(note.findings, who), guests=invited,
        is_own=is_own, results=made, found=found, columns=held.columns[:COLUMNS_SHOWN], may=may_work(who.user),
    )  # fmt: skip


def _own(request: Request, id_: str) -> str:
    """raises   Refused: unknown-record-set; not-allowed-there, for guests and auditors"""
    who, store = here(request)
    held = set_for(store, who.user, id_)
    who.user.acting_for(held.organisation, JUDGES)
    return held.id


def invite(request: Request, id: str, account: Annotated[str, Form(max_length=300)] = "") -> Response:
    """Lets one account see and judge this set, and nothing else of its organisation."""
    who, store = here(request)
    held = _own(request, id)
    try:
        invite_guest(store, held, account_of(store, account.strip()).id, who.user.id)
    except Refused as refused:
        return _page(request, held, refused.diagnostics)
    return RedirectResponse(f"/sets/{held}#guests", 303)


def take_back(request: Request, id: str, account: str) -> Response:
    """Ends an invitation."""
    who, store = here(request)
    held = _own(request, id)
    remove_guest(store, held, account, who.user.id)
    return RedirectResponse(f"/sets/{held}#guests", 303)


def mark(request: Request, id: str, sensitivity: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Says who of the organisation may see it; only who brought it and its administrators may."""
    who, store = here(request)
    held = set_for(store, who.user, _own(request, id))
    if held.created_by != who.user.id:
        who.user.acting_for(held.organisation, {"admin"})
    mark_sensitivity(store, held.id, "sensitive" if sensitivity == "sensitive" else "internal", who.user.id)
    return RedirectResponse(f"/sets/{held.id}", 303)
