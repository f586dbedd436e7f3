"""Board runs for programs: those that are kept, one of them, one of its boards page by page, the comparison as a whole, who is on no board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from guiju.api.exact import Json
from guiju.api.once import OnceRoute
from guiju.api.paths import ERRORS, store_of
from guiju.frontrunner.board.changed import changes_between
from guiju.frontrunner.board.changed_told import changes_json
from guiju.frontrunner.board.kept import KeptBoards, kept_boards
from guiju.frontrunner.board.listing import Run, run_of
from guiju.frontrunner.board.shown import PER_PAGE, SHOWN_MAX, barred_json, board_json, chosen, overall_page
from guiju.frontrunner.process.public import board_for, boards_for, run_before
from guiju.store.results import Result

Id = Annotated[str, Path(max_length=100, description="of the result")]
Words = Annotated[str, Query(max_length=300)]
Page = Annotated[int, Query(ge=0, le=1_000_000, description="from 0")]
Limit = Annotated[int, Query(ge=1, le=SHOWN_MAX)]


def add(router: APIRouter) -> None:
    made = APIRouter(prefix="/api/v1/frontrunners", tags=["frontrunners"], route_class=OnceRoute, responses=ERRORS)
    for path, call, summary in (
        ("/boards", list_boards, "排行榜 · Board runs"), ("/boards/{id}", one_run, "一次排行 · One board run"),
        ("/boards/{id}/board", one_board, "单项排行榜 · One board"), ("/boards/{id}/overall", overall, "综合比对 · The comparison as a whole"),
        ("/boards/{id}/barred", barred, "不在榜上的 · Who is on no board"),
        ("/boards/{id}/changes", changes, "与更早一次相比 · Since an earlier run"),
    ):  # fmt: skip
        made.add_api_route(path, call, methods=["GET"], summary=summary, response_class=Response)
    router.include_router(made)


def run_json(each: Result) -> dict[str, Any]:
    return {"id": each.id, "standard": dict(each.standards[0]), "library": each.data_hash, "engine": each.engine, "created_at": each.created_at,
            "created_by": each.created_by}  # fmt: skip


def listed_json(each: Run) -> dict[str, Any]:
    """A run with what tells it from others of a list."""
    return {**run_json(each.result), "scheme": each.scheme, "cycle": each.cycle, "library_name": each.library, "revision": each.revision,
            "products": each.products, "barred": each.barred, "compared": each.compared, "shortlisted": each.shortlisted,
            "illustrative": each.illustrative}  # fmt: skip


@contextmanager
def opened(request: Request, id_: str) -> Iterator[KeptBoards]:
    """
    raises   Refused: unknown-result, where it is of another kind or not theirs to see
    """
    store = store_of(request)
    with kept_boards(store, board_for(store, request.state.user, id_)) as found:
        yield found


def list_boards(
    request: Request, before: Annotated[str, Query(max_length=100)] = "", limit: Limit = PER_PAGE,
    scheme: Annotated[str, Query(max_length=300, description="its id; default: any")] = "",
) -> Response:  # fmt: skip
    """Those of your organisations and of published lists, the newest first; a page before an identifier."""
    store = store_of(request)
    found = boards_for(store, request.state.user, scheme=scheme, before=before, limit=limit + 1)
    return Json({"boards": [listed_json(run_of(store, each)) for each in found[:limit]], "next": found[limit - 1].id if len(found) > limit else None})


def one_run(request: Request, id: Id) -> Response:
    """Everything but who stands where: hashes, ranges, indicators, bands with their counts, reasons."""
    with opened(request, id) as held:
        return Json({**run_json(held.result), "sha256": held.sha256, "board": dict(held.body)})


def one_board(request: Request, id: Id, range: Words = "", indicator: Words = "", page: Page = 0, limit: Limit = PER_PAGE) -> Response:
    """Bands with their entries, by enterprise code, which means nothing; the range by its words with `/` between."""
    with opened(request, id) as held:
        board = chosen(held.body, range, indicator)
        return Json(None if board is None else board_json(held, board, page, limit))


def overall(request: Request, id: Id, page: Page = 0, limit: Limit = PER_PAGE) -> Response:
    """Declared standards as a whole, by enterprise code; each that is not shortlisted with the reason."""
    with opened(request, id) as held:
        return Json({"compared": held.body["compared"], "shortlisted": held.body["shortlisted"], "overall": overall_page(held, page, limit)})


def barred(request: Request, id: Id, page: Page = 0, limit: Limit = PER_PAGE) -> Response:
    """Products on no board, each with the first reason that holds."""
    with opened(request, id) as held:
        found = held.placed.barred(offset=page * limit, limit=limit)
        return Json({"counts": dict(held.body["barred"]), "barred": [barred_json(each) for each in found]})


def changes(
    request: Request, id: Id, since: Annotated[str, Query(max_length=100, description="another run of the scheme; default: the one before")] = "",
    page: Page = 0, limit: Limit = PER_PAGE,
) -> Response:  # fmt: skip
    """Declared standards that rose, fell, came and left, of each indicator and as a whole, each with why."""
    store, user = store_of(request), request.state.user
    held = board_for(store, user, id)
    earlier = board_for(store, user, since) if since else run_before(store, user, held)
    with kept_boards(store, earlier) as was, kept_boards(store, held) as became:
        found = changes_between(was, became, offset=page * limit, limit=limit)
    return Json({"since": earlier.id, "id": held.id, **changes_json(found)})
