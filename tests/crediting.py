"""Made-up rules that credit the real trips and charging sessions of the acceptance cases, and where those are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checking import MADE_UP

BIKES = MADE_UP + """
inputs:
  account: {is: trip.account}
  trip: {is: trip.id}
  started: {is: trip.started, zone: "+00:00"}
  distance: {is: trip.distance, unit: m, decimals: 1, min: 0, max: 1000000}
  duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 1000000}
  jump: {is: trip.jump, unit: m, decimals: 1, min: 0, max: 1000000}
parameters:
  base: {unit: gCO2e/pkm, value: 106, source: s}
  project: {unit: gCO2e/pkm, value: 9, source: s}
formulas:
  ride_day: {formula: day(started)}
  speed: {unit: m/s, formula: distance / duration}
  credit: {unit: gCO2e, formula: "round_down(min(distance, 10 km) * 1 person * (base - project), 1 gCO2e)"}
clauses:
  duration_s: {zh: 时长, en: duration, shall: 60 s <= duration <= 7200 s, source: s}
  track_m: {zh: 里程, en: distance, shall: 500 m <= distance <= 30 km, source: s}
  max_seg_m: {zh: 跳变, en: jump, shall: jump <= 500 m, source: s}
  avg_speed: {zh: 平均速度, en: mean speed, shall: "speed <= 8.333 [m/s]", source: s}
aggregates:
  rides: {zh: 账户日, en: account-days, by: [account, ride_day], where: "pass('overall')", order: [started, trip], first: 4,
          sums: {credit: credit}, undetermined: exclude, source: s}
  accounts: {zh: 账户, en: accounts, of: rides, by: [account], sums: {total: credit}, source: s}
  everyone: {zh: 全部, en: everyone, of: accounts, by: [], sums: {total: total}, source: s}
"""
CHARGING = MADE_UP + """
inputs:
  started: {is: charging.session.started, zone: "+00:00"}
  energy: {is: charging.session.energy, unit: kWh, decimals: 2, min: 0, max: 1000}
  duration: {is: charging.session.duration, unit: h, decimals: 2, min: 0, max: 1000}
parameters:
  efficiency: {unit: "1", value: 0.900, source: s}
  consumption: {unit: kWh/km, value: 0.180, source: s}
  fuel: {unit: L/km, value: 0.090, source: s}
  petrol: {unit: kgCO2e/L, value: 2.296, source: s}
  grid: {unit: kgCO2e/kWh, values: [{from: 2018-01-01, value: 0.5834}, {from: 2022-01-01, value: 0.5849}, {from: 2023-01-01, value: 0.5737}], source: s}
formulas:
  baseline: {unit: kgCO2e, formula: energy * efficiency / consumption * fuel * petrol}
  project: {unit: kgCO2e, formula: energy * grid(day(started))}
  reduction: {unit: kgCO2e, formula: "round_gb(max(0, baseline - project), 0.001 kgCO2e)"}
  year: {formula: "'2018' if day(started) <= 2018-12-31 else '2019' if day(started) <= 2019-12-31 else '2020' if day(started) <= 2020-12-31 else '2021'"}
clauses:
  energy_range: {zh: 电量, en: energy, shall: 1 kWh <= energy <= 100 kWh, source: s}
  charged: {zh: 时长, en: duration, shall: duration > 0 h, source: s}
  power: {zh: 功率, en: power, shall: energy / duration <= 22 kW, source: s}
aggregates:
  years: {zh: 年, en: years, by: [year], where: "pass('overall')", sums: {er: reduction, be: baseline, pe: project}, undetermined: refuse, source: s}
  everyone: {zh: 全部, en: everyone, of: years, by: [], sums: {er: er, be: be, pe: pe}, source: s}
"""


def case(shared: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """The records of an acceptance case and what it expects."""
    carbon = shared / "data" / "carbon"
    given = json.loads((carbon / "cases" / name / "input.json").read_text(encoding="utf-8"))["input"]
    return carbon / given["file"], json.loads((carbon / "cases" / name / "expected.json").read_text(encoding="utf-8"))["expected"]
