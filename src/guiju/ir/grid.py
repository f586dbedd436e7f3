"""Grid analysis: how near a double comes to an exact value, and how far two different exact values are apart.

Inputs are multiples of 10^-decimals between declared bounds, so everything computed from them is a ratio p/q of multiples of known grids
with |q| bounded: two different values, or a value and a bound, differ by at least a known *separation*. Where the forward error of double
arithmetic stays below a quarter of it, `a <= b` is decided exactly by `a' <= b' + separation/2` in doubles; nothing is approximated. Where
it does not (long products, say) the comparison is named in `unproved`, and readings on doubles re-evaluate records near it exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.ir.node import Node, Op
from guiju.standard.model import Input

ULP = 2.0**-53
SLACK = 1 + 1e-9
"""Bounds and errors are themselves computed in doubles, rounded outward by this factor."""
DECIMALS_MAX, SNAPPED_MAX = 12, 2.0**51


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a number: value = p/q, p in grid·Z, q in divisor·Z, |q| ≤ divisor_max; low ≤ value ≤ high; |double − value| ≤ error."""

    grid: Fraction
    divisor: Fraction
    divisor_max: float
    low: float
    high: float
    error: float
    nearest: bool = False
    """The double is the one nearest to the value."""

    @property
    def size(self) -> float:
        return max(abs(self.low), abs(self.high))

    @property
    def smallest(self) -> float:
        """The least size of a value that is not zero."""
        return _double(self.grid) / self.divisor_max if self.can_be_zero else max(self.low, -self.high) - self.error

    @property
    def can_be_zero(self) -> bool:
        """Bounds are computed in doubles too, so one as near to zero as the error may be zero."""
        return max(self.low, -self.high) <= self.error

    @property
    def is_ratio(self) -> bool:
        return self.divisor != 1 or self.divisor_max != 1


NOTHING = Fact(Fraction(1), Fraction(1), math.inf, -math.inf, math.inf, math.inf)
_LONGEST_GRID = 4096
_MOST_CONSTANTS = 20_000


@dataclass(frozen=True, slots=True)
class Exactness:
    """Per comparing node (LE, LT, EQ, STEP, ROUND): the shift that decides exactly in doubles, or unproved with the distance to re-check.

    shifts      node index → half the separation (0: plain double comparison is exact); for ROUND the tie tolerance, in intervals; for DIV,
                where the divisor can be zero, the size up to which it is
    unproved    node index → distance within which a record must be re-evaluated exactly
    """

    shifts: Mapping[int, float]
    unproved: Mapping[int, float]
    facts: Mapping[int, Fact]


def exactness(order: tuple[Node, ...], inputs: Mapping[str, Input]) -> Exactness:
    """order   arguments before what uses them"""
    facts: dict[int, Fact] = {}
    leaves: dict[int, frozenset[Fraction]] = {}
    shifts: dict[int, float] = {}
    unproved: dict[int, float] = {}
    for node in order:
        if node.op in (Op.LE, Op.LT, Op.EQ) and node.args[0].is_number:
            _decide(node, _apart(node.args[0], node.args[1], facts, leaves), facts, shifts, unproved)
        elif node.op is Op.STEP and node.args[0].is_number:
            bounds: Any = node.value
            apart = min(separation(facts[node.args[0].index], constant(bound)) for bound, _ in bounds)
            _decide(node, apart, facts, shifts, unproved)
        elif node.op is Op.DIV:
            _zero_guard(node, facts[node.args[1].index], shifts, unproved)
        elif node.op is Op.ROUND:
            interval: Any = node.value
            x = facts[node.args[0].index]
            apart = separation(x, constant(interval / 2)) / float(interval)
            slip = (x.error + 2 * ULP * x.size) / float(interval)
            if slip < apart / 4:
                shifts[node.index] = apart / 2
            else:
                shifts[node.index] = 0.0
                unproved[node.index] = _distance(slip, 1.0)
        if node.is_number:
            facts[node.index] = _known(_RULES[node.op](node, [facts[a.index] for a in node.args if a.is_number], inputs))
            _note_constants(node, leaves)
    return Exactness(shifts, unproved, facts)


def decimals_of(fact: Fact) -> int | None:
    """How many decimals the values have; None where they are no decimals, or finer than anyone writes."""
    return None if fact.is_ratio else next((n for n in range(DECIMALS_MAX + 1) if (fact.grid * 10**n).denominator == 1), None)


def told_apart(fact: Fact, places: int) -> bool:
    """Whether the double of a value, scaled by 10 to the `places`, is nearest to the whole number it stands for, and to no other."""
    scale = 10.0**places
    return fact.size * scale < SNAPPED_MAX and fact.error * scale < 1 / 4


