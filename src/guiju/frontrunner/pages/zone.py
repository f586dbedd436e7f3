"""The public pages of the zone: products, certificates, and the channels that lead from them; nobody signs in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guiju.api.secure import FOR_OTHER_SITES
from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import decimal_text
from guiju.frontrunner.application.product import suits_of
from guiju.frontrunner.application.suits import STATES as SUIT_STATES
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.said import said_by, short
from guiju.frontrunner.process.public import Shown
from guiju.frontrunner.zone import channels
from guiju.frontrunner.zone.gathered import PER_PAGE, Wanted, price_of
from guiju.frontrunner.zone.held import ORIGINS, STATES, Certificate, Known, Value
from guiju.frontrunner.zone.now import Zone, zone_of
from guiju.frontrunner.zone.views import certificate_json, known_json, row_json
from guiju.standard.shape import did_you_mean
from guiju.store.database import Store
from guiju.web.asking import Asked, asked
from guiju.web.opening import library_of
from guiju.web.rendering import render

FRESH = {"Cache-Control": f"public, max-age={channels.FRESH_SECONDS}, must-revalidate", **FOR_OTHER_SITES}
"""Headers of what others show: they may keep it for a little while, and then ask whether it is still so."""
LEVEL_WORDS = channels.LEVELS


def add(made: APIRouter) -> None:
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)


# the home of the zone


def wanted_of(who: Asked) -> Wanted:
    """What a list is narrowed to, of the URL.

    raises   Refused: not-a-number
    """
    low, high = prices_of(who)
    level = who.one("level")
    return Wanted(tuple(who.one("q").split()[:8]), who.one("scheme"), who.one("indicator"), int(level) if level in ("1", "2", "3") else None,
                   low, high, who.one("region"), who.one("brand"), who.one("enterprise"),
                   {"all": "", "any": "any"}.get(who.one("show"), "valid"))  # fmt: skip


def prices_of(who: Asked) -> tuple[Decimal | None, Decimal | None]:
    """From and to, of the URL.

    raises   Refused: not-a-number
    """
    problems = Problems()

    def price(name: str) -> Decimal | None:
        try:
            return price_of(who.one(name).replace(",", ""))
        except Refused:
            problems.add("not-a-number", None, text=who.one(name)[:100], field=name)
            return None

    found = price("from"), price("to")
    problems.refuse_errors()
    return found


def home(request: Request) -> Response:
    """Front-runners, filtered; with `?show=all` every product of the public libraries."""
    who = asked(request)
    zone = zone_of(request.app)
    page = who.number("page")
    try:
        rows, total = zone.gathered.rows(wanted_of(who), page)
        problems: tuple[Diagnostic, ...] = ()
    except Refused as refused:
        rows, total, problems = [], 0, refused.diagnostics
    last = max(1, -(-total // PER_PAGE))
    if page > last:
        rows, page = zone.gathered.rows(wanted_of(who), last)[0], last
    return render(
        request, "frontrunner/zone.html", 422 if problems else 200, found=problems, rows=rows, total=total, page=page, last=last, zone=zone,
        products=zone.gathered.count(), brands=zone.gathered.choices("brand"), regions=zone.gathered.choices("region"), states=STATES,
        levels=LEVEL_WORDS, schemes=_used_schemes(zone), valid=sum(each.is_valid for each in zone.gathered.certificates.values()),
    )  # fmt: skip


def _used_schemes(zone: Zone) -> list[tuple[str, Any]]:
    used = {each.scheme_id for each in zone.gathered.certificates.values()} | {each.field.scheme for each in zone.published}
    return sorted((name, zone.schemes[name]) for name in used if name in zone.schemes)


def home_json(request: Request) -> Response:
    """The same as plain values."""
    who = asked(request)
    zone = zone_of(request.app)
    page = who.number("page")
    rows, total = zone.gathered.rows(wanted_of(who), page)
    return JSONResponse({"total": total, "page": page, "per_page": PER_PAGE, "products": [row_json(each) for each in rows],
                         "order": "by brand, model and identifier; it says nothing of who is better"})  # fmt: skip


# a product


def known_of(zone: Zone, key: str) -> Known:
    """raises   Refused: unknown-product"""
    found = zone.gathered.known(key)
    if found is None:
        raise Refused([Diagnostic("unknown-product", None, {"name": key})])
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A value of a product on its page. title: of its property; source: URL of where it is from, if it is here"""

    value: Value
    title: str
    unit: str
    number: str
    exact: str
    u: str
    source: str


