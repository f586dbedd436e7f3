"""The derivative is what exact finite differences say, on random documents away from borders, and in the right unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from guiju.ir.node import Op, below
from guiju.ir.values import RULES, Unknown
from guiju.readings.evaluate import evaluate
from guiju.readings.uncertain.derivative import Derivatives
from random_documents import random_program
from random_records import records

STEP = Fraction(1, 10**30)


@pytest.mark.parametrize("seed", range(12))
def test_derivatives_are_exact_finite_differences(seed: int):
    program = random_program(seed)
    derivatives, compared = Derivatives(program.order), 0
    numbers = [n for n in program.order if n.is_number and n.op is not Op.CONST][-20:]
    for record in records(program, 6, seed, nulls=0):
        at = evaluate(program, record)
        for name in [n for n in program.used_inputs if program.inputs[n].kind == "number"]:
            lower, upper = (evaluate(program, {**record, name: record[name] + sign * STEP}) for sign in (-1, 1))  # type: ignore[operator]
            for node in numbers:
                made = derivatives.of(node, name)
                assert made is not None
                assert made.type.unit == derivatives.per(node, name)
                before, here, after = lower.of(node), at.of(node), upper.of(node)
                if not (isinstance(before, Fraction) and isinstance(here, Fraction) and isinstance(after, Fraction)):
                    continue
                left, right = (here - before) / STEP, (after - here) / STEP
                if abs(left - right) > Fraction(1, 10**12) * (1 + abs(left)):
                    continue  # on a border
                compared += 1
                found = value(made, dict(at.values))
                assert isinstance(found, Fraction), (node, name)
                assert abs(found - (left + right) / 2) <= Fraction(1, 10**12) * (1 + abs(left)), (seed, node, name)
    assert compared > 10


def value(node: Any, values: dict[int, Any]) -> Any:
    for each in below([node]):
        if each.index not in values:
            values[each.index] = RULES[each.op](each, [values[a.index] for a in each.args])
    return values[node.index]


def test_on_a_border_the_piece_the_value_belongs_to_is_taken_and_unknown_stays_unknown():
    program = random_program(3)
    derivatives = Derivatives(program.order)
    node = next(n for n in program.order if n.is_number and n.op is Op.INPUT)
    assert value(derivatives.of(node, str(node.value)), {}) == 1
    others = [n for n in program.used_inputs if program.inputs[n].kind == "number" and n != node.value]
    assert value(derivatives.of(node, others[0]), {}) == 0
    assert isinstance(value(node, {}), Unknown)
