"""The face of the process for programs: the register of points, and verifications from demand to conclusion."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BeforeValidator, Field
from starlette.responses import PlainTextResponse

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, Named, store_of
from guiju.api.shapes import Strict, Whole, Word
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.access import first_organisation
from guiju.store.people import account_of, organisation_named, organisations
from guiju.verify.process import acting
from guiju.verify.process.analysis import study_name, study_text
from guiju.verify.process.bodies import GENERIC
from guiju.verify.process.matching import match, needs_of
from guiju.verify.process.plan import LABS_MAX, LEVELS_MAX, REPLICATES_MAX, Asked
from guiju.verify.process.point import fields_of_work
from guiju.verify.process.points_file import point_kept
from guiju.verify.process.project import Project
from guiju.verify.process.register import keep_point, known_to, point_named, points, search
from guiju.verify.process.seen import OPEN, key_of, names_in, view
from guiju.verify.process.sheets import sheet_text
from guiju.verify.process.states import PUBLISHED
from guiju.verify.process.told_point import match_json, point_json
from guiju.verify.process_proposals import awaited
from guiju.verify.study import NEWEST

Id = Annotated[str, Path(max_length=100)]
Order = Annotated[int, Path(ge=1, le=10_000)]
Text = Annotated[str, Field(max_length=4_000)]
Cell = Annotated[str, Field(max_length=60)]
Share = Annotated[
    float, BeforeValidator(lambda v: float(v) if isinstance(v, int | Decimal) and not isinstance(v, bool) else v), Field(ge=0.01, le=1_000)
]
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def router() -> APIRouter:
    made = APIRouter(prefix="/api/v1", tags=["verification"], route_class=OnceRoute, responses=ERRORS)
    for method, path, call, summary in ROUTES:
        status = 201 if path in CREATES and method == "POST" else 200
        made.add_api_route(path, call, methods=[method], status_code=status, summary=summary, response_class=Response)
    return made


# points


def list_points(
    request: Request, q: Annotated[str, Query(max_length=200)] = "", field: Annotated[str, Query(max_length=60)] = "",
    region: Annotated[str, Query(max_length=60)] = "", able: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Those shipped and those of the store; illustrative ones are marked. `fields` are the fields, with source and grade."""
    held = points(request.app.state.store, request.state.shelf.dictionary)
    found = search(held, request.state.language, words=q.split(), field=field, region=region, able=able)
    fields = [{"id": f.id, "zh": f.title.zh, "en": f.title.en, "holds": list(f.holds), "grade": f.source.grade, "source": f.source.title}
              for f in fields_of_work().values()]  # fmt: skip
    return Json({"points": [point_json(each) for each in found], "total": len(found), "fields": fields})


def one_point(request: Request, code: Id) -> Response:
    return Json(point_json(point_named(request.app.state.store, request.state.shelf.dictionary, code)))


class NewPoint(Strict):
    code: Word
    point: dict[Word, Any] = Field(max_length=40, description="as in a file of points; `source` in full: title, address, grade, read")


def add_point(request: Request, asked: NewPoint) -> Response:
    """Adds a point that an organisation of yours acts for, or a further revision of it."""
    store, user = store_of(request), request.state.user
    named = asked.point.get("organisation")
    whose = user.acting_for(organisation_named(store, str(named)) if named else None, ("admin", "operator", "verifier"))
    name = next(name for id_, name, _ in organisations(store) if id_ == whose)
    held = {each.point.code: each for each in points(store, request.state.shelf.dictionary)}.get(asked.code)
    if held is not None:  # one of nobody here is for who runs the workbench
        owner = held.entry.organisation if held.entry is not None else None
        user.acting_for(owner or first_organisation(store), ("admin", "operator", *(("verifier",) if owner else ())))
    found = point_kept(asked.code, {**asked.point, "organisation": name}, known_to(request.state.shelf.dictionary))
    keep_point(store, found, user.id)
    return Json(point_json(point_named(store, request.state.shelf.dictionary, found.code)), 201)


