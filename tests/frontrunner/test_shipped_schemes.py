"""The shipped schemes and their evaluation standards: clean, proved above the law, every level reachable, better is never worse, numbers as told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path

import duckdb
import pytest

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.frontrunner.scheme import Scheme, load_scheme, scheme_files
from guiju.frontrunner.scheme_meaning import below_national, open_scheme
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.smt.answers import Proved, Refuted
from guiju.readings.smt.existence import always_defined, reachable
from guiju.readings.smt.monotone import Direction, monotone
from guiju.readings.smt.search import Budget
from guiju.standard import expression as ex
from guiju.standard.model import Condition, Standard

BUDGET = Budget(seconds=120)
SCHEMES = {name: path for name, path in scheme_files(shelf()).items() if path.parent.name == "schemes"}
NUMBERS = tuple(number for number in shelf().numbers() if number.startswith("T/GUIJU "))
CARS, SOLUTIONS = "T/GUIJU 701-2026", "T/GUIJU 706-2026"

BETTER: dict[str, dict[str, Direction]] = {
    CARS: {"consumption": "lower", "range": "higher", "charging_time": "lower", "acceleration": "lower", "cold_loss": "lower", "density": "higher"},
    "T/GUIJU 702-2026": {
        "acceleration": "lower", "braking": "lower", "range": "higher", "noise": "lower", "cold_loss": "lower", "charging_time": "lower",
        "energy": "lower", "reliability": "higher",
    },
    "T/GUIJU 703-2026": {
        "efficiency": "higher", "standby": "lower", "first_time": "higher", "noise": "lower", "availability": "higher", "reliability": "higher",
        "coldest": "lower",
    },
    "T/GUIJU 704-2026": {
        "density": "higher", "cycles": "higher", "charge_time": "lower", "volume_density": "higher", "cold_energy": "higher", "health": "higher",
    },
    "T/GUIJU 705-2026": {
        "response": "lower", "parts": "higher", "first_fix": "higher", "complaints": "lower", "certified": "higher", "remote": "higher",
        "battery_repair": "higher",
    },
    SOLUTIONS: {
        "consumption": "lower", "range": "higher", "charging_time": "lower", "efficiency": "higher", "noise": "lower", "parts": "higher",
        "power": "higher",
    },
}  # fmt: skip
"""What is better in each number a product is graded by."""


def standard_of(number: str) -> Standard:
    found = shelf().find(number)
    assert found is not None
    return found


def program_of(standard: Standard) -> Program:
    problems = Problems()
    program = check(standard, None, shelf(), problems)
    assert not problems.has_errors
    return program


def scheme_of(name: str) -> Scheme:
    problems = Problems()
    scheme = load_scheme(SCHEMES[name], problems)
    assert scheme is not None and not problems.found
    return scheme


# Schemes.


@pytest.mark.parametrize("name", SCHEMES)
def test_a_shipped_scheme_has_nothing_wrong_and_its_lowest_levels_are_proved_to_be_above_the_law(name: str) -> None:
    problems = Problems()
    opened = open_scheme(shelf(), SCHEMES[name], None, problems)
    assert opened is not None and not problems.found
    held = below_national(opened, problems, budget=BUDGET)
    assert set(held.values()) <= {"proved"} and not problems.found
    assert set(held) == {asked.name for asked in opened.scheme.indicators if asked.national}


@pytest.mark.parametrize(("name", "indicator", "rest", "written", "looser"), [
    ("bev-cars", "consumption_level", "vehicle_safe", "3: 100 %", "3: 101 %"),
    ("dc-chargers", "efficiency_level", "standby <= energy.standby_limit", "3: energy.efficiency_limit", "3: 94.4 %"),
    ("dc-chargers", "standby_level", "efficiency >= energy.efficiency_limit", "3: 100 %", "3: 101 %"),
])  # fmt: skip
def test_the_lowest_level_keeps_the_law_by_itself_and_not_by_the_basic_clause_that_repeats_it(
    name: str, indicator: str, rest: str, written: str, looser: str, tmp_path: Path
) -> None:
    """rest   what the clause of the law asks besides the quantity of the indicator: it stands in place of the basic clause"""
    path = shelf().locate(scheme_of(name).standard)
    assert path is not None
    text = re.sub(r"energy\.pass\('\w+'\)", rest, (path / "standard.yaml").read_text("utf-8"))
    assert text.count(written) == 1
    for level, found in ((written, "proved"), (looser, "refuted")):
        problems = Problems()
        opened = open_scheme(shelf(), SCHEMES[name], None, problems)
        (folder := tmp_path / found).mkdir()
        (folder / "standard.yaml").write_text(text.replace(written, level), "utf-8")
        changed = shelf().open(folder).standard
        assert opened is not None and changed is not None
        alone = replace(opened, scheme=replace(opened.scheme, basic=("4.1",)), program=program_of(changed))
        assert below_national(alone, problems, budget=BUDGET)[indicator] == found


@pytest.mark.parametrize("name", SCHEMES)
def test_every_illustrative_source_of_a_scheme_and_its_standard_says_why(name: str) -> None:
    scheme = scheme_of(name)
    standard = standard_of(scheme.standard)
    made_up = [s for s in (*scheme.sources.values(), *standard.sources.values()) if s.grade == "illustrative"]
    assert scheme.illustrative and standard.status == "draft" and made_up and all(s.why for s in made_up)
    assert all(set(indicator.sources) & set(standard.sources) for indicator in standard.indicators.values())


# Evaluation standards.


def ranges(number: str) -> Iterator[Standard]:
    """The standard within each comparable range of its scheme."""
    standard = standard_of(number)
    parts = [part for name in SCHEMES if (scheme := scheme_of(name)).standard == number for part in scheme.range]
    for part in parts:
        for word in part.words:
            within = ex.Comparison(("==",), (part.formula, ex.Word(word, part.span)), part.span)
            whole = within if standard.scope is None else ex.Logic("and", (standard.scope.expr, within), part.span)
            yield replace(standard, scope=Condition(whole, None, ()) if standard.scope is None else replace(standard.scope, expr=whole))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_level_and_grade_can_be_reached_in_every_comparable_range_and_is_always_defined(number: str) -> None:
    apart = [] if number == SOLUTIONS else list(ranges(number))  # those of a solution are those of its car and its service
    for standard in apart or [standard_of(number)]:
        program = program_of(standard)
        found = reachable(program, budget=BUDGET)
        assert [f"{each.name} {each.value}" for each in found if not isinstance(each.answer, Proved)] == []
    assert [each.name for each in always_defined(program_of(standard_of(number)), budget=BUDGET) if not isinstance(each.answer, Proved)] == []


@pytest.mark.parametrize("number", BETTER)
def test_a_better_product_never_gets_a_worse_level_or_grade(number: str) -> None:
    program = program_of(standard_of(number))
    targets = ("frontrunner", *(i.indicator.name for i in program.indicators))
    falls = []
    for name, better in BETTER[number].items():
        opposite: Direction = "lower" if better == "higher" else "higher"
        proved = {target: isinstance(monotone(program, target, name, better, budget=BUDGET), Proved) for target in targets}
        falls += [f"{target} by {name}" for target, holds in proved.items() if not holds]
        turned = (monotone(program, target, name, opposite, budget=BUDGET) for target in targets)
        assert any(isinstance(answer, Refuted) for answer in turned), f"nothing looks at {name}"
    assert falls == []


@pytest.mark.parametrize(("name", "better"), [
    ("car_range", "higher"), ("truck_range", "higher"), ("payload", "higher"), ("clearance", "higher"), ("charging_time", "lower"), ("cold_loss", "lower"),
    ("consumption", "lower"), ("acceleration", "lower"), ("laden_acceleration", "lower"), ("braking", "lower"), ("noise", "lower"),
])  # fmt: skip
def test_a_better_vehicle_is_never_less_suited_to_a_scenario(name: str, better: Direction) -> None:
    program = program_of(standard_of("T/GUIJU 707-2026"))
    fit = [f"{no}@{scenario}" for no in ("7", "8") for scenario in ("town_delivery", "county_taxi", "cold_region", "rural")]
    assert all(isinstance(monotone(program, no, name, better, budget=BUDGET), Proved) for no in fit)
    opposite: Direction = "lower" if better == "higher" else "higher"
    assert any(isinstance(monotone(program, no, name, opposite, budget=BUDGET), Refuted) for no in fit)


# The population that the numbers of cars are told to come from.

SQL = """SELECT DISTINCT make, model, trim, variant, CAST(curb_mass_kg AS INTEGER), CAST(range_cltc_km AS INTEGER),
    CAST(round(battery_kwh_net * 110 / range_cltc_km, 2) AS DECIMAL(8, 2)), CAST(accel_0_100_s AS DECIMAL(8, 2))
