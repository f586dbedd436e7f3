"""Results: what was found and kept: of which texts and data, by which engine; made again on request, and taken away as files."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.readings.evaluate import Verdict
from guiju.report.proved import ANSWERS, HOW
from guiju.store.belonging import hidden_from, result_for, seen_by
from guiju.store.canonical import moment_text
from guiju.store.database import Store, store_at
from guiju.store.files import proved
from guiju.store.kinds.work import Kind
from guiju.store.replay import replay
from guiju.store.results import Result, engine_version, remove_verdicts, results, verdicts_as
from guiju.store.sets import sets_of
from guiju.web.apart import Answer, Tell, apart_of
from guiju.web.asking import Asked, addressed
from guiju.web.jobs import may_work, plain
from guiju.web.kept import KINDS, after_last, here, page_of, words
from guiju.web.library import natural
from guiju.web.rendering import environment

PER_PAGE = 50
TABLES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json",
          "ndjson": "application/x-ndjson", "parquet": "application/vnd.apache.parquet"}  # fmt: skip
FORMS = {".pdf": "application/pdf", ".html": "text/html; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".xlsx": TABLES["xlsx"],
         ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip
ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)


def listed(request: Request) -> Response:
    """The results of one's organisations, the newest first; of one kind, of one set."""
    who, store = here(request)
    kind, of = who.one("kind") or None, who.one("set") or None
    found = results(store, organisations=seen_by(who.user), kind=kind, before=who.one("before"), limit=PER_PAGE + 1, records=of,
                    without=hidden_from(store, who.user))  # fmt: skip
    shown = found[:PER_PAGE]
    sets = sets_of(store, [r.request.records for r in shown if r.request.records])
    said = words(who, (r.created_by for r in shown))
    kinds = [k for k in dict.fromkeys((*KINDS, *request.app.state.kinds)) if k in request.app.state.kinds]
    return page_of(request, "web/results.html", said, results=shown, sets=sets, following=after_last(found, PER_PAGE), kind=kind, of=of, kinds=kinds,
                   may=may_work(who.user))  # fmt: skip


def one(request: Request, id: str) -> Response:
    """What was found, from what, and, where `?replay=` asks, whether it comes out the same today."""
    who, store = here(request)
    held = result_for(store, who.user, id)
    token = who.one("replay")
    again = _replayed(who, held, token) if token else None
    body = json.loads(held.body)
    records = sets_of(store, [held.request.records]).get(held.request.records) if held.request.records else None
    context: dict[str, Any] = {"tallies": tallies(who, held, body)} if "standards" in body else {}
    waits = again is not None and again.value is None
    answers = {word: (mark, zh, en) for mark, word, zh, en in ANSWERS.values()}
    asked_for = [("kind", "report"), ("set", held.request.records or ""), *(("standard", each["number"]) for each in held.standards)]
    return page_of(
        request, "web/result.html", words(who, [held.created_by], held.request.editions), 202 if waits else 200, result=held, body=body, again=again,
        records=records, inside=inside(held.kind), arguments=plain(held.request.arguments), files=_files(held), may=may_work(who.user),
        tables=list(TABLES) if _tables(held) else [], order=ORDER, how=HOW, answers=answers, engine_now=engine_version(),
        report_url=addressed("/jobs/new", asked_for), **context,
    )  # fmt: skip


def inside(kind: str) -> str:
    """The template that shows what a kind found: the first kit or part that has one."""
    return next((name for name in _templates() if name.endswith(f"/result-{kind}.html")), "web/result-other.html")


@cache
def _templates() -> list[str]:
    return environment().list_templates()


