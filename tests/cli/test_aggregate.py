from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from checking import MADE_UP
from cli.test_cli import guiju
from guiju.cli.console import choose_language

RULE = MADE_UP + """
inputs:
  account: {is: trip.account}
  started: {is: trip.started, zone: "+08:00"}
  distance: {is: trip.distance, unit: km, decimals: 3, min: 0, max: 100}
  duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 100000}
formulas:
  ride_day: {formula: day(started)}
clauses:
  "4.1": {zh: 里程不大于 30 km, en: at most 30 km, shall: distance <= 30 km, source: s}
aggregates:
  rides: {zh: 账户日, en: account-days, by: [account, ride_day], where: "pass('overall')", sums: {way: distance}, caps: {way: 20 km}, undetermined: exclude, source: s}
  accounts: {zh: 账户, en: accounts, of: rides, by: [account], sums: {total: way}, source: s}
"""
TRIPS = """用户编号,开始时间,出行里程(km)
=1+1,2026-01-01 08:00:00,12.345
=1+1,2026-01-01 09:00:00,10
b,2026-01-01 09:00:00,30.001
b,2026-01-02 09:00:00,0.125
"""


@pytest.fixture(autouse=True)
def _language():
    yield
    choose_language(None)


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    folder = tmp_path / "rule"
    folder.mkdir()
    (folder / "standard.yaml").write_text(RULE, encoding="utf-8")
    return folder


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    path = tmp_path / "trips.csv"
    path.write_text(TRIPS, encoding="utf-8")
    return path


def test_the_whole_is_told_with_what_counts_what_does_not_and_what_is_cut_off(rule: Path, trips: Path):
    result = guiju("aggregate", rule, trips)
    assert result.exit_code == 0, result.stderr
    assert "aggregates: 4 records" in result.stdout
    assert "way 20.125 km (1 capped, 2.345 km cut off)" in result.stdout
    assert "4.1 at most 30 km" in result.stdout and "sha256" in result.stdout
    assert "共削去 2.345 km" in guiju("aggregate", rule, trips, language="zh").stdout


def test_json_has_exact_sums_the_reasons_and_the_hash_of_each_level(rule: Path, trips: Path):
    told = json.loads(guiju("aggregate", rule, trips, "--json").stdout)
    assert told["aggregates"]["rides"]["sums"]["way"] == {"total": "20.125", "unit": "km", "cap": "20", "groups_capped": 1, "cut_off": "2.345"}
    assert told["aggregates"]["accounts"]["records"] == {"counted": 3, "beyond": 0, "rejected": 1, "undetermined": 0}
    assert told["reasons"]["rides"]["rejected"] == {"4.1": {"fail": 1, "first": 1}}
    again = json.loads(guiju("aggregate", rule, trips, "--json").stdout)
    assert again == told and len(told["aggregates"]["rides"]["sha256"]) == 64


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_groups_are_written_as_decimals_with_the_unit_in_the_header(rule: Path, trips: Path, tmp_path: Path, ending: str):
    out = tmp_path / f"out.{ending}"
    assert guiju("aggregate", rule, trips, "--level", "rides", "--to", out).exit_code == 0
    if ending == "xlsx":
        header, *rows = load_workbook(out).active.values
        assert header[-2:] == ("way_uncapped (km)", "way (km)")
        assert [(row[0], float(row[-1])) for row in rows] == [("=1+1", 20), ("b", 0), ("b", 0.125)]
        return
    reader = {"csv": "read_csv", "parquet": "read_parquet"}[ending]
    rows = duckdb.sql(f"SELECT account, \"way_uncapped (km)\"::VARCHAR, \"way (km)\"::DOUBLE FROM {reader}('{out}') ORDER BY ALL").fetchall()
    shown = "'=1+1" if ending == "csv" else "=1+1"
    assert [(account, float(before), way) for account, before, way in rows] == [(shown, 22.345, 20.0), ("b", 0.0, 0.0), ("b", 0.125, 0.125)]
    assert guiju("aggregate", rule, trips, "--to", out).exit_code == 2


def test_undetermined_records_are_told_with_what_they_wait_for_and_by_the_exit_code(rule: Path, tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_text(TRIPS + "c,,1\n,2026-01-02 09:00:00,1\nd,2026-01-02 09:00:00,\n", encoding="utf-8")
    result = guiju("aggregate", rule, path, "--level", "accounts")
    assert result.exit_code == 3
    assert "undetermined records wait for account 1, distance of the trip 1, start of the trip 1" in result.stdout


def test_what_cannot_be_brought_together_is_refused_by_name(rule: Path, trips: Path):
    for words, code in (((rule, trips, "--level", "ride"), "unknown-aggregate"), (("GB 36980.1-2025", trips), "no-aggregates")):
        result = guiju("aggregate", *words)
        assert result.exit_code == 2 and code in result.stderr
