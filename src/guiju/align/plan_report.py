"""A test plan as a report: the tests, what no test shows, every region by itself, and need by need what shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guiju.align.harmonise_report import tabled, warned
from guiju.align.plan_page import Page, Table
from guiju.base.diagnostics import Language
from guiju.report import tree as t
from guiju.report.cited import engine

TRACE_MAX = 2_000
"""Lines of the trace that are written out; the rest is counted, and in the CSV."""


def plan_report(page: Page, language: Language, origins: tuple[t.Origin, ...], on: date) -> t.Report:
    """The plan. on: the day it is about; origins: the catalogue and the standards it rests on"""
    return t.Report(page.title, language, on, engine(), origins, tuple(_blocks(page)))


def _blocks(page: Page) -> Iterator[t.Block]:
    plan, say = page.plan, page.say
    yield from warned(page.summary())
    if plan.diagnostics:
        yield from (t.Note((d.message(page.language),), t.Kind.WARNING) for d in plan.diagnostics)
    steps = page.steps()
    yield t.Section(say("要做的试验", "Tests to be done"), (tabled(steps) if steps.rows else t.Paragraph((say("没有。", "None."),)),))
    for each in (page.unserved(), page.alone(), page.papers()):
        if each.rows:
            yield t.Section(_capital(each.title), (tabled(each),))
    if plan.told:
        items = tuple(t.Item((f"{each.standard} {page.text(each.name)} ", t.Code(each.asked))) for each in plan.told)
        yield t.Section(say("另须告知", "To be told besides"), (t.Listing(items),))
    trace = list(page.trace())
    more = () if len(trace) <= TRACE_MAX else (t.Paragraph((say(f"另有 {len(trace) - TRACE_MAX} 行", f"and {len(trace) - TRACE_MAX} more"),)),)
    yield t.Section(say("逐条：由什么证明", "Need by need: what shows it"), (tabled(_short(page, trace[:TRACE_MAX])), *more))
    sources = {(o.source, o.grade) for o in (step.offer for step in plan.steps)}
    rows = tuple(t.row((source,), (grade,)) for source, grade in sorted(sources))
    if rows:
        header = t.heads(page.language, ("试验的费用、天数、认可出自", "costs, days and acceptance of tests are from"), ("等级", "grade"))
        yield t.Section(say("出处", "Sources"), (t.Table("", header, rows),))


def _short(page: Page, trace: list[tuple[str, ...]]) -> Table:
    """The trace with what a reader needs: region, standard and clause, property with its method, what shows it."""
    header = page.trace_header
    kept = (0, 1, 2, 3, 5, 6, 10)
    rows = [tuple(row[at] for at in kept) for row in trace]
    return Table("", tuple(header[at] for at in kept), rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
