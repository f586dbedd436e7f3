"""Pages of an enterprise and of a region: where a brand leads and lags beside its peers, and what a cluster holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.entity import Enterprise
from guiju.frontrunner.scheme import Scheme
from guiju.frontrunner.zone.gathered import Wanted
from guiju.frontrunner.zone.held import STATES, Certificate
from guiju.frontrunner.zone.now import Zone, zone_of
from guiju.frontrunner.zone.profile_figure import NARROW, profile_svg
from guiju.frontrunner.zone.standing import LAGS, LEADS, Position
from guiju.frontrunner.zone.told import certificate_brief
from guiju.frontrunner.zone.views import both, row_json
from guiju.standard.shape import did_you_mean
from guiju.web.asking import asked
from guiju.web.naming import regions
from guiju.web.rendering import render

SHOWN = 50


def add(made: APIRouter) -> None:
    for path, page in (("/frontrunners/enterprises/{code}.json", enterprise_json), ("/frontrunners/enterprises/{code}", enterprise),
                       ("/frontrunners/clusters/{region}.json", cluster_json), ("/frontrunners/clusters/{region}", cluster)):  # fmt: skip
        made.add_api_route(path, page, methods=["GET"], response_model=None)


def enterprise_in(zone: Zone, code: str) -> Enterprise:
    """raises   Refused: zone-no-enterprise"""
    found = zone.gathered.enterprise(code)
    if found is None:
        known = [each for library in zone.gathered.libraries.values() for each in library.enterprises][:2000]
        raise Refused([Diagnostic("zone-no-enterprise", None, {"name": code, **did_you_mean(code, known)})])
    return found


def positions_of(zone: Zone, code: str) -> list[tuple[Scheme, list[Position]]]:
    return [each for standings in zone.standings.values() for each in standings.of_enterprise(code)]


def _certificates(zone: Zone, code: str) -> list[Certificate]:
    return [each for each in zone.gathered.certificates.values() if each.enterprise == code]


def enterprise(request: Request, code: str) -> Response:
    """Standards, certificates and products of an enterprise, and where its models stand beside those of its peers."""
    who = asked(request)
    zone = zone_of(request.app)
    found = enterprise_in(zone, code)
    rows, total = zone.gathered.rows(Wanted(enterprise=code, certified=""), 1, SHOWN)
    positions = positions_of(zone, code)
    drawn = [(scheme, each, profile_svg(each, who.language), profile_svg(each, who.language, NARROW)) for scheme, each in positions]
    return render(request, "frontrunner/zone-enterprise.html", enterprise=found, rows=rows, total=total, positions=drawn, states=STATES,
                  standards=zone.gathered.standards([code]), certificates=_certificates(zone, code), leads=LEADS, lags=LAGS)  # fmt: skip


def enterprise_json(request: Request, code: str) -> Response:
    zone = zone_of(request.app)
    found = enterprise_in(zone, code)
    rows, total = zone.gathered.rows(Wanted(enterprise=code, certified=""), 1, SHOWN)
    return JSONResponse({
        "code": code, "title": both(found.title), "region": found.region,
        "standards": [{"number": s.number, "edition": s.edition, "title": both(s.title), "status": s.status, "illustrative": s.illustrative}
                      for s in zone.gathered.standards([code])],
        "certificates": [certificate_brief(each) for each in _certificates(zone, code)], "products": [row_json(each) for each in rows],
        "products_total": total,
        "positions": [{"scheme": scheme.id, **_position(each)} for scheme, found in positions_of(zone, code) for each in found],
        "rule": {"leads_from": LEADS, "lags_to": LAGS, "of": "peers' models in the same comparable range that its middle model is better than"},
    })  # fmt: skip


def _position(each: Position) -> dict[str, Any]:
    word = each.word
    return {
        "indicator": both(each.indicator), "range": [both(part) for part in each.range], "better": each.better, "unit": each.unit,
        "models": each.models, "peers": each.peers, "better_than": {"least": each.low, "middle": each.middle, "most": each.high},
        "values": {"worst": each.worst, "best": each.best, "median_of_peers": each.median}, "bands": {str(k): v for k, v in each.bands.items()},
        "says": both(word) if word else None,
    }  # fmt: skip


# a region


def _region(zone: Zone, word: str) -> str:
    """raises   Refused: unknown-region"""
    if not regions().is_one(word):
        known = [each.code for each in regions().held.values()]
        raise Refused([Diagnostic("unknown-region", None, {"name": word, **did_you_mean(word, known)})])
    return regions().named(word).code


def _cluster(zone: Zone, code: str) -> dict[str, Any]:
    """What a region holds: enterprises in it, or in a region within it, their standards, products and certificates."""
    inside = {each for each in {e.region for lib in zone.gathered.libraries.values() for e in lib.enterprises.values()} if each == code
              or each.startswith(f"{code}-") or (code.startswith("CN-") and each.startswith(code[:5]) and len(each) > len(code))}  # fmt: skip
    enterprises = {e.code: e for lib in zone.gathered.libraries.values() for e in lib.enterprises.values() if e.region in inside}
    certificates = [each for each in zone.gathered.certificates.values() if each.enterprise in enterprises]
    standards = zone.gathered.standards(enterprises)
    listed = ", ".join("?" for _ in inside) or "NULL"
    products = zone.gathered.count(f"region IN ({listed})", sorted(inside))
    brands = Counter[str]()
    query = f"SELECT brand, count(*) FROM product WHERE region IN ({listed}) AND brand <> '' GROUP BY 1 ORDER BY 1 LIMIT 200"
    for brand, count in zone.gathered.connection.cursor().execute(query, sorted(inside)).fetchall():
        brands[str(brand)] = int(count)
    carrying = {id_ for id_, carried in zone.gathered.of_product.items() if any(c.is_valid and c.enterprise in enterprises for c in carried)}
    return {"enterprises": sorted(enterprises.values(), key=lambda e: e.code), "standards": standards, "certificates": certificates,
            "products": products, "brands": sorted(brands.items()), "certified_products": len(carrying),
            "by_state": Counter(each.state for each in certificates), "current": sum(s.status == "current" for s in standards)}  # fmt: skip


def cluster(request: Request, region: str) -> Response:
    """The front-runners of a region: standards held, products with certificates, brands."""
    zone = zone_of(request.app)
    code = _region(zone, region)
    return render(request, "frontrunner/zone-cluster.html", code=code, states=STATES, shown=SHOWN, **_cluster(zone, code))


def cluster_json(request: Request, region: str) -> Response:
    zone = zone_of(request.app)
    code = _region(zone, region)
    found = _cluster(zone, code)
    return JSONResponse({
        "region": code, "enterprises": [{"code": e.code, **both(e.title), "region": e.region} for e in found["enterprises"]],
        "standards": {"declared": len(found["standards"]), "current": found["current"]}, "products": found["products"],
        "certified_products": found["certified_products"], "certificates": dict(found["by_state"]), "brands": dict(found["brands"]),
    })  # fmt: skip
