"""How declared values of an indicator are distributed in a range, with the levels, the mandatory limit and the reference levels drawn in."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, number, round_range, svg_text, text_width
from guiju.frontrunner.board.words import REFERENCES, pick

WIDE, NARROW = 720, 360
_LEFT, _RIGHT, _PLOT, _LINE, _CLEAR = 46, 14, 190, 18, 3
STYLE = """text{font:13px system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC",sans-serif;fill:#1c2430}.tick{fill:#566270;font-size:12px}
.label{fill:#566270}.name{font-size:12px}.grid{stroke:#d5dbe3;stroke-width:1}.axis{stroke:#7d8896;stroke-width:1}.b0{fill:#0b6b5d}
.r0{stroke:#1c2430;stroke-width:1.4}.r1{stroke:#b3261e;stroke-width:1.6}.r5{stroke:#8a5300;stroke-width:1.4;stroke-dasharray:7 4}"""
"""For a drawing that stands by itself; a page has the same classes in its own style sheet, which follows the reader's light or dark."""

SAID = ("声明值的分布：每根柱子是这一区间的型号数，竖线是等级与限值",
        "distribution of declared values: a bar is the number of models in a step, lines are levels and limits")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A value drawn across the plot, with the names of what lies at it, one below the other."""

    value: float
    names: tuple[str, ...]
    kind: str


def lines_of(board: Mapping[str, Any], indicator: Mapping[str, Any], language: Language) -> tuple[Line, ...]:
    """The levels, the mandatory limit and the reference levels that are one number each."""
    found = [Line(_double(each), (f"{level} {pick(('级', 'level'), language)}",), "r0") for level, each in enumerate(board["lines"], 1) if each]
    national = indicator["national"]
    if national and national["limit"]:
        found.append(Line(_double(national["limit"]), (f"{national['standard']} {national['clause']}",), "r1"))
    for name, each in sorted(indicator["references"].items()):
        if each.get("plain"):
            found.append(Line(_double(each["plain"]), (pick(REFERENCES[name], language),), "r5"))
    return tuple(found)


def distribution(board: Mapping[str, Any], indicator: Mapping[str, Any], language: Language, *, narrow: bool = False, alone: bool = False,
                 id_: str = "board") -> str | None:  # fmt: skip
    """The drawing as SVG; None where there are no numbers.

    narrow   for a screen of 390 pixels
    alone    with its own style, for a document
    """
    if not board["counts"]:
        return None
    wide = NARROW if narrow else WIDE
    drawn = _Drawing(board, lines_of(board, indicator, language), wide, language, indicator["unit"] or "")
    title = indicator["title"][language]
    said = pick(SAID, language)
    style = f"<style>{STYLE}</style><rect width='100%' height='100%' fill='#fff'/>" if alone else ""
    high = f"{drawn.height:.0f}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
            f'aria-labelledby="{id_}-t {id_}-d"><title id="{id_}-t">{html.escape(title)}</title>'
            f'<desc id="{id_}-d">{html.escape(said)}</desc>{style}{"".join(drawn.body())}</svg>')  # fmt: skip


class _Drawing:
    def __init__(self, board: Mapping[str, Any], lines: tuple[Line, ...], wide: int, language: Language, unit: str) -> None:
        self.steps = [(_double(s["low"]), _double(s["high"]), int(s["models"])) for s in board["counts"]]
        self.language, self.unit, self.wide = language, unit, wide
        low, high = self.steps[0][0], self.steps[-1][1]
        reach = (high - low) or abs(high) or 1.0
        self.lines = _together(sorted((each for each in lines if low - reach <= each.value <= high + reach), key=lambda each: each.value))
        ends = [low, high, *(each.value for each in self.lines)]
        start, end, step = round_range(min(ends), max(ends), 5 if wide < 500 else 9)
        if start == end:
            start, end = start - step, end + step
        self.x = Scale(start, end, _LEFT, wide - _RIGHT, step)
        most = max(models for *_, models in self.steps)
        _, top, rise = round_range(0, max(1, most), 4)
        self.extents = self._extents()
        self.rows = self._rows()
        self.top = 24 + _LINE * (max(self.rows) + 1 if self.rows else 0)
        self.y = Scale(0, top, self.top + _PLOT, self.top, max(1.0, rise))
        self.height = self.top + _PLOT + 46

    def _rows(self) -> list[int]:
        """In which row above the plot the last name of each line stands, so that no name covers another and no line runs through a name.

        A line runs from its names down; so where a name reaches across another line, that line begins below it.
        """
        x, extents = [self.x(each.value) for each in self.lines], self.extents
        rows: dict[int, int] = {}

        def place(at: int, waiting: frozenset[int]) -> None:
            above = [other for other, (start, end) in enumerate(extents) if other != at and start - _CLEAR <= x[at] <= end + _CLEAR]
            for other in above:
                if other not in rows and other not in waiting:
                    place(other, waiting | {at})
            deep = len(self.lines[at].names)
            row = max(deep - 1, *(rows[other] + 1 for other in above if other in rows), 0)
            while any(row - deep < rows[other] and rows[other] - len(self.lines[other].names) < row and _meet(extents[at], extents[other])
                      for other in rows):  # fmt: skip
                row += 1
            rows[at] = row

        for at in range(len(x)):
            if at not in rows:
                place(at, frozenset())
        return [rows[at] for at in range(len(x))]

    def _extents(self) -> list[tuple[float, float]]:
        """From where to where the names of each line reach: to the right, or to the left where there is no room or the next goes left."""
        found: list[tuple[float, float]] = []
        for each in reversed(self.lines):
            x, wide = self.x(each.value), min(max(map(text_width, each.names)), self.wide - 8)
            to_left = x + 4 + wide > self.wide or any(start < self.x(other.value) <= x + 4 + wide + _CLEAR for other, (start, end) in
                                                      zip(reversed(self.lines), found, strict=False) if end <= self.x(other.value))  # fmt: skip
            start = min(max(x - 4 - wide if to_left else x + 4, 4.0), self.wide - wide - 4)
            found.append((start, start + wide))
        return found[::-1]

    def body(self) -> Iterator[str]:
        yield svg_text(4, 15, pick(("型号数", "models"), self.language), "label", "start")
        for tick in self.y.ticks:
            if tick == math.floor(tick):
                yield f'<path class="grid" d="M{_LEFT} {self.y(tick):.1f}H{self.wide - _RIGHT}"/>'
                yield svg_text(_LEFT - 6, self.y(tick) + 4, number(tick), "tick", "end")
        for low, high, models in self.steps:
            left, right = self.x(low), self.x(high)
            if low == high:
                left, right = left - 6, right + 6
            told = f"{number(low)} – {number(high)} {self.unit}: {models}".replace("  ", " ")
            y = self.y(models)
            yield (f'<rect class="b0" x="{left + 0.5:.1f}" y="{y:.1f}" width="{max(1.0, right - left - 1):.1f}" height="{self.y(0) - y:.1f}">'
                   f"<title>{html.escape(told)}</title></rect>")  # fmt: skip
        yield f'<path class="axis" d="M{_LEFT} {self.y(0):.1f}H{self.wide - _RIGHT}"/>'
        for tick in self.x.ticks:
            yield svg_text(self.x(tick), self.y(0) + 18, number(tick), "tick", "middle")
        yield svg_text(self.wide - _RIGHT, self.y(0) + 38, self.unit, "label", "end")
        for each, row, (start, end) in zip(self.lines, self.rows, self.extents, strict=True):
            x, y = self.x(each.value), 32 + _LINE * row
            yield f'<path class="{each.kind}" d="M{x:.1f} {y + 4:.1f}V{self.y(0):.1f}"/>'
            left = end <= x
            for above, name in enumerate(reversed(each.names)):
                yield svg_text(end if left else start, y - _LINE * above, name, "name", "end" if left else "start")


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] + 8 and other[0] < one[1] + 8


def _together(lines: list[Line]) -> list[Line]:
    """Lines at the same value as one, with the names of both."""
    found: list[Line] = []
    for each in lines:
        same = found.pop() if found and found[-1].value == each.value else None
        found.append(Line(each.value, (*same.names, *each.names), same.kind) if same else each)
    return found


def _double(text: str) -> float:
    return float(Fraction(text))
