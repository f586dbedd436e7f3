"""What is stated of a record at the door: every form of an uncertainty, and every mistake with its code."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from checking import program_of
from guiju.base.diagnostics import Problems
from guiju.readings.uncertain.stated import Stated, stated
from uncertain_cars import CARS

GOOD: dict[str, object] = {"mass": "1500 ± 20 kg", "energy": "13.3 ± 0.2", "distance": "600 +/- 5 km"}


def read(given: dict[str, object], correlations: list[tuple[str, str, str]] | None = None) -> tuple[Stated, list[str]]:
    problems = Problems()
    made = stated(program_of(CARS).inputs, given, correlations or [], problems)
    return made, [d.code for d in problems.found]


@pytest.mark.parametrize("mass", [
    "1500 ± 20 kg", "1500±20", "1.5 t ± 20 kg", "1.5 ± 0.02 t", {"value": 1500, "u": 20}, {"value": "1500 kg", "u": "0.04 t", "k": 2}, {"value": 1500, "u": 20, "dof": "inf"},
])  # fmt: skip
def test_the_same_uncertainty_can_be_stated_in_many_ways(mass: object):
    made, codes = read({"mass": mass})
    assert not codes
    assert made.values["mass"] == 1500
    assert made.spreads["mass"].u == 20
    assert math.isinf(made.spreads["mass"].dof)


def test_without_an_uncertainty_a_value_is_exact():
    made, codes = read({"mass": {"value": 1500}, "energy": {"value": 13.3, "u": 0, "k": 2}, "distance": "600"})
    assert (made.names, codes) == ((), [])
    assert made.values["distance"] == Fraction(600)


def test_properties_stand_for_inputs_and_correlations_too():
    made, codes = read({"vehicle.mass.curb": "1500 ± 20", "energy": "13.3 ± 0.2"}, [("vehicle.mass.curb", "energy", "-0.5")])
    assert (made.names, codes) == (("mass", "energy"), [])
    assert dict(made.correlation) == {("mass", "energy"): -0.5}


@pytest.mark.parametrize(("given", "correlations", "code"), [
    ({"mass": "1500 ± -1"}, [], "spread-negative"),
    ({"mass": {"value": 1500, "u": 1, "k": 0}}, [], "spread-factor"),
    ({"mass": {"value": 1500, "u": 1, "dof": "few"}}, [], "spread-factor"),
    ({"mass": {"value": 1500, "u": 1, "dof": "1e999"}}, [], "spread-factor"),
    ({"mass": "1500 ± 1e99"}, [], "spread-factor"),
    ({"mass": "1500 ±"}, [], "input-not-a-number"),
    ({"mass": {"value": 1500, "u": "1 km"}}, [], "input-unit"),
    ({"mass": "1500 ± little"}, [], "input-not-a-number"),
    ({"mas": "1500 ± 1"}, [], "unknown-input"),
    (GOOD, [("mass", "energi", "0.5")], "unknown-input"),
    (GOOD, [("mass", "energy", "1.5")], "uncertain-pair"),
    (GOOD, [("mass", "mass", "1")], "uncertain-pair"),
    (GOOD, [("mass", "energy", "high")], "uncertain-pair"),
    ({**GOOD, "mass": 1500}, [("mass", "energy", "0.5")], "correlation-of-exact"),
    (GOOD, [("mass", "energy", "0.9"), ("energy", "distance", "0.9"), ("mass", "distance", "-0.9")], "uncertain-correlation"),
])  # fmt: skip
def test_every_mistake_has_its_code(given: dict[str, object], correlations: list[tuple[str, str, str]], code: str):
    _, codes = read(given, correlations)
    assert codes == [code]
