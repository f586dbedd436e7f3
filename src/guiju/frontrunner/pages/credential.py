"""What verifiers of certificates come for: DID documents, status lists, the context of terms; and the page where anybody verifies one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from guiju.api.secure import FOR_OTHER_SITES
from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.credential import office, strict
from guiju.frontrunner.credential.at_hand import Answer, answer, held_by_id, moment_of
from guiju.frontrunner.credential.certificate import CONTEXTS, certificate_bytes, context_document
from guiju.frontrunner.credential.did import path_of
from guiju.frontrunner.credential.issuer import CONTEXT_PATH, EARLIER_CONTEXT_PATH, STATUS_PATH, Issuer
from guiju.frontrunner.credential.printed import LEVELS, certificate_report
from guiju.frontrunner.credential.said import said_by
from guiju.frontrunner.credential.status import PURPOSES
from guiju.frontrunner.credential.verify import DOCUMENT, LIST
from guiju.frontrunner.process.public import Statuses, certificate_of, statuses
from guiju.report.written import content
from guiju.standard.model import Title
from guiju.web.asking import Asked, asked
from guiju.web.opening import opened, program_of
from guiju.web.rendering import render

DID_MEDIA, LIST_MEDIA, CONTEXT_MEDIA = "application/did+ld+json", "application/vc", "application/ld+json"
FILES_MAX = 8
PRINTED = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
DAY = 24 * 3600


def add(router: APIRouter) -> None:
    for path, page in (
        ("/.well-known/did.json", did_document), ("/frontrunners/issuers/{name}/did.json", did_document),
        (STATUS_PATH + "{name}", status_list), (CONTEXT_PATH, context), (EARLIER_CONTEXT_PATH, context), ("/frontrunners/verify", verify_page),
    ):  # fmt: skip
        router.add_api_route(path, page, methods=["GET"], response_model=None)
    router.add_api_route("/frontrunners/certificates/{id}/printed.{ending}", printed, methods=["GET"], response_model=None)
    router.add_api_route("/frontrunners/verify", verified, methods=["POST"], response_model=None)


# what verifiers fetch


def did_document(request: Request) -> Response:
    """The DID document of an issuer of this workbench."""
    found = office.document_at(request.url.path, request.url.netloc)
    return _nothing() if found is None else Response(certificate_bytes(found), media_type=DID_MEDIA, headers=_kept_for(3600))


def status_list(request: Request, name: str) -> Response:
    """A status list as it is now, signed; kept no longer than until it is to be asked for anew."""
    on = statuses_here(request)
    found = office.listed(name, on)
    if found is None:
        return _nothing()
    now = datetime.now(UTC)
    made = office.published(*found, on[found[2]][found[1]], now)
    headers = {**_kept_for(int((made.again - now).total_seconds())), "ETag": f'"{made.etag}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(made.data, media_type=LIST_MEDIA, headers=headers)


def context(request: Request) -> Response:
    """What the terms of a certificate mean, in the form the address names; it never changes."""
    path = next((each for each in CONTEXTS if request.url.path.endswith(each)), CONTEXT_PATH)
    return Response(context_document(path), media_type=CONTEXT_MEDIA, headers=_kept_for(DAY))


def _nothing() -> Response:
    return PlainTextResponse("404", 404)


def _kept_for(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={max(seconds, 0)}", **FOR_OTHER_SITES}


def statuses_here(request: Request) -> Statuses:
    store = request.app.state.store
    return {1: {purpose: [] for purpose in PURPOSES}} if store is None else statuses(store)


def printed(request: Request, id: str, ending: str) -> Response:
    """An issued certificate on paper: `pdf` or `html`; what became of it since is not on paper."""
    if ending not in PRINTED or request.app.state.store is None:
        return _nothing()
    who = asked(request)
    shown = certificate_of(request.app.state.store, id)
    did = shown.credential["issuer"]
    issuer = office.issuer_here(did) or Issuer(did, Title(did, did), ())
    report = certificate_report(shown.credential, issuer, who.language, _titles(who, shown.claims["evaluationStandard"]))
    headers = {"Content-Disposition": f'{"inline" if ending == "html" else "attachment"}; filename="certificate.{ending}"'}
    return Response(content(report, ending), media_type=PRINTED[ending], headers=headers)


def _titles(who: Asked, standard: Mapping[str, str]) -> dict[str, Title]:
    """Indicator → its title, where the evaluation standard is on the shelf with the same content."""
    try:
        program = program_of(opened(who, standard["number"]))
    except Refused:
        return {}
    return {each.indicator.name: each.indicator.title for each in program.indicators} if program.content_hash == standard["contentHash"] else {}


# the page


class Brought:
    """What somebody brings to the page: texts, and files as bytes."""

    def __init__(self, texts: Mapping[str, str], files: Mapping[str, list[bytes]]) -> None:
        self.texts, self.files = texts, files

    @property
    def certificate(self) -> bytes:
        files = self.files.get("certificate", [])
        return files[0] if files else self.texts.get("text", "").strip().encode("utf-8", "surrogateescape")


async def brought(request: Request) -> Brought:
    """The form, each file read no further than what is taken."""
    texts, files = dict[str, str](), dict[str, list[bytes]]()
    async with request.form(max_files=2 * FILES_MAX + 1, max_fields=10) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read(strict.BYTES_MAX + 1)
                if data:
                    files.setdefault(name, []).append(data)
            else:
                texts[name] = value
    return Brought(texts, files)


def verify_page(request: Request) -> Response:
    return _page(request)


def verified(request: Request, given: Annotated[Brought, Depends(brought)]) -> Response:
    """The answer to what was brought. Documents and lists of the issuers of this workbench are at hand; those of others are brought."""
    if not given.certificate:
        return _page(request, empty=True, texts=given.texts, status=422)
    try:
        found = answer_here(request, given.certificate, given.files.get("did", []), given.files.get("status", []), given.texts.get("at", ""))
    except Refused as refused:
        return _page(request, wrong=refused.diagnostics, texts=given.texts, status=422)
    return _page(request, found=found, texts=given.texts)


def answer_here(request: Request, credential: bytes, dids: list[bytes], lists: list[bytes], at: str) -> Answer:
    """Whether a certificate is good, with what is brought and what this workbench has; what it has itself counts first.

    raises   Refused: what is brought besides the certificate cannot be read; issuer-time
    """
    problems = Problems()
    documents = held_by_id(dids, DOCUMENT, problems) | office.documents()
    held = held_by_id(lists, LIST, problems) | office.lists_here(statuses_here(request), datetime.now(UTC))
    problems.refuse_errors()
    return answer(credential, documents, held, moment_of(at.strip() or None))  # the moment after the lists, which would be of the future else


def _page(request: Request, *, status: int = 200, found: Answer | None = None, wrong: Any = (), empty: bool = False,
          texts: Mapping[str, str] | None = None) -> Response:  # fmt: skip
    who, on = asked(request), statuses_here(request)
    here = [
        (each.issuer, [(purpose, each.issuer.list_name(purpose, n)) for n in on for purpose in PURPOSES]) for each in office.offices()
    ]
    plain, said = found.plain() if found else None, said_by(found.shown.claims) if found and found.shown else ()
    return render(request, "frontrunner/verify.html", status, found=found, plain=plain, said=said, wrong=wrong, empty=empty,
                  given=texts or {}, here=here,
                  path_of=path_of, levels={level: title.text(who.language) for level, title in LEVELS.items()},
                  limit=strict.BYTES_MAX // 1024)  # fmt: skip
