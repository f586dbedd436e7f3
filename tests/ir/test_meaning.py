"""What a standard means: dates, other standards, conditions and exceptions, rounding, levels, scores and grades."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from checking import Texts, checked, evaluation_of, program_of
from guiju.ir.node import Op
from guiju.ir.values import Unknown

HEAD = """
guiju: 1
standard: {number: T/TEST 1, edition: 2026, title: {zh: 测试, en: test}, level: group, region: CN, status: draft, dates: {effective: 2025-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: car, zh: 车, en: car}
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 0, max: 60}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  speed: {is: vehicle.speed.max, unit: km/h, decimals: 0, min: 0, max: 300}
  category: {is: vehicle.category, values: [M1, N1]}
  swappable: {is: nev.battery.swappable}
  test_date: {is: record.test_date}
"""


def standard(sections: str) -> str:
    return HEAD + sections


def clause(shall: str, more: str = "") -> str:
    return standard(f'clauses: {{"1": {{zh: 甲, en: a, shall: "{shall}", source: s{more}}}}}\n')


def verdict(text: str, given: dict[str, object], no: str = "1", *, on: date | None = None) -> str:
    return evaluation_of(text, given, on=on).verdict(no).value


# dates

DATED = standard("""
parameters:
  floor: {unit: km, values: [{from: 2018-01-01, value: 150}, {from: 2024-06-01, value: 200}], source: s}
clauses:
  "as of": {zh: 甲, en: a, shall: range >= floor, source: s}
  "own": {zh: 乙, en: b, shall: range >= floor(test_date), source: s}
