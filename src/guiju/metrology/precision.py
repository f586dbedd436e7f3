"""Precision of a measurement method from one interlaboratory study, or from many at once: s_r, s_L, s_R, the limits r and R, how sure they are.

Every array has the shape (…, q, p): any number of studies, q levels, p laboratories. A laboratory without results at a level has n = 0 there.

source  ISO 5725-2 (GB/T 6379.2) clause 7: one-way analysis of variance with cells weighted by their number of results; ASTM E691: plain means of
        cells, and s_R never below s_r. u(s_r), u(s_R): the planning formulas of ISO 5725-1, written for unequal cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Array, Flags

Convention = Literal["iso5725", "e691"]
LIMIT_FACTOR = 2.8
"""r = 2.8 s_r and R = 2.8 s_R: 1.96 √2 rounded as both standards round it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What is kept of the results of each laboratory at each level.

    n         how many there are
    mean      NaN where n is 0
    variance  NaN where n is below 2
    """

    n: Array
    mean: Array
    variance: Array

    @property
    def present(self) -> Flags:
        return self.n > 0

    @property
    def p(self) -> Array:
        """Laboratories at each level, shape (…, q)."""
        return np.asarray(np.sum(self.n > 0, axis=-1, dtype=np.float64))

    @property
    def own(self) -> Array:
        """Degrees of freedom within each cell; 0 where there is at most one result."""
        return np.maximum(self.n - 1, 0.0)


def cells(results: Array) -> Cells:
    """The cells of results of shape (…, q, p, replicates); NaN stands for a result that is not there.

    accuracy  variances from deviations, so that neither the origin nor the order of replicates matters beyond the last digits
    """
    if not np.isnan(np.sum(results)):
        count = results.shape[-1]
        mean: Array = np.sum(results, axis=-1) / count
        deviation = results - mean[..., None]
        squares = np.einsum("...i,...i->...", deviation, deviation)
        variance = squares / (count - 1) if count > 1 else np.full_like(mean, np.nan)
        return Cells(np.full(mean.shape, float(count)), mean, variance)
    here = ~np.isnan(results)
    n = np.asarray(np.sum(here, axis=-1, dtype=np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.sum(np.where(here, results, 0.0), axis=-1) / n
        deviation = np.where(here, results - mean[..., None], 0.0)
        variance = np.where(n > 1, np.sum(deviation**2, axis=-1) / (n - 1), np.nan)
    return Cells(n, np.asarray(mean), variance)


@dataclass(frozen=True, slots=True)
class Precision:
    """Per study and level, shape (…, q).

    general    the general mean m
    s_x        standard deviation of the cell means
    truncated  where the estimate of s_L² was negative and 0 is used
    n_mean     the mean number of results the analysis of variance weights with
    dof_r      degrees of freedom of s_r
    u_r, u_R   standard uncertainties of s_r and s_R
    """

    p: Array
    n: Array
    general: Array
    s_x: Array
    s_r: Array
    s_L: Array  # noqa: N815 - the names of the standards, told apart by their case
    s_R: Array  # noqa: N815
    truncated: Flags
    n_mean: Array
    dof_r: Array
    u_r: Array
    u_R: Array  # noqa: N815

    @property
    def r(self) -> Array:
        return LIMIT_FACTOR * self.s_r

    @property
    def R(self) -> Array:  # noqa: N802
        return LIMIT_FACTOR * self.s_R


def precision(made: Cells, convention: Convention = "iso5725") -> Precision:
    """The precision of every level of every study. NaN where fewer than 2 laboratories or no cell with 2 results are left: callers refuse that."""
    here, n, p = made.present, made.n, made.p
    balanced = bool(np.all(n == n.flat[0])) and bool(here.flat[0])
    mean = made.mean if balanced else np.where(here, made.mean, 0.0)
    own = made.own
    total, dof = np.sum(n, axis=-1), np.sum(own, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = own * made.variance if balanced else np.where(own > 0, own * np.where(own > 0, made.variance, 0.0), 0.0)
        ms_r = np.sum(within, axis=-1) / dof
        plain = np.sum(mean, axis=-1) / p
        from_plain = mean - plain[..., None] if balanced else np.where(here, mean - plain[..., None], 0.0)
        s_x2 = np.sum(from_plain**2, axis=-1) / (p - 1)
        if convention == "e691":
            inverse = np.sum(np.where(here, 1 / np.where(here, n, 1.0), 0.0), axis=-1) / p
            general, n_mean = plain, 1 / inverse
            ms_between = s_x2 * n_mean
        else:
            general = plain if balanced else plain + np.sum(n * from_plain, axis=-1) / total
            off = from_plain if balanced else np.where(here, mean - general[..., None], 0.0)
            ms_between = np.sum(n * off**2, axis=-1) / (p - 1)
            n_mean = (total - np.sum(n * n, axis=-1) / total) / (p - 1)
        between = (ms_between - ms_r) / n_mean
        s_l2 = np.maximum(between, 0.0)
        s_big2 = s_l2 + ms_r
        # s_R² = MS_b / n̄ + (1 - 1/n̄) MS_r, two independent parts; where it is cut off, s_R is s_r.
        part_b, part_r = ms_between / n_mean, (1 - 1 / n_mean) * ms_r
        spread = np.hypot(part_b * np.sqrt(2 / (p - 1)), part_r * np.sqrt(2 / dof))
        s_r, s_big = np.sqrt(ms_r), np.sqrt(s_big2)
        u_r, u_big = s_r * np.sqrt(1 / (2 * dof)), spread / (2 * s_big)
    return Precision(
        p, total, np.asarray(general), np.sqrt(s_x2), s_r, np.sqrt(s_l2), s_big, np.asarray(between < 0), np.asarray(n_mean), dof,
        np.asarray(u_r), np.asarray(u_big),
    )  # fmt: skip


def from_summary(n: Array, mean: Array, s: Array) -> Cells:
    """Cells given as number, mean and standard deviation."""
    return Cells(n, np.where(n > 0, mean, np.nan), np.where(n > 1, s**2, np.nan))


def reproducibility_of_mean(s_L: float, s_r: float, n: int, u_bias: float = 0.0) -> float:  # noqa: N803
    """Standard uncertainty of a mean of n results of one laboratory, from the precision of the method (ISO 21748)."""
    return math.sqrt(s_L**2 + s_r**2 / n + u_bias**2)
