"""The law of propagation of uncertainty on the graph, and where it does not hold: the graph itself knows its borders.

source  JCGM 100:2008 clause 5 and G.4, with the second order of its note to 5.1.2 (written for covariances, inputs taken as normal).
        A border is near within 3 standard uncertainties of the distance to it.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from guiju.base.diagnostics import Span
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import RULES, Unknown, Value, piece_at
from guiju.metrology.propagation import effective_dof
from guiju.readings.evaluate import Evaluation
from guiju.readings.uncertain.derivative import Derivatives
from guiju.readings.uncertain.stated import Stated

NEAR = 3
"""A border nearer than so many standard uncertainties makes the first order invalid."""
CURVED = 1.05
"""So many times the first-order uncertainty the second-order one may be."""


DOMINATES = 0.3
"""So much of u² one input that is not normal may carry; more, and what is drawn is visibly not normal."""


class Why(enum.Enum):
    """Why the first order does not hold."""

    CONDITION = "condition"
    """a condition that chooses between formulas may turn"""
    STEP = "step"
    """the argument of a table, or of levels, is near the end of its row"""
    EXTREME = "extreme"
    """another part may be the smallest or largest"""
    SIGN = "sign"
    """an absolute value is near 0"""
    ROUNDING = "rounding"
    """the value may be rounded otherwise"""
    DIVISOR = "divisor"
    """a divisor is near 0"""
    FLAT = "flat"
    """all sensitivities are 0, but the value does move"""
    CURVED = "curved"
    """the second order adds more than 5 %"""
    SHAPE = "shape"
    """an input that is not normal carries too much of u for the sum to be normal"""
    TOO_LONG = "too-long"
    """a derivative is too long to be computed exactly"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason, the distance to the border and its standard uncertainty, and where it was written."""

    why: Why
    distance: float
    u: float
    where: Span | None


@dataclass(frozen=True, slots=True)
class Part:
    """Of one input: sensitivity (exact, in the unit of the value by that of the input), its contribution c·u with sign, and its share of u²."""

    name: str
    sensitivity: Fraction
    contribution: float
    share: float


@dataclass(frozen=True, slots=True)
class Linear:
    """A number with its standard uncertainty.

    u        first order; `second` the second-order one and `bias` what curvature adds to the mean, None where there are borders near
    dof      effective degrees of freedom; NaN where undefined: correlated inputs, one of them with finite ones
    doubts   why the first order does not hold; none where it does
    """

    node: Node
    value: Fraction
    u: float
    parts: tuple[Part, ...]
    dof: float
    second: float | None
    bias: float | None
    doubts: tuple[Doubt, ...]

    @property
    def holds(self) -> bool:
        return not self.doubts