def match_points(request: Request, name: Named) -> Response:
    """Which points can measure what the clauses of a standard ask; what none can, and why."""
    program = request.state.programs.of(name)
    held = points(request.app.state.store, request.state.shelf.dictionary)
    return Json(match_json(program.standard.number, match(needs_of(program, request.state.shelf.dictionary), held, today())))


def today() -> date:
    return datetime.now(UTC).date()


# verifications


def _shown(request: Request, project: Project, status: int = 200) -> Response:
    store = store_of(request)
    found, steps = acting.project_of(store, request.state.user, project.id)
    headers = {"location": f"/api/v1/verifications/{project.id}"} if status == 201 else {}
    return Json(view(found, steps, request.state.user, names_in(store)), status, headers)


def list_verifications(request: Request) -> Response:
    """Those you may see, the newest first: everybody those that are concluded."""
    found = acting.projects_for(store_of(request), request.state.user)
    return Json({"verifications": [
        {"id": p.id, "standard": p.standard, "state": p.state, "steps": p.number, "demanded_at": held.created_at} for held, p in found
    ]})  # fmt: skip


class NewDemand(Strict):
    standard: Word = Field(examples=["GB 36980.1-2025"])
    stage: Literal["research", "proposal", "drafting", "review", "publication", "effect"] = "drafting"
    reason: Text = Field(min_length=1)
    runner: Word | None = Field(None, description="organisation that is to run it; default: the one that runs the workbench")
    organisation: Word | None = Field(None, description="for which you ask; default your own")


def new_demand(request: Request, asked: NewDemand) -> Response:
    store = store_of(request)
    runner = first_organisation(store) if asked.runner is None else organisation_named(store, asked.runner)
    own = None if asked.organisation is None else organisation_named(store, asked.organisation)
    said = {"stage": asked.stage, "reason": asked.reason}
    return _shown(request, acting.demand(store, request.state.user, runner, request.state.programs.of(asked.standard), said, own), 201)


def one_verification(request: Request, id: Id) -> Response:
    """As far as you may see it: blind as long as it is blind, and of laboratories only your own."""
    return _shown(request, acting.project_of(store_of(request), request.state.user, id)[0])


class NewPlan(Strict):
    clauses: dict[Word, Literal["experiment", "evidence", "on-site"]] = Field(max_length=2_000, examples=[{"R1": "experiment"}])
    skipped: dict[Word, Text] = Field(default_factory=dict, max_length=2_000, description="clauses that are not verified, each with its reason")
    levels: list[Word] = Field(default_factory=list, max_length=LEVELS_MAX)
    gamma: Share = 2.0
    within_r: Share | None = None
    within_R: Share | None = None  # noqa: N815
    laboratories: Whole | None = Field(None, ge=1, le=LABS_MAX)
    replicates: Whole | None = Field(None, ge=1, le=REPLICATES_MAX)
    criteria: Text = ""


def new_plan(request: Request, id: Id, asked: NewPlan) -> Response:
    """The numbers of laboratories and replicates that are not given are the fewest that reach the accuracy."""
    store, user = store_of(request), request.state.user
    project, _ = acting.project_of(store, user, id)
    clauses = {no: (how, "") for no, how in asked.clauses.items()} | {no: ("none", why) for no, why in asked.skipped.items()}
    wanted = Asked(clauses, asked.levels, asked.gamma, asked.within_r, asked.within_R, asked.laboratories, asked.replicates, asked.criteria)
    return _shown(request, acting.plan(store, user, id, request.state.programs.of(project.standard), request.state.shelf.dictionary, wanted))


class NewApplication(Strict):
    point: Word
    laboratory: Annotated[str, Field(max_length=300)] = ""


def new_application(request: Request, id: Id, asked: NewApplication) -> Response:
    dictionary = request.state.shelf.dictionary
    return _shown(request, acting.apply(store_of(request), request.state.user, id, dictionary, asked.point, asked.laboratory, today()))


