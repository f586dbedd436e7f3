"""Every primitive as a formula: numbers with whether they are defined, truths as surely true and surely false, by the rules of `ir.values`.

A node is encoded when it is first asked for, and once. What the variables of inputs are is said by whoever asks (see `space`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.rounding import round_gb
from guiju.ir.node import Kind, Node, Op, below
from guiju.readings.smt.calendar import counted, day_of, in_calendar, last_not_after, months_later
from guiju.readings.smt.contexts import solver_library
from guiju.readings.smt.logic import (
    Formula,
    Known,
    Meaning,
    Term,
    Truth,
    as_real,
    at_least,
    choose,
    compared,
    conj,
    disj,
    is_constant,
    lift,
    neg,
    truth,
)

UNDEFINED_NUMBER, UNDEFINED_TRUTH = Known(Fraction(0), False), Truth(False, False)
UNDEFINED_CODE = Known(0, False)


class Encoding:
    """The nodes of one program as formulas.

    inputs   (name) → the variable of an input, with whether it is known
    code     (word) → the code of a category
    """

    def __init__(self, inputs: Callable[[str], Meaning], code: Callable[[str], int]) -> None:
        self.inputs, self.code = inputs, code
        self.made: dict[int, Meaning] = {}

    def of(self, node: Node) -> Any:
        """What the node means, as `Known` or `Truth`."""
        if node.index not in self.made:
            for each in below([node]):
                if each.index not in self.made:
                    self.made[each.index] = RULES[each.op](self, each, [self.made[a.index] for a in each.args])
        return self.made[node.index]


Rule = Callable[[Encoding, Node, Sequence[Any]], Meaning]


def _constant(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    value: Any = node.value
    if isinstance(value, bool):
        return Truth(value, not value)
    if isinstance(value, str):
        return Known(e.code(value), True)
    return Known(counted(value) if isinstance(value, date) else value, True)


def _undefined(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    if node.type.kind is Kind.BOOLEAN:
        return UNDEFINED_TRUTH
    return UNDEFINED_NUMBER if node.is_number else UNDEFINED_CODE


def _strict(compute: Callable[[Node, Sequence[Term]], Term]) -> Rule:
    return lambda e, node, args: Known(compute(node, [a.term for a in args]), conj(a.defined for a in args))


def _arithmetic(exact: Callable[[Any, Any], Any]) -> Rule:
    """Of two numbers: on Fractions where both are constants, on terms otherwise."""
    return _strict(lambda node, x: exact(x[0], x[1]) if is_constant(x[0]) and is_constant(x[1]) else exact(lift(x[0]), lift(x[1])))


def _multiply(node: Node, x: Sequence[Term]) -> Term:
    for one, other in ((x[0], x[1]), (x[1], x[0])):
        if is_constant(one) and one == 1:
            return other
    return x[0] * x[1] if is_constant(x[0]) and is_constant(x[1]) else lift(x[0]) * lift(x[1])


def _divide(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    a, b = args
    defined = conj((a.defined, b.defined, neg(compared("==", b.term, Fraction(0)))))
    if is_constant(b.term):
        return Known(Fraction(0) if not b.term else a.term / b.term if is_constant(a.term) else a.term * lift(1 / b.term), defined)
    return Known(lift(a.term) / b.term, defined)


def _negative(node: Node, x: Sequence[Term]) -> Term:
    return -x[0]


def _size(node: Node, x: Sequence[Term]) -> Term:
    return abs(x[0]) if is_constant(x[0]) else choose(x[0] >= 0, x[0], -x[0])


def _extreme(sign: str) -> Rule:
    def least(node: Node, x: Sequence[Term]) -> Term:
        found = x[0]
        for each in x[1:]:
            found = choose(compared("<=", found, each) if sign == "min" else compared("<=", each, found), found, each)
        return found

    return _strict(least)


def _round(node: Node, x: Sequence[Term]) -> Term:
    """The multiple of the interval nearest to x, of two equally near ones the even multiple."""
    interval: Any = node.value
    if is_constant(x[0]):
        return round_gb(Fraction(x[0]), interval)
    z3 = solver_library()
    counted = x[0] * lift(1 / interval) + lift(Fraction(1, 2))
    whole = z3.ToInt(counted)
    tie = z3.And(z3.ToReal(whole) == counted, whole % 2 == 1)
    return z3.ToReal(z3.If(tie, whole - 1, whole)) * lift(interval)


def _days(node: Node, x: Sequence[Term]) -> Term:
    return as_real(x[1] - x[0])


def _day(node: Node, x: Sequence[Term]) -> Term:
    zone: Any = node.value
    return day_of(lift(x[0]), zone)


def _months(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    (day,) = args
    count = _count(node)
    return Known(months_later(lift(day.term), count), conj((day.defined, in_calendar(lift(day.term), count))))


def _count(node: Node) -> int:
    count: Any = node.value
    return int(count)


def _not_after(e: Encoding, node: Node, day: int) -> Formula | None:
    """Whether the node, a day some months after another, is not after a fixed day; None where it is none."""
    if node.op is not Op.MONTHS:
        return None
    return compared("<=", e.of(node.args[0]).term, last_not_after(_count(node), day))


def _before_end(e: Encoding, node: Node, term: Term, bound: Any, closed: bool) -> Formula:
    """Whether the argument of a table is before the end of a row."""
    if isinstance(bound, date):
        day = counted(bound) - (not closed)
        found = _not_after(e, node, day)
        return compared("<=", term, day) if found is None else found
    return compared("<=" if closed else "<", term, bound)


def _compare(sign: str) -> Rule:
    def rule(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
        if isinstance(args[0], Truth):
            a, b = args
            same = disj((conj((a.true, b.true)), conj((a.false, b.false))))
            return Truth(same, disj((conj((a.true, b.false)), conj((a.false, b.true)))))
        defined = conj(a.defined for a in args)
        found = _with_fixed_day(e, sign, node, args) if node.args[0].type.kind is Kind.DATE else None
        return truth(compared(sign, args[0].term, args[1].term) if found is None else found, defined)

    return rule


def _with_fixed_day(e: Encoding, sign: str, node: Node, args: Sequence[Any]) -> Formula | None:
    """A day some months after another, compared with a fixed day."""
    for position in (0, 1):
        moved, fixed = node.args[position], args[1 - position].term
        if moved.op is not Op.MONTHS or not is_constant(fixed):
            continue
        upto, before = _not_after(e, moved, fixed), _not_after(e, moved, fixed - 1)
        if sign == "==":
            return conj((upto, neg(before)))
        if position == 0:
            return upto if sign == "<=" else before
        return neg(before) if sign == "<=" else neg(upto)
    return None


def _and(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    return _joined(conj(a.true for a in args), disj(a.false for a in args), args)


def _or(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    return _joined(disj(a.true for a in args), conj(a.false for a in args), args)


def _joined(true: Formula, false: Formula, args: Sequence[Any]) -> Truth:
    """Where every part is determined, false is just not true, and the solver has half to read."""
    return Truth(true, neg(true)) if all(determined(a) for a in args) else Truth(true, false)


def determined(part: Truth) -> bool:
    """Whether it is plain that the truth is never undetermined."""
    if isinstance(part.true, bool) or isinstance(part.false, bool):
        return part.true is not part.false
    return bool(neg(part.true).eq(part.false))


def _atleast(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    needed = _count(node)
    return _joined(at_least(needed, [a.true for a in args]), neg(at_least(needed, [neg(a.false) for a in args])), args)


def _known(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    known = disj((args[0].true, args[0].false)) if isinstance(args[0], Truth) else args[0].defined
    return Truth(known, neg(known))


def _case(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    term, defined = args[-1].term, args[-1].defined
    for position in range(len(args) - 3, -1, -2):
        condition, value = args[position], args[position + 1]
        term = choose(condition.true, value.term, term)
        defined = disj((conj((condition.true, value.defined)), conj((condition.false, defined))))
    return Known(term, defined)


def _step(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    """Rows are found by halving, so that of a thousand rows the solver sees ten at a time."""
    x, rows = args[0], args[1:]
    ends: Any = node.value

    def part(first: int, end: int) -> Meaning:
        if end - first == 1:
            row: Meaning = rows[first]
            return row
        middle = (first + end) // 2
        bound, closed = ends[middle - 1]
        return _either(_before_end(e, node.args[0], x.term, bound, closed), part(first, middle), part(middle, end))

    return _guarded(x.defined, part(0, len(rows)))


def _map(e: Encoding, node: Node, args: Sequence[Any]) -> Meaning:
    keys: Any = node.value
    found: Meaning = _undefined(e, node, ())
    for key, value in reversed(list(zip(keys, args[1:], strict=True))):
        found = _either(compared("==", args[0].term, e.code(key)), value, found)
    return _guarded(args[0].defined, found)


def _either(condition: Formula, then: Any, otherwise: Any) -> Meaning:
    if isinstance(then, Truth):
        return Truth(choose(condition, then.true, otherwise.true), choose(condition, then.false, otherwise.false))
    return Known(choose(condition, then.term, otherwise.term), choose(condition, then.defined, otherwise.defined))


def _guarded(defined: Formula, value: Any) -> Meaning:
    if isinstance(value, Truth):
        return Truth(conj((defined, value.true)), conj((defined, value.false)))
    return Known(value.term, conj((defined, value.defined)))


RULES: Mapping[Op, Rule] = {
    Op.CONST: _constant,
    Op.INPUT: lambda e, node, args: e.inputs(str(node.value)),
    Op.UNDEFINED: _undefined,
    Op.ADD: _arithmetic(lambda a, b: a + b),
    Op.SUB: _arithmetic(lambda a, b: a - b),
    Op.MUL: _strict(_multiply),
    Op.DIV: _divide,
    Op.NEG: _strict(_negative),
    Op.ABS: _strict(_size),
    Op.MIN: _extreme("min"),
    Op.MAX: _extreme("max"),
    Op.ROUND: _strict(_round),
    Op.DAYS: _strict(_days),
    Op.DAY: _strict(_day),
    Op.SECONDS: _strict(_days),
    Op.MONTHS: _months,
    Op.LE: _compare("<="),
    Op.LT: _compare("<"),
    Op.EQ: _compare("=="),
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: lambda e, node, args: Truth(args[0].false, args[0].true),
    Op.ATLEAST: _atleast,
    Op.KNOWN: _known,
    Op.CASE: _case,
    Op.STEP: _step,
    Op.MAP: _map,
}
