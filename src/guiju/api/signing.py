"""Signing in and out, and one-time links: for programs as JSON, for people as two plain forms that need no script."""

from __future__ import annotations

import html
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
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.store.access import accept, begin_session, end_session, invited
from guiju.store.people import signed_in

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
    language: Language = request.state.language
    fields = [("name", "名称", "name", "text", "username"), ("password", "密码", "password", "password", "current-password")]
    other = ""
    if request.app.state.settings.oidc_issuer:
        words = "用机构账户登录" if language == "zh" else "sign in with your organisation"
        other = f'<p><a href="/sign-in/oidc?next={html.escape(quote(to))}">{words}</a></p>'
    return _page(language, ("登录", "Sign in"), "/sign-in", fields, {"to": to}, wrong, other)


def _invitation_page(request: Request, token: str, wrong: Diagnostic | None = None) -> Response:
    language: Language = request.state.language
    is_open, name = invited(store_of(request), token)
    if not is_open:
        return _page(language, ("链接", "Link"), "", [], {}, wrong or Diagnostic("invitation-void", None))
    fields = [] if name is not None else [("name", "名称", "name", "text", "username")]
    fields.append(("password", "密码（至少 10 个字符）", "password (at least 10 characters)", "password", "new-password"))
    title = ("设定账户", "Set up your account") if name is None else (f"设定密码：{name}", f"Choose a password: {name}")
    return _page(language, title, f"/invitations/{quote(token, safe='')}", fields, {} if name is None else {"name": name}, wrong)


def _page(
    language: Language, title: tuple[str, str], action: str, fields: list[tuple[str, str, str, str, str]], hidden: dict[str, str],
    wrong: Diagnostic | None, more: str = "",
) -> Response:  # fmt: skip
    """A form by itself: a label for each field, what is wrong above it, nothing that needs a script."""
    at = 0 if language == "zh" else 1
    told = f'<p role="alert">{html.escape(wrong.message(language))} {html.escape(wrong.help(language))}</p>' if wrong else ""
    rows = "".join(
        f'<p><label for="{name}">{html.escape((zh, en)[at])}</label><br>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{filled}" required></p>' for name, zh, en, kind, filled in fields
    )  # fmt: skip
    rows += "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in hidden.items())
    form = f'<form method="post" action="{html.escape(action)}">{rows}<p><button>{("继续", "continue")[at]}</button></p></form>' if fields else ""
    shown = html.escape(title[at])
    text = (
        f'<!doctype html><html lang="{("zh-CN", "en")[at]}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="referrer" content="no-referrer"><title>{shown} · 规矩 Guiju</title></head>'
        f"<body><main><h1>{shown}</h1>{told}{form}{more}</main></body></html>"
    )
    headers = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
    return Response(text, 200 if wrong is None else 401 if fields else 404, headers, "text/html")
