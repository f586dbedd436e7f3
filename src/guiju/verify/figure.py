"""Figure: the products of a population against the limits of several editions, as an SVG that needs nothing else.

Drawn for a width, so that text stays readable at 960 and at 390 pixels. Colours follow the reader's light or dark setting; verdicts are told
by their marks as well.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, apart, mark, number, round_range, svg_text, text_width, wrapped
from guiju.base.rounding import decimal_text, round_gb
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import WORDS
from guiju.readings.limit import Curve, pieces, strictness
from guiju.verify.lag import Drawing, Lag, Point

NARROW = 560
"""Below this width points carry no titles."""
CROWD = 400
"""Beyond so many points they are small, and the limits are drawn over them."""
NAME_SHARE_MAX = 0.3
"""Of the width; where a name is longer, limits are numbered and named beneath the plot."""

STYLE = """
.lag text{font:13px/1.4 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;fill:#1c2430;
font-variant-numeric:tabular-nums}
.lag .paper{fill:#fff}.lag .faint{fill:#5a6675}.lag .strong{font-weight:600}.lag .small{font-size:12px}.lag .title{font-size:15px}
.lag .grid{stroke:#e3e7ec;stroke-width:1}.lag .axis{stroke:#8a94a0;stroke-width:1}
.lag .allowed{fill:#0b6b5d;fill-opacity:.06}
.lag .limit{fill:none;stroke:#66717e;stroke-width:1.4}.lag .newest{stroke:#1c2430;stroke-width:2.4}
.lag .leader{fill:none;stroke:#a9b2bc;stroke-width:.8}
.lag .halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.lag .pass{fill:#0b6b5d;fill-opacity:.8;stroke:#fff;stroke-width:.8}
.lag .fail{fill:none;stroke:#b3261e;stroke-width:2.2;stroke-linecap:round}
.lag .undetermined{fill:none;stroke:#5b5f97;stroke-width:1.6}
.lag .not_applicable{fill:none;stroke:#5a6675;stroke-width:2.6}
.lag .crossing{fill:#fff;stroke:#1c2430;stroke-width:1.5}
@media (prefers-color-scheme:dark){
.lag text{fill:#e6eaf0}.lag .paper{fill:#14181e}.lag .faint{fill:#a2adbb}.lag .grid{stroke:#2a313a}.lag .axis{stroke:#76818e}
.lag .allowed{fill:#5ec9b6;fill-opacity:.09}.lag .limit{stroke:#97a2af}.lag .newest{stroke:#f2f5f8}.lag .leader{stroke:#56606c}
.lag .halo{stroke:#14181e}.lag .pass{fill:#5ec9b6;stroke:#14181e}.lag .fail{stroke:#ff8f80}.lag .undetermined{stroke:#b3b7f2}
.lag .not_applicable{stroke:#a2adbb}.lag .crossing{fill:#14181e;stroke:#f2f5f8}}
"""
_DASHES = ("2 5", "7 4", "11 3 2 3", "14 3", "1 3")
_ORDER = (Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED, Verdict.PASS, Verdict.FAIL)
"""Drawn in this order: what matters most lies on top."""
_LEGEND = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Line:
    """Limits that are one line in the figure, in the figure's units; `number` from 1, oldest first."""

    number: int
    names: tuple[str, ...]
    runs: tuple[tuple[tuple[float, float], ...], ...]
    is_newest: bool

    @property
    def end(self) -> tuple[float, float]:
        return self.runs[-1][-1]

    @property
    def rows(self) -> tuple[str, ...]:
        """The names, one under the other."""
        return (self.names[0], *(f"= {name}" for name in self.names[1:]))

    @property
    def name(self) -> str:
        return " ".join(self.rows)


def figure_svg(lag: Lag, language: Language, width: int = 960, *, id_: str = "lag", brief: bool = False) -> str | None:
    """The products on their place, marked by the verdict of the newest edition, and every edition's limit as a line.

    width    in pixels: 960 for a page, 390 for a telephone
    id_      begins the ids, so that two figures can stand in one page
    brief    for a page that lists the assumptions itself: only what is treated as something else is said in the figure
    returns  None where no limit goes by a number
    """
    return None if lag.drawing is None else _Figure(lag, lag.drawing, language, width, brief).svg(id_)


class _Figure:
    def __init__(self, lag: Lag, drawing: Drawing, language: Language, width: int, brief: bool) -> None:
        self.lag, self.drawing, self.language, self.width, self.brief = lag, drawing, language, width, brief
        self.is_narrow = width < NARROW
        xs = [point.x for point in drawing.points] or [float(drawing.x.minimum or 0), float(drawing.x.maximum or 1)]
        low, high, x_step = round_range(min(xs), max(xs), 6)
        self.lines = _lines(drawing, Fraction(low), Fraction(high))
        ys = [point.y for point in drawing.points] + [y for line in self.lines for run in line.runs for _, y in run]
        bottom, top, y_step = round_range(min(ys), max(ys), 6)
        widest = max(text_width(name) for line in self.lines for name in line.rows) + 30
        self.is_listed = widest > width * NAME_SHARE_MAX
        self.heading = [] if brief else wrapped(self.title(), width - 16, 7.6)
        self.first = 24.0 + 22 * len(self.heading)
        head = self.first + (64 if self.is_narrow else 42)
        height = 300.0 if self.is_narrow else 430.0
        self.x = Scale(low, high, 44.0 if self.is_narrow else 56.0, width - (28.0 if self.is_listed else widest), x_step)
        self.y = Scale(bottom, top, head + height, head, y_step)

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def svg(self, id_: str) -> str:
        below = self.below()
        height = self.y.start + 56 + (20 * len(below) + 6 if below else 0)
        behind, before = (self.limits(), self.points()) if len(self.drawing.points) <= CROWD else (self.points(), self.limits())
        parts = (self.headed(), self.frame(), behind, before, self.crossings(), self.labels(), self.legend())
        body = [element for part in parts for element in part]
        body += [svg_text(8, self.y.start + 70 + 20 * row, text, kind, "start") for row, (text, kind) in enumerate(below)]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="lag" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
            f'role="img" aria-labelledby="{id_}-title {id_}-desc"><title id="{id_}-title">{html.escape(self.title())}</title>'
            f'<desc id="{id_}-desc">{html.escape(self.description())}</desc><style>{STYLE}</style>'
            f'<rect class="paper" width="100%" height="100%"/>{"".join(body)}</svg>'
        )

    def title(self) -> str:
        d = self.drawing
        title = self.lag.title.text(self.language)
        return self.word(f"{title}：{d.y.zh}与各版限值", f"{title}: {d.y.en} and the limits of {len(d.curves)} editions")

    def description(self) -> str:
        """The figure in words, for those who do not see it; the numbers stand in the tables beneath."""
        d, counts = self.drawing, self.counted()
        words = self.word("，", ", ").join(f"{WORDS[v][self.language]} {n}" for v, n in counts)
        limits = self.word("；", "; ").join(line.name for line in self.lines)
        judged = self.word(
            f"{d.places} 个位置上的产品按 {self.judge} 判定：{words}。", f"Products at {d.places} places, judged by {self.judge}: {words}. "
        )
        axes = self.word(
            f"横轴为{d.x.heading('zh')}，纵轴为{d.y.heading('zh')}。", f"The x axis is {d.x.heading('en')}, the y axis {d.y.heading('en')}. "
        )
        return axes + judged + self.word(f"线为各版限值，由旧到新：{limits}。", f"The lines are the limits, oldest first: {limits}.")

    @property
    def judge(self) -> str:
        return self.drawing.newest.label

    def counted(self) -> list[tuple[Verdict, int]]:
        return [(verdict, rows) for verdict in _LEGEND if (rows := self.drawing.counts[verdict])]

    # The parts, from the back to the front.

    def headed(self) -> Iterator[str]:
        for row, text in enumerate(self.heading):
            yield svg_text(8, 24 + 22 * row, text, "strong title", "start")

    def frame(self) -> Iterator[str]:
        x, y = self.x, self.y
        for value in y.ticks:
            yield f'<path class="grid" d="M{x.start:.1f} {y(value):.1f}H{x.end:.1f}"/>'
            yield svg_text(x.start - 8, y(value) + 4.5, number(value), "faint small", "end")
        for value in x.ticks:
            yield f'<path class="axis" d="M{x(value):.1f} {y.start:.1f}v5"/>'
            yield svg_text(x(value), y.start + 20, number(value), "faint small", "middle")
        yield f'<path class="axis" d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}"/>'
        yield svg_text(x.end, y.start + 41, self.drawing.x.heading(self.language), "faint", "end")
        yield svg_text(x.start - (36 if self.is_narrow else 44), y.end - 14, self.drawing.y.heading(self.language), "faint", "start")

    def limits(self) -> Iterator[str]:
        newest = self.lines[-1]
        edge = "".join(f"L{self.x(x):.1f} {self.y(y):.1f}" for run in newest.runs for x, y in run)
        floor = self.y.start if self.drawing.newest.comparison.upper else self.y.end
        yield f'<path class="allowed" d="M{self.x.start:.1f} {floor:.1f}{edge}L{self.x.end:.1f} {floor:.1f}Z"/>'
        for position, line in enumerate(self.lines):
            drawn = "".join("M" + "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in run) for run in line.runs)
            dash = "" if line.is_newest else f' stroke-dasharray="{_DASHES[position % len(_DASHES)]}"'
            kind = "limit newest" if line.is_newest else "limit"
            yield f'<path class="{kind}"{dash} d="{drawn}"><title>{html.escape(line.name)}</title></path>'

    def points(self) -> Iterator[str]:
        places = len(self.drawing.points)
        base = 5.0 if places <= 40 and not self.is_narrow else 3.6 if places <= CROWD else 2.4
        for verdict in _ORDER:
            for point in self.drawing.points:
                if point.verdict is verdict:
                    radius = base + min(base / 2, 0.6 * math.sqrt(point.rows - 1))
                    title = "" if self.is_narrow else f"<title>{html.escape(self.told(point))}</title>"
                    yield mark(verdict.value, self.x(point.x), self.y(point.y), radius, title)

    def told(self, point: Point) -> str:
        d = self.drawing
        rows = self.word(f"{point.rows} 条", f"{point.rows} records") if point.rows > 1 else ""
        keys = ", ".join(point.keys) + (" …" if point.rows > len(point.keys) else "")
        place = f"{number(point.x)} {d.x.unit_text} · {number(point.y)} {d.y.unit_text}"
        return " · ".join(part for part in (keys, place, WORDS[point.verdict][self.language], rows) if part)

    def crossings(self) -> Iterator[str]:
        """Where the newest limit and the one before it cross: on one side the newer is the looser."""
        found = _crossings(self.drawing, Fraction(self.x.low), Fraction(self.x.high))
        for x, y in found:
            px, py = self.x(float(x)), self.y(y)
            rounded = decimal_text(round_gb(x, Fraction(1, 100)))
            yield f'<path class="crossing" d="M{px:.1f} {py - 5:.1f}l5 5l-5 5l-5 -5Z"/>'
            yield svg_text(px + 7, py + 19, f"{rounded} {self.drawing.x.unit_text}", "small halo", "start")

    def labels(self) -> Iterator[str]:
        tall = [19.0 * (1 if self.is_listed else len(line.rows)) for line in self.lines]
        places = apart([self.y(line.end[1]) for line in self.lines], tall, self.y.end + 6, self.y.start - 4)
        for line, place in zip(self.lines, places, strict=True):
            start = self.x.end
            yield f'<path class="leader" d="M{start:.1f} {self.y(line.end[1]):.1f}L{start + 12:.1f} {place:.1f}"/>'
            for row, name in enumerate([str(line.number)] if self.is_listed else line.rows):
                yield svg_text(start + 16, place + 4.5 + 19 * row, name, "small strong" if line.is_newest else "small faint", "start")

    def legend(self) -> Iterator[str]:
        x, y = 8.0, self.first
        intro = self.word(f"按 {self.judge} 判定：", f"judged by {self.judge}:")
        yield svg_text(x, y + 4.5, intro, "small", "start")
        x, y = (8.0, y + 22) if self.is_narrow else (x + text_width(intro) + 14, y)
        for verdict, rows in self.counted():
            text = f"{WORDS[verdict][self.language]} {rows:,}"
            yield mark(verdict.value, x + 6, y, 4.6, "")
            yield svg_text(x + 18, y + 4.5, text, "small", "start")
            x += 34 + text_width(text)

    def below(self) -> list[tuple[str, str]]:
        """Lines of text beneath: names of numbered limits, and what the figure rests on."""
        listed = [(f"{line.number}  {line.name}", "small strong" if line.is_newest else "small faint") for line in self.lines if self.is_listed]
        said = {"note": self.word("说明：", "note: ")}
        assumed = [a for a in self.lag.assumptions if a.kind == "treated-as" or not self.brief]
        told = [said.get(a.kind, self.word("假设：", "assumed: ")) + a.title.text(self.language) for a in assumed]
        if len(self.drawing.points) < self.drawing.places:
            points, places = len(self.drawing.points), self.drawing.places
            told.append(self.word(f"图中只画出 {places:,} 个位置中的 {points:,} 个", f"{points:,} of {places:,} places are drawn"))
        return listed + [(line, "small faint") for each in told for line in wrapped(each, self.width - 16, 6.6)]


def _lines(drawing: Drawing, low: Fraction, high: Fraction) -> list[Line]:
    """The limits as lines from low to high; those that are the same line everywhere become one, with both names."""
    found: dict[tuple[tuple[tuple[float, float], ...], ...], list[Curve]] = {}
    for each in drawing.curves:
        runs = tuple(tuple(_placed(drawing, each, x, y) for x, y in run) for run in _pieces(drawing, each, low, high))
        if runs:
            found.setdefault(runs, []).append(each)
    ordered = sorted(found.items(), key=lambda item: drawing.curves.index(item[1][-1]))
    names = [tuple(each.program.standard.number for each in reversed(curves)) for _, curves in ordered]
    return [Line(n, names[n - 1], runs, n == len(ordered)) for n, (runs, _) in enumerate(ordered, 1)]


def _ratios(drawing: Drawing, each: Curve) -> tuple[Fraction, Fraction]:
    """What a value of the curve's own units is in the figure's."""
    own, of = each.comparison.input.unit, each.of.unit if each.of else None
    x = of.ratio(drawing.x.unit) if of and drawing.x.unit else Fraction(1)
    return x, own.ratio(drawing.y.unit) if own and drawing.y.unit else Fraction(1)


def _pieces(drawing: Drawing, each: Curve, low: Fraction, high: Fraction) -> Iterator[list[tuple[Fraction, Fraction]]]:
    across, _ = _ratios(drawing, each)
    return pieces(each, low / across, high / across)


def _placed(drawing: Drawing, each: Curve, x: Fraction, y: Fraction) -> tuple[float, float]:
    across, up = _ratios(drawing, each)
    return float(x * across), float(y * up)


def _crossings(drawing: Drawing, low: Fraction, high: Fraction) -> list[tuple[Fraction, float]]:
    newest = drawing.newest
    before = [each for each in drawing.curves if each.comparison.input.unit == newest.comparison.input.unit and each is not newest]
    for older in reversed(before):
        found = strictness(older, newest, low, high).crossings
        if found:
            return [(x, float(y)) for x in found if (y := newest.at(x)) is not None]
    return []