""")


@pytest.mark.parametrize(("on", "expected"), [
    (None, "fail"), (date(2024, 6, 1), "fail"), (date(2024, 5, 31), "pass"), (date(2018, 1, 1), "pass"), (date(2017, 12, 31), "undetermined"),
])  # fmt: skip
def test_a_dated_parameter_has_its_value_on_the_as_of_date(on: date | None, expected: str) -> None:
    assert verdict(DATED, {"range": 199}, "as of", on=on) == expected


@pytest.mark.parametrize(("tested", "expected"), [("2024-06-01", "fail"), ("2024-05-31", "pass"), ("2018-01-01", "pass"), ("2017-12-31", "undetermined")])
def test_asked_for_a_date_it_has_its_value_on_the_record_s_own_date(tested: str, expected: str) -> None:
    for on in (None, date(2018, 6, 1)):
        assert verdict(DATED, {"range": 199, "test_date": tested}, "own", on=on) == expected


def test_before_its_first_date_a_parameter_is_undefined_and_says_so() -> None:
    evaluation = evaluation_of(DATED, {"range": 199, "test_date": "2017-12-31"})
    own = next(c for c in evaluation.program.clauses if c.no == "own")
    assert evaluation.why_unknown(own) == Unknown(undefined=frozenset({"floor has no value before 2018-01-01"}))


def test_days_are_counted_from_the_first_date_to_the_second() -> None:
    assert verdict(clause("days(2024-02-28, test_date) == 2 d"), {"test_date": "2024-03-01"}) == "pass"
    assert verdict(clause("days(test_date, 2024-02-28) == -48 h"), {"test_date": "2024-03-01"}) == "pass"


# other standards

ENERGY = """
guiju: 1
standard: {number: T/ENERGY 1, edition: 2025, title: {zh: 能耗, en: energy}, level: group, region: CN, status: draft, dates: {effective: 2025-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: car, zh: 车, en: car}
inputs:
  m: {is: vehicle.mass.curb, unit: t, decimals: 3, min: 0.3, max: 6}
  e: {is: nev.electricity.cltc, unit: Wh/km, decimals: 1, min: 0, max: 600}
tables:
  limit: {of: m, kind: step, unit: Wh/km, numeric: {t_: m as t}, rows: [{upto: 1 t, value: 100}, {value: 40 * t_ + 60}], source: s}
parameters:
  share: {unit: "%", values: [{from: 2020-01-01, value: 90}, {from: 2026-01-01, value: 80}], source: s}
clauses:
  "1": {zh: 甲, en: a, shall: e <= limit, source: s}
"""
LIBRARY = Texts({"T/ENERGY 1": ENERGY})


def of_another(shall: str, given: dict[str, object], on: date | None = None) -> str:
    text = clause(shall).replace("inputs:", "uses: {energy: T/ENERGY 1}\ninputs:", 1)
    return evaluation_of(text, given, on=on, library=LIBRARY).verdict("1").value


@pytest.mark.parametrize(("consumption", "expected"), [("14.00", "pass"), ("14.01", "fail")])
def test_inputs_of_a_used_standard_are_bound_by_property_and_converted(consumption: str, expected: str) -> None:
    """2000 kg is its 2 t, whose limit of 140 Wh/km is 14 kWh/100km here."""
    given: dict[str, object] = {"mass": 2000, "consumption": consumption}
    assert of_another("consumption <= energy.limit", given) == expected
    assert of_another("energy.pass('1')", given) == expected


def test_a_table_of_a_used_standard_can_be_asked_at_another_place() -> None:
    assert of_another("consumption <= energy.limit(1000 kg)", {"consumption": 10, "mass": 2000}) == "pass"
    assert of_another("consumption <= energy.limit(1001 kg)", {"consumption": "10.01"}) == "fail"
    assert of_another("consumption <= 70 % * energy.limit(2 t)", {"consumption": "9.8"}) == "pass"


@pytest.mark.parametrize(("on", "expected"), [(None, "pass"), (date(2026, 1, 1), "fail"), (date(2019, 1, 1), "undetermined")])
def test_a_parameter_of_a_used_standard_follows_the_as_of_date(on: date | None, expected: str) -> None:
    assert of_another("consumption <= energy.share * 10 [kWh/100km]", {"consumption": 9}, on) == expected


def test_something_a_used_standard_lacks_the_input_for_is_refused() -> None:
    text = clause("energy.pass('1') or mass > 0 kg").replace("inputs:", "uses: {energy: T/ENERGY 1}\ninputs:", 1)
    text = text.replace("consumption: {is: nev.electricity.cltc,", "consumption: {is: nev.electricity.wltp,")
    assert "unbound-input" in checked(text, library=LIBRARY).codes


def test_a_standard_without_inputs_cannot_lend_any_to_those_it_uses() -> None:
    text = HEAD[: HEAD.index("inputs:")] + 'uses: {energy: T/ENERGY 1}\ninputs: {}\nclauses: {"1": {zh: 甲, en: a, shall: energy.pass(\'1\'), source: s}}\n'
    assert checked(text, library=LIBRARY, run=False).codes == ["unbound-input"]


def linked(count: int) -> tuple[str, Texts]:
    """Standards that each use the next by two names; two to the power of their number are the ways to the last."""

    def link(n: int) -> str:
        uses = "" if n == count - 1 else f"uses: {{left: T/LINK {n + 1}, right: T/LINK {n + 1}}}\n"
        shall = "range >= 1 km" if n == count - 1 else "left.pass('1') and right.pass('1')"
        return clause(shall).replace("T/TEST 1", f"T/LINK {n}").replace("inputs:", f"{uses}inputs:", 1)

    return link(0), Texts({f"T/LINK {n}": link(n) for n in range(count)})


def test_standards_that_use_each_other_many_ways_are_each_read_once() -> None:
    text, library = linked(25)
    assert evaluation_of(text, {"range": 1}, library=library).verdict("1").value == "pass"


def test_a_chain_of_standards_longer_than_any_is_refused() -> None:
    text, library = linked(300)
    assert "meaning-too-large" in checked(text, library=library, run=False).codes


# what may be compared


@pytest.mark.parametrize(("shall", "code"), [
    ("consumption <= range", "unit-mismatch"), ("range >= 200", "unit-mismatch"), ("consumption / consumption <= 75", None), ("range >= 0", None),
    ("consumption * 100 % <= 13 [kWh/100km]", None), ("range / speed <= 2 h", None), ("range * 2 >= 200 km", None), ("mass >= 0.3 t", None), ("category == 'M2'", "unknown-category"),
    ("category == swappable", "type-mismatch"), ("test_date >= 2024-01-01", None), ("test_date >= 5", "type-mismatch"), ("range as km >= 200", None), ("(range as m) >= 200000", None),
    ("range as kg >= 200", "unit-mismatch"), ("consumption + 5", "unit-mismatch"), ("swappable == true", None), ("range in {200 km, 300 km}", None), ("category in {'M1', 'M9'}", "unknown-category"),
])  # fmt: skip
def test_quantities_are_compared_with_their_like_only(shall: str, code: str | None) -> None:
    errors = [line.split(": ")[1] for line in checked(clause(shall), run=False).errors]
    assert errors == ([code] if code else [])


PERCENT = clause("share <= LIMIT").replace("  category:", '  share: {is: charger.efficiency.weighted, unit: "%", decimals: 1, min: 0, max: 100}\n  category:')


@pytest.mark.parametrize(("limit", "verdict_at_75"), [("75 %", "pass"), ("74.9 %", "fail"), ("0", "fail")])
def test_a_percentage_is_compared_with_a_percentage(limit: str, verdict_at_75: str) -> None:
    assert verdict(PERCENT.replace("LIMIT", limit), {"share": 75}) == verdict_at_75


@pytest.mark.parametrize("limit", ["75", "0.75", "75 + 0", "3 * 25"])
def test_a_bare_number_beside_a_percentage_is_refused_for_75_would_mean_7500_percent(limit: str) -> None:
    assert "bare-number" in checked(PERCENT.replace("LIMIT", limit), run=False).codes


def test_a_ratio_is_compared_with_a_percentage() -> None:
    assert verdict(clause("consumption / 20 [kWh/100km] <= 75 %"), {"consumption": 15}) == "pass"
    assert verdict(clause("consumption / 20 [kWh/100km] <= 75 %"), {"consumption": "15.01"}) == "fail"


TWO_CYCLES = HEAD.replace("  range:", "  wltp: {is: nev.electricity.wltp, unit: kWh/100km, decimals: 2, min: 0, max: 60}\n  range:")


@pytest.mark.parametrize(("shall", "refused"), [
    ("consumption <= wltp", True), ("consumption + wltp <= 20 [kWh/100km]", True), ("max(consumption, wltp) <= 20 [kWh/100km]", True), ("consumption - wltp <= 0", True),
    ("(consumption if swappable else wltp) <= 20 [kWh/100km]", True), ("default(consumption, wltp) <= 20 [kWh/100km]", True), ("1.1 * consumption <= wltp", True),
    ("max(5 [kWh/100km], consumption, wltp) <= 20 [kWh/100km]", True), ("round_gb(consumption, 1 [Wh/km]) <= wltp", True), ("consumption == wltp", True),
    ("consumption <= 20 [kWh/100km] and wltp <= 20 [kWh/100km]", False), ("consumption / wltp <= 120 %", False), ("(consumption as [kWh/100km]) <= (wltp as [kWh/100km])", False),
])  # fmt: skip
def test_values_of_two_test_cycles_never_meet_in_a_comparison_a_sum_or_a_choice(shall: str, refused: bool) -> None:
    text = TWO_CYCLES + f'clauses: {{"1": {{zh: 甲, en: a, shall: "{shall}", source: s}}}}\n'
    assert ("basis-mismatch" in checked(text, run=False).codes) is refused


# clauses

CONDITIONS = standard("""
scope: {shall: category == 'M1', source: s}
clauses:
  "1":
    zh: 甲
    en: a
    shall: range >= 200 km
    when: not swappable
    except:
      - {when: mass >= 3000 kg, exempt: true, source: s}
      - {when: speed >= 200 km/h, shall: range >= 120 km, source: s}
    source: s
""")
M1: dict[str, object] = {"category": "M1", "swappable": False, "mass": 1000, "speed": 100}


@pytest.mark.parametrize(("changes", "expected"), [
    ({"range": 200}, "pass"), ({"range": 199}, "fail"), ({}, "undetermined"), ({"range": 199, "category": "N1"}, "not_applicable"), ({"range": 199, "category": None}, "undetermined"),
    ({"range": 199, "swappable": True}, "not_applicable"), ({"range": 199, "swappable": None}, "undetermined"), ({"range": 199, "mass": 3000}, "not_applicable"),
    ({"range": 199, "mass": None}, "undetermined"), ({"range": 119, "speed": 200}, "fail"), ({"range": 120, "speed": 200}, "pass"), ({"range": 120, "speed": 199}, "fail"),
    ({"range": 200, "speed": None}, "pass"), ({"range": 119, "speed": None}, "fail"), ({"range": 150, "speed": None}, "undetermined"), ({"mass": 3000, "speed": 200}, "not_applicable"),
])  # fmt: skip
def test_a_clause_applies_in_scope_where_its_condition_holds_and_no_exemption_does(changes: dict[str, object], expected: str) -> None:
    """A relief that is not known to hold decides nothing where both requirements agree."""
    assert verdict(CONDITIONS, M1 | changes) == expected


WHOLE = standard("""
clauses:
  "1": {zh: 甲, en: a, shall: range >= 200 km, source: s}
  "2": {zh: 乙, en: b, shall: speed >= 100 km/h, when: swappable, source: s}
  "3": {zh: 丙, en: c, should: mass <= 1000 kg, source: s}
""")


@pytest.mark.parametrize(("given", "expected"), [
    ({"range": 200, "swappable": False}, "pass"), ({"range": 199, "swappable": False}, "fail"), ({"range": 199}, "fail"), ({"range": 200}, "undetermined"),
    ({"range": 200, "swappable": True, "speed": 99}, "fail"), ({"speed": 99, "swappable": True}, "fail"), ({"range": 200, "speed": 100}, "pass"),
    ({"range": 200, "swappable": False, "mass": 2000}, "pass"),
])  # fmt: skip
def test_the_whole_passes_where_every_requirement_that_applies_is_met(given: dict[str, object], expected: str) -> None:
    """What is recommended does not count; one failure decides, whatever else is missing."""
    assert verdict(WHOLE, given, "overall") == expected


def test_a_standard_none_of_whose_clauses_applies_does_not_apply() -> None:
    assert verdict(CONDITIONS, {"category": "N1"}, "overall") == "not_applicable"


@pytest.mark.parametrize(("compare", "consumption", "expected"), [
    ("full", "13.94", "pass"), ("full", "13.95", "fail"), ("rounded 0.1 kWh/100km", "13.95", "fail"), ("rounded 0.1 kWh/100km", "13.94", "pass"), ("rounded 0.1 kWh/100km", "13.89", "pass"),
])  # fmt: skip
def test_full_values_are_compared_as_measured_and_rounded_values_as_rounded(compare: str, consumption: str, expected: str) -> None:
    assert verdict(clause("consumption <= 13.94 [kWh/100km]", f", compare: {compare}"), {"consumption": consumption}) == expected


@pytest.mark.parametrize(("value", "expected"), [("13.94", "pass"), ("13.95", "fail"), ("13.85", "pass"), ("14.05", "fail")])
def test_rounded_value_comparison_rounds_half_to_even_before_it_compares(value: str, expected: str) -> None:
    """13.95 becomes 14.0 and 13.85 becomes 13.8."""
    assert verdict(clause("consumption <= 13.9 [kWh/100km]", ", compare: rounded 0.1 kWh/100km"), {"consumption": value}) == expected


def test_only_the_requirement_is_rounded_not_the_conditions_around_it() -> None:
    text = clause("consumption <= (13.9 [kWh/100km] if mass <= 1000 kg else 15 [kWh/100km])",
                  ', compare: rounded 0.1 kWh/100km, when: "range >= 100 km", except: [{when: "speed >= 100 km/h", exempt: true, source: s}]')  # fmt: skip
    given: dict[str, object] = {"consumption": "13.94", "mass": 1000, "range": 100, "speed": 99}
    assert verdict(text, given) == "pass"
    assert verdict(text, given | {"range": 99}) == "not_applicable"
    assert [n.value for n in program_of(text).order if n.op is Op.ROUND] == [Fraction(1, 10)]


# tables

STEPS = standard("""
tables:
  limit:
    of: mass
    kind: step
    unit: km
    rows: [{above: 500 kg, upto: 1000 kg, value: 300}, {below: 2000 kg, value: 400}, {upto: 3000 kg, value: 500}]
    source: s
  by_category: {of: category, kind: map, unit: km, rows: [{key: M1, value: 1}, {key: N1, value: 2}], source: s}
  line: {of: mass, kind: interpolate, unit: km, outside: error, rows: [{at: 1000 kg, value: 0}, {at: 2000 kg, value: 10}, {at: 3000 kg, value: 40}], source: s}
  held: {of: mass, kind: interpolate, unit: km, outside: clamp, rows: [{at: 1000 kg, value: 0}, {at: 2000 kg, value: 10}], source: s}
clauses: {"1": {zh: 甲, en: a, shall: limit + by_category + line + held >= 0, source: s}}
""")


@pytest.mark.parametrize(("mass", "limit", "line", "held"), [
    (500, None, None, 0), (501, 300, None, 0), (1000, 300, 0, 0), (1001, 400, Fraction(1, 100), Fraction(1, 100)), (1999, 400, Fraction("9.99"), Fraction("9.99")), (2000, 500, 10, 10),
    (2500, 500, 25, 10), (3000, 500, 40, 10), (3001, None, None, 10),
])  # fmt: skip
def test_a_table_has_the_value_of_the_row_its_argument_falls_in(mass: int, limit: int | None, line: int | None, held: int) -> None:
    evaluation = evaluation_of(STEPS, {"mass": mass, "category": "N1"})
    found = {name: evaluation.of(evaluation.program.values[name]) for name in ("limit", "line", "held", "by_category")}
    assert {name: None if isinstance(value, Unknown) else value for name, value in found.items()} == {"limit": limit, "line": line, "held": held, "by_category": 2}
    if isinstance(found["limit"], Unknown):
        assert found["limit"].undefined == {"outside the table limit"}


def test_a_row_needs_no_value_where_it_only_ends() -> None:
    """At 0 km the first row divides by zero, but it holds below 0 km only."""
    rows = '[{below: 0 km, value: "100 [km²] / range"}, {value: 5}]'
    text = standard(f"""
tables: {{limit: {{of: range, kind: step, unit: km, rows: {rows}, source: s}}}}
clauses: {{"1": {{zh: 甲, en: a, shall: limit <= 5 km, source: s}}}}
""")
    assert not checked(text, run=False).errors
    assert verdict(text, {"range": 0}) == "pass"


@pytest.mark.parametrize(("jumps", "codes"), [("[1000 kg]", []), ("[1000 kg, 1 t]", []), ("[1001 kg]", ["table-no-bound"])])
def test_a_jump_may_be_declared_where_the_pieces_depend_on_something_else(jumps: str, codes: list[str]) -> None:
    text = standard(f"""
tables: {{limit: {{of: mass, kind: step, unit: km, jumps: {jumps}, rows: [{{upto: 1000 kg, value: range}}, {{value: 5}}], source: s}}}}
clauses: {{"1": {{zh: 甲, en: a, shall: limit <= 5 km, source: s}}}}
""")
    assert [line.split(": ")[1] for line in checked(text, run=False).errors] == codes


# indicators, scores, grades

GRADED = standard("""
indicators:
  "5.1": {zh: 里程, en: range, name: by_range, kind: core, value: range, better: higher, levels: {1: 600 km, 2: 500 km, 3: 400 km}, source: s}
  "5.2": {zh: 能耗, en: energy, name: by_energy, kind: core, value: consumption, better: lower, levels: {1: 10, 2: 12, 3: 14}, source: s}
  "5.3": {zh: 车速, en: speed, name: by_speed, kind: basic, value: speed, better: higher, levels: {1: 160 km/h, 2: 120 km/h, 3: 100 km/h}, when: not swappable, source: s}
scores:
  total: {zh: 分, en: score, weights: {by_range: 60, by_energy: 20, by_speed: 20}, points: {1: 100, 2: 80, 3: 50, none: 0}, not_applicable: POLICY}
grades:
  grade:
    zh: 级
    en: grade
    of: [{grade: A, when: worst('core') <= 1}, {grade: B, when: "count('core', 2) >= 2"}, {grade: C, when: "count('core', 3) >= 1"}, {grade: none}]
clauses: {"1": {zh: 甲, en: a, shall: mass >= 0 kg, source: s}}
""")


def graded(given: dict[str, object], policy: str = "exclude") -> dict[str, object]:
    evaluation = evaluation_of(GRADED.replace("POLICY", policy), given)
    found = {name: evaluation.of(evaluation.program.roots[name]) for name in ("by_range", "by_energy", "by_speed", "total", "grade")}
    return {name: None if isinstance(value, Unknown) else value for name, value in found.items()}


@pytest.mark.parametrize(("range_", "consumption", "levels"), [(600, "10.00", (1, 1)), (599, "10.01", (2, 2)), (500, "12.00", (2, 2)), (400, "14.00", (3, 3)), (399, "14.01", (4, 4))])
def test_a_level_is_reached_exactly_at_its_limit(range_: int, consumption: str, levels: tuple[int, int]) -> None:
    found = graded({"range": range_, "consumption": consumption, "speed": 160, "swappable": False})
    assert (found["by_range"], found["by_energy"]) == levels


@pytest.mark.parametrize(("given", "grade"), [
    ({"range": 600, "consumption": 10}, "A"), ({"range": 599, "consumption": 10}, "B"), ({"range": 500, "consumption": 12}, "B"), ({"range": 499, "consumption": 10}, "C"),
    ({"range": 399, "consumption": 14}, "C"), ({"range": 399, "consumption": 15}, "none"), ({"range": 599}, None), ({"range": 399}, None), ({}, None),
])  # fmt: skip
def test_the_first_grade_whose_condition_holds_is_the_grade(given: dict[str, object], grade: str | None) -> None:
    assert graded(given)["grade"] == grade


@pytest.mark.parametrize(("policy", "total"), [("exclude", 95), ("full", 96), ("zero", 76)])
def test_what_is_not_applicable_counts_by_the_declared_policy(policy: str, total: int) -> None:
    """Range at level 1 and energy at level 2; for a car whose battery is swapped, speed is not asked."""
    given: dict[str, object] = {"range": 600, "consumption": 12, "swappable": True}
    assert graded(given, policy)["total"] == total
    assert graded(given | {"swappable": False, "speed": 100}, policy)["total"] == 86


def test_a_score_with_a_missing_part_is_unknown_and_says_which() -> None:
    evaluation = evaluation_of(GRADED.replace("POLICY", "exclude"), {"range": 600, "swappable": False, "speed": 100})
    assert evaluation.of(evaluation.program.roots["total"]) == Unknown(frozenset({"consumption"}))


@pytest.mark.parametrize(("condition", "given", "expected"), [
    ("worst('core') <= 3", {"range": 399}, "fail"), ("worst('core') <= 3", {"range": 600}, "undetermined"), ("count('core', 2) >= 1", {"range": 500}, "pass"),
    ("count('core', 2) >= 2", {"range": 499}, "fail"), ("count('core', 2) >= 1", {"range": 499}, "undetermined"), ("count('core', 2) > 1", {"range": 499}, "fail"),
    ("worst('basic') <= 1", {"swappable": True}, "pass"), ("count('basic', 3) >= 1", {"swappable": True}, "fail"), ("count('core', 2) == 2", {"range": 600, "consumption": 12}, "pass"),
    ("atleast(2, range >= 600 km, consumption <= 10 [kWh/100km], swappable)", {"range": 600, "swappable": True}, "pass"),
    ("atleast(2, range >= 600 km, consumption <= 10 [kWh/100km], swappable)", {"range": 599, "swappable": False}, "fail"),
])  # fmt: skip
def test_what_is_known_decides_as_soon_as_it_can(condition: str, given: dict[str, object], expected: str) -> None:
    text = GRADED.replace("POLICY", "exclude").replace("shall: mass >= 0 kg", f'shall: "{condition}"')
    assert verdict(text, given) == expected


def test_a_clause_can_ask_for_another() -> None:
    text = standard("""
clauses:
  "1": {zh: 甲, en: a, shall: pass('2') or swappable, source: s}
  "2": {zh: 乙, en: b, shall: range >= 200 km, when: category == 'M1', source: s}
""")
    assert verdict(text, {"range": 199, "category": "M1", "swappable": False}) == "fail"
    assert verdict(text, {"range": 199, "category": "N1", "swappable": False}) == "pass"
    assert verdict(text, {"range": 200}) == "pass"


def test_what_is_missing_is_named_and_nothing_else() -> None:
    evaluation = evaluation_of(WHOLE, {"range": 200})
    assert {m.no: set(evaluation.why_unknown(m).missing) for m in evaluation.program.judged if evaluation.judge(m).value == "undetermined"} == {
        "2": {"swappable", "speed"}, "3": {"mass"}, "overall": {"swappable", "speed"},
    }  # fmt: skip


@pytest.mark.parametrize(("formula", "given", "value"), [
    ("default(range, 100 km)", {}, 100), ("default(range, 100 km)", {"range": 7}, 7), ("range if known(range) else 1 km", {}, 1), ("abs(range - 500 km)", {"range": 300}, 200),
    ("round_gb(range / 3, 1 km)", {"range": 100}, 33), ("round_gb(range * 0.5, 1 km)", {"range": 5}, 2), ("range^2 / 1 km", {"range": 12}, 144), ("speed * 30 min", {"speed": 100}, 50),
    ("min(range, 200 km, 0.1 km * (mass as t))", {"range": 300, "mass": 2000}, Fraction(1, 5)),
])  # fmt: skip
def test_functions_give_what_they_say(formula: str, given: dict[str, object], value: Fraction) -> None:
    text = standard(f'formulas: {{f: {{unit: km, formula: "{formula}"}}}}\nclauses: {{"1": {{zh: 甲, en: a, shall: f >= 0 km, source: s}}}}\n')
    evaluation = evaluation_of(text, given)
    assert evaluation.of(evaluation.program.values["f"]) == value


def test_a_division_that_comes_to_zero_is_undefined_and_not_a_number() -> None:
    text = clause("consumption / (range - 100 km) <= 5 [kWh/(100km·km)]")
    evaluation = evaluation_of(text, {"consumption": 10, "range": 100})
    assert evaluation.verdict("1").value == "undetermined"
    assert evaluation.why_unknown(evaluation.program.clauses[0]).undefined == {"division by zero"}
