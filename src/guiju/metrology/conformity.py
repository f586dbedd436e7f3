"""Probability of conformance, risks of consumer and producer, guard bands, capability.

source  JCGM 106:2012 (ISO/IEC Guide 98-4). Specific risk is about one measured item; global risk about a process: an item drawn from a prior and then
        measured. Global risks are joint probabilities unless said to be conditional. A limit that is not there is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guiju.metrology.array import Array, Numbers, array
from guiju.metrology.distribution import Distribution

Limits = tuple[float, float]


def conformance_probability(y: Numbers | float, u: Numbers | float, limits: Limits, dof: float = math.inf) -> Array:
    """The probability that the quantity lies within the limits: normal about y with u, or t with dof degrees of freedom. u = 0: 0 or 1.

    accuracy both tails keep their digits: far outside, the small probability is not a difference of numbers near 1
    """
    from scipy.special import ndtr, stdtr

    middle, spread = np.broadcast_arrays(array(y), array(u))
    law: Callable[[Array], Array] = ndtr if math.isinf(dof) else lambda z: np.asarray(stdtr(dof, z))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (limits[0] - middle) / spread, (limits[1] - middle) / spread
        flip = low > 0  # above the lower limit's side: use the other tail
        found = law(np.where(flip, -low, high)) - law(np.where(flip, -high, low))
    exact = ((middle >= limits[0]) & (middle <= limits[1])).astype(np.float64)
    return np.asarray(np.where(spread > 0, found, exact))


def share_within(values: Numbers, limits: Limits) -> float:
    """The same for a quantity known by a sample, as Monte Carlo gives it."""
    x = array(values)
    return float(np.mean((x >= limits[0]) & (x <= limits[1])))


@dataclass(frozen=True, slots=True)
class Risks:
    """consumer   accepted and out of tolerance
    producer      rejected and within tolerance
    accepted      share accepted
    conforming    share within tolerance
    """

    consumer: float
    producer: float
    accepted: float
    conforming: float

    @property
    def consumer_conditional(self) -> float:
        """The share of accepted items that are out of tolerance."""
        return self.consumer / self.accepted if self.accepted > 0 else math.nan

    @property
    def producer_conditional(self) -> float:
        """The share of rejected items that are within tolerance."""
        return self.producer / (1 - self.accepted) if self.accepted < 1 else math.nan


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def global_risks(prior: Distribution, u: float, tolerance: Limits, acceptance: Limits | None = None) -> Risks:
    """Global risks where items come from the prior and are measured with normal error u.

    acceptance  within which a measured value is accepted; None: the tolerance itself (simple acceptance)
    accuracy    quadrature in pieces, about 1e-12; of a sample as prior, exact over its values
    """
    accept = acceptance or tolerance
    if prior.density is None:
        values = prior.draw((np.arange(20_000) + 0.5)[None, :] / 20_000)
        weight = np.full(values.shape, 1 / len(values))
    else:
        values, weight = _quadrature(prior, u, tolerance, accept)
    passing = conformance_probability(values, u, accept)
    within = (values >= tolerance[0]) & (values <= tolerance[1])
    consumer = float(np.sum(weight * passing * ~within))
    producer = float(np.sum(weight * (1 - passing) * within))
    return Risks(consumer, producer, float(np.sum(weight * passing)), float(np.sum(weight * within)))


def _quadrature(prior: Distribution, u: float, tolerance: Limits, accept: Limits) -> tuple[Array, Array]:
    """Nodes and weights of the prior: pieces that end at the limits, and narrow ones where acceptance or the prior is steep."""
    assert prior.density is not None
    ends = prior.draw(np.array([[1e-14, 1 - 1e-14]]))
    steps = np.array([-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0])
    marks = [ends, np.array(tolerance), prior.mean + prior.u * steps, *(limit + u * steps for limit in accept)]
    cut = np.concatenate(marks)
    cut = np.unique(np.clip(cut[np.isfinite(cut)], ends[0], ends[1]))
    half, middle = np.diff(cut) / 2, (cut[1:] + cut[:-1]) / 2
    values = (middle[:, None] + half[:, None] * _NODES[None, :]).ravel()
    weight = (half[:, None] * _WEIGHTS[None, :]).ravel() * prior.density(values)
    return values, weight / np.sum(weight)


def global_risks_many(
    mean: Numbers, sd: Numbers, u: Numbers, tolerance: tuple[Numbers, Numbers], acceptance: tuple[Numbers, Numbers]
) -> tuple[Array, Array]:
    """(consumer, producer) for many normal priors at once, joint probabilities, by the bivariate normal distribution."""
    m, s, e = array(mean), array(sd), array(u)
    total = np.hypot(s, e)
    rho = s / total
    t = [(array(limit) - m) / s for limit in tolerance]
    a = [(array(limit) - m) / total for limit in acceptance]
    both = _bivariate(t[1], a[1], rho) - _bivariate(t[0], a[1], rho) - _bivariate(t[1], a[0], rho) + _bivariate(t[0], a[0], rho)
    from scipy.special import ndtr

    accepted, conforming = ndtr(a[1]) - ndtr(a[0]), ndtr(t[1]) - ndtr(t[0])
    return np.maximum(accepted - both, 0.0), np.maximum(conforming - both, 0.0)


def _bivariate(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) of two standard normal quantities, by Owen's T."""
    from scipy.special import ndtr, owens_t

    h, k = np.clip(h, -40.0, 40.0), np.clip(k, -40.0, 40.0)
    # exactly 0 has limits of its own; a double beside it has not
    h, k = np.where(h == 0, 1e-300, h), np.where(k == 0, 1e-300, k)
    root = np.sqrt(1 - rho**2)
    across = np.where(h * k < 0, 0.5, 0.0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return np.asarray(0.5 * (ndtr(h) + ndtr(k)) - owens_t(h, (k / h - rho) / root) - owens_t(k, (h / k - rho) / root) - across)


def guard_for_consumer(prior: Distribution, u: float, tolerance: Limits, target: float) -> float | None:
    """The guard band w, moved inward from every limit there is, at which the global consumer's risk is the target.

    Negative where simple acceptance is better than asked and the band may lie outside; None where no band reaches it.
    """
    from scipy.optimize import brentq

    def excess(w: float) -> float:
        inward = (tolerance[0] + w, tolerance[1] - w)
        return global_risks(prior, u, tolerance, inward).consumer - target if inward[0] < inward[1] else -target

    width = tolerance[1] - tolerance[0]
    # without a second limit: as far as a band can matter
    far = width / 2 if math.isfinite(width) else 8 * u + abs(prior.mean - next(t for t in tolerance if math.isfinite(t))) + 8 * prior.u
    low, high = -8 * u, far
    if excess(low) < 0 or excess(high) > 0:
        return None
    return float(brentq(excess, low, high, xtol=1e-13 * max(far, u), rtol=1e-14))


def guard_for_specific(u: float, risk: float, dof: float = math.inf) -> float:
    """The guard band at which an item measured right at the acceptance limit is out of tolerance with that probability; one limit matters."""
    from scipy.special import ndtri, stdtrit

    return u * float(ndtri(1 - risk) if math.isinf(dof) else stdtrit(dof, 1 - risk))


def capability(tolerance: Limits, u: float) -> float:
    """C_m = T / (4 u), JCGM 106, 7.6.3; for one limit not defined."""
    return (tolerance[1] - tolerance[0]) / (4 * u)


# Φ on the side of the tail: exp(-x²/2) P(t), t = 1 / (1 + c x), P fitted so that the absolute error is least.
_C = 0.26
_P = (
    0.0018347225053442, 0.080675824959183, 0.23154233112551, -0.31243124278988, 0.90975663005325,
    -1.0152179039505, 0.91580455636978, -0.36588163300552, 0.053916714725248,
)  # fmt: skip
SQL_ERROR = 1e-11
"""What a probability from the DuckDB macros can be off by, checked against SciPy by a test."""


def duckdb_macros() -> tuple[str, ...]:
    """Statements for a DuckDB connection that make `normal_cdf(x)` and `conformance_probability(y, u, low, high)`.

    A limit that is NULL is not there; u = 0 gives 0 or 1; NULL for y or u gives NULL.
    """
    polynomial = repr(_P[-1])
    for each in reversed(_P[:-1]):
        polynomial = f"({polynomial} * t + ({each!r}))"
    return (
        f"CREATE OR REPLACE MACRO normal_tail(x, t) AS exp(-0.5e0 * x * x) * {polynomial}",
        f"CREATE OR REPLACE MACRO normal_cdf(x) AS 0.5e0 + sign(x) * (0.5e0 - normal_tail(x, 1e0 / (1e0 + {_C}e0 * abs(x))))",
        "CREATE OR REPLACE MACRO conformance_probability(y, u, low, high) AS CASE "
        "WHEN y IS NULL THEN NULL "
        "WHEN u > 0 THEN coalesce(normal_cdf((high - y) / u), 1e0) - coalesce(normal_cdf((low - y) / u), 0e0) "
        "WHEN u = 0 THEN CASE WHEN y >= coalesce(low, y) AND y <= coalesce(high, y) THEN 1e0 ELSE 0e0 END END",
    )
