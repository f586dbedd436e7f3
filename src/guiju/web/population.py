"""Population: a file of records as a whole: pass rates, and where the products lie against the limit, who is at its edge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, number, round_range, svg_text
from guiju.base.rounding import decimal_text
from guiju.ir.node import Op
from guiju.readings.columnar import CODES, record_of
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.limit import Comparison, comparisons
from guiju.records.bulk import Judged
from guiju.records.source import identifier
from guiju.web.asking import asked
from guiju.web.checking import ORDER, sheet_of, tallies
from guiju.web.desk import Sheet
from guiju.web.limits import NARROW, WIDE, limit_figures
from guiju.web.rendering import render, standard_url

POINTS_MAX, BINS = 400, 40


@dataclass(frozen=True)
class Spread:
    """How the values of a measured input lie against a limit that is the same for all.

    bins     (low, high, how many of each verdict)
    median   of the values
    """

    no: str
    title: str
    axis: str
    limit: float
    limit_text: str
    bins: tuple[tuple[float, float, dict[Verdict, int]], ...]
    median: str
    language: Language

    def svg(self, width: int) -> Markup:
        """Stacked bars, the limit as a line."""
        low, high = self.bins[0][0], self.bins[-1][1]
        most = max(sum(counts.values()) for *_, counts in self.bins)
        *_, step = round_range(low, high, 5 if width < 480 else 8)
        _, top, y_step = round_range(0, most, 4)
        x, y = Scale(low, high, 52.0, width - 16.0, step), Scale(0, top, 300.0, 40.0, y_step)
        drawn = Markup("")
        for value in y.ticks:
            drawn += Markup('<path class="grid" d="M{:.1f} {:.1f}H{:.1f}"/>').format(x.start, y(value), x.end)
            drawn += Markup(svg_text(x.start - 8, y(value) + 4.5, number(value), "tick", "end"))
        for start, end, counts in self.bins:
            at = 0
            for verdict in ORDER:
                if counts.get(verdict):
                    place, tall = y(at + counts[verdict]), y(at) - y(at + counts[verdict])
                    box = '<rect class="block {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
                    drawn += Markup(box).format(verdict.value, x(start) + 0.5, place, max(x(end) - x(start) - 1, 1), tall)
                    at += counts[verdict]
        for value in x.ticks:
            drawn += Markup(svg_text(x(value), 320, number(value), "tick", "middle"))
        drawn += Markup('<path class="axis" d="M{:.1f} 300H{:.1f}"/>').format(x.start, x.end)
        drawn += Markup(svg_text(x.end, 342, self.axis, "label", "end"))
        if low <= self.limit <= high:
            drawn += Markup('<path class="limit" d="M{0:.1f} 300V34"/>').format(x(self.limit))
            anchor = "end" if x(self.limit) > width / 2 else "start"
            drawn += Markup(svg_text(x(self.limit) + (-6 if anchor == "end" else 6), 30, self.limit_text, "name", anchor))
        label = escape(self.title)
        return Markup('<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {} 348" role="img" aria-label="{}">{}</svg>').format(
            width, label, drawn
        )


def population(request: Request, number: str) -> Response:
    """The population of a file on the desk, named by `?records=`."""
    who = asked(request)
    if not who.one("records"):
        return RedirectResponse(standard_url(number, "records"), 303)
    page, sheet = sheet_of(who, number, who.one("records"))
    with sheet.turn:
        each = sheet.batch.judged[0]
        counted = tallies(sheet.batch, each, who)
        sampled = _sampled(sheet, each)
        figures = limit_figures(each.program, sampled, who.language)
        spreads = [s for c in comparisons(each.program).values() if not c.depends and (s := _spread(sheet, each, c, who.language)) is not None]
    figures = [replace(f, points=f.points[:POINTS_MAX]) for f in figures]
    return render(
        request, "web/population.html", page=page, s=each.program.standard.authored, sheet=sheet, tallies=counted, figures=figures,
        spreads=spreads, order=ORDER, wide=WIDE, narrow=NARROW, sampled=len(sampled), rows=sheet.batch.source.rows,
    )  # fmt: skip


def _sampled(sheet: Sheet, each: Judged) -> list[tuple[str, Evaluation]]:
    """Rows evenly over the file, judged exactly, to be drawn."""
    names = list(each.program.used_inputs)
    every = max(1, -(-sheet.batch.source.rows // POINTS_MAX))
    columns = ", ".join(["key", *(identifier(n) for n in names)])
    rows = sheet.batch.connection.execute(f"SELECT {columns} FROM {each.admitted} WHERE row % {every} = 0 ORDER BY row").fetchall()
    return [(str(key), evaluate(each.program, record_of(each.program, names, values))) for key, *values in rows]


def _spread(sheet: Sheet, each: Judged, comparison: Comparison, language: Language) -> Spread | None:
    limit = evaluate(each.program, {}).of(comparison.limit)
    if comparison.measured.op is not Op.INPUT or not isinstance(limit, Fraction):
        return None
    column, verdict = identifier(comparison.input.name), identifier(comparison.no)
    joined = f"{each.admitted} a JOIN {each.verdicts} v ON v.row = a.row WHERE a.{column} IS NOT NULL"
    asked_for = ", ".join(f"{function}(a.{column})::DOUBLE" for function in ("min", "max", "median"))
    ends = sheet.batch.connection.execute(f"SELECT {asked_for} FROM {joined}").fetchone()
    if ends is None or ends[0] is None:
        return None
    low, high = min(ends[0], float(limit)), max(ends[1], float(limit))
    step = (high - low) / BINS or 1.0
    place = f"least(greatest(floor((a.{column}::DOUBLE - {low!r}) / {step!r}), 0), {BINS - 1})::INT"
    counts: list[dict[Verdict, int]] = [{} for _ in range(BINS)]
    for at, code, rows in sheet.batch.connection.execute(f"SELECT {place}, v.{verdict}, count(*) FROM {joined} GROUP BY ALL").fetchall():
        counts[at][CODES[code]] = rows
    title = next(m.clause.title for m in each.program.clauses if m.no == comparison.no).text(language)
    unit = comparison.input.unit_text
    sign = "≤" if comparison.upper else "≥"
    bins = tuple((low + n * step, low + (n + 1) * step, found) for n, found in enumerate(counts))
    return Spread(comparison.no, title, comparison.input.heading(language), float(limit), f"{sign} {decimal_text(limit)} {unit}".strip(), bins,
                  f"{ends[2]:.6g} {unit}".strip(), language)  # fmt: skip


