"""Auditing: the log of who did what, the newest first, filtered; whether its chain still fits; and as a file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.write import guarded
from guiju.store.audit import Entry, latest_entries, verify_chain
from guiju.store.belonging import actors_audited, audited
from guiju.store.canonical import moment_text
from guiju.store.people import accounts
from guiju.web.asking import Asked
from guiju.web.kept import here, page_of, words

PER_PAGE, EXPORTED_AT_ONCE = 100, 1_000
VERIFIED_UNASKED = 20_000
"""A chain up to so long is looked through with each page; a longer one when asked."""
_HASH = re.compile(r"[0-9a-f]{64}")
COLUMNS = ("seq", "at", "actor", "action", "subject", "detail", "previous", "hash")


def _filters(who: Asked) -> dict[str, str]:
    """What the URL asks for; an account may be named."""
    asked = {name: who.one(name) for name in ("actor", "action", "subject")}
    if asked["actor"]:
        asked["actor"] = next((each.id for each in accounts(who.store) if each.name == asked["actor"]), asked["actor"])
    return asked


def log(request: Request) -> Response:
    """The entries one may see."""
    who, store = here(request)
    before = who.number("before", 0)
    found = audited(store, who.user, before=before, words=_filters(who), limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    newest = latest_entries(store, limit=1)
    length = newest[0].seq if newest else 0
    chain = verify_chain(store) if length <= VERIFIED_UNASKED or who.one("verify") else None
    facts = [_facts(each) for each in shown]
    return page_of(
        request, "web/audit.html", words(who, (each.actor for each in shown)), entries=list(zip(shown, facts, strict=True)), chain=chain,
        length=length, following=shown[-1].seq if len(found) > PER_PAGE else None, is_all=actors_audited(store, who.user) is None, query=_query(who),
    )  # fmt: skip


def _query(who: Asked) -> str:
    return who.here(before=None, verify=None, lang=None).removeprefix(who.request.url.path)


def _facts(entry: Entry) -> str:
    """The detail of an entry in a line; of a hash how it begins, since the export has all of it."""
    told = {name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in json.loads(entry.detail).items()}
    return " · ".join(f"{name} {value[:12] + '…' if _HASH.fullmatch(value) else value}" for name, value in told.items() if value != "null")


def export(request: Request, ending: str) -> Response:
    """The same entries as a file, all of them: CSV in which nothing is a formula, or NDJSON whose hashes can be checked."""
    who, _ = here(request)
    if ending not in ("csv", "ndjson"):
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": "csv ndjson"})])
    rows = _csv(who) if ending == "csv" else _ndjson(who)
    kind = "text/csv; charset=utf-8" if ending == "csv" else "application/x-ndjson"
    return StreamingResponse(rows, media_type=kind, headers={"Content-Disposition": f'attachment; filename="audit.{ending}"'})


def _all(who: Asked) -> Iterator[Entry]:
    before, filters = 0, _filters(who)
    while found := audited(who.store, who.user, before=before, words=filters, limit=EXPORTED_AT_ONCE):
        yield from found
        before = found[-1].seq


def _cells(entry: Entry) -> list[str]:
    return [moment_text(entry.at) if name == "at" else str(getattr(entry, name)) for name in COLUMNS]


def _csv(who: Asked) -> Iterator[str]:
    yield "\ufeff" + ",".join(COLUMNS) + "\r\n"
    for entry in _all(who):
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in _cells(entry)])
        yield line.getvalue()


def _ndjson(who: Asked) -> Iterator[str]:
    for entry in _all(who):
        yield json.dumps({**dict(zip(COLUMNS, _cells(entry), strict=True)), "seq": entry.seq}, ensure_ascii=False) + "\n"
