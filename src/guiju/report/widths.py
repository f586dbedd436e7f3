"""Widths: how the columns of a table share a page, so that nothing of a wide table runs over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guiju.base.diagnostics import width
from guiju.report.legible import pieces
from guiju.report.tree import Mark, Table, shown

UPRIGHT, ACROSS = 100, 150
"""Half-width characters that stand side by side on a page of A4 upright and across."""
_BETWEEN = 3
MARK_MAX = 20
"""A mark no wider than this stands whole on a line."""
_WIDEST, _HEAD_LEAST, _NUMBER_MAX = 64, 8, 24
_LEAST_SCALE = 0.8


@dataclass(frozen=True, slots=True)
class Layout:
    """shares   of the width of the page, of each column; together 1
    across   the page is turned
    scale    of the letters, at most 1
    """

    shares: tuple[float, ...]
    across: bool
    scale: float


def layout(table: Table) -> Layout:
    """The widths that let every word stand whole, and otherwise go by what the columns hold; small letters or a turned page only where they must."""
    least, natural = zip(*(_column(table, at) for at in range(len(table.columns))), strict=True)
    between = _BETWEEN * len(table.columns)
    across = UPRIGHT / (sum(least) + between) < _LEAST_SCALE
    page = ACROSS if across else UPRIGHT
    scale = max(0.5, min(1.0, page / (sum(least) + between)))
    widths = _shared(least, natural, max(page / scale - between, sum(least)))
    whole = sum(widths) + between
    return Layout(tuple(round((each + _BETWEEN) / whole, 4) for each in widths), across, round(scale, 2))


def _shared(least: Sequence[int], natural: Sequence[int], room: float) -> list[float]:
    """The room shared out: what needs no more than its part gets what it needs, narrow columns first; the others part the rest."""
    order = sorted(range(len(least)), key=lambda at: (natural[at], at))
    given: dict[int, float] = {}
    for done, at in enumerate(order):
        rest, waiting = room - sum(given.values()), order[done:]
        fair = rest / len(waiting)
        if natural[at] > fair or any(least[other] > fair for other in waiting):
            low = sum(least[other] for other in waiting)
            spare, wanted = max(rest - low, 0.0), sum(natural[other] - least[other] for other in waiting)
            more = {other: spare * (natural[other] - least[other]) / wanted if wanted else spare / len(waiting) for other in waiting}
            return [given[at] if at in given else least[at] + more[at] for at in range(len(least))]
        given[at] = natural[at]
    spare = (room - sum(given.values())) / len(given)
    return [given[at] + spare for at in range(len(least))]


def _column(table: Table, at: int) -> tuple[int, int]:
    """The width of its longest word, and of its longest cell."""
    cells, head = {row[at] for row in table.rows}, table.columns[at].text
    texts = {shown(cell) for cell in cells}
    words = [width(word) for text in texts for word in _words(text)]
    words += [width(each.text) + 1 for cell in cells for each in cell if isinstance(each, Mark) and width(each.text) <= MARK_MAX]
    least = max([*words, min(width(head), _HEAD_LEAST), *(width(word) for word in _words(head)), 2])
    if table.columns[at].right:
        least = max([least, *(min(width(text), _NUMBER_MAX) for text in texts)])
    return least, max([least, *(min(width(text), _WIDEST) for text in texts), min(width(head), _NUMBER_MAX)])


def _words(text: str) -> list[str]:
    """What cannot be parted: a Chinese character by itself, a run of anything else up to a place where it may break."""
    return [word for piece in pieces(text) for word in re.findall(r"[^\s\u2E80-\uFFFF]+|[\u2E80-\uFFFF]", piece)]
