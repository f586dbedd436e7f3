"""The zone for programs: what anybody may ask: products, certificates, what became of them, and whether a text holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import Field

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict
from guiju.frontrunner.pages.zone import certificate_in, known_of, page_of, since_of
from guiju.frontrunner.pages.zone_claims import FEED_TEXTS
from guiju.frontrunner.pages.zone_profile import cluster_json, enterprise_json
from guiju.frontrunner.zone import channels
from guiju.frontrunner.zone.asking import ask
from guiju.frontrunner.zone.gathered import PER_PAGE, Wanted, price_of
from guiju.frontrunner.zone.now import zone_of
from guiju.frontrunner.zone.reading import TEXT_MAX
from guiju.frontrunner.zone.told import checked_json
from guiju.frontrunner.zone.views import certificate_json, known_json, row_json

ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
Word = Annotated[str, Query(max_length=200)]
Id = Annotated[str, Path(max_length=300)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
AD = {"text": "甲汽车 J1，CLTC续航640km，企业标准“领跑者”", "product": ""}

EXAMPLES: Any = {"one text": {"value": AD}, "several": {"value": {"texts": [AD]}}}


def add(made: APIRouter) -> None:
    own = APIRouter(prefix="/api/v1/frontrunners", tags=["front-runners"], route_class=ExactRoute, responses=ERRORS)
    for path, call, summary in (
        ("/products", products, "领跑者产品 · Products of front-runners"),
        ("/products/{key:path}", product, "一个产品的全部依据 · Everything a product rests on"),
        ("/certificates", certificates, "证书 · Certificates"), ("/certificates/{id}", certificate, "一份证书 · One certificate"),
        ("/changes", changes, "证书的变动 · What became of certificates"), ("/enterprises/{code}", enterprise, "企业画像 · Profile of an enterprise"),
        ("/clusters/{region}", cluster, "区域看板 · What a region holds"),
    ):  # fmt: skip
        own.add_api_route(path, call, methods=["GET"], responses=ANSWER, summary=summary, response_class=Response)
    own.add_api_route("/claims", claims, methods=["POST"], responses=ANSWER, response_class=Response,
                      summary="广告宣传核对 · Check the claims of texts")  # fmt: skip
    made.include_router(own)


def products(
    request: Request, q: Word = "", scheme: Word = "", indicator: Word = "", level: Annotated[int | None, Query(ge=1, le=3)] = None, low: Word = "",
    high: Word = "", region: Word = "", brand: Word = "", enterprise: Word = "",
    show: Annotated[Literal["valid", "any", "all"], Query(description="with a valid certificate; ever certified; every product")] = "valid",
    page: Page = 1,
) -> Response:  # fmt: skip
    """By brand, model and identifier, an order that says nothing of who is better. `low` and `high`: price in yuan."""
    certified = "" if show == "all" else show
    wanted = Wanted(tuple(q.split()[:8]), scheme, indicator, level, price_of(low), price_of(high), region, brand, enterprise, certified)
    rows, total = zone_of(request.app).gathered.rows(wanted, page)
    return Json({"total": total, "page": page, "per_page": PER_PAGE, "products": [row_json(each) for each in rows]})


def product(request: Request, key: Id) -> Response:
    return Json(known_json(known_of(zone_of(request.app), key)))


def certificates(
    request: Request, state: Annotated[Literal["valid", "suspended", "withdrawn", "expired", "early", ""], Query()] = "", enterprise: Word = "",
    scheme: Word = "", page: Page = 1,
) -> Response:  # fmt: skip
    """Those that were ever issued, the newest first, as they stand today."""
    found = [each for each in zone_of(request.app).gathered.certificates.values()
             if state in ("", each.state) and enterprise in ("", each.enterprise) and scheme in ("", each.scheme_id)]  # fmt: skip
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    told = [channels.status_json(each, page_of(request, each.id)) for each in shown]
    return Json({"total": len(found), "page": page, "per_page": PER_PAGE, "certificates": told})


def certificate(request: Request, id: Id) -> Response:
    return Json(certificate_json(*certificate_in(zone_of(request.app), id), page_of(request, id)))


def changes(
    request: Request, since: Annotated[str, Query(max_length=40, examples=["2026-07-01T00:00:00Z"])] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> Response:  # fmt: skip
    """Issued, suspended, reinstated, withdrawn, expired; the oldest first. `next` is where to ask on; what is told twice has the same `id`."""
    moment = since_of(since)
    found = channels.changes(store_of(request), moment, limit)
    told = [channels.change_json(each, page_of(request, each.certificate)) for each in found]
    return Json({"changes": told, "next": channels.cursor_of(found, moment)})


def enterprise(request: Request, code: Id) -> Response:
    """What it declares and holds, and where its models stand beside those of its peers."""
    return enterprise_json(request, code)


def cluster(request: Request, region: Id) -> Response:
    return cluster_json(request, region)


class Advertisement(Strict):
    text: str = Field(min_length=1, max_length=TEXT_MAX)
    product: str = Field("", max_length=300, description="which product it is about, where the text names none")


class Advertisements(Strict):
    texts: list[Advertisement] = Field(min_length=1, max_length=FEED_TEXTS)


def claims(
    request: Request, asked: Annotated[Advertisement | Advertisements, Body(openapi_examples=EXAMPLES)]
) -> Response:  # fmt: skip
    """Each claim: confirmed, contradicted, unsupported, unverifiable or not understood, with its place and what it rests on."""
    gathered = zone_of(request.app).gathered
    if isinstance(asked, Advertisement):
        return Json(checked_json(ask(gathered, asked.text, asked.product)))
    return Json({"texts": [checked_json(ask(gathered, each.text, each.product)) for each in asked.texts]})
