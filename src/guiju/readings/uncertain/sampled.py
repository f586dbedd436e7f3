"""Many draws of one record at once, in NumPy: what `evaluate` says of each of them.

A number drawn from a continuous distribution sits on a limit with probability 0, but a rounded one, or one that no uncertain input moves, may:
comparisons are widened by what doubles can be wrong by, so that equal values are equal. What nothing moves is taken from the exact evaluation.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guiju.ir.grid import Fact
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import RULES as EXACT
from guiju.ir.values import Unknown, Value, piece_at
from guiju.metrology.array import Array
from guiju.metrology.draws import Sampler as Generator
from guiju.metrology.draws import points
from guiju.readings.uncertain.linear import moved
from guiju.readings.uncertain.stated import Stated

BLOCK = 16_384
Many = tuple[Any, Any]
"""Values (an array, or one for all), and whether they are known (the same)."""
_LOOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Draws:
    """Where numbers come from: draw i is the same whatever is drawn beside it, in whatever blocks or threads.

    log2   Sobol: of the nets, one after the other, that points are taken from
    """

    seed: int
    sampler: Generator = "philox"
    log2: int = 12

    def uniform(self, dimensions: int, first: int, count: int) -> Array:
        return points(self.sampler, self.seed, dimensions, first, count, self.log2)


def drawn(stated: Stated, seed: int | Draws, first: int, count: int) -> dict[str, Array]:
    """Draws first … first + count - 1 of the uncertain inputs, each of its own distribution; those correlated joined by a Gaussian copula."""
    return drawn_from(stated, (Draws(seed) if isinstance(seed, int) else seed).uniform(len(stated.names), first, count))


def drawn_from(stated: Stated, uniform: Array) -> dict[str, Array]:
    """The uncertain inputs at uniform numbers of shape (inputs, draws)."""
    from scipy.special import ndtr, ndtri

    matrix = stated.matrix()
    if not np.array_equal(matrix, np.eye(len(matrix))):
        sizes, axes = np.linalg.eigh(matrix)
        root = axes * np.sqrt(np.maximum(sizes, 0.0))
        scores = ndtri(uniform)
        # Row by row, and not as one product: how that is cut into blocks would show in the last digit.
        joined = np.stack([sum(row[j] * scores[j] for j in range(len(row))) for row in root])
        uniform = np.clip(ndtr(joined), 2.0**-54, 1 - 2.0**-53)
    found: dict[str, Array] = {}
    for at, (name, spread) in enumerate(stated.spreads.items()):
        found[name] = spread.law(float(stated.values[name])).draw(uniform[at : at + 1])  # type: ignore[arg-type]
    return found


class Sampler:
    """Nodes of a program, for blocks of draws."""

    def __init__(self, program: Program, stated: Stated, values: Mapping[int, Value], roots: Sequence[Node]) -> None:
        """values   of every node, by the exact evaluation
        roots    what is asked for
        """
        self.stated, self.values, self.facts = stated, values, program.exactness.facts
        self.order = below(list(roots))
        self.moved = moved(self.order, stated.names)

    def block(self, seed: int | Draws, first: int, count: int) -> dict[int, Many]:
        """The values of every node for these draws."""
        return self.given(drawn(self.stated, seed, first, count))

    def exact(self) -> dict[int, Many]:
        """The values of every node where nothing is uncertain."""
        return self.given({})

    def given(self, inputs: Mapping[str, Array]) -> dict[int, Many]:
        """The values of every node for these values of the uncertain inputs."""
        found: dict[int, Many] = {}
        with np.errstate(all="ignore"):
            for node in self.order:
                if not self.moved[node.index]:
                    found[node.index] = _constant(self.values[node.index])
                elif node.op is Op.INPUT:
                    found[node.index] = (inputs[str(node.value)], True)
                else:
                    found[node.index] = RULES[node.op](self, node, [found[a.index] for a in node.args])
        return found

    def slack(self, *args: tuple[Node, Any]) -> Any:
        """What the doubles of these numbers can be wrong by, together."""
        total: Any = 0.0
        for node, value in args:
            fact: Fact | None = self.facts.get(node.index)
            known = fact.error if fact is not None and math.isfinite(fact.error) else None
            total = total + (2 * known if known is not None else _LOOSE * np.abs(value))
        return total


def _constant(value: Value) -> Many:
    if isinstance(value, Unknown):
        return 0.0, False
    return (float(value) if isinstance(value, Fraction) else value), True


def known_of(args: Sequence[Many]) -> Any:
    known: Any = True
    for _, each in args:
        known = known & each
    return known


def _strict(compute: Callable[..., Any]) -> Callable[[Sampler, Node, Sequence[Many]], Many]:
    return lambda sampler, node, args: (compute(*(value for value, _ in args)), known_of(args))


def _div(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    (x, _), (y, _) = args
    zero = np.abs(y) <= sampler.slack((node.args[1], 0.0))
    return x / np.where(zero, 1.0, y), known_of(args) & ~zero


def _round(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    interval: Any = node.value
    x, known = args[0]
    steps = x * interval.denominator / interval.numerator
    tie = np.abs(steps - np.floor(steps) - 0.5) <= sampler.slack((node.args[0], x)) / float(interval)
    whole = np.where(tie, 2 * np.rint(np.floor(steps) / 2 + 0.25), np.rint(steps))
    return whole * interval.numerator / interval.denominator, known


def _compare(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    (a, _), (b, _) = args
    if not node.args[0].is_number:
        truth = a == b if node.op is Op.EQ else a <= b if node.op is Op.LE else a < b
    else:
        slack = sampler.slack((node.args[0], a), (node.args[1], b))
        truth = np.abs(a - b) <= slack if node.op is Op.EQ else a <= b + slack if node.op is Op.LE else a < b - slack
    return np.asarray(truth, dtype=bool), known_of(args)


def _true(each: Many) -> Any:
    return np.logical_and(each[0], each[1])


def _false(each: Many) -> Any:
    return np.logical_and(np.logical_not(each[0]), each[1])


def _and(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    no: Any = np.logical_or.reduce(np.broadcast_arrays(*(_false(each) for each in args)))
    return ~no, no | known_of(args)


def _or(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    yes: Any = np.logical_or.reduce(np.broadcast_arrays(*(_true(each) for each in args)))
    return yes, yes | known_of(args)


def _atleast(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    needed: Any = node.value
    certain: Any = sum(np.asarray(_true(each), dtype=np.int64) for each in args)
    impossible: Any = sum(np.asarray(_false(each), dtype=np.int64) for each in args)
    yes = certain >= needed
    return yes, yes | (len(args) - impossible < needed)


def _known(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    return np.asarray(args[0][1], dtype=bool), True


def _pick(where: Any, one: Many, other: Many) -> Many:
    """One where it holds, the other elsewhere; words and dates stay what they are."""
    return np.where(where, _boxed(one[0]), _boxed(other[0])), np.where(where, one[1], other[1])


def _boxed(value: Any) -> Any:
    return np.array(value, dtype=object) if isinstance(value, str | date) else value


def _case(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    found = args[-1]
    for condition, value in reversed(list(zip(args[:-1:2], args[1::2], strict=True))):
        picked, known = _pick(condition[0], _typed(value, found), _typed(found, value))
        found = (picked, np.logical_and(condition[1], known))
    return found


def _typed(value: Many, beside: Many) -> Many:
    """An unknown among words is a word too."""
    unknown = value[1] is False and not isinstance(value[0], np.ndarray)
    words = isinstance(beside[0], str | date) or (isinstance(beside[0], np.ndarray) and beside[0].dtype == object)
    return ("", False) if unknown and words else value


def _pieces(piece: Any, chosen: Mapping[int, Many], known: Any) -> Many:
    """The value of the piece each draw falls into; what falls into none is not known."""
    found: Many = (0.0, False)
    for number in np.unique(piece):
        if int(number) in chosen:
            value = chosen[int(number)]
            found = _pick(piece == number, value, _typed(found, value))
    return found[0], np.logical_and(found[1], known)


def _step(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    bounds: Any = node.value
    x, known = args[0]
    if not node.args[0].is_number:
        piece = np.vectorize(lambda day: piece_at(bounds, day), otypes=[np.int64])(_boxed(x))
    else:
        ends = []
        for bound, closed in bounds:
            slack = float(sampler.slack((node.args[0], float(bound))))
            ends.append(float(bound) + slack if closed else np.nextafter(float(bound) - slack, -np.inf))
        piece = np.searchsorted(np.array(ends), x, side="left") if isinstance(x, np.ndarray) else np.array(bisect_left(ends, x))
    return _pieces(piece, dict(enumerate(args[1:])), known)


def _map(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    keys: Any = node.value
    word, known = args[0]
    place = {key: number for number, key in enumerate(keys)}
    piece: NDArray[np.int64] = np.vectorize(lambda each: place.get(each, -1), otypes=[np.int64])(_boxed(word))
    return _pieces(piece, dict(enumerate(args[1:])), known)


def _each(sampler: Sampler, node: Node, args: Sequence[Many]) -> Many:
    """Dates and times, one by one."""

    def one(*values: Any) -> Any:
        made = EXACT[node.op](node, values)
        return None if isinstance(made, Unknown) else float(made) if isinstance(made, Fraction) else made

    known = known_of(args)
    count = max(np.size(value) for value, _ in args)
    columns = [np.broadcast_to(_boxed(value), (count,)) for value, _ in args]
    sure = np.broadcast_to(known, (count,))
    made = [one(*row) if fine else None for fine, *row in zip(sure, *columns, strict=True)]
    there = np.array([value is not None for value in made])
    if node.is_number:
        return np.array([0.0 if value is None else value for value in made]), there
    found = np.empty(count, dtype=object)
    found[:] = [date.min if value is None else value for value in made]
    return found, there


RULES: dict[Op, Callable[[Sampler, Node, Sequence[Many]], Many]] = {
    Op.CONST: lambda sampler, node, args: _constant(sampler.values[node.index]),
    Op.INPUT: lambda sampler, node, args: _constant(sampler.values[node.index]),
    Op.UNDEFINED: lambda sampler, node, args: (0.0, False),
    Op.ADD: _strict(lambda a, b: a + b), Op.SUB: _strict(lambda a, b: a - b), Op.MUL: _strict(lambda a, b: a * b), Op.DIV: _div,
    Op.NEG: _strict(lambda a: -a), Op.ABS: _strict(np.abs),
    Op.MIN: _strict(lambda *each: np.minimum.reduce(np.broadcast_arrays(*each))),
    Op.MAX: _strict(lambda *each: np.maximum.reduce(np.broadcast_arrays(*each))),
    Op.ROUND: _round, Op.DAYS: _each, Op.DAY: _each, Op.SECONDS: _each, Op.MONTHS: _each, Op.LE: _compare, Op.LT: _compare, Op.EQ: _compare,
    Op.AND: _and, Op.OR: _or, Op.NOT: _strict(np.logical_not), Op.ATLEAST: _atleast, Op.KNOWN: _known, Op.CASE: _case, Op.STEP: _step, Op.MAP: _map,
}  # fmt: skip