def lines_of(who: Asked, known: Known) -> list[Line]:
    dictionary = who.shelf.dictionary
    found = []
    for each in known.values:
        property_ = dictionary[each.property]
        source = f"/frontrunners/certificates/{each.cited}" if each.origin == "certificate" else ""
        found.append(Line(each, who.say(property_.zh, property_.en), each.unit.shown, _number(each), decimal_text(each.value),
                          decimal_text(each.u) if each.u is not None else "", source))  # fmt: skip
    return sorted(found, key=lambda line: (line.title, list(ORIGINS).index(line.value.origin)))


def _number(value: Value) -> str:
    """As it is written; a computed one, which a certificate has, in few digits."""
    return short(value.value, "") if value.origin == "certificate" else decimal_text(value.value)


def product(request: Request, key: str) -> Response:
    """Everything known of a product, each value with where it is from."""
    who = asked(request)
    zone = zone_of(request.app)
    known = known_of(zone, key)
    declared = zone.gathered.standard(known.product.standard, known.product.edition or "")
    standings = zone.standings[known.library].of_product(known.product.key)
    suits = suits_of(request.app, who.shelf, who.store, known.library, known.product.key)
    return render(request, "frontrunner/zone-product.html", suits=suits, suit_states=SUIT_STATES, known=known,
                  lines=lines_of(who, known), declared=declared, origins=ORIGINS,
                  states=STATES, levels=LEVEL_WORDS, standings=standings,
                  references=_references(who, declared.references if declared else ()))  # fmt: skip


def _references(who: Asked, numbers: Sequence[str]) -> list[tuple[str, bool]]:
    """Numbers a standard cites, with whether each is on the shelf."""
    held = library_of(who)
    return [(number, held.number(number) is not None) for number in numbers]


def product_json(request: Request, key: str) -> Response:
    return JSONResponse(known_json(known_of(zone_of(request.app), key)))


# a certificate


def certificate_in(zone: Zone, id_: str) -> tuple[Certificate, Shown]:
    """raises   Refused: unknown-certificate"""
    found = zone.gathered.certificates.get(id_)
    if found is None:
        raise Refused([Diagnostic("unknown-certificate", None, {"name": id_, **did_you_mean(id_, list(zone.gathered.certificates)[:500])})])
    return found, zone.shown[id_]


def base_of(request: Request) -> str:
    """How this site is reached from outside."""
    settings = request.app.state.settings
    return str(settings.base_url or request.base_url).rstrip("/")


def page_of(request: Request, id_: str) -> str:
    return f"{base_of(request)}/frontrunners/certificates/{id_}"


def certificate(request: Request, id: str) -> Response:
    """The page a code on a product leads to: whether a certificate is valid now, since when not and why, and how to verify it without this site."""
    who = asked(request)
    zone = zone_of(request.app)
    found, shown = certificate_in(zone, id)
    carrying = [key for key, carried in zone.gathered.of_product.items() if any(each.id == id for each in carried)][:50]
    names = {key: known.name for key, known in zone.gathered.held.load(carrying).items()}
    enterprise = zone.gathered.enterprise(found.enterprise)
    claims = shown.claims["enterprise"]["title"]
    return render(
        request, "frontrunner/zone-certificate.html", certificate=found, shown=shown, states=STATES, levels=LEVEL_WORDS, products=names,
        enterprise=enterprise.title.text(who.language) if enterprise else claims[who.language], page=page_of(request, id),
        snippet=channels.snippet(page_of(request, id), who.language, found.enterprise), titles=_titles(request, shown),
        said=said_by(shown.claims),
    )  # fmt: skip


