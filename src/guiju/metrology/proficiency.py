"""Proficiency testing: homogeneity and stability of items, sigma_pt, and scores.

source  ISO 13528:2022 with Amd 1:2026. Out of validity is refused by `verify.rounds`; here are the formulas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Array, Numbers, array
from guiju.metrology.critical import check_factors

Score = Literal["z", "z'", "zeta", "En", "D%"]
WARNING, ACTION = 2.0, 3.0
CONSENSUS_FACTOR = 1.25
"""u(x_pt) = 1.25 s* / √p for robust consensus values."""


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """g items of m portions each. criterion 0.3 sigma_pt; expanded is the limit of s_s that allows for chance (annex B.2.3)."""

    g: int
    m: int
    mean: float
    s_x: float
    s_w: float
    s_s: float
    sigma: float
    criterion: float
    expanded: float

    @property
    def passes(self) -> bool:
        return self.s_s <= self.criterion

    @property
    def passes_expanded(self) -> bool:
        return self.s_s <= self.expanded


def homogeneity(portions: Array, sigma: float) -> Homogeneity:
    """Items by rows, portions by columns. A negative estimate of the between-item variance is 0."""
    g, m = portions.shape
    means = portions.mean(axis=1)
    s_x2 = float(means.var(ddof=1))
    s_w2 = float(portions.var(axis=1, ddof=1).mean())
    s_s2 = max(s_x2 - s_w2 / m, 0.0)
    f1, f2 = check_factors(g, m)
    limit = 0.3 * sigma
    return Homogeneity(g, m, float(portions.mean()), math.sqrt(s_x2), math.sqrt(s_w2), math.sqrt(s_s2), sigma, limit,
                       math.sqrt(f1 * limit**2 + f2 * s_w2))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stability:
    """difference |mean before - mean after| against 0.3 sigma_pt, and against that plus twice its standard uncertainty."""

    before: float
    after: float
    difference: float
    criterion: float
    expanded: float

    @property
    def passes(self) -> bool:
        return self.difference <= self.criterion

    @property
    def passes_expanded(self) -> bool:
        return self.difference <= self.expanded


def stability(before: Numbers, after: Numbers, sigma: float) -> Stability:
    a, b = array(before), array(after)
    u = math.sqrt(sum(float(x.var(ddof=1)) / len(x) for x in (a, b) if len(x) > 1))
    mean = (float(a.mean()), float(b.mean()))
    return Stability(*mean, abs(mean[0] - mean[1]), 0.3 * sigma, 0.3 * sigma + 2 * u)


def horwitz(mass_fraction: float) -> float:
    """sigma_pt by Horwitz as Thompson limits it; mass fractions, 1 mg/kg is 1e-6."""
    if mass_fraction < 1.2e-7:
        return 0.22 * mass_fraction
    return 0.02 * mass_fraction**0.8495 if mass_fraction <= 0.138 else 0.01 * math.sqrt(mass_fraction)


def sigma_from_precision(s_r: float, s_R: float, m: int) -> float:  # noqa: N803
    """sigma_pt for means of m replicates, from the precision of the method."""
    return math.sqrt(s_R**2 - s_r**2 * (1 - 1 / m))


def from_reference(differences: Numbers, x_reference: float, u_reference: float) -> tuple[float, float, float]:
    """(x_pt, u(x_pt), u of the differences): the item measured beside a reference material in one laboratory."""
    d = array(differences)
    u_d = float(d.std(ddof=1)) / math.sqrt(len(d))
    return x_reference + float(d.mean()), math.hypot(u_reference, u_d), u_d


def scores(kind: Score, x: Numbers, x_pt: float, *, sigma: float = math.nan, u_pt: float = 0.0, u_lab: Numbers = ()) -> Array:
    """One score per result. u_lab: standard uncertainties for zeta, expanded ones for En (and u_pt then expanded too)."""
    off = array(x) - x_pt
    if kind == "z":
        return off / sigma
    if kind == "z'":
        return off / math.hypot(sigma, u_pt)
    if kind == "D%":
        return 100 * off / x_pt
    return np.asarray(off / np.sqrt(array(u_lab) ** 2 + u_pt**2))


def verdicts(kind: Score, values: Array) -> list[str]:
    """satisfactory, questionable or unsatisfactory; En has no middle. D% alone gives none."""
    if kind == "D%":
        return [""] * len(values)
    size = np.abs(values)
    if kind == "En":
        return ["satisfactory" if s <= 1 else "unsatisfactory" for s in size]
    return ["satisfactory" if s <= WARNING else "questionable" if s < ACTION else "unsatisfactory" for s in size]


def attainable(p: int) -> float:
    """The largest |z| any of p results can get where their own mean and standard deviation are used: (p - 1) / √p."""
    return (p - 1) / math.sqrt(p)
