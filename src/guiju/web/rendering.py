"""Rendering: templates and what every page has; the files pages are dressed with."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from guiju.base.diagnostics import WORDS as SEVERITIES
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS
from guiju.readings.explain import WORDS as VERDICTS
from guiju.readings.render import WORDS as CALLED
from guiju.store.belonging import READERS
from guiju.web.asking import COOKIE, Asked, addressed, asked
from guiju.web.bars import share_bar
from guiju.web.form import field_id
from guiju.web.library import slug
from guiju.web.naming import region_title

YEAR, ADDRESS_MAX = 365 * 24 * 3600, 70
GUIJU = Path(__file__).resolve().parents[1]


@cache
def environment() -> Environment:
    """Templates of every kit and part, `web/home.html` being templates/home.html of web; what a template does not know is an error."""
    folders = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(GUIJU.glob("*/templates"))}
    made = Environment(loader=PrefixLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["unquoted"] = unquoted
    made.globals |= {
        "asset": asset, "addressed": addressed, "standard_url": standard_url, "Verdict": Verdict, "MARKS": MARKS, "VERDICTS": VERDICTS,
        "SEVERITIES": SEVERITIES, "region_title": region_title, "web_address": web_address, "field_id": field_id, "share_bar": share_bar,
        "kept_for": kept_for,
    }  # fmt: skip
    return made


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page: the template with who asks, in which language, and what it is given."""
    who = asked(request)
    common = {"who": who, "say": who.say, "language": who.language, "called": lambda word: who.say(*CALLED.get(word, (word, word)))}
    text = environment().get_template(template).render(**common, **context)
    response = HTMLResponse(text, status, headers={"Vary": "Accept-Language, Cookie", "Content-Language": who.say("zh-CN", "en")})
    if request.query_params.get("lang") in ("zh", "en"):
        response.set_cookie(COOKIE, who.language, max_age=YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def unquoted(text: str) -> str:
    """A text without the signs around names, which are there so that expressions read back."""
    return text.replace("「", "").replace("」", "")


def web_address(text: str) -> Markup:
    """A link to another site, only where it is one."""
    place = urlsplit(text)
    if place.scheme not in ("http", "https"):
        return escape(text)
    shown = unquote(place.netloc + place.path.rstrip("/"))
    return Markup('<a href="{}" rel="noreferrer external">{}</a>').format(text, shown if len(shown) <= ADDRESS_MAX else shown[:ADDRESS_MAX] + "…")


def standard_url(number: str, tail: str = "", **query: str | int | None) -> str:
    """The page of a standard, or one beneath it."""
    path = f"/standards/{slug(number)}" + (f"/{tail}" if tail else "")
    return addressed(path, [(name, str(value)) for name, value in query.items() if value is not None])


def kept_for(who: Asked) -> list[tuple[str, str, str]]:
    """The pages of the store that somebody may open, for the navigation: (href, zh, en)."""
    if who.store is None:
        return []
    roles = who.user.roles
    told = [
        (READERS, ("/jobs", "任务", "Jobs")), (READERS, ("/results", "结果", "Results")), (READERS, ("/sets", "记录集", "Sets")),
        ({"admin", "auditor"}, ("/audit", "审计", "Audit")), ({"admin"}, ("/admin", "管理", "Admin")),
    ]  # fmt: skip
    return [place for wanted, place in told if wanted & roles]


# files


@cache
def _assets() -> dict[str, tuple[bytes, str, str]]:
    """Name → content, type, hash, of every file under `static`."""
    found = {}
    for path in sorted(p for p in (Path(__file__).parent / "static").rglob("*") if p.is_file()):
        content = path.read_bytes()
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[path.name] = content, kind, hashlib.sha256(content).hexdigest()[:16]
    return found


def asset(name: str) -> str:
    """The URL of a file, with its hash: it may be kept for ever."""
    return f"/static/{name}?v={_assets()[name][2]}"


def static(request: Request, name: str) -> Response:
    """One of the files; only those there were at the start, whatever the name says."""
    found = _assets().get(name)
    if found is None:
        return PlainTextResponse("404", 404)
    content, kind, digest = found
    is_named = request.query_params.get("v") == digest
    headers = {"ETag": f'"{digest}"', "Cache-Control": f"public, max-age={YEAR}, immutable" if is_named else "no-cache"}
    if request.headers.get("if-none-match") == f'"{digest}"':
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
