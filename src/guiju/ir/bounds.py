"""Bounds: between which values a number lies while some inputs are still missing, from the inputs' declared ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from guiju.base.rounding import round_gb
from guiju.ir.node import Kind, Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value

Interval = tuple[Fraction, Fraction]
Possible = Interval | frozenset[Any] | None
"""A closed interval of numbers, the set of truth values or categories it can take, or None: anything."""

BOTH: frozenset[Any] = frozenset((True, False))


def bounds(program: Program, values: Mapping[int, Value], node: Node) -> Interval | None:
    """The closed interval the node's value lies in, given the values an evaluation found; None where nothing bounds it."""
    possible: dict[int, Possible] = {}
    for each in below([node]):
        known = values[each.index]
        if type(known) is not Unknown:
            possible[each.index] = (known, known) if isinstance(known, Fraction) else frozenset((known,))
        elif each.op is Op.INPUT:
            possible[each.index] = _declared(program, each)
        else:
            possible[each.index] = _combined(each, [possible[a.index] for a in each.args])
    found = possible[node.index]
    return found if isinstance(found, tuple) else None


def _declared(program: Program, node: Node) -> Possible:
    declared = program.inputs[str(node.value)]
    if declared.minimum is not None and declared.maximum is not None:
        return declared.minimum, declared.maximum
    if node.type.kind is Kind.BOOLEAN:
        return BOTH
    return frozenset(declared.values) if node.type.kind is Kind.CATEGORY else None


def _combined(node: Node, args: Sequence[Any]) -> Possible:
    """What the operation can give; anything not listed is left unbounded, which is always true."""
    if node.type.kind is Kind.BOOLEAN:
        return _truth(node, args)
    if node.op in (Op.CASE, Op.STEP, Op.MAP):
        return _union(_reachable(node, args))
    if any(not isinstance(a, tuple) for a in args):
        return None
    match node.op:
        case Op.ADD:
            return args[0][0] + args[1][0], args[0][1] + args[1][1]
        case Op.SUB:
            return args[0][0] - args[1][1], args[0][1] - args[1][0]
        case Op.MUL:
            return _corners([x * y for x in args[0] for y in args[1]])
        case Op.DIV if args[1][0] > 0 or args[1][1] < 0:
            return _corners([x / y for x in args[0] for y in args[1]])
        case Op.NEG:
            return -args[0][1], -args[0][0]
        case Op.ABS:
            low, high = args[0]
            return (Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
        case Op.MIN:
            return min(a[0] for a in args), min(a[1] for a in args)
        case Op.MAX:
            return max(a[0] for a in args), max(a[1] for a in args)
        case Op.ROUND:
            interval: Any = node.value
            return round_gb(args[0][0], interval), round_gb(args[0][1], interval)
        case _:
            return None


def _corners(found: list[Fraction]) -> Interval:
    return min(found), max(found)


def _truth(node: Node, args: Sequence[Any]) -> Possible:
    match node.op:
        case Op.LE | Op.LT if all(isinstance(a, tuple) for a in args):
            (low, high), (from_, to) = args
            strict = node.op is Op.LT
            always = high < from_ if strict else high <= from_
            never = low >= to if strict else low > to
            return frozenset((True,)) if always else frozenset((False,)) if never else BOTH
        case Op.EQ if all(isinstance(a, frozenset) for a in args):
            return BOTH if args[0] & args[1] else frozenset((False,))
        case Op.AND | Op.OR:
            sets = [a if isinstance(a, frozenset) else BOTH for a in args]
            decided = node.op is Op.OR
            if frozenset((decided,)) in sets:
                return frozenset((decided,))
            return frozenset((not decided,)) if all(s == frozenset((not decided,)) for s in sets) else BOTH
        case Op.NOT if isinstance(args[0], frozenset):
            return frozenset(not v for v in args[0])
        case _:
            return BOTH


def _reachable(node: Node, args: Sequence[Any]) -> list[Possible]:
    if node.op is Op.CASE:
        found: list[Possible] = []
        for position in range(0, len(args) - 1, 2):
            condition = args[position] if isinstance(args[position], frozenset) else BOTH
            if True in condition:
                found.append(args[position + 1])
            if False not in condition:
                return found
        return [*found, args[-1]]
    if node.op is Op.MAP:
        keys: Any = node.value
        possible = args[0] if isinstance(args[0], frozenset) else frozenset(keys)
        return [v for k, v in zip(keys, args[1:], strict=True) if k in possible]
    if not isinstance(args[0], tuple):
        return list(args[1:])
    pieces: Any = node.value
    low, high = args[0]
    found, start = [], None
    for (bound, closed), value in zip(pieces, args[1:], strict=False):
        if (start is None or high > start) and (low < bound or (closed and low == bound)):
            found.append(value)
        start = bound
    return [*found, args[-1]] if start is None or high >= start else found


def _union(found: Sequence[Possible]) -> Possible:
    intervals = [f for f in found if isinstance(f, tuple)]
    if len(intervals) == len(found) and intervals:
        return min(i[0] for i in intervals), max(i[1] for i in intervals)
    return None
