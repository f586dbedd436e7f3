"""How precision depends on the level: s = b m, s = a + b m, lg s = c + d lg m.

source  ISO 5725-2 (GB/T 6379.2) clause 7.5. The 2025 edition calls a new precision model "relation III"; its text was not seen, and what is computed
        here under III is lg s = c + d lg m of the editions before, a plain straight line: the spread of lg s does not depend on the level, so none
        counts more than another (7.5.5). `PENDING` says so wherever it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Array

Kind = Literal["I", "II", "III"]
PENDING: tuple[Kind, ...] = ("III",)
ROUNDS = 3
"""How often relation II is fitted anew with weights from the fit before; the last step changes little."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Shapes (…) for the coefficients, (…, q) for what is fitted.

    constant   a of II, c of III; 0 for I
    slope      b of I and II, d of III
    fitted     s at each level
    deviation  the largest |s - fitted| / fitted over the levels
    """

    kind: Kind
    constant: Array
    slope: Array
    fitted: Array
    deviation: Array


def relation(kind: Kind, m: Array, s: Array) -> Relation:
    """The relation of that kind for general means m and standard deviations s of q levels, shape (…, q).

    NaN where there are fewer than 2 levels (I: fewer than 1), or where III meets a level that is not positive or has s = 0.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "I":
            here = ~np.isnan(s)
            slope = np.sum(np.where(here, s / m, 0.0), axis=-1) / np.sum(here, axis=-1)
            constant = np.zeros_like(slope)
            fitted = slope[..., None] * m
        elif kind == "II":
            constant, slope, fitted = _weighted(m, s)
        else:
            x, y = np.log10(m), np.log10(s)
            constant, slope = _line(np.ones_like(x), x, y)
            fitted = 10 ** (constant[..., None] + slope[..., None] * x)
        deviation = np.max(np.where(np.isnan(s), 0.0, np.abs(s - fitted) / np.abs(fitted)), axis=-1)
    return Relation(kind, constant, slope, fitted, np.asarray(deviation))


def _weighted(m: Array, s: Array) -> tuple[Array, Array, Array]:
    """Weights 1 / s² first, then 1 / fitted²: s is known the less, the larger it is."""
    fitted = s
    for _ in range(ROUNDS):
        constant, slope = _line(1 / fitted**2, m, s)
        fitted = constant[..., None] + slope[..., None] * m
    return constant, slope, fitted


def _line(weight: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Constant and slope of the weighted straight line; deviations from the weighted mean, so that the origin does not matter.

    A level that is NaN does not count: studies in one array may have different numbers of levels.
    """
    here = ~(np.isnan(x) | np.isnan(y))
    weight, x, y = np.where(here, weight, 0.0), np.where(here, x, 0.0), np.where(here, y, 0.0)
    total = np.sum(weight, axis=-1)
    middle = np.sum(weight * x, axis=-1) / total
    off = x - middle[..., None]
    slope = np.sum(weight * off * y, axis=-1) / np.sum(weight * off**2, axis=-1)
    return np.asarray(np.sum(weight * y, axis=-1) / total - slope * middle), np.asarray(slope)
