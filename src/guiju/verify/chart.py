"""Chart: curves, bars and points on two axes, as an SVG for a page or by itself, with the same numbers as a table for those who do not see it."""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from guiju.base.drawing import Scale, number, round_range, svg_text, text_width
from guiju.verify.told import Table

WIDE, NARROW = 720, 360
_LEFT, _HEIGHT, _HEIGHT_NARROW, _ROW = 58, 270, 230, 20
_OUTSIDE = 36
"""A name of a level line no longer than this stands beside the plot."""
STYLE = """text{font:13px system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC",sans-serif;fill:#1c2430}.tick{fill:#566270;font-size:12px}
.label{fill:#566270}.name{font-size:12px}.grid{stroke:#d5dbe3;stroke-width:1}.axis{stroke:#7d8896;stroke-width:1}.curve{fill:none;stroke-width:2.2}
.c0{stroke:#0b6b5d}.c1{stroke:#5b5f97;stroke-dasharray:8 4}.c2{stroke:#8a5300;stroke-dasharray:2 4}.c3{stroke:#1c2430;stroke-dasharray:12 3 2 3}
.c4{stroke:#b3261e;stroke-dasharray:14 4}.c5{stroke:#566270;stroke-dasharray:1 3}.b0{fill:#0b6b5d}.b1{fill:#8a5300}.b2{fill:#b3261e}.b3{fill:#7d8896}
.r0{stroke:#1c2430;stroke-width:1.4}.r1{stroke:#b3261e;stroke-width:1.4}.r5{stroke:#8a5300;stroke-width:1.4;stroke-dasharray:7 4}
.z0{fill:#0b6b5d;fill-opacity:.16}.z1{fill:#5b5f97;fill-opacity:.16}.z2{fill:#b3261e;fill-opacity:.12}"""
"""For a drawing that stands by itself; a page has the same classes in its own style sheet, which follows the reader's light or dark."""


@dataclass(frozen=True, slots=True)
class Axis:
    """names   of places 0, 1, 2 … where it is no scale of numbers"""

    title: str
    low: float
    high: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    points: tuple[tuple[float, float], ...]
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """From x0 to x1 and from y0 to y1; `says` is told where one points at it, `mark` is written at its end."""

    x0: float
    x1: float
    y0: float
    y1: float
    kind: str
    says: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    kind: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Across:
    """A level line."""

    y: float
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Upright:
    x: float
    kind: str
    name: str = ""


Layer: TypeAlias = Curve | Bar | Dot | Across | Upright


@dataclass(frozen=True, slots=True)
class Chart:
    """says   what it shows, in a sentence
    table   its numbers
    tall    of the default height
    """

    id: str
    title: str
    says: str
    x: Axis
    y: Axis
    layers: tuple[Layer, ...]
    table: Table
    tall: float = 1.0

    def svg(self, width: int = WIDE) -> str:
        """For a page whose style sheet has the classes."""
        return _Drawing(self, width).svg("")

    def alone(self, width: int = WIDE) -> bytes:
        """Complete, for a report."""
        return _Drawing(self, width).svg(STYLE).encode("utf-8")


def number_axis(title: str, values: Sequence[float], parts: int = 6) -> Axis:
    """An axis of whole steps around the finite ones of the values."""
    known = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high, _ = round_range(min(known), max(known), parts)
    return Axis(title, low, high if high > low else low + 1)


def names_axis(title: str, names: Sequence[str]) -> Axis:
    return Axis(title, -0.5, len(names) - 0.5, tuple(names))


