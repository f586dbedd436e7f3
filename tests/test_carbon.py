"""Cases of the shared data: factors looked up, and the methods of carbon inclusion run on worked examples, exactly."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from checking import MADE_UP, evaluation_of, shelf
from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text, round_gb
from guiju.ir.check import check
from guiju.ir.record import admit
from guiju.readings.evaluate import Evaluation, Verdict, evaluate


def case(shared: Path, name: str) -> tuple[Any, Any]:
    folder = shared / "data" / "carbon" / "cases" / name
    given, expected = (json.loads((folder / f"{part}.json").read_text("utf-8")) for part in ("input", "expected"))
    return given["input"], expected["expected"]


def judged(number: str, given: dict[str, object], on: date | None = None) -> Evaluation:
    """The verdict of a shipped standard on one record."""
    standard, problems = shelf().find(number), Problems()
    assert standard is not None
    program = check(standard, on, shelf(), problems)
    record = admit(program.inputs, given, problems)
    assert not problems.has_errors, [d.message("en") for d in problems.found]
    return evaluate(program, record)


def value(found: Evaluation, name: str) -> Fraction:
    made = found.of(found.program.values[name])
    assert isinstance(made, Fraction)
    return made


def test_ef01_a_factor_by_province_and_year_and_its_change(shared: Path) -> None:
    given, expected = case(shared, "ef01_dated_lookup")
    factors, kind = shelf().factors(), given["kind"]
    assert [factors.find("electricity.cn", kind, region, year).text for region, year in given["queries"]] == expected["values"]
    region, before, after = given["change"]
    old, new = (factors.find("electricity.cn", kind, region, year).value for year in (before, after))
    assert decimal_text(new - old) == expected["abs_change"]
    assert decimal_text(round_gb((new - old) / old * 100, Fraction(1, 10))) == expected["pct_change_1dp"]


def test_ef02_the_newest_factor_published_on_a_day(shared: Path) -> None:
    given, expected = case(shared, "ef02_as_of")
    found = [shelf().factors().as_of("electricity.cn", given["kind"], given["code"], date.fromisoformat(day)) for day in given["as_of"]]
    assert [f and f.text for f in found] == expected["values"]
    assert [f and f.data_year for f in found] == expected["data_year"]


def test_ef03_four_kinds_under_one_label_are_four_factors(shared: Path) -> None:
    given, expected = case(shared, "ef03_kind_confusion")
    found = [shelf().factors().find("electricity.cn", kind, given["code"], given["year"]) for kind in given["kinds"]]
    assert [f.text for f in found] == expected["values"]
    assert [f.kind.unit.text for f in found] == expected["units"]


SHANGHAI = MADE_UP + """
inputs:
  electricity: {is: carbon.electricity, unit: kWh, decimals: 0, min: 0, max: 10000000}
  heat: {is: carbon.heat, unit: GJ, decimals: 2, min: 0, max: 100000}
parameters:
  power: {unit: tCO2/10000kWh, factor: {id: electricity.cn, kind: ets_default_CO2, region: CN-31, by: published, earliest: 2022-01-01}}
  warmth: {unit: tCO2/GJ, factor: {id: heat.cn, kind: ets_default_CO2, region: CN-31, by: published, earliest: 2022-01-01}}
formulas: {emitted: {unit: tCO2, formula: electricity * power + heat * warmth}}
clauses: {"1": {zh: 甲, en: a, shall: "emitted <= 1000 [tCO2]", source: s}}
"""


def test_ef05_the_defaults_of_shanghai_before_and_after_their_change(shared: Path) -> None:
    given, expected = case(shared, "ef05_shanghai_default_change")
    record = {"electricity": decimal_text(Fraction(given["electricity_10MWh"]) * 10_000), "heat": given["heat_GJ"]}
    found = [evaluation_of(SHANGHAI, record, on=date.fromisoformat(day)) for day in given["dates"]]
    assert [decimal_text(value(each, "emitted")) for each in found] == expected["tCO2"]
    assert [each.verdict("1") for each in found] == [Verdict.FAIL, Verdict.PASS]
    factors = shelf().factors()
    asked = [factors.as_of("electricity.cn", "ets_default_CO2", "CN-31", date.fromisoformat(day), earliest=date(2022, 2, 10)) for day in given["dates"]]
    assert [f and f.text for f in asked] == ["7.88", "4.2"]


METRO = MADE_UP + """
inputs:
  per_trip: {is: carbon.reduction.per_trip, unit: kgCO2/trip, decimals: 4, min: 0, max: 10}
  annual: {is: carbon.reduction.annual, unit: tCO2, decimals: 0, min: 0, max: 100000000}
