"""Questions about every record at once, with answers known from elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from checking import MADE_UP, program_of, shelf
from guiju.base.dates import months_after
from guiju.base.diagnostics import Problems, Refused
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict
from guiju.readings.smt.answers import NotComparable, Proved, Refuted, Unknown
from guiju.readings.smt.calendar import in_calendar, last_not_after, months_later
from guiju.readings.smt.contexts import solver_library
from guiju.readings.smt.dates import for_all_dates
from guiju.readings.smt.existence import always_defined, implied_clauses, reachable, satisfiable
from guiju.readings.smt.monotone import monotone, table_jumps
from guiju.readings.smt.search import Budget, Population, population_of
from guiju.readings.smt.strictness import Strictness, at_least_as_strict, clause_pairs

z3 = solver_library()
GB, OF_2020, OF_2018, OF_2017 = "GB 36980.1-2025", "财建〔2020〕86号", "财建〔2018〕18号", "公告2017年第172号"
AS_CLTC = {"nev.electricity.nedc": "nev.electricity.cltc"}
RANGE = MADE_UP + "inputs:\n  x: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}\n"


def _program(number: str, on: date | None = None) -> Program:
    standard = shelf().find(number, on)
    assert standard is not None
    return check(standard, on, shelf(), Problems())


def _made(clauses: str, head: str = RANGE) -> Program:
    return program_of(head + "clauses:\n" + clauses)


def _clause(no: str, shall: str, more: str = "") -> str:
    return f'  "{no}": {{zh: 条, en: clause, shall: "{shall}"{more}, source: s}}\n'


def _strict(first: Program, second: Program, **options: Any) -> Strictness:
    return at_least_as_strict(first, second, shelf().dictionary, **options)


def _answer(found: Strictness, no: str) -> Any:
    return next(c.answer for c in found.clauses if c.no == no)


# energy limits


def test_the_limit_of_2025_is_looser_than_that_of_2020_for_light_cars() -> None:
    witness = _answer(_strict(_program(GB), _program(OF_2020), treat_as=AS_CLTC), "R2").witness
    mass, consumption = (witness.record(1)[name] for name in ("curb_mass", "consumption"))
    assert mass < Fraction("866.08") and consumption <= Fraction("10.1")
    assert (mass, consumption) == (800, 10)
    assert witness.verdicts(0)["R1"] is Verdict.PASS and witness.verdicts(1)["R2"] is Verdict.FAIL


def test_from_866_08_kg_on_it_is_not() -> None:
    old = _light("300", "(0.0112 * (m as kg) + 0.4) * 1 [kWh/100km]")
    assert isinstance(_strict(_light("866.08", "10.1 [kWh/100km]"), old).whole, Proved)
    witness = _answer(_strict(_light("866.07", "10.1 [kWh/100km]"), old), "1").witness
    assert witness.record(0)["m"] == Fraction("866.07")


def _light(least: str, limit: str) -> Program:
    """Cars of up to 1000 kg, measured finely."""
    inputs = f"""inputs:
  m: {{is: vehicle.mass.curb, unit: kg, decimals: 2, min: {least}, max: 1000}}
  c: {{is: nev.electricity.cltc, unit: kWh/100km, decimals: 6, min: 3, max: 60}}
