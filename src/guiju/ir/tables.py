"""Tables lowered to STEP and MAP, with their gaps, overlaps and order checked."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

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
        build.problems.add("table-of-wrong-kind", table.of.span, name=table.name, kind="step")
        return build.bad
    if any(n is not None and n.is_bad for n in (*lowers, *uppers, *values)):
        return build.bad
    bounds: list[tuple[Any, bool]] = []
    pieces: list[Node] = []
    miss = build.undefined(f"outside the table {table.name}", values[0].type, table.span)
    for position, (row, lower, upper, value) in enumerate(zip(table.rows, lowers, uppers, values, strict=True)):
        if (upper is None and position < len(values) - 1) or any(n is not None and n.op is not Op.CONST for n in (lower, upper)):
            build.problems.add("table-row-open", row.span, name=table.name)
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


def map_table(build: Builder, table: Table, of: Node, values: Sequence[Node], report: bool) -> Node:
    """One value per category; `report` also tells keys twice, unknown keys and categories without a row."""
    if of.type.kind is not Kind.CATEGORY:
        build.problems.add("table-of-wrong-kind", table.of.span, name=table.name, kind="map")
        return build.bad
    if any(v.is_bad for v in values):
        return build.bad
    keys = [row.key.text for row in table.rows if row.key is not None]
    known = of.type.values
    for position, row in enumerate(table.rows):
        if row.key is None or not report:
            continue
        if row.key.text in keys[:position]:
            build.problems.add("table-overlap", row.key.span, name=table.name, end=row.key.text, start=row.key.text)
        elif known and row.key.text not in known:
            build.problems.add(
                "unknown-category", row.key.span, word=row.key.text, known=", ".join(known), **did_you_mean(row.key.text, known, listed=True)
            )
    missing = [k for k in known if k not in keys]
    if missing and report:
        build.problems.add("table-gap", table.span, name=table.name, end="—", start=", ".join(missing))
    return build.map(of, keys, values, table.span)


def interpolated_table(build: Builder, table: Table, of: Node, points: Sequence[Node], values: Sequence[Node]) -> Node:
    """Straight lines between the points; outside undefined, or the end values where the table says clamp."""
    if any(n.is_bad for n in (*points, *values)):
        return build.bad
    if not of.is_number or len(points) < 2 or any(n.op is not Op.CONST for n in (*points, *values)):
        build.problems.add("table-of-wrong-kind", table.span, name=table.name, kind="interpolate")
        return build.bad
    at: list[Any] = [p.value for p in points]
    if any(b <= a for a, b in itertools.pairwise(at)):
        build.problems.add("table-not-rising", table.span, name=table.name, before=decimal_text(at[0]), after=decimal_text(at[-1]))
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
