"""Jets: numbers that carry their first and second derivatives, so that any plain callable written with operators and NumPy functions is
differentiated exactly, for one point or for an array of them.

What a jet cannot follow (math.sqrt, a branch on a value) raises TypeError, and the caller falls back on differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from guiju.metrology.array import Array

Value = Any  # a float or an array of them


class Jet:
    """first: input → derivative, absent where 0; second: (i, j) with i <= j → derivative; None where only first derivatives are asked for."""

    __slots__ = ("first", "second", "value")

    def __init__(self, value: Value, first: dict[int, Value], second: dict[tuple[int, int], Value] | None) -> None:
        self.value, self.first, self.second = value, first, second

    def chain(self, value: Value, d1: Value, d2: Value | None) -> Jet:
        """f(self), given f, f′, f″ at the value; d2 None: f″ is 0."""
        first = {i: d1 * g for i, g in self.first.items()}
        if self.second is None:
            return Jet(value, first, None)
        second = {ij: d1 * h for ij, h in self.second.items()}
        if d2 is not None:
            _outer(second, self.first, self.first, d2, False)
        return Jet(value, first, second)

    def __add__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.first, self.second)
        second = None if self.second is None or other.second is None else _sum(self.second, other.second)
        return Jet(self.value + other.value, _sum(self.first, other.first), second)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return self.chain(-self.value, -1.0, None)

    def __pos__(self) -> Jet:
        return self

    def __sub__(self, other: Any) -> Jet:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Jet:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return self.chain(self.value * other, other, None)
        a, b = self.value, other.value
        first = _sum({i: b * g for i, g in self.first.items()}, {i: a * g for i, g in other.first.items()})
        if self.second is None or other.second is None:
            return Jet(a * b, first, None)
        second = _sum({ij: b * h for ij, h in self.second.items()}, {ij: a * h for ij, h in other.second.items()})
        _outer(second, self.first, other.first, 1.0, True)
        return Jet(a * b, first, second)

    __rmul__ = __mul__

    def reciprocal(self) -> Jet:
        r = 1.0 / self.value
        return self.chain(r, -r * r, 2 * r * r * r)

    def __truediv__(self, other: Any) -> Jet:
        return self.__mul__(other.reciprocal() if isinstance(other, Jet) else 1.0 / other)

    def __rtruediv__(self, other: Any) -> Jet:
        return self.reciprocal().__mul__(other)

    def __pow__(self, other: Any) -> Jet:
        if isinstance(other, Jet):
            return _unary(np.exp, other.__mul__(_unary(np.log, self)))
        if isinstance(other, int) and other >= 0:  # no division: also right at 0
            x, n = self.value, other
            return self.chain(x**n, n * x ** (n - 1) if n else 0.0, n * (n - 1) * x ** (n - 2) if n > 1 else None)
        x = self.value
        return self.chain(x**other, other * x ** (other - 1), other * (other - 1) * x ** (other - 2))

    def __rpow__(self, other: Any) -> Jet:
        return _unary(np.exp, self.__mul__(math.log(other)))

    def __abs__(self) -> Jet:
        return self.chain(np.abs(self.value), np.sign(self.value), None)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            raise TypeError(f"{ufunc.__name__} of a jet")
        if ufunc in _BINARY:
            return _BINARY[ufunc](*inputs)
        if len(inputs) == 1:
            return _unary(ufunc, inputs[0])
        raise TypeError(f"{ufunc.__name__} of a jet")


def _sum(a: dict[Any, Value], b: dict[Any, Value]) -> dict[Any, Value]:
    found = dict(a)
    for key, value in b.items():
        found[key] = found[key] + value if key in found else value
    return found


def _outer(second: dict[tuple[int, int], Value], a: dict[int, Value], b: dict[int, Value], factor: Value, both: bool) -> None:
    """Adds factor times a_i b_j to the second derivatives; `both`: of a product, where i and j come from either side."""
    for i, g in a.items():
        for j, h in b.items():
            if not both and j < i:
                continue
            key = (min(i, j), max(i, j))
            term = factor * g * h * (2 if both and i == j else 1)
            second[key] = second[key] + term if key in second else term


def _unary(ufunc: np.ufunc, x: Jet) -> Jet:
    if ufunc not in _DERIVATIVES:
        raise TypeError(f"{ufunc.__name__} of a jet")
    value = ufunc(x.value)
    d1, d2 = _DERIVATIVES[ufunc]
    first = d1(x.value, value)
    return x.chain(value, first, None if d2 is None or x.second is None else d2(x.value, value))


_Rule = tuple[Callable[[Value, Value], Value], Callable[[Value, Value], Value] | None]
_LN10, _LN2 = math.log(10), math.log(2)
_DERIVATIVES: dict[np.ufunc, _Rule] = {
    np.exp: (lambda x, y: y, lambda x, y: y),
    np.expm1: (lambda x, y: y + 1, lambda x, y: y + 1),
    np.log: (lambda x, y: 1 / x, lambda x, y: -1 / x**2),
    np.log1p: (lambda x, y: 1 / (1 + x), lambda x, y: -1 / (1 + x) ** 2),
    np.log10: (lambda x, y: 1 / (x * _LN10), lambda x, y: -1 / (x**2 * _LN10)),
    np.log2: (lambda x, y: 1 / (x * _LN2), lambda x, y: -1 / (x**2 * _LN2)),
    np.sqrt: (lambda x, y: 0.5 / y, lambda x, y: -0.25 / (x * y)),
    np.cbrt: (lambda x, y: y / (3 * x), lambda x, y: -2 * y / (9 * x**2)),
    np.square: (lambda x, y: 2 * x, lambda x, y: 2.0),
    np.reciprocal: (lambda x, y: -y * y, lambda x, y: 2 * y**3),
    np.sin: (lambda x, y: np.cos(x), lambda x, y: -y),
    np.cos: (lambda x, y: -np.sin(x), lambda x, y: -y),
    np.tan: (lambda x, y: 1 + y * y, lambda x, y: 2 * y * (1 + y * y)),
    np.arcsin: (lambda x, y: 1 / np.sqrt(1 - x * x), lambda x, y: x / (1 - x * x) ** 1.5),
    np.arccos: (lambda x, y: -1 / np.sqrt(1 - x * x), lambda x, y: -x / (1 - x * x) ** 1.5),
    np.arctan: (lambda x, y: 1 / (1 + x * x), lambda x, y: -2 * x / (1 + x * x) ** 2),
    np.sinh: (lambda x, y: np.cosh(x), lambda x, y: y),
    np.cosh: (lambda x, y: np.sinh(x), lambda x, y: y),
    np.tanh: (lambda x, y: 1 - y * y, lambda x, y: -2 * y * (1 - y * y)),
    np.negative: (lambda x, y: -1.0, None),
    np.positive: (lambda x, y: 1.0, None),
    np.absolute: (lambda x, y: np.sign(x), None),
    np.fabs: (lambda x, y: np.sign(x), None),
}


def _atan2(y: Any, x: Any) -> Any:
    """Its derivatives are those of arctan(y / x) where x is the larger, of minus arctan(x / y) where y is."""
    at_y, at_x = (np.asarray(each.value if isinstance(each, Jet) else each) for each in (y, x))
    if at_y.ndim or at_x.ndim:
        raise TypeError("arctan2 of jets over arrays")
    made = _unary(np.arctan, y / x) if abs(at_x) >= abs(at_y) else -_unary(np.arctan, x / y)
    return Jet(math.atan2(float(at_y), float(at_x)), made.first, made.second)


def _hypot(a: Any, b: Any) -> Any:
    return _unary(np.sqrt, a * a + b * b)


_BINARY: dict[np.ufunc, Callable[[Any, Any], Any]] = {
    np.add: lambda a, b: a + b if isinstance(a, Jet) else b + a,
    np.subtract: lambda a, b: a - b if isinstance(a, Jet) else b.__rsub__(a),
    np.multiply: lambda a, b: a * b if isinstance(a, Jet) else b * a,
    np.true_divide: lambda a, b: a / b if isinstance(a, Jet) else b.__rtruediv__(a),
    np.power: lambda a, b: a**b if isinstance(a, Jet) else b.__rpow__(a),
    np.arctan2: _atan2,
    np.hypot: _hypot,
}


def seed(values: list[Value], order: int = 2) -> list[Jet]:
    """The inputs as jets: each is its own derivative."""
    return [Jet(value, {i: 1.0}, {} if order > 1 else None) for i, value in enumerate(values)]


def gradient(y: Any, n: int) -> Array:
    return np.array([float(y.first.get(i, 0.0)) for i in range(n)]) if isinstance(y, Jet) else np.zeros(n)


def hessian(y: Any, n: int) -> Array:
    """The symmetric matrix of second derivatives; zeros where y depends on no input."""
    found = np.zeros((n, n))
    if isinstance(y, Jet) and y.second is not None:
        for (i, j), value in y.second.items():
            found[i, j] = found[j, i] = float(value)
    return found
