"""Critical values of the statistics of interlaboratory studies, computed and not looked up.

All but Grubbs' double statistic have a closed form in quantiles of t and F. The double one has the law of `_Double`, computed by recursion over the
number of laboratories and one integration; it agrees with printed tables, which were simulated, to their last digit.

p laboratories, n results in each cell, alpha the level of significance. source: ISO 5725-2 (GB/T 6379.2), ASTM E691; 't Lam 2010 for unequal n.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from guiju.metrology.array import Array, Numbers, array

STRAGGLER, OUTLIER = 0.05, 0.01
"""The levels of ISO 5725-2: significant at 5 % is a straggler, at 1 % an outlier."""


def mandel_h(p: int, alpha: float) -> float:
    """The two-sided critical value of Mandel's h; at least 3 laboratories."""
    from scipy.special import stdtrit

    t = float(stdtrit(p - 2, 1 - alpha / 2))
    return (p - 1) * t / math.sqrt(p * (t * t + p - 2))


def mandel_k(p: int, n: int, alpha: float) -> float:
    """The critical value of Mandel's k where every cell has n results."""
    return float(mandel_k_unequal(array([n - 1.0]), array([(p - 1) * (n - 1.0)]), alpha)[0])


def mandel_k_unequal(own: Array, others: Array, alpha: float) -> Array:
    """Of a cell with `own` degrees of freedom beside `others` in the rest of its level; k refers to the standard deviation pooled over both."""
    from scipy.special import fdtri

    with np.errstate(invalid="ignore"):
        f = fdtri(own, others, 1 - alpha)
        return np.asarray(np.sqrt((own + others) * f / (own * f + others)))


def cochran(p: int, n: int, alpha: float) -> float:
    """The critical value of Cochran's C: the largest variance over the sum of p variances with n - 1 degrees of freedom each."""
    from scipy.special import fdtri

    return 1 / (1 + (p - 1) / float(fdtri(n - 1, (p - 1) * (n - 1), 1 - alpha / p)))


def cochran_unequal(own: Array, others: Array, p: Array | float, alpha: float) -> Array:
    """'t Lam's critical value of G = ν s² / Σ ν s² for a laboratory with `own` degrees of freedom, `others` in the remaining p - 1."""
    from scipy.special import fdtri

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 / (1 + others / (own * fdtri(own, others, 1 - alpha / p))))


def grubbs(p: int, alpha: float) -> float:
    """The critical value of Grubbs' statistic for one outlying value; as in the tables of ISO 5725-2, alpha is shared by both sides."""
    from scipy.special import stdtrit

    t = float(stdtrit(p - 2, 1 - alpha / (2 * p)))
    return (p - 1) / math.sqrt(p) * math.sqrt(t * t / (p - 2 + t * t))


def grubbs_double(p: int, alpha: float) -> float:
    """The lower critical value of Grubbs' statistic for two outlying values on one side; alpha is shared by both sides. At least 4 laboratories."""
    return _double_quantile(p, alpha / 2)


def double_probability(p: int, ratio: float) -> float:
    """The probability that the two largest of p normal values leave at most this share of the sum of squares when they are taken out."""
    return float(_Double(p)(ratio))


@lru_cache(maxsize=512)
def _double_quantile(p: int, probability: float) -> float:
    from scipy.optimize import brentq

    law = _Double(p)
    return float(brentq(lambda ratio: law(ratio) - probability, 0.0, 1.0, xtol=1e-10))


# The law of the double statistic. Values in rising order x1 … xp; u_k is how far x_k is from the mean of those below it, scaled so that the u_k are
# orthonormal coordinates, and R_k² = u_2² + … + u_k² is the sum of squares of the first k. T_k = u_k / R_k = sin a_k. On the sphere the direction
# of (u_2 … u_{k-1}) is independent of T_k, and x_k >= x_{k-1} says T_{k-1} <= tan(a_k) sqrt(k / (k - 2)). So the law of T_k follows from that of
# T_{k-1} by one integration, and 1 - ratio = 1 - (1 - T_p²)(1 - T_{p-1}²).