def _titles(request: Request, shown: Shown) -> Mapping[str, Any]:
    """Indicator → its title, where the evaluation standard is on the shelf."""
    try:
        program = request.app.state.programs.of(shown.claims["evaluationStandard"]["number"])
    except Refused:
        return {}
    return {each.indicator.name: each.indicator.title for each in program.indicators}


def certificate_twin(request: Request, id: str) -> Response:
    return JSONResponse(certificate_json(*certificate_in(zone_of(request.app), id), page_of(request, id)))


def credential(request: Request, id: str) -> Response:
    """The signed certificate, byte for byte as it was issued; what became of it since is in the status lists it names."""
    _, shown = certificate_in(zone_of(request.app), id)
    return _fresh(request, certificate_bytes(shown.credential), "application/vc+json",
                  {"Content-Disposition": f'attachment; filename="{_file(id)}.json"'})  # fmt: skip


def _file(id_: str) -> str:
    return re.sub(r"[^\w.-]", "_", id_)[-100:]


def qr(request: Request, id: str) -> Response:
    certificate_in(zone_of(request.app), id)
    return _fresh(request, channels.qr_svg(page_of(request, id)).encode(), "image/svg+xml")


def badge(request: Request, id: str) -> Response:
    """The badge as it stands now, of the whole or of one `model`; `?format=json` says the same in words for sales systems."""
    who = asked(request)
    found, _ = certificate_in(zone_of(request.app), id)
    model = who.one("model")
    if model and model not in found.models:
        problem = {"model": model, "standard": found.standard, "edition": found.edition}
        raise Refused([Diagnostic("frontrunner-model-unknown", None, problem)])
    if who.one("format") == "json":
        return _fresh(request, JSONResponse(channels.status_json(found, page_of(request, id))).body, "application/json")
    return _fresh(request, channels.badge_svg(found, who.language, model).encode(), "image/svg+xml", {"Vary": "Accept-Language, Cookie"})


def _fresh(request: Request, content: bytes | memoryview, kind: str, more: Mapping[str, str] | None = None) -> Response:
    """Content that others may keep for a while, with its tag: who has it is told that it is still so."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**FRESH, "ETag": tag, **(more or {})}
    if tag in [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(bytes(content), media_type=kind, headers=headers)


# feeds


def since_of(text: str) -> datetime | None:
    """A cursor: a day, or a moment with its zone.

    raises   Refused: zone-cursor
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00") if "T" in text else f"{text}T00:00:00+00:00")
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or parse_date(text[:10]) is None:
        raise Refused([Diagnostic("zone-cursor", None, {"text": text})])
    return found


def store_in(request: Request) -> Store:
    """raises   Refused: no-store"""
    store: Store | None = request.app.state.store
    if store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    return store


def feed_atom(request: Request) -> Response:
    """Certificates issued and changed, the newest first (Atom)."""
    who = asked(request)
    found = channels.changes(store_in(request), since_of(who.one("since")))
    return _fresh(request, channels.atom(found, base_of(request), who.language).encode(), "application/atom+xml")


def feed_lines(request: Request) -> Response:
    """The same as lines of JSON from `?since=` on, the oldest first; the header Next-Cursor says where to ask on."""
    since = since_of(asked(request).one("since"))
    found = channels.changes(store_in(request), since)
    told = channels.ndjson(channels.change_json(each, page_of(request, each.certificate)) for each in found)
    return _fresh(request, told.encode(), "application/x-ndjson", {"Next-Cursor": channels.cursor_of(found, since)})


PAGES: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/frontrunners", home), ("/frontrunners.json", home_json),
    ("/frontrunners/products/{key:path}.json", product_json), ("/frontrunners/products/{key:path}", product),
    ("/frontrunners/certificates/{id}.json", certificate_twin), ("/frontrunners/certificates/{id}", certificate),
    ("/frontrunners/certificates/{id}/credential.json", credential), ("/frontrunners/certificates/{id}/qr.svg", qr),
    ("/frontrunners/certificates/{id}/badge", badge),
    ("/frontrunners/changes.atom", feed_atom), ("/frontrunners/changes.ndjson", feed_lines),
)  # fmt: skip
"""What can be read, and its URL."""
