"""The face of coordination for programs: proposals, recognition, test plans, market guides, the map of a system and the joint list, as JSON."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field

from guiju.align.brought import catalogues
from guiju.align.commands.harmonised import proposal_json, roadmap_json
from guiju.align.commands.recognised import Asking, recognised_json, recognition_of
from guiju.align.commands.sufficing import suffices_json, sufficiency_of
from guiju.align.guide import market_guide
from guiju.align.guide_pages import guide_json
from guiju.align.harmonising import Question as Harmonising
from guiju.align.harmonising import harmonise, way_to
from guiju.align.joint import DEFAULT, joint
from guiju.align.plan_page import Page
from guiju.align.planning import Question as Planning
from guiju.align.planning import planned
from guiju.align.rules import load_rules
from guiju.align.system import load_system, system_files
from guiju.align.systemmap import SystemMap, system_map
from guiju.align.systemmap_pages import joint_json, map_json
from guiju.api.exact import Json
from guiju.api.paths import On, store_of
from guiju.api.proving import assumed, solver
from guiju.api.shapes import Date, Strict, Whole, Word
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.regions import load_regions
from guiju.standard.shape import did_you_mean
from guiju.store.belonging import set_for
from guiju.store.files import proved
from guiju.web.desk import named

CATALOGUE_CHARACTERS_MAX = 1_000_000
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
Words = Annotated[list[Word], Field(max_length=40)]
Horizon = Annotated[int, Query(ge=0, le=1200, description="months to look ahead")]


class HarmoniseRequest(Strict):
    standards: list[Word] = Field(min_length=1, max_length=40, description="standards, or regions by code or name")
    strategy: Literal["strictest", "baseline", "fewest", "cheapest"] = "strictest"
    baseline: Word | None = None
    extra: Literal["keep", "add", "drop"] = Field("keep", description="what becomes of that which the baseline does not ask")
    number: Word | None = Field(None, description="of the proposal")
    subject: Word | None = None
    on: Date | None = None
    treat_as: dict[Word, Word] = Field(default_factory=dict)
    any_method: bool = False
    record_set: Word | None = Field(None, description="real products of the store: who is affected; needed for `cheapest`")
    roadmap: bool = Field(False, description="with the steps to the proposal")


class RecogniseRequest(Strict):
    passed: list[Word] = Field(min_length=1, max_length=20)
    asked: Words = Field(default_factory=list)
    asked_in: Word | None = Field(None, description="the region; without `asked`, all that is in force there")
    passed_in: Word | None = None
    subject: Word | None = None
    on: Date | None = None
    rule: Word | None = Field(None, description="a rule of recognition by name; `none`: no rule")
    treat_as: dict[Word, Word] = Field(default_factory=dict)
    any_method: bool = False
    catalogue: str | None = Field(None, max_length=CATALOGUE_CHARACTERS_MAX, description="tests on offer, as YAML: what is avoided")


class SufficesRequest(Strict):
    standard: Word
    regions: Words = Field(default_factory=list, description="regions and standards; none: every region within that of the standard")
    subject: Word | None = None
    on: Date | None = None
    rule: Word | None = None
    treat_as: dict[Word, Word] = Field(default_factory=dict)
    any_method: bool = False
    catalogue: str | None = Field(None, max_length=CATALOGUE_CHARACTERS_MAX)


class TestPlanRequest(Strict):
    __test__ = False
    regions: Words = Field(default_factory=list)
    subjects: Words = Field(default_factory=list)
    standards: Words = Field(default_factory=list, description="none: those in force in the regions that are about the subjects")
    scenarios: Words = Field(default_factory=list)
    should: bool = Field(False, description="recommendations too")
    done: Words = Field(default_factory=list, description="tests whose results are in hand")
    deadline: Whole | None = Field(None, ge=0, le=10_000, description="days for every laboratory")
    on: Date | None = None
    seconds: Whole = Field(10, ge=1, le=60, description="for the solver")
    catalogue: str | None = Field(None, max_length=CATALOGUE_CHARACTERS_MAX, description="tests on offer, as YAML; none: the illustrative one")


HARMONISE = {"standards": ["GB/T 19056-2012", "GB/T 19056-2021"], "strategy": "strictest"}
RECOGNISE = {"passed": ["GB/T 19056-2012"], "asked": ["GB/T 19056-2021"]}
SUFFICES = {"standard": "GB/T 19056-2021", "regions": ["CN-32"]}
PLAN = {"regions": ["CN-32"], "subjects": ["recorder"]}


def add(router: APIRouter) -> None:
    """Adds the routes to those of align."""
    for path, act, words in (
        ("/harmonise", harmonised, "协调提案 · One standard in place of several"), ("/recognise", recognised, "互认 · What remains to be shown"),
        ("/suffices", sufficient, "是否足够 · Is one standard enough everywhere"), ("/testplan", plan_tests, "试验计划 · The cheapest tests"),
    ):  # fmt: skip
        router.add_api_route(path, act, methods=["POST"], responses=ANSWER, summary=words)
    for path, read, words in (
        ("/guide", guide, "市场指南 · Market guide"), ("/map", map_of, "标准体系表 · Map of a system"),
        ("/joint", joint_list, "共同实施清单 · Joint list"),
    ):  # fmt: skip
        router.add_api_route(path, read, methods=["GET"], responses=ANSWER, summary=words)


def harmonised(request: Request, asked: Annotated[HarmoniseRequest, Body(openapi_examples={"two editions": {"value": HARMONISE}})]) -> Response:
    """What `guiju align harmonise --json` prints: the proposal with its texts and proofs, who must change what; with `roadmap`, the steps."""
    shelf = request.state.shelf
    with solver(request.state.language), _records(request, asked.record_set) as (records, mapping):
        assumed(shelf, asked.treat_as)
        question = Harmonising(
            tuple(asked.standards), asked.strategy, asked.baseline, asked.extra, asked.number, None, None, asked.subject, as_of(asked.on),
            _treated(asked.treat_as), asked.any_method, records, mapping,
        )  # fmt: skip
        made = harmonise(shelf, question)
        way = {"roadmap": roadmap_json(*way_to(shelf, question, made.proposal))} if asked.roadmap else {}
        return Json(proposal_json(made) | way)


def recognised(request: Request, asked: Annotated[RecogniseRequest, Body(openapi_examples={"two editions": {"value": RECOGNISE}})]) -> Response:
    """What `guiju align recognise --json` prints: every clause that is asked, on which ground it is recognised, or a product that shows it is not."""
    with solver(request.state.language), _asking(request, asked) as asking:
        made = recognition_of(asked.passed, asked.asked, asking, asked_in=asked.asked_in, passed_in=asked.passed_in)
        return Json(recognised_json(made, asking))


def sufficient(request: Request, asked: Annotated[SufficesRequest, Body(openapi_examples={"one region": {"value": SUFFICES}})]) -> Response:
    """What `guiju align suffices --json` prints: of every region whether conformity to one standard is enough there."""
    with solver(request.state.language), _asking(request, asked) as asking:
        return Json(suffices_json(sufficiency_of(asked.standard, asked.regions, asking), asking))


def plan_tests(request: Request, asked: Annotated[TestPlanRequest, Body(openapi_examples={"recorders": {"value": PLAN}})]) -> Response:
    """What `guiju align testplan --json` prints; `illustrative` where the catalogue has figures somebody made up."""
    known, day = load_regions(), as_of(asked.on)
    with solver(request.state.language), _catalogue(asked.catalogue) as own:
        tests = own or catalogues()["v2x-recorder"]
        question = Planning(tests, tuple(asked.standards), tuple(asked.regions), tuple(asked.subjects), tuple(asked.scenarios), asked.should,
                            tuple(asked.done), asked.deadline, float(asked.seconds), day)  # fmt: skip
        return Json(Page(planned(request.state.shelf, known, question), known, request.state.language).json())


def guide(
    request: Request, region: Annotated[str, Query(max_length=100, examples=["CN-32"])],
    subject: Annotated[str, Query(max_length=100, examples=["road"])], on: On = None, horizon: Horizon = 24,
) -> Response:  # fmt: skip
    """What `guiju align guide --json` prints: what applies to a kind of product in a market, what it asks, and by when."""
    known = load_regions()
    made = market_guide(request.state.shelf, known, region, subject, on=as_of(on) or date.today(), horizon=horizon,
                        systems=[load_system(path, known) for path in system_files()])  # fmt: skip
    return Json(guide_json(made, request.state.language))


def map_of(request: Request, system: Annotated[str | None, Query(max_length=100)] = None, on: On = None, horizon: Horizon = 24) -> Response:
    """What `guiju align map --json` prints: segments by aspects by levels, what is lacking, and what is about to expire."""
    return Json(map_json(_map(request, system, on, horizon), request.state.language))


def joint_list(
    request: Request, region: Annotated[list[str] | None, Query(max_length=20, description="none: the Yangtze delta")] = None,
    system: Annotated[str | None, Query(max_length=100)] = None, on: On = None,
) -> Response:  # fmt: skip
    """What `guiju align joint --json` prints: the status of each standard in each region."""
    return Json(joint_json(joint(_map(request, system, on, 0), load_regions(), region or DEFAULT), request.state.language))


def _map(request: Request, word: str | None, on: str | None, horizon: int) -> SystemMap:
    """raises   Refused: unknown-word, not-a-date"""
    known = load_regions()
    held = {made.id: made for made in (load_system(path, known) for path in system_files())}
    if word and word not in held:
        near = did_you_mean(word, held, listed=True)
        raise Refused([Diagnostic("unknown-word", None, {"word": word, "known": ", ".join(held), **near})])
    return system_map(held[word] if word else next(iter(held.values())), request.state.shelf, known, on=as_of(on) or date.today(), horizon=horizon)


def _treated(treat_as: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{asked}={used}" for asked, used in treat_as.items())


@contextmanager
def _asking(request: Request, asked: RecogniseRequest | SufficesRequest) -> Iterator[Asking]:
    """raises   Refused: recognise-no-rule, not-a-date, what the catalogue has"""
    shelf = request.state.shelf
    known = [rule.name for rule in load_rules(shelf, load_regions())]
    if asked.rule is not None and asked.rule not in ("none", *known):
        raise Refused([Diagnostic("recognise-no-rule", None, {"name": asked.rule, **did_you_mean(asked.rule, known)})])
    as_of(asked.on)
    with _catalogue(asked.catalogue) as tests:
        yield Asking((), asked.subject, asked.on, asked.rule, _treated(asked.treat_as), asked.any_method, None, None, tests, True, shelf)


@contextmanager
def _catalogue(text: str | None) -> Iterator[Path | None]:
    """A catalogue of tests as a file; what is wrong with it is told by its name alone."""
    if text is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guiju-tests-") as name:
        path = Path(name) / "catalogue.yaml"
        path.write_text(text, encoding="utf-8", errors="replace")
        try:
            yield path
        except Refused as refused:
            raise Refused([named(each, path.parent) for each in refused.diagnostics]) from None


@contextmanager
def _records(request: Request, word: str | None) -> Iterator[tuple[Path | None, Path | None]]:
    """A set of records of the store, and its mapping; as files.

    raises   Refused: no-store, unknown-record-set, store-file-missing, store-file-altered
    """
    if word is None:
        yield None, None
        return
    store = store_of(request)
    held = set_for(store, request.state.user, word)
    with tempfile.TemporaryDirectory(prefix="guiju-mapping-") as name:
        mapping = Path(name) / "mapping.yaml"
        if held.mapping is not None:
            mapping.write_text(held.mapping, encoding="utf-8")
        yield proved(store, held.file, held.sha256), mapping if held.mapping is not None else None
