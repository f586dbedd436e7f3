"""Drawn: the figures of a dossier as charts, each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from guiju.base.diagnostics import Language
from guiju.verify.chart import Across, Bar, Chart, Curve, Layer, Upright, number_axis
from guiju.verify.dossier.evidence import Dossier, Plot, Series
from guiju.verify.study_figures import figures
from guiju.verify.told import Table, number

_BARS = ("b0", "b2", "b1", "b3")


def chart_of(plot: Plot, language: Language) -> Chart:
    """A figure of numbers as a chart in one language."""
    bars = [each for each in plot.series if each.kind == "bars"]
    lines = [each for each in plot.series if each.kind == "line"]
    layers: list[Layer] = [*_stacked(bars, language)]
    layers += [Curve(tuple(zip(each.x, each.y, strict=True)), f"c{at}", each.name.text(language)) for at, each in enumerate(lines)]
    layers += [Upright(value, "r0", name.text(language)) for name, value in plot.marks]
    layers += [Across(value, "r5", name.text(language)) for name, value in plot.across]
    xs = [x for each in plot.series for x in each.x] + [value for _, value in plot.marks]
    tops = [sum(heights) for heights in zip(*(each.y for each in bars), strict=True)] if bars else []
    ys = [y for each in lines for y in each.y] + tops + [value for _, value in plot.across]
    title = plot.title.text(language)
    legend = " / ".join(each.name.text(language) for each in bars)
    says = f"{plot.x.text(language)} → {plot.y.text(language)}" + (f" ({legend})" if legend else "")
    return Chart(plot.id, title, says, number_axis(plot.x.text(language), xs), number_axis(plot.y.text(language), [0.0, *ys], 5), tuple(layers),
                 _table(plot, language))  # fmt: skip


def _stacked(bars: list[Series], language: Language) -> Iterator[Bar]:
    if not bars:
        return
    base = [0.0] * len(bars[0].y)
    for at, each in enumerate(bars):
        for i, height in enumerate(each.y):
            if height:
                says = f"{number(each.x[i])} – {number(each.x[i + 1])}: {each.name.text(language)} {height:g}"
                yield Bar(each.x[i], each.x[i + 1], base[i], base[i] + height, _BARS[at % len(_BARS)], says)
                base[i] += height


def _table(plot: Plot, language: Language) -> Table:
    """The numbers of a figure: a row for each place on the x axis; empty bars are left out, and places where nothing changes."""
    title = plot.title.text(language)
    names = [each.name.text(language) for each in plot.series]
    x_title = plot.x.text(language)
    if any(each.kind == "bars" for each in plot.series):
        first = plot.series[0]
        rows = [
            (f"{number(first.x[i])} – {number(first.x[i + 1])}", *(f"{each.y[i]:g}" for each in plot.series))
            for i in range(len(first.y)) if any(each.y[i] for each in plot.series)
        ]  # fmt: skip
    else:
        every = [(value, tuple(each.y[i] for each in plot.series)) for i, value in enumerate(plot.series[0].x)]
        marked = {value for _, value in plot.marks}
        told = [(x, ys) for i, (x, ys) in enumerate(every) if i in (0, len(every) - 1) or x in marked or ys != every[i - 1][1]]
        rows = [(f"{value:g}", *(f"{y:.4g}" for y in ys)) for value, ys in told]
    return Table(title, (x_title, *names), rows, range(1, 1 + len(names)))


def study_charts(dossier: Dossier, language: Language) -> Iterator[tuple[int, Chart]]:
    """(which study, its h and k and its relation with the level), of the studies whose results are there."""
    for at, bound in enumerate(dossier.studies):
        if bound.result is not None:
            for chart in figures(bound.result, bound.result.kept or bound.result.full, language):
                yield at, chart
