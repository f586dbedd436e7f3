"""The pages of market guides, of the map of a system of standards, and of what regions implement together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guiju.align.guide import Guide, market_guide
from guiju.align.guide_pages import guide_json, guide_report
from guiju.align.joint import DEFAULT, Joint, joint
from guiju.align.map_grid import Grid, grid
from guiju.align.pages.paged import Found, body, downloaded, downloads, one_of, places, subjects
from guiju.align.system import System, load_system, system_files
from guiju.align.systemmap import SystemMap, system_map
from guiju.align.systemmap_pages import joint_json, joint_report, legend, map_json, map_report
from guiju.base.diagnostics import Problems
from guiju.report.tree import Report, Section
from guiju.web.asking import Asked, asked
from guiju.web.naming import regions
from guiju.web.rendering import render

HORIZON, HORIZON_MAX = 24, 1200
WORTH = (
    ((("in", "CN"), ("subject", "vehicle.car")), "中国 · 乘用车", "China · passenger cars"),
    ((("in", "EU"), ("subject", "battery")), "欧盟 · 电池", "EU · batteries"),
    ((("in", "CN-32"), ("subject", "road")), "江苏 · 道路", "Jiangsu · roads"),
    ((("in", "CN-320500"), ("subject", "recorder")), "苏州 · 行驶记录仪", "Suzhou · driving recorders"),
)


def guiding(request: Request) -> Response:
    """The guide to the market `?in=` for the products `?subject=`; without both, where they are chosen."""
    who = asked(request)
    if not who.one("in") or not who.one("subject"):
        return render(request, "align/guide.html", report=None, **_form(who))
    made = _guide(who)
    report = guide_report(made, who.language)
    clauses = sum(len(part.requirements) for part in made.parts)
    ahead = [event for event in made.events if made.on < event.day <= made.until]
    return render(request, "align/guide.html", report=report, made=made, clauses=clauses, ahead=len(ahead), body=body(who, report),
                  downloads=downloads(who, "/guide"), **_form(who))  # fmt: skip


def guiding_json(request: Request) -> Response:
    """The same as plain values."""
    who = asked(request)
    return JSONResponse(guide_json(_guide(who), who.language))


def guiding_file(request: Request, ending: str) -> Response:
    """The guide as a file."""
    who = asked(request)
    return downloaded(Found(guide_report(_guide(who), who.language), {}), ending, "guide")


def _guide(who: Asked) -> Guide:
    """raises   Refused: unknown-region, unknown-subject, not-a-date, set-malformed, values that cannot be used"""
    given: dict[str, object] = {}
    problems = Problems()
    for word in who.many("set"):
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign:
            problems.add("set-malformed", None, text=word)
        given[name] = value
    problems.refuse_errors()
    known = regions()
    return market_guide(who.shelf, known, who.one("in"), who.one("subject"), on=who.on or date.today(), horizon=_horizon(who, HORIZON),
                        given=given or None, systems=[load_system(path, known) for path in system_files()])  # fmt: skip


def _horizon(who: Asked, default: int) -> int:
    return who.number("horizon", 0, HORIZON_MAX) if who.one("horizon") else default


def _form(who: Asked) -> dict[str, Any]:
    return {"places": places(who), "subjects": subjects(who), "worth": WORTH, "horizon": _horizon(who, HORIZON)}


# the map


def mapping(request: Request) -> Response:
    """The map of a system; `?level=` shows one level only, `?show=joint` what regions implement together."""
    who = asked(request)
    made = _map(who)
    common: dict[str, Any] = {"systems": _systems(), "made": made, "horizon": _horizon(who, HORIZON), "places": places(who)}
    if who.one("show") == "joint":
        together = _joint(who, made)
        report = joint_report(together, who.language)
        return render(request, "align/joint.html", report=report, together=together, body=body(who, report), regions=_asked_regions(who),
                      everywhere=sum(row.everywhere for row in together.rows), downloads=downloads(who, "/map"), **common)  # fmt: skip
    report = map_report(made, who.language)
    found: Grid = grid(made, who.language, who.one("level"))
    return render(request, "align/map.html", report=report, grid=found, body=body(who, _without_matrix(report)), legend=legend(who.language),
                  downloads=downloads(who, "/map"), **common)  # fmt: skip


def _without_matrix(report: Report) -> Report:
    """The map without its first section, the matrix, which the page shows as a grid."""
    at = next(n for n, block in enumerate(report.blocks) if isinstance(block, Section))
    return replace(report, blocks=(*report.blocks[:at], *report.blocks[at + 1 :]))


def mapping_json(request: Request) -> Response:
    """The same as plain values."""
    who = asked(request)
    made = _map(who)
    return JSONResponse(joint_json(_joint(who, made), who.language) if who.one("show") == "joint" else map_json(made, who.language))


def mapping_file(request: Request, ending: str) -> Response:
    """The map, or the list, as a file."""
    who = asked(request)
    made = _map(who)
    if who.one("show") == "joint":
        return downloaded(Found(joint_report(_joint(who, made), who.language), {}), ending, "joint")
    return downloaded(Found(map_report(made, who.language), {}), ending, "map")


def _systems() -> dict[str, System]:
    return {made.id: made for made in (load_system(path, regions()) for path in system_files())}


def _map(who: Asked) -> SystemMap:
    """raises   Refused: unknown-word, not-a-date, what `system_map` refuses"""
    held = _systems()
    chosen = held[one_of(who, "system", list(held))]
    return system_map(chosen, who.shelf, regions(), on=who.on or date.today(), horizon=_horizon(who, HORIZON))


def _asked_regions(who: Asked) -> list[str]:
    return who.many("in")[:12] or list(DEFAULT)


def _joint(who: Asked, made: SystemMap) -> Joint:
    return joint(made, regions(), _asked_regions(who))