class _Drawing:
    def __init__(self, chart: Chart, width: int) -> None:
        self.chart, self.width = chart, width
        self.is_narrow = width < WIDE
        self.legend = [each for each in chart.layers if isinstance(each, Curve) and each.name]
        self.head = 30.0
        height = (_HEIGHT_NARROW if self.is_narrow else _HEIGHT) * chart.tall
        widest = max((text_width(name) for name in chart.y.names), default=0.0)
        self.left = max(_LEFT, min(widest + 14, width / 3))
        named = any(isinstance(each, Across) and each.name and text_width(each.name) <= _OUTSIDE for each in chart.layers)
        self.room = 12 + _OUTSIDE if named else 16
        self.x = Scale(chart.x.low, chart.x.high, self.left, width - self.room, _step(chart.x, 4 if self.is_narrow else 8))
        self.y = Scale(chart.y.low, chart.y.high, self.head + height, self.head, _step(chart.y, 5))

    def svg(self, style: str) -> str:
        rows = list(self.rows())
        height = self.y.start + 48 + _ROW * len(rows)
        parts = [*self.frame(), *(element for layer in self.chart.layers for element in self.layer(layer)), *self.below(rows)]
        held = f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>' if style else ""
        alternative = f"{self.chart.title}: {self.chart.says}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {self.width} {height:.0f}" role="img" '
            f'aria-label="{html.escape(alternative)}">{held}{"".join(parts)}</svg>'
        )

    def frame(self) -> Iterator[str]:
        x, y = self.x, self.y
        for value in () if self.chart.y.names else y.ticks:
            yield f'<path class="grid" d="M{x.start:.1f} {y(value):.1f}H{x.end:.1f}"/>'
            yield svg_text(x.start - 6, y(value) + 4, number(round(value, 12)), "tick", "end")
        for at, name in enumerate(self.chart.y.names):
            yield svg_text(x.start - 6, y(at) + 4, _cut(name, self.left - 10), "tick", "end")
        if self.chart.x.names:
            room = (x.end - x.start) / len(self.chart.x.names)
            every = max(1, math.ceil(max(min(text_width(name), 84) for name in self.chart.x.names) / room))
            for at, name in list(enumerate(self.chart.x.names))[::every]:
                yield svg_text(x(at), y.start + 17, _cut(name, max(84, room)), "tick", "middle")
        else:
            for value in x.ticks:
                yield f'<path class="axis" d="M{x(value):.1f} {y.start:.1f}v4"/>'
                yield svg_text(x(value), y.start + 17, number(round(value, 12)), "tick", "middle")
        yield f'<path class="axis" d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}"/>'
        yield svg_text(x.end, y.start + 36, self.chart.x.title, "label", "end")
        yield svg_text(4, self.head - 13, self.chart.y.title, "label", "start")

    def layer(self, layer: Layer) -> Iterator[str]:
        x, y = self.x, self.y
        match layer:
            case Curve(points, kind):
                for run in _runs(points, self.chart.y):
                    places = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in run)
                    yield f'<polyline class="curve {kind}" points="{places}"/>'
            case Bar(x0, x1, y0, y1, kind, says, mark):
                left, right, top, bottom = (*sorted((x(self.held_x(x0)), x(self.held_x(x1)))), *sorted((y(self.held(y0)), y(self.held(y1)))))
                told = f"<title>{html.escape(says)}</title>" if says else ""
                size = f'width="{max(right - left, 0.8):.1f}" height="{max(bottom - top, 0.8):.1f}"'
                yield f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" {size}>{told}</rect>'
                if mark:
                    yield svg_text((left + right) / 2, top - 3 if y1 >= y0 else bottom + 12, mark, "name", "middle")
            case Dot(a, b, kind, says):
                told = f"<title>{html.escape(says)}</title>" if says else ""
                yield f'<circle class="{kind}" cx="{x(a):.1f}" cy="{y(self.held(b)):.1f}" r="4">{told}</circle>'
            case Across(value, kind, name):
                yield f'<path class="{kind}" d="M{x.start:.1f} {y(value):.1f}H{x.end:.1f}"/>'
                if name and text_width(name) <= _OUTSIDE:
                    yield svg_text(x.end + 4, y(value) + 4, name, "name", "start")
                elif name:
                    yield svg_text(x.end - 2, y(value) - 4, name, "name", "end")
            case Upright(value, kind, name):
                yield f'<path class="{kind}" d="M{x(value):.1f} {y.start:.1f}V{y.end:.1f}"/>'
                if name:
                    at_end = x(value) > (x.start + x.end) / 2
                    yield svg_text(x(value) + (-4 if at_end else 4), y.end + 11, name, "name", "end" if at_end else "start")

    def held(self, value: float) -> float:
        return min(max(value, self.chart.y.low), self.chart.y.high)

    def held_x(self, value: float) -> float:
        return min(max(value, self.chart.x.low), self.chart.x.high)

    def rows(self) -> Iterator[list[Curve]]:
        """The legend, in rows as wide as the drawing."""
        row: list[Curve] = []
        used = 0.0
        for each in self.legend:
            wide = text_width(each.name) + 52
            if row and used + wide > self.width - 12:
                yield row
                row, used = [], 0.0
            row.append(each)
            used += wide
        if row:
            yield row

    def below(self, rows: Sequence[Sequence[Curve]]) -> Iterator[str]:
        for at, row in enumerate(rows):
            left, level = 8.0, self.y.start + 58 + _ROW * at
            for each in row:
                yield f'<path class="curve {each.kind}" d="M{left:.1f} {level - 4:.1f}h28"/>'
                yield svg_text(left + 34, level, each.name, "name", "start")
                left += text_width(each.name) + 52


def _step(axis: Axis, parts: int) -> float:
    return 1.0 if axis.names else round_range(axis.low, axis.high, parts)[2]


def _cut(text: str, width: float) -> str:
    """As much of a name as there is room for."""
    if text_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character) > width - 12:
            break
        kept += character
    return kept + "…"


def _runs(points: Sequence[tuple[float, float]], y: Axis) -> Iterator[list[tuple[float, float]]]:
    """The stretches of a curve that lie in the drawing."""
    margin = 1e-9 * (y.high - y.low)
    for inside, run in itertools.groupby(points, key=lambda each: math.isfinite(each[1]) and y.low - margin <= each[1] <= y.high + margin):
        if inside:
            yield list(run)