"""
    return _made(_clause("1", f"c <= {limit}") + _clause("2", f"m >= {least} kg"), MADE_UP + inputs)


def test_each_energy_threshold_is_at_least_as_strict_as_the_one_before() -> None:
    for newer, older, no in ((OF_2018, OF_2017, "R3"), (OF_2020, OF_2018, "R3")):
        answer = _answer(_strict(_program(newer), _program(older)), no)
        assert answer == Proved("pieces"), (newer, older)


def test_consumption_by_another_test_cycle_is_not_compared() -> None:
    answer = _answer(_strict(_program(GB), _program(OF_2020)), "R2")
    assert isinstance(answer, NotComparable)
    assert "nev.electricity.cltc" in answer.reason.en and "nev.electricity.nedc" in answer.reason.en


def test_results_of_different_test_methods_are_not_compared_unless_that_is_assumed() -> None:
    first, second = (_made(_clause("1", "x >= 100 km", f", method: {method}")) for method in ("GB/T 1", "GB/T 2"))
    assert isinstance(_strict(first, second).whole, NotComparable)
    assert isinstance(_strict(first, second, any_method=True).whole, Proved)
    assert isinstance(_strict(first, first).whole, Proved)


# what a clause asks


def test_a_rounded_comparison_lets_pass_what_the_full_value_does_not() -> None:
    rounded, full = (_made(_clause("1", "x >= 500 km", more)) for more in (", compare: rounded 10 km", ""))
    witness = _answer(_strict(rounded, full), "1").witness
    assert 495 <= witness.record(0)["x"] < 500
    assert isinstance(_strict(full, rounded).whole, Proved)


def test_half_to_even_at_the_edge_of_rounding() -> None:
    """495 rounds up to 500, as 50 is even; 505 rounds down to 500."""
    rounded = _made(_clause("1", "x >= 500 km", ", compare: rounded 10 km"))
    assert isinstance(_strict(rounded, _made(_clause("1", "x >= 495 km"))).whole, Proved)
    assert isinstance(_strict(rounded, _made(_clause("1", "x >= 496 km"))).whole, Refuted)
    above = _made(_clause("1", "x > 500 km", ", compare: rounded 10 km"))
    assert isinstance(_strict(above, _made(_clause("1", "x >= 506 km"))).whole, Proved)


def test_names_do_not_matter_and_units_are_converted() -> None:
    metres = MADE_UP + "inputs:\n  weite: {is: nev.range.cltc, unit: m, decimals: 0, min: 0, max: 2000000}\n"
    found = _strict(_made(_clause("1", "x >= 300 km")), _made(_clause("1", "weite >= 299500 m"), metres))
    assert isinstance(found.whole, Proved)
    witness = _answer(_strict(_made(_clause("1", "weite >= 299500 m"), metres), _made(_clause("1", "x >= 301 km"))), "1").witness
    assert witness.record(0)["weite"] == witness.record(1)["x"] * 1000


def test_what_the_first_does_not_ask_is_told() -> None:
    both = RANGE + "  s: {is: vehicle.seats, unit: 1, decimals: 0, min: 1, max: 9}\n"
    answer = _answer(_strict(_made(_clause("1", "x >= 300 km")), _made(_clause("1", "x >= 200 km") + _clause("2", "s <= 5"), both)), "2")
    assert isinstance(answer, Refuted) and answer.unasked == ("vehicle.seats",)


def test_a_fixed_limit_compares_with_a_table_over_something_the_first_does_not_ask() -> None:
    head = RANGE + "  m: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 3000}\n"
    table = head + "tables:\n  t: {of: m, kind: step, unit: km, source: s, rows: [{upto: 999 kg, value: 200}, {value: 301}]}\n"
    answer = _answer(_strict(_made(_clause("1", "x >= 300 km")), _made(_clause("1", "x >= t"), table)), "1")
    assert answer.witness.record(1)["m"] >= 1000 and answer.witness.record(0)["x"] == 300
    assert isinstance(_strict(_made(_clause("1", "x > 300 km")), _made(_clause("1", "x >= t"), table)).whole, Proved)


def test_standards_whose_ranges_have_nothing_in_common_are_not_comparable() -> None:
    far = MADE_UP + "inputs:\n  x: {is: nev.range.cltc, unit: km, decimals: 0, min: 3000, max: 9000}\n"
    assert isinstance(_strict(_made(_clause("1", "x >= 300 km")), _made(_clause("1", "x >= 3500 km"), far)).whole, NotComparable)


# real records


def test_a_real_record_is_the_witness_where_there_is_one() -> None:
    cars = [(f"car {n}", {"nev.range.cltc": Fraction(n)}) for n in (900, 450, 333, 120)]
    first, second = _made(_clause("1", "x >= 300 km")), _made(_clause("1", "x >= 400 km"))
    witness = _answer(_strict(first, second, population=population_of(cars)), "1").witness
    assert witness.real == "car 333" and witness.record(0)["x"] == 333


def test_a_real_record_that_lacks_something_shows_nothing() -> None:
    witness = _answer(
        _strict(_made(_clause("1", "x >= 300 km")), _made(_clause("1", "x >= 400 km")), population=Population([("empty", {})], {})), "1"
    ).witness
    assert witness.real is None and 300 <= witness.record(0)["x"] < 400


# existence


def _rates(sign: str, limit: int, scenarios: str) -> Program:
    inputs = """scenarios: {is: vehicle.fuel, of: [petrol, diesel]}
