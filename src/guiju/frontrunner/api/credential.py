"""Certificates for programs: verify one, and which issuers this workbench signs for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field

from guiju.api.exact import ExactRoute, Json
from guiju.api.paths import ERRORS
from guiju.api.shapes import Strict
from guiju.frontrunner.credential import office, strict
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.status import PURPOSES
from guiju.frontrunner.pages.credential import FILES_MAX, answer_here, statuses_here

Text = Annotated[str, Field(min_length=1, max_length=strict.BYTES_MAX, description="a file as text, not as an object: what stands twice is seen")]


class VerifyRequest(Strict):
    credential: Text
    documents: list[Text] = Field(default_factory=list, max_length=FILES_MAX, description="DID documents of issuers that are not here")
    lists: list[Text] = Field(default_factory=list, max_length=FILES_MAX, description="status lists of issuers that are not here")
    at: Annotated[str, Field(max_length=40)] = Field("", examples=["2026-11-22T12:00:00Z"], description="at which moment; empty: now")


EXAMPLES: Any = {"not a certificate": {"value": {"credential": '{"type": ["VerifiableCredential"]}', "at": "2026-11-22T12:00:00Z"}}}
ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners", tags=["frontrunners"], route_class=ExactRoute, responses=ERRORS)
    made.add_api_route("/verify", verify, methods=["POST"], responses=ANSWER, summary="核验证书 · Verify a certificate")
    made.add_api_route("/issuers", issuers, methods=["GET"], responses=ANSWER, summary="颁发者 · Issuers of this workbench")
    router.include_router(made)


def verify(request: Request, asked: Annotated[VerifyRequest, Body(openapi_examples=EXAMPLES)]) -> Response:
    """`verified`, and every reason where it is not. Documents and lists of the issuers here need not be sent; those of others must be."""
    documents, lists = ([text.encode("utf-8", "surrogatepass") for text in texts] for texts in (asked.documents, asked.lists))
    return Json(answer_here(request, asked.credential.encode("utf-8", "surrogatepass"), documents, lists, asked.at).plain())


def issuers(request: Request) -> Response:
    """Whose certificates are issued here, with their DID documents and the addresses of their status lists; there is a next when one is full."""
    numbers, held = list(statuses_here(request)), [each.issuer for each in office.offices()]

    def lists(issuer: Issuer) -> dict[str, list[str]]:
        return {purpose: [issuer.list_address(purpose, number) for number in numbers] for purpose in PURPOSES}

    return Json({"issuers": [
        {"did": issuer.did, "title": {"zh": issuer.title.zh, "en": issuer.title.en}, "illustrative": issuer.illustrative, "context": issuer.context,
         "document": issuer.document(), "lists": lists(issuer)} for issuer in held
    ]})  # fmt: skip
