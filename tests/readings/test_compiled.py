from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import Verdict, evaluate
from random_records import records
from readings_sample import program


def floats(record: dict[str, object]) -> dict[str, object]:
    return {name: float(value) if isinstance(value, Fraction) else value for name, value in record.items()}


def agree(made: Program, count: int) -> None:
    judge = compile_record(made)
    for record in records(made, count, seed=17, nulls=0.05):
        exact = tuple(evaluate(made, record).judge(m) for m in made.judged)
        assert judge(floats(record)) == exact, record  # type: ignore[arg-type]


@pytest.mark.parametrize("number", sorted(shelf().numbers()))
def test_the_compiled_form_gives_the_verdicts_of_the_exact_reading(number: str):
    standard = shelf().find(number)
    assert standard is not None
    agree(check(standard, None, shelf(), Problems()), 3000)


@pytest.mark.parametrize("on", [None, date(2025, 1, 1), date(2020, 1, 1)])
def test_so_it_does_with_indicators_relief_and_dates_before_a_parameter_has_a_value(on: date | None):
    agree(program(on), 3000)


@pytest.mark.parametrize("value", [12.501, 12.500000000001, 12.499999999999998])
def test_a_value_off_its_grid_is_refused_with_the_reason(value: float):
    judge = compile_record(program(None))
    with pytest.raises(Refused) as refused:
        judge({"consumption": value})
    assert [d.code for d in refused.value.diagnostics] == ["input-too-fine"]


def test_whole_numbers_are_taken_as_well_as_floats():
    judge = compile_record(program(None))
    assert judge({"powertrain": "bev", "mass": 1500, "consumption": 12.5, "range": 300})[0] is Verdict.PASS


def test_a_missing_input_and_none_are_the_same():
    judge = compile_record(program(None))
    assert judge({"mass": None}) == judge({})
