"""Random records that hug limits: the records on which readings could differ.

A comparison, a table, a rounding or a division of the standard is chosen; one input it depends on is moved so that the two sides come out
equal, the argument falls on a table's end, the value on a rounding tie, the divisor on zero — or a grid step beside it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from guiju.base.dates import months_after
from guiju.ir.node import Kind, Node, Op, below
from guiju.ir.program import Program
from guiju.ir.values import RULES, Value
from guiju.standard.model import Input

POOL = 512
"""Values prepared per input, when many records choose among them."""


def records(program: Program, count: int, seed: int, nulls: float = 0.06) -> list[dict[str, Value]]:
    """Records on the declared grids: numbers at constants of the standard and at random, most moved onto a limit, some inputs missing."""
    chance = random.Random(seed)
    hugging = _Hugging(program, chance)
    size = min(POOL, 16 + count // 4)
    pools = {name: _pool(program.inputs[name], hugging.constants, size, chance) for name in program.used_inputs}
    found = []
    for _ in range(count):
        record = {name: chance.choice(pool) for name, pool in pools.items()}
        if hugging.places and chance.random() < 0.75:
            hugging.move(record)
        if nulls and chance.random() < nulls * len(record):
            for name in chance.sample(list(record), min(len(record), chance.choice((1, 1, 1, 2, 3)))):
                del record[name]
        found.append(record)
    return found


def _pool(declared: Input, constants: list[Fraction], size: int, chance: random.Random) -> list[Value]:
    """Half of the numbers within a grid step of a constant of the standard or an end of the range, half anywhere."""
    if declared.kind == "boolean":
        return [True, False]
    if declared.kind == "category":
        return list(declared.values)
    if declared.kind == "identifier":
        events: list[Value] = [f"t{chance.randrange(10**6)}" for _ in range(8 * size)]
        return events if declared.is_.endswith(".id") else ["a", "b", "A", "张三", "x\ty\\", "007", "7"]
    if declared.kind == "time":
        midnight = datetime(2021, 6, 30, tzinfo=UTC) - (declared.zone or timedelta())
        return [midnight + timedelta(days=chance.randrange(3), seconds=chance.choice((-1, 0, 1, 59, 60, 43_200, 86_399))) for _ in range(24)]
    if declared.kind == "date":
        days = [date(2014, 1, 1) + timedelta(days=chance.randrange(5000)) for _ in range(size)]
        days += [date(2024, 2, 29), date(2023, 8, 31), date(2021, 5, 31), date(9999, 12, 31), date(9998, 2, 28), date(1, 1, 31), date(1, 12, 1)]
        near = [date(year, month, 1) + timedelta(days=off) for year in range(2016, 2028) for month in (1, 6, 7) for off in (-1, 0, 1)]
        return [*days, *near]
    low, high = _range(declared)
    grid = declared.grid
    lowest, highest = -(-low // grid), high // grid
    anywhere: list[Value] = [grid * chance.randint(lowest, highest) for _ in range(size)]
    ends = [grid * lowest, grid * highest, Fraction(0)]
    near_constants = [_snapped(declared, chance.choice([*constants, *ends])) + chance.choice((0, 0, -1, 1)) * grid for _ in range(size)]
    return anywhere + [value for value in near_constants if low <= value <= high]


def _range(declared: Input) -> tuple[Fraction, Fraction]:
    return declared.minimum or Fraction(0), Fraction(10**6) if declared.maximum is None else declared.maximum


def _snapped(declared: Input, value: Fraction) -> Fraction:
    return round(value / declared.grid) * declared.grid


class _Hugging:
    """Moves records onto the places where a standard's verdict can turn."""

    def __init__(self, program: Program, chance: random.Random) -> None:
        self.program, self.chance = program, chance
        self.constants = _constants(program)
        self.places = [n for n in program.order if _can_turn(n)]
        self.orders: dict[int, tuple[Node, ...]] = {}

    def move(self, record: dict[str, Value]) -> None:
        node, chance = self.chance.choice(self.places), self.chance
        match node.op:
            case Op.LE | Op.LT | Op.EQ:
                side, other = node.args if chance.random() < 0.5 else node.args[::-1]
                self.onto(side, self.value(other, record), record)
            case Op.STEP:
                bounds: Any = node.value
                self.onto(node.args[0], chance.choice(bounds)[0], record)
            case Op.DIV:
                self.onto(node.args[1], Fraction(0), record)
            case _:
                self.onto_tie(node, record)

    def onto_tie(self, node: Node, record: dict[str, Value]) -> None:
        value, interval = self.value(node.args[0], record), node.value
        if isinstance(value, Fraction) and isinstance(interval, Fraction):
            self.onto(node.args[0], (value // interval + Fraction(1, 2)) * interval, record)

    def value(self, node: Node, record: Mapping[str, Value]) -> Value:
        """The exact value of one node, computing no more than it needs."""
        if node.op is Op.CONST:
            constant: Any = node.value
            return constant
        order = self.orders.get(node.index)
        if order is None:
            order = self.orders[node.index] = below([node])
        values: dict[int, Any] = {}
        for each in order:
            if each.op is Op.INPUT and each.value in record:
                values[each.index] = record[str(each.value)]
            else:
                values[each.index] = RULES[each.op](each, [values[a.index] for a in each.args])
        found: Value = values[node.index]
        return found

    def onto(self, node: Node, target: Value, record: dict[str, Value]) -> None:
        """Changes one input so that the node comes to the target, as nearly as grids and ranges let it."""
        chance = self.chance
        if isinstance(target, date):
            while node.op is Op.MONTHS:
                count: Any = node.value
                node, target = node.args[0], months_after(target, -int(count)) or target
        while node.op is not Op.INPUT and isinstance(target, Fraction):
            if node.op in (Op.MIN, Op.MAX, Op.STEP, Op.MAP, Op.CASE):
                numbers = [a for a in node.args if a.is_number and a.op is not Op.CONST]
                if not numbers:
                    return
                node = chance.choice(numbers)
            elif node.op is Op.ROUND:
                interval: Any = node.value
                target += chance.choice((0, 0, 1, -1)) * interval / 2
                node = node.args[0]
            elif node.op in (Op.NEG, Op.ABS):
                target = -target if node.op is Op.NEG or chance.random() < 0.3 else target
                node = node.args[0]
            elif node.op in (Op.ADD, Op.SUB, Op.MUL, Op.DIV):
                found = self._solved(node, target, record)
                if found is None:
                    return
                node, target = found
            else:
                return
        if node.op is Op.INPUT:
            self._put(self.program.inputs[str(node.value)], target, record)

    def _solved(self, node: Node, target: Fraction, record: dict[str, Value]) -> tuple[Node, Fraction] | None:
        """One argument of an arithmetic node, and what it must be for the node to come to the target."""
        first, second = node.args
        left = second.op is Op.CONST or (first.op is not Op.CONST and self.chance.random() < 0.5)
        moved, other = (first, second) if left else (second, first)
        value = self.value(other, record)
        if not isinstance(value, Fraction):
            return None
        match node.op:
            case Op.ADD:
                return moved, target - value
            case Op.SUB:
                return moved, target + value if left else value - target
            case Op.MUL:
                return (moved, target / value) if value else None
            case _:
                return (moved, target * value) if left else (moved, value / target) if target else None

    def _put(self, declared: Input, target: Value, record: dict[str, Value]) -> None:
        if isinstance(target, date) and declared.kind == "date" and date.min < target < date.max:
            record[declared.name] = target + timedelta(days=self.chance.choice((0, 0, -1, 1)))
        elif isinstance(target, Fraction) and declared.kind == "number":
            low, high = _range(declared)
            moved = _snapped(declared, target) + self.chance.choice((0, 0, 0, -1, 1)) * declared.grid
            if low <= moved <= high:
                record[declared.name] = moved


def _can_turn(node: Node) -> bool:
    if node.op in (Op.LE, Op.LT, Op.EQ, Op.DIV):
        return node.args[0].is_number or node.args[0].type.kind is Kind.DATE
    return node.op is Op.ROUND or (node.op is Op.STEP and all(a.op is not Op.CONST for a in node.args[:1]))


def _constants(program: Program) -> list[Fraction]:
    found = {n.value for n in program.order if n.op is Op.CONST and isinstance(n.value, Fraction)}
    for node in program.order:
        if node.op is Op.STEP and node.args[0].is_number:
            bounds: Any = node.value
            found |= {bound for bound, _ in bounds}
    return sorted(found) or [Fraction(0)]


def as_rows(program: Program, found: list[dict[str, Value]]) -> Mapping[str, list[object]]:
    """The records as columns of doubles, words and dates, the way they are admitted in bulk."""
    columns: dict[str, list[object]] = {"row": list(range(1, len(found) + 1))}
    for name in program.used_inputs:
        values = [record.get(name) for record in found]
        columns[name] = [float(v) if isinstance(v, Fraction) else v for v in values]
    return columns
