"""A consensus value of laboratories that state their uncertainties, by random effects.

x the laboratories' values, u their standard uncertainties; tau2 the between-laboratory variance beyond what u explains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Array, Numbers, array

Method = Literal["mandel-paule", "dersimonian-laird", "reml", "ml", "weighted"]


@dataclass(frozen=True, slots=True)
class Consensus:
    """u is that of the mean with weights 1 / (u² + tau2); chi2 the observed Σ (x - mean)² / u² without tau2, with p - 1 degrees of freedom."""

    value: float
    u: float
    tau2: float
    chi2: float


def consensus(x: Numbers, u: Numbers, method: Method = "mandel-paule") -> Consensus:
    """The consensus value of p ≥ 2 laboratories, all u positive."""
    values, squares = array(x), array(u) ** 2
    shift = float(np.median(values))  # far from the origin nothing is lost
    off = values - shift
    between = {"mandel-paule": _mandel_paule, "dersimonian-laird": _laird, "reml": _restricted, "ml": _greatest}
    tau2 = between[method](off, squares) if method != "weighted" else 0.0
    weight = 1 / (squares + tau2)
    plain = 1 / squares
    chi2 = float(np.sum(plain * (off - np.sum(plain * off) / np.sum(plain)) ** 2))
    return Consensus(shift + float(np.sum(weight * off) / np.sum(weight)), float(1 / math.sqrt(np.sum(weight))), tau2, chi2)


def _excess(x: Array, squares: Array, tau2: float) -> float:
    weight = 1 / (squares + tau2)
    return float(np.sum(weight * (x - np.sum(weight * x) / np.sum(weight)) ** 2)) - (len(x) - 1)


def _mandel_paule(x: Array, squares: Array) -> float:
    """The tau2 at which the weighted sum of squares is what it should be, p - 1."""
    from scipy.optimize import brentq

    if _excess(x, squares, 0.0) <= 0:
        return 0.0
    high = float(np.sum((x - x.mean()) ** 2))  # with so much between-laboratory variance the sum of squares is below 1
    return float(brentq(lambda tau2: _excess(x, squares, tau2), 0.0, high, xtol=1e-15 * high, rtol=1e-14))


def _laird(x: Array, squares: Array) -> float:
    weight = 1 / squares
    total = float(np.sum(weight))
    return max(_excess(x, squares, 0.0) / (total - float(np.sum(weight**2)) / total), 0.0)


def _restricted(x: Array, squares: Array) -> float:
    return _likelihood(x, squares, restricted=True)


def _greatest(x: Array, squares: Array) -> float:
    return _likelihood(x, squares, restricted=False)


def _likelihood(x: Array, squares: Array, *, restricted: bool) -> float:
    from scipy.optimize import minimize_scalar

    def loss(root: float) -> float:
        weight = 1 / (squares + root * root)
        off = x - np.sum(weight * x) / np.sum(weight)
        value = float(np.sum(weight * off**2) - np.sum(np.log(weight)))
        return value + math.log(float(np.sum(weight))) if restricted else value

    high = 3 * float(np.std(x)) + float(np.sqrt(np.max(squares)))
    # the likelihood can have more than one maximum: a coarse look first
    tried = np.linspace(0.0, high, 201)
    best = int(np.argmin([loss(root) for root in tried]))
    low, up = float(tried[max(best - 1, 0)]), float(tried[min(best + 1, 200)])
    found = minimize_scalar(loss, bounds=(low, up), method="bounded", options={"xatol": 1e-12 * high})
    return float(found.x) ** 2 if found.fun < loss(0.0) else 0.0


def vangel_rukhin(means: Numbers, spreads: Numbers, counts: Numbers) -> Consensus:
    """Maximum likelihood where the laboratories' own variances are estimated too (Vangel and Rukhin 1999).

    counts   results behind each mean, with standard deviation `spreads`, all positive
    accuracy the maximum reached from Mandel and Paule's values; the likelihood can have a higher, degenerate one at tau2 = 0 with the mean at the
             laboratory of least spread, which nobody wants
    """
    from scipy.optimize import minimize

    x, s2, n = array(means), array(spreads) ** 2, array(counts)
    start = consensus(x, np.sqrt(s2 / n))
    scale, shift = float(np.std(x)) or 1.0, float(np.median(x))
    y, t = (x - shift) / scale, s2 / scale**2

    def loss(at: Array) -> tuple[float, Array]:
        mean, tau2, v = at[0], np.exp(at[1]), np.exp(at[2:])
        whole, off = tau2 + v / n, y - at[0]
        value = float(np.sum(np.log(whole) + off**2 / whole + (n - 1) * (at[2:] + t / v)))
        slope = 1 / whole - off**2 / whole**2
        return value, np.concatenate([[-2 * np.sum((y - mean) / whole), tau2 * np.sum(slope)], v / n * slope + (n - 1) * (1 - t / v)])

    first = np.concatenate([[(start.value - shift) / scale, np.log(max(start.tau2 / scale**2, 1e-6))], np.log(t)])
    found = minimize(loss, first, jac=True, method="BFGS", options={"gtol": 1e-10}).x
    tau2 = float(np.exp(found[1]))
    weight = 1 / (tau2 + np.exp(found[2:]) / n)
    return Consensus(shift + scale * float(found[0]), scale / math.sqrt(float(np.sum(weight))), tau2 * scale**2, start.chi2)
