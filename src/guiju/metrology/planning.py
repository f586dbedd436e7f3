"""How many laboratories and replicates an experiment needs, and what its result says of bias.

source  ISO 5725-1 (GB/T 6379.1): the uncertainty factors A_r, A_R, A at 95 %; ISO 5725-4 (GB/T 6379.4): bias of a method against an accepted value.
        gamma is s_R / s_r, at least 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

FACTOR = 1.96
"""The normal quantile as ISO 5725 writes it."""


@dataclass(frozen=True, slots=True)
class Design:
    """p laboratories with n replicates each.

    a_r, a_R   with 95 % the estimate of s_r (s_R) lies within this share of the true value
    a_bias     with 95 % the estimate of the bias lies within so many s_R of the true one
    """

    p: int
    n: int
    a_r: float
    a_R: float  # noqa: N815 - the names of the standard, told apart by their case
    a_bias: float

    @property
    def measurements(self) -> int:
        return self.p * self.n


def design(p: int, n: int, gamma: float) -> Design:
    return Design(p, n, accuracy_r(p, n), accuracy_R(p, n, gamma), accuracy_bias(p, n, gamma))


def accuracy_r(p: int, n: int) -> float:
    return FACTOR * math.sqrt(1 / (2 * p * (n - 1))) if n > 1 else math.inf


def accuracy_R(p: int, n: int, gamma: float) -> float:  # noqa: N802
    square = gamma * gamma
    return FACTOR * math.sqrt((p * (1 + n * (square - 1)) ** 2 + (n - 1) * (p - 1)) / (2 * square**2 * n**2 * (p - 1) * p))


def accuracy_bias(p: int, n: int, gamma: float) -> float:
    square = gamma * gamma
    return FACTOR * math.sqrt((n * (square - 1) + 1) / (square * p * n))


def designs(gamma: float, *, a_r: float | None = None, a_R: float | None = None, a_bias: float | None = None,  # noqa: N803
            labs: Iterable[int] = range(3, 201), replicates: Iterable[int] = range(2, 11)) -> list[Design]:  # fmt: skip
    """For each number of replicates the smallest design that reaches every accuracy asked for, by measurements. Empty: none does."""
    found, tried = [], list(labs)
    for n in replicates:
        for p in tried:
            made = design(p, n, gamma)
            if all(asked is None or reached <= asked for asked, reached in ((a_r, made.a_r), (a_R, made.a_R), (a_bias, made.a_bias))):
                found.append(made)
                break
    return sorted(found, key=lambda each: (each.measurements, each.p))


@dataclass(frozen=True, slots=True)
class Bias:
    """The bias of a method: estimate, standard uncertainty, 95 % limits; significant where 0 lies outside them."""

    estimate: float
    u: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        return self.low > 0 or self.high < 0


def method_bias(m: float, s_r: float, s_R: float, p: int, n: float, accepted: float, u_accepted: float = 0.0) -> Bias:  # noqa: N803
    """Of a general mean m of p laboratories with n results each; the uncertainty of the accepted value, if any, adds to that of the mean."""
    u = math.sqrt((s_R**2 - (1 - 1 / n) * s_r**2) / p + u_accepted**2)
    return Bias(m - accepted, u, m - accepted - FACTOR * u, m - accepted + FACTOR * u)


def laboratory_bias(mean: float, s_r: float, n: int, accepted: float, u_accepted: float = 0.0) -> Bias:
    """Of one laboratory's mean of n results obtained with the known s_r."""
    u = math.sqrt(s_r**2 / n + u_accepted**2)
    return Bias(mean - accepted, u, mean - accepted - FACTOR * u, mean - accepted + FACTOR * u)