FROM read_parquet(?) WHERE vehicle_type IN ('passenger_car', 'suv')"""


def given(program: Program, **values: str) -> Evaluation:
    problems = Problems()
    record = admit(program.inputs, values, problems)
    assert not problems.found
    return evaluate(program, record)


def last_of(values: list[Fraction], share: Fraction, better: Direction) -> Fraction:
    """The value of the last one in a share, as in a population: place ⌊share · n⌋."""
    ordered = sorted(values, reverse=better == "higher")
    return ordered[floor(share * len(ordered)) - 1]


def test_the_numbers_of_cars_are_those_of_the_population_they_name(shared: Path) -> None:
    data = str(shared / "data" / "products" / "open_ev_data.parquet")
    with duckdb.connect() as connection:
        rows = connection.execute(f"{SQL} AND curb_mass_kg IS NOT NULL AND range_cltc_km IS NOT NULL AND battery_kwh_net IS NOT NULL", [data]).fetchall()
        elsewhere = connection.execute(f"{SQL} AND range_cltc_km IS NULL AND accel_0_100_s IS NOT NULL", [data]).fetchall()
    program = program_of(standard_of(CARS))
    ratios, limits = [], {}
    for *_, mass, _, consumption, _ in rows:
        value = given(program, curb_mass=f"{mass} kg", consumption=f"{consumption} kWh/100km").of(program.values["ratio"])
        assert isinstance(value, Fraction)
        ratios.append(value)
    distances = {word: [Fraction(row[5]) for row in rows if (row[4] < 1600) == (word == "small")] for word in ("small", "large")}
    times = [Fraction(row[7]) for row in rows if row[7] is not None]
    assert (len(rows), len({row[0] for row in rows}), len(distances["small"]), len(times), len(elsewhere)) == (57, 16, 10, 49, 166)
    shares = [Fraction(2, 10), Fraction(5, 10), Fraction(8, 10)]
    assert [round(last_of(ratios, share, "lower") / 5) * 5 for share in shares[:2]] == [80, 90], "in per cent, to 5 %"
    for word, wanted in (("small", [430, 400, 310]), ("large", [700, 600, 520])):
        limits[word] = [round(last_of(distances[word], share, "higher") / 10) * 10 for share in shares]
        assert limits[word] == wanted
        told = given(program, curb_mass="1200 kg" if word == "small" else "2000 kg")
        assert [told.of(program.values[f"range_{level}"]) for level in ("advanced", "average", "baseline")] == wanted
    assert [last_of(times, share, "lower") for share in shares[:2]] == [Fraction("4.3"), Fraction("6.8")] and max(times) == Fraction("10.5")
    domestic, international = (scheme_of("bev-cars").references[each] for each in ("domestic", "international"))
    together = [*distances["small"], *distances["large"]]
    assert domestic["consumption_level"].value == Fraction(round(last_of(ratios, shares[0], "lower") * 10), 10)
    assert domestic["range_level"].value == last_of(together, shares[0], "higher")
    assert domestic["acceleration_level"].value == last_of(times, shares[0], "lower")
    assert international["acceleration_level"].value == last_of([Fraction(row[7]) for row in elsewhere], shares[0], "lower")