inputs:
  rate: {is: vehicle.speed.max, unit: km/h, decimals: 0, min: 0, max: 100, per: scenario}
"""
    return _made(_clause("1", f"rate {sign} {limit} km/h", f", in: [{scenarios}]"), MADE_UP + inputs)


def test_at_most_five_and_at_least_ten_leave_nothing_and_the_clauses_are_named() -> None:
    first = _rates("<=", 5, "petrol, diesel")
    second = _rates(">=", 10, "diesel")
    answer = satisfiable([first, second], shelf().dictionary)
    assert isinstance(answer, Refuted) and set(answer.conflict) == {(0, "1@diesel"), (1, "1@diesel")}
    assert isinstance(satisfiable([first], shelf().dictionary), Proved)
    together = {(p.first, p.second): p.together for p in clause_pairs(first, second, shelf().dictionary)}
    assert isinstance(together["1@diesel", "1@diesel"], Refuted)


def test_strictness_is_told_by_scenario() -> None:
    strict, loose = (_rates(">=", limit, "petrol, diesel") for limit in (20, 10))
    found = _strict(strict, loose)
    assert found.scenarios.keys() == {"petrol", "diesel"} and all(isinstance(a, Proved) for a in found.scenarios.values())
    assert all(isinstance(a, Refuted) for a in _strict(loose, strict).scenarios.values())
    one = _rates(">=", 20, "petrol")
    assert isinstance(_strict(one, loose).scenarios["diesel"], NotComparable)


def test_a_clause_that_follows_from_the_others_is_found() -> None:
    program = _made(_clause("1", "x >= 300 km") + _clause("2", "x >= 200 km") + _clause("3", "x <= 900 km"))
    assert [(i.no, type(i.answer)) for i in implied_clauses(program)] == [("1", Refuted), ("2", Proved), ("3", Refuted)]


def test_a_level_no_value_in_range_reaches_is_found() -> None:
    text = RANGE + _clause("1", "x >= 1 km").join(("clauses:\n", "")) + """indicators:
  "i": {zh: 指标, en: indicator, name: far, kind: core, value: x, better: higher, levels: {1: 2001 km, 2: 1000 km}, source: s}