class NewOrders(Strict):
    applications: list[Whole] = Field(min_length=1, max_length=LABS_MAX)
    key_holder: Word = Field(description="account that prepares the samples and lifts the blinding")
    reason: Text = ""


def new_orders(request: Request, id: Id, asked: NewOrders) -> Response:
    """Gives out orders under blind codes; what these stand for is sealed, and its hash shown."""
    store = store_of(request)
    holder = account_of(store, asked.key_holder).id
    return _shown(request, acting.assign(store, request.state.user, id, asked.applications, holder, asked.reason))


class Results(Strict):
    values: dict[Word, dict[Word, Cell]] = Field(max_length=4_000, description="code → quantity → as written")
    notes: dict[Word, Text] = Field(default_factory=dict, max_length=4_000)
    submit: bool = False
    after: Whole = Field(ge=0, le=1_000_000, description="`entries` of the order as you saw it")


def enter_results(request: Request, id: Id, number: Order, asked: Results) -> Response:
    """The whole sheet of an order; earlier ones are kept."""
    done = acting.enter(store_of(request), request.state.user, id, number, asked.values, asked.notes, submit=asked.submit, after=asked.after)
    return _shown(request, done)


def order_sheet(request: Request, id: Id, number: Order) -> Response:
    """The sheet of an order of yours as CSV."""
    user = request.state.user
    project, _ = acting.project_of(store_of(request), user, id)
    found = project.order(number)
    if found is None or found.organisation not in user.organisations or project.plan is None:
        raise Refused([Diagnostic("process-order-unknown", None, {"number": str(number)})])
    return PlainTextResponse(sheet_text(found, project.plan.items), media_type="text/csv; charset=utf-8")


def blind_key(request: Request, id: Id) -> Response:
    """What the blind codes stand for: for who holds the key. Every look is logged."""
    found = key_of(store_of(request), request.state.user, id)
    names = ("order", "code", "laboratory", "level", "replicate")
    unlikely = [dict(zip(("order", "level", "item", "times"), (*e[:3], f"{e[3]:.1f}"), strict=True)) for e in found.unlikely]
    return Json({"codes": [dict(zip(names, row, strict=True)) for row in found.rows], "unlikely": unlikely})


def lift_blinding(request: Request, id: Id) -> Response:
    return _shown(request, acting.lift(store_of(request), request.state.user, id))


class NewAnalysis(Strict):
    edition: Word = NEWEST


def new_analysis(request: Request, id: Id, asked: NewAnalysis) -> Response:
    """The figures `guiju verify precision` computes, of all results and without the exclusions that two people declared."""
    store = store_of(request)
    return _shown(request, acting.analyse(store, request.state.user, id, asked.edition, names_in(store).accounts))


def study(request: Request, id: Id, item: Annotated[str, Path(max_length=300)]) -> Response:
    """The results of all laboratories for one quantity, under their codes: the CSV whose hash stands in the analysis."""
    store, user = store_of(request), request.state.user
    project, _ = acting.project_of(store, user, id)
    found = project.item(item)
    may = project.state in PUBLISHED or (project.state in OPEN and project.runner in user.organisations)
    if found is None or not may:
        raise Refused([Diagnostic("unknown-process", None, {"name": f"{id}/{item}"})])
    name = f"illustrative-{study_name(item)}" if project.is_illustrative else study_name(item)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(study_text(project, found), media_type="text/csv; charset=utf-8", headers=headers)


class Verdict(Strict):
    verdict: Literal["pass", "after-change", "fail", "not-verified"]
    ground: Text = ""


class NewConclusion(Strict):
    clauses: dict[Word, dict[Literal["scientific", "reasonable", "applicable", "operable", "consistent"], Verdict]] = Field(max_length=2_000)
    text: Text = ""


def new_conclusion(request: Request, id: Id, asked: NewConclusion) -> Response:
    """What differs from the proposal says why in its ground; both are kept, with the sha256 of the dossier that proposed."""
    store, user = store_of(request), request.state.user
    said = {no: {str(a): {"verdict": str(v.verdict), "ground": v.ground} for a, v in by.items()} for no, by in asked.clauses.items()}
    found = awaited(request, acting.concluding(store, user, id))
    return _shown(request, acting.conclude(store, user, id, said, asked.text, found))