def _known(fact: Fact) -> Fact:
    """The fact; without a grid where it has become longer than is worth computing with, and nothing where doubles overflow."""
    if not (math.isfinite(fact.low) and math.isfinite(fact.high) and math.isfinite(fact.error)):
        return NOTHING
    if _is_long(fact.grid) or _is_long(fact.divisor) or not math.isfinite(fact.divisor_max):
        return Fact(Fraction(1), Fraction(1), math.inf, fact.low, fact.high, fact.error, fact.nearest)
    return fact


def _is_long(grid: Fraction) -> bool:
    return max(grid.numerator.bit_length(), grid.denominator.bit_length()) > _LONGEST_GRID


def _note_constants(node: Node, leaves: dict[int, frozenset[Fraction]]) -> None:
    """The constants a choice takes its value from, where it can take no other."""
    if node.op is Op.CONST and isinstance(node.value, Fraction):
        leaves[node.index] = frozenset((node.value,))
    elif node.op is Op.UNDEFINED:
        leaves[node.index] = frozenset()
    elif node.op in (Op.MAP, Op.STEP, Op.CASE):
        values = _values(node)
        if all(v.index in leaves for v in values):
            leaves[node.index] = frozenset().union(*(leaves[v.index] for v in values))


def _apart(a: Node, b: Node, facts: Mapping[int, Fact], leaves: Mapping[int, frozenset[Fraction]]) -> float:
    """How far apart two different values are. Of a choice among constants each is taken by itself: their common grid may be very fine."""
    found = separation(facts[a.index], facts[b.index])
    for one, other in ((a, b), (b, a)):
        among = leaves.get(other.index, ())
        if 1 < len(among) <= _MOST_CONSTANTS:
            found = max(found, min(separation(facts[one.index], constant(value)) for value in among))
    return found


def constant(value: Fraction) -> Fact:
    size = float(value)
    exact = Fraction(size) == value
    return Fact(abs(value) or Fraction(1), Fraction(1), 1.0, size, size, 0.0 if exact else ULP * abs(size), True)


def separation(a: Fact, b: Fact) -> float:
    """The least distance of two different values."""
    grid = gcd(a.grid * b.divisor, b.grid * a.divisor)
    return _double(grid) / (a.divisor_max * b.divisor_max)


def _double(x: Fraction) -> float:
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf


def gcd(a: Fraction, b: Fraction) -> Fraction:
    """The greatest grid both are multiples of."""
    return Fraction(math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)


def _decide(node: Node, apart: float, facts: dict[int, Fact], shifts: dict[int, float], unproved: dict[int, float]) -> None:
    compared = [facts[a.index] for a in node.args[:2]] if node.op is not Op.STEP else [facts[node.args[0].index]]
    size = max(f.size for f in compared)
    if node.op is Op.STEP:
        bounds: Any = node.value
        size = max(size, *(abs(float(bound)) for bound, _ in bounds))
    if all(f.nearest for f in compared) and apart > 4 * ULP * size:
        shifts[node.index] = 0.0
        return
    error = sum(f.error for f in compared) + 4 * ULP * (size + apart)
    if error < apart / 4 and math.isfinite(apart):
        shifts[node.index] = apart / 2
    else:
        shifts[node.index] = 0.0
        unproved[node.index] = _distance(error, size)


def _zero_guard(node: Node, divisor: Fact, shifts: dict[int, float], unproved: dict[int, float]) -> None:
    """The divisor is zero exactly where its double is no larger than the shift; nothing is kept where it cannot be zero."""
    if not divisor.can_be_zero:
        return
    if divisor.nearest:
        shifts[node.index] = 0.0
    elif divisor.error < divisor.smallest / 4:
        shifts[node.index] = divisor.smallest / 2
    else:
        shifts[node.index] = 0.0
        unproved[node.index] = _distance(divisor.error, divisor.size)


def _distance(error: float, size: float) -> float:
    """How near a record must be to be re-evaluated; everything, where the error has no bound."""
    return max(4 * error, 1e-9 * size) if math.isfinite(error) and math.isfinite(size) else math.inf


def _hull(facts: list[Fact]) -> Fact:
    """What holds of any one of several values."""
    if len(facts) == 1:
        return facts[0]
    grid, divisor = facts[0].grid, facts[0].divisor
    for f in facts[1:]:
        if _is_long(grid) or _is_long(divisor):
            break
        # p/q over different q grids: over the product of the divisors both are ratios of one pair of grids.
        grid, divisor = (
            (gcd(grid, f.grid), divisor) if f.divisor == divisor else (gcd(grid * f.divisor, f.grid * divisor), divisor * f.divisor)
        )
    top = (
        max(f.divisor_max for f in facts) if all(f.divisor == facts[0].divisor for f in facts) else math.prod(f.divisor_max for f in facts)
    )
    return Fact(
        grid,
        divisor,
        top,
        min(f.low for f in facts),
        max(f.high for f in facts),
        max(f.error for f in facts),
        all(f.nearest for f in facts),
    )


