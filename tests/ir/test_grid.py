"""The grid analysis says only what is true: of every number of random standards, for records that hug their limits."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from checking import MADE_UP, program_of, shelf
from guiju.base.diagnostics import Problems
from guiju.base.rounding import round_gb
from guiju.ir.check import check
from guiju.ir.grid import Fact, constant, separation
from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.ir.values import Unknown
from guiju.readings.evaluate import Evaluation, evaluate
from random_documents import random_program
from random_records import records

OUTWARD = 1 + 1e-9
"""Bounds are themselves doubles."""


def doubles(program: Program, evaluation: Evaluation) -> dict[int, float]:
    """Every known number as plain double arithmetic finds it, choices made as exact evaluation makes them."""
    found: dict[int, float] = {}
    for node in program.order:
        exact = evaluation.of(node)
        if node.is_number and isinstance(exact, Fraction):
            found[node.index] = _double(node, exact, evaluation, found)
    return found


def _double(node: Node, exact: Fraction, evaluation: Evaluation, known: dict[int, float]) -> float:
    args = [known[a.index] for a in node.args if a.index in known]
    match node.op:
        case Op.ADD:
            return args[0] + args[1]
        case Op.SUB:
            return args[0] - args[1]
        case Op.MUL:
            return args[0] * args[1]
        case Op.DIV:
            return args[0] / args[1]
        case Op.NEG:
            return -args[0]
        case Op.ABS:
            return abs(args[0])
        case Op.MIN:
            return min(args)
        case Op.MAX:
            return max(args)
        case Op.CASE | Op.STEP | Op.MAP:
            return known[_chosen(node, evaluation).index]
        case _:
            return float(exact)


def _chosen(node: Node, evaluation: Evaluation) -> Node:
    values: Any = node.value
    if node.op is Op.CASE:
        return next((v for c, v in zip(node.args[:-1:2], node.args[1::2], strict=True) if evaluation.of(c) is True), node.args[-1])
    x: Any = evaluation.of(node.args[0])
    if node.op is Op.MAP:
        return node.args[1 + values.index(x)]
    return next((node.args[n] for n, (bound, closed) in enumerate(values, 1) if x < bound or (closed and x == bound)), node.args[-1])


def check_facts(program: Program, evaluation: Evaluation) -> None:
    facts, found = program.exactness.facts, doubles(program, evaluation)
    for node in program.order:
        exact = evaluation.of(node)
        if node.index in found and isinstance(exact, Fraction):
            _check_number(node, exact, found[node.index], facts[node.index])
        if node.args and node.args[0].is_number:
            _check_apart(node, evaluation, facts)


def _check_number(node: Node, exact: Fraction, double: float, fact: Fact) -> None:
    if fact.divisor == 1 and fact.divisor_max == 1:
        assert (exact / fact.grid).denominator == 1, (node, exact, fact)
    slack = fact.error + 1e-12 * max(1.0, fact.size) if math.isfinite(fact.size) else math.inf
    assert fact.low - slack <= exact <= fact.high + slack, (node, exact, fact)
    if math.isfinite(fact.error):
        assert abs(Fraction(double) - exact) <= fact.error, (node, exact, double, fact)
    if fact.nearest:
        assert double == float(exact), (node, exact, double)
    if exact:
        assert abs(exact) >= fact.smallest / OUTWARD, (node, exact, fact)


def _check_apart(node: Node, evaluation: Evaluation, facts: dict[int, Fact]) -> None:
    """Two values that differ, differ by the separation at least."""
    left = evaluation.of(node.args[0])
    if not isinstance(left, Fraction):
        return
    fact, others = facts[node.args[0].index], list[tuple[Fraction, Fact]]()
    value: Any = node.value
    if node.op in (Op.LE, Op.LT, Op.EQ) and isinstance(right := evaluation.of(node.args[1]), Fraction):
        others.append((right, facts[node.args[1].index]))
    elif node.op is Op.STEP:
        others += [(bound, constant(bound)) for bound, _ in value]
    elif node.op is Op.ROUND:
        tie = (left // value + Fraction(1, 2)) * value
        others.append((tie, constant(value / 2)))
        others.append((round_gb(left, value), constant(value / 2)))
    for other, of_other in others:
        assert left == other or abs(left - other) >= separation(fact, of_other) / OUTWARD, (node, left, other)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_said_of_the_numbers_of_a_random_standard_is_true(seed: int) -> None:
    program = random_program(seed)
    for record in records(program, 30, seed):
        check_facts(program, evaluate(program, record))


@pytest.mark.parametrize("number", list(shelf().numbers()))
def test_what_is_said_of_the_numbers_of_a_shipped_standard_is_true(number: str) -> None:
    standard = shelf().find(number)
    assert standard is not None
    program = check(standard, None, shelf(), Problems())
    for record in records(program, 300, 5):
        check_facts(program, evaluate(program, record))


@pytest.mark.parametrize("number", list(shelf().numbers()))
def test_every_comparison_of_a_shipped_standard_is_proved(number: str) -> None:
    standard = shelf().find(number)
    assert standard is not None
    assert not check(standard, None, shelf(), Problems()).exactness.unproved


HEAD = MADE_UP + """inputs:
  a: {is: vehicle.mass.curb, unit: kg, decimals: 1, min: 1, max: 1000}
  b: {is: vehicle.mass.max_design, unit: kg, decimals: 1, min: 1, max: 1000}
  c: {is: vehicle.mass.running_order, unit: kg, decimals: 1, min: 1, max: 1000}
clauses: {"1": {zh: 甲, en: a, shall: "SHALL", source: s}}
"""


@pytest.mark.parametrize(("shall", "proved"), [
    ("a <= 500 kg", True), ("a <= b", True), ("a + b <= c", True), ("a * 1.15 <= b", True), ("a / b <= 0.75", True), ("a * b <= 5 [kg²]", True),
    ("a * b * c <= 5 [kg³]", True), ("a / b <= c / a", True), ("round_gb(a / b, 0.01) <= 0.5", True), ("a / (b - 0.3 kg) <= 0.75", True),
    ("a^5 <= 5 [kg^5]", False), ("a / b + b / c + c / a <= 5", False),
])  # fmt: skip
def test_short_expressions_are_proved_and_long_products_are_not(shall: str, proved: bool) -> None:
    unused = " and a >= 0 kg and b >= 0 kg and c >= 0 kg"
    assert (not program_of(HEAD.replace("SHALL", shall + unused)).exactness.unproved) is proved


def test_a_divisor_that_rounding_keeps_from_zero_is_guarded_all_the_same() -> None:
    """In doubles 3 · 0.1 kg - 0.3 kg is 5.6e-17 kg; the least value of b - 0.3 kg must not be taken for positive."""
    text = HEAD.replace("b: {is: vehicle.mass.max_design, unit: kg, decimals: 1, min: 1,", "b: {is: vehicle.mass.max_design, unit: kg, decimals: 1, min: 0.1,")
    program = program_of(text.replace("SHALL", "a / (b * 3 - 0.3 kg) <= 2 and c >= 0 kg"))
    division = next(n for n in program.order if n.op is Op.DIV)
    assert program.exactness.facts[division.args[1].index].can_be_zero
    assert division.index in program.exactness.shifts
    evaluation = evaluate(program, {"a": Fraction(1), "b": Fraction(1, 10), "c": Fraction(1)})
    assert isinstance(evaluation.of(division), Unknown)
