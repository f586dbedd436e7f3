"""Propagation of distributions (JCGM 101, JCGM 102): by scrambled Sobol points or by Philox, to a number of significant digits or of trials.

Deterministic: the result depends on model, seed, sampler and number of trials, not on how they are cut into blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.metrology.array import Array
from guiju.metrology.draws import Sampler, philox, philox_blocks, sobol
from guiju.metrology.model import Model
from guiju.metrology.propagation import Propagated, gum

Interval = Literal["symmetric", "shortest"]
_BLOCK = 16_384
_SOBOL_LOG2 = 12
_FEW = 4096
_MOST = 4_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """One output of a Monte Carlo run.

    low, high  coverage interval of `probability`
    stable     the numerical tolerance of an adaptive run (half a unit of the last digit asked for of u); NaN where none was asked
    """

    output: str
    y: float
    u: float
    low: float
    high: float
    probability: float
    interval: Interval
    trials: int
    tolerance: float
    values: Array


@dataclass(frozen=True, slots=True)
class Run:
    """outputs in their order; covariance of them; reached: whether an adaptive run settled before its largest number of trials."""

    outputs: tuple[Drawn, ...]
    covariance: Array
    sampler: Sampler
    seed: int
    reached: bool

    def region_factor(self, probability: float) -> float:
        """k of the ellipsoid that holds that share of the values (JCGM 102, 7.7.2)."""
        values = np.stack([each.values for each in self.outputs])
        off = values - values.mean(axis=1, keepdims=True)
        distance = np.einsum("in,ij,jn->n", off, np.linalg.inv(self.covariance), off)
        return math.sqrt(float(np.quantile(distance, probability)))


def monte_carlo(model: Model, *, probability: float = 0.95, trials: int | None = None, digits: int = 2, sampler: Sampler = "sobol", seed: int = 1,
                interval: Interval = "symmetric", most: int = _MOST) -> Run:  # fmt: skip
    """The distributions of the outputs.

    trials   so many (Sobol: rounded up to whole nets); None: adaptively, until y, u and both ends are stable to `digits` of u (JCGM 101, 7.9)
    raises   Refused: a model that gives no number somewhere it is drawn, more inputs than Sobol points have dimensions
    """
    draw = _Draw(model, sampler, seed, probability)
    if trials is not None:
        values = draw.many(trials)
        return _run(model, values, [math.nan] * len(values), sampler, seed, probability, interval, True)
    batches: list[dict[str, Array]] = []
    figures: dict[str, list[tuple[float, float, float, float]]] = {}
    size, reached, tolerance = draw.batch, False, [math.nan]
    while not reached and (len(batches) + 1) * size <= max(most, 2 * size):
        batches.append(draw.number(len(batches)))
        for name, x in batches[-1].items():
            figures.setdefault(name, []).append((float(x.mean()), float(x.std(ddof=1)), *coverage(x, probability, interval)))
        if len(batches) > 1:
            tolerance = [numerical_tolerance(float(np.mean([f[1] for f in each])), digits) for each in figures.values()]
            floor = [1e-13 * max(abs(each[0][0]), abs(each[0][2]), abs(each[0][3])) for each in figures.values()]  # rounding of doubles is no spread
            tolerance = [max(pair) for pair in zip(tolerance, floor, strict=True)]
            reached = all(_settled(each, limit) for each, limit in zip(figures.values(), tolerance, strict=True))
    values = {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
    return _run(model, values, tolerance, sampler, seed, probability, interval, reached)


def _settled(figures: list[tuple[float, float, float, float]], limit: float) -> bool:
    """Twice the standard uncertainty of the average of each figure over the batches is below the tolerance."""
    h = len(figures)
    return bool(np.all(2 * np.std(np.array(figures), axis=0, ddof=1) / math.sqrt(h) <= limit))


def numerical_tolerance(u: float, digits: int) -> float:
    """Half a unit of the last of so many significant digits of u (JCGM 101, 7.9.2)."""
    return 0.0 if u == 0 else 0.5 * 10.0 ** (math.floor(math.log10(u)) - digits + 1)


def _run(model: Model, values: dict[str, Array], tolerance: list[float], sampler: Sampler, seed: int, probability: float, interval: Interval,
         reached: bool) -> Run:  # fmt: skip
    made = []
    for (name, x), limit in zip(values.items(), tolerance, strict=True):
        ends = coverage(x, probability, interval)
        made.append(Drawn(name, float(x.mean()), float(x.std(ddof=1)), *ends, probability, interval, len(x), limit, x))
    return Run(tuple(made), _covariance(made), sampler, seed, reached)


def _covariance(made: list[Drawn]) -> Array:
    found = np.diag([each.u**2 for each in made])
    for i, one in enumerate(made):
        for j, other in enumerate(made[:i]):
            found[i, j] = found[j, i] = float(np.mean((one.values - one.y) * (other.values - other.y))) * one.trials / (one.trials - 1)
    return found


def coverage(x: Array, probability: float, interval: Interval) -> tuple[float, float]:
    """Coverage interval of a sample: probabilistically symmetric, or the shortest (JCGM 101, 7.7)."""
    n = len(x)
    q = min(round(probability * n), n - 1)
    if interval == "symmetric":
        low = (n - q) // 2
        return ranked(x, low), -ranked(-x, n - 1 - low - q)
    ordered = np.sort(x)
    at = int(np.argmin(ordered[q:] - ordered[: n - q]))
    return float(ordered[at]), float(ordered[at + q])


def ranked(x: Array, rank: int) -> float:
    """The value at a rank, from 0 for the least: of many values only those near it are put in order."""
    step = len(x) // _FEW
    if step > 1:
        some = np.sort(x[::step])
        share = (rank + 1) / len(x)
        near = math.ceil(len(some) * share + 5 * math.sqrt(len(some) * share * (1 - share)) + 5)
        below = x[x <= some[near]] if near < len(some) else x
        x = below if len(below) > rank else x  # what the few suggest is not relied upon
    return float(np.partition(x, rank)[rank])


class _Draw:
    """Values of the outputs of a model, by batch or by total number."""

    def __init__(self, model: Model, sampler: Sampler, seed: int, probability: float) -> None:
        self.model, self.sampler, self.seed = model, sampler, seed
        self.dimensions = sum(each.dimensions for each in model.inputs.values())
        matrix = model.matrix()
        self.root = None if np.array_equal(matrix, np.eye(len(matrix))) else _root(matrix)
        least = 100 / (1 - probability)  # JCGM 101, 7.9.4
        self.log2 = max(_SOBOL_LOG2, math.ceil(math.log2(least)))
        self.batch = 2**self.log2 if sampler == "sobol" else max(10_000, math.ceil(least))

    def number(self, batch: int) -> dict[str, Array]:
        if self.sampler == "sobol":
            return self._of(sobol(self.seed, self.dimensions, batch, self.log2))
        return self._of(philox(self.seed, self.dimensions, batch * self.batch, self.batch))

    def many(self, trials: int) -> dict[str, Array]:
        parts = [self._of(r) for r in self._uniform(trials)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _uniform(self, trials: int) -> Iterator[Array]:
        if self.sampler == "philox":
            yield from philox_blocks(self.seed, self.dimensions, 0, trials, _BLOCK)
            return
        points = sobol(self.seed, self.dimensions, 0, max(math.ceil(math.log2(trials)), 1))
        for first in range(0, points.shape[1], _BLOCK):
            yield points[:, first : first + _BLOCK]

    def _of(self, r: Array) -> dict[str, Array]:
        """The outputs for uniform numbers of shape (dimensions, N)."""
        if self.root is not None:
            r = self._correlated(r)
        values, at = [], 0
        for each in self.model.inputs.values():
            values.append(each.draw(r[at : at + each.dimensions]))
            at += each.dimensions
        with np.errstate(all="ignore"):
            found = self._evaluate(values)
        for name, y in found.items():
            if not np.all(np.isfinite(y)):
                share = float(np.mean(~np.isfinite(y)))
                raise Refused([Diagnostic("uncertain-not-everywhere", None, {"output": name or "y", "share": f"{100 * share:.2g} %"})])
        return found

    def _evaluate(self, values: list[Array]) -> dict[str, Array]:
        named = dict(zip(self.model.names, values, strict=True))
        count = len(values[0])
        try:
            found = self.model.outputs(self.model.function(**named))
        except (TypeError, ValueError):  # a callable for single numbers
            rows = [self.model.outputs(self.model.function(**{k: float(v[n]) for k, v in named.items()})) for n in range(count)]
            found = {name: [row[name] for row in rows] for name in rows[0]}
        return {name: np.broadcast_to(np.asarray(y, dtype=np.float64), (count,)) for name, y in found.items()}

    def _correlated(self, r: Array) -> Array:
        """Gaussian copula: normal numbers with the correlation, back to uniform ones."""
        from scipy.special import ndtr, ndtri

        assert self.root is not None
        starts = np.cumsum([0, *(each.dimensions for each in self.model.inputs.values())])[:-1]
        joint = r.copy()
        joint[starts] = np.clip(ndtr(self.root @ ndtri(r[starts])), 2.0**-54, 1 - 2.0**-53)
        return joint


def _root(matrix: Array) -> Array:
    """A matrix whose product with its transpose is the correlation, also where that is singular."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


@dataclass(frozen=True, slots=True)
class Validation:
    """Whether the law of propagation may stand for Monte Carlo (JCGM 101, clause 8): both ends differ by no more than the tolerance."""

    output: str
    low: float
    high: float
    tolerance: float

    @property
    def valid(self) -> bool:
        return self.low <= self.tolerance and self.high <= self.tolerance


def validate(
    model: Model, linear: Propagated | None = None, *, probability: float = 0.95, digits: int = 2, seed: int = 1, k: float | None = None
) -> list[Validation]:
    """Per output, the differences of the ends of y ± U from those of a Monte Carlo run that is five times as exact as the tolerance."""
    made = linear or gum(model, probability=probability, k=k)
    found = []
    run = monte_carlo(model, probability=probability, digits=digits + 1, seed=seed)
    for budget, drawn in zip(made.budgets, run.outputs, strict=True):
        low, high = abs(budget.y - budget.U - drawn.low), abs(budget.y + budget.U - drawn.high)
        found.append(Validation(budget.output, low, high, numerical_tolerance(budget.u, digits)))
    return found
