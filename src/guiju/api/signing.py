"""Signing in and out, and one-time links: for programs as JSON, for people as two plain forms that need no script."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from pydantic import Field

from guiju.api.asker import Asker
from guiju.api.cookies import cookie_named, set_session
from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Word
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import accept, begin_session, end_session, invited
from guiju.store.people import signed_in
from guiju.web.asking import asked as asked_by
from guiju.web.rendering import render

router = APIRouter(prefix="/api/v1", tags=["access"], route_class=ExactRoute, responses=ERRORS)
pages = APIRouter(include_in_schema=False)
Password = Annotated[str, Field(min_length=1, max_length=1000)]
_SAFE_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


class SignIn(Strict):
    name: Word
    password: Password


class Accept(Strict):
    token: Annotated[str, Field(min_length=1, max_length=200)]
    name: Word = Field("admin", description="of the account that is made, where the link makes one")
    password: Password


def about(user: Asker) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "title": user.title, "by": user.by, "organisation": user.organisation,
            "roles": {organisation: sorted(roles) for organisation, roles in user.organisations.items()}}  # fmt: skip


@router.get("/session", summary="我是谁 · Who I am")
def who(request: Request) -> Response:
    return Json(about(request.state.user))


@router.post("/session", status_code=204, summary="登录 · Sign in", response_class=Response)
def sign_in(request: Request, asked: SignIn) -> Response:
    """The answer sets the cookie of the session. Programs use a key instead: `Authorization: Bearer guiju_…`."""
    return Response(status_code=204, headers={"set-cookie": set_session(request, begun(request, asked.name, asked.password))})


@router.delete("/session", status_code=204, summary="退出 · Sign out", response_class=Response)
def sign_out(request: Request) -> Response:
    return Response(status_code=204, headers={"set-cookie": ended(request)})


@router.post("/invitations/accept", status_code=204, summary="使用一次性链接 · Use a one-time link", response_class=Response)
def accept_invitation(request: Request, asked: Accept) -> Response:
    token = begin_session(store_of(request), taken_up(request, asked.token, asked.name, asked.password))
    return Response(status_code=204, headers={"set-cookie": set_session(request, token)})


def begun(request: Request, name: str, password: str) -> str:
    """The text of a session.

    raises   Refused: sign-in-too-often, sign-in-failed
    """
    store = store_of(request)
    if not request.app.state.attempts.allowed(name, request.client.host if request.client else "?"):
        raise Refused([Diagnostic("sign-in-too-often", None)])
    found = signed_in(store, name, password)
    if found is None:
        raise Refused([Diagnostic("sign-in-failed", None)])
    return begin_session(store, found.id)


def ended(request: Request) -> str:
    token = request.cookies.get(cookie_named(request))
    if token and request.app.state.store is not None:
        end_session(request.app.state.store, token)
        request.app.state.known.forget()
    return set_session(request, "")


def taken_up(request: Request, token: str, name: str, password: str) -> str:
    """The account of a one-time link, its password set.

    raises   Refused: sign-in-too-often, invitation-void, password-short, name-in-use
    """
    if not request.app.state.attempts.allowed("an invitation", request.client.host if request.client else "?"):
        raise Refused([Diagnostic("sign-in-too-often", None)])
    account = accept(store_of(request), token, name, password)
    request.app.state.known.forget()
    return account


# forms


@pages.get("/sign-in")
def sign_in_form(request: Request) -> Response:
    return _sign_in_page(request, safe_path(request.query_params.get("next", "/")))


@pages.post("/sign-in")
def sign_in_by_form(
    request: Request, name: Annotated[str, Form(max_length=300)] = "", password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:  # fmt: skip
    try:
        token = begun(request, name, password)
    except Refused as refused:
        return _sign_in_page(request, safe_path(to), refused.diagnostics[0])
    return Response(status_code=303, headers={"location": safe_path(to), "set-cookie": set_session(request, token)})


@pages.post("/sign-out")
def sign_out_by_form(request: Request) -> Response:
    return Response(status_code=303, headers={"location": "/", "set-cookie": ended(request)})


@pages.get("/invitations/{token}")
def invitation_form(request: Request, token: str) -> Response:
    return _invitation_page(request, token)


@pages.post("/invitations/{token}")
def invitation_by_form(
    request: Request, token: str, name: Annotated[str, Form(max_length=300)] = "", password: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    try:
        if not name.strip() or not name.isprintable():
            raise Refused([Diagnostic("request-malformed", None, {"place": "name", "reason": "—"})])
        session = begin_session(store_of(request), taken_up(request, token, name.strip(), password))
    except Refused as refused:
        return _invitation_page(request, token, refused.diagnostics[0])
    return Response(status_code=303, headers={"location": "/", "set-cookie": set_session(request, session)})


def safe_path(word: str) -> str:
    """A path of this workbench; `/` for anything that would lead elsewhere."""
    return quote(word, safe="/?&=%.-_~+:@!$'()*,;") if _SAFE_PATH.fullmatch(word) else "/"


def _sign_in_page(request: Request, to: str, wrong: Diagnostic | None = None) -> Response:
    say = asked_by(request).say
    fields = [("name", say("名称", "Name"), "text", "username"), ("password", say("密码", "Password"), "password", "current-password")]
    provider = f"/sign-in/oidc?next={quote(to, safe='')}" if request.app.state.settings.oidc_issuer else ""
    return _page(request, say("登录", "Sign in"), "/sign-in", fields, {"to": to}, wrong, button=say("登录", "Sign in"), provider=provider)


def _invitation_page(request: Request, token: str, wrong: Diagnostic | None = None) -> Response:
    say = asked_by(request).say
    is_open, name = invited(store_of(request), token)
    if not is_open:
        return _page(request, say("这条链接不能用了", "This link cannot be used"), "", [], {}, wrong or Diagnostic("invitation-void", None))
    password = ("password", say("密码（至少 10 个字符）", "Password (at least 10 characters)"), "password", "new-password")
    action, button = f"/invitations/{quote(token, safe='')}", say("设定并登录", "Set it and sign in")
    if name is not None:
        return _page(request, say(f"设定密码：{name}", f"Choose a password: {name}"), action, [password], {"name": name}, wrong, button=button)
    en = "The workbench has no administrator yet: this link makes the first, and works once."
    lead = say("工作台还没有管理员：这条链接建立第一个，只能用一次。", en)
    fields = [("name", say("名称", "Name"), "text", "username"), password]
    return _page(request, say("设定管理员账户", "Set up the administrator"), action, fields, {}, wrong, button=button, lead=lead)


def _page(
    request: Request, title: str, action: str, fields: list[tuple[str, str, str, str]], hidden: dict[str, str], wrong: Diagnostic | None, *,
    button: str = "", provider: str = "", lead: str = "",
) -> Response:  # fmt: skip
    """A form by itself: a label for each field, what is wrong above it, nothing that needs a script."""
    status = 200 if wrong is None else 401 if fields else 404
    response = render(request, "web/sign-in.html", status, title=title, action=action, fields=fields, hidden=hidden, wrong=wrong, button=button,
                      provider=provider, lead=lead)  # fmt: skip
    response.headers["referrer-policy"], response.headers["cache-control"] = "no-referrer", "no-store"
    return response
