"""Cycles and certificates for programs: what may be seen of each, and any step of it by its name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import Base64Bytes, Field

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Whole, Word
from guiju.frontrunner.process import acting, certifying, doing
from guiju.frontrunner.process.batch import Line, apply_all
from guiju.frontrunner.process.bodies import evidence_rows
from guiju.frontrunner.process.doing import Application, Tools, tools_of
from guiju.frontrunner.process.interests import enterprises
from guiju.frontrunner.process.papers import Brought
from guiju.frontrunner.process.seen import certificate_view, cycle_view

Id = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Field(max_length=4_000)]
Short = Annotated[str, Field(max_length=300)]
Table = Annotated[str, Field(max_length=2_000_000, description="CSV, its headers first")]
Number = Annotated[Whole | None, Field(ge=0, le=100_000)]
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners", tags=["frontrunners"], route_class=OnceRoute, responses=ERRORS)
    for method, path, call, summary in ROUTES:
        status = 201 if method == "POST" and path in CREATES else 200
        made.add_api_route(path, call, methods=[method], status_code=status, summary=summary, response_class=Response)
    router.include_router(made)


def _tools(request: Request) -> Tools:
    return tools_of(store_of(request), request.state.shelf)


# enterprises


def list_enterprises(request: Request) -> Response:
    """The enterprises somebody here acts for."""
    return Json({"enterprises": [{"code": e.code, "zh": e.body.get("zh", e.code), "en": e.body.get("en", e.code), "organisation": e.organisation}
                                 for e in enterprises(store_of(request))]})  # fmt: skip


# cycles


def _cycle(request: Request, id_: str, status: int = 200) -> Response:
    store, user = store_of(request), request.state.user
    cycle, steps = acting.cycle_for(store, user, id_)
    headers = {"location": f"/api/v1/frontrunners/cycles/{id_}"} if status == 201 else {}
    return Json(cycle_view(store, cycle, steps, user), status, headers)


def list_cycles(request: Request) -> Response:
    """Those you may see, the newest first."""
    found = acting.cycles_for(store_of(request), request.state.user)
    return Json({"cycles": [{"id": c.id, "title": held.title, "state": c.state, "steps": c.number, "proposed_at": held.created_at}
                            for held, c in found]})  # fmt: skip


class NewCycle(Strict):
    scheme: Word = Field(examples=["bev-cars"])
    reason: Text = Field(min_length=1, examples=["a field of the year"])


def new_cycle(request: Request, asked: NewCycle) -> Response:
    """Proposes the field of a scheme for the year the scheme is of."""
    made = doing.propose(store_of(request), request.state.user, _tools(request), asked.scheme, asked.reason)
    return _cycle(request, made.id, 201)


def one_cycle(request: Request, id: Id) -> Response:
    """As far as you may see it; `possible` are the steps you may take now."""
    return _cycle(request, id)


class FileGiven(Strict):
    """A file to be kept, for those concerned; larger ones go by the page, which takes 64 MB at once."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Base64Bytes


