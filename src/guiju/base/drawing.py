"""Drawing: what every figure needs: a scale, round ticks, texts that fit and do not overlap. An SVG is put together from it as text."""

from __future__ import annotations

import html
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guiju.base.diagnostics import width as columns_of


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` onto pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        first = math.ceil(self.low / self.step - 1e-9)
        return [index * self.step for index in range(first, math.floor(self.high / self.step + 1e-9) + 1)]


def svg_text(x: float, y: float, text: str, kind: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'


def text_width(text: str) -> float:
    """About how wide a text of 12 pixels is; a Chinese character is as wide as it is high."""
    return 7.2 * columns_of(text)


def wrapped(text: str, width: float, per_column: float) -> list[str]:
    """The text in lines of at most that many pixels, broken at spaces and between Chinese characters."""
    lines, most = [""], width / per_column
    for piece in re.findall(r"[（「]*(?:[^\s\u3000-\u9fff\uff00-\uffef]+\s*|.)[，。；：、）」]*", text):
        if lines[-1] and columns_of(lines[-1] + piece.rstrip()) > most:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def round_range(low: float, high: float, parts: int) -> tuple[float, float, float]:
    """A range of whole steps around the values, and the step: 1, 2 or 5 times a power of ten."""
    span = (high - low) or abs(high) or 1.0
    raw = span / parts
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def apart(places: Sequence[float], tall: Sequence[float], top: float, bottom: float) -> list[float]:
    """The places, in their order, moved as little as gives each the room it needs below it."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + tall[before])
    if order:
        last = order[-1]
        moved[last] = min(moved[last], bottom - tall[last] + 19)
    for after, before in itertools.pairwise(order[::-1]):
        moved[before] = min(moved[before], moved[after] - tall[before])
    return [max(top, place) for place in moved]


def number(value: float) -> str:
    return f"{value:.10g}"


def mark(verdict: str, x: float, y: float, radius: float, title: str = "") -> str:
    """The sign of a verdict, of the class of its name: a disc passes, a cross fails, a ring is undetermined, a dash does not apply."""
    if verdict in ("pass", "undetermined"):
        return f'<circle class="{verdict}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{title}</circle>'
    if verdict == "fail":
        r = radius * 0.9
        return f'<path class="{verdict}" d="M{x - r:.1f} {y - r:.1f}l{2 * r:.1f} {2 * r:.1f}m0 {-2 * r:.1f}l{-2 * r:.1f} {2 * r:.1f}">{title}</path>'
    return f'<path class="{verdict}" d="M{x - radius:.1f} {y:.1f}h{2 * radius:.1f}">{title}</path>'
