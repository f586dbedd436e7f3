"""`guiju uncertain` as called: the table, the JSON, exit codes, and what is wrong with a call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guiju.app import PARTS
from guiju.cli.main import build
from guiju.readings.uncertain import conforming
from guiju.readings.uncertain.tally import Wanted

CAR = ("--set", "category=M1", "--set", "powertrain=bev", "--set", "max_mass=2200")


def call(*words: str) -> Result:
    return CliRunner().invoke(build(PARTS), ["--lang", "en", "uncertain", "GB 36980.1-2025", *CAR, *words])


def test_json_says_what_the_table_says(tmp_path: Path):
    record = tmp_path / "car.yaml"
    record.write_text("curb_mass: {value: 1780, u: 10}\nconsumption: {value: 13.80, u: 0.2, k: 2, dof: 12}\n", encoding="utf-8")
    found = call("--record", str(record), "--json", "--rule", "iso14253-1", "--trials", "20000")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    clause = told["clauses"][0]
    assert clause["margin"]["value"] == "0.12"
    assert clause["margin"]["u"] == pytest.approx(0.11441748)
    assert clause["decision"] == "undecided"
    assert clause["margin"]["dof"] == pytest.approx(20.6, abs=0.05)
    assert clause["draws"]["pass"] == pytest.approx(clause["probability_first_order"], abs=0.02)
    assert told["joint"] == clause["draws"]["pass"]
    assert "84.68 %" in call("--record", str(record)).output


def test_exit_codes_are_those_of_the_verdict():
    assert call("--set", "curb_mass=1780 ± 10", "--set", "consumption=14 ± 0.1").exit_code == 1
    assert call("--set", "curb_mass=1780 ± 10").exit_code == 3


def test_correlations_of_a_file_and_of_the_call_are_joined(tmp_path: Path):
    record = tmp_path / "car.yaml"
    record.write_text("curb_mass: {value: 1780, u: 10}\nconsumption: {value: 13.80, u: 0.1}\ncorrelations:\n  - {of: [curb_mass, consumption], r: 0.5}\n", encoding="utf-8")
    one = json.loads(call("--record", str(record), "--json").stdout)
    record.write_text("curb_mass: {value: 1780, u: 10}\nconsumption: {value: 13.80, u: 0.1}\n", encoding="utf-8")
    other = json.loads(call("--record", str(record), "--correlation", "curb_mass,consumption=0.5", "--json").stdout)
    assert one == other
    assert one["correlations"] == [{"of": ["curb_mass", "consumption"], "r": 0.5}]


@pytest.mark.parametrize(("words", "code"), [
    (("--set", "category=M1 ± 1"), "spread-of-no-number"),
    (("--set", "curb_mass=1780 ± 10", "--correlation", "curb_mass"), "correlation-malformed"),
    (("--set", "curb_mass=1780 ± 10", "--trials", "3"), "trials-out-of-reach"),
])  # fmt: skip
def test_a_wrong_call_is_told(words: tuple[str, ...], code: str):
    found = call(*words)
    assert found.exit_code == 2
    assert f"error[{code}]" in found.output


def test_draws_beyond_the_declared_range_are_warned_of():
    found, code = call("--set", "curb_mass=305 ± 10", "--set", "consumption=9 ± 0.1"), "spread-beyond-range"
    assert found.exit_code == 0
    assert f"warning[{code}]" in found.output


MEASURED = ("--set", "curb_mass=1780 ± 10", "--set", "consumption=13.80 ± 0.10")


def test_risks_of_a_process_are_told_with_their_prior():
    found = call(*MEASURED, "--process", "consumption=13.6±0.2", "--rule", "guard")
    assert "global risks of the process" in found.output
    assert "consumption 13.6 ± 0.2" in found.output
    told = json.loads(call(*MEASURED, "--process", "consumption=13.6±0.2", "--rule", "guard", "--json").stdout)["process"]
    clause = told["clauses"][0]
    assert clause["guard"] == pytest.approx(2 * 0.1144174812, rel=1e-6)
    assert clause["draws"]["producer"] == pytest.approx(clause["first_order"]["producer"], abs=5e-3)
    assert told["prior"] == {"consumption": {"mean": "13.6", "sd": "0.2", "kind": "normal"}}


def test_an_adaptive_run_says_how_far_it_settled(monkeypatch: pytest.MonkeyPatch):
    found = call(*MEASURED, "--digits", "2", "--sampler", "sobol")
    assert "settled to 2 digits" in found.output
    assert "Sobol" in found.output
    monkeypatch.setattr(conforming, "Wanted", lambda trials, digits: Wanted(trials, digits, most=20_000))
    hasty = call("--set", "curb_mass=1780", "--set", "consumption=13.80 ± 0.10", "--digits", "3").output
    code = "draws-not-settled"
    assert f"warning[{code}]" in hasty


def test_many_records_of_a_file(tmp_path: Path):
    records, out = tmp_path / "cars.csv", tmp_path / "out.csv"
    records.write_text("category,powertrain,max_mass,curb_mass,consumption,u\nM1,bev,2200,1780,13.80,0.1\nM1,bev,2200,1095,10.1,0.1\n", encoding="utf-8")
    mapping = tmp_path / "cars.mapping.yaml"
    names = ("category", "powertrain", "max_mass", "curb_mass", "consumption")
    mapping.write_text("guiju: 1\ninputs:\n" + "".join(f"  {name}: {{column: {name}}}\n" for name in names), encoding="utf-8")
    words = ("GB 36980.1-2025", "--records", str(records), "--mapping", str(mapping), "--u", "consumption=@u", "--u", "curb_mass=10", "--correlation", "curb_mass,consumption=0.4")
    def many(*more: str) -> Result:
        return CliRunner().invoke(build(PARTS), ["--lang", "en", "uncertain", *words, *more])

    found = many("--out", str(out))
    assert found.exit_code == 0, found.output
    assert "1 of them were drawn one by one" in found.output
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert float(rows[1].split(",")[4]) == pytest.approx(0.9016, abs=5e-5)  # as one record says it
    told = json.loads(many("--singles", "0", "--json").stdout)
    assert (told["clauses"][0]["records"], told["clauses"][0]["near"], told["waiting"]) == (1, 1, 1)


@pytest.mark.parametrize(("words", "code"), [
    (("--process", "consumption=13"), "process-malformed"), (("--process", "consumtion=13±1"), "unknown-input"),
    (("--process", "category=13±1"), "spread-of-no-number"), (("--process", "consumption=13±-1"), "spread-negative"),
])  # fmt: skip
def test_a_process_that_is_none_is_told(words: tuple[str, ...], code: str):
    found = call(*MEASURED, *words)
    assert found.exit_code == 2
    assert f"error[{code}]" in found.output


def test_correlated_inputs_with_finite_degrees_of_freedom_are_told(tmp_path: Path):
    record = tmp_path / "car.yaml"
    record.write_text("curb_mass: {value: 1780, u: 10}\nconsumption: {value: 13.80, u: 0.1, dof: 5}\n", encoding="utf-8")
    found = call("--record", str(record), "--correlation", "curb_mass,consumption=0.4")
    assert "effective ones are undefined, no probability" in found.output
    told = json.loads(call("--record", str(record), "--correlation", "curb_mass,consumption=0.4", "--json").stdout)
    assert told["clauses"][0]["probability_first_order"] is None
    assert told["clauses"][0]["margin"]["dof_undefined"]


@pytest.mark.parametrize("words", [("--records", "cars.csv"), ("--u", "consumption=1%"), ("--out", "x.csv")])
def test_options_that_would_not_count_are_refused(words: tuple[str, ...]):
    code = "uncertain-one-or-many"
    found = call(*words)
    assert found.exit_code == 2
    assert f"error[{code}]" in found.output
