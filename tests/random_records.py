"""Random records that hug limits: the records on which readings could differ."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import evaluate
from guiju.standard.model import Input


def records(program: Program, count: int, seed: int, nulls: float = 0.06) -> list[dict[str, Value]]:
    """Records on the declared grids: a quarter of the numbers at a constant of the standard, many moved exactly onto a computed limit, some null."""
    chance = random.Random(seed)
    constants = _constants(program)
    comparisons = [n for n in program.order if n.op in (Op.LE, Op.LT, Op.EQ) and n.args[0].is_number]
    names = list(program.used_inputs)
    found = []
    for _ in range(count):
        record = {name: _value(program.inputs[name], constants, chance) for name in names}
        if comparisons and chance.random() < 0.5:
            _onto_limit(program, record, chance.choice(comparisons), chance)
        found.append({name: value for name, value in record.items() if chance.random() >= nulls})
    return found


def _constants(program: Program) -> list[Fraction]:
    found = {n.value for n in program.order if n.op is Op.CONST and isinstance(n.value, Fraction)}
    for node in program.order:
        if node.op is Op.STEP and node.args[0].is_number:
            found |= {bound for bound, _ in node.value}  # type: ignore[union-attr,misc]
    return sorted(found) or [Fraction(0)]  # type: ignore[type-var,return-value]


def _value(declared: Input, constants: list[Fraction], chance: random.Random) -> Value:
    if declared.kind == "boolean":
        return chance.random() < 0.5
    if declared.kind == "category":
        return chance.choice(declared.values)
    if declared.kind == "date":
        return date(2015, 1, 1) + timedelta(days=chance.randrange(5000))
    low, high = declared.minimum or Fraction(0), declared.maximum or Fraction(10**6)
    if chance.random() < 0.25:
        step = chance.choice((0, 0, -1, 1))
        near = _snapped(declared, chance.choice(constants)) + step * declared.grid
        if low <= near <= high:
            return near
    lowest, highest = -(-low // declared.grid), high // declared.grid
    return declared.grid * chance.randint(int(lowest), int(highest))


def _snapped(declared: Input, value: Fraction) -> Fraction:
    return round(value / declared.grid) * declared.grid


def _onto_limit(program: Program, record: dict[str, Value], comparison: Node, chance: random.Random) -> None:
    """Sets an input that one side of a comparison consists of to the value of the other side, or a grid step beside it."""
    for side, other in (comparison.args, comparison.args[::-1]):
        factor, node = Fraction(1), side
        while node.op in (Op.MUL, Op.ROUND) and (node.op is Op.ROUND or node.args[1].op is Op.CONST):
            factor *= Fraction(1) if node.op is Op.ROUND else node.args[1].value  # type: ignore[arg-type]
            node = node.args[0]
        if node.op is not Op.INPUT:
            continue
        declared = program.inputs[str(node.value)]
        limit = evaluate(program, record).of(other)
        if isinstance(limit, Unknown) or not isinstance(limit, Fraction):
            continue
        moved = _snapped(declared, limit / factor) + chance.choice((0, 0, 0, -1, 1)) * declared.grid
        if (moved if declared.minimum is None else declared.minimum) <= moved <= (moved if declared.maximum is None else declared.maximum):
            record[declared.name] = moved
        return


def as_rows(program: Program, found: list[dict[str, Value]]) -> Mapping[str, list[object]]:
    """The records as columns of doubles, words and dates, the way they are admitted in bulk."""
    columns: dict[str, list[object]] = {"row": list(range(1, len(found) + 1))}
    for name in program.used_inputs:
        values = [record.get(name) for record in found]
        columns[name] = [float(v) if isinstance(v, Fraction) else v for v in values]
    return columns
