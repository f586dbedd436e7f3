"""Coverage: what products have and nobody asks, what is asked and nobody knows; by hand, and over real cars."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from checking import MADE_UP, checked, shelf
from guiju.align.coverage import Bounds, Coverage, Feature, coverage
from guiju.align.inforce import ended, in_force, standards_in_force
from guiju.align.population import population
from guiju.base.diagnostics import Refused
from guiju.ir.program import Program
from guiju.records.bulk import programs
from guiju.standard.regions import load_regions

STANDARD = MADE_UP + """
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  kind: {is: vehicle.category, values: [M1, N1]}
  health: {is: battery.state_of_health, unit: "%", decimals: 0, min: 0, max: 100}
clauses:
  "1": {zh: 甲, en: range, when: mass <= 3500 kg, shall: range >= 400 km, source: s}
  "2": {zh: 乙, en: health, when: kind == 'M1', shall: health >= 80 %, source: s}
"""
MAPPING = """\
guiju: 1
key: id
inputs:
  vehicle.mass.curb: {column: mass, unit: kg, is: vehicle.mass.curb}
  nev.range.cltc: {column: range, unit: km, is: nev.range.cltc}
  vehicle.category: {constant: M1, is: vehicle.category}
"""
HEADER = "id,make,model,mass,range,WLTP续航里程(km),nev.range.wltp,peak power,sockets,colour,remark"


def program() -> Program:
    made = checked(STANDARD)
    assert made.program is not None and not made.errors, made.errors
    return made.program


def rows(count: int) -> list[str]:
    return [f"{n},甲,m{n},1500,{400 + n},,{300 + 5 * n},{50 + 10 * n},{'ab'[n % 2]},red,{'nothing' if n else '无'}" for n in range(count)]


def seen(folder: Path, lines: Sequence[str], least: int = 10) -> Coverage:
    (folder / "c.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    (folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
    held = population(shelf(), [program()], folder / "c.csv", folder / "c.yaml")
    return coverage(held, [program()], shelf().dictionary, Bounds(least=least))


def by_column(found: Coverage) -> dict[str, Feature]:
    return {f.column: f for f in found.features}


def test_what_differs_widely_and_no_clause_asks_is_a_candidate_and_nothing_else_is(tmp_path: Path) -> None:
    found = seen(tmp_path, rows(20))
    assert [f.column for f in found.candidates] == ["peak power", "sockets"]
    held = by_column(found)
    assert [(a.no, a.how) for a in held["range"].asks] == [("1", "asks")] and held["range"].is_asked
    assert [(a.no, a.how) for a in held["mass"].asks] == [("1", "condition")] and not held["mass"].is_asked
    assert held["nev.range.wltp"].kin == ("nev.range.cltc",)
    assert held["id"].is_name and held["model"].is_name and not held["colour"].is_candidate


def test_values_are_those_of_models_and_words_for_nothing_are_none(tmp_path: Path) -> None:
    lines = [*rows(10), *(f"x{n},甲,m0,1500,400,,300,{p},a,red,无" for n, p in enumerate((70, 90)))]
    power = by_column(seen(tmp_path, lines))["peak power"]
    assert (power.models, power.distinct) == (10, 9)  # m0: the median of 50, 70 and 90, which m2 has too
    assert by_column(seen(tmp_path, lines))["remark"].models == 9


def test_what_is_asked_and_in_no_column_is_told_with_what_is_assumed_of_it(tmp_path: Path) -> None:
    found = {u.property_id: (u.assumed, [a.no for a in u.asks]) for u in seen(tmp_path, rows(3)).unserved}
    assert found == {"battery.state_of_health": (None, ["2"])}


def test_the_order_of_the_records_changes_nothing(tmp_path: Path) -> None:
    lines = rows(25)
    first = seen(tmp_path, lines).features
    random.Random(1).shuffle(lines)
    assert seen(tmp_path, lines).features == first


def test_too_few_models_are_no_candidate(tmp_path: Path) -> None:
    assert not seen(tmp_path, rows(9)).candidates and seen(tmp_path, rows(10)).candidates


@pytest.mark.parametrize("wrong", [{"least": 0}, {"spread": -0.1}, {"common": 0.0}, {"common": 1.1}])
def test_bounds_that_do_not_hold_together_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Refused) as refused:
        Bounds(**wrong)  # type: ignore[arg-type]
    assert [d.code for d in refused.value.diagnostics] == ["coverage-bounds"]


def test_of_real_cars_power_and_charging_power_differ_widely_and_no_car_standard_on_the_shelf_asks_them(shared: Path) -> None:
    """151 models; charging power from 50 kW (10 %) to 270 kW (90 %)."""
    day = date(2026, 11, 22)
    found = programs(shelf(), [s.number for s in standards_in_force(shelf(), load_regions(), "vehicle.car", None, day)], day)
    held = population(shelf(), found, shared / "data" / "products" / "open_ev_data.parquet", None)
    result = coverage(held, found, shelf().dictionary, Bounds())
    assert [f.column for f in result.candidates][:3] == ["system_power_kw", "dc_max_kw", "system_torque_nm"]
    charging = by_column(result)["dc_max_kw"]
    assert (charging.models, charging.quantiles) == (143, (50.0, 135.0, 270.0))
    assert not by_column(result)["range_wltp_km"].is_candidate and by_column(result)["curb_mass_kg"].is_asked
    assert "nev.range.cold_loss" in {u.property_id for u in result.unserved}


# Which standards.


def test_standards_in_force_are_of_the_subject_the_region_and_the_day() -> None:
    regions = load_regions()

    def numbers(subject: str, region: str | None, day: str) -> set[str]:
        return {s.number for s in standards_in_force(shelf(), regions, subject, region, date.fromisoformat(day))}

    assert "GB 36980.1-2025" in numbers("vehicle", "CN", "2026-01-01") - numbers("vehicle", "CN", "2025-12-31")
    assert "UN GTR 22" in numbers("vehicle.car", None, "2026-11-22") - numbers("vehicle.car", "CN", "2026-11-22")


@pytest.mark.parametrize(("subject", "region", "code", "hint"), [
    ("vehicle.cra", "CN", "unknown-subject", "vehicle.car"), ("vehicle.car", "Chnia", "unknown-region", "China"),
    ("recorder", "EU", "nothing-in-force", ""),
])  # fmt: skip
def test_an_unknown_subject_or_region_and_an_empty_shelf_are_told(subject: str, region: str, code: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        standards_in_force(shelf(), load_regions(), subject, region, date(1990, 1, 1))
    (said,) = refused.value.diagnostics
    assert said.code == code and hint in said.help("en")


def test_a_standard_replaced_from_a_later_day_or_not_yet_issued_is_told_by_its_days() -> None:
    held = {s.number: s for path in shelf().paths().values() if (s := shelf().open(path).standard)}
    old = next(s for s in held.values() if s.number == "GB/T 19056-2012")
    over = ended(old, shelf(), date(2026, 11, 22))
    assert over is not None and over.why == "replaced" and over.by == "GB/T 19056-2021" and over.day is not None
    assert in_force(old, shelf(), over.day - timedelta(1)) and not in_force(old, shelf(), over.day)
    new = held["UN GTR 22"]
    assert new.effective is None and new.published is not None
    assert in_force(new, shelf(), new.published) and not in_force(new, shelf(), new.published - timedelta(1))
