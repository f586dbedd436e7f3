"""How draws are made: Philox or scrambled Sobol points, as many as asked or until settled; regions of several numbers; risks of a process."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checking import program_of
from guiju.base.diagnostics import Problems
from guiju.metrology.draws import points
from guiju.readings.evaluate import Verdict
from guiju.readings.uncertain import conforming
from guiju.readings.uncertain.conforming import Uncertain, uncertain
from guiju.readings.uncertain.linear import Why
from guiju.readings.uncertain.process import Process, process_risks
from guiju.readings.uncertain.sampled import Draws, drawn
from guiju.readings.uncertain.stated import HALVES, Spread, Stated, stated
from guiju.readings.uncertain.tally import Wanted
from random_documents import random_program
from random_records import records
from uncertain_cars import CARS

GIVEN: dict[str, object] = {"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": "510 ± 4"}


def made(given: dict[str, object], correlations: list[tuple[str, str, str]] | None = None) -> tuple[Any, Stated]:
    program, problems = program_of(CARS), Problems()
    found = stated(program.inputs, given, correlations or [], problems)
    assert not problems.has_errors, [d.message("en") for d in problems.found]
    return program, found


def said(given: dict[str, object], correlations: list[tuple[str, str, str]] | None = None, **options: Any) -> Uncertain:
    return uncertain(*made(given, correlations), **options)


def figures(found: Uncertain) -> tuple[Any, ...]:
    region = found.region
    together = None if region is None else (region.ellipsoid_drawn, region.box_drawn, region.drawn.tobytes())
    return (tuple(tuple(c.shares.values()) for c in found.clauses), found.joint, tuple((q.mean, q.sd, q.low, q.high) for q in found.quantities),
            tuple(tuple(each.shares.items()) for each in found.levels), found.trials, found.error, together)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["philox", "sobol"]), st.integers(0, 2**40), st.integers(0, 9000), st.integers(1, 6000), st.lists(st.integers(1, 3000), max_size=4))
def test_points_are_the_same_whatever_is_asked_for_beside_them(sampler: Any, seed: int, first: int, count: int, cuts: list[int]):
    whole, at, parts = points(sampler, seed, 3, first, count, 10), first, []
    for size in [*cuts, count]:
        taken = min(size, first + count - at)
        if taken:
            parts.append(points(sampler, seed, 3, at, taken, 10))
        at += taken
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


@pytest.mark.parametrize("sampler", ["philox", "sobol"])
@pytest.mark.parametrize("trials", [None, 20_000])
def test_the_same_seed_gives_the_same_whatever_the_block(sampler: Any, trials: int | None):
    for correlations in ([], [("mass", "energy", "0.6")]):
        found = [figures(said(GIVEN, correlations, sampler=sampler, trials=trials, seed=3, block=block)) for block in (977, 4096, 50_000)]
        assert found[0] == found[1] == found[2]
    assert figures(said(GIVEN, sampler=sampler, trials=trials, seed=4)) != found[0]


@pytest.mark.parametrize("sampler", ["philox", "sobol"])
@pytest.mark.parametrize("digits", [1, 2])
def test_an_adaptive_run_stops_when_its_figures_are_settled(sampler: Any, digits: int):
    found = said({**GIVEN, "distance": 600}, sampler=sampler, trials=None, digits=digits)
    assert found.settled
    assert found.digits == digits
    assert 2 * found.error <= 0.5 * 10.0**-digits
    first = next(c for c in found.clauses if c.meaning.no == "1")
    assert first.probability is not None
    assert first.shares[Verdict.PASS] == pytest.approx(first.probability, abs=2 * 10.0**-digits)
    used = next(q for q in found.quantities if q.name == "used")
    assert used.linear.second is not None
    assert used.sd == pytest.approx(used.linear.second, abs=10.0 ** (math.floor(math.log10(used.sd)) - digits + 1))


def test_sobol_points_settle_with_fewer_draws():
    counts = {way: said(GIVEN, sampler=way, trials=None, digits=2).trials for way in ("philox", "sobol")}
    assert counts["sobol"] < counts["philox"]


def test_a_run_that_cannot_settle_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conforming, "Wanted", lambda trials, digits: Wanted(trials, digits, most=20_000))
    found = said({**GIVEN, "energy": {"value": 13.3, "u": 0.2, "dof": 2.1}}, trials=None, digits=3)
    assert not found.settled
    assert found.trials == 20_000


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_of_drawing_agree_on_random_documents(seed: int):
    program = random_program(seed, events=False)
    numbers = [n for n in program.used_inputs if program.inputs[n].kind == "number"]
    record = records(program, 1, seed, nulls=0)[0]
    known = Stated(record, {n: Spread(20 * program.inputs[n].grid) for n in numbers if n in record})
    plain, even = (uncertain(program, known, trials=16_384, sampler=way, seed=5) for way in ("philox", "sobol"))  # type: ignore[arg-type]
    for one, other in zip(plain.clauses, even.clauses, strict=True):
        for verdict in Verdict:
            assert one.shares[verdict] == pytest.approx(other.shares[verdict], abs=6 * 0.5 / math.sqrt(16_384))


# shapes


@pytest.mark.parametrize("shape", HALVES)
def test_a_half_width_is_drawn_as_its_shape(shape: str):
    _, found = made({"mass": {"value": 1500, "half": "30 kg", "shape": shape}, "energy": 13, "distance": 600})
    assert float(found.spreads["mass"].u) == pytest.approx(30 / math.sqrt(HALVES[shape]))
    values = drawn(found, Draws(1, "sobol", 14), 0, 2**14)["mass"]
    assert values.std() == pytest.approx(float(found.spreads["mass"].u), rel=1e-3)
    assert 1470 <= values.min() < 1472
    assert 1528 < values.max() <= 1530


def test_an_input_that_is_not_normal_and_dominates_leaves_the_probability_to_the_draws():
    most = said({"mass": "1500 ± 2", "energy": {"value": 13.3, "half": 0.4}, "distance": 600})
    clause = next(c for c in most.clauses if c.meaning.no == "1")
    assert clause.probability is None
    assert clause.margin is not None
    assert [d.why for d in clause.margin.doubts] == [Why.SHAPE]
    least = said({"mass": "1500 ± 40", "energy": {"value": 13.3, "half": 0.05}, "distance": 600})
    clause = next(c for c in least.clauses if c.meaning.no == "1")
    assert clause.probability == pytest.approx(clause.shares[Verdict.PASS], abs=6e-3)


def test_a_rectangular_input_alone_has_the_exact_interval():
    found = said({"mass": 1500, "energy": {"value": 13.3, "half": 0.4}, "distance": 600}, sampler="sobol", trials=2**16)
    used = next(q for q in found.quantities if q.name == "used")
    assert (used.high - used.low) / 2 == pytest.approx(0.95 * 0.4 * 600 / 100, rel=2e-4)


@pytest.mark.parametrize(("mass", "code"), [
    ({"value": 1500, "half": 10, "shape": "square"}, "unknown-word"), ({"value": 1500, "half": 10, "k": 2}, "spread-shape"),
])  # fmt: skip
def test_a_shape_that_is_none_is_refused(mass: object, code: str):
    problems = Problems()
    stated(program_of(CARS).inputs, {"mass": mass, "energy": 13, "distance": 600}, [], problems)
    assert [d.code for d in problems.found] == [code]


# several numbers together


def test_the_region_of_several_numbers_holds_what_it_says():
    found = said({"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": "600 ± 4"}, sampler="sobol", trials=2**16)
    region = found.region
    assert region is not None
    assert set(region.names) == {"limit", "used", "gap"}  # what is rounded has no first order
    # limit moves with mass alone; used and gap share the distance
    at = {name: i for i, name in enumerate(region.names)}
    assert region.covariance[at["used"], at["gap"]] == pytest.approx(13.3 / 100 * 4**2)
    assert region.covariance[at["used"], at["limit"]] == pytest.approx(0)
    assert region.rank == 3
    assert np.allclose(region.drawn, region.covariance, atol=2e-2)
    assert region.ellipsoid == pytest.approx(math.sqrt(7.814727903251179))  # χ² of 3, 95 %
    assert region.ellipsoid_drawn == pytest.approx(region.ellipsoid, rel=1e-2)
    assert region.box == pytest.approx(2.393979800231979)  # z of 1 - 0.05/6
    assert 1.96 < region.box_drawn < region.box + 0.01


def test_numbers_that_follow_from_one_another_add_no_dimension():
    found = said({"mass": 1500, "energy": 13.3, "distance": "600 ± 4"}, sampler="sobol", trials=2**14)
    region = found.region
    assert region is not None
    assert set(region.names) == {"used", "gap"}
    assert region.rank == 1
    assert region.correlation[0, 1] == pytest.approx(1)
    assert region.ellipsoid == pytest.approx(1.959963984540054)
    assert region.ellipsoid_drawn == pytest.approx(region.ellipsoid, rel=1e-2)


# risks of a process


@pytest.mark.parametrize("rule", ["simple", "guard", "ilac-g8", "iso14253-1"])
def test_risks_by_draws_are_those_of_the_bivariate_normal_distribution(rule: Any):
    program, found = made({"mass": "1500 ± 10", "energy": "13.3 ± 0.1", "distance": 600})
    risks = process_risks(program, found, {"energy": Process(Fraction("13.4"), Fraction("0.15"))}, rule=rule, trials=200_000)
    clause = next(c for c in risks.clauses if c.meaning.no == "1")
    assert clause.linear is not None
    assert clause.drawn is not None
    for name in ("consumer", "producer", "accepted", "conforming"):
        one, other = getattr(clause.linear, name), getattr(clause.drawn, name)
        assert other == pytest.approx(one, abs=5 * math.sqrt(max(one, 1e-4) / 200_000) + 1e-4), name
    assert clause.guard == pytest.approx({"simple": 0, "iso14253-1": 1.65}.get(rule, 2) * math.hypot(0.1, 0.05))


def test_a_guard_band_takes_from_the_consumers_risk_and_gives_to_the_producers():
    program, found = made({"mass": "1500 ± 10", "energy": "13.3 ± 0.1", "distance": 600})
    process = {"energy": Process(Fraction("13.4"), Fraction("0.15"))}
    simple, guard = (process_risks(program, found, process, rule=rule, trials=50_000) for rule in ("simple", "guard"))  # type: ignore[arg-type]
    one, other = (next(c.drawn for c in each.clauses if c.meaning.no == "1") for each in (simple, guard))
    assert one is not None
    assert other is not None
    assert other.consumer < one.consumer / 4
    assert other.producer > one.producer


def test_risks_do_not_depend_on_blocks_and_measuring_exactly_risks_nothing():
    program, found = made(GIVEN)
    process = {"energy": Process(Fraction("13.4"), Fraction("0.3")), "distance": Process(Fraction(505), Fraction(6))}
    cut = [process_risks(program, found, process, trials=20_000, block=block) for block in (999, 20_000)]
    assert [(c.drawn, c.linear) for c in cut[0].clauses] == [(c.drawn, c.linear) for c in cut[1].clauses]
    assert cut[0].overall == cut[1].overall
    assert cut[0].overall is not None
    assert cut[0].overall.consumer > 0
    _, exact = made({"mass": 1500, "energy": 13.3, "distance": 510})
    nothing = process_risks(program, exact, process, trials=5_000)
    assert nothing.overall is not None
    assert nothing.overall.consumer == nothing.overall.producer == 0
    assert 0 < nothing.overall.conforming < 1


# what applies, and what cannot turn


def test_a_clause_that_other_parts_decide_is_settled():
    found = said({"mass": 1500, "energy": "13.3 ± 0.2", "distance": 400})
    third = next(c for c in found.clauses if c.meaning.no == "3")
    assert third.settled
    assert third.probability == 0
    assert third.shares[Verdict.FAIL] == 1
