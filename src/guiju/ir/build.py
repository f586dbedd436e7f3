"""The only way to make a Node: typed constructors that check kinds, units and test bases, and fold constants.

A wrong argument is reported once, at its place; what is made from it is BAD and causes no further message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import decimal_text, is_decimal
from guiju.base.units import ONE, Unit, dimension_facts, is_symbol
from guiju.ir.node import BAD, BOOLEAN, DATE, PLAIN, Constant, Kind, Node, Op, Type
from guiju.ir.values import RULES, Unknown, piece_at
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean

KIND_WORDS = {
    Kind.NUMBER: ("数", "a number"), Kind.BOOLEAN: ("条件或是否值", "a condition or a yes-or-no value"), Kind.CATEGORY: ("类别", "a category"),
    Kind.DATE: ("日期", "a date"), Kind.IDENTIFIER: ("标识", "an identifier"), Kind.TIME: ("时刻", "a time"), Kind.BAD: ("?", "?"),
}  # fmt: skip
_EXACT_FOLDS = frozenset(Op) - {Op.CONST, Op.INPUT, Op.UNDEFINED}
_LARGEST, _SMALLEST = Fraction(10) ** 100, Fraction(1, 10**100)
_LONGEST_CONSTANT, _LONGEST_VALUE = 4_000, 30_000
"""Bits. No standard comes near; without a bound, powers of powers would fill the memory before anyone is told."""
_LONGEST_UNIT = 200
_DEEPEST_PART = 40
_FARTHEST_MONTHS = 12_000


class Builder:
    def __init__(self, problems: Problems, inputs: Mapping[str, Input] | None = None) -> None:
        """inputs   what records give, by name: the declared ranges and grids"""
        self.problems, self.inputs = problems, inputs or {}
        self.nodes: list[Node] = []
        self.written: dict[int, Span] = {}
        """Node index → where it was last written: equal nodes are one node, but a message belongs to the place being read."""
        self.rounded: set[int] = set()
        """Choices among roundings: rounded, though no ROUND themselves."""
        self._known: dict[tuple[Any, ...], Node] = {}
        self._lengths: dict[int, tuple[int, int]] = {}
        self._parts: dict[tuple[Op, int, int], Node] = {}
        self.bad = Node(Op.UNDEFINED, (), BAD, "bad", None, -1)

    def _node(self, op: Op, args: tuple[Node, ...], type_: Type, value: Constant, where: Span | None) -> Node:
        for arg in args:
            if arg.type.kind is Kind.BAD:
                return self.bad
        if op in _EXACT_FOLDS and all(arg.op is Op.CONST for arg in args):
            folded = RULES[op](Node(op, args, type_, value, where, -1), [arg.value for arg in args])
            if not isinstance(folded, Unknown):
                return self.const(folded, type_, where)
            return self.undefined(next(iter(folded.undefined)), type_, where)
        key = _key(op, args, type_, value)
        node = self._known.get(key)
        if node is None:
            node = Node(op, args, type_, value, where, len(self.nodes))
            if type_.kind is Kind.NUMBER and not self._can_be_computed(node, where):
                return self.bad
            self.nodes.append(node)
            self._known[key] = node
        return node

    def go_on(self, nodes: Sequence[Node]) -> None:
        """Makes further nodes of a graph that was made before: its nodes stay what they are, and equal ones are not made again.

        nodes   arguments before what uses them; the builder must not have made any yet
        """
        self.nodes = [self.bad] * (max((node.index for node in nodes), default=-1) + 1)
        for node in nodes:
            self.nodes[node.index] = self._known[_key(node.op, node.args, node.type, node.value)] = node
            if node.is_number:
                self._lengths[node.index] = _length(node, [self._lengths[a.index] for a in node.args if a.is_number])

    def _can_be_computed(self, node: Node, where: Span | None) -> bool:
        """Whether a number keeps to a size that can be computed exactly; if not, it is reported."""
        if isinstance(node.value, Fraction) and node.op is Op.CONST:
            size, long = abs(node.value), _bits(node.value) > _LONGEST_CONSTANT
            if size and (long or not _SMALLEST <= size <= _LARGEST):
                text = decimal_text(node.value)
                self.problems.add("number-out-of-reach", where, number=text if len(text) <= 30 else f"{text[:12]}…")
                return False
        whole, broken = self._lengths[node.index] = _length(node, [self._lengths[a.index] for a in node.args if a.is_number])
        if whole + broken > _LONGEST_VALUE:
            self.problems.add("value-too-long", where, digits=(whole + broken) * 3 // 10_000 * 1000)
            return False
        return True

    # leaves

    def const(self, value: Fraction | bool | str | date, type_: Type, where: Span | None = None) -> Node:
        return self._node(Op.CONST, (), type_, value, where)

    def number(self, value: Fraction | int, unit: Unit = ONE, where: Span | None = None) -> Node:
        return self.const(Fraction(value), PLAIN if unit is ONE else Type(Kind.NUMBER, unit), where)

    def truth(self, value: bool, where: Span | None = None) -> Node:
        return self.const(value, BOOLEAN, where)

    def word(self, value: str, where: Span | None = None) -> Node:
        return self.const(value, Type(Kind.CATEGORY), where)

    def day(self, value: date, where: Span | None = None) -> Node:
        return self.const(value, DATE, where)

    def input(self, name: str, type_: Type, where: Span | None = None) -> Node:
        return self._node(Op.INPUT, (), type_, name, where)

    def undefined(self, reason: str, type_: Type, where: Span | None = None) -> Node:
        return self._node(Op.UNDEFINED, (), type_, reason, where)

    # numbers

    def wants(self, node: Node, kind: Kind, where: Span | None) -> bool:
        """Whether the node is of the kind; reported at the place it was last written if it is not."""
        if node.type.kind is kind:
            return True
        if node.type.kind is not Kind.BAD:
            found, wanted = KIND_WORDS[node.type.kind], KIND_WORDS[kind]
            self.problems.add("type-mismatch", self.written.get(node.index, where), found_zh=found[0], found_en=found[1],
                              wanted_zh=wanted[0], wanted_en=wanted[1])  # fmt: skip
        return False

    def in_unit(self, node: Node, unit: Unit, where: Span | None = None) -> Node:
        """The same quantity counted in another unit of its dimension."""
        if node.is_bad or node.type.unit == unit:
            return node
        factor = node.type.unit.ratio(unit)
        type_ = Type(Kind.NUMBER, unit, node.type.basis)
        return self._node(Op.MUL, (node, self.number(factor, ONE, where)), type_, None, where or node.where)

    def as_number(self, node: Node, unit: Unit, where: Span | None) -> Node:
        """The pure number of a quantity in a unit: the `as` of numerical-value equations."""
        if not self.wants(node, Kind.NUMBER, where):
            return self.bad
        if not node.type.unit.same_dimension(unit):
            return self._units_differ(node.type.unit, unit, where)
        return self._retyped(self.in_unit(node, unit, where), PLAIN, where)

    def as_quantity(self, node: Node, unit: Unit, where: Span | None) -> Node:
        """A pure number taken in a unit, or a quantity converted to it."""
        if not self.wants(node, Kind.NUMBER, where):
            return self.bad
        if node.type.unit == ONE and unit != ONE:
            return self._retyped(node, Type(Kind.NUMBER, unit), where)
        return self.converted(node, unit, where)

    def converted(self, node: Node, unit: Unit, where: Span | None) -> Node:
        if not self.wants(node, Kind.NUMBER, where):
            return self.bad
        if node.type.unit.same_dimension(unit):
            return self.in_unit(node, unit, where)
        if node.op is Op.CONST and node.value == 0:
            return self.number(0, unit, where)
        return self._units_differ(node.type.unit, unit, where)

    def _retyped(self, node: Node, type_: Type, where: Span | None) -> Node:
        if node.is_bad or node.type == type_:
            return node
        if node.op in (Op.CONST, Op.UNDEFINED):
            return self._node(node.op, (), type_, node.value, where)
        return self._node(Op.MUL, (node, self.number(1)), type_, None, where)

    def _units_differ(self, left: Unit, right: Unit, where: Span | None) -> Node:
        facts = {}
        if ONE in (left, right):
            other = right if left == ONE else left
            shown = other.text if is_symbol(other.text) else f"[{other.text}]"
            facts = {
                "hint_zh": f"若该纯数以 {other.text} 计，请写出单位；要取数值请写「(x as {shown})」",
                "hint_en": f"if the bare number is meant in {other.text}, write its unit; to use a numeric value write `(x as {shown})`",
            }
        self.problems.add("unit-mismatch", where, **dimension_facts(left, right), **facts)
        return self.bad

    def pair(self, a: Node, b: Node, where: Span | None) -> tuple[Node, Node] | None:
        """Two numbers in one unit, or None where they cannot be compared or added (and that is reported)."""
        if not (self.wants(a, Kind.NUMBER, where) and self.wants(b, Kind.NUMBER, where)):
            return None
        left, right = a.type.unit, b.type.unit
        if not left.same_dimension(right):
            for zero, other in ((a, b), (b, a)):
                if zero.op is Op.CONST and zero.value == 0 and zero.type.unit == ONE:
                    made = self.number(0, other.type.unit, zero.where)
                    return (made, b) if zero is a else (a, made)
            self._units_differ(left, right, where)
            return None
        if left != right and self._bare_beside_scaled(a, b, where):
            return None
        if not self._one_basis((a, b), where):
            return None
        if left == right:
            return a, b
        if a.op is Op.CONST:
            return self.in_unit(a, right), b
        return a, self.in_unit(b, left)

    def _one_basis(self, args: Sequence[Node], where: Span | None) -> bool:
        """Whether all that depend on a test cycle or metering point depend on the same; reported if not."""
        bases = list(dict.fromkeys(a.type.basis for a in args if a.type.basis))
        if len(bases) > 1:
            self.problems.add("basis-mismatch", where, left=_basis_text(bases[0]), right=_basis_text(bases[1]))
        return len(bases) < 2

    def _bare_beside_scaled(self, a: Node, b: Node, where: Span | None) -> bool:
        for bare, other in ((a, b), (b, a)):
            if bare.type.unit == ONE and bare.op is Op.CONST and bare.value != 0:
                text = decimal_text(bare.value) if isinstance(bare.value, Fraction) else str(bare.value)
                self.problems.add("bare-number", self.written.get(bare.index, where), number=text, unit=other.type.unit.text)
                return True
        return False

    def add(self, a: Node, b: Node, where: Span | None = None) -> Node:
        return self._sum(Op.ADD, a, b, where)

    def sub(self, a: Node, b: Node, where: Span | None = None) -> Node:
        return self._sum(Op.SUB, a, b, where)

    def _sum(self, op: Op, a: Node, b: Node, where: Span | None) -> Node:
        pair = self.pair(a, b, where)
        if pair is None:
            return self.bad
        if pair[1].op is Op.CONST and pair[1].value == 0:
            return pair[0]
        return self._node(op, pair, _joined(pair), None, where)

    def mul(self, a: Node, b: Node, where: Span | None = None) -> Node:
        if not (self.wants(a, Kind.NUMBER, where) and self.wants(b, Kind.NUMBER, where)):
            return self.bad
        for one, other in ((a, b), (b, a)):
            if one.op is Op.CONST and one.value == 1 and one.type.unit == ONE:
                return other
        basis = b.type.basis if a.type.unit.is_number else a.type.basis if b.type.unit.is_number else None
        unit = self._sensible(a.type.unit * b.type.unit, where)
        return self._node(Op.MUL, (a, b), Type(Kind.NUMBER, unit, basis), None, where) if unit else self.bad

    def div(self, a: Node, b: Node, where: Span | None = None) -> Node:
        if not (self.wants(a, Kind.NUMBER, where) and self.wants(b, Kind.NUMBER, where)):
            return self.bad
        if b.op is Op.CONST and b.value == 0:
            self.problems.add("division-by-zero", where)
            return self.bad
        unit = self._sensible(a.type.unit / b.type.unit, where)
        if unit is None:
            return self.bad
        type_ = Type(Kind.NUMBER, unit, a.type.basis if b.type.unit.is_number else None)
        if b.op is Op.CONST and isinstance(b.value, Fraction):
            return self._node(Op.MUL, (a, self.number(1 / b.value, ONE, where)), type_, None, where)
        return self._node(Op.DIV, (a, b), type_, None, where)

    def _sensible(self, unit: Unit, where: Span | None) -> Unit | None:
        if len(unit.text) <= _LONGEST_UNIT:
            return unit
        self.problems.add("unit-out-of-reach", where, unit=f"{unit.text[:30]}…")
        return None

    def power(self, a: Node, exponent: int, where: Span | None = None) -> Node:
        if exponent < 0:
            return self.div(self.number(1), self.power(a, -exponent, where), where)
        result = self.number(1)
        for _ in range(exponent):
            result = self.mul(result, a, where)
        return result

    def neg(self, a: Node, where: Span | None = None) -> Node:
        return self._node(Op.NEG, (a,), a.type, None, where) if self.wants(a, Kind.NUMBER, where) else self.bad

    def abs(self, a: Node, where: Span | None = None) -> Node:
        return self._node(Op.ABS, (a,), a.type, None, where) if self.wants(a, Kind.NUMBER, where) else self.bad

    def min(self, args: Sequence[Node], where: Span | None = None) -> Node:
        return self._extreme(Op.MIN, args, where)

    def max(self, args: Sequence[Node], where: Span | None = None) -> Node:
        return self._extreme(Op.MAX, args, where)

    def _extreme(self, op: Op, args: Sequence[Node], where: Span | None) -> Node:
        """Minima of minima are one minimum, so that what is made of them stays small."""
        alike = self.alike(args, where)
        if alike is None:
            return self.bad
        parts = {part.index: part for arg in alike for part in (arg.args if arg.op is op else (arg,))}
        flat = tuple(parts.values())
        return flat[0] if len(flat) == 1 else self._node(op, flat, _joined(alike), None, where)

    def alike(self, args: Sequence[Node], where: Span | None) -> tuple[Node, ...] | None:
        """Numbers brought to one unit: that of the first that is not a constant, else of the first with a unit."""
        if not args or not self._one_basis(args, where):
            return None
        lead = _lead(args)
        out: list[Node] = []
        for arg in args:
            pair = self.pair(lead, arg, where)
            if pair is None:
                return None
            out.append(self.in_unit(pair[1], lead.type.unit, where))
        return tuple(out)

    def round(self, a: Node, interval: Node, where: Span | None = None) -> Node:
        pair = self.pair(a, interval, where)
        if pair is None:
            return self.bad
        x, step = pair
        if step.op is not Op.CONST or not isinstance(step.value, Fraction) or step.value <= 0:
            self.problems.add("rounding-interval", self.written.get(interval.index, where))
            return self.bad
        if self.is_rounded(x):
            self.problems.add("successive-rounding", where)
            return self.bad
        return self._node(Op.ROUND, (x,), x.type, step.value, where)

    def as_rounded(self, x: Node) -> Node:
        """The node, known to be rounded though it is no ROUND itself: rounding it again is refused."""
        self.rounded.add(x.index)
        return x

    def is_rounded(self, x: Node) -> bool:
        before = _unconverted(x)
        return before.op is Op.ROUND or before.index in self.rounded

    def days(self, a: Node, b: Node, unit: Unit, where: Span | None = None) -> Node:
        if not (self.wants(a, Kind.DATE, where) and self.wants(b, Kind.DATE, where)):
            return self.bad
        return self._node(Op.DAYS, (a, b), Type(Kind.NUMBER, unit), None, where)

    def day_of(self, a: Node, where: Span | None = None) -> Node:
        """The date of a time, in the zone its input declares."""
        return self._node(Op.DAY, (a,), DATE, a.type.zone, where) if self.wants(a, Kind.TIME, where) else self.bad

    def seconds(self, a: Node, b: Node, unit: Unit, where: Span | None = None) -> Node:
        if not (self.wants(a, Kind.TIME, where) and self.wants(b, Kind.TIME, where)):
            return self.bad
        return self._node(Op.SECONDS, (a, b), Type(Kind.NUMBER, unit), None, where)

    def months(self, day: Node, count: Node, each: int, where: Span | None = None) -> Node:
        """The day that is a constant whole count of units of `each` months later."""
        if not (self.wants(day, Kind.DATE, where) and self.wants(count, Kind.NUMBER, where)):
            return self.bad
        whole = count.value if count.op is Op.CONST and isinstance(count.value, Fraction) and count.type == PLAIN else None
        if whole is None or whole.denominator != 1 or abs(whole * each) > _FARTHEST_MONTHS:
            self.problems.add("calendar-count", self.written.get(count.index, where), most=_FARTHEST_MONTHS // each)
            return self.bad
        return self._node(Op.MONTHS, (day,), DATE, whole * each, where) if whole else day

    # truth

    def le(self, a: Node, b: Node, where: Span | None = None) -> Node:
        return self._order(Op.LE, a, b, where)

    def lt(self, a: Node, b: Node, where: Span | None = None) -> Node:
        return self._order(Op.LT, a, b, where)

    def _order(self, op: Op, a: Node, b: Node, where: Span | None) -> Node:
        """Comparing with a minimum or maximum compares each part: then one known part can already decide."""
        if a.is_bad or b.is_bad:
            return self.bad
        if a.type.kind is b.type.kind and a.type.kind in (Kind.DATE, Kind.TIME):
            return self._node(op, (a, b), BOOLEAN, None, where)
        pair = self.pair(a, b, where)
        return self.bad if pair is None else self._each_part(op, pair[0], pair[1], where, 0)

    def _each_part(self, op: Op, left: Node, right: Node, where: Span | None, depth: int) -> Node:
        """Each pair of parts once, though minima and maxima of one another may hold a part on many paths."""
        key = (op, left.index, right.index)
        if (left.op not in (Op.MAX, Op.MIN) and right.op not in (Op.MAX, Op.MIN)) or depth > _DEEPEST_PART:
            return self._node(op, (left, right), BOOLEAN, None, where)
        if key not in self._parts:
            if left.op in (Op.MAX, Op.MIN):
                join = self.all if left.op is Op.MAX else self.any
                made = join([self._each_part(op, part, right, where, depth + 1) for part in left.args], where)
            else:
                join = self.any if right.op is Op.MAX else self.all
                made = join([self._each_part(op, left, part, where, depth + 1) for part in right.args], where)
            self._parts[key] = made
        return self._parts[key]

    def eq(self, a: Node, b: Node, where: Span | None = None) -> Node:
        if a.is_bad or b.is_bad:
            return self.bad
        if a.is_number or b.is_number:
            pair = self.pair(a, b, where)
            return self.bad if pair is None else self._node(Op.EQ, pair, BOOLEAN, None, where)
        if not self.wants(b, a.type.kind, where):
            return self.bad
        for word, other in ((a, b), (b, a)):
            if word.op is Op.CONST and other.type.values and word.value not in other.type.values:
                known = other.type.values
                place, near = self.written.get(word.index, where), did_you_mean(str(word.value), known, listed=True)
                self.problems.add("unknown-category", place, word=word.value, known=", ".join(known), **near)
                return self.bad
        return self._node(Op.EQ, (a, b), BOOLEAN, None, where)

    def all(self, args: Sequence[Node], where: Span | None = None) -> Node:
        return self._junction(Op.AND, args, where)

    def any(self, args: Sequence[Node], where: Span | None = None) -> Node:
        return self._junction(Op.OR, args, where)

    def _junction(self, op: Op, args: Sequence[Node], where: Span | None) -> Node:
        decided = op is Op.OR
        kept: dict[int, Node] = {}
        for arg in args:
            if not self.wants(arg, Kind.BOOLEAN, where):
                return self.bad
            if arg.op is Op.CONST:
                if arg.value is decided:
                    return self.truth(decided, where)
                continue
            for part in arg.args if arg.op is op else (arg,):
                kept[part.index] = part
        # a and (a or b) is a, and dually; so it is with unknowns too.
        other = Op.OR if op is Op.AND else Op.AND
        absorbed = [n for n in kept.values() if n.op is other and any(part.index in kept for part in n.args)]
        for node in absorbed:
            del kept[node.index]
        if len(kept) < 2:
            return next(iter(kept.values()), None) or self.truth(not decided, where)
        return self._node(op, tuple(kept.values()), BOOLEAN, None, where)

    def not_(self, a: Node, where: Span | None = None) -> Node:
        if not self.wants(a, Kind.BOOLEAN, where):
            return self.bad
        return a.args[0] if a.op is Op.NOT else self._node(Op.NOT, (a,), BOOLEAN, None, where)

    def implies(self, condition: Node, then: Node, where: Span | None = None) -> Node:
        return self.any([self.not_(condition, where), then], where)

    def choose(self, condition: Node, then: Node, otherwise: Node, where: Span | None = None) -> Node:
        """Truth of `then` where the condition holds and of `otherwise` elsewhere; decided where both agree, condition known or not."""
        both = self.all([then, otherwise], where)
        return self.any([self.all([condition, then], where), self.all([self.not_(condition, where), otherwise], where), both], where)

    def atleast(self, k: int, args: Sequence[Node], where: Span | None = None) -> Node:
        if any(not self.wants(arg, Kind.BOOLEAN, where) for arg in args):
            return self.bad
        if k <= 0:
            return self.truth(True, where)
        if k > len(args):
            return self.truth(False, where)
        if k in (1, len(args)):
            return self.any(args, where) if k == 1 else self.all(args, where)
        return self._node(Op.ATLEAST, tuple(args), BOOLEAN, k, where)

    def known(self, a: Node, where: Span | None = None) -> Node:
        return self._node(Op.KNOWN, (a,), BOOLEAN, None, where)

    # choice

    def case(self, branches: Sequence[tuple[Node, Node]], otherwise: Node, where: Span | None = None) -> Node:
        """The value of the first branch whose condition holds."""
        values = self.same_kind([value for _, value in branches] + [otherwise], where)
        if values is None or any(not self.wants(condition, Kind.BOOLEAN, where) for condition, _ in branches):
            return self.bad
        if values[0].type.kind is Kind.BOOLEAN:
            result = values[-1]
            for (condition, _), value in zip(reversed(branches), reversed(values[:-1]), strict=True):
                result = self.choose(condition, value, result, where)
            return result
        args: list[Node] = []
        for (condition, _), value in zip(branches, values[:-1], strict=True):
            if condition.op is Op.CONST and condition.value is False:
                continue
            if condition.op is Op.CONST:
                return self._case(args, value, values, where)
            args += [condition, value]
        return self._case(args, values[-1], values, where)

    def _case(self, args: list[Node], otherwise: Node, values: tuple[Node, ...], where: Span | None) -> Node:
        return self._node(Op.CASE, (*args, otherwise), _joined(values), None, where) if args else otherwise

    def same_kind(self, values: Sequence[Node], where: Span | None) -> tuple[Node, ...] | None:
        """Values of one kind, numbers in one unit; an undefined value fits anything."""
        if any(v.is_bad for v in values):
            return None
        firm = [v for v in values if v.op is not Op.UNDEFINED]
        lead = _lead(firm or values)
        if any(not self.wants(v, lead.type.kind, where) for v in firm):
            return None
        if lead.type.kind in (Kind.IDENTIFIER, Kind.TIME):
            found = KIND_WORDS[lead.type.kind]
            self.problems.add("kind-not-chosen", self.written.get(lead.index, where), found_zh=found[0], found_en=found[1])
            return None
        if not lead.is_number:
            return tuple(self._retyped(v, lead.type, where) if v.op is Op.UNDEFINED else v for v in values)
        if not self._one_basis(firm, where):
            return None
        brought: list[Node] = []
        for value in values:
            if value.op is Op.UNDEFINED:
                brought.append(self._retyped(value, lead.type, where))
                continue
            pair = self.pair(lead, value, where)
            if pair is None:
                return None
            brought.append(self.in_unit(pair[1], lead.type.unit, where))
        return tuple(brought)

    def step(self, x: Node, bounds: Sequence[tuple[Fraction | date, bool]], values: Sequence[Node], where: Span | None = None) -> Node:
        """bounds rising, in the unit of x; values: one more than bounds."""
        alike = self.same_kind(values, where)
        if alike is None or x.is_bad:
            return self.bad
        if len(alike) == 1:
            return alike[0]
        if x.op is Op.CONST:
            return alike[piece_at(bounds, x.value)]
        return self._node(Op.STEP, (x, *alike), _joined(alike), tuple(bounds), where)

    def map(self, x: Node, keys: Sequence[str], values: Sequence[Node], where: Span | None = None) -> Node:
        alike = self.same_kind(values, where)
        if alike is None or not self.wants(x, Kind.CATEGORY, where):
            return self.bad
        return self._node(Op.MAP, (x, *alike), _joined(alike), tuple(keys), where)


def _key(op: Op, args: tuple[Node, ...], type_: Type, value: Constant) -> tuple[Any, ...]:
    """What makes two nodes equal."""
    unit = type_.unit
    return (op, tuple(arg.index for arg in args), type_.kind, unit.factor, unit.dimension, type_.basis, type(value), value)


def _joined(args: tuple[Node, ...]) -> Type:
    """The type of a sum or choice: the first argument's, with the test basis of whichever has one."""
    first = args[0].type
    basis = next((a.type.basis for a in args if a.type.basis), None)
    values = (
        tuple(dict.fromkeys(v for a in args for v in (a.type.values or ((str(a.value),) if a.op is Op.CONST else ()))))
        if first.kind is Kind.CATEGORY
        else ()
    )
    return first if basis == first.basis and values == first.values else Type(first.kind, first.unit, basis, values)


