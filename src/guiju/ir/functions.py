"""The functions a standard may call. Each lowers to primitives, so every reading understands it at once.

The reference page is generated from this table; a function without Chinese and English text cannot be registered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from guiju.base.diagnostics import Span
from guiju.base.units import parse_unit
from guiju.ir.build import Builder
from guiju.ir.node import Kind, Node, Op
from guiju.ir.significant import significant


class Function(NamedTuple):
    name: str
    form: str
    least: int
    most: int | None
    lower: Callable[[Builder, Sequence[Node], Span], Node]
    zh: str
    en: str


_DAY, _SECOND = parse_unit("d"), parse_unit("s")


def _absolute(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.abs(args[0], where)


def _round(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.round(args[0], args[1], where)


def _days(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.days(args[0], args[1], _DAY, where)


def _rounded_down(build: Builder, args: Sequence[Node], where: Span) -> Node:
    """The nearest multiple where that is not above, else the one before it: exact, since rounding and comparing are."""
    nearest = build.round(args[0], args[1], where)
    return build.as_rounded(build.case([(build.le(nearest, args[0], where), nearest)], build.sub(nearest, args[1], where), where))


def _rounded_up(build: Builder, args: Sequence[Node], where: Span) -> Node:
    nearest = build.round(args[0], args[1], where)
    return build.as_rounded(build.case([(build.le(args[0], nearest, where), nearest)], build.add(nearest, args[1], where), where))


def _years_after(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.months(args[0], args[1], 12, where)


def _months_after(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.months(args[0], args[1], 1, where)


def _default(build: Builder, args: Sequence[Node], where: Span) -> Node:
    return build.case([(build.known(args[0], where), args[0])], args[1], where)


def _atleast(build: Builder, args: Sequence[Node], where: Span) -> Node:
    k = args[0]
    if k.op is not Op.CONST or not isinstance(k.value, Fraction) or k.value.denominator != 1 or k.type.kind is not Kind.NUMBER:
        if not k.is_bad:
            build.problems.add("count-not-whole", k.where or where)
        return build.bad
    return build.atleast(int(k.value), args[1:], where)


FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in (
        Function("min", "min(a, b, …)", 1, None, lambda b, a, w: b.min(a, w), "最小的一个；任一未知则未知",
                 "the smallest; unknown if any is unknown"),
        Function("max", "max(a, b, …)", 1, None, lambda b, a, w: b.max(a, w), "最大的一个；任一未知则未知",
                 "the largest; unknown if any is unknown"),
        Function("abs", "abs(a)", 1, 1, _absolute, "绝对值", "absolute value"),
        Function("round_gb", "round_gb(a, 0.1 kg)", 2, 2, _round, "按 GB/T 8170 修约到间隔的整数倍（四舍六入五成双）",
                 "rounded to a multiple of the interval by GB/T 8170, half to even"),
        Function("round_down", "round_down(a, 1 g)", 2, 2, _rounded_down, "不大于它的最大的间隔整数倍",
                 "the greatest multiple of the interval not above it"),
        Function("round_up", "round_up(a, 1 g)", 2, 2, _rounded_up, "不小于它的最小的间隔整数倍",
                 "the least multiple of the interval not below it"),
        Function("day", "day(t)", 1, 1, lambda b, a, w: b.day_of(a[0], w), "时刻所在的日期，按输入的时区", "the date of a time, in its input's zone"),
        Function("seconds", "seconds(from, to)", 2, 2, lambda b, a, w: b.seconds(a[0], a[1], _SECOND, w), "从前一时刻到后一时刻的秒数",
                 "seconds from the first time to the second"),
        Function("significant", "significant(a, 3)", 2, 2, lambda b, a, w: significant(b, a[0], a[1], w),
                 "按 GB/T 8170 修约到这么多位有效数字（四舍六入五成双），以 a 的单位计",
                 "rounded to so many significant digits by GB/T 8170, half to even, in the unit of a"),
        Function("days", "days(from, to)", 2, 2, _days, "从前一日期到后一日期的天数", "days from the first date to the second"),
        Function("years_after", "years_after(date, 5)", 2, 2, _years_after, "若干年后（负数：前）的同月同日；该月没有这一天的取月末",
                 "the same day so many years later (earlier: a negative count), or the last of the month where it has no such day"),
        Function("months_after", "months_after(date, 18)", 2, 2, _months_after, "若干个月后（负数：前）的同日；该月没有这一天的取月末",
                 "the same day so many months later (earlier: a negative count), or the last of the month where it has no such day"),
        Function("known", "known(a)", 1, 1, lambda b, a, w: b.known(a[0], w), "a 有值时为真", "true where a has a value"),
        Function("default", "default(a, b)", 2, 2, _default, "a 有值取 a，否则取 b", "a where it has a value, else b"),
        Function("atleast", "atleast(2, c1, c2, …)", 2, None, _atleast, "至少有这么多个条件成立", "at least so many of the conditions hold"),
        Function("all", "all(c1, c2, …)", 1, None, lambda b, a, w: b.all(a, w), "全部成立", "all hold"),
        Function("any", "any(c1, c2, …)", 1, None, lambda b, a, w: b.any(a, w), "任一成立", "any holds"),
    )
}  # fmt: skip


class Special(NamedTuple):
    """A function over the standard's own indicators or clauses, resolved by `check`."""

    name: str
    form: str
    zh: str
    en: str


SPECIALS: dict[str, Special] = {
    s.name: s
    for s in (
        Special("worst", "worst('core')", "该类指标中最差的等级", "the worst level among the indicators of a kind"),
        Special(
            "count", "count('core', 2)", "该类指标中达到该等级（或更好）的个数", "how many indicators of a kind reach the level or better"
        ),
        Special("pass", "pass('4.1')", "该条款得到满足（不适用视为满足）", "the clause is met (not applicable counts as met)"),
    )
}
