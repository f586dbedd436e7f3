"""Several numbers of a standard together: their covariance and the regions that hold all of them at once.

source  JCGM 102:2011. Linear: the ellipsoid of a normal distribution (6.5.2) and the box of Bonferroni (6.5.3); by draws, those that hold the share
        asked for of what was drawn (7.7.2, 7.7.3). Adaptive runs settle each number and not these factors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from guiju.metrology.array import Array
from guiju.readings.uncertain.linear import Linear, Propagation

PROBABILITY = 0.95


@dataclass(frozen=True, slots=True)
class Region:
    """names        of the numbers that move to first order, or whose draws do, in the order of the matrices
    covariance      first order; `drawn` that of the draws
    rank            how many of them are free: numbers that follow from one another add no dimension
    ellipsoid, box  coverage factors of the normal distribution, for `PROBABILITY`
    ellipsoid_drawn, box_drawn  the same by the draws; NaN where too few have values of all numbers
    """

    names: tuple[str, ...]
    covariance: Array
    drawn: Array
    rank: int
    ellipsoid: float
    box: float
    ellipsoid_drawn: float
    box_drawn: float

    @property
    def correlation(self) -> Array:
        return correlation(self.covariance)

    @property
    def correlation_drawn(self) -> Array:
        return correlation(self.drawn)


def correlation(covariance: Array) -> Array:
    sd = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(covariance / np.outer(sd, sd))


def region_of(propagation: Propagation, numbers: Mapping[str, Linear], values: Array) -> Region | None:
    """The region of numbers, given their first order and their draws (numbers, draws) where all have values; None where fewer than two move."""
    from scipy.special import chdtri, ndtri

    inputs = list(propagation.stated.names)
    slopes = np.zeros((len(numbers), len(inputs)))
    for i, linear in enumerate(numbers.values()):
        for part in linear.parts:
            slopes[i, inputs.index(part.name)] = float(part.sensitivity)
    first: Array = slopes @ propagation.covariance @ slopes.T
    moving = [i for i, each in enumerate(numbers.values()) if each.u > 0]
    if len(moving) < 2:
        return None
    first, drawn, rank = first[np.ix_(moving, moving)], values[moving], _rank(first[np.ix_(moving, moving)])
    names = tuple(np.array(list(numbers), dtype=object)[moving])
    ellipsoid, box = math.sqrt(float(chdtri(rank, 1 - PROBABILITY))), float(ndtri(1 - (1 - PROBABILITY) / (2 * len(moving))))
    if drawn.shape[1] < 100 or not np.all(np.ptp(drawn, axis=1) > 0):
        unknown = np.full_like(first, np.nan)
        return Region(names, first, unknown, rank, ellipsoid, box, math.nan, math.nan)
    off = drawn - drawn.mean(axis=1, keepdims=True)
    covariance = np.einsum("in,jn->ij", off, off) / (off.shape[1] - 1)
    sd = np.sqrt(np.diag(covariance))
    off /= sd[:, None]
    # einsum, not BLAS, whose last digits hang on the number of threads
    inverse = np.linalg.pinv(correlation(covariance), rcond=1e-9, hermitian=True)
    distance = np.einsum("in,in->n", off, np.einsum("ij,jn->in", inverse, off))
    farthest = np.max(np.abs(off), axis=0)
    factors = math.sqrt(float(np.quantile(distance, PROBABILITY))), float(np.quantile(farthest, PROBABILITY))
    return Region(names, first, covariance, rank, ellipsoid, box, *factors)


def _rank(covariance: Array) -> int:
    return int(np.linalg.matrix_rank(correlation(covariance), tol=1e-9 * len(covariance), hermitian=True))