"""
    assert [(r.value, type(r.answer)) for r in reachable(program_of(text))] == [("1", Refuted), ("2", Proved), ("none", Proved)]


def test_a_division_by_zero_that_can_happen_is_found() -> None:
    head = RANGE + '  s: {is: vehicle.seats, unit: 1, decimals: 0, min: 0, max: 9}\nformulas:\n  each: {unit: km, formula: "x / s"}\n'
    found = {d.name: d for d in always_defined(_made(_clause("1", "each >= 1 km") + _clause("2", "x >= 1 km"), head))}
    assert isinstance(found["1"].answer, Refuted) and found["1"].reasons == ("division by zero",)
    assert found["1"].answer.witness is not None and found["1"].answer.witness.record(0)["s"] == 0
    assert isinstance(found["2"].answer, Proved)


# monotone, tables


def test_a_better_charger_never_gets_a_worse_grade() -> None:
    program = _program("GB 46519-2025")
    assert isinstance(monotone(program, "energy_grade", "efficiency", "higher"), Proved)
    assert isinstance(monotone(program, "energy_grade", "standby", "lower"), Proved)
    assert isinstance(monotone(program, "energy_grade", "standby", "higher"), Refuted)


def test_a_heavier_twin_passes_where_the_lighter_one_fails() -> None:
    answer = monotone(_program(GB), "overall", "curb_mass", "lower")
    assert isinstance(answer, Refuted) and answer.witness is not None
    heavier, lighter = (answer.witness.record(at) for at in (0, 1))
    assert heavier["curb_mass"] > lighter["curb_mass"] and {**heavier, "curb_mass": 0} == {**lighter, "curb_mass": 0}
    assert [answer.witness.verdicts(at)["overall"] for at in (0, 1)] == [Verdict.PASS, Verdict.FAIL]


def test_what_is_asked_of_monotone_must_be_there() -> None:
    program = _program(GB)
    for target, name, code in (("nothing", "curb_mass", "prove-target"), ("overall", "category", "prove-not-a-number"), ("overall", "curb", "unknown-input")):
        with pytest.raises(Refused) as refused:
            monotone(program, target, name, "higher")
        assert [d.code for d in refused.value.diagnostics] == [code]


def test_where_the_pieces_of_a_table_do_not_meet_is_told_exactly() -> None:
    jumps, untold = table_jumps(_program(GB))
    assert [(j.at, j.above - j.below) for j in jumps if j.above and j.below] == [(1090, Fraction("-0.0164")), (2710, Fraction("0.0092"))]
    assert not untold


# dates and budgets


def test_the_answer_changes_on_the_day_a_parameter_does() -> None:
    dated = RANGE + "parameters:\n  least: {unit: km, values: [{from: 2025-01-01, value: 300, source: s}, {from: 2028-01-01, value: 500, source: s}]}\n"
    fixed = _made(_clause("1", "x >= 400 km"))
    periods = for_all_dates(
        [lambda day: program_of(dated + "clauses:\n" + _clause("1", "x >= least"), on=day), lambda day: fixed], date(2026, 1, 1), lambda held: type(_strict(*held).whole)
    )
    assert [(p.since, p.before, p.answer) for p in periods] == [(date(2026, 1, 1), date(2028, 1, 1), Refuted), (date(2028, 1, 1), None, Proved)]


def test_a_budget_that_runs_out_is_said_and_not_guessed() -> None:
    text = MADE_UP + "".join(["inputs:\n", *(f'  {n}: {{is: {p}, unit: "L/100km", decimals: 4, min: 0, max: 30}}\n' for n, p in (
        ("a", "vehicle.fuel_limit.gb19578"), ("b", "vehicle.fuel_limit.gb19578_2024"))), "clauses:\n"])  # fmt: skip
    powers = "(a as [L/100km]) * (a as [L/100km]) * (a as [L/100km])"
    other = powers.replace("a as", "b as")
    hard = program_of(text + _clause("1", f"{powers} + {other} == 1729.0000001") + _clause("2", "a >= 1 [L/100km]"))
    answer = satisfiable([hard], shelf().dictionary, budget=Budget(steps=2_000, seconds=5))
    assert isinstance(answer, Unknown) and answer.reason.en


# the calendar


def test_months_are_added_by_whole_number_arithmetic_as_the_calendar_does() -> None:
    day = z3.Int("day")
    days = [date(2024, 2, 29), date(2023, 12, 31), date(1, 1, 1), date(9998, 12, 31), date(2000, 3, 1), date(1900, 2, 28)]
    days += [date(1, 1, 1) + timedelta(days=n * 7919 % 3_640_000) for n in range(60)]
    for months in (1, -1, 12, 6, -11, 1200, 18):
        later = months_later(day, months)
        for each in days:
            wanted = months_after(each, months)
            inside = z3.simplify(z3.substitute(in_calendar(day, months), (day, z3.IntVal(each.toordinal()))))
            assert z3.is_true(inside) == (wanted is not None), (each, months)
            if wanted is not None:
                assert z3.simplify(z3.substitute(later, (day, z3.IntVal(each.toordinal())))).as_long() == wanted.toordinal(), (each, months)
    last = date.fromordinal(last_not_after(1, date(2024, 2, 29).toordinal()))
    assert last == date(2024, 1, 31)


def test_the_applications_of_jiangsu_and_the_association_compare_as_they_were_compared_by_hand() -> None:
    """24 pairs of clauses on one quantity of one application: 15 equal, 1 stricter in Jiangsu, 6 that leave one point, 2 that leave none."""
    first, second = _program("T/CSAE 53-2017"), _program(_jiangsu())
    pairs = clause_pairs(first, second, shelf().dictionary)
    kinds = Counter((type(p.forward), type(p.backward), type(p.together)) for p in pairs)
    assert kinds == {
        (Proved, Proved, Proved): 15, (Refuted, Proved, Proved): 1, (Refuted, Refuted, Proved): 6, (Refuted, Refuted, Refuted): 2,
    }  # fmt: skip
    assert {p.first.partition("@")[2] for p in pairs if isinstance(p.together, Refuted)} == {"evw", "clw"}
    conflict = satisfiable([first, second], shelf().dictionary, scenario="evw")
    assert isinstance(conflict, Refuted) and {no for _, no in conflict.conflict} == {"R1@evw", "4.1-1 a@evw"}


def _jiangsu() -> str:
    return next(number for number, path in shelf().paths().items() if path.name == "JIANGSU-ZHIHUI-GAOSU-2020")
