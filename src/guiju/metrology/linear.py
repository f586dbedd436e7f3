"""The distribution of a linear model without drawing: a sum of independent symmetric quantities, through its characteristic function.

Normal, rectangular, triangular, trapezoidal and arcsine terms; the coverage interval to about 1e-10 of the standard uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from guiju.metrology.array import Array
from guiju.metrology.distribution import Distribution

KINDS = ("normal", "rectangular", "triangular", "trapezoidal", "arcsine")
_SMALL = 1e-14
_MOST = 3_000_000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def half_width(terms: Sequence[tuple[float, Distribution]], probability: float) -> float | None:
    """Half the coverage interval about the mean of Σ c X; None where a term is of another kind, or where the sum is too rough to be integrated.

    terms   (coefficient, distribution), independent
    """
    from scipy.optimize import brentq

    used = [(abs(c), each) for c, each in terms if c and each.u > 0]
    if not used or any(each.kind not in KINDS for _, each in used):
        return None
    u = math.sqrt(sum((c * each.u) ** 2 for c, each in used))
    wide = sum(c * (8 * each.u if each.kind == "normal" else (each.support[1] - each.support[0]) / 2) for c, each in used)
    end = _end(used, u)
    pieces = math.ceil(end * (wide + u) / math.pi) + 1
    if pieces * len(_NODES) > _MOST:
        return None
    edge = np.linspace(0.0, end, pieces + 1)
    half = (edge[1] - edge[0]) / 2
    t = ((edge[:-1] + half)[:, None] + half * _NODES[None, :]).ravel()
    weight = np.tile(half * _WEIGHTS, pieces) * _characteristic(used, t) / t

    def excess(x: float) -> float:
        return 2 / math.pi * float(np.sum(weight * np.sin(t * x))) - probability

    return float(brentq(excess, 0.0, wide, xtol=1e-14 * wide, rtol=1e-14))


def _characteristic(terms: Sequence[tuple[float, Distribution]], t: Array) -> Array:
    """Of the sum about its mean; real, because every term is symmetric."""
    from scipy.special import j0

    found = np.ones_like(t)
    for c, each in terms:
        at = c * t
        half = (each.support[1] - each.support[0]) / 2
        if each.kind == "normal":
            found = found * np.exp(-0.5 * (each.u * at) ** 2)
        elif each.kind == "arcsine":
            found = found * j0(half * at)
        else:
            beta = math.sqrt(max(6 * (each.u / half) ** 2 - 1, 0.0)) if each.kind != "rectangular" else 1.0
            # a trapezoid is the sum of two rectangles
            found = found * np.sinc(half * (1 + beta) / 2 * at / math.pi) * np.sinc(half * (1 - beta) / 2 * at / math.pi)
    return found


def _end(terms: Sequence[tuple[float, Distribution]], u: float) -> float:
    """Beyond it the integrand is negligible: each factor is bounded by its envelope."""
    end = 1 / u
    while end < 1e9 / u:
        bound = 1.0
        for c, each in terms:
            half = c * (each.support[1] - each.support[0]) / 2 * end
            if each.kind == "normal":
                bound *= math.exp(-0.5 * min((c * each.u * end) ** 2, 700.0))
            elif each.kind == "arcsine":
                bound *= min(1.0, math.sqrt(2 / (math.pi * half)))
            elif each.kind == "rectangular":
                bound *= min(1.0, 1 / half)
            else:
                bound *= min(1.0, 2 / half)  # at least one of its two rectangles is half as wide
        if bound < _SMALL:
            break
        end *= 1.25
    return end
