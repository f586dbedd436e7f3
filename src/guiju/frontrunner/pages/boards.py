"""Pages of boards: the runs that are kept, and one of them: a board at a time, the comparison as a whole, why somebody is not there."""

from __future__ import annotations

from itertools import chain
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Refused
from guiju.frontrunner.board import changed_told
from guiju.frontrunner.board import words as told
from guiju.frontrunner.board.changed import changes_between
from guiju.frontrunner.board.figure import distribution
from guiju.frontrunner.board.kept import KeptBoards, kept_boards
from guiju.frontrunner.board.listing import run_of, scheme_id
from guiju.frontrunner.board.named import names_of
from guiju.frontrunner.board.report import shown, threshold
from guiju.frontrunner.board.shown import PER_PAGE, chosen, entries
from guiju.frontrunner.pages.board_asking import schemes_of
from guiju.frontrunner.process.public import board_for, boards_for, citing, run_before
from guiju.store.belonging import seen_by
from guiju.store.results import Result
from guiju.web.asking import Asked
from guiju.web.kept import after_last, here, page_of, words

SHOWS = ("board", "overall", "barred")


def add(router: APIRouter) -> None:
    made = APIRouter(include_in_schema=False)
    made.add_api_route("/frontrunners/boards", listed, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/boards/{id}", one, methods=["GET"], response_model=None)
    made.add_api_route("/frontrunners/boards/{id}/changes", changes, methods=["GET"], response_model=None)
    router.include_router(made)


def listed(request: Request) -> Response:
    """The board runs of one's organisations and of published lists, the newest first; `?scheme=` those of one scheme."""
    who, store = here(request)
    scheme = who.one("scheme")
    found = boards_for(store, who.user, scheme=scheme, before=who.one("before"), limit=PER_PAGE + 1)
    runs = [run_of(store, each) for each in found[:PER_PAGE]]
    known = {each.id: each.title for each in schemes_of(who.shelf)} | {each.scheme: each.title for each in runs}
    return page_of(request, "frontrunner/boards.html", words(who, (each.result.created_by for each in runs)), runs=runs, scheme=scheme,
                   schemes=known, cited=citing(store), following=after_last(found, PER_PAGE))  # fmt: skip


def one(request: Request, id: str) -> Response:
    """A run; `?show=` board, overall or barred; of a board `?range=`, `?indicator=`; `?page=` of what is long."""
    who, store = here(request)
    held = board_for(store, who.user, id)
    show = who.one("show") if who.one("show") in SHOWS else "board"
    page = who.number("page", 1) - 1
    with kept_boards(store, held) as found:
        parts = _board(found, who, page) if show == "board" else _others(found, show, page)
    shown_codes = {each.enterprise for each in (*parts.get("rows", ()), *parts.get("apart", ()), *chain(*parts.get("entries", {}).values()))}
    return page_of(request, "frontrunner/board.html", words(who, [held.created_by]), result=held, body=found.body, sha256=found.sha256, show=show,
                   page=page, told=told, range_text=lambda each: told.range_text(found.body, each, who.language), files=_files(held), shown=shown,
                   own=held.organisation in seen_by(who.user), names=names_of(store, held, shown_codes),
                   per_page=PER_PAGE, **parts)  # fmt: skip


def changes(request: Request, id: str) -> Response:
    """What changed since another run of the scheme, `?since=`; by default the one before. A first run says that there is none."""
    who, store = here(request)
    held = board_for(store, who.user, id)
    others = [run_of(store, each) for each in boards_for(store, who.user, scheme=scheme_id(held), limit=PER_PAGE) if each.id != id]
    page = who.number("page", 1) - 1
    try:
        earlier = board_for(store, who.user, who.one("since")) if who.one("since") else run_before(store, who.user, held)
    except Refused as refused:
        if who.one("since"):
            raise
        return page_of(request, "frontrunner/board_changes.html", words(who), run=run_of(store, held), found=None, others=others,
                       wrong=refused.diagnostics)  # fmt: skip
    with kept_boards(store, earlier) as was, kept_boards(store, held) as became:
        found = changes_between(was, became, offset=page * PER_PAGE, limit=PER_PAGE)
        bodies = [became.body, was.body]
    codes = {each.enterprise for each in found.changes}
    names = {**names_of(store, earlier, codes), **names_of(store, held, codes)}
    indicators = {each["name"]: each for body in reversed(bodies) for each in body["indicators"]}
    spoken = {"words": {**bodies[1]["words"], **bodies[0]["words"]}}
    return page_of(request, "frontrunner/board_changes.html", words(who), run=run_of(store, held), earlier=run_of(store, earlier), found=found,
                   others=others, names=names, indicators=indicators, told=changed_told, page=page, per_page=PER_PAGE,
                   illustrative=any(body["illustrative"] for body in bodies), ILLUSTRATIVE=told.ILLUSTRATIVE,
                   range_text=lambda each: told.range_text(spoken, each, who.language))  # fmt: skip


def _board(held: KeptBoards, who: Asked, page: int) -> dict[str, Any]:
    board = chosen(held.body, who.one("range"), who.one("indicator"))
    if board is None:
        return {"board": None, "more": False}
    indicator = next(each for each in held.body["indicators"] if each["name"] == board["indicator"])
    listed_ = entries(held, board, page)
    apart = held.placed.apart(tuple(board["range"]), str(board["indicator"]), offset=page * PER_PAGE, limit=PER_PAGE)
    drawings = [distribution(board, indicator, who.language, narrow=narrow, id_=f"board-{narrow}") for narrow in (False, True)]
    longest = max([*(band["entries"] for band in board["bands"] if not board["withheld"]), sum(board["apart"].values())])
    return {"board": board, "indicator": indicator, "entries": listed_, "apart": apart,
            "thresholds": [threshold(board, indicator, n) for n in range(3)],
            "drawings": [Markup(each) for each in drawings if each], "more": longest > (page + 1) * PER_PAGE}  # fmt: skip


def _others(held: KeptBoards, show: str, page: int) -> dict[str, Any]:
    total = held.body["compared"] if show == "overall" else sum(held.body["barred"].values())
    rows = (
        held.placed.overall(offset=page * PER_PAGE, limit=PER_PAGE)
        if show == "overall"
        else held.placed.barred(offset=page * PER_PAGE, limit=PER_PAGE)
    )
    return {"rows": rows, "more": total > (page + 1) * PER_PAGE}


def _files(held: Result) -> list[tuple[str, str]]:
    """(name in the URL of the result, ending) of its documents."""
    ends = [each.path.rpartition(".")[2] for each in held.files]
    return [(f"{at}.{end}", end) for at, end in enumerate(ends, 1) if end != "parquet"]
