"""Objections by anybody, for programs: what the form takes in, held back as the form is; followed by a receipt, which stands in no address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Request, Response
from pydantic import Field

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS, store_of
from guiju.api.shapes import Strict, Whole
from guiju.frontrunner.pages.objections import KEPT_OUT, take_in
from guiju.frontrunner.process import objecting
from guiju.frontrunner.process.cycle import Objection
from guiju.frontrunner.process.objecting import Said

Id = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Field(max_length=4_000)]


class NewObjection(Strict):
    entry: Annotated[Whole, Field(ge=0, le=100_000)]
    ground: Text
    name: Text = Field(description="kept under seal, as the contact is")
    contact: Text
    receipt: Annotated[str, Field(max_length=100, description="32 signs you chose at random, to send it again safely; none: one is made")] = ""


EXAMPLE = {"one": {"value": {"entry": 1, "ground": "the model is no longer made", "name": "A. Reader", "contact": "reader@example.org"}}}


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners/cycles/{id}", tags=["frontrunners"], route_class=ExactRoute, responses=ERRORS)
    made.add_api_route("/objections", new_objection, methods=["POST"], status_code=201, response_class=Response, summary="提出异议 · Object")
    made.add_api_route("/objection", one_objection, methods=["GET"], response_class=Response, summary="一条异议的处理 · What became of an objection")
    router.include_router(made)


def _told(found: Objection) -> dict[str, Any]:
    """What its objector may know of it; what they said of themselves stays under seal."""
    return {"number": found.number, "entry": found.entry, "ground": found.ground, "at": found.at, "decided": found.decided, "reason": found.reason}


def new_objection(request: Request, id: Id, asked: Annotated[NewObjection, Body(openapi_examples=EXAMPLE)]) -> Response:
    """Takes an objection in while a publicity runs; the receipt is told this once. The same receipt twice is one objection."""
    receipt = asked.receipt or objecting.new_receipt()
    said = Said(asked.entry, asked.ground, asked.name, asked.contact, receipt)
    made = take_in(request, store_of(request), request.state.user, id, said)
    return Json({**_told(made), "receipt": receipt}, 201, KEPT_OUT)


def one_objection(request: Request, id: Id, receipt: Annotated[str, Header(max_length=100)]) -> Response:
    """What became of the objection of the receipt in the header `receipt`."""
    return Json(_told(objecting.followed(store_of(request), request.state.user, id, receipt)), 200, KEPT_OUT)
