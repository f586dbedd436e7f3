"""Scenarios and children: unrolled, judged and explained."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from agreement import agreement
from checking import MADE_UP, checked, evaluation_of, program_of
from guiju.base.diagnostics import Problems
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import as_json, explain, text
from guiju.readings.render import read_back, render, surface

REPEATED = (
    MADE_UP
    + """
scenarios: {is: vehicle.category, of: [M1, N1]}
children:
  samples: {zh: 样品, en: samples, count: 3}
  runs: {zh: 次试验, en: runs, count: 2..4}
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 5000, per: scenario}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 1000, of: samples}
  speed: {is: vehicle.speed.max, unit: km/h, decimals: 1, min: 0, max: 300, of: runs}
  load: {is: vehicle.mass.max_design, unit: kg, decimals: 0, min: 0, max: 9000, per: scenario, of: samples}
tables:
  most: {zh: 限值, en: limit, of: scenario, kind: map, unit: kg, rows: [{key: M1, value: 2000}, {key: N1, value: 3500}], source: s}
formulas:
  laden: {zh: 满载, en: laden, unit: kg, formula: mass + largest(load)}
clauses:
  "1": {zh: 质量, en: mass, shall: mass <= most, source: s}
  "2": {zh: 里程, en: range, shall: every(range >= 300 km) and mean(range) >= 320 km, source: s}
  "3": {zh: 车速, en: speed, shall: number(speed >= 100 km/h) >= 2, source: s}
  "4": {zh: 平均车速, en: mean speed, shall: mean(speed) >= 100 km/h, source: s}
  "5": {zh: 满载, en: laden, in: [N1], shall: laden <= 6000 kg, source: s}
  "6": {zh: 最重, en: heaviest, shall: "largest(mass) <= 3000 kg and pass('1')", source: s}
