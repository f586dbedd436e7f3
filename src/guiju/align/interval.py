"""Intervals: between which bounds the share of a population lies of which only some were seen.

Clopper and Pearson (1934): the bounds are where seeing so many hits, or so few, would become as unlikely as 1 in 40. Computed with whole
numbers and rounded outward to four decimals, up to EXACT_MAX units; beyond, the score interval of Wilson (1927), in doubles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

EXACT_MAX = 1_000
_GRID, _ODDS = 10_000, 40
"""Bounds are multiples of 1/10000; on each side 1 in 40 is left out, 95 % lie between."""
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """Of 95 %; `low` and `high` are shares, rounded outward to four decimals."""

    low: Fraction
    high: Fraction
    method: Literal["Clopper-Pearson", "Wilson"]


def interval(hits: int, units: int) -> Interval | None:
    """The interval of the share of which `hits` of so many units were seen; None where none was seen."""
    if not units:
        return None
    if units <= EXACT_MAX:
        return Interval(_low(hits, units), 1 - _low(units - hits, units), "Clopper-Pearson")
    share, square = hits / units, _Z * _Z
    middle, wide = share + square / (2 * units), _Z * math.sqrt(share * (1 - share) / units + square / (4 * units * units))
    low, high = ((middle + sign * wide) / (1 + square / units) for sign in (-1, 1))
    return Interval(Fraction(max(math.floor(low * _GRID), 0), _GRID), Fraction(min(math.ceil(high * _GRID), _GRID), _GRID), "Wilson")


def _low(hits: int, units: int) -> Fraction:
    """The greatest share of the grid at which so many hits or more are no likelier than 1 in 40."""
    low, high = 0, _GRID
    while hits and high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_rare(hits, units, middle) else (low, middle)
    return Fraction(low, _GRID)


def _is_rare(hits: int, units: int, tenthousandths: int) -> bool:
    """Whether so many hits or more are no likelier than 1 in 40, at that share; every term of the binomial sum is a whole number."""
    a, b = tenthousandths, _GRID - tenthousandths
    term = total = math.comb(units, hits) * a**hits * b ** (units - hits)
    for seen in range(hits, units):
        term = term * (units - seen) * a // ((seen + 1) * b)
        total += term
    return bool(total * _ODDS <= _GRID**units)
