"""Standards over HTTP: found, read as data, as the text they were written in, and as documents."""

from __future__ import annotations

import base64
import binascii
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from guiju.api.exact import Json
from guiju.api.library import Entry, SharedShelf
from guiju.api.paths import ERRORS, Named, On
from guiju.api.shapes import Page
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.readings.render import render
from guiju.standard.expression import Expr
from guiju.standard.model import Input, Source, Standard, Title
from guiju.standard.writing import labels, naming, write
from guiju.web.asking import asked
from guiju.web.library import Head
from guiju.web.opening import library_of

router = APIRouter(prefix="/api/v1", tags=["standards"], responses=ERRORS)
PAGE_MAX = 500
VERSION = version("guiju")


@router.get("/standards", response_model=Page, summary="标准目录 · The standards")
def list_standards(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="words in number, title or subject", examples=["电动汽车"])] = "",
    issuer: Annotated[str | None, Query(max_length=100, examples=["gb"])] = None,
    region: Annotated[str | None, Query(max_length=100, examples=["CN"])] = None,
    level: Annotated[str | None, Query(max_length=100)] = None,
    status: Annotated[str | None, Query(max_length=100, examples=["in_force"])] = None,
    subject: Annotated[str | None, Query(max_length=200, description="a subject, or how it begins", examples=["vehicle"])] = None,
    in_force: On = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """By number, a page at a time; `next` is the cursor of the page after. Found by the heads of the files: only what is shown is read through.
    A text with errors is counted, and not shown."""
    day, words, after = as_of(in_force), q.casefold().split(), _after(cursor)
    wanted = {"issuer": issuer, "region": region, "level": level, "status": status}
    found = sorted((
        each for each in library_of(asked(request)).heads
        if each.has(words) and all(value is None or getattr(each, name) == value for name, value in wanted.items())
        if subject is None or each.subject == subject or each.subject.startswith(f"{subject}.")
        if day is None or ((each.effective is None or each.effective <= day) and (each.withdrawn is None or day < each.withdrawn))
    ), key=_place)  # fmt: skip
    rest = [each for each in found if after is None or _place(each) > after]
    shown = rest[:limit]
    following = _cursor(shown[-1]) if len(rest) > limit else None
    entries = [entry for each in shown if (entry := request.state.shelf.entry(each.folder)) is not None]
    return Json({"standards": [summary(each) for each in entries], "total": len(found), "next": following})


def summary(each: Entry) -> dict[str, Any]:
    return {
        "name": each.name, "number": each.number, "title": _title(each.title), "edition": each.edition, "level": each.level, "region": each.region,
        "issuer": each.issuer, "status": each.status, "subject": each.subject, "published": each.published, "effective": each.effective,
        "withdrawn": each.withdrawn, "clause_count": each.clauses, "example_count": each.examples, "unverified": list(each.unverified),
        "content_hash": each.content_hash, "published_as": published_as(each),
    }  # fmt: skip


def _place(head: Head) -> tuple[str, str]:
    """Where it stands in the list."""
    return head.number, head.folder.name


def _cursor(last: Head) -> str:
    return base64.urlsafe_b64encode("\n".join(_place(last)).encode()).decode()


def published_as(each: Entry) -> dict[str, Any] | None:
    """Who published it in the store, and when; None: it is of the shelf of files."""
    if each.published_as is None:
        return None
    held = each.published_as.edition
    return {"edition": held.id, "revision": held.revision, "at": held.published_at, "by": each.published_as.by,
            "organisation": each.published_as.organisation}  # fmt: skip


def _after(cursor: str | None) -> tuple[str, str] | None:
    """
    raises   Refused: request-malformed
    """
    if not cursor:
        return None
    try:
        number, _, name = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode().partition("\n")
    except (binascii.Error, UnicodeError):
        raise Refused([Diagnostic("request-malformed", None, {"place": "query/cursor", "reason": "not a cursor"})]) from None
    return number, name


@router.get("/standards/{name}", summary="一项标准，作为数据 · One standard, as data")
def one(request: Request, name: Named, on: On = None, corrected: bool = False) -> Response:
    """Its inputs, clauses with sources and evidence grades, parameters, relations, known editions and content hash. Has an ETag."""
    program: Program = request.state.programs.of(name, as_of(on), corrected)
    entry = _entry(request, name)
    return _tagged(request, program, "json", lambda: Json(described(request.state.shelf, program, entry)))


@router.get("/standards/{name}/text", summary="原文件 · The text it was written in", response_class=Response,
            responses={200: {"content": {"application/yaml": {}}}})  # fmt: skip
def text(request: Request, name: Named) -> Response:
    entry = _entry(request, name)
    document = request.state.shelf.document(entry.number)
    return Response(document.text, media_type="application/yaml; charset=utf-8", headers={"x-content-hash": entry.content_hash})


@router.get("/standards/{name}/document", summary="给人读的文档 · As a document", response_class=Response,
            responses={200: {"content": {"text/markdown": {}, "text/html": {}}}})  # fmt: skip
