"""Finding: the start page and the library, as pages and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guiju.standard.shape import did_you_mean
from guiju.web.asking import Asked, asked
from guiju.web.library import FACETS, Found, Head, search
from guiju.web.naming import facet_title, facet_value
from guiju.web.opening import library_of
from guiju.web.rendering import render, standard_url

PER_PAGE = 50
LATEST = 8
VALUES_SHOWN = 12


def home(request: Request) -> Response:
    """What can be done here, and the editions that came last; drafts are none."""
    who = asked(request)
    heads = library_of(who).heads
    issued = (h for h in heads if h.status != "draft" and h.since and h.since <= date.today())
    dated = sorted(issued, key=lambda h: (h.since or date.min, h.number), reverse=True)
    return render(request, "web/home.html", count=len(heads), latest=dated[:LATEST])


def standards(request: Request) -> Response:
    """The library: searched, filtered, fifty at a time."""
    who = asked(request)
    return _listed(request, who.say("标准库", "Standards"), "", "")


def to_try(request: Request) -> Response:
    """The library again, each standard leading to its form."""
    who = asked(request)
    lead = who.say("先选一份标准；它问什么，表单就有什么。", "Choose a standard first: the form has what it asks.")
    return _listed(request, who.say("试判一个产品", "Try a product"), lead, "try")


def to_check(request: Request) -> Response:
    """The library again, each standard leading to where a file is dropped."""
    who = asked(request)
    en = "Choose a standard first, then drop a file: CSV, Excel, Parquet or JSON."
    lead = who.say("先选一份标准，再拖入数据文件：CSV、Excel、Parquet、JSON。", en)
    return _listed(request, who.say("核验一个数据文件", "Check a file of records"), lead, "records")


def _listed(request: Request, heading: str, lead: str, leads: str) -> Response:
    who = asked(request)
    heads, found, chosen, order = _found(who)
    last = max(1, -(-len(found.heads) // PER_PAGE))
    page = who.number("page", 1, last)
    shown = found.heads[(page - 1) * PER_PAGE : page * PER_PAGE]
    q = who.one("q")
    near = [] if shown else did_you_mean(q, [h.number for h in heads]).get("hint", "")
    twin = "/standards.json" + who.here().removeprefix(request.url.path)
    return render(
        request, "web/standards.html", heading=heading, lead=lead, leads=leads, q=q, chosen=chosen, order=order, total=len(found.heads), page=page,
        last=last, heads=shown, near=[n for n in (h.number for h in heads) if near and n in near], facets=_facets(who, found, chosen), twin=twin,
    )  # fmt: skip


def _found(who: Asked) -> tuple[tuple[Head, ...], Found, dict[str, str], str]:
    heads = library_of(who).heads
    chosen = {facet: who.one(facet) for facet in FACETS}
    order = "date" if who.one("order") == "date" else "number"
    return heads, search(heads, who.one("q"), chosen, order), chosen, order


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, as a link."""

    title: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    each: tuple[Value, ...]


def _facets(who: Asked, found: Found, chosen: dict[str, str]) -> list[Facet]:
    made = []
    for facet in FACETS:
        counts = sorted(found.facets[facet].items(), key=lambda item: (item[0] != chosen[facet], -item[1], item[0]))[:VALUES_SHOWN]
        changes: list[tuple[str, int, str | None]] = [(value, count, None if value == chosen[facet] else value) for value, count in counts]
        values = tuple(
            Value(facet_value(facet, value, who.language), count, who.here(**{facet: to}, page=None), to is None) for value, count, to in changes
        )
        if len(values) > 1 or chosen[facet]:
            made.append(Facet(facet, facet_title(facet, who.language), values))
    return made


def standards_json(request: Request) -> Response:
    """The same as `/standards`, all of what was found."""
    who = asked(request)
    _, found, chosen, order = _found(who)
    facets = {facet: dict(values) for facet, values in found.facets.items()}
    told = {"query": who.one("q"), "chosen": {f: v for f, v in chosen.items() if v}, "order": order, "total": len(found.heads),
            "facets": facets, "standards": [head_json(h) for h in found.heads]}  # fmt: skip
    return JSONResponse(told)


def head_json(h: Head) -> dict[str, Any]:
    return {"number": h.number, "edition": h.edition, "zh": h.title.zh, "en": h.title.en, "level": h.level, "regions": list(h.regions),
            "status": h.status, "subject": h.subject, "effective": h.effective and str(h.effective), "published": h.published and str(h.published),
            "template": h.template, "published_as": h.published_as and h.published_as.edition.id, "href": standard_url(h.number)}  # fmt: skip
