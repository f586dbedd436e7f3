"""People: the organisations, accounts, roles and one-time links somebody administers; how the store stands; one's own account and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import end_account_sessions, first_organisation, invite, keys_of, open_invitations
from guiju.store.belonging import administered
from guiju.store.condition import condition
from guiju.store.database import Store
from guiju.store.people import (
    ROLES,
    Account,
    account_of,
    accounts,
    disable,
    grant,
    make_account,
    make_key,
    make_organisation,
    organisations,
    revoke,
    revoke_key,
)
from guiju.store.results import engine_version
from guiju.web.asking import Asked, asked
from guiju.web.kept import here, page_of, words
from guiju.web.rendering import render

PER_PAGE = 50
GIVEN = tuple(role for role in ROLES if role != "public")
"""Roles that are granted; everyone is public."""
Text = Annotated[str, Form(max_length=300)]


def condition_page(request: Request) -> Response:
    """How the workbench and its store stand."""
    who, store = here(request)
    held = condition(store)
    actors = [e.actor for e in (*held.backups, *held.forms)]
    return page_of(request, "web/admin.html", words(who, actors), held=held, place=store.place, engine=engine_version(), version=version("guiju"),
                   settings=request.app.state.settings, is_first=administered(store, who.user) is None)  # fmt: skip


# organisations and accounts


def _mine(who: Asked) -> list[tuple[str, str, str]]:
    mine = administered(who.store, who.user)
    return [each for each in organisations(who.store) if mine is None or each[0] in mine]


def _administer(who: Asked, organisation: str) -> str:
    """raises   Refused: not-allowed-there, unknown-organisation"""
    mine = administered(who.store, who.user)
    if mine is not None and organisation not in mine:
        raise Refused([Diagnostic("not-allowed-there", None, {"organisation": organisation, "roles": "admin"})])
    if organisation not in [id_ for id_, _, _ in organisations(who.store)]:
        raise Refused([Diagnostic("unknown-organisation", None, {"name": organisation})])
    return organisation


def _account(who: Asked, id_: str) -> Account:
    """An account somebody administers; to others it is not there.

    raises   Refused: unknown-account
    """
    found, mine = account_of(who.store, id_), administered(who.store, who.user)
    if mine is not None and found.organisation not in mine:
        raise Refused([Diagnostic("unknown-account", None, {"name": id_})])
    return found


def people(request: Request) -> Response:
    """The accounts of the organisations somebody administers, and the links that are open."""
    return _people(request)


def _people(request: Request, found: tuple[Diagnostic, ...] = (), link: str = "", made: str = "") -> Response:
    who, store = here(request)
    mine, q = _mine(who), who.one("q").casefold()
    held = [a for a in accounts(store, administered(store, who.user)) if q in f"{a.name} {a.title}".casefold()]
    last = max(1, -(-len(held) // PER_PAGE))
    page = who.number("page", 1, last)
    known = {id_ for id_, _, _ in mine}
    links = [each for each in open_invitations(store) if each.organisation in known or administered(store, who.user) is None]
    shown, titles = held[(page - 1) * PER_PAGE : page * PER_PAGE], {id_: title or name for id_, name, title in organisations(store)}
    return page_of(
        request, "web/accounts.html", words(who, [i.created_by for i in links]), 422 if found else 200, accounts=shown, page=page, last=last,
        total=len(held), organisations=mine, titles=titles, roles=GIVEN, found=found, link=_whole(request, link), made=made,
        links=links, q=who.one("q"), is_first=administered(store, who.user) is None,
    )  # fmt: skip


def _whole(request: Request, token: str) -> str:
    """The link as it is sent to somebody; empty for none."""
    base = request.app.state.settings.base_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{base}/invitations/{token}" if token else ""


async def new_account(request: Request) -> Response:
    """Makes an account with its roles, and shows the link by which its owner chooses a password; this once."""
    async with request.form() as form:
        given = {name: str(value).strip() for name, value in form.multi_items() if isinstance(value, str)}
        roles = [str(each) for each in form.getlist("role")]
    return await run_in_threadpool(_made, request, given, roles)


def _made(request: Request, given: dict[str, str], roles: list[str]) -> Response:
    who, store = here(request)
    name = given.get("name", "")[:300]
    try:
        if not name or not name.isprintable():
            raise Refused([Diagnostic("name-missing", None, {})])
        organisation = _administer(who, given.get("organisation", "") or who.user.organisation or "")
        for role in roles:
            _known(role)
        made = make_account(store, name, organisation, who.user.id, title=given.get("title", "")[:300])
        for role in roles:
            grant(store, made, organisation, role, who.user.id)
    except Refused as refused:
        return _people(request, refused.diagnostics)
    return _people(request, link=invite(store, who.user.id, made), made=name)


def _known(role: str) -> str:
    if role not in GIVEN:
        raise Refused([Diagnostic("unknown-role", None, {"name": role, "known": ", ".join(GIVEN)})])
    return role


def new_organisation(request: Request, name: Text = "", title: Text = "") -> Response:
    """For administrators of the first organisation, which runs the workbench."""
    who, store = here(request)
    try:
        _administer(who, first_organisation(store))
        if not name.strip() or not name.isprintable():
            raise Refused([Diagnostic("name-missing", None, {})])
        make_organisation(store, name.strip(), who.user.id, title.strip())
    except Refused as refused:
        return _people(request, refused.diagnostics)
    return RedirectResponse("/admin/accounts#organisations", 303)


def account(request: Request, id: str) -> Response:
    """One account: its roles in the organisations somebody administers."""
    return _one(request, id)


def _one(request: Request, id_: str, found: tuple[Diagnostic, ...] = (), link: str = "") -> Response:
    who, store = here(request)
    held, mine = _account(who, id_), _mine(who)
    administers = {id_ for id_, _, _ in mine}
    return page_of(
        request, "web/account-admin.html", words(who), 422 if found else 200, held=held, found=found, link=_whole(request, link), organisations=mine,
        roles=GIVEN, titles={id_: title or name for id_, name, title in organisations(store)}, grants=sorted(held.roles), administers=administers,
        is_self=held.id == who.user.id,
    )  # fmt: skip


def _changing(change: Callable[..., Any]) -> Callable[..., Response]:
    """A change of an account: what is wrong stands on its page; what somebody may do is looked up anew from then on."""

    @wraps(change)
    def changed(request: Request, id: str, *given: Any, **named: Any) -> Response:
        who, _ = here(request)
        held = _account(who, id)
        try:
            change(request, held.id, *given, **named)
        except Refused as refused:
            return _one(request, held.id, refused.diagnostics)
        request.app.state.known.forget()
        return RedirectResponse(f"/admin/accounts/{held.id}", 303)

    return changed


@_changing
def give_role(request: Request, id: str, organisation: Text = "", role: Text = "") -> None:
    """Grants a role in an organisation that somebody administers."""
    who, store = here(request)
    grant(store, id, _administer(who, organisation), _known(role), who.user.id)


@_changing
def take_role(request: Request, id: str, organisation: Text = "", role: Text = "") -> None:
    """Takes a role away; nobody takes their own administration away, or the workbench might be left without."""
    who, store = here(request)
    if id == who.user.id and role == "admin":
        raise Refused([Diagnostic("own-administration", None, {})])
    revoke(store, id, _administer(who, organisation), role, who.user.id)


@_changing
def end_account(request: Request, id: str) -> None:
    """From now on it can neither sign in nor use a key; what it did stays."""
    who, store = here(request)
    if id == who.user.id:
        raise Refused([Diagnostic("own-administration", None, {})])
    disable(store, id, who.user.id)
    end_account_sessions(store, id)


def new_link(request: Request, id: str) -> Response:
    """A new link by which a password is chosen; shown this once."""
    who, store = here(request)
    held = _account(who, id)
    return _one(request, held.id, link=invite(store, who.user.id, held.id))


# one's own account


def own(request: Request) -> Response:
    """Who one is here, what one may do, and one's keys."""
    return _own(request)