def document(
    request: Request, name: Named, on: On = None, corrected: bool = False, form: Literal["markdown", "html"] = "markdown",
    lang: Literal["zh", "en"] | None = None,
) -> Response:  # fmt: skip
    """In the language of `?lang=`, else that of Accept-Language."""
    program: Program = request.state.programs.of(name, as_of(on), corrected)
    language = lang or request.state.language

    def made() -> Response:
        response = Response(render(program, language, form), media_type=f"text/{form}; charset=utf-8")
        if form == "html":  # a page of its own that brings its style, and can do nothing else
            response.headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response

    return _tagged(request, program, f"{form}-{language}", made)


def _entry(request: Request, name: str) -> Entry:
    request.state.programs.of(name)
    shelf: SharedShelf = request.state.shelf
    path = shelf.locate(name)
    found = shelf.entry(path) if path is not None else None
    assert found is not None, "it has a program, so it is on the shelf"
    return found


def _tagged(request: Request, program: Program, form: str, make: Any) -> Response:
    """The answer with its ETag; 304 to whoever has it already. It changes with the content, the date, the reading and the version."""
    reading = "corrected" if program.standard.corrected else "written"
    tag = f'"{program.content_hash[:32]}-{program.on}-{reading}-{form}-{VERSION}"'
    given = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    response: Response = Response(status_code=304) if tag in given or "*" in given else make()
    response.headers["etag"] = tag
    response.headers["vary"] = "accept-language, authorization, cookie"
    return response


# a standard as data


def described(shelf: SharedShelf, program: Program, entry: Entry) -> dict[str, Any]:
    """What a program asks and on what it rests, in both languages; numbers are exact."""
    s = program.standard
    known = [each for (number, _), each in shelf.editions().items() if s.number.startswith(number)]
    return {
        **summary(entry), "subject_title": _title(s.subject[1]), "on": program.on, "text": "corrected" if s.corrected else "written",
        "content_hash": program.content_hash,
        "scope": None if s.scope is None else {**_written(program, s.scope.expr), "sources": list(s.scope.sources)},
        "inputs": [_input(program, each) for each in program.inputs.values()],
        "clauses": [_clause(program, meaning.clause) for meaning in program.clauses],
        "parameters": [{"name": p.name, "title": _title(p.title), "unit": p.unit.text, "unverified": _title(p.unverified),
                        "values": [{"since": v.since, **_written(program, v.value), "sources": list(v.sources)} for v in p.values]}
                       for p in s.parameters.values()],
        "indicators": [{"no": i.no, "name": i.name, "title": _title(i.title), "better": i.better, **_written(program, i.value),
                        "levels": [level for level, _ in i.levels], "sources": list(i.sources)} for i in s.indicators.values()],
        "relations": [{"kind": r.kind, "target": r.target, "edition": r.edition} for r in s.relations],
        "editions": [{"number": e.number, "edition": e.edition, "effective": e.effective, "replaced_by": e.replaced_by, "replaced_on": e.replaced_on}
                     for e in known],
        "sources": [_source(each) for each in s.sources.values()],
        "left_out": [_title(each) for each in s.left_out],
    }  # fmt: skip


def _clause(program: Program, clause: Any) -> dict[str, Any]:
    s: Standard = program.standard
    grades = [s.sources[i].grade for i in clause.sources if i in s.sources]
    return {
        "no": clause.no, "title": _title(clause.title), "strength": clause.strength, "requires": _written(program, clause.requires)["expression"],
        "when": None if clause.when is None else _written(program, clause.when)["expression"], "method": clause.method,
        "sources": list(clause.sources), "grades": sorted(set(grades)), "disputed": _title(clause.disputed),
        "corrected": None if clause.corrected is None else _title(clause.corrected.reason),
        "where": {"file": s.number, "line": clause.span.line, "column": clause.span.column},
    }  # fmt: skip


def _written(program: Program, expression: Expr) -> dict[str, Any]:
    s = program.standard
    texts = {}
    for language in ("zh", "en"):
        used = {alias: (u.number, labels(u, language)) for alias, u in program.used.items()}
        texts[language] = write(expression, language, naming(labels(s, language), used))
    return {"expression": texts}


def _input(program: Program, i: Input) -> dict[str, Any]:
    return {
        "name": i.name, "property": i.is_, "kind": i.kind, "title": {"zh": i.zh, "en": i.en}, "unit": i.unit.text if i.unit else None,
        "decimals": i.decimals, "min": None if i.minimum is None else decimal_text(i.minimum),
        "max": None if i.maximum is None else decimal_text(i.maximum), "values": list(i.values),
        "labels": {value: {"zh": zh, "en": en} for value, (zh, en) in i.labels.items()}, "used": i.name in program.used_inputs,
    }  # fmt: skip


def _source(each: Source) -> dict[str, Any]:
    return {"id": each.id, "title": each.title, "address": each.address, "grade": each.grade, "read": each.read, "why": _title(each.why)}


def _title(title: Title | None) -> dict[str, str] | None:
    return None if title is None else {"zh": title.zh, "en": title.en}