class Propagation:
    """First and second order for the numbers of one graph at one record."""

    def __init__(self, program: Program, evaluation: Evaluation, stated: Stated) -> None:
        self.stated, self.derivatives = stated, Derivatives(program.order)
        self.build = self.derivatives.build
        self.values: dict[int, Value] = dict(evaluation.values)
        self.moved = moved(program.order, stated.names)
        self.u = np.array([float(s.u) for s in stated.spreads.values()])
        self.dof = np.array([s.dof for s in stated.spreads.values()])
        self.matrix = stated.matrix()
        self.covariance = self.matrix * np.outer(self.u, self.u)
        self.correlated = np.any(self.matrix - np.eye(len(self.u)) != 0, axis=1)

    def value(self, node: Node) -> Value:
        """Exactly, at the record; also of nodes made after it was judged."""
        if node.index not in self.values:
            values: dict[int, Any] = self.values
            for each in below([node]):
                if each.index not in values:
                    values[each.index] = RULES[each.op](each, [values[a.index] for a in each.args])
        return self.values[node.index]

    def moves(self, node: Node) -> frozenset[str]:
        """The uncertain inputs a node depends on, in any of its pieces."""
        if node.index not in self.moved:
            for each in below([node]):
                if each.index not in self.moved:
                    self.moved[each.index] = frozenset().union(*(self.moved[a.index] for a in each.args))
        return self.moved[node.index]

    def linear(self, node: Node) -> Linear | None:
        """None where the number has no value at the record."""
        value = self.value(node)
        if not isinstance(value, Fraction):
            return None
        slopes = self._slopes(node)
        if slopes is None:
            return Linear(node, value, math.nan, (), math.nan, None, None, (Doubt(Why.TOO_LONG, math.nan, math.nan, node.where),))
        c = np.array([float(s) for s in slopes])
        pull = self.covariance @ c
        u = math.sqrt(max(float(c @ pull), 0.0))
        dof = effective_dof(c * self.u, self.dof, self.correlated, u)
        parts = tuple(
            Part(name, s, float(c[i] * self.u[i]), float(c[i] * pull[i]) / u**2 if u else 0.0)
            for i, (name, s) in enumerate(zip(self.stated.names, slopes, strict=True)) if name in self.moves(node)
        )  # fmt: skip
        doubts = self.borders(node)
        second = bias = None
        if not doubts:
            second, bias = self._second(node, slopes, u)
            if second is not None and second > CURVED * u:
                doubts = [Doubt(Why.CURVED if u > 0 else Why.FLAT, second, u, node.where)]
        if any(part.share > DOMINATES and self.stated.spreads[part.name].shape != "normal" for part in parts):
            doubts = [*doubts, Doubt(Why.SHAPE, math.nan, u, node.where)]
        return Linear(node, value, u, parts, dof, second, bias, tuple(doubts))

    def _slopes(self, node: Node) -> list[Fraction] | None:
        """The gradient, exactly; None where it cannot be computed."""
        found: list[Fraction] = []
        for name in self.stated.names:
            slope = Fraction(0)
            if name in self.moves(node):
                made = self.derivatives.of(node, name)
                known = None if made is None else self.value(made)
                if not isinstance(known, Fraction):
                    return None
                slope = known
            found.append(slope)
        return found

    def _second(self, node: Node, slopes: Sequence[Fraction], u: float) -> tuple[float | None, float | None]:
        """(second-order u, bias): ½ tr((H V)²) + (V g)·∇tr(H V) added to the variance, ½ tr(H V) to the mean."""
        names = [name for name in self.stated.names if name in self.moves(node)]
        at = [self.stated.names.index(name) for name in names]
        v = self.covariance[np.ix_(at, at)]
        direction = v @ np.array([float(slopes[i]) for i in at])
        h, third = np.zeros((len(at), len(at))), np.zeros(len(at))
        for i, one in enumerate(names):
            for j, other in enumerate(names[: i + 1]):
                bent = self._again(node, one, other)
                if bent is None:
                    return None, None
                h[i, j] = h[j, i] = self._at(bent)
                if v[i, j] == 0 or is_zero(bent):
                    continue
                for k, name in enumerate(names):
                    twist = self.derivatives.of(bent, name) if name in self.moves(bent) else None
                    third[k] += 0.0 if twist is None else self._at(twist) * float(v[i, j]) * (1 if i == j else 2)
        hv = h @ v
        variance = u * u + 0.5 * float(np.trace(hv @ hv)) + float(direction @ third)
        return math.sqrt(max(variance, 0.0)), 0.5 * float(np.trace(hv))

    def _again(self, node: Node, one: str, other: str) -> Node | None:
        first = self.derivatives.of(node, one)
        return None if first is None else self.derivatives.of(first, other)

    def _at(self, node: Node) -> float:
        found = self.value(node)
        return float(found) if isinstance(found, Fraction) else math.nan

    # borders

    def borders(self, node: Node) -> list[Doubt]:
        """Every border within 3 u on the way to the value: only pieces in force are looked into."""
        found: dict[int, Doubt] = {}
        seen: set[int] = set()
        waiting = [node]
        while waiting:
            each = waiting.pop()
            if each.index in seen or not self.moves(each):
                continue
            seen.add(each.index)
            waiting.extend(self._in_force(each))
            doubt = self._border(each)
            if doubt is not None:
                found[each.index] = doubt
        return [found[index] for index in sorted(found)]

    def _in_force(self, node: Node) -> Sequence[Node]:
        if node.op is Op.CASE:
            used: list[Node] = []
            for condition, value in zip(node.args[:-1:2], node.args[1::2], strict=True):
                used.append(condition)
                if self.value(condition) is True:
                    return [*used, value]
            return [*used, node.args[-1]]
        if node.op in (Op.STEP, Op.MAP):
            chosen: Any = node.value
            at: Any = self.value(node.args[0])
            if isinstance(at, Unknown):
                return node.args[:1]
            piece = piece_at(chosen, at) if node.op is Op.STEP else chosen.index(at) if at in chosen else None
            return node.args[:1] if piece is None else (node.args[0], node.args[piece + 1])
        return node.args

    def _border(self, node: Node) -> Doubt | None:
        """The nearest border of one primitive, if it is near."""
        match node.op:
            case Op.LE | Op.LT | Op.EQ if node.args[0].is_number:
                return self._near(node, Why.CONDITION, [(self.build.sub(node.args[0], node.args[1]), Fraction(0))])
            case Op.ABS:
                return self._near(node, Why.SIGN, [(node.args[0], Fraction(0))])
            case Op.DIV:
                return self._near(node, Why.DIVISOR, [(node.args[1], Fraction(0))])
            case Op.MIN | Op.MAX:
                pairs = [self.build.sub(arg, self._chosen(node)) for arg in node.args if arg is not self._chosen(node)]
                return self._near(node, Why.EXTREME, [(pair, Fraction(0)) for pair in pairs])
            case Op.STEP if node.args[0].is_number:
                bounds: Any = node.value
                ends = [(bound, i) for i, (bound, _) in enumerate(bounds)]
                return self._near(node, Why.STEP, [(node.args[0], end) for end, i in ends if node.args[i + 1] is not node.args[i + 2]])
            case Op.ROUND:
                x, interval = self.value(node.args[0]), node.value
                if isinstance(x, Fraction) and isinstance(interval, Fraction):
                    tie = (x // interval + Fraction(1, 2)) * interval
                    return self._near(node, Why.ROUNDING, [(node.args[0], tie)])
        return None

    def _chosen(self, node: Node) -> Node:
        return next(arg for arg in node.args if self.value(arg) == self.value(node))

    def _near(self, node: Node, why: Why, borders: Sequence[tuple[Node, Fraction]]) -> Doubt | None:
        """The nearest of the places (a number, where it must not be), counted in its own standard uncertainties."""
        near: list[tuple[float, Doubt]] = []
        for number, place in borders:
            value = self.value(number)
            if not isinstance(value, Fraction) or not self.moves(number):
                continue
            slopes = self._slopes(number)
            if slopes is None:
                near.append((0.0, Doubt(why, float(abs(value - place)), math.nan, node.where)))
                continue
            c = np.array([float(s) for s in slopes])
            u, distance = math.sqrt(max(float(c @ self.covariance @ c), 0.0)), float(abs(value - place))
            if distance <= NEAR * u and u > 0:
                near.append((distance / u, Doubt(why, distance, u, node.where)))
        return min(near, key=lambda each: each[0])[1] if near else None


def is_zero(node: Node) -> bool:
    return node.op is Op.CONST and node.value == 0


def moved(order: Sequence[Node], names: Sequence[str]) -> dict[int, frozenset[str]]:
    """Per node, the uncertain inputs it depends on."""
    found: dict[int, frozenset[str]] = {}
    none: frozenset[str] = frozenset()
    for node in order:
        if node.op is Op.INPUT:
            found[node.index] = frozenset((str(node.value),)) & frozenset(names)
        else:
            found[node.index] = none.union(*(found[a.index] for a in node.args))
    return found
