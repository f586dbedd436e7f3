"""The face of verify for programs: studies, rounds, plans, uncertainty, conformance: JSON in, and out what the command line prints with --json."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS, Named
from guiju.api.shapes import Strict, Whole, Word
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.metrology.proficiency import Score
from guiju.verify import decision_asked, plan_asked, round_asked, standard_asked, study_asked, worksheet_asked
from guiju.verify.given import Given, decimal
from guiju.verify.outcome import Outcome, finite
from guiju.verify.rounds import Method
from guiju.verify.study import NEWEST
from guiju.verify.tray import BYTES_MAX, pasted
from guiju.web.apart import apart_of
from guiju.web.asking import asked as who_asks
from guiju.web.opening import opened, program_of

WAIT_SECONDS, WORKSHEET_MAX = 60.0, 60_000
Csv = Annotated[str, Field(min_length=1, max_length=BYTES_MAX, description="a table as CSV, its headers first")]
Written = Annotated[str, Field(min_length=1, max_length=WORKSHEET_MAX, description="a worksheet (YAML)")]
Number = Annotated[Decimal | int, Field(description="exact, as written")]
Line = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f]*$")]

CELLS = "lab,level,replicate,value\n" + "".join(f"{lab},A,{n},{10 + lab / 10 + n / 50:.2f}\n" for lab in range(1, 6) for n in (1, 2))
ROUND = "lab,value\nP1,5.05\nP2,4.75\nP3,4.98\nP4,5.21\nP5,5.11\n"
SHEET = "model: V / I\ninputs:\n  V: {value: 5, u: 0.02}\n  I: {between: [0.0199, 0.0201]}\n"
LIMIT = "measured: {value: 13.8, u: 0.1}\nlimits: {high: 13.92}\nprior: {value: 13.2, u: 0.4}\n"
CAR = {"category": "M1", "powertrain": "bev", "max_mass": 2200, "curb_mass": {"value": 1780, "u": 10}, "consumption": {"value": "13.8", "u": "0.1"}}
"""Made up, as the examples of every route are."""
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


class ExclusionShape(Strict):
    lab: Word
    level: Word | None = None
    replicate: Word | None = None
    reason: Word
    by: Word
    on: Word


class StudyRequest(Strict):
    table: Csv
    method: Literal["basic", "A+S", "Q/Hampel", "nested"] = "basic"
    edition: Word = NEWEST
    unit: Line = ""
    columns: dict[Literal["lab", "level", "value", "replicate", "group"], Word] = Field(default_factory=dict, description="role → header")
    exclusions: list[ExclusionShape] = Field(default_factory=list, max_length=study_asked.EXCLUSIONS_MAX)
    factors: list[Word] = Field(default_factory=list, max_length=8, description="of a nested design: headers, outermost first")


class RoundRequest(Strict):
    table: Csv
    method: Method = "algorithm-a"
    score: Score = "z"
    assigned: Number | None = None
    u_assigned: Number | None = None
    sigma: Number | None = None
    columns: dict[Literal["lab", "value"], Word] = Field(default_factory=dict)
    homogeneity: Csv | None = Field(None, description="item, portion, value")
    stability: Csv | None = Field(None, description="the same, measured afterwards")


class PlanRequest(Strict):
    gamma: Number | None = Field(None, description="s_R / s_r; null: 2")
    within_r: Number | None = None
    within_R: Number | None = None  # noqa: N815 - the names of the standard, told apart by their case
    bias: Number | None = None
    labs: Whole = Field(200, ge=3, le=2000)
    replicates: Whole = Field(6, ge=2, le=50)


class WorksheetRequest(Strict):
    worksheet: Written
    interval: Literal["symmetric", "shortest"] = "symmetric"
    seed: Whole = Field(1, ge=0, le=10**9)


class ConformityRequest(Strict):
    worksheet: Written


class UncertainRequest(Strict):
    record: dict[Word, Any] = Field(description="property or input → value, or {value, u, k, dof, shape}")
    correlations: list[tuple[Word, Word, Number]] = Field(default_factory=list, max_length=200, description="(one input, another, r)")
    rule: Literal["simple", "guard", "ilac-g8", "iso14253-1"] = "simple"
    trials: Whole = Field(100_000, ge=1000, le=standard_asked.TRIALS_MOST)
    seed: Whole = Field(1, ge=0, le=10**9)
    on: Line | None = None
    corrected: bool = False


def router() -> APIRouter:
    made = APIRouter(prefix="/api/v1", tags=["verify"], route_class=ExactRoute, responses=ERRORS)
    for path, act, summary in (
        ("/verify/study", study, "精密度研究 · A precision study"), ("/verify/proficiency", proficiency, "能力验证 · A round of proficiency testing"),
        ("/verify/plan", plan, "规划试验 · Plan an experiment"), ("/verify/uncertainty", uncertainty, "测量不确定度 · Uncertainty of a measurement"),
        ("/verify/conformity", conformity, "合格判定 · Conformance by every rule"),
        ("/standards/{name}/uncertainty", of_standard, "结论有多确定 · How sure the verdicts are"),
    ):  # fmt: skip
        made.add_api_route(path, act, methods=["POST"], responses=ANSWER, summary=summary)
    return made


def _given(request: Request, values: Mapping[str, object]) -> Given:
    """A request as the fields of the page."""
    return Given([(name, decimal(value)) for name, value in values.items() if value is not None], request.state.language)


def _columns(columns: Mapping[Any, str]) -> dict[str, object]:
    return dict(columns)


def _answer(found: Outcome) -> Response:
    return Json(finite(found.plain))


def study(request: Request, asked: Annotated[StudyRequest, Body(openapi_examples={"five laboratories": {"value": {"table": CELLS}}})]) -> Response:
    """What `guiju verify precision --json` prints; of a nested design what `guiju verify nested --json` does."""
    given = _given(
        request, {**_columns(asked.columns), "method": asked.method, "edition": asked.edition, "unit": asked.unit, "factors": ",".join(asked.factors)}
    )
    for each in asked.exclusions:
        rows = zip(study_asked.EXCLUSION, (each.lab, each.level or "", each.replicate or "", each.reason, each.by, each.on), strict=True)
        given.items += [(name, value.strip()) for name, value in rows]
    return _answer(study_asked.study_outcome(given, pasted(asked.table)))


def proficiency(
    request: Request, asked: Annotated[RoundRequest, Body(openapi_examples={"five participants": {"value": {"table": ROUND}}})]
) -> Response:
    """What `guiju verify proficiency --json` prints; 422 where a score could not mean what it seems to."""
    fields = ("method", "score", "assigned", "u_assigned", "sigma", "homogeneity", "stability")
    given = _given(request, {**_columns(asked.columns), **{name: getattr(asked, name) for name in fields}})
    return _answer(round_asked.round_outcome(given, pasted(asked.table)))


def plan(
    request: Request, asked: Annotated[PlanRequest, Body(openapi_examples={"s_R within 40 %": {"value": {"gamma": 3, "within_R": 0.4}}})]
) -> Response:
    """What `guiju verify plan --json` prints; 422 where no design reaches it."""
    given = _given(request, {name: getattr(asked, name) for name in ("gamma", "within_r", "within_R", "bias", "labs", "replicates")})
    found = plan_asked.plan_outcome(given)
    if found.diagnostics:
        raise Refused(found.diagnostics)
    return _answer(found)


def _apart(request: Request, function: Any, *arguments: Any) -> Response:
    """From the process apart. Refused: proof-busy where it takes longer than one waits."""
    found = apart_of(who_asks(request)).ask((function.__name__, *arguments), function, *arguments, seconds=WAIT_SECONDS)
    if found.value is None:
        raise Refused([Diagnostic("proof-busy", None, {"seconds": f"{WAIT_SECONDS:.0f}"})])
    return _answer(found.value)


def uncertainty(request: Request, asked: Annotated[WorksheetRequest, Body(openapi_examples={"V / I": {"value": {"worksheet": SHEET}}})]) -> Response:
    """What `guiju verify uncertainty --json` prints."""
    return _apart(request, worksheet_asked.evaluated, asked.worksheet, asked.interval == "shortest", asked.seed, request.state.language, False)


def conformity(
    request: Request, asked: Annotated[ConformityRequest, Body(openapi_examples={"an upper limit": {"value": {"worksheet": LIMIT}}})]
) -> Response:
    """What `guiju verify conformity --json` prints."""
    return _answer(decision_asked.decision_outcome(_given(request, {"sheet": asked.worksheet.rstrip("\n")})))


def of_standard(
    request: Request, name: Named, asked: Annotated[UncertainRequest, Body(openapi_examples={"a car near its limit": {"value": {"record": CAR}}})]
) -> Response:
    """What `guiju uncertain --json` prints: probabilities per clause, jointly and per grade; budgets; where the first order does not hold."""
    who = who_asks(request)
    day = as_of(asked.on)
    program = program_of(opened(who, name, day, asked.corrected))
    options = (("rule", asked.rule), ("trials", str(asked.trials)), ("seed", str(asked.seed)))
    pairs = tuple((one, other, decimal(r)) for one, other, r in asked.correlations)
    return _apart(request, standard_asked.judged_record, tuple(who.shelf.folders), program.standard.authored.number, day, asked.corrected,
                  standard_asked.frozen(asked.record), pairs, options, request.state.language)  # fmt: skip