def _sum(a: Fact, b: Fact, low: float, high: float) -> Fact:
    grid = gcd(a.grid * b.divisor, b.grid * a.divisor)
    size = max(abs(low), abs(high))
    error = (a.error + b.error + ULP * (size + a.error + b.error)) * SLACK
    return Fact(grid, a.divisor * b.divisor, a.divisor_max * b.divisor_max, low, high, error)


def _add(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    return _sum(args[0], args[1], args[0].low + args[1].low, args[0].high + args[1].high)


def _sub(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    return _sum(args[0], args[1], args[0].low - args[1].high, args[0].high - args[1].low)


def _mul(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    a, b = args
    if node.args[1].op is Op.CONST and node.args[1].value == 1:
        return a
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    error = (a.size * b.error + b.size * a.error + a.error * b.error + ULP * a.size * b.size) * SLACK
    return Fact(a.grid * b.grid, a.divisor * b.divisor, a.divisor_max * b.divisor_max, min(corners), max(corners), error)


def _div(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    a, b = args
    least = b.smallest
    if least <= 2 * b.error:
        return NOTHING
    if not b.can_be_zero:
        corners = [x / y for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(corners), max(corners)
    else:
        low, high = -a.size / least, a.size / least
    size = max(abs(low), abs(high))
    error = ((a.error + size * b.error) / (least - b.error) + ULP * size) * SLACK
    return Fact(a.grid * b.divisor, a.divisor * b.grid, a.divisor_max * b.size * b.divisor_max, low, high, error)


def _neg(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    a = args[0]
    return Fact(a.grid, a.divisor, a.divisor_max, -a.high, -a.low, a.error, a.nearest)


def _abs(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    a = args[0]
    low = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return Fact(a.grid, a.divisor, a.divisor_max, low, a.size, a.error, a.nearest)


def _round(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    interval: Any = node.value
    step, a = float(interval), args[0]
    low, high = a.low - step, a.high + step
    # Emitted as whole k · numerator / denominator: one correctly rounded operation.
    return Fact(interval, Fraction(1), 1.0, low, high, ULP * max(abs(low), abs(high)), True)


def _input(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    declared = inputs[str(node.value)]
    low = _double(declared.minimum) if declared.minimum is not None else -math.inf
    high = _double(declared.maximum) if declared.maximum is not None else math.inf
    return Fact(declared.grid, Fraction(1), 1.0, low, high, ULP * max(abs(low), abs(high)), True)


def _const(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    value: Any = node.value
    return constant(value)


def _undefined(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    return constant(Fraction(0))


def _days(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    span = float((date.max - date.min).days)
    return Fact(Fraction(1), Fraction(1), 1.0, -span, span, 0.0, True)


def _seconds(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    """Whole seconds between moments of whole seconds; a double holds far more of them than there are years."""
    span = (date.max - date.min).days * 86_400.0
    return Fact(Fraction(1), Fraction(1), 1.0, -span, span, 0.0, True)


def _values(node: Node) -> list[Node]:
    """What a choice can give."""
    last = len(node.args) - 1
    return list(node.args[1:]) if node.op is not Op.CASE else [a for i, a in enumerate(node.args) if i % 2 == 1 or i == last]


def _choice(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    """CASE, STEP and MAP: any of the values, where a number chooses it is not one of them."""
    wanted = {a.index for a in _values(node) if a.op is not Op.UNDEFINED}
    numbers = [f for a, f in zip([a for a in node.args if a.is_number], args, strict=True) if a.index in wanted]
    return _hull(numbers) if numbers else constant(Fraction(0))


def _extreme(node: Node, args: list[Fact], inputs: Mapping[str, Input]) -> Fact:
    hull = _hull(args)
    pick = min if node.op is Op.MIN else max
    return Fact(hull.grid, hull.divisor, hull.divisor_max, pick(a.low for a in args), pick(a.high for a in args), hull.error, hull.nearest)


_RULES = {
    Op.CONST: _const, Op.INPUT: _input, Op.UNDEFINED: _undefined, Op.ADD: _add, Op.SUB: _sub, Op.MUL: _mul, Op.DIV: _div, Op.NEG: _neg,
    Op.ABS: _abs, Op.MIN: _extreme, Op.MAX: _extreme, Op.ROUND: _round, Op.DAYS: _days, Op.CASE: _choice, Op.STEP: _choice, Op.MAP: _choice,
    Op.SECONDS: _seconds,
}  # fmt: skip
NUMBER_OPS = frozenset(_RULES)
