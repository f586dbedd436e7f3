"""Robust estimates: Algorithm A and S, Q with Hampel's mean, median with MADe or nIQR, the mode of a kernel density.

source  ISO 13528:2022 with Amd 1:2026, annex C; ISO 5725-5. Iterations run to convergence; the three-figure stop of the older text is an option,
        because it depends on unit and origin. `iterations` and `stop` say what was done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Array, Numbers, array

Stop = Literal["converged", "three figures"]
MAD_FACTOR, IQR_FACTOR = 1.483, 0.7413
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """location is NaN for an algorithm of scale alone."""

    location: float
    scale: float
    iterations: int = 0
    stop: Stop = "converged"


def median_made(x: Numbers) -> Estimate:
    """Median and scaled median absolute deviation, 1.483 MAD; 0 where more than half are equal: callers refuse that."""
    values = array(x)
    middle = float(np.median(values))
    return Estimate(middle, MAD_FACTOR * float(np.median(np.abs(values - middle))))


def median_niqr(x: Numbers) -> Estimate:
    """Median and normalised interquartile range, 0.7413 IQR, quartiles interpolated between order statistics."""
    low, middle, high = np.quantile(array(x), (0.25, 0.5, 0.75))
    return Estimate(float(middle), IQR_FACTOR * float(high - low))


def algorithm_a(x: Numbers, stop: Stop = "converged") -> Estimate:
    """Robust mean and standard deviation by winsorising at 1.5 s* (factor 1.134). Starts from median and MADe, which must not be 0."""
    values = array(x)
    start = median_made(values)
    found = algorithm_a_many(values[None, :], stop)
    return Estimate(float(found[0][0]), float(found[1][0]), found[2], stop) if start.scale > 0 else start


def algorithm_a_many(sets: Array, stop: Stop = "converged") -> tuple[Array, Array, int]:
    """Algorithm A on every row of an array at once: (locations, scales, iterations of the slowest). A row whose MADe is 0 stays as it began."""
    x = array(sets)
    p = x.shape[-1]
    location = np.median(x, axis=-1)
    scale = MAD_FACTOR * np.median(np.abs(x - location[:, None]), axis=-1)
    alive = np.flatnonzero(scale > 0)
    rounds = 0
    while alive.size and rounds < _ROUNDS:
        rounds += 1
        middle, reach = location[alive, None], 1.5 * scale[alive, None]
        inside = np.clip(x[alive], middle - reach, middle + reach)
        new = np.mean(inside, axis=-1)
        spread = 1.134 * np.sqrt(np.sum((inside - new[:, None]) ** 2, axis=-1) / (p - 1))
        if stop == "converged":
            size = np.maximum(np.abs(spread - scale[alive]), np.abs(new - location[alive])) / np.maximum(spread, 1e-300)
            moving = size > 1e-13
        else:
            moving = np.array([_figures(a) != _figures(b) for a, b in zip([*spread, *new], [*scale[alive], *location[alive]], strict=True)])
            moving = moving[: alive.size] | moving[alive.size :]
        location[alive], scale[alive] = new, spread
        alive = alive[moving & (spread > 0)]
    return location, scale, rounds


def _figures(value: float) -> float:
    """To three significant figures."""
    return 0.0 if value == 0 else round(value, 2 - math.floor(math.log10(abs(value))))


def algorithm_s(spreads: Numbers, dof: int) -> Estimate:
    """Pooled robust standard deviation of within-laboratory standard deviations, or of ranges of two (dof 1), with dof degrees of freedom each."""
    from scipy.special import chdtr, chdtri

    w = array(spreads)
    limit = math.sqrt(float(chdtri(dof, 0.1)) / dof)
    adjust = 1 / math.sqrt(float(chdtr(dof + 2, dof * limit**2)) + 0.1 * limit**2)
    value, rounds = float(np.median(w)), 0
    while rounds < _ROUNDS:
        rounds += 1
        new = adjust * math.sqrt(float(np.mean(np.minimum(w, limit * value) ** 2)))
        done = abs(new - value) <= 1e-14 * new
        value = new
        if done:
            break
    return Estimate(math.nan, value, rounds)


def q_scale(groups: list[Array]) -> float:
    """The Q estimate of s_R: from the differences between results of different laboratories; one array of results per laboratory."""
    from scipy.special import ndtri

    p = len(groups)
    parts, weights = [], []
    for i in range(p):
        for j in range(i + 1, p):
            apart = np.abs(groups[i][:, None] - groups[j][None, :]).ravel()
            parts.append(apart)
            weights.append(np.full(apart.size, 2 / (p * (p - 1) * apart.size)))
    return _quantile_scale(np.concatenate(parts), np.concatenate(weights), ndtri)


def q_within(groups: list[Array]) -> float:
    """The Q estimate of s_r: from the differences between replicates of the same laboratory."""
    from scipy.special import ndtri

    parts, weights = [], []
    usable = [group for group in groups if len(group) > 1]
    for group in usable:
        apart = np.abs(group[:, None] - group[None, :])[np.triu_indices(len(group), 1)]
        parts.append(apart)
        weights.append(np.full(apart.size, 1 / (len(usable) * apart.size)))
    return _quantile_scale(np.concatenate(parts), np.concatenate(weights), ndtri)


def _quantile_scale(apart: Array, weight: Array, quantile: np.ufunc) -> float:
    """G1 is the distribution of the differences, smoothed halfway between its steps; the estimate is the quantile above the share of zeros."""
    if not apart.any():
        return 0.0
    # differences that are equal but for the rounding of doubles are one step
    steps, where = np.unique(np.round(apart, min(12 - math.floor(math.log10(float(np.max(apart)))), 300)), return_inverse=True)
    h = np.cumsum(np.bincount(where, weight))
    at_zero = float(h[0]) if steps[0] == 0 else 0.0
    if steps[0] == 0:
        steps, h = steps[1:], h[1:]
    if not steps.size:
        return 0.0
    g = 0.5 * (h + np.concatenate([[at_zero], h[:-1]]))
    if steps.size and at_zero == 0.0:
        g[0] = 0.5 * h[0]
    found = float(np.interp(0.25 + 0.75 * at_zero, np.concatenate([[0.0], g]), np.concatenate([[0.0], steps])))
    return found / (math.sqrt(2) * float(quantile(0.625 + 0.375 * at_zero)))


def hampel(x: Numbers, scale: float) -> float:
    """Hampel's redescending mean (1.5, 3, 4.5) of values with the given scale: of all solutions the one nearest the median.

    Exact: the estimating equation is a straight line between the points where a value enters another piece.
    """
    values = array(x)
    if scale <= 0:
        return float(np.median(values))
    breaks = np.unique((values[:, None] + scale * np.array([-4.5, -3.0, -1.5, 1.5, 3.0, 4.5])[None, :]).ravel())
    psi = np.sum(_hampel_psi((values[None, :] - breaks[:, None]) / scale), axis=1)
    roots = [float(at) for at, size in zip(breaks, psi, strict=True) if size == 0]
    for n in np.flatnonzero(psi[:-1] * psi[1:] < 0):
        roots.append(float(breaks[n] + (breaks[n + 1] - breaks[n]) * psi[n] / (psi[n] - psi[n + 1])))
    middle = float(np.median(values))
    return min(roots, key=lambda root: abs(root - middle)) if roots else middle


def _hampel_psi(q: Array) -> Array:
    size = np.abs(q)
    return np.asarray(np.sign(q) * np.minimum(np.minimum(size, 1.5), np.maximum(4.5 - size, 0.0)))


def q_hampel(groups: list[Array]) -> Estimate:
    """Hampel's mean of the laboratory means, with the Q scale of between-laboratory differences."""
    scale = q_scale(groups)
    return Estimate(hampel([float(np.mean(group)) for group in groups], scale), scale)


