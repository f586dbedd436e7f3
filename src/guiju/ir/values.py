"""Values, and the exact rule of every primitive: the one place that says what an operation means.

A value is known, or Unknown with the inputs that are missing and the reasons something is undefined. Arithmetic is strict; `and`, `or` and
`atleast` are decided as soon as the known arguments decide them (Kleene). The builder folds constants with these rules, `evaluate` runs
them, and every other reading is tested against them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from guiju.base.dates import months_after
from guiju.base.rounding import round_gb
from guiju.ir.node import Node, Op


class Unknown:
    """No value: which inputs are missing, and why something is undefined."""

    __slots__ = ("missing", "undefined")

    def __init__(self, missing: frozenset[str] = frozenset(), undefined: frozenset[str] = frozenset()) -> None:
        self.missing, self.undefined = missing, undefined

    def __repr__(self) -> str:
        return f"Unknown(missing={sorted(self.missing)}, undefined={sorted(self.undefined)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and (self.missing, self.undefined) == (other.missing, other.undefined)

    def __hash__(self) -> int:
        return hash((self.missing, self.undefined))


Value = Fraction | bool | str | date | Unknown
"""A time is a datetime in UTC, which is a date to Python; an identifier is a str."""
Rule = Callable[[Node, Sequence[Any]], Any]

DIVISION_BY_ZERO: Final = "division by zero"
NO_ROW: Final = "no row for this category"
NO_SUCH_DAY: Final = "outside the calendar"


def unknown_of(args: Sequence[Value]) -> Unknown | None:
    """The union of what is unknown among the arguments; None where all are known."""
    found = [a for a in args if type(a) is Unknown]
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    return Unknown(frozenset().union(*(u.missing for u in found)), frozenset().union(*(u.undefined for u in found)))


def strict(compute: Callable[[Node, Sequence[Any]], Any]) -> Rule:
    def rule(node: Node, args: Sequence[Any]) -> Any:
        for arg in args:
            if type(arg) is Unknown:
                return unknown_of(args)
        return compute(node, args)

    return rule


def _divide(node: Node, args: Sequence[Any]) -> Any:
    if not args[1]:
        return Unknown(undefined=frozenset((DIVISION_BY_ZERO,)))
    return args[0] / args[1]


def _and(node: Node, args: Sequence[Any]) -> Any:
    if False in args:
        return False
    return unknown_of(args) or True


def _or(node: Node, args: Sequence[Any]) -> Any:
    if True in args:
        return True
    return unknown_of(args) or False


def _atleast(node: Node, args: Sequence[Any]) -> Any:
    needed: Any = node.value
    certain = sum(a is True for a in args)
    if certain >= needed:
        return True
    return False if certain + sum(type(a) is Unknown for a in args) < needed else unknown_of(args)


def _case(node: Node, args: Sequence[Any]) -> Any:
    for position in range(0, len(args) - 1, 2):
        condition = args[position]
        if condition is True:
            return args[position + 1]
        if condition is not False:
            return condition
    return args[-1]


def _step(node: Node, args: Sequence[Any]) -> Any:
    x = args[0]
    if type(x) is Unknown:
        return x
    bounds: Any = node.value
    return args[piece_at(bounds, x) + 1]


def piece_at(bounds: Sequence[tuple[Any, bool]], x: Any) -> int:
    """In which piece between rising bounds something lies, from 0; a closed bound belongs to the piece below it."""
    return bisect_left(bounds, True, key=lambda bound: x < bound[0] or (bound[1] and x == bound[0]))


def _map(node: Node, args: Sequence[Any]) -> Any:
    if type(args[0]) is Unknown:
        return args[0]
    keys: Any = node.value
    return args[keys.index(args[0]) + 1] if args[0] in keys else Unknown(undefined=frozenset((NO_ROW,)))


def _round(node: Node, args: Sequence[Any]) -> Any:
    interval: Any = node.value
    return round_gb(args[0], interval)


def _months(node: Node, args: Sequence[Any]) -> Any:
    count: Any = node.value
    return months_after(args[0], int(count)) or Unknown(undefined=frozenset((NO_SUCH_DAY,)))


RULES: dict[Op, Rule] = {
    Op.CONST: lambda node, args: node.value,
    Op.INPUT: lambda node, args: Unknown(missing=frozenset((str(node.value),))),
    Op.UNDEFINED: lambda node, args: Unknown(undefined=frozenset((str(node.value),))),
    Op.ADD: strict(lambda node, args: args[0] + args[1]),
    Op.SUB: strict(lambda node, args: args[0] - args[1]),
    Op.MUL: strict(lambda node, args: args[0] * args[1]),
    Op.DIV: strict(_divide),
    Op.NEG: strict(lambda node, args: -args[0]),
    Op.ABS: strict(lambda node, args: abs(args[0])),
    Op.MIN: strict(lambda node, args: min(args)),
    Op.MAX: strict(lambda node, args: max(args)),
    Op.ROUND: strict(_round),
    Op.DAYS: strict(lambda node, args: Fraction((args[1] - args[0]).days)),
    Op.DAY: strict(lambda node, args: (args[0] + timedelta(seconds=node.value)).date()),  # type: ignore[arg-type]
    Op.SECONDS: strict(lambda node, args: Fraction((args[1] - args[0]) // timedelta(seconds=1))),
    Op.MONTHS: strict(_months),
    Op.LE: strict(lambda node, args: args[0] <= args[1]),
    Op.LT: strict(lambda node, args: args[0] < args[1]),
    Op.EQ: strict(lambda node, args: args[0] == args[1]),
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: strict(lambda node, args: not args[0]),
    Op.ATLEAST: _atleast,
    Op.KNOWN: lambda node, args: type(args[0]) is not Unknown,
    Op.CASE: _case,
    Op.STEP: _step,
    Op.MAP: _map,
}