def _lead(values: Sequence[Node]) -> Node:
    """The one whose unit the others are brought to: not a constant if there is one, and not the 0 that may stand without a unit."""
    constant = next((v for v in values if v.value != 0 or v.type.unit != ONE), values[0])
    return next((v for v in values if v.op is not Op.CONST), constant)


def _unconverted(node: Node) -> Node:
    """The quantity before it was counted in another unit, or taken as a pure number."""
    while node.op is Op.MUL and node.args[1].op is Op.CONST:
        before, factor = node.args[0].type.unit, node.args[1].value
        if factor != (before.ratio(node.type.unit) if before.same_dimension(node.type.unit) else 1):
            break
        node = node.args[0]
    return node


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _length(node: Node, args: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Bits an exact value may have, and those of its denominator that are not decimal places: sums of ratios multiply them."""
    if node.op is Op.CONST and isinstance(node.value, Fraction):
        return _bits(node.value), 0 if is_decimal(node.value) else node.value.denominator.bit_length()
    if node.op in (Op.MUL, Op.DIV):
        (whole, broken), (other, other_broken) = args
        return whole + other, broken + (other if node.op is Op.DIV else other_broken)
    if not args:
        return 64, 0
    broken = sum(b for _, b in args)
    return max(w for w, _ in args) + broken + 1, broken


def _basis_text(basis: tuple[str, str]) -> str:
    return " ".join(part.upper() if index == 0 else part for index, part in enumerate(basis) if part)
