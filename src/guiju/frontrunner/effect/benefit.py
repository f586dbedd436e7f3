"""Benefit: how sales or prices differ from one level to the next, within a comparable range, with an interval. An association, not a cause.

The interval is the percentile bootstrap (Efron and Tibshirani 1993): each of the two groups is drawn again from itself, by numpy's Philox
counter generator with the seed that is stated, so that anybody gets the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring.preview import Standing

LEAST = 8
"""Products of a level within a range; with fewer, nothing is said of it."""
DRAWS, SEED, COVERAGE = 9999, 1, 0.95
Measure = Literal["sales", "price"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, exact, and between which values it lies, to 95 %."""

    value: Fraction
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The better level less the worse, None being no level.

    better_count, worse_count   products with the measure
    """

    within: str
    better: int
    worse: int | None
    better_count: int
    worse_count: int
    median: Interval
    mean: Interval


@dataclass(frozen=True, slots=True)
class Benefit:
    """few   (range, better level, worse level, products of each) that are too few to say anything of"""

    measure: Measure
    gaps: tuple[Gap, ...]
    few: tuple[tuple[str, int, int | None, int, int], ...]
    draws: int = DRAWS
    seed: int = SEED


def benefit(standing: Standing, measure: Measure, seed: int = SEED) -> Benefit:
    """The differences between neighbouring levels, range by range.

    raises   Refused: effect-few, where no two neighbouring levels of one range have enough products
    """
    held: dict[tuple[str, int], list[Fraction]] = {}
    for offer, level in zip(standing.sample.offers, standing.levels, strict=True):
        value = offer.sales if measure == "sales" else offer.price
        if value is not None:
            held.setdefault((offer.within, level), []).append(value)
    gaps: list[Gap] = []
    few: list[tuple[str, int, int | None, int, int]] = []
    for within in sorted({word for word, _ in held}):
        for level in range(1, standing.none):
            better, worse = (sorted(held.get((within, each), ())) for each in (level, level + 1))
            below = None if level + 1 == standing.none else level + 1
            if min(len(better), len(worse)) < LEAST:
                few.append((within, level, below, len(better), len(worse)))
                continue
            median, mean = _intervals(better, worse, seed)
            gaps.append(Gap(within, level, below, len(better), len(worse), median, mean))
    if not gaps:
        most = max((min(each[3:]) for each in few), default=0)
        zh, en = "相邻两级都给出数据的产品", "products with the figure in each of two neighbouring levels"
        raise Refused([Diagnostic("effect-few", None, {"what_zh": zh, "what_en": en, "found": str(most), "needs": str(LEAST)})])
    return Benefit(measure, tuple(gaps), tuple(few), DRAWS, seed)


def _intervals(better: Sequence[Fraction], worse: Sequence[Fraction], seed: int) -> tuple[Interval, Interval]:
    """(of the medians, of the means)"""
    import numpy as np

    random = np.random.Generator(np.random.Philox(seed))
    drawn = [_drawn(np.array([float(each) for each in group]), random, np) for group in (better, worse)]
    tail = (1 - COVERAGE) / 2
    ends = [np.quantile(drawn[0][at] - drawn[1][at], (tail, 1 - tail)) for at in (0, 1)]
    median = _median(better) - _median(worse)
    mean = sum(better, Fraction(0)) / len(better) - sum(worse, Fraction(0)) / len(worse)
    return Interval(median, float(ends[0][0]), float(ends[0][1])), Interval(mean, float(ends[1][0]), float(ends[1][1]))


def _drawn(values: Any, random: Any, np: Any) -> tuple[Any, Any]:
    """The medians and the means of so many samples drawn again."""
    again = values[random.integers(0, len(values), (DRAWS, len(values)))]
    return np.median(again, axis=1), again.mean(axis=1)


def _median(ordered: Sequence[Fraction]) -> Fraction:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