@dataclass(frozen=True, slots=True)
class RobustPrecision:
    """One level of a study without any test for outliers (ISO 5725-5): location, s_r, s_R; s_R is never below s_r."""

    general: float
    s_r: float
    s_R: float  # noqa: N815


def robust_precision(groups: list[Array], method: Literal["A+S", "Q/Hampel"] = "A+S") -> RobustPrecision:
    """Results of one level by laboratory. A+S: Algorithm S for s_r, Algorithm A over the cell means; it takes equal numbers of results.

    Q/Hampel takes unequal ones too.
    """
    if method == "Q/Hampel":
        s_r, made = q_within(groups), q_hampel(groups)
        return RobustPrecision(made.location, s_r, max(made.scale, s_r))
    n = len(groups[0])
    s_r = algorithm_s([float(group.std(ddof=1)) for group in groups], n - 1).scale
    means = algorithm_a([float(group.mean()) for group in groups])
    return RobustPrecision(means.location, s_r, math.sqrt(max(means.scale**2 - s_r**2 / n, 0.0) + s_r**2))


def kernel_mode(x: Numbers, bandwidth: float) -> list[tuple[float, float]]:
    """The modes of a Gaussian kernel density, (place, share of the highest), highest first."""
    values = array(x)
    grid = np.linspace(values.min() - 3 * bandwidth, values.max() + 3 * bandwidth, 4001)
    density = np.sum(np.exp(-0.5 * ((grid[:, None] - values[None, :]) / bandwidth) ** 2), axis=1)
    peaks = np.flatnonzero((density[1:-1] > density[:-2]) & (density[1:-1] >= density[2:])) + 1
    found = []
    for n in peaks:
        left, middle, right = density[n - 1 : n + 2]
        found.append((float(grid[n] + (grid[1] - grid[0]) * 0.5 * (left - right) / (left - 2 * middle + right)), float(middle / density.max())))
    return sorted(found, key=lambda each: -each[1])