def proposed_conclusion(request: Request, id: Id) -> Response:
    """What the dossier of the standard concludes from the studies of this verification, for whoever may conclude it now."""
    return Json(dict(awaited(request, acting.concluding(store_of(request), request.state.user, id)).said))


class NewStep(Strict):
    act: Literal["accept", "decline", "renew", "approve", "send-back", "reopen-plan", "call", "end-call", "withdraw", "return", "drop", "close",
                 "reopen", "exclude", "confirm", "restore", "reconsider", "archive", "abandon", "hand-over"]  # fmt: skip
    judgement: Text = ""
    opinion: Text = ""
    reason: Text = ""
    text: Text = ""
    until: Annotated[str, Field(max_length=40)] = ""
    item: Annotated[str, Field(max_length=300)] = ""
    lab: Annotated[str, Field(max_length=20)] = ""
    level: Annotated[str, Field(max_length=300)] = ""
    replicate: Annotated[str, Field(max_length=20)] = ""
    order: Whole = Field(0, ge=0, le=10_000)
    application: Whole = Field(0, ge=0, le=10_000)
    exclusion: Whole = Field(0, ge=0, le=10_000)
    key_holder: Word | None = Field(None, description="hand-over: account that takes the key to the blind codes")


def new_step(request: Request, id: Id, asked: NewStep) -> Response:
    """Any other step; `possible` of a verification says which you may take now."""
    store, user = store_of(request), request.state.user
    if asked.act == "withdraw":
        return _shown(request, acting.withdraw(store, user, id, asked.application))
    if asked.act == "hand-over":
        holder = account_of(store, asked.key_holder).id if asked.key_holder else ""
        return _shown(request, acting.hand_over(store, user, id, holder, asked.reason))
    return _shown(request, acting.act(store, user, id, asked.act, {name: getattr(asked, name) for name in GENERIC[asked.act]}))


CREATES = ("/points", "/verifications")
ROUTES = (
    ("GET", "/points", list_points, "验证点名录 · The register of points"),
    ("POST", "/points", add_point, "登记验证点 · Add a point"),
    ("GET", "/points/{code}", one_point, "一个验证点 · One point"),
    ("GET", "/standards/{name}/points", match_points, "能验证它的点 · Points able to verify it"),
    ("GET", "/verifications", list_verifications, "验证项目 · Verifications"),
    ("POST", "/verifications", new_demand, "提出需求 · Demand one"),
    ("GET", "/verifications/{id}", one_verification, "一个验证项目 · One verification"),
    ("POST", "/verifications/{id}/steps", new_step, "走一步 · Take a step"),
    ("POST", "/verifications/{id}/plan", new_plan, "拟定方案 · Plan it"),
    ("POST", "/verifications/{id}/applications", new_application, "申请 · Apply with a point"),
    ("POST", "/verifications/{id}/orders", new_orders, "下达任务 · Give out orders"),
    ("GET", "/verifications/{id}/orders/{number}/sheet", order_sheet, "任务的表 · The sheet of an order"),
    ("POST", "/verifications/{id}/orders/{number}/results", enter_results, "录入数据 · Enter results"),
    ("GET", "/verifications/{id}/key", blind_key, "盲码的含义 · What the codes stand for"),
    ("POST", "/verifications/{id}/lift", lift_blinding, "揭盲 · Lift the blinding"),
    ("POST", "/verifications/{id}/analysis", new_analysis, "分析 · Analyse"),
    ("GET", "/verifications/{id}/studies/{item}", study, "一项研究 · One study"),
    ("GET", "/verifications/{id}/proposal", proposed_conclusion, "由证据算得的建议 · What the evidence proposes"),
    ("POST", "/verifications/{id}/conclusion", new_conclusion, "结论 · Conclude"),
)
