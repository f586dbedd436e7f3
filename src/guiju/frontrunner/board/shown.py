"""Shown: one board run as pages and programs ask for it: a range and an indicator at a time, a page of entries at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.board.kept import KeptBoards
from guiju.frontrunner.board.model import Barred, Entry
from guiju.frontrunner.board.twin import overall_json

PER_PAGE = 50
SHOWN_MAX = 500


def chosen(body: Mapping[str, Any], range_: str, indicator: str) -> Mapping[str, Any] | None:
    """The board of a range (its words with `/` between) and an indicator; the first where neither is asked; None where there is no board at all.

    raises   Refused: board-unknown
    """
    boards = body["boards"]
    fits = [each for each in boards if (not range_ or "/".join(each["range"]) == range_) and (not indicator or each["indicator"] == indicator)]
    if not fits and boards:
        raise Refused([Diagnostic("board-unknown", None, {"range": range_ or "–", "indicator": indicator or "–"})])
    found: Mapping[str, Any] | None = fits[0] if fits else None
    return found


def entries(held: KeptBoards, board: Mapping[str, Any], page: int, per_page: int = PER_PAGE) -> dict[int, list[Entry]]:
    """Level → a page of its entries; nothing of a board that is not published."""
    if board["withheld"]:
        return {}
    range_, name = tuple(board["range"]), str(board["indicator"])
    return {level: held.placed.entries(range_, name, level, offset=page * per_page, limit=per_page) for level in (1, 2, 3)}


def board_json(held: KeptBoards, board: Mapping[str, Any], page: int, per_page: int = PER_PAGE) -> dict[str, Any]:
    """A board with a page of its bands and of those apart, for programs."""
    range_, name = tuple(board["range"]), str(board["indicator"])
    listed = entries(held, board, page, per_page)
    return {
        **board, "page": page,
        "entries": {str(level): [entry_json(each) for each in found] for level, found in listed.items()},
        "models_apart": [barred_json(each) for each in held.placed.apart(range_, name, offset=page * per_page, limit=per_page)],
    }  # fmt: skip


def overall_page(held: KeptBoards, page: int, per_page: int = PER_PAGE) -> list[dict[str, Any]]:
    return [overall_json(each) for each in held.placed.overall(offset=page * per_page, limit=per_page)]


def entry_json(each: Entry) -> dict[str, Any]:
    return {"enterprise": each.enterprise, "standard": each.standard, "edition": each.edition, "models": list(each.models), "count": each.count,
            "reached": dict(each.reached)}  # fmt: skip


def barred_json(each: Barred) -> dict[str, Any]:
    return {"product": each.product, "enterprise": each.enterprise, "standard": each.standard, "edition": each.edition, "model": each.model,
            "reason": each.reason, "detail": each.detail}  # fmt: skip
