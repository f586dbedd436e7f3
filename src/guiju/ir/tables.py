"""Tables lowered to STEP and MAP, with their gaps, overlaps and order checked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Span
from guiju.base.rounding import decimal_text
from guiju.ir.build import Builder
from guiju.ir.node import Kind, Node, Op
from guiju.standard.model import Table
from guiju.standard.shape import did_you_mean


def step_table(
    build: Builder,
    table: Table,
    of: Node,
    lowers: Sequence[Node | None],
    uppers: Sequence[Node | None],
    values: Sequence[Node],
    report: bool,
) -> Node:
    """Rows rising by their upper ends; the last row may be open. Beyond a closed end the value is undefined."""
    if of.type.kind not in (Kind.NUMBER, Kind.DATE):
        _wrong_kind(build, table, table.of.span, "它的自变量是类别", "its argument is a category")
        return build.bad
    if any(n is not None and n.is_bad for n in (*lowers, *uppers, *values)):
        return build.bad
    bounds: list[tuple[Any, bool]] = []
    pieces: list[Node] = []
    miss = build.undefined(f"outside the table {table.name}", values[0].type, table.span)
    for position, (row, lower, upper, value) in enumerate(zip(table.rows, lowers, uppers, values, strict=True)):
        if upper is None and position < len(values) - 1:
            build.problems.add("table-row-open", row.span, name=table.name)
            return build.bad
        for written, node in ((row.lower, lower), (row.upper, upper)):
            if written is not None and node is not None and node.op is not Op.CONST:
                build.problems.add("table-end-varies", written[0].span, name=table.name)
                return build.bad
        if lower is not None and row.lower is not None:
            start: tuple[Any, bool] = (lower.value, not row.lower[1])
            if position == 0:
                bounds.append(start)
                pieces.append(miss)
            elif report and start != bounds[-1]:
                code = "table-gap" if start > bounds[-1] else "table-overlap"
                build.problems.add(code, row.lower[0].span, name=table.name, end=_edge(bounds[-1]), start=_edge(start))
        pieces.append(value)
        if upper is not None and row.upper is not None:
            end: tuple[Any, bool] = (upper.value, row.upper[1])
            if bounds and not end > bounds[-1]:
                build.problems.add("table-not-rising", row.upper[0].span, name=table.name, before=_edge(bounds[-1]), after=_edge(end))
                return build.bad
            bounds.append(end)
    if len(pieces) == len(bounds):
        pieces.append(miss)
    return build.step(of, bounds, pieces, table.span)


def _edge(bound: tuple[Any, bool]) -> str:
    value, closed = bound
    return f"{'≤' if closed else '<'} {decimal_text(value) if isinstance(value, Fraction) else value}"


def _wrong_kind(build: Builder, table: Table, where: Span, reason_zh: str, reason_en: str) -> None:
    build.problems.add("table-of-wrong-kind", where, name=table.name, kind=table.kind, reason_zh=reason_zh, reason_en=reason_en)


def map_table(build: Builder, table: Table, of: Node, values: Sequence[Node], report: bool, scenarios: Sequence[str] = ()) -> Node:
    """One value per category; `report` also tells keys twice, unknown keys and categories without a row.

    scenarios   what a scenario can be: a table of the scenario is looked up in one of them, and needs a row for that one only
    """
    if of.type.kind is not Kind.CATEGORY:
        _wrong_kind(build, table, table.of.span, "它的自变量不是类别", "its argument is no category")
        return build.bad
    if any(v.is_bad for v in values):
        return build.bad
    keys = [row.key.text for row in table.rows if row.key is not None]
    one = of.op is Op.CONST
    known = scenarios if one else of.type.values
    seen: set[str] = set()
    for row in table.rows:
        if row.key is None or not report:
            continue
        if row.key.text in seen:
            build.problems.add("duplicate-key", row.key.span, key=row.key.text)
        elif known and row.key.text not in known:
            build.problems.add(
                "unknown-category", row.key.span, word=row.key.text, known=", ".join(known), **did_you_mean(row.key.text, known, listed=True)
            )
        seen.add(row.key.text)
    missing = [k for k in ((of.value,) if one else known) if k not in seen] if report else []
    if missing:
        build.problems.add("map-incomplete", table.span, name=table.name.partition("@")[0], keys=", ".join(map(str, missing)))
    return build.map(of, keys, values, table.span)


def interpolated_table(build: Builder, table: Table, of: Node, points: Sequence[Node], values: Sequence[Node]) -> Node:
    """Straight lines between the points; outside undefined, or the end values where the table says clamp."""
    if any(n.is_bad for n in (*points, *values)):
        return build.bad
    if not of.is_number:
        _wrong_kind(build, table, table.of.span, "它的自变量不是数", "its argument is no number")
        return build.bad
    if len(points) < 2:
        _wrong_kind(build, table, table.span, "至少要有两个点", "two points are needed at least")
        return build.bad
    for row, point, value in zip(table.rows, points, values, strict=True):
        if point.op is not Op.CONST or value.op is not Op.CONST:
            varies = row.value.span if row.at is None or point.op is Op.CONST else row.at.span
            _wrong_kind(build, table, varies, "各点及其值须是常数", "its points and their values must be constants")
            return build.bad
    at: list[Any] = [p.value for p in points]
    for row, before, after in zip(table.rows[1:], at, at[1:], strict=False):
        if after <= before:
            place = row.at.span if row.at is not None else row.span
            build.problems.add("table-not-rising", place, name=table.name, before=decimal_text(before), after=decimal_text(after))
            return build.bad
    unit = values[0].type.unit
    x = build.as_number(of, of.type.unit, table.span)
    heights: list[Any] = [v.value for v in values]
    lines: list[Node] = []
    for a, b, ya, yb in zip(at, at[1:], heights, heights[1:], strict=False):
        slope = (yb - ya) / (b - a)
        line = build.add(build.mul(build.sub(x, build.number(a)), build.number(slope)), build.number(ya))
        lines.append(build.as_quantity(line, unit, table.span))
    miss = build.undefined(f"outside the table {table.name}", values[0].type, table.span)
    before, after = (values[0], values[-1]) if table.outside == "clamp" else (miss, miss)
    return build.step(of, [(at[0], False), *((b, True) for b in at[1:])], [before, *lines, after], table.span)
