"""Intermediate precision: nested and staggered designs (ISO 5725-3), by the analysis of variance of any nesting, balanced or not.

Each result has a label for every factor from the outermost inward: laboratory, day, operator … The last component is that of replicates.
Negative estimates of a component are set to 0, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guiju.metrology.array import Array, Indices, Numbers, array


@dataclass(frozen=True, slots=True)
class Component:
    """One source of variation. variance is 0 where its estimate was negative (`truncated`)."""

    factor: str
    dof: int
    mean_square: float
    variance: float
    truncated: bool


@dataclass(frozen=True, slots=True)
class Nested:
    """components from the outermost factor to the replicates; `expected` is the share of each component in each mean square."""

    mean: float
    components: tuple[Component, ...]
    expected: Array

    def intermediate(self, factor: str | None = None) -> float:
        """Standard deviation of a result within one level of that factor: s_r beside everything nested in it varies. None: everything varies, s_R."""
        names = [each.factor for each in self.components]
        inner = self.components if factor is None else self.components[names.index(factor) + 1 :]
        return float(np.sqrt(sum(each.variance for each in inner)))


def nested(results: Numbers, labels: Sequence[Sequence[str]], factors: Sequence[str]) -> Nested:
    """Variance components of results, labelled per factor; equal labels under different outer labels are different groups.

    labels   one sequence per factor, outermost first, each as long as results
    raises   ValueError where a factor has no degrees of freedom: nothing can be said of it
    """
    x = array(results)
    groups: list[Indices] = [np.zeros(len(x), dtype=np.intp)]
    for given in labels:
        _, codes = np.unique(np.asarray(given, dtype=str), return_inverse=True)
        _, codes = np.unique(np.stack([groups[-1], codes.ravel()]), axis=1, return_inverse=True)
        groups.append(codes.ravel())
    groups.append(np.arange(len(x)))
    counts = [len(np.unique(group)) for group in groups]
    dof = np.diff(counts)
    names = [*factors, "replicate"]
    if (dof <= 0).any():
        raise ValueError(names[int(np.argmax(dof <= 0))])
    x = x - np.mean(x)  # sums of squares of means lose digits far from the origin
    levels = len(names)
    squares = [float(np.sum(np.bincount(group, x) ** 2 / np.bincount(group))) for group in groups]
    sums = np.diff(squares)
    expected = np.zeros((levels, levels))
    for j in range(levels):
        # within groups as fine as its own, a component is in full: all its share lies in the sums of squares further out
        per_group = [_concentration(groups[i], groups[j + 1]) if i <= j else float(len(x)) for i in range(levels + 1)]
        expected[:, j] = np.diff(per_group) / dof
    ms = sums / dof
    components: list[Component] = []
    raw = np.zeros(levels)
    for i in reversed(range(levels)):
        raw[i] = (ms[i] - expected[i, i + 1 :] @ raw[i + 1 :]) / expected[i, i]
    for name, d, square, variance in zip(names, dof, ms, raw, strict=True):
        components.append(Component(name, int(d), float(square), max(float(variance), 0.0), bool(variance < 0)))
    return Nested(float(np.mean(array(results))), tuple(components), expected)


def _concentration(outer: Indices, inner: Indices) -> float:
    """The coefficient of a component's variance in the sum of squares of group means: Σ over outer groups of Σ inner n² / n."""
    _, first = np.unique(inner, return_index=True)
    squares = np.bincount(inner).astype(np.float64) ** 2
    return float(np.sum(np.bincount(outer[first], squares) / np.bincount(outer)))
