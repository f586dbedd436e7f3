"""The face of authoring and effect for programs: JSON in, and out what the command line prints with --json."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS
from guiju.api.shapes import Strict, Whole, Word
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring import told
from guiju.frontrunner.authoring.asked import Asked, answered
from guiju.frontrunner.authoring.sample import Headers
from guiju.frontrunner.authoring.tray import BYTES_MAX, Brought, folder, of_bytes, of_set
from guiju.frontrunner.effect import asked as effect_asked
from guiju.frontrunner.effect import told as effect_told
from guiju.frontrunner.pages.populations import Population, brought, measured_by
from guiju.store.belonging import set_for
from guiju.web.asking import asked as who_asks
from guiju.web.opening import opened

DIFFERENT_MAX, MAPPING_MAX, REVISIONS_MAX = 20_000, 200_000, 12
Line = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f]*$")]
Csv = Annotated[str, Field(min_length=1, max_length=BYTES_MAX, description="a table as CSV, a product per row, its headers first")]
ROWS = "product,enterprise,current,structure,efficiency (%),standby (W),price,sales,on_sale\n" + "".join(
    f"P{n},E{n % 4},dc,integrated,{94 + n * 37 % 31 / 10:.2f},20,{5 + n % 3},{900 + n * 53 % 400},2025-{1 + n % 12:02d}-01\n" for n in range(24)
)
QUESTION = {"standard": "GB 46519-2025", "indicator": "efficiency_level", "table": ROWS}
"""Made up, as the examples of every route are."""
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


class HeadersShape(Strict):
    """Headers of columns; an empty one is looked for by its words."""

    enterprise: Line = ""
    within: Line = ""
    price: Line = ""
    sales: Line = ""
    on_sale: Line = ""
    brand: Line = ""


class PopulationShape(Strict):
    standard: Word
    indicator: Word
    table: Csv | None = None
    set: Word | None = Field(None, description="a set of records of the store, in place of a table")
    library: Line | None = Field(None, min_length=1, description="`NAME` or `NAME@REVISION` of the store, in place of a table")
    mapping: Annotated[str, Field(max_length=MAPPING_MAX)] | None = Field(None, description="a mapping file (YAML)")
    columns: HeadersShape = Field(default_factory=HeadersShape)
    only: Line = Field("", description="one comparable range")
    on: Line | None = None


class ThresholdsRequest(PopulationShape):
    method: Literal["quantiles", "gaps", "classes", "market", "given"] = "quantiles"
    shares: Line = Field("10,40,80", description="cumulative, in percent")
    values: Line = Field("", description="given: best level first")
    levels: Whole = Field(3, ge=1, le=9)
    decimals: Line = ""
    toward: Literal["inward", "outward"] = "inward"
    national: Line = Field("", description="a value, or `CLAUSE of STANDARD`")
    R: Line = Field("", description="reproducibility limit, with its unit or in that of the indicator")
    result: Line = Field("", description="in place of R: a study or dossier of the store, by its identifier")
    against: Line = Field("", description="`in-force`, or thresholds")


class PreviewRequest(PopulationShape):
    values: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*$")]
    against: Line = "in-force"
    national: Line = ""
    R: Line = ""
    result: Line = ""


class EffectRequest(PopulationShape):
    revisions: list[Csv] = Field(default_factory=list, max_length=REVISIONS_MAX, description="earlier tables, oldest first")
    every_revision: bool = Field(False, description="of a library: those before it too, the oldest first")
    values: Line = ""
    raised: Line = ""
    since: Line | None = None
    share: Line = "50"
    measure: Literal["sales", "price"] = "sales"


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1", tags=["frontrunners"], route_class=ExactRoute, responses=ERRORS)
    for path, act, summary in (
        ("thresholds", thresholds, "由总体推得界限 · Thresholds from a population"), ("preview", preview, "谁在哪一级 · Who would stand where"),
        ("effect", effect, "标准的实施效果 · The effect of a standard"),
    ):  # fmt: skip
        made.add_api_route(f"/frontrunners/{path}", act, methods=["POST"], responses=ANSWER, summary=summary)
    router.include_router(made)


@contextmanager
def _brought(request: Request, asked: PopulationShape) -> Iterator[Population]:
    """
    raises   Refused: records-not-given, no-store, unknown-record-set, library-unknown, library-revision
    """
    who = who_asks(request)
    if asked.table is None and asked.library is not None:
        with brought(who, {"library": asked.library}) as found:
            assert found is not None, "it is named"
            yield found
        return
    with folder() as name:
        if asked.table is not None:
            mapping = None if asked.mapping is None else asked.mapping.encode()
            yield Population("", of_bytes(Brought("table.csv", asked.table.encode("utf-8", "replace"), mapping), Path(name)), False)
        elif asked.set is not None:
            if who.store is None:
                raise Refused([Diagnostic("no-store", None, {})])
            yield Population("", of_set(who.store, set_for(who.store, who.user, asked.set), Path(name)), False)
        else:
            raise Refused([Diagnostic("records-not-given", None, {})])


def _asked(request: Request, given: PopulationShape, found: Population, result: str = "", **said: Any) -> Asked:
    who = who_asks(request)
    number = opened(who, given.standard).number
    measured = partial(measured_by, who, result) if result else None
    return Asked(number, given.indicator, only=given.only, headers=Headers(**given.columns.model_dump()), on=as_of(given.on),
                 illustrative=found.illustrative, measured=measured, **said)  # fmt: skip


def thresholds(
    request: Request, asked: Annotated[ThresholdsRequest, Body(openapi_examples={"24 chargers": {"value": {**QUESTION, "decimals": "1"}}})]
) -> Response:
    """What `guiju frontrunner thresholds --json` prints; 422 where steps are narrower than R, or a level would be looser than the national limit."""
    names = ("method", "shares", "values", "levels", "decimals", "toward", "national", "R", "against")
    with _brought(request, asked) as found:
        question = _asked(request, asked, found, asked.result, **{name: getattr(asked, name) for name in names})
        return Json(told.plain(answered(who_asks(request).shelf, found.bring, question, DIFFERENT_MAX)))


def preview(
    request: Request,
    asked: Annotated[PreviewRequest, Body(openapi_examples={"stricter than in force": {"value": {**QUESTION, "values": "96.8,95.9,95"}}})],
) -> Response:
    """What `guiju frontrunner preview --json` prints."""
    names = ("values", "against", "national", "R")
    with _brought(request, asked) as found:
        question = _asked(request, asked, found, asked.result, method="given", **{name: getattr(asked, name) for name in names})
        return Json(told.plain(answered(who_asks(request).shelf, found.bring, question, DIFFERENT_MAX)))


def effect(
    request: Request, asked: Annotated[EffectRequest, Body(openapi_examples={"since 2025": {"value": {**QUESTION, "since": "2025-03-01"}}})]
) -> Response:
    """What `guiju frontrunner effect --json` prints; what the data are too few for is among `lacking`."""
    with folder() as name, _brought(request, asked) as population:
        said = None if asked.mapping is None else asked.mapping.encode()
        earlier = []
        for at, table in enumerate(asked.revisions, 1):
            place = Path(name) / str(at)
            place.mkdir()
            earlier.append((str(at), of_bytes(Brought("table.csv", table.encode("utf-8", "replace"), said), place)))
        earlier += population.earlier if asked.every_revision else ()
        held = _asked(request, asked, population)
        question = effect_asked.Question(held, asked.values, asked.raised, as_of(asked.since), asked.share, asked.measure)
        last = asked.library or str(len(earlier) + 1)
        found = effect_asked.effect(who_asks(request).shelf, [*earlier, (last, population.bring)], question, DIFFERENT_MAX)
        return Json(effect_told.plain(found))
