"""The pages of the claim check: a text and what becomes of its claims, and a feed of texts with a table to take away."""

from __future__ import annotations

import csv
import io
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.pages.zone import store_in
from guiju.frontrunner.zone.asking import ask, ask_line
from guiju.frontrunner.zone.checking import VERDICTS, Checked
from guiju.frontrunner.zone.feed import ROWS_MAX, Line, Tally, read_feed, table, tally, worst
from guiju.frontrunner.zone.gathered import Gathered
from guiju.frontrunner.zone.now import zone_of
from guiju.frontrunner.zone.reading import TEXT_MAX
from guiju.frontrunner.zone.told import KINDS, MARKS, checked_json, pieces
from guiju.store.dropped import content, drop, dropped_of
from guiju.web.asking import Asked, asked
from guiju.web.desk import named, safe
from guiju.web.rendering import render

PER_PAGE, KEPT_MAX, FEED_TEXTS = 25, 16, 200
KIND = "frontrunner-claims"
"""What a dropped feed is kept as."""


def add(made: APIRouter) -> None:
    made.add_api_route("/frontrunners/claims", form, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/claims", check, methods=["POST"], response_model=None)
    made.add_api_route("/frontrunners/claims/{id}", feed, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/claims/{id}/table.{ending}", feed_table, methods=["GET"], response_model=None)


def form(request: Request) -> Response:
    """Where a text is put in; `?product=` says what it is about."""
    who = asked(request)
    return _page(request, who.one("text"), who.one("product"))


def check(
    request: Request, text: Annotated[str, Form(max_length=200_000)] = "", product: Annotated[str, Form(max_length=300)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:  # fmt: skip
    """A text, checked; or a feed, kept for a while and checked."""
    gathered = zone_of(request.app).gathered
    try:
        if file is not None and file.filename:
            return RedirectResponse(f"/frontrunners/claims/{_dropped(request, file)}", 303)
        return _page(request, text, product, ask(gathered, text, product))
    except Refused as refused:
        return _page(request, text, product, found=refused.diagnostics)


def _page(request: Request, text: str, product: str, checked: Checked | None = None, found: Sequence[Diagnostic] = ()) -> Response:
    gathered = zone_of(request.app).gathered
    return render(
        request, "frontrunner/zone-claims.html", 422 if found else 200, text=text, product=product, checked=checked, found=tuple(found),
        pieces=list(pieces(checked)) if checked else [], verdicts=VERDICTS, marks=MARKS, kinds=KINDS, most=TEXT_MAX, rows_most=ROWS_MAX,
        products=gathered.count(), name_of=_names(gathered, checked), data=checked_json(checked) if checked else None,
    )  # fmt: skip


def _names(gathered: Gathered, checked: Checked | None) -> dict[str, str]:
    """What the products of a text's claims are called."""
    keys = {key for each in (checked.findings if checked else ()) for key in each.products}
    return {id_: known.name for id_, known in gathered.held.load(sorted(keys)).items()}


# feeds


class _Tallies:
    """Tallies of feeds, so that each page of a long one does not count it again."""

    def __init__(self) -> None:
        self.turn, self.held = threading.Lock(), OrderedDict[Any, tuple[tuple[Line, ...], Tally]]()

    def of(self, key: Any, lines: Iterable[Line], gathered: Gathered) -> tuple[tuple[Line, ...], Tally]:
        with self.turn:
            if key not in self.held:
                rows = tuple(lines)
                self.held[key] = rows, tally(rows, lambda line: ask_line(gathered, line))
                while len(self.held) > KEPT_MAX:
                    self.held.popitem(last=False)
            self.held.move_to_end(key)
            return self.held[key]


_tallies = _Tallies()


def _dropped(request: Request, file: UploadFile) -> str:
    """Keeps a feed for a while, once it is known that it can be read.

    raises   Refused: what `read_feed` finds, told with the file's own name; no-store
    """
    who, store = asked(request), store_in(request)
    with tempfile.TemporaryDirectory(prefix="guiju-feed-") as folder:
        path = Path(folder) / safe(file.filename or "", "feed.csv")
        path.write_bytes(file.file.read())
        try:
            read_feed(path)
        except Refused as refused:
            raise Refused([named(each, Path(folder)) for each in refused.diagnostics]) from None
        return drop(store, path, who.user.id, KIND, file.filename or "feed", None, None).id


def _feed(request: Request, id_: str) -> tuple[str, tuple[Line, ...], Tally, Gathered]:
    """raises   Refused: records-gone"""
    who, store = asked(request), store_in(request)
    held = dropped_of(store, id_, who.user.id)
    if held.number != KIND:
        raise Refused([Diagnostic("records-gone", None, {"minutes": "120"})])
    gathered = zone_of(request.app).gathered
    key = (held.sha256, id(gathered))
    with tempfile.TemporaryDirectory(prefix="guiju-feed-") as folder:
        path = Path(folder) / safe(held.name, "feed.csv")
        path.write_bytes(content(store, held).read_bytes())
        lines, counted = _tallies.of(key, read_feed(path), gathered)
    return held.name, lines, counted, gathered


def feed(request: Request, id: str) -> Response:
    """A feed, checked: the counts, and a page of its texts with their places marked; `?verdict=` those whose worst claim is of it."""
    who = asked(request)
    name, lines, counted, gathered = _feed(request, id)
    wanted = who.one("verdict")
    chosen = lines if wanted not in counted.texts else tuple(each for each in lines if (worst(ask_line(gathered, each)) or "none") == wanted)
    last = max(1, -(-len(chosen) // PER_PAGE))
    page = who.number("page", 1, last)
    asked_here = [(line, ask_line(gathered, line)) for line in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]]
    shown = [(line, found, list(pieces(found))) for line, found in asked_here]
    return render(request, "frontrunner/zone-feed.html", name=name, counted=counted, shown=shown, verdicts=VERDICTS, marks=MARKS, page=page,
                  last=last, id=id, wanted=wanted)  # fmt: skip


def feed_table(request: Request, id: str, ending: str) -> Response:
    """Every claim of a feed as a table: CSV, or JSON.

    raises   Refused: records-gone, format-unknown
    """
    who = asked(request)
    _, lines, _, gathered = _feed(request, id)
    head = {"Content-Disposition": f'attachment; filename="claims.{ending}"'}
    if ending == "json":
        return JSONResponse([{"row": line.number, "id": line.id, **checked_json(ask_line(gathered, line))} for line in lines], headers=head)
    if ending != "csv":
        raise Refused([Diagnostic("format-unknown", None, {"file": ending, "known": "csv json"})])
    return Response(csv_text(who, lines, gathered), media_type="text/csv; charset=utf-8", headers=head)


def csv_text(who: Asked, lines: Sequence[Line], gathered: Gathered) -> str:
    """With a byte order mark, without which spreadsheets garble Chinese; what one would take for a formula stays a text."""
    out = io.StringIO()
    rows = csv.writer(out)
    for row in table(lines, lambda line: ask_line(gathered, line), who.language):
        rows.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in row])
    return "\ufeff" + out.getvalue()