def tallies(who: Asked, held: Result, body: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, dict[Verdict, int], float | None]]]]:
    """Per standard: the clauses with their counts and the share that passes of what could be decided; the whole first."""
    made = []
    for each in body["standards"]:
        rows = []
        for no, tally in sorted(each["verdicts"].items(), key=lambda item: (item[0] != "overall", natural(item[0]))):
            counts = {Verdict(name): int(n) for name, n in tally.items()}
            decided = counts.get(Verdict.PASS, 0) + counts.get(Verdict.FAIL, 0)
            title = who.say("整体", "overall") if no == "overall" else no
            rows.append((title, counts, counts.get(Verdict.PASS, 0) / decided if decided else None))
        made.append((each["number"], rows))
    return made


# made again


def make_again(request: Request, id: str) -> Response:
    """Begins a replay; the page of the result says how it came out."""
    who, store = here(request)
    result_for(store, who.user, id)
    return RedirectResponse(f"/results/{id}?replay={secrets.token_urlsafe(8)}#replay", 303)


def _replayed(who: Asked, held: Result, token: str) -> Answer:
    store: Store = who.store
    url = store.engine.url
    place = str(Path(str(url.database)).parent) if store.is_sqlite else url.set(drivername="postgresql").render_as_string(hide_password=False)
    kinds: dict[str, Kind] = dict(who.request.app.state.kinds)
    return apart_of(who).ask(("replay", held.id, token[:40]), replayed, place, store.folder, held.id, kinds)


def replayed(tell: Tell, place: str, files: Path, id_: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """A result made again, in a process of its own.

    raises   Refused: what no longer lets it be made
    """
    store = store_at(place, files)
    try:
        found = replay(store, id_, kinds)
    finally:
        store.close()
    return {"same": found.same, "engine": found.engine, "body_hash": found.body_hash, "differing": found.differing, "diagnostics": found.diagnostics}


# taken away


def result_json(request: Request, id: str) -> Response:
    """All of it, for programs."""
    who, store = here(request)
    held = result_for(store, who.user, id)
    told = {"id": held.id, "kind": held.kind, "standards": [dict(each) for each in held.standards], "data_hash": held.data_hash,
            "engine": held.engine, "arguments": dict(held.request.arguments), "body_hash": held.body_hash, "created_at": moment_text(held.created_at),
            "created_by": held.created_by, "body": json.loads(held.body)}  # fmt: skip
    return JSONResponse(told)


def table(request: Request, id: str, ending: str) -> Response:
    """The verdicts row by row; a cell a spreadsheet would run as a formula is kept a text."""
    who, store = here(request)
    held = result_for(store, who.user, id)
    if ending not in TABLES or not _tables(held):
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": " ".join(TABLES)})])
    path = verdicts_as(store, _tables(held), f"{held.id}.{ending}")
    return FileResponse(path, media_type=TABLES[ending], filename=path.name, background=BackgroundTask(remove_verdicts, path))


def _tables(held: Result) -> Sequence[Any]:
    """The parts of one table; aggregates are tables of their own and are taken one by one."""
    return [each for each in held.files if each.path.endswith(".parquet")] if held.kind == "evaluation" else []


def _files(held: Result) -> list[tuple[str, str, str, int]]:
    """(name in the URL, ending, sha256, bytes) of the documents and tables beside a result."""
    if _tables(held):
        return []
    told = [(f"{at}{Path(each.path).suffix}", each) for at, each in enumerate(held.files, 1)]
    return [(name, Path(name).suffix.lstrip("."), each.sha256, each.bytes) for name, each in told]


def file(request: Request, id: str, name: str) -> Response:
    """One of the files beside a result, as it was written."""
    who, store = here(request)
    held = result_for(store, who.user, id)
    known = {named: kept for (named, *_), kept in zip(_files(held), held.files, strict=bool(_files(held)))}
    if name not in known:
        raise Refused([Diagnostic("no-such-page", None, {"path": request.url.path})])
    place = proved(store, known[name].path, known[name].sha256)
    kind = FORMS.get(place.suffix, "application/octet-stream")
    shown = f"{held.kind}-{held.id[:8]}-{name}"
    return FileResponse(place, media_type=kind, filename=shown, content_disposition_type="attachment")
