"""Rounding to significant digits, lowered to a choice over decades: in each the interval is another, and each is a ROUND of the value itself.

The decades are those the value can lie in, told from the declared ranges and grids of the inputs; a value that is no multiple of anything, or
has no bound, is refused. A decade whose interval is no coarser than the value's own grid leaves it as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from guiju.base.diagnostics import Span
from guiju.base.rounding import round_gb
from guiju.ir.build import Builder
from guiju.ir.grid import Fact, exactness
from guiju.ir.node import PLAIN, Kind, Node, Op, below
from guiju.standard.model import Input

DIGITS_MAX = 12
DECADES_MAX = 24


def significant(build: Builder, x: Node, digits: Node, where: Span) -> Node:
    """x to so many significant digits by GB/T 8170, half to even; counted in the unit x is in, and 0 stays 0."""
    if not (build.wants(x, Kind.NUMBER, where) and build.wants(digits, Kind.NUMBER, where)):
        return build.bad
    count = digits.value if digits.op is Op.CONST and digits.type == PLAIN else None
    if not isinstance(count, Fraction) or count.denominator != 1 or not 1 <= count <= DIGITS_MAX:
        build.problems.add("significant-count", build.written.get(digits.index, where), most=DIGITS_MAX)
        return build.bad
    if build.is_rounded(x):
        build.problems.add("successive-rounding", where)
        return build.bad
    if x.op is Op.UNDEFINED:
        return x
    if x.op is Op.CONST and isinstance(x.value, Fraction):
        return build.const(to_digits(x.value, int(count)), x.type, where)
    return _over_decades(build, x, int(count), where)


def to_digits(value: Fraction, digits: int) -> Fraction:
    """The value rounded to so many significant digits, half to even."""
    return round_gb(value, _interval(_decade(abs(value)), digits)) if value else value


def _over_decades(build: Builder, x: Node, digits: int, where: Span) -> Node:
    fact = _fact(x, build.inputs)
    decades = _decades(fact) if fact is not None else None
    if fact is None or decades is None:
        build.problems.add("significant-unbounded", build.written.get(x.index, where), most=DECADES_MAX)
        return build.bad
    first, last = decades
    if not fact.is_ratio:
        while first < last and (fact.grid / _interval(first + 1, digits)).denominator == 1:
            first += 1
    values = [_rounded(build, x, fact, _interval(decade, digits), where) for decade in range(first, last + 1)]
    bounds = [(Fraction(10) ** decade, False) for decade in range(first + 1, last + 1)]
    positive = fact.low - _slack(fact) > -_least(fact)
    made = build.step(x if positive else build.abs(x, where), bounds, values, where)
    if made.op is Op.STEP:
        build.rounded.add(made.index)
    return made


def _rounded(build: Builder, x: Node, fact: Fact, interval: Fraction, where: Span) -> Node:
    if not fact.is_ratio and (fact.grid / interval).denominator == 1:
        return x
    return build.round(x, build.number(interval, x.type.unit, where), where)


def _interval(decade: int, digits: int) -> Fraction:
    return Fraction(10) ** (decade + 1 - digits)


def _fact(x: Node, inputs: Mapping[str, Input]) -> Fact | None:
    """What the grid analysis knows of the value; None where an input it rests on is not declared."""
    order = below([x])
    if any(node.op is Op.INPUT and str(node.value) not in inputs for node in order):
        return None
    return exactness(order, inputs).facts[x.index]


def _decades(fact: Fact) -> tuple[int, int] | None:
    """The first and last power of ten in which a value that is not zero can begin; one too many does no harm, one too few would."""
    if not (math.isfinite(fact.size) and math.isfinite(fact.error)):
        return None
    apart = max(fact.low, -fact.high) - _slack(fact)
    least = apart if apart > 0 else _least(fact)
    most = fact.size + _slack(fact)
    if not (math.isfinite(least) and math.isfinite(most)) or least <= 0:
        return None
    last = _decade(Fraction(most))
    first = min(_decade(Fraction(least)), last)
    return (first, last) if last - first < DECADES_MAX else None


def _slack(fact: Fact) -> float:
    """How far beyond its bounds, which are computed in doubles, the value may lie."""
    return 0.0 if fact.nearest else fact.error + 1e-12 * fact.size


def _least(fact: Fact) -> float:
    """No value but 0 is nearer to 0."""
    return float(fact.grid) / fact.divisor_max * (1 - 1e-9)


def _decade(size: Fraction) -> int:
    """The power of ten a positive number begins in: 10^decade ≤ size < 10^(decade + 1)."""
    decade = math.floor(math.log10(size.numerator) - math.log10(size.denominator))
    while Fraction(10) ** decade > size:
        decade -= 1
    while Fraction(10) ** (decade + 1) <= size:
        decade += 1
    return decade
