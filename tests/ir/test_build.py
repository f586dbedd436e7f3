"""Building a graph: constants fold to what evaluation would give, equal parts are one node, and comparisons of extremes are taken apart."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from checking import MADE_UP, evaluation_of, program_of
from guiju.base.diagnostics import Problems
from guiju.base.units import parse_unit
from guiju.ir.build import Builder
from guiju.ir.node import Kind, Node, Op, Type
from guiju.ir.program import Program
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Verdict, evaluate
from random_documents import random_program
from random_records import records

KG = Type(Kind.NUMBER, parse_unit("kg"))


def folded(program: Program, given: dict[str, Value]) -> dict[int, Node]:
    """The program's nodes built once more, with constants in the place of the inputs that are given."""
    build = Builder(Problems())
    made: dict[int, Node] = {}
    for node in program.order:
        if node.op is Op.INPUT and node.value in given:
            value = given[str(node.value)]
            assert not isinstance(value, Unknown)
            made[node.index] = build.const(value, node.type)
        else:
            made[node.index] = build._node(node.op, tuple(made[a.index] for a in node.args), node.type, node.value, node.where)
    return made


@pytest.mark.parametrize("seed", range(40))
def test_folding_gives_what_evaluation_gives(seed: int) -> None:
    """With some inputs constant, every node that became a constant is the value evaluation finds, whatever the others are."""
    program, chance = random_program(seed), random.Random(seed)
    for record in records(program, 8, seed, nulls=0.0):
        some = {name: value for name, value in record.items() if chance.random() < 0.7}
        evaluation = evaluate(program, record)
        for index, node in folded(program, some).items():
            value = evaluation.values[index]
            if node.op is Op.CONST:
                assert node.value == value and type(node.value) is type(value)
            if node.op is Op.UNDEFINED:
                assert isinstance(value, Unknown) and node.value in value.undefined


@pytest.mark.parametrize("seed", range(40))
def test_where_everything_is_given_what_has_a_value_folds(seed: int) -> None:
    program = random_program(seed)
    record = records(program, 1, seed, nulls=0.0)[0]
    evaluation, made = evaluate(program, record), folded(program, record)
    for node in program.order:
        if all(made[a.index].op is Op.CONST for a in node.args):
            assert made[node.index].op in (Op.CONST, Op.UNDEFINED)
            assert (made[node.index].op is Op.CONST) is not isinstance(evaluation.of(node), Unknown)


def test_equal_parts_are_one_node() -> None:
    build = Builder(Problems())
    a, b = build.input("a", KG), build.input("b", KG)
    assert build.add(a, b) is build.add(a, b)
    assert build.number(1, KG.unit) is not build.number(1)
    assert build.truth(True) is not build.number(1)
    assert build.le(a, b) is not build.lt(a, b)


def test_nothing_and_one_leave_a_quantity_alone() -> None:
    build = Builder(Problems())
    a = build.input("a", KG)
    assert build.add(a, build.number(0)) is a
    assert build.mul(build.number(1), a) is a
    assert build.power(a, 1) is a
    assert build.not_(build.not_(build.le(a, a))) is build.le(a, a)


@pytest.mark.parametrize("text", ["max(0, 5 kg)", "max(5 kg, 0)", "min(0, 5000 g, 5 kg)", "(0 if swappable else 5 kg)", "(5 kg if swappable else 0)", "round_gb(0, 1 kg)", "default(0, 5 kg)"])
def test_a_bare_zero_takes_any_unit(text: str) -> None:
    assert program_of(HEAD.replace("SHALL", f"{text} <= mass and (swappable or mass >= 1 kg)"))


def test_a_table_may_be_asked_at_a_bare_zero() -> None:
    assert evaluation_of(HEAD.replace("SHALL", "limit(0) <= mass or swappable"), {"mass": 300, "swappable": False}).verdict("1") is Verdict.PASS


HEAD = MADE_UP + """inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  total: {is: vehicle.mass.max_design, unit: t, decimals: 2, min: 0, max: 10}
  swappable: {is: nev.battery.swappable}
tables:
  limit: {of: mass, kind: step, unit: kg, rows: [{upto: 1000 kg, value: 100}, {value: 200}], source: s}
clauses: {"1": {zh: 甲, en: a, shall: "SHALL", source: s}}
"""


@pytest.mark.parametrize(("shall", "given", "verdict"), [
    ("max(mass, total) <= 1000 kg", {"mass": 1001}, "fail"),
    ("max(mass, total) <= 1000 kg", {"total": "1.01 t"}, "fail"),
    ("max(mass, total) <= 1000 kg", {"mass": 1000}, "undetermined"),
    ("max(mass, total) < 1000 kg", {"mass": 1000}, "fail"),
    ("min(mass, total) <= 1000 kg", {"mass": 1000}, "pass"),
    ("min(mass, total) <= 1000 kg", {"mass": 1001}, "undetermined"),
    ("1000 kg <= max(mass, total)", {"mass": 1000}, "pass"),
    ("1000 kg <= min(mass, total)", {"mass": 999}, "fail"),
    ("max(mass, min(total, 2000 kg)) <= 1000 kg", {"mass": 1001}, "fail"),
    ("min(mass, total) >= max(mass, total)", {"mass": 1000, "total": 1}, "pass"),
    ("not (max(mass, total) <= 1000 kg)", {"mass": 1001}, "pass"),
])  # fmt: skip
def test_one_known_part_decides_a_comparison_with_the_greatest_or_least(shall: str, given: dict[str, object], verdict: str) -> None:
    assert evaluation_of(HEAD.replace("SHALL", f"({shall}) and (swappable or mass > 0 or total > 0)"), given | {"swappable": True}).verdict("1").value == verdict


def test_the_greatest_of_greatest_is_one_node() -> None:
    build = Builder(Problems())
    a, b, c = (build.input(name, KG) for name in "abc")
    assert build.max([build.max([a, b]), c]) is build.max([a, b, c])
    assert build.max([a, build.max([a, b])]) is build.max([a, b])
    assert build.min([build.max([a, b]), c]).op is Op.MIN


def test_a_conversion_multiplies_by_the_exact_factor() -> None:
    evaluation = evaluation_of(HEAD.replace("SHALL", "mass <= total and swappable"), {"mass": 1010, "total": "1.01 t", "swappable": True})
    assert evaluation.verdict("1") is Verdict.PASS
    sums = [n for n in evaluation.program.order if n.op is Op.MUL]
    assert [evaluation.of(n) for n in sums] == [Fraction(1010)]