formulas: {trips: {unit: trip, formula: annual / per_trip}}
clauses: {"1": {zh: 甲, en: a, shall: "trips > 0 [trip]", source: s}}
"""


def test_er01_two_baselines_of_the_metro_imply_the_same_ridership(shared: Path) -> None:
    given, expected = case(shared, "er01_guangzhou_metro")
    trips = {name: value(evaluation_of(METRO, {"per_trip": given["kg_per_trip"][name], "annual": str(given["annual_tCO2"][name])}), "trips")
             for name in given["kg_per_trip"]}  # fmt: skip
    for name, wanted in expected["implied_trips"].items():
        assert abs(trips[name] / wanted - 1) < Fraction(1, 10**6)
    assert abs(trips["mean"] / trips["substitution"] - 1) < Fraction(str(expected["relative_difference_lt"]))


def test_er02_the_legs_of_a_trip_add_up_exactly(shared: Path) -> None:
    given, expected = case(shared, "er02_dbj_trips")
    legs = [judged("DB11/T 3043-2024", {"region": "CN-11", "mode": mode, "distance": distance, "claimed_elsewhere": "no"})
            for mode, distance, _ in given["legs"]]  # fmt: skip
    assert [value(leg, "mode_factor") for leg in legs] == [Fraction(factor) for _, _, factor in given["legs"]]
    assert {value(leg, "baseline_factor") for leg in legs} == {Fraction(given["baseline"])}
    sums = {name: sum((value(leg, name) for leg in legs), Fraction(0)) for name in ("baseline", "project", "reduction")}
    assert sums == {"baseline": Fraction(expected["BE_kg"]), "project": Fraction(expected["PE_kg"]), "reduction": Fraction(expected["ER_kg"])}
    assert {leg.verdict("overall") for leg in legs} == {Verdict.PASS}


def test_er04_an_electric_car_of_shanghai(shared: Path) -> None:
    given, expected = case(shared, "er04_tcsae235_car")
    found = judged("T/CSAE 235-2021", {
        "powertrain": "bev", "fuel": "petrol", "distance": given["km"], "baseline_consumption": given["petrol_L_per_100km"],
        "electricity": given["kWh_per_100km"], "grid_region": "CN-31", "leakage": given["leakage"], "authorised": "yes", "claimed_elsewhere": "no",
    }, date(2026, 1, 1))  # fmt: skip
    assert value(found, "fuel_factor") == Fraction(given["EF_petrol_kg_per_L"])
    assert value(found, "grid_factor") == Fraction(given["EF_grid"])
    assert [value(found, name) for name in ("baseline", "project", "reduction")] == [Fraction(expected[key]) for key in ("BE_kg", "PE_kg", "ER_kg")]


def test_er05_an_electric_bus_with_upstream_leakage_and_buffer(shared: Path) -> None:
    given, expected = case(shared, "er05_vm0038_bus_trip")
    found = judged("VM0038 v1.0", {
        "powertrain": "bev", "fuel": "diesel", "charger": "dc_fast", "distance": str(given["km"]), "market_share": "1",
        "baseline_consumption": decimal_text(Fraction(str(given["afec_L_per_km"])) * 100),
        "electricity": decimal_text(Fraction(str(given["kWh_per_km"])) * 100), "grid_factor": str(given["EF_grid"]),
    })  # fmt: skip
    assert value(found, "fuel_factor") == Fraction(str(given["EF_diesel"])) * Fraction(str(given["WTT"]))
    assert value(found, "efficiency") == Fraction(str(given["eta"]))
    pairs = {"baseline": "baseline_kg", "project": "project_kg", "gross": "gross_kg", "net": "net_kg", "credited": "net_vcu_t"}
    for name, key in pairs.items():
        assert abs(value(found, name) - Fraction(str(expected[key]))) < Fraction(1, 10_000), name