def _own(request: Request, found: tuple[Diagnostic, ...] = (), key: str = "") -> Response:
    who = asked(request)
    store: Store | None = who.store
    if store is None or not who.user.is_signed_in:
        return render(request, "web/nobody.html")
    titles = {id_: title or name for id_, name, title in organisations(store)}
    held = [(titles.get(id_, id_), sorted(roles)) for id_, roles in who.user.organisations.items()]
    return page_of(request, "web/account.html", words(who), 422 if found else 200, held=held, keys=keys_of(store, who.user.id), key=key, found=found,
                   now=datetime.now(UTC))  # fmt: skip


def new_key(request: Request, title: Text = "", days: Text = "") -> Response:
    """Makes a key, shown this once: it may do what its owner may."""
    who, store = here(request)
    if not title.strip() or not title.isprintable():
        return _own(request, (Diagnostic("name-missing", None, {}),))
    if days.strip() and not (days.strip().isascii() and days.strip().isdigit() and len(days.strip()) < 5 and 1 <= int(days) <= 3650):
        return _own(request, (Diagnostic("key-days", None, {"text": days.strip()}),))
    until = datetime.now(UTC) + timedelta(days=int(days)) if days.strip() else None
    return _own(request, key=make_key(store, who.user.id, title.strip(), who.user.id, until)[1])


def end_key(request: Request, id: str) -> Response:
    """Revokes one's own key, for good."""
    who, store = here(request)
    if id not in [each.id for each in keys_of(store, who.user.id)]:
        raise Refused([Diagnostic("unknown-key-id", None, {"name": id})])
    revoke_key(store, id, who.user.id)
    request.app.state.known.forget()
    return RedirectResponse("/account", 303)
