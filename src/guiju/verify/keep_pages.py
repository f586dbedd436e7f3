"""Keeping what a page of verification shows: the dossier of a standard, a study, a round; each becomes a job, whose result can be made again."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.belonging import JUDGES
from guiju.store.database import Store
from guiju.store.jobs import submit
from guiju.store.results import Request as Work
from guiju.store.sets import keep_records
from guiju.verify.dossier.assembled import Given
from guiju.verify.dossier.bound import named_by
from guiju.verify.given import Given as Address
from guiju.verify.tray import Brought, laid_out
from guiju.verify.work import PACKED, TOPICS
from guiju.web.asking import Asked
from guiju.web.kept import edition_meant, here

FORMS = "html pdf"


def may_keep(who: Asked) -> bool:
    return who.store is not None and bool(JUDGES & who.user.roles)


def submitted(request: Request, who: Asked, store: Store, work: Work, whose: str) -> Response:
    """Hands the work in, once it is known that it can be begun; what is wrong is said at once, not by a job that fails."""
    with request.app.state.kinds[work.kind](store, work):
        pass
    return RedirectResponse(f"/jobs/{submit(store, work, whose, who.user.id).id}", 303)


# a dossier


def keep_dossier(request: Request, number: str, given: Given) -> Response:
    """The dossier of a page, with what was brought for it, as a job.

    raises   Refused: not-allowed-there, unknown-edition, and what the kind `dossier` refuses
    """
    who, store = here(request)
    whose = who.user.acting_for(None, JUDGES)
    edition = edition_meant(who, number)
    records = _set(store, who, given.records[0], given.mappings[0] if given.mappings else None, whose) if given.records else None
    said: dict[str, Any] = {
        "studies": {path.name: _text(path) for path in given.studies},
        "files": {file.name: _text(file) for path in given.studies for file in named_by(path)},
        "criteria": _text(given.criteria) if given.criteria else None, "treat_as": dict(given.treat_as), "corrected": given.corrected or None,
        "on": given.on.isoformat() if given.on else None, "language": who.language, "forms": FORMS,
    }  # fmt: skip
    return submitted(request, who, store, Work("dossier", (edition,), records, {name: value for name, value in said.items() if value}), whose)


def _text(path: Path) -> str:
    """A file as the text of an argument."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    return text if text and "\0" not in text else PACKED + base64.b64encode(content).decode("ascii")


def _set(store: Store, who: Asked, path: Path, mapping: Path | None, whose: str) -> str:
    return keep_records(store, path, whose, who.user.id, name=path.stem, mapping=mapping)[0].id


# a study or a round


def keep_table(request: Request, topic: str, table: Brought | None, query: Sequence[tuple[str, str]]) -> Response:
    """The table of a page as a set of records, and what the page asks of it as a job.

    raises   Refused: records-not-given, not-allowed-there, and what the kind `study` refuses
    """
    if table is None:
        raise Refused([Diagnostic("records-not-given", None, {})])
    who, store = here(request)
    whose = who.user.acting_for(None, JUDGES)
    TOPICS[topic](Address(query, who.language), table)  # nothing is kept of what cannot be analysed
    with laid_out(table) as path:
        records = _set(store, who, path, None, whose)
    asked = urlencode([(name, value) for name, value in query if name not in ("example", "table", "kept", "lang", "on")])
    said: dict[str, Any] = {"topic": topic, "asked": asked, "language": who.language, "forms": FORMS}
    said |= {"illustrative": True} if table.illustrative else {}
    said |= {"on": who.on.isoformat()} if who.on else {}
    return submitted(request, who, store, Work("study", (), records, said), whose)
