"""Drafts that are out for comments, for programs: everybody reads them, whoever has an account comments, and each step says whose it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import Field

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Whole, Word
from guiju.frontrunner.authoring import consultation as c
from guiju.store.people import account_names

Id = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Field(max_length=4_000)]
Document = Annotated[str, Field(max_length=c.TEXTS_MAX, description="YAML")]
Basis = Annotated[dict[str, Any] | None, Field(description="what its levels rest on, as `authoring` tells it")]


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners/drafts", tags=["frontrunners"], route_class=OnceRoute, responses=ERRORS)
    for method, path, call, summary in (
        ("GET", "", list_drafts, "征求意见的草案 · Drafts out for comments"),
        ("POST", "", new_draft, "提出草案 · Put a draft out for comments"),
        ("GET", "/{id}", one_draft, "一份草案和意见 · A draft and its comments"),
        ("POST", "/{id}/steps", draft_step, "走一步 · Take a step"),
    ):
        status = 201 if call is new_draft else 200
        made.add_api_route(path, call, methods=[method], status_code=status, summary=summary, response_class=Response)
    router.include_router(made)


def _head(found: c.Consultation) -> dict[str, Any]:
    return {"id": found.id, "standard": found.standard, "zh": found.title.zh, "en": found.title.en, "state": found.state, "base": found.base,
            "illustrative": found.illustrative, "comments": len(found.comments), "unanswered": list(found.unanswered),
            "edition": found.edition or None}  # fmt: skip


def _draft(request: Request, id_: str, status: int = 200) -> Response:
    store = store_of(request)
    found, steps = c.consultation_of(store, id_)
    names = account_names(store, sorted({each.actor for each in steps}))
    comments = [{"number": each.number, "clause": each.clause, "text": each.text, "by": names.get(each.by, each.by), "at": each.at,
                 "verdict": each.verdict or None, "answer": each.answer or None} for each in found.comments]  # fmt: skip
    told = [{"act": each.act, "by": names.get(each.actor, each.actor), "at": each.at} for each in steps]
    view = {**_head(found), "reason": found.reason, "text": found.text, "examples": found.examples, "content_hash": found.content_hash,
            "clauses": [*found.clauses, c.GENERAL], "comments": comments, "basis": found.basis, "steps": told,
            "possible": [each.name for each in c.possible(found, request.state.user)]}  # fmt: skip
    return Json(view, status, {"location": f"/api/v1/frontrunners/drafts/{id_}"} if status == 201 else {})


def list_drafts(request: Request) -> Response:
    """Every one, the newest first; the number of comments, and which are not answered."""
    return Json({"drafts": [_head(each) for each in c.consultations(store_of(request))]})


class NewDraft(Strict):
    base: Word = Field(description="the standard it was written after", examples=["GB 46519-2025"])
    text: Document
    examples: Document = ""
    reason: Text = Field(min_length=1, examples=["levels derived from the year's models"])
    basis: Basis = None


def new_draft(request: Request, asked: NewDraft) -> Response:
    """Puts a standard out for comments, where its text has no error."""
    made = c.propose(
        store_of(request), request.state.user, request.state.shelf, asked.base, asked.text, asked.examples, asked.reason.strip(), asked.basis
    )
    return _draft(request, made.id, 201)


def one_draft(request: Request, id: Id) -> Response:
    """Its text, what it rests on, the comments with their answers; `possible` are the steps you may take now."""
    return _draft(request, id)


class DraftStep(Strict):
    """comment: clause, text · answer: comment, verdict, text · revise: text, examples, reason · the others: reason"""

    act: Literal["comment", "answer", "revise", "submit", "send-back", "approve", "publish", "withdraw"]
    clause: Word = Field(c.GENERAL, description="a number of the draft; — is all of it")
    text: Document = ""
    examples: Document = ""
    comment: Annotated[Whole | None, Field(ge=1, le=100_000)] = None
    verdict: Literal["accepted", "partly", "rejected"] | None = None
    reason: Text = ""
    basis: Basis = None


STEP = {"comment": {"value": {"act": "comment", "clause": "4", "text": "the limit is too strict for small chargers"}},
        "answer": {"value": {"act": "answer", "comment": 1, "verdict": "rejected", "text": "it follows from the population"}},
        "submit": {"value": {"act": "submit"}}}  # fmt: skip


def draft_step(request: Request, id: Id, asked: Annotated[DraftStep, Body(openapi_examples=STEP)]) -> Response:
    """One step further; a draft that is published is an edition on the open shelf of whoever proposed it."""
    store, who, shelf = store_of(request), request.state.user, request.state.shelf
    match asked.act:
        case "comment":
            c.comment(store, who, id, asked.clause, asked.text.strip())
        case "answer":
            c.answer(store, who, id, asked.comment or 0, asked.verdict or "", asked.text.strip())
        case "revise":
            c.revise(store, who, shelf, id, asked.text, asked.examples, asked.reason.strip(), asked.basis)
        case "publish":
            c.publish_draft(store, who, shelf, id)
            request.app.state.shelves.look_again()
        case _:
            c.do(store, who, id, asked.act, asked.reason.strip())
    return _draft(request, id)