_NODES = 4201
_ANGLES = np.linspace(0.0, math.pi / 2, _NODES)


def _density(k: int) -> Array:
    """Density of the angle of one coordinate of a uniform direction in k - 1 dimensions, at `_ANGLES`."""
    constant = math.exp(math.lgamma((k - 1) / 2) - math.lgamma((k - 2) / 2)) / math.sqrt(math.pi)
    return np.asarray(constant * np.cos(_ANGLES) ** (k - 3))


def _limit(k: int) -> Array:
    """The largest angle of T_{k-1} that keeps the order, for each angle of T_k."""
    with np.errstate(over="ignore"):
        return np.asarray(np.arcsin(np.minimum(1.0, np.tan(_ANGLES) * math.sqrt(k / (k - 2)))))


@lru_cache(maxsize=256)
def _largest(k: int) -> Array:
    """The distribution function of the angle of T_k at `_ANGLES`; T_2 is always 1."""
    from scipy.integrate import cumulative_simpson

    if k == 2:
        return np.where(np.arange(_NODES) == _NODES - 1, 1.0, 0.0)
    if k == 3:
        return np.clip((_ANGLES - math.pi / 6) / (math.pi / 3), 0.0, 1.0)
    law = cumulative_simpson(k * _density(k) * np.interp(_limit(k), _ANGLES, _largest(k - 1)), x=_ANGLES, initial=0.0)
    return np.asarray(np.clip(law / law[-1], 0.0, 1.0))


class _Double:
    """P(ratio <= d) for p values."""

    def __init__(self, p: int) -> None:
        self.weight = p * _density(p)
        self.largest = _largest(p - 1)
        self.upper = np.interp(_limit(p), _ANGLES, self.largest)
        self.rest = np.cos(_ANGLES) ** 2

    def __call__(self, ratio: float) -> float:
        from scipy.integrate import simpson

        with np.errstate(divide="ignore"):
            least = np.arcsin(np.sqrt(np.clip(1 - ratio / self.rest, 0.0, 1.0)))
        lower = np.interp(least, _ANGLES, self.largest)
        return float(simpson(self.weight * np.maximum(self.upper - lower, 0.0), x=_ANGLES))


def range_factor(n: int, probability: float = 0.95) -> float:
    """The quantile of the range of n results in units of their standard deviation, when that is known: the f(n) of ISO 5725-6."""
    return _range_quantile(n, probability)


@lru_cache(maxsize=256)
def _range_quantile(n: int, probability: float) -> float:
    from scipy.optimize import brentq
    from scipy.special import ndtr

    z, weight = np.polynomial.legendre.leggauss(200)
    z, weight = 9 * z, 9 * weight
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    def excess(width: float) -> float:
        return float(n * np.sum(weight * density * (ndtr(z + width) - ndtr(z)) ** (n - 1))) - probability

    return float(brentq(excess, 0.0, 15.0, xtol=1e-12))


def check_factors(g: int, m: int = 2, probability: float = 0.95) -> tuple[float, float]:
    """F1 and F2 of the expanded criterion of homogeneity (ISO 13528 Table B.1): g items, m portions of each."""
    from scipy.special import chdtri, fdtri

    return float(chdtri(g - 1, 1 - probability)) / (g - 1), (float(fdtri(g - 1, g * (m - 1), probability)) - 1) / m


def outside(values: Numbers, straggler: float, outlier: float, *, low: bool = False) -> Array:
    """0 within, 1 a straggler, 2 an outlier; `low`: what is below the critical value is significant."""
    x = array(values)
    with np.errstate(invalid="ignore"):
        found = (x < straggler, x < outlier) if low else (x > straggler, x > outlier)
    return found[0].astype(np.float64) + found[1]
