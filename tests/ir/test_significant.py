"""Significant digits: against decimal arithmetic, at ties and decade borders, in every reading; refused where the decades cannot be told."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import load
from checking import MADE_UP, checked, evaluation_of, program_of
from guiju.ir.program import Program
from guiju.ir.significant import to_digits
from guiju.ir.values import Value
from guiju.readings.columnar import columns
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import Verdict, evaluate


def by_decimal(value: Fraction, digits: int) -> Fraction:
    """The same by Python's decimal arithmetic, of a value that is a decimal."""
    exact = Context(prec=60).divide(Decimal(value.numerator), Decimal(value.denominator))
    return Fraction(Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(exact))


@given(st.integers(-(10**12), 10**12), st.integers(0, 9), st.integers(1, 12))
def test_a_number_is_rounded_as_decimal_arithmetic_rounds_it(whole: int, places: int, digits: int) -> None:
    value = Fraction(whole, 10**places)
    assert to_digits(value, digits) == by_decimal(value, digits)


RANGES = [(0, 0, 6000), (2, 3, 60), (2, -20, 20), (3, 0, 10), (4, -1, 100), (4, 1, 100), (0, 100, 999), (1, -500, -7)]
"""decimals, min, max"""
FORMS = ("x", "x * 0.0375", "-x / 8", "x as t")


def document(decimals: int, low: int, high: int, expression: str, digits: int) -> str:
    return MADE_UP + f"""
inputs:
  x: {{is: vehicle.mass.curb, unit: kg, decimals: {decimals}, min: {low}, max: {high}}}
formulas:
  y: {{unit: {1 if " as " in expression else "kg"}, formula: "significant({expression}, {digits})"}}
clauses:
  "1": {{zh: 一, en: one, shall: "significant({expression}, {digits}) <= y", source: s}}
"""


def hugging(decimals: int, low: int, high: int, count: int, seed: int) -> list[Fraction]:
    """Values on the grid: anywhere, on decade borders, on ties of every decade and a step beside them."""
    chance, grid = random.Random(seed), Fraction(1, 10**decimals)
    found = {Fraction(low), Fraction(high), Fraction(0)}
    while len(found) < count:
        size = Fraction(chance.randint(0, 10 ** chance.randint(1, 8)), 10 ** chance.randint(0, decimals + 1))
        tie = Fraction(chance.randint(1, 9999) * 10 + 5) * Fraction(10) ** chance.randint(-decimals - 2, 3)
        border = Fraction(10) ** chance.randint(-decimals, 4)
        near = chance.choice((size, tie, border)) * chance.choice((1, 1, -1, Fraction(80, 3), 8))
        found.add(round(near / grid) * grid + chance.choice((0, 0, -1, 1)) * grid)
        found.add(grid * chance.randint(int(low / grid), int(high / grid)))
        found = {value for value in found if low <= value <= high}
        if len(found) >= (high - low) / grid:
            break
    return sorted(found)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("range_", RANGES, ids=str)
def test_every_reading_rounds_to_significant_digits_exactly(range_: tuple[int, int, int], form: str, tmp_path: Path) -> None:
    factor = {"x": Fraction(1), "x * 0.0375": Fraction(3, 80), "-x / 8": Fraction(-1, 8), "x as t": Fraction(1, 1000)}[form]
    for digits in (1, 3, 5):
        program = program_of(document(*range_, form, digits))
        assert not program.exactness.unproved
        values = hugging(*range_, 200, digits)
        records: list[dict[str, Value]] = [{"x": value} for value in values]
        expected = [by_decimal(value * factor, digits) for value in values]
        node = program.values["y"]
        assert [evaluate(program, record).of(node) for record in records] == expected
        assert in_duckdb(program, records, tmp_path / f"{digits}.csv") == [float(value) for value in expected]


def in_duckdb(program: Program, records: list[dict[str, Value]], file: Path) -> list[float]:
    with duckdb.connect(config={"threads": 1}) as connection:
        load(connection, program, records, file)
        rows = connection.execute(f'SELECT row, y FROM ({columns(program, ("row",)).sql("source")}) ORDER BY row').fetchall()
    return [value for _, value in rows]


@pytest.mark.parametrize(("value", "limit", "verdict"), [
    ("9.995", "10", Verdict.PASS), ("9.994", "9.99", Verdict.PASS), ("9.985", "9.98", Verdict.PASS), ("9.986", "9.98", Verdict.FAIL),
    ("99.95", "100", Verdict.PASS), ("99.85", "99.8", Verdict.PASS), ("0.0125", "0.012", Verdict.PASS), ("0.0125", "0.0125", Verdict.FAIL), ("0", "0", Verdict.PASS),
])  # fmt: skip
def test_a_tie_goes_to_the_even_digit_also_where_the_decade_changes(value: str, limit: str, verdict: Verdict) -> None:
    digits = 2 if value == "0.0125" else 3
    text = MADE_UP + f"""
inputs:
  x: {{is: vehicle.mass.curb, unit: kg, decimals: 4, min: 0, max: 1000}}
clauses:
  "1": {{zh: 一, en: one, shall: "significant(x, {digits}) == {limit} kg", source: s}}
"""
    assert evaluation_of(text, {"x": value}).verdict("1") is verdict
    assert compile_record(program_of(text))({"x": float(value)})[0] is verdict


def test_a_ratio_is_rounded_in_the_decade_it_lies_in() -> None:
    text = MADE_UP + """
inputs:
  a: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 1, min: 0, max: 60}
  b: {is: nev.range.cltc, unit: km, decimals: 0, min: 1, max: 2000}
formulas:
  y: {unit: kWh/100km, formula: "significant(a / (b as km), 3)"}
clauses:
  "1": {zh: 一, en: one, shall: "y <= 60 [kWh/100km]", source: s}
"""
    program = program_of(text)
    for a, b in ((Fraction(1, 10), 1999), (Fraction(2), 3), (Fraction(60), 7), (Fraction(0), 5), (Fraction(599, 10), 1)):
        found = evaluate(program, {"a": a, "b": Fraction(b)}).of(program.values["y"])
        assert found == to_digits(a / b, 3)


def test_only_the_decades_a_value_can_lie_in_become_choices() -> None:
    def choices(decimals: int, low: int, high: int) -> int:
        node = program_of(document(decimals, low, high, "x", 3)).values["y"]
        return len(node.args) - 1 if node.op.value == "step" else 0

    assert choices(0, 100, 999) == 0
    assert choices(0, 0, 9999) == 2
    assert choices(4, 1, 100) == 3


def test_a_value_without_decades_is_refused_by_name() -> None:
    small = "((x as kg) * 0.001) ^ 6 * 1 kg"
    found = checked(document(9, 0, 1000, small, 3), run=False)
    assert "significant-unbounded" in found.codes
    assert "significant-count" in checked(document(0, 0, 1000, "x", 0), run=False).codes
    assert "successive-rounding" in checked(document(0, 0, 1000, "round_gb(x, 10 kg)", 3), run=False).codes
    assert "successive-rounding" in checked(document(0, 0, 1000, "significant(x, 2)", 3), run=False).codes
