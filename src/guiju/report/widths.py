"""Widths: how the columns of a table share a page, so that nothing of a wide table runs over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guiju.base.diagnostics import width
from guiju.report.legible import pieces
from guiju.report.tree import Table, shown

UPRIGHT, ACROSS = 100, 150
"""Half-width characters that stand side by side on a page of A4 upright and across."""
_BETWEEN = 3
_WIDEST, _HEAD_LEAST = 64, 8
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
    fits = min(1.0, UPRIGHT / (sum(least) + between))
    across = fits < _LEAST_SCALE
    page = ACROSS if across else UPRIGHT
    scale = max(0.5, min(1.0, page / (sum(least) + between)))
    room = max(page / scale - between, sum(least))
    spare = room - sum(least)
    wanted = sum(natural) - sum(least)
    widths = [low + (spare * (high - low) / wanted if wanted else spare / len(least)) + _BETWEEN for low, high in zip(least, natural, strict=True)]
    return Layout(tuple(round(each / sum(widths), 4) for each in widths), across, round(scale, 2))


def _column(table: Table, at: int) -> tuple[int, int]:
    """The width of its longest word, and of its longest cell."""
    texts = [shown(row[at]) for row in table.rows]
    head = table.columns[at].text
    words = [width(word) for text in {*texts} for word in _words(text)]
    least = max([*words, min(width(head), _HEAD_LEAST), *(width(word) for word in _words(head)), 2])
    if table.columns[at].right:
        least = max([least, *(min(width(text), 24) for text in texts)])
    return least, max([least, *(min(width(text), _WIDEST) for text in texts), min(width(head), 24)])


def _words(text: str) -> list[str]:
    """What cannot be parted: a Chinese character by itself, a run of anything else up to a place where it may break."""
    return [word for piece in pieces(text) for word in re.findall(r"[^\s\u2E80-\uFFFF]+|[\u2E80-\uFFFF]", piece)]
