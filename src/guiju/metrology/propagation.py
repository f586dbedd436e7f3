"""The law of propagation of uncertainty: first and second order, with correlations, effective degrees of freedom, several outputs, and in bulk.

source  JCGM 100:2008 clauses 5 and G.4 (Welch and Satterthwaite), the second order of its note to 5.1.2, written for covariances;
        JCGM 102:2011 for several outputs. Amd 1:2026 of JCGM 100 (non-linearity) was not seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.metrology.array import Array
from guiju.metrology.jet import Jet, seed
from guiju.metrology.model import Derivatives, Function, Model, derivatives

Dof = Literal["truncate", "interpolate"]


@dataclass(frozen=True, slots=True)
class Budget:
    """One output.

    sensitivity   per input
    contribution  |sensitivity| u per input
    dof           effective degrees of freedom; NaN where they are not defined (correlated inputs); in second order what is added has none of its own
    k, U          coverage factor and expanded uncertainty for `probability`
    bias          second order: what curvature adds to the mean; 0 for first order
    flat          inputs with u > 0 the output does not depend on to first order
    """

    output: str
    y: float
    u: float
    inputs: tuple[str, ...]
    sensitivity: Array
    contribution: Array
    dof: float
    k: float
    probability: float
    order: int
    bias: float
    flat: tuple[str, ...]
    exact: bool

    @property
    def U(self) -> float:  # noqa: N802
        return self.k * self.u


@dataclass(frozen=True, slots=True)
class Propagated:
    """budgets per output; covariance of the outputs, in their order (first order)."""

    budgets: tuple[Budget, ...]
    covariance: Array

    @property
    def correlation(self) -> Array:
        sd = np.sqrt(np.diag(self.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.covariance / np.outer(sd, sd))

    def region_factor(self, probability: float, kind: Literal["ellipsoid", "rectangle"] = "ellipsoid") -> float:
        """k of the joint coverage region of all outputs, normal: of the ellipsoid, or of the box with sides ± k u (Bonferroni)."""
        from scipy.special import chdtri, ndtri

        m = len(self.budgets)
        if kind == "ellipsoid":
            return math.sqrt(float(chdtri(m, 1 - probability)))
        return float(ndtri(1 - (1 - probability) / (2 * m)))


def gum(model: Model, *, order: int = 1, probability: float = 0.95, dof: Dof = "interpolate", k: float | None = None) -> Propagated:
    """Estimate, standard and expanded uncertainty of every output.

    dof   whole degrees of freedom (truncate, as the examples of JCGM 100 have it) or not
    k     the coverage factor, where the caller says it
    raises Refused: correlated inputs with finite degrees of freedom, for which the effective ones are undefined, unless k is given
    """
    x, covariance = model.x, model.covariance()
    found = derivatives(model, x, order)
    figures: list[Any] = [*found.value.values(), *found.gradient.values(), *found.hessian.values(), covariance]
    if not all(np.all(np.isfinite(each)) for each in figures):
        raise Refused([Diagnostic("uncertain-undefined", None, {})])
    budgets = tuple(_budget(model, name, found, covariance, order, probability, dof, k) for name in found.value)
    jacobian = np.stack([found.gradient[name] for name in found.value])
    return Propagated(budgets, jacobian @ covariance @ jacobian.T)


def _budget(
    model: Model, name: str, found: Derivatives, covariance: Array, order: int, probability: float, convention: Dof, k: float | None
) -> Budget:
    c, u = found.gradient[name], model.u
    first = float(c @ covariance @ c)
    variance, bias = first, 0.0
    if order > 1:
        extra, bias = _second(model, name, found, covariance)
        variance = first + extra
    total = math.sqrt(max(variance, 0.0))
    effective = effective_dof(c * u, model.dof, _correlated(covariance), total)
    if k is None:
        if math.isnan(effective):
            raise Refused([Diagnostic("uncertain-dof-undefined", None, {"output": name or "y"})])
        k = coverage_factor(effective, probability, convention)
    flat = tuple(n for n, size, own in zip(model.names, c, u, strict=True) if size == 0 and own > 0)
    return Budget(name, found.value[name], total, model.names, c, np.abs(c) * u, effective, k, probability, order, bias, flat, found.exact)


def _correlated(covariance: Array) -> Array:
    """Which inputs are correlated with another."""
    off = covariance - np.diag(np.diag(covariance))
    return np.asarray(np.any(off != 0, axis=1))


def effective_dof(parts: Array, dof: Array, correlated: Array, u: float) -> float:
    """Welch and Satterthwaite. NaN where a correlated input has finite degrees of freedom: then it is undefined."""
    counts = np.isfinite(dof) & (parts != 0)
    if not np.any(counts):
        return math.inf
    if bool(np.any(counts & (correlated > 0))):
        return math.nan
    return float(u**4 / np.sum(parts[counts] ** 4 / dof[counts]))


def coverage_factor(dof: float, probability: float, convention: Dof = "interpolate") -> float:
    """The quantile of t, or of the normal for infinite degrees of freedom; truncated ones are whole, at least 1."""
    from scipy.special import ndtri, stdtrit

    if math.isinf(dof):
        return float(ndtri((1 + probability) / 2))
    used = max(math.floor(dof + 1e-9), 1) if convention == "truncate" else dof
    return float(stdtrit(used, (1 + probability) / 2))


def _second(model: Model, name: str, found: Derivatives, v: Array) -> tuple[float, float]:
    """(what the second order adds to the variance, what curvature adds to the mean), inputs taken as normal.

    ½ tr((H V)²) + (V g)·∇tr(H V), which for uncorrelated inputs is ΣΣ (½ f_ij² + f_i f_ijj) u_i² u_j². The gradient is a difference of exact second
    derivatives along one direction.
    """
    h, g = found.hessian[name], found.gradient[name]
    hv = h @ v
    bias = 0.5 * float(np.trace(hv))
    direction = v @ g
    third = 0.0
    scale = float(np.max(np.abs(direction) / np.where(model.u > 0, model.u, np.inf))) if len(direction) else 0.0
    if scale > 0:
        step = 0.01 / scale  # no input moves by more than a hundredth of its u
        up, down = (derivatives(model, model.x + sign * step * direction, 2).hessian[name] for sign in (1, -1))
        third = float(np.trace((up - down) @ v)) / (2 * step)
        if abs(third) < 1e-9 * abs(float(np.trace(up @ v))) / step:
            third = 0.0  # nothing but the rounding of doubles
    return 0.5 * float(np.trace(hv @ hv)) + third, bias


_BLOCK = 16_384


def gum_many(
    function: Function, x: Mapping[str, Array], u: Mapping[str, Array], correlation: Mapping[tuple[str, str], float] | None = None
) -> tuple[Array, Array]:
    """(y, u) of one output for many records at once, to first order: arrays per input, blocks that stay in the cache.

    raises   TypeError where the function cannot take jets
    """
    names = list(x)
    size = max((np.size(each) for each in x.values()), default=0)
    y, total = np.empty(size), np.empty(size)
    for start in range(0, size, _BLOCK):
        part = slice(start, start + _BLOCK)
        made = function(**dict(zip(names, seed([_part(x[name], part) for name in names], 1), strict=True)))
        if not isinstance(made, Jet):
            y[part], total[part] = made, 0.0
            continue
        pieces = {i: g * _part(u[names[i]], part) for i, g in made.first.items()}
        variance: Any = sum(piece * piece for piece in pieces.values())
        for (a, b), r in (correlation or {}).items():
            i, j = names.index(a), names.index(b)
            if i in pieces and j in pieces:
                variance = variance + 2 * r * pieces[i] * pieces[j]
        y[part], total[part] = made.value, np.sqrt(variance)
    return y, total


def _part(values: Any, part: slice) -> Any:
    return values[part] if np.ndim(values) else values
