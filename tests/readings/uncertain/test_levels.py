"""Levels, grades and scores of one record with uncertainties, and every standard on the shelf."""

from __future__ import annotations

import json
import math

import pytest

from checking import MADE_UP, program_of, shelf
from guiju.base.diagnostics import Problems
from guiju.cli.uncertain import as_json
from guiju.ir.record import admit
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain.conforming import OF_VERDICTS, uncertain
from guiju.readings.uncertain.linear import Why
from guiju.readings.uncertain.stated import Spread, Stated, stated
from guiju.records.bulk import programs

GRADED = MADE_UP + """
inputs:
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  energy: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
indicators:
  "5.1": {zh: 里程, en: range, name: by_range, kind: core, value: range, better: higher, levels: {1: 600 km, 2: 500 km, 3: 400 km}, source: s}
  "5.2": {zh: 能耗, en: energy, name: by_energy, kind: core, value: energy, better: lower, levels: {1: 10, 2: 12, 3: 14}, source: s}
scores:
  total: {zh: 分, en: score, weights: {by_range: 60, by_energy: 40}, points: {1: 100, 2: 80, 3: 50, none: 0}, not_applicable: zero}
grades:
  grade: {zh: 级, en: grade, of: [{grade: A, when: worst('core') <= 1}, {grade: B, when: worst('core') <= 2}, {grade: none}]}
clauses: {"1": {zh: 一, en: one, shall: total >= 90, source: s}}
"""


def normal(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def test_levels_grades_and_scores_come_out_as_often_as_they_should():
    program, problems = program_of(GRADED), Problems()
    made = stated(program.inputs, {"range": "605 ± 10", "energy": "9 ± 0.1"}, [], problems)
    found = uncertain(program, made)
    levels = {each.name: each for each in found.levels}
    first = normal(0.5)
    assert levels["by_range"].measured == "1"
    assert levels["by_range"].shares == {"1": pytest.approx(first, abs=5e-3), "2": pytest.approx(1 - first, abs=5e-3)}
    assert levels["by_energy"].shares == {"1": 1}
    assert levels["grade"].shares == {"A": levels["by_range"].shares["1"], "B": levels["by_range"].shares["2"]}
    total = next(q for q in found.quantities if q.name == "total")
    assert [d.why for d in total.linear.doubts] == [Why.STEP]
    assert (total.linear.value, total.linear.u) == (100, 0), "100 ± 0 to first order, and not true"
    assert total.mean == pytest.approx(100 - 12 * (1 - first), abs=0.1)
    assert total.sd == pytest.approx(12 * math.sqrt(first * (1 - first)), abs=0.1)
    one = found.clauses[0]
    assert (one.probability, one.shares[Verdict.PASS]) == (None, levels["by_range"].shares["1"])


@pytest.mark.parametrize("number", shelf().numbers())
def test_every_standard_on_the_shelf(number: str):
    program = programs(shelf(), [number], None)[0]
    for example in program.standard.examples[:2]:
        record = admit(program.inputs, {name: value.text if hasattr(value, "text") else value for name, value in example.given.items()}, Problems())
        sizes = {n: Spread(max(abs(v) / 200, program.inputs[n].grid)) for n, v in record.items() if program.inputs[n].kind == "number"}  # type: ignore[arg-type]
        found = uncertain(program, Stated(record, {n: sizes[n] for n in program.inputs if n in sizes}), trials=2000)
        assert json.loads(json.dumps(as_json(found), allow_nan=False))["standard"] == number
        for each in found.clauses:
            assert sum(each.shares[v] for v in OF_VERDICTS) == pytest.approx(1)
            assert each.probability is None or each.shares[Verdict.PASS] == pytest.approx(each.probability, abs=0.06)
            assert found.joint is None or each.meaning.clause.strength == "should" or found.joint <= 1 - each.shares[Verdict.FAIL] + 1e-12
        for quantity in found.quantities:
            if quantity.linear.holds and quantity.known == 1:
                assert quantity.sd == pytest.approx(quantity.linear.u, rel=0.12, abs=1e-9)
