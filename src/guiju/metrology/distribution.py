"""What is known of an input: a distribution with its mean, its standard uncertainty and degrees of freedom, and how to draw from it.

source  JCGM 101:2008, table 1 and 6.4. Each is drawn by its quantile function from one uniform number, the curvilinear trapezoid from two, so that
        scrambled Sobol points keep their evenness.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from guiju.metrology.array import Array, Numbers, array

Draw = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Distribution:
    """u is what GUM calls the standard uncertainty; sd that of the distribution drawn from, which for t is larger.

    draw     uniform numbers of shape (dimensions, N) to N values
    density  probability density; None for what is only drawn from
    """

    kind: str
    mean: float
    u: float
    draw: Draw = field(repr=False, compare=False)
    dof: float = math.inf
    dimensions: int = 1
    sd: float = math.nan
    density: Callable[[Array], Array] | None = field(default=None, repr=False, compare=False)
    support: tuple[float, float] = (-math.inf, math.inf)


def normal(mean: float, u: float, dof: float = math.inf) -> Distribution:
    """Drawn as normal, whatever the degrees of freedom: they count in the effective ones. `student` is what JCGM 101 asks for a small sample."""
    from scipy.special import ndtri

    def density(x: Array) -> Array:
        return np.asarray(np.exp(-0.5 * ((x - mean) / u) ** 2) / (u * math.sqrt(2 * math.pi)))

    def draw(r: Array) -> Array:
        made: Array = ndtri(r[0])
        made *= u  # in place: drawing normal numbers is most of what a run of Monte Carlo does
        made += mean
        return made

    return Distribution("normal", mean, u, draw, dof, sd=u, density=density)


def student(mean: float, scale: float, dof: float) -> Distribution:
    """Scaled and shifted t. u is the scale (GUM); the standard deviation of what is drawn is scale √(ν / (ν - 2)), infinite up to 2."""
    from scipy.special import gammaln, stdtrit

    constant = math.exp(float(gammaln((dof + 1) / 2) - gammaln(dof / 2))) / (math.sqrt(dof * math.pi) * scale)

    def density(x: Array) -> Array:
        return np.asarray(constant * (1 + ((x - mean) / scale) ** 2 / dof) ** (-(dof + 1) / 2))

    sd = scale * math.sqrt(dof / (dof - 2)) if dof > 2 else math.inf
    return Distribution("t", mean, scale, lambda r: mean + scale * stdtrit(dof, r[0]), dof, sd=sd, density=density)


def student_of_sd(mean: float, u: float, dof: float) -> Distribution:
    """t with the standard deviation u, dof above 2."""
    made = student(mean, u * math.sqrt((dof - 2) / dof), dof)
    return Distribution("t", mean, u, made.draw, dof, sd=u, density=made.density)


def observations(values: Numbers) -> Distribution:
    """The mean of repeated observations (type A): t with n - 1 degrees of freedom."""
    x = array(values)
    return student(float(x.mean()), float(x.std(ddof=1)) / math.sqrt(len(x)), len(x) - 1)


def rectangular(low: float, high: float, dof: float = math.inf) -> Distribution:
    width = high - low
    return Distribution("rectangular", (low + high) / 2, width / math.sqrt(12), lambda r: low + width * r[0], dof, sd=width / math.sqrt(12),
                        density=lambda x: np.where((x >= low) & (x <= high), 1 / width, 0.0), support=(low, high))  # fmt: skip


def trapezoidal(low: float, high: float, beta: float) -> Distribution:
    """Symmetric; beta is the ratio of the top to the base: 0 triangular, 1 rectangular."""
    middle, half = (low + high) / 2, (high - low) / 2
    top = 1 / (half * (1 + beta))
    edge = (1 - beta) / (2 * (1 + beta))  # probability of one slope

    def draw(r: Array) -> Array:
        tail = np.minimum(r[0], 1 - r[0])
        slope = np.sqrt(2 * tail * (1 + beta) * (1 - beta)) * half if beta < 1 else np.zeros_like(tail)
        flat = half * (1 - beta) + (tail - edge) / top
        away = half - np.where(tail < edge, slope, flat)
        return np.asarray(middle + np.where(r[0] < 0.5, -away, away))

    def density(x: Array) -> Array:
        away = np.abs(x - middle)
        return np.asarray(np.where(away > half, 0.0, np.minimum(top, top * (half - away) / (half * (1 - beta)) if beta < 1 else top)))

    u = half * math.sqrt((1 + beta**2) / 6)
    return Distribution("trapezoidal" if beta else "triangular", middle, u, draw, sd=u, density=density, support=(low, high))


def curvilinear_trapezoid(low: float, high: float, d: float) -> Distribution:
    """Rectangular with limits that are themselves known to ± d only (JCGM 101, 6.4.3)."""
    u = math.sqrt((high - low) ** 2 / 12 + d**2 / 9)

    def draw(r: Array) -> Array:
        start = low - d + 2 * d * r[0]
        return np.asarray(start + (low + high - 2 * start) * r[1])

    return Distribution("curvilinear trapezoid", (low + high) / 2, u, draw, dimensions=2, sd=u, support=(low - d, high + d))


def arcsine(low: float, high: float) -> Distribution:
    """U-shaped: a quantity that swings between two limits."""
    middle, half = (low + high) / 2, (high - low) / 2
    u = half / math.sqrt(2)
    return Distribution("arcsine", middle, u, lambda r: middle - half * np.cos(math.pi * r[0]), sd=u, support=(low, high))


def gamma(shape: float, scale: float) -> Distribution:
    from scipy.special import gammaincinv, gammaln

    def density(x: Array) -> Array:
        at = np.maximum(x, 1e-300) / scale
        return np.asarray(np.where(x > 0, np.exp((shape - 1) * np.log(at) - at - float(gammaln(shape))) / scale, 0.0))

    u = math.sqrt(shape) * scale
    return Distribution("gamma", shape * scale, u, lambda r: scale * gammaincinv(shape, r[0]), sd=u, density=density, support=(0.0, math.inf))


def lognormal(mean_log: float, sd_log: float) -> Distribution:
    """exp of a normal quantity with that mean and standard deviation."""
    from scipy.special import ndtri

    mean = math.exp(mean_log + sd_log**2 / 2)
    u = mean * math.sqrt(math.expm1(sd_log**2))

    def density(x: Array) -> Array:
        at = np.maximum(x, 1e-300)
        shape = np.exp(-0.5 * ((np.log(at) - mean_log) / sd_log) ** 2) / (at * sd_log * math.sqrt(2 * math.pi))
        return np.asarray(np.where(x > 0, shape, 0.0))

    return Distribution("lognormal", mean, u, lambda r: np.exp(mean_log + sd_log * ndtri(r[0])), sd=u, density=density, support=(0.0, math.inf))


def sample(values: Numbers) -> Distribution:
    """What was observed, drawn as it is: every value as often as any other. u is the standard deviation of the values, not of their mean."""
    x = np.sort(array(values))
    n = len(x)
    u = float(x.std(ddof=1))
    return Distribution("sample", float(x.mean()), u, lambda r: x[np.minimum((r[0] * n).astype(np.intp), n - 1)], sd=u, support=(x[0], x[-1]))
