"""Limits: a limit that goes by a number, drawn exactly from its table, with the standard's own examples on it; and the same as a table."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from markupsafe import Markup

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, apart, mark, number, round_range, svg_text, text_width, wrapped
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.explain import WORDS
from guiju.readings.limit import Comparison, Curve, comparisons, curve, pieces
from guiju.standard.model import Input

FIGURES_MAX, LINES_MAX = 8, 6
WIDE, NARROW = 720, 360
CROWD = 40
"""Beyond so many points they are small."""


@dataclass(frozen=True, slots=True)
class Line:
    """name   of the categories it is drawn for; empty where there is one line only"""

    name: str
    curve: Curve
    runs: tuple[tuple[tuple[Fraction, Fraction], ...], ...]


@dataclass(frozen=True, slots=True)
class Point:
    name: str
    x: Fraction
    y: Fraction
    verdict: Verdict


@dataclass(frozen=True)
class LimitFigure:
    """rows   of the table: name, from, to, limit at either end"""

    comparison: Comparison
    title: str
    x: Input
    y: Input
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    language: Language

    @property
    def id(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.comparison.no)

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        found = []
        for line in self.lines:
            for run in line.runs:
                (low, first), (high, last) = run[0], run[-1]
                value = decimal_text(first) if first == last else f"{decimal_text(first)} → {decimal_text(last)}"
                found.append((line.name, decimal_text(low), decimal_text(high), value))
        return found

    def svg(self, width: int) -> Markup:
        return Markup(_Drawing(self, width).svg())


def limit_figures(program: Program, examples: Sequence[tuple[str, Evaluation]], language: Language) -> list[LimitFigure]:
    """A figure for every clause that limits one measured input by another number; where categories decide too, a line for each."""
    found: dict[tuple[object, ...], LimitFigure] = {}
    for comparison in comparisons(program).values():
        numbers = [n for n in comparison.depends if program.inputs[n].kind == "number"]
        others = [program.inputs[n] for n in comparison.depends if program.inputs[n].kind != "number"]
        choices = [_values(each) for each in others]
        count = 1
        for each in choices:
            count *= len(each)
        if len(numbers) != 1 or not 1 <= count <= LINES_MAX or len(found) >= FIGURES_MAX:
            continue
        made = _figure(program, comparison, others, choices, examples, language)
        if made is not None:
            found.setdefault((made.x.name, made.y.is_, tuple(line.runs for line in made.lines)), made)
    return list(found.values())


def _values(declared: Input) -> list[Value]:
    return list(declared.values) if declared.kind == "category" else [True, False] if declared.kind == "boolean" else []


def _figure(
    program: Program, comparison: Comparison, others: Sequence[Input], choices: Sequence[Sequence[Value]],
    examples: Sequence[tuple[str, Evaluation]], language: Language,
) -> LimitFigure | None:  # fmt: skip
    x = program.inputs[next(n for n in comparison.depends if program.inputs[n].kind == "number")]
    curves = []
    for values in product(*choices):
        fixed: Mapping[str, Value] = {each.name: value for each, value in zip(others, values, strict=True)}
        made = curve(program, comparison, fixed)
        if made is not None:
            curves.append((_called(others, values, language), made))
    points = tuple(_points(comparison, x, examples))
    low, high = _range(x, [c for _, c in curves], points)
    lines = tuple(Line(name, each, tuple(tuple(run) for run in pieces(each, low, high))) for name, each in curves)
    lines = tuple(line for line in lines if line.runs)
    title = next(m.clause.title for m in program.clauses if m.no == comparison.no).text(language)
    return LimitFigure(comparison, title, x, comparison.input, lines, points, language) if lines else None


def _called(others: Sequence[Input], values: Sequence[Value], language: Language) -> str:
    told = []
    for each, value in zip(others, values, strict=True):
        label = each.labels.get(str(value))
        word = label[language == "en"] if label else str(value)
        told.append(f"{each.title(language)}: {WORDS_BOOLEAN[value][language]}" if isinstance(value, bool) else word)
    return ", ".join(told)


WORDS_BOOLEAN: Mapping[bool, Mapping[Language, str]] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


def _points(comparison: Comparison, x: Input, examples: Sequence[tuple[str, Evaluation]]) -> Iterator[Point]:
    for name, evaluation in examples:
        at, measured = evaluation.record.get(x.name), evaluation.record.get(comparison.input.name)
        verdict = evaluation.verdicts.get(comparison.no)
        if isinstance(at, Fraction) and isinstance(measured, Fraction) and verdict is not None:
            yield Point(name, at, measured, verdict)


def _range(x: Input, curves: Sequence[Curve], points: Sequence[Point]) -> tuple[Fraction, Fraction]:
    """Where something happens: the ends of table rows and the examples, with a third more on either side, inside what the input allows."""
    places = sorted({knot for each in curves for knot in each.knots()} | {p.x for p in points})
    least, most = x.minimum or Fraction(0), x.maximum or Fraction(100)
    if len(places) < 2:
        return least, most
    room = (places[-1] - places[0]) / 3
    low, high = max(least, places[0] - room), min(most, places[-1] + room)
    grid = x.grid
    return low // grid * grid, -(-high // grid) * grid


class _Drawing:
    """One figure at one width. Colours are those of the style sheet, by class; nothing is styled in place."""

    def __init__(self, figure: LimitFigure, width: int) -> None:
        self.figure, self.width, self.language = figure, width, figure.language
        self.is_narrow = width < 480
        xs = [float(x) for line in figure.lines for run in line.runs for x, _ in run]
        ys = [float(y) for line in figure.lines for run in line.runs for _, y in run] + [float(p.y) for p in figure.points]
        low, high, x_step = round_range(min(xs), max(xs), 5 if self.is_narrow else 8)
        low, high = min(xs), max(xs)
        bottom, top, y_step = round_range(min(ys), max(ys), 6)
        bottom -= y_step if min(ys) - bottom < y_step / 3 and bottom > 0 else 0
        names = [line.name for line in figure.lines if line.name]
        right = min(max((text_width(n) + 24 for n in names), default=16.0), width * 0.34)
        self.x = Scale(low, high, 52.0, width - right, x_step)
        self.y = Scale(bottom, top if top > bottom else bottom + 1, 300.0, 40.0, y_step)

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def svg(self) -> str:
        f, id_ = self.figure, f"plot-{self.figure.id}-{self.width}"
        body = "".join([*self.allowed(), *self.frame(), *self.lines(), *self.points()])
        title = self.word(f"{f.y.zh}的限值随{f.x.zh}", f"the limit of {f.y.en} over {f.x.en}")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {self.width} 348" role="img" aria-labelledby="{id_}-t {id_}-d">'
            f'<title id="{id_}-t">{html.escape(title)}</title><desc id="{id_}-d">{html.escape(self.description())}</desc>{body}</svg>'
        )

    def description(self) -> str:
        rows = self.figure.rows
        told = "; ".join(f"{n + ' ' if n else ''}{low}–{high}: {value}" for n, low, high, value in rows[:12])
        return self.word("数值见图下的表。", "The numbers stand in the table below. ") + told

    def frame(self) -> Iterator[str]:
        for value in self.y.ticks:
            yield f'<path class="grid" d="M{self.x.start:.1f} {self.y(value):.1f}H{self.x.end:.1f}"/>'
            yield svg_text(self.x.start - 8, self.y(value) + 4.5, number(value), "tick", "end")
        for value in self.x.ticks:
            yield f'<path class="axis" d="M{self.x(value):.1f} {self.y.start:.1f}v5"/>'
            yield svg_text(self.x(value), self.y.start + 20, number(value), "tick", "middle")
        yield f'<path class="axis" d="M{self.x.start:.1f} {self.y.start:.1f}H{self.x.end:.1f}"/>'
        yield svg_text(self.x.end, self.y.start + 42, self.figure.x.heading(self.language), "label", "end")
        room = self.width - 16
        yield svg_text(4, 16, wrapped(self.figure.y.heading(self.language), room, 7.2)[0], "label", "start")

    def allowed(self) -> Iterator[str]:
        if len(self.figure.lines) == 1:
            floor = self.y.start if self.figure.comparison.upper else self.y.end
            for run in self.figure.lines[0].runs:
                edge = "".join(f"L{self.x(float(x)):.1f} {self.y(float(y)):.1f}" for x, y in run)
                first, last = self.x(float(run[0][0])), self.x(float(run[-1][0]))
                yield f'<path class="allowed" d="M{first:.1f} {floor:.1f}{edge}L{last:.1f} {floor:.1f}Z"/>'

    def lines(self) -> Iterator[str]:
        ends = [self.y(float(line.runs[-1][-1][1])) for line in self.figure.lines]
        places = apart(ends, [18.0] * len(ends), self.y.end, self.y.start)
        for position, (line, place) in enumerate(zip(self.figure.lines, places, strict=True)):
            drawn = "".join("M" + "L".join(f"{self.x(float(x)):.1f} {self.y(float(y)):.1f}" for x, y in run) for run in line.runs)
            yield f'<path class="limit l{position}" d="{drawn}"/>'
            if line.name:
                shown = wrapped(line.name, self.width - self.x.end - 12, 7.2)[0]
                yield svg_text(self.x.end + 8, place + 4.5, shown, "name", "start")

    def points(self) -> Iterator[str]:
        for point in self.figure.points:
            if self.x.low <= point.x <= self.x.high and point.verdict is not Verdict.NOT_APPLICABLE:
                x, y = self.x(float(point.x)), self.y(float(point.y))
                unit_x, unit_y = self.figure.x.unit_text, self.figure.y.unit_text
                told = f"{point.name} · {decimal_text(point.x)} {unit_x} · {decimal_text(point.y)} {unit_y} · {WORDS[point.verdict][self.language]}"
                yield mark(point.verdict.value, x, y, 5 if len(self.figure.points) <= CROWD else 3.4, f"<title>{html.escape(told)}</title>")