"""
)
GOOD = {"mass": {"M1": 2000, "N1": 2900}, "range": [310, 320, 330], "speed": [100, "99.9", 101], "load": {"N1": [1000, 3100, 2000]}}


def verdicts(**changed: object) -> dict[str, str]:
    found = evaluation_of(REPEATED, {**GOOD, **changed}).verdicts
    return {no: verdict.value for no, verdict in found.items()}


def test_a_clause_is_judged_in_every_scenario_and_as_a_whole() -> None:
    found = verdicts()
    assert set(found) == {"1@M1", "1@N1", "2", "3", "4", "5@N1", "6", "1", "5", "overall@M1", "overall@N1", "overall"}
    assert set(found.values()) == {"pass"}
    found = verdicts(mass={"M1": 2001, "N1": 2900})
    assert (found["1@M1"], found["1@N1"], found["1"], found["6"]) == ("fail", "pass", "fail", "fail")
    assert (found["overall@M1"], found["overall@N1"], found["overall"]) == ("fail", "pass", "fail")


def test_a_scenario_without_values_is_undetermined_and_the_others_are_judged() -> None:
    found = verdicts(mass={"M1": 1500})
    assert (found["1@M1"], found["1@N1"], found["1"], found["overall"]) == ("pass", "undetermined", "undetermined", "undetermined")


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([300, 320, 340], "pass"),
        ([300, 320, 339], "fail"),
        ([299, 400, 400], "fail"),
        ([299, None, 400], "fail"),
        ([320, None, 400], "undetermined"),
        ([320, 400], "undetermined"),
    ],
)
def test_every_and_mean_of_a_fixed_number_of_samples(ranges: list[int | None], expected: str) -> None:
    assert verdicts(range=ranges)["2"] == expected


@pytest.mark.parametrize(
    ("speeds", "at_least_two", "mean"),
    [
        ([100, 100], "pass", "pass"),
        ([100, "99.9"], "fail", "fail"),
        ([100, "99.9", 100, "100.1"], "pass", "pass"),
        ([90, 100, 110, 99], "pass", "fail"),
        ([100, None, 100], "pass", "undetermined"),
        ([100, None], "undetermined", "undetermined"),
        ([90, 90, None], "fail", "undetermined"),
    ],
)
def test_a_number_of_runs_that_is_not_fixed(speeds: list[object], at_least_two: str, mean: str) -> None:
    found = verdicts(speed=speeds)
    assert (found["3"], found["4"]) == (at_least_two, mean)


def test_number_is_decided_as_soon_as_enough_are_known() -> None:
    """A total of unknown numbers would wait for every run."""
    flat = {"speed#1": 120, "speed#2": 120, **{k: v for k, v in GOOD.items() if k != "speed"}}
    found = evaluation_of(REPEATED, flat).verdicts
    assert (found["3"].value, found["4"].value) == ("pass", "undetermined"), "how many runs there are is not said"


def test_lists_that_do_not_fit_are_refused_by_name() -> None:
    program = program_of(REPEATED.replace("in: [N1], ", "").replace("of: samples}\ntables", "of: runs}\ntables"))
    problems = Problems()
    admit(program.inputs, {"speed": [100, 100, 100], "load": {"N1": [1, 2]}}, problems)
    assert [d.code for d in problems.found] == ["children-differ"]
    problems = Problems()
    record = admit(program.inputs, {"speed": [100] * 5}, problems)
    assert [d.code for d in problems.found] == ["children-too-many"] and not record
    problems = Problems()
    admit(program.inputs, {"range": [1, 2, 3, 4], "mass": {"M2": 1}}, problems)
    assert [d.code for d in problems.found] == ["unknown-input", "unknown-input"]


def test_the_readings_agree_on_a_standard_with_scenarios_and_children(tmp_path: Path) -> None:
    found = agreement(program_of(REPEATED), 4000, 5, tmp_path)
    assert not found.differences, "\n".join(found.differences)
    assert found.undetermined


def test_values_of_formulas_per_scenario() -> None:
    found = evaluation_of(REPEATED, GOOD)
    assert found.of(found.program.roots["laden@N1"]) == Fraction(6000)


def test_a_table_of_the_scenario_needs_rows_where_its_clauses_hold_only() -> None:
    table = "  allowed: {of: scenario, kind: map, unit: kg, rows: [{key: N1, value: 4000}], source: s}\nformulas:\n"
    formula = "  spare: {unit: kg, formula: allowed - mass}\nclauses:\n"
    clause = '  "7": {zh: 余量, en: spare, in: [N1], shall: spare >= 100 kg, source: s}\n'
    written = REPEATED.replace("formulas:\n", table).replace("clauses:\n", formula) + clause
    assert [d.code for d in checked(written).problems.found] == []
    assert "map-incomplete" in checked(written.replace("in: [N1], shall: spare", "shall: spare")).codes
    misspelt = checked(written.replace("{key: N1, value: 4000}", "{key: N1, value: 4000}, {key: N2, value: 1}"))
    assert misspelt.codes == ["unknown-category"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_rendered_as_it_was_written_and_reads_back(language: str) -> None:
    made = program_of(REPEATED)
    page = render(made, language)  # type: ignore[arg-type]
    assert read_back(page, made, language) == surface(made.standard.authored)  # type: ignore[arg-type]
    assert "@" not in page and "#1" not in page


def test_an_explanation_quotes_the_clause_and_shows_every_sample() -> None:
    found = explain(evaluation_of(REPEATED, {**GOOD, "range": [310, 320, 200]}), "en")
    shown = text(found)
    assert "every(range" not in shown and "every(「range (CLTC)」" in shown
    assert "310, 320, 200 km" in shown
    assert "✓ M1" in shown.replace("passenger cars", "") or "M1" in shown
    whole = {each["no"]: each["verdict"] for each in as_json(found)["scenarios"]}  # type: ignore[attr-defined]
    assert whole == {"1": "pass", "5": "pass", "overall@M1": "pass", "overall@N1": "pass"}


def test_scenarios_that_lack_inputs_are_told_in_one_line() -> None:
    program = program_of(REPEATED)
    shown = text(explain(evaluate(program, {}), "en"))
    assert "inputs are missing in M1, N1" in shown
    assert "? 1@M1" not in shown


def test_a_number_of_children_is_decided_early_on_either_side() -> None:
    turned = REPEATED.replace("number(speed >= 100 km/h) >= 2", "2 <= number(speed >= 100 km/h)")
    flat = {"speed#1": 120, "speed#2": 120, **{k: v for k, v in GOOD.items() if k != "speed"}}
    assert evaluation_of(turned, flat).verdicts["3"].value == "pass"


def test_an_aggregate_may_stand_in_an_aggregate_of_the_same_children() -> None:
    within = REPEATED.replace("every(range >= 300 km) and mean(range) >= 320 km", "every(range <= mean(range) + 10 km)")
    assert evaluation_of(within, {**GOOD, "range": [310, 320, 330]}).verdicts["2"].value == "pass"
    assert evaluation_of(within, {**GOOD, "range": [310, 320, 333]}).verdicts["2"].value == "fail"


def test_a_scenario_that_is_none_is_told_wherever_it_is_compared() -> None:
    found = checked(REPEATED.replace("shall: mass <= most", "when: scenario != 'M2', shall: mass <= most"), run=False)
    assert found.codes == ["unknown-category"]
    found = checked(REPEATED.replace("shall: mass <= most", "when: \"scenario in {'M1', 'M2'}\", shall: mass <= most"), run=False)
    assert found.codes == ["unknown-category"]


def test_what_no_clause_asks_in_a_scenario_may_still_be_given() -> None:
    found = evaluation_of(REPEATED, {**GOOD, "load": {"M1": [1, 2, 3], "N1": [1000, 3100, 2000]}})
    assert found.verdicts["overall"].value == "pass"
