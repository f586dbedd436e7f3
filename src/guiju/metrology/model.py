"""Measurement models: a plain callable, its inputs and their correlations; derivatives, exact where the callable can be followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.metrology.array import Array, array
from guiju.metrology.distribution import Distribution
from guiju.metrology.jet import Jet, gradient, hessian, seed

Function = Callable[..., Any]
"""Takes the inputs by name; gives one quantity or a mapping of several."""


@dataclass(frozen=True, slots=True)
class Model:
    """correlation: (one input, another) → r. Between inputs that are not normal it is that of a Gaussian copula when drawn."""

    function: Function
    inputs: Mapping[str, Distribution]
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.inputs)

    @property
    def x(self) -> Array:
        return array([each.mean for each in self.inputs.values()])

    @property
    def u(self) -> Array:
        return array([each.u for each in self.inputs.values()])

    @property
    def dof(self) -> Array:
        return array([each.dof for each in self.inputs.values()])

    def matrix(self) -> Array:
        """The correlation matrix. Refused: a name not known, |r| above 1, a matrix no quantities can have."""
        names, found = self.names, np.eye(len(self.inputs))
        for (a, b), r in self.correlation.items():
            for name in (a, b):
                if name not in self.inputs:
                    raise Refused([Diagnostic("uncertain-unknown-input", None, {"name": name, "known": ", ".join(names)})])
            i, j = names.index(a), names.index(b)
            found[i, j] = found[j, i] = r
        if len(found) and float(np.linalg.eigvalsh(found)[0]) < -1e-9:
            raise Refused([Diagnostic("uncertain-correlation", None, {"pairs": ", ".join(f"{a}–{b}" for a, b in self.correlation)})])
        return found

    def covariance(self) -> Array:
        with np.errstate(over="ignore"):
            return self.matrix() * np.outer(self.u, self.u)

    def outputs(self, value: Any) -> dict[str, Any]:
        """What the callable gave, by name; "" where it is one quantity."""
        return dict(value) if isinstance(value, Mapping) else {"": value}

    def at(self, values: Array) -> dict[str, Any]:
        """The outputs at one point, or at many: values of shape (inputs,) or (inputs, N)."""
        return self.outputs(self.function(**dict(zip(self.names, values, strict=True))))


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Per output: value, gradient, and the matrix of second derivatives where asked for. exact: by jets; else by differences over ± u."""

    value: dict[str, float]
    gradient: dict[str, Array]
    hessian: dict[str, Array]
    exact: bool


def derivatives(model: Model, x: Array, order: int = 1) -> Derivatives:
    """The derivatives at a point; by jets, and where the callable cannot take them by central differences."""
    n = len(x)
    try:
        with np.errstate(all="ignore"):
            found = model.outputs(model.function(**dict(zip(model.names, seed(list(map(np.float64, x)), order), strict=True))))
            if any(not isinstance(y, Jet | float | int | np.floating) for y in found.values()):
                raise TypeError("not a number")
    except (TypeError, AttributeError, ValueError):
        return _differences(model, x, order)
    value = {name: float(y.value if isinstance(y, Jet) else y) for name, y in found.items()}
    second = {name: hessian(y, n) for name, y in found.items()} if order > 1 else {}
    return Derivatives(value, {name: gradient(y, n) for name, y in found.items()}, second, True)


def _differences(model: Model, x: Array, order: int) -> Derivatives:
    """Steps are a share of u: the model need be smooth only where the input may be."""
    n = len(x)
    step = np.where(model.u > 0, model.u, np.maximum(np.abs(x), 1.0) * 1e-6) * 0.5
    middle = {name: float(y) for name, y in model.at(x).items()}

    def difference(i: int, h: float) -> tuple[dict[str, float], dict[str, float]]:
        move = np.zeros(n)
        move[i] = h
        up, down = model.at(x + move), model.at(x - move)
        return {k: float(up[k] - down[k]) / (2 * h) for k in middle}, {k: float(up[k] - 2 * middle[k] + down[k]) / h**2 for k in middle}

    first = {name: np.zeros(n) for name in middle}
    second = {name: np.zeros((n, n)) for name in middle} if order > 1 else {}
    for i in range(n):
        wide, near = difference(i, step[i]), difference(i, step[i] / 2)
        for name in middle:  # Richardson: the error of the step's square is taken out
            first[name][i] = (4 * near[0][name] - wide[0][name]) / 3
            if order > 1:
                second[name][i, i] = (4 * near[1][name] - wide[1][name]) / 3
    for i in range(n if order > 1 else 0):
        for j in range(i):
            a, b = np.zeros(n), np.zeros(n)
            a[i], b[j] = step[i], step[j]
            corner = [model.at(x + a + b), model.at(x + a - b), model.at(x - a + b), model.at(x - a - b)]
            for name in middle:
                mixed = float(corner[0][name] - corner[1][name] - corner[2][name] + corner[3][name]) / (4 * step[i] * step[j])
                second[name][i, j] = second[name][j, i] = mixed
    return Derivatives(middle, first, second, False)
