"""People over HTTP: organisations, accounts, roles, one-time links, keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from guiju.api.asker import Asker
from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Whole, Word
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import end_account_sessions, first_organisation, invite, keys_of
from guiju.store.belonging import administered
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

router = APIRouter(prefix="/api/v1", tags=["access"], route_class=OnceRoute, responses=ERRORS)
Id = Annotated[str, Path(max_length=100)]


class NewOrganisation(Strict):
    name: Word
    title: Annotated[str, Field(max_length=300)] = ""


class NewAccount(Strict):
    name: Word
    title: Annotated[str, Field(max_length=300)] = ""
    organisation: Word | None = Field(None, description="its identifier; default your own")
    roles: list[Word] = Field(default_factory=list, max_length=20, examples=[["evaluator"]])


class NewGrant(Strict):
    organisation: Word | None = None
    role: Word = Field(examples=["verifier"])


class NewKey(Strict):
    title: Word
    days: Whole | None = Field(None, ge=1, le=3650, description="how long it is good for; null: until it is revoked")


def account_json(account: Account) -> dict[str, Any]:
    held: dict[str, list[str]] = {}
    for organisation, role in sorted(account.roles):
        held.setdefault(organisation, []).append(role)
    return {"id": account.id, "name": account.name, "title": account.title, "organisation": account.organisation, "roles": held,
            "disabled_at": account.disabled_at}  # fmt: skip


def _administer(request: Request, organisation: str) -> Store:
    """
    raises   Refused: not-allowed-there
    """
    store = store_of(request)
    mine = administered(store, request.state.user)
    if mine is not None and organisation not in mine:
        raise Refused([Diagnostic("not-allowed-there", None, {"organisation": organisation, "roles": "admin"})])
    return store


@router.get("/organisations", summary="组织 · Organisations")
def list_organisations(request: Request) -> Response:
    """Those you belong to; all of them for who administers the first."""
    store, user = store_of(request), request.state.user
    mine = set(user.organisations) if administered(store, user) is not None else None
    found = [{"id": id_, "name": name, "title": title} for id_, name, title in organisations(store) if mine is None or id_ in mine]
    return Json({"organisations": found})


@router.post("/organisations", status_code=201, summary="建立组织 · Make an organisation")
def new_organisation(request: Request, asked: NewOrganisation) -> Response:
    """For administrators of the first organisation."""
    store = store_of(request)
    _administer(request, first_organisation(store))
    return Json({"id": make_organisation(store, asked.name, request.state.user.id, asked.title), "name": asked.name}, 201)


@router.get("/accounts", summary="账户 · Accounts")
def list_accounts(request: Request) -> Response:
    store = store_of(request)
    return Json({"accounts": [account_json(each) for each in accounts(store, administered(store, request.state.user))]})


@router.post("/accounts", status_code=201, summary="建立账户 · Make an account")
def new_account(request: Request, asked: NewAccount) -> Response:
    """The answer has a one-time link by which its owner chooses a password."""
    user: Asker = request.state.user
    organisation = asked.organisation or user.organisation or ""
    store = _administer(request, organisation)
    known = [id_ for id_, _, _ in organisations(store)]
    if organisation not in known:
        raise Refused([Diagnostic("unknown-organisation", None, {"name": organisation})])
    for role in asked.roles:
        _known_role(role)
    made = make_account(store, asked.name, organisation, user.id, title=asked.title)
    for role in asked.roles:
        grant(store, made, organisation, role, user.id)
    return Json({**account_json(account_of(store, made)), "link": f"/invitations/{invite(store, user.id, made)}"}, 201)


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise Refused([Diagnostic("unknown-role", None, {"name": role, "known": ", ".join(ROLES)})])


def _account(request: Request, id_: str) -> tuple[Store, Account]:
    """An account somebody administers; to others it is not there."""
    store = store_of(request)
    found, mine = account_of(store, id_), administered(store, request.state.user)
    if mine is not None and found.organisation not in mine:
        raise Refused([Diagnostic("unknown-account", None, {"name": id_})])
    return store, found


@router.post("/accounts/{id}/disable", summary="停用账户 · Disable an account")
def disable_account(request: Request, id: Id) -> Response:
    store, found = _account(request, id)
    disable(store, found.id, request.state.user.id)
    end_account_sessions(store, found.id)
    request.app.state.known.forget()
    return Json(account_json(account_of(store, found.id)))


@router.post("/accounts/{id}/invitation", status_code=201, summary="新的一次性链接 · A new one-time link")
def new_invitation(request: Request, id: Id) -> Response:
    store, found = _account(request, id)
    return Json({"link": f"/invitations/{invite(store, request.state.user.id, found.id)}"}, 201)


@router.post("/accounts/{id}/roles", summary="授予角色 · Grant a role")
def grant_role(request: Request, id: Id, asked: NewGrant) -> Response:
    """In an organisation you administer; the account may belong to another."""
    _known_role(asked.role)
    organisation = asked.organisation or request.state.user.organisation or ""
    store = _administer(request, organisation)
    if organisation not in [each for each, _, _ in organisations(store)]:
        raise Refused([Diagnostic("unknown-organisation", None, {"name": organisation})])
    found = account_of(store, id)
    grant(store, found.id, organisation, asked.role, request.state.user.id)
    request.app.state.known.forget()
    return Json(account_json(account_of(store, found.id)))


@router.delete("/accounts/{id}/roles/{organisation}/{role}", status_code=204, summary="收回角色 · Take a role away", response_class=Response)
def revoke_role(request: Request, id: Id, organisation: Id, role: Id) -> Response:
    store = _administer(request, organisation)
    revoke(store, account_of(store, id).id, organisation, role, request.state.user.id)
    request.app.state.known.forget()
    return Response(status_code=204)


# keys


@router.get("/keys", summary="我的密钥 · My keys")
def list_keys(request: Request) -> Response:
    found = keys_of(store_of(request), request.state.user.id)
    shown = ("id", "title", "prefix", "created_at", "expires_at", "revoked_at", "used_at")
    return Json({"keys": [{name: getattr(each, name) for name in shown} for each in found]})


@router.post("/keys", status_code=201, summary="做一个密钥 · Make a key")
def new_key(request: Request, asked: NewKey) -> Response:
    """The key is shown this once. It may do what you may."""
    until = datetime.now(UTC) + timedelta(days=asked.days) if asked.days else None
    id_, key = make_key(store_of(request), request.state.user.id, asked.title, request.state.user.id, until)
    return Json({"id": id_, "key": key, "prefix": key[:12], "expires_at": until}, 201, {"cache-control": "no-store"})


@router.delete("/keys/{id}", status_code=204, summary="吊销密钥 · Revoke a key", response_class=Response)
def end_key(request: Request, id: Id) -> Response:
    store, user = store_of(request), request.state.user
    if id not in [each.id for each in keys_of(store, user.id)]:
        raise Refused([Diagnostic("unknown-key-id", None, {"name": id})])
    revoke_key(store, id, user.id)
    request.app.state.known.forget()
    return Response(status_code=204)
