"""Whether the law of propagation may stand for the draws, for one number at one record.

source  JCGM 101:2008, clause 8: with δ half a unit of the last of so many digits of u, both ends of y ± U must differ from those of the draws by no
        more than δ; the draws themselves are to be stable to δ/5 (8.2), as twice the standard error of their ends over the nets they come in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.metrology.montecarlo import coverage, numerical_tolerance
from guiju.readings.evaluate import Evaluation
from guiju.readings.uncertain.linear import Propagation
from guiju.readings.uncertain.sampled import Draws, Sampler
from guiju.readings.uncertain.stated import Stated

LOG2, LEAST, MOST = 13, 4, 64
"""Points of a net, and how many nets."""


@dataclass(frozen=True, slots=True)
class Validated:
    """y, u, low, high   of first order; drawn_low, drawn_high of the draws; tolerance is δ
    d_low, d_high        by how much the ends differ
    settled              whether the draws are stable to δ/5
    """

    y: float
    u: float
    low: float
    high: float
    drawn_low: float
    drawn_high: float
    tolerance: float
    points: int
    settled: bool

    @property
    def d_low(self) -> float:
        return abs(self.low - self.drawn_low)

    @property
    def d_high(self) -> float:
        return abs(self.high - self.drawn_high)

    @property
    def valid(self) -> bool:
        return self.d_low <= self.tolerance and self.d_high <= self.tolerance


def validated(program: Program, evaluation: Evaluation, stated: Stated, node: Node, *, digits: int = 2, probability: float = 0.95, seed: int = 1
              ) -> Validated | None:  # fmt: skip
    """None where the first order gives no interval, or some draw has no value: then there is nothing to compare."""
    from scipy.special import ndtri, stdtrit

    propagation = Propagation(program, evaluation, stated)
    linear = propagation.linear(node) if stated.spreads else None
    if linear is None or not linear.u > 0 or math.isnan(linear.dof) or not isinstance(linear.value, Fraction):
        return None
    tail = (1 + probability) / 2
    half = linear.u * float(ndtri(tail) if math.isinf(linear.dof) else stdtrit(linear.dof, tail))
    sampler, delta = Sampler(program, stated, propagation.values, [node]), numerical_tolerance(linear.u, digits)
    ends: list[tuple[float, float]] = []
    settled = False
    while len(ends) < MOST and not settled:
        value, known = sampler.block(Draws(seed, "sobol", LOG2), len(ends) << LOG2, 1 << LOG2)[node.index]
        if not np.all(known):
            return None
        ends.append(coverage(np.broadcast_to(np.asarray(value, dtype=np.float64), (1 << LOG2,)), probability, "symmetric"))
        settled = len(ends) >= LEAST and bool(np.all(2 * np.std(ends, axis=0, ddof=1) / math.sqrt(len(ends)) <= delta / 5))
    y, (low, high) = float(linear.value), np.mean(ends, axis=0)
    return Validated(y, linear.u, y - half, y + half, float(low), float(high), delta, len(ends) << LOG2, settled)