class CycleStep(Strict):
    act: Literal["decline", "fix", "apply", "take-back", "review", "compare", "shortlist", "send-back", "undertake", "publicise", "object", "dismiss",
                 "uphold", "set-aside", "confirm-aside", "publish", "flag", "re-evaluate", "keep", "suspend", "reinstate", "remove", "close",
                 "abandon", "declare"]  # fmt: skip
    reason: Text = ""
    opinion: Text = ""
    text: Text = ""
    plan: Text = ""
    ground: Text = ""
    standard: Short = ""
    enterprise: Short = ""
    library: Short = ""
    result: Short = ""
    documents: dict[Word, Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(default_factory=dict, max_length=50, description="name → sha256")
    files: list[FileGiven] = Field(default_factory=list, max_length=50, description="files to be kept, in Base64")
    days: Number = None
    application: Number = None
    entry: Number = None
    objection: Number = None
    objections: Short = Field("", description="numbers such as 1-5, 8", examples=["1-5, 8"])


def _given(asked: Strict) -> dict[str, str]:
    """What is said, as texts; what is not said is not there."""
    found = {name: value for name, value in asked.model_dump(exclude={"act", "documents", "files"}).items() if value not in ("", None, False)}
    return {name: "true" if value is True else str(value) for name, value in found.items()}


STEP = {"fix": {"value": {"act": "fix", "days": 15, "opinion": "a field of the year"}},
        "object": {"value": {"act": "object", "entry": 1, "ground": "the model is no longer made"}},
        "publish": {"value": {"act": "publish"}}}  # fmt: skip


def _files(given: list[FileGiven]) -> list[Brought]:
    return [Brought(each.name, each.content) for each in given]


def cycle_step(request: Request, id: Id, asked: Annotated[CycleStep, Body(openapi_examples=STEP)]) -> Response:
    """Any step; which say what: docs/frontrunner-process.md."""
    given = _given(asked)
    if asked.documents:
        given["documents"] = "\n".join(f"{hash_}  {name}" for name, hash_ in asked.documents.items())
    doing.step_cycle(store_of(request), request.state.user, _tools(request), id, asked.act, given, _files(asked.files))
    return _cycle(request, id)


# certificates


def _certificate(request: Request, id_: str, status: int = 200) -> Response:
    store, user = store_of(request), request.state.user
    found, steps = certifying.certificate_for(store, user, id_)
    headers = {"location": f"/api/v1/frontrunners/certificates/{id_}/process"} if status == 201 else {}
    return Json(certificate_view(store, found, steps, user), status, headers)


def list_certifications(request: Request) -> Response:
    """Applications and what became of them: yours, or all where you certify."""
    found = certifying.certificates_for(store_of(request), request.state.user)
    return Json({"certifications": [{"id": c.id, "title": held.title, "state": c.state, "steps": c.number,
                                     "enterprise": c.subject.enterprise if c.subject else "", "applied_at": held.created_at}
                                    for held, c in found]})  # fmt: skip


class NewApplication(Strict):
    scheme: Word = Field(examples=["bev-cars"])
    library: Word = Field(description="by its name in the store: it says that the standard is declared, and which models implement it")
    enterprise: Word
    standard: Word = Field(examples=["Q/EXAMPLE 001"])
    edition: Annotated[str, Field(max_length=60)] = ""
    models: list[Word] = Field(default_factory=list, max_length=500, description="none: all that implement the standard")
    undertaking: Text = Field(min_length=1)


APPLICATION = {"scheme": "bev-cars", "library": "cars", "enterprise": "91310000MA1FL0001A", "standard": "Q/EXAMPLE 001", "edition": "2026",
               "models": ["EX-1"], "undertaking": "we keep to what we declare"}  # fmt: skip


def new_application(
    request: Request, asked: Annotated[NewApplication, Body(openapi_examples={"one model": {"value": APPLICATION}})]
) -> Response:  # fmt: skip
    """Applies for a certificate, for an enterprise you act for."""
    given = Application(asked.scheme, asked.enterprise, asked.standard, asked.edition, tuple(asked.models), asked.library, asked.undertaking)
    made = doing.apply(store_of(request), request.state.user, _tools(request), given)
    return _certificate(request, made.id, 201)


class Supplier(Strict):
    enterprise: Word
    standard: Word
    edition: Annotated[str, Field(max_length=60)] = ""
    models: list[Word] = Field(default_factory=list, max_length=500)


class NewBatch(Strict):
    scheme: Word = Field(examples=["bev-cars"])
    library: Word
    undertaking: Text = Field(min_length=1)
    lines: list[Supplier] = Field(min_length=1, max_length=1_000)
    evidence: Table = ""
    illustrative: bool = False
    dry: bool = Field(True, description="looks at everything and changes nothing")


BATCH = {"scheme": "bev-cars", "library": "cars", "undertaking": "each keeps to what it declares", "dry": True,
         "lines": [{"enterprise": "91310000MA1FL0001A", "standard": "Q/EXAMPLE 001", "edition": "2026", "models": ["EX-1"]}]}  # fmt: skip


def new_batch(request: Request, asked: Annotated[NewBatch, Body(openapi_examples={"a dry run": {"value": BATCH}})]) -> Response:
    """A chain of suppliers: every line becomes an application of its own, or none does; every problem is told with its line, from 1."""
    lines = [Line(number, Application(asked.scheme, e.enterprise, e.standard, e.edition, tuple(e.models), asked.library, asked.undertaking))
             for number, e in enumerate(asked.lines, 1)]  # fmt: skip
    rows = evidence_rows(asked.evidence) if asked.evidence else ()
    made = apply_all(store_of(request), request.state.user, _tools(request), lines, rows, illustrative=asked.illustrative, dry=asked.dry)
    found = [{"line": e.line.row, "enterprise": e.line.asked.enterprise, "standard": e.line.asked.standard, "id": e.id or None, "models": e.models,
              "evidence": e.evidence} for e in made]  # fmt: skip
    return Json({"dry": asked.dry, "applications": found})


def one_process(request: Request, id: Id) -> Response:
    """The course of a certificate, for those concerned; `possible` are the steps you may take now."""
    return _certificate(request, id)


class CertificateStep(Strict):
    act: Literal["evidence", "evaluate", "send-back", "grant", "refuse", "reconsider", "issue", "surveil", "suspend", "reinstate", "withdraw",
                 "renew", "give-up", "declare"]  # fmt: skip
    table: Table = ""
    files: list[FileGiven] = Field(default_factory=list, max_length=50, description="reports to be kept, in Base64")
    illustrative: bool = False
    rule: Annotated[Literal["simple", "guard", "ilac-g8", "iso14253-1"] | None, Field(description="decision rule; default guard")] = None
    result: Short = ""
    text: Text = ""
    reason: Text = ""
    valid_from: Annotated[str, Field(max_length=40)] = ""
    valid_until: Annotated[str, Field(max_length=40)] = ""
    every_months: Number = None
    due: Annotated[str, Field(max_length=40)] = ""
    outcome: Annotated[Literal["pass", "fail"] | None, Field()] = None
    library: Short = ""
    undertaking: Text = ""
    enterprise: Short = ""


EVIDENCE = "model,input,value,u,laboratory,report,measured\nEX-1,consumption,10.5 kWh/100km,0.05,a laboratory,R-1,2026-10-01\n"
CERTIFICATE_STEP = {
    "evidence": {"value": {"act": "evidence", "table": EVIDENCE, "illustrative": True}}, "evaluate": {"value": {"act": "evaluate", "rule": "guard"}},
    "grant": {"value": {"act": "grant", "reason": "shown", "valid_from": "2027-01-01", "valid_until": "2028-12-31", "every_months": 12}},
    "withdraw": {"value": {"act": "withdraw", "reason": "no longer made as evaluated"}},
}  # fmt: skip


def certificate_step(request: Request, id: Id, asked: Annotated[CertificateStep, Body(openapi_examples=CERTIFICATE_STEP)]) -> Response:
    """Any step; which say what: docs/frontrunner-process.md."""
    doing.step_certificate(store_of(request), request.state.user, _tools(request), id, asked.act, _given(asked), _files(asked.files))
    return _certificate(request, id)


CREATES = ("/cycles", "/certificates")
ROUTES = (
    ("GET", "/enterprises", list_enterprises, "由谁代表的企业 · Enterprises, and who acts for them"),
    ("GET", "/cycles", list_cycles, "年度评估 · Annual cycles"),
    ("POST", "/cycles", new_cycle, "提出领域 · Propose a field"),
    ("GET", "/cycles/{id}", one_cycle, "一个年度评估 · One cycle"),
    ("POST", "/cycles/{id}/steps", cycle_step, "走一步 · Take a step"),
    ("GET", "/certifications", list_certifications, "认证申请 · Applications for certificates"),
    ("POST", "/certificates", new_application, "申请认证 · Apply for a certificate"),
    ("POST", "/certificates/batch", new_batch, "成批申请 · Apply for a supply chain"),
    ("GET", "/certificates/{id}/process", one_process, "一份证书的过程 · The process of a certificate"),
    ("POST", "/certificates/{id}/steps", certificate_step, "走一步 · Take a step"),
)
