"""Figure: the values of a population with thresholds among them, the share that a threshold lets in, levels over time; as SVG beside their tables."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, number, round_range, svg_text, text_width
from guiju.base.rounding import decimal_text
from guiju.frontrunner.authoring.asked import Answer
from guiju.frontrunner.authoring.preview import Standing, reach
from guiju.frontrunner.authoring.told import Table, percent, said
from guiju.frontrunner.effect.adoption import Adoption

WIDE, NARROW = 720, 360
STYLE = """text{font:13px system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC",sans-serif;fill:#1c2430}.tick{fill:#566270;font-size:12px}
.label{fill:#566270}.name{font-size:12px}.grid{stroke:#d5dbe3;stroke-width:1}.axis{stroke:#7d8896;stroke-width:1}.curve{fill:none;stroke-width:2.2}
.c0{stroke:#0b6b5d}.c1{stroke:#5b5f97;stroke-dasharray:8 4}.c2{stroke:#8a5300;stroke-dasharray:2 4}.b0{fill:#0b6b5d}.b1{fill:#8a5300}.b3{fill:#7d8896}
.r0{stroke:#1c2430;stroke-width:1.4}.r1{stroke:#b3261e;stroke-width:1.4}.z0{fill:#0b6b5d;fill-opacity:.22}.z1{fill:#5b5f97;fill-opacity:.22}"""
"""For a drawing that stands by itself; a page has the same classes in its own style sheet, which follows the reader's light or dark."""
BINS, ROWS_SHOWN = 24, 40
_HEAD, _ROW = 34.0, 20
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """bars       (from, to, height, kind, what is told of it)
    lines      (points of a step curve, kind, name)
    uprights   (place, kind, name)
    days       whether x counts days, as `date.toordinal` does
    """

    title: str
    says: str
    x: str
    y: str
    bars: tuple[tuple[float, float, float, str, str], ...]
    lines: tuple[tuple[tuple[Point, ...], str, str], ...]
    uprights: tuple[tuple[float, str, str], ...]
    table: Table
    days: bool = False

    def svg(self, width: int) -> str:
        """For a page whose style sheet has the classes of plots."""
        return _Made(self, width).svg()

    def alone(self) -> bytes:
        """For a document: with a style of its own."""
        return _Made(self, WIDE).svg(STYLE).encode("utf-8")


def distribution(answer: Answer, language: Language) -> Drawing:
    """How many products have which value, by level, with the thresholds and the national limit."""
    sample, standing, national = answer.sample, answer.standing, answer.proposal.question.national
    title, unit = sample.indicator.indicator.title.text(language), sample.unit.shown
    return spread(title, unit, binned(standing), [*map(float, standing.thresholds)], None if national is None else float(national), language)


Bin = tuple[float, float, tuple[int, ...]]


def spread(title: str, unit: str, bins: Sequence[Bin], thresholds: Sequence[float], national: float | None, language: Language) -> Drawing:
    """The same of steps as `binned` gives them. unit: as shown"""
    none, bars = len(thresholds) + 1, []
    for start, end, held in bins:
        base = 0
        for level, count in enumerate(held, 1):
            if count:
                name = said(language, "未达", "none") if level == none else said(language, f"{level} 级", f"level {level}")
                says = f"{number(round(start, 9))}–{number(round(end, 9))}: {name}, {count}"
                bars.append((start, end, float(count), f"{base}|{_kind(level, none)}", says))
                base += count
    marks = [(each, "r0", said(language, f"{level} 级", f"level {level}")) for level, each in enumerate(thresholds, 1)]
    if national is not None and bins[0][0] <= national <= bins[-1][1]:
        marks.append((national, "r1", said(language, "国家限值", "national limit")))
    header = (said(language, "从", "from"), said(language, "到", "to"), said(language, "产品", "products"))
    rows = tuple((number(round(start, 9)), number(round(end, 9)), str(sum(held))) for start, end, held in bins if sum(held))
    counts = [sum(held[at] for _, _, held in bins) for at in range(none)]
    says = said(language, f"{sum(counts)} 个产品；各级 {'、'.join(map(str, counts[:-1]))}，未达 {counts[-1]}",
                f"{sum(counts)} products; by level {', '.join(map(str, counts[:-1]))}, none {counts[-1]}")  # fmt: skip
    return Drawing(said(language, f"{title}的分布", f"distribution of {title}"), says, f"{title} / {unit}" if unit else title,
                   said(language, "产品数", "products"), tuple(bars), (), tuple(marks), Table("", header, rows, (0, 1, 2)))  # fmt: skip


def binned(standing: Standing) -> list[Bin]:
    """(from, to, products by level with none last) of steps of equal width that hold every value and every threshold."""
    places = [*map(float, standing.sample.values), *map(float, standing.thresholds)]
    low, high, _ = round_range(min(places), max(places), 8)
    width = (high - low) / BINS
    counts = [[0] * standing.none for _ in range(BINS)]
    for value, level in zip(standing.sample.values, standing.levels, strict=True):
        counts[min(int((float(value) - low) / width), BINS - 1)][level - 1] += 1
    return [(low + at * width, low + (at + 1) * width, tuple(held)) for at, held in enumerate(counts)]


def _kind(level: int, none: int) -> str:
    """How the bars of a level look; those of none are grey."""
    return "b3" if level == none else ("b0", "b1", "z1", "z0")[min(level - 1, 3)]


def reached(standing: Standing, language: Language) -> Drawing:
    """The share of products that reach a threshold, as a function of it: every step of it is a product."""
    sample = standing.sample
    n = len(sample.offers)
    steps = reach(sample.values, sample.better)
    points: list[Point] = []
    before = 0.0
    for value, count in steps:
        points += [(float(value), before), (float(value), before := 100 * count / n)]
    every = max(1, -(-len(steps) // ROWS_SHOWN))
    rows = tuple((decimal_text(value), str(count), percent(count, n)) for at, (value, count) in enumerate(steps) if at % every == 0 or count == n)
    header = (said(language, "界限", "threshold"), said(language, "达到的产品", "products that reach it"), said(language, "占比", "share"))
    marks = tuple((float(each), "r0", said(language, f"{level} 级", f"level {level}")) for level, each in enumerate(standing.thresholds, 1))
    title = sample.indicator.indicator.title.text(language)
    unit = sample.unit.shown
    says = said(language, "界限越严，达到的越少；每一个台阶是一个产品的值",
                "the stricter the threshold, the fewer reach it; every step is the value of a product")  # fmt: skip
    return Drawing(said(language, "敏感性：界限与达到的份额", "sensitivity: threshold and share"), says, f"{title} / {unit}" if unit else title, "%",
                   (), ((tuple(points), "c0", ""),), marks, Table("", header, rows, (0, 1, 2)))  # fmt: skip


def adopted(found: Adoption, table: Table, language: Language) -> Drawing:
    """The share of products on sale that reach each level, as time goes by."""
    levels = range(1, found.standing.none)
    lines = []
    for level in levels:
        points: list[Point] = []
        for each in found.moments:
            assert each.on is not None
            at, share = float(each.on.toordinal()), float(100 * each.share(level))
            points += [(at, points[-1][1]), (at, share)] if points else [(at, share)]
        name = said(language, f"{level} 级" + ("或更好" if level > 1 else ""), f"level {level}" + (" or better" if level > 1 else ""))
        lines.append((tuple(points), f"c{min(level - 1, 5)}", name))
    says = said(language, "至该日上市的产品中达到的份额；产品的值不随时间变",
                "of the products on sale by that day; a product's value does not change")  # fmt: skip
    return Drawing(said(language, "达到的份额随时间", "share that reaches it, over time"), says, said(language, "上市日期", "on sale"), "%",
                   (), tuple(lines), (), table, True)  # fmt: skip


class _Made:
    def __init__(self, drawing: Drawing, width: int) -> None:
        self.drawing, self.width = drawing, width
        is_narrow = width < WIDE
        xs = [place for bar in drawing.bars for place in bar[:2]] + [x for points, _, _ in drawing.lines for x, _ in points]
        xs += [place for place, _, _ in drawing.uprights]
        tops = [float(kind.partition("|")[0]) + height for _, _, height, kind, _ in drawing.bars]
        high = max([*tops, *(y for points, _, _ in drawing.lines for _, y in points)], default=1.0)
        low_x, high_x, step_x = (min(xs), max(xs), 1.0) if drawing.days else round_range(min(xs), max(xs), 4 if is_narrow else 8)
        _, high_y, step_y = round_range(0.0, high or 1.0, 5)
        height = 220.0 if is_narrow else 260.0
        self.x = Scale(low_x, high_x if high_x > low_x else low_x + 1, 46.0, width - 16.0, step_x)
        self.y = Scale(0.0, high_y, _HEAD + height, _HEAD, step_y)

    def svg(self, style: str = "") -> str:
        legend = [(kind, name) for _, kind, name in self.drawing.lines if name]
        parts = [*self.frame(), *self.marks(), *self.names(), *self.below(legend)]
        height = self.y.start + 48 + (_ROW * len(legend) if self.width < WIDE else _ROW * bool(legend))
        told = html.escape(f"{self.drawing.title}: {self.drawing.says}")
        size = f' width="{self.width}" height="{height:.0f}"' if style else ""
        held = f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>' if style else ""
        return (f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {self.width} {height:.0f}"{size} role="img" '
                f'aria-label="{told}">{held}{"".join(parts)}</svg>')  # fmt: skip

    def frame(self) -> Iterator[str]:
        x, y = self.x, self.y
        for value in y.ticks:
            yield f'<path class="grid" d="M{x.start:.1f} {y(value):.1f}H{x.end:.1f}"/>'
            yield svg_text(x.start - 6, y(value) + 4, number(round(value, 12)), "tick", "end")
        for place, name in self.ticks():
            yield f'<path class="axis" d="M{x(place):.1f} {y.start:.1f}v4"/>'
            yield svg_text(x(place), y.start + 17, name, "tick", "middle")
        yield f'<path class="axis" d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}"/>'
        yield svg_text(x.end, y.start + 36, self.drawing.x, "label", "end")
        yield svg_text(4, 12, self.drawing.y, "label", "start")

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Round numbers, or the firsts of years (of half years where there is one year only)."""
        if not self.drawing.days:
            yield from ((value, number(round(value, 12))) for value in self.x.ticks)
            return
        first, last = date.fromordinal(int(self.x.low)), date.fromordinal(int(self.x.high))
        months = (1,) if last.year - first.year > 1 else (1, 4, 7, 10)
        every = 1 + (last.year - first.year) // (6 if self.width >= WIDE else 4)
        for year in range(first.year, last.year + 1, every):
            for month in months:
                day = date(year, month, 1)
                if first <= day <= last:
                    yield float(day.toordinal()), str(year) if months == (1,) else f"{year}-{month:02d}"

    def marks(self) -> Iterator[str]:
        x, y = self.x, self.y
        for start, end, height, kind, says in self.drawing.bars:
            base, _, class_ = kind.partition("|")
            top, bottom = y(float(base) + height), y(float(base))
            yield (f'<rect class="{class_}" x="{x(start) + 0.5:.1f}" y="{top:.1f}" width="{max(x(end) - x(start) - 1, 0.8):.1f}" '
                   f'height="{max(bottom - top, 0.8):.1f}"><title>{html.escape(says)}</title></rect>')  # fmt: skip
        for points, kind, _ in self.drawing.lines:
            places = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
            yield f'<polyline class="curve {kind}" points="{places}"/>'

    def names(self) -> Iterator[str]:
        """Upright lines, their names above the plot where they do not meet, else one beneath another in it."""
        ends: list[float] = []
        for place, kind, name in sorted(self.drawing.uprights):
            at, half = self.x(place), text_width(name) / 2
            middle = min(max(at, self.x.start + half), self.width - half - 2)
            row = next((n for n, end in enumerate(ends) if middle - half > end + 6), len(ends))
            ends[row : row + 1] = [middle + half]
            yield f'<path class="{kind}" d="M{at:.1f} {self.y.start:.1f}V{self.y.end - 2:.1f}"/>'
            yield svg_text(middle, _HEAD - 6 + 15 * row, name, "name", "middle")

    def below(self, legend: Sequence[tuple[str, str]]) -> Iterator[str]:
        left, level = 8.0, self.y.start + 58
        for kind, name in legend:
            yield f'<path class="curve {kind}" d="M{left:.1f} {level - 4:.1f}h28"/>'
            yield svg_text(left + 34, level, name, "name", "start")
            if self.width < WIDE:
                level += _ROW
            else:
                left += text_width(name) + 58
