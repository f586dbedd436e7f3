"""Whose variance an output's variance is: first-order and total indices of its inputs, by scrambled Sobol points.

source  Saltelli et al. 2010 for the first order, mean of f(B) (f(AB_i) - f(A)) over V; Jansen 1999 for the total, mean of (f(A) - f(AB_i))² over 2 V.
        A and B are the two halves of the dimensions of one net, AB_i is A with input i of B. Several nets, each with a scrambling of its own, give
        the standard errors. For inputs that are independent; for others the parts of the variance are not defined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.metrology.array import Array
from guiju.metrology.draws import sobol
from guiju.metrology.model import Model

Evaluate = Callable[[Array], Mapping[str, Array]]
"""Uniform numbers of shape (dimensions, N) to N values of every output; NaN where it has none."""
NETS, LOG2 = 16, 10


@dataclass(frozen=True, slots=True)
class Indices:
    """Of one output, in the order of `names`.

    first, total      shares of its variance: by that input alone, and by it together with others
    u_first, u_total  their standard errors
    variance          of the output; where it is 0, all indices are 0
    known             the share of points at which it has a value; below 1 the indices are NaN
    """

    names: tuple[str, ...]
    first: Array
    total: Array
    u_first: Array
    u_total: Array
    variance: float
    known: float
    points: int


def indices(evaluate: Evaluate, inputs: Sequence[tuple[str, int]], *, seed: int = 1, nets: int = NETS, log2: int = LOG2) -> dict[str, Indices]:
    """The indices of every output.

    inputs   (name, how many uniform numbers it is drawn from)
    points   2^log2 of each of so many nets, times inputs + 2; every net is evaluated by itself, and its figures do not depend on the others
    raises   Refused: what `evaluate` refuses
    """
    names, starts = tuple(name for name, _ in inputs), np.cumsum([0, *(size for _, size in inputs)])
    made: dict[str, list[tuple[Array, Array, Array]]] = {}
    for net in range(nets):
        both = sobol(seed, 2 * int(starts[-1]), net, log2)
        a, b = both[: starts[-1]], both[starts[-1] :]
        of_a, of_b, mixed = evaluate(a), evaluate(b), []
        for at in range(len(names)):
            own = slice(int(starts[at]), int(starts[at + 1]))
            other = a.copy()
            other[own] = b[own]
            mixed.append(evaluate(other))
        for name in of_a:
            made.setdefault(name, []).append((of_a[name], of_b[name], np.stack([each[name] for each in mixed]) if mixed else np.empty((0, 2**log2))))
    return {name: _of(names, each) for name, each in made.items()}


def _of(names: tuple[str, ...], nets: Sequence[tuple[Array, Array, Array]]) -> Indices:
    """The indices from the values at A, at B, and at AB_i (inputs, N) of every net."""
    every: Array = np.concatenate([np.concatenate([a, b]) for a, b, _ in nets])
    points = sum(a.size + b.size + mixed.size for a, b, mixed in nets)
    found = [each for net in nets for each in net]
    known = sum(int(np.count_nonzero(np.isfinite(each))) for each in found) / points
    blank = np.full(len(names), math.nan if known < 1 else 0.0)
    middle, variance = (float(every.mean()), float(every.var(ddof=1))) if known == 1 else (math.nan, math.nan)
    if known < 1 or variance <= (1e-13 * max(1.0, abs(middle))) ** 2:  # rounding of doubles is no spread
        return Indices(names, blank, blank, blank, blank, variance if known < 1 else 0.0, known, points)
    first = np.stack([np.mean((b - middle) * (mixed - a), axis=1) for a, b, mixed in nets]) / variance
    total = np.stack([np.mean((a - mixed) ** 2, axis=1) for a, _, mixed in nets]) / (2 * variance)
    error = [np.std(each, axis=0, ddof=1) / math.sqrt(len(nets)) for each in (first, total)]
    return Indices(names, first.mean(axis=0), total.mean(axis=0), error[0], error[1], variance, known, points)


def of_model(model: Model, *, seed: int = 1, nets: int = NETS, log2: int = LOG2) -> dict[str, Indices]:
    """The indices of the outputs of a measurement model.

    raises   Refused: sensitivity-correlated
    """
    refuse_correlated(model.matrix())
    inputs = [(name, each.dimensions) for name, each in model.inputs.items()]

    def evaluate(uniform: Array) -> dict[str, Array]:
        values, at = {}, 0
        for name, each in model.inputs.items():
            values[name] = each.draw(uniform[at : at + each.dimensions])
            at += each.dimensions
        with np.errstate(all="ignore"):
            outputs = model.outputs(model.function(**values))
        return {name: np.broadcast_to(np.asarray(y, dtype=np.float64), uniform.shape[1:]) for name, y in outputs.items()}

    return indices(evaluate, inputs, seed=seed, nets=nets, log2=log2)


def refuse_correlated(matrix: Array) -> None:
    """
    raises   Refused: sensitivity-correlated, where inputs are correlated
    """
    if not np.array_equal(matrix, np.eye(len(matrix))):
        raise Refused([Diagnostic("sensitivity-correlated", None, {})])
