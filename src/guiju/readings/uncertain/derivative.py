"""The derivative of a number by an input, as nodes of the same graph: exact, with its units checked.

Where a primitive is made of pieces (a choice, a table, a minimum, an absolute value, a rounding), the derivative is that of the piece in force;
on the border itself, that of the piece the value belongs to. `linear` says when a border is too near for it to be of use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guiju.base.diagnostics import Problems
from guiju.base.units import Unit
from guiju.ir.build import Builder
from guiju.ir.node import Kind, Node, Op, Type, below


class Derivatives:
    """Derivatives of one graph by its inputs; made once each, and themselves nodes that have derivatives."""

    def __init__(self, order: Sequence[Node]) -> None:
        """order   the nodes of the graph, arguments before what uses them"""
        self.problems = Problems()
        self.build = Builder(self.problems)
        self.build.go_on(order)
        self._units = {str(n.value): n.type.unit for n in order if n.op is Op.INPUT}
        self._made: dict[tuple[int, str], Node | None] = {}

    def of(self, node: Node, name: str) -> Node | None:
        """d node / d input, in the unit of the one by the unit of the other; 0 where it does not depend on it.

        None where it is too long to be computed.
        """
        for each in below([node]):
            if each.is_number and (each.index, name) not in self._made:
                self._made[each.index, name] = RULES[each.op](self, each, name)
        found = self._made[node.index, name]
        made = self.build.number(0, self.per(node, name)) if found is None else found
        return None if made.is_bad else made

    def per(self, node: Node, name: str) -> Unit:
        return node.type.unit / self._units[name]

    def got(self, node: Node, name: str) -> Node | None:
        """The derivative of an argument, made already; None where it is 0."""
        return self._made[node.index, name]

    def zero_or(self, node: Node, name: str) -> Node:
        """The same as a node; undefined where the argument is."""
        unit = self.per(node, name)
        if node.op is Op.UNDEFINED:
            return self.build.undefined(str(node.value), Type(Kind.NUMBER, unit))
        return self._made[node.index, name] or self.build.number(0, unit)

    def in_unit(self, node: Node, unit: Unit) -> Node:
        """The same number, said to be in a unit."""
        return self.build.as_quantity(self.build.as_number(node, node.type.unit, None), unit, None)

    def bare(self, node: Node) -> Node:
        """The node without the test cycle it depends on, which slopes do not keep apart."""
        return self.in_unit(node, node.type.unit) if node.type.basis else node


def _none(d: Derivatives, node: Node, name: str) -> Node | None:
    return None


def _input(d: Derivatives, node: Node, name: str) -> Node | None:
    return d.build.number(1, d.per(node, name)) if node.value == name else None


def _add(d: Derivatives, node: Node, name: str) -> Node | None:
    a, b = (d.got(arg, name) for arg in node.args)
    if a is None or b is None:
        return a or b
    return d.build.add(a, b)


def _sub(d: Derivatives, node: Node, name: str) -> Node | None:
    a, b = (d.got(arg, name) for arg in node.args)
    if b is None:
        return a
    return d.build.neg(b) if a is None else d.build.sub(a, b)


def _mul(d: Derivatives, node: Node, name: str) -> Node | None:
    (x, y), build = node.args, d.build
    dx, dy = d.got(x, name), d.got(y, name)
    if node.type.unit != x.type.unit * y.type.unit:
        # Counted in another unit, or taken as a pure number: the factor is a constant.
        return None if dx is None else d.in_unit(build.mul(dx, y), d.per(node, name))
    left = None if dx is None else build.mul(dx, d.bare(y))
    right = None if dy is None else build.mul(d.bare(x), dy)
    if left is None or right is None:
        return left or right
    return build.add(left, right)


def _div(d: Derivatives, node: Node, name: str) -> Node | None:
    (x, y), build = node.args, d.build
    dx, dy = d.got(x, name), d.got(y, name)
    if dy is None:
        return None if dx is None else build.div(dx, d.bare(y))
    down = build.mul(d.bare(node), dy)
    return build.div(build.neg(down) if dx is None else build.sub(dx, down), d.bare(y))


def _neg(d: Derivatives, node: Node, name: str) -> Node | None:
    dx = d.got(node.args[0], name)
    return None if dx is None else d.build.neg(dx)


def _abs(d: Derivatives, node: Node, name: str) -> Node | None:
    dx, build = d.got(node.args[0], name), d.build
    if dx is None:
        return None
    below_zero = build.lt(node.args[0], build.number(0, node.args[0].type.unit))
    return build.case([(below_zero, build.neg(dx))], dx)


def _extreme(d: Derivatives, node: Node, name: str) -> Node | None:
    if all(d.got(arg, name) is None for arg in node.args):
        return None
    build = d.build
    of = build.le if node.op is Op.MIN else lambda one, other: build.le(other, one)
    branches = [(build.all([of(arg, other) for other in node.args if other is not arg]), d.zero_or(arg, name)) for arg in node.args]
    return build.case(branches[:-1], branches[-1][1])


def _case(d: Derivatives, node: Node, name: str) -> Node | None:
    values = [*node.args[1::2], node.args[-1]]
    if all(d.got(value, name) is None for value in values):
        return None
    return d.build.case(list(zip(node.args[:-1:2], [d.zero_or(v, name) for v in values[:-1]], strict=True)), d.zero_or(values[-1], name))


def _step(d: Derivatives, node: Node, name: str) -> Node | None:
    if all(d.got(value, name) is None for value in node.args[1:]):
        return None
    return d.build.step(node.args[0], node.value, [d.zero_or(v, name) for v in node.args[1:]])  # type: ignore[arg-type]


def _map(d: Derivatives, node: Node, name: str) -> Node | None:
    if all(d.got(value, name) is None for value in node.args[1:]):
        return None
    return d.build.map(node.args[0], node.value, [d.zero_or(v, name) for v in node.args[1:]])  # type: ignore[arg-type]


RULES: dict[Op, Callable[[Derivatives, Node, str], Node | None]] = {
    Op.CONST: _none, Op.INPUT: _input, Op.UNDEFINED: _none, Op.ADD: _add, Op.SUB: _sub, Op.MUL: _mul, Op.DIV: _div, Op.NEG: _neg, Op.ABS: _abs,
    Op.MIN: _extreme, Op.MAX: _extreme, Op.ROUND: _none, Op.DAYS: _none, Op.SECONDS: _none, Op.CASE: _case, Op.STEP: _step, Op.MAP: _map,
}  # fmt: skip
"""Every primitive that gives a number; dates and times are known, and a rounded value does not move within its interval."""
