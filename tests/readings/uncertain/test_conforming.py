"""One record with standard uncertainties: first order, its borders, and draws, each held against the other and against the exact verdicts."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from checking import MADE_UP, program_of
from guiju.base.diagnostics import Problems
from guiju.ir.program import Program
from guiju.ir.values import Unknown
from guiju.readings.evaluate import Verdict, evaluate
from guiju.readings.uncertain.conforming import OF_VERDICTS, Uncertain, uncertain
from guiju.readings.uncertain.linear import Propagation, Why
from guiju.readings.uncertain.sampled import Sampler, drawn
from guiju.readings.uncertain.stated import Spread, Stated, stated
from random_documents import random_program
from random_records import records
from uncertain_cars import CARS


def said(given: dict[str, object], correlations: list[tuple[str, str, str]] | None = None, **options: Any) -> Uncertain:
    program = program_of(CARS)
    problems = Problems()
    made = stated(program.inputs, given, correlations or [], problems)
    assert not problems.has_errors, [d.message("en") for d in problems.found]
    return uncertain(program, made, **options)


def clause(found: Uncertain, no: str) -> Any:
    return next(c for c in found.clauses if c.meaning.no == no)


def quantity(found: Uncertain, name: str) -> Any:
    return next(q for q in found.quantities if q.name == name)


def test_a_linear_margin_is_what_a_person_works_out():
    found = said({"mass": "1500 ± 20 kg", "energy": {"value": 13.3, "u": "0.4", "k": 2}, "distance": 600})
    margin = clause(found, "1").margin
    assert margin.value == Fraction("0.2")
    assert margin.u == pytest.approx(math.hypot(0.005 * 20, 0.2))
    assert {p.name: float(p.sensitivity) for p in margin.parts} == {"mass": 0.005, "energy": -1}
    assert [p.share for p in margin.parts] == [pytest.approx(0.2), pytest.approx(0.8)]
    assert clause(found, "1").probability == pytest.approx(0.5 * (1 + math.erf(0.2 / math.hypot(0.1, 0.2) / math.sqrt(2))))
    assert clause(found, "1").shares[Verdict.PASS] == pytest.approx(clause(found, "1").probability, abs=5e-3)


def test_correlation_counts_and_leaves_finite_degrees_of_freedom_undefined():
    given: dict[str, object] = {"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": 600}
    found = said(given, [("mass", "energy", "0.5")])
    assert clause(found, "1").margin.u ** 2 == pytest.approx(0.1**2 + 0.2**2 - 2 * 0.5 * 0.1 * 0.2)
    assert sum(p.share for p in clause(found, "1").margin.parts) == pytest.approx(1)
    assert clause(found, "1").shares[Verdict.PASS] == pytest.approx(clause(found, "1").probability, abs=5e-3)
    few = said({**given, "energy": {"value": 13.3, "u": 0.2, "dof": 5}}, [("mass", "energy", "0.5")])
    assert math.isnan(clause(few, "1").margin.dof)
    assert clause(few, "1").probability is None
    alone = said({**given, "energy": {"value": 13.3, "u": 0.2, "dof": 5}, "mass": 1500})
    assert clause(alone, "1").margin.dof == pytest.approx(5)
    assert clause(alone, "1").probability == pytest.approx(clause(alone, "1").shares[Verdict.PASS], abs=5e-3)


@pytest.mark.parametrize(("given", "where", "why"), [
    ({"mass": "1990 ± 20", "energy": "13.3 ± 0.2"}, "limit", Why.STEP),
    ({"distance": "500 ± 10"}, "gap", Why.SIGN),
    ({"distance": "504 ± 1"}, "told", Why.ROUNDING),
    ({"distance": "30 ± 20", "energy": "5 ± 2"}, "used", Why.CURVED),
    ({"distance": "0 ± 10", "energy": {"value": 3, "u": 0}}, "used", None),
])  # fmt: skip
def test_what_makes_the_first_order_invalid_is_found_and_named(given: dict[str, object], where: str, why: Why | None):
    found = quantity(said({"mass": 1500, "energy": "13", "distance": 600, **given}), where).linear
    assert [d.why for d in found.doubts] == ([why] if why else [])
    assert all(d.where is not None for d in found.doubts)


def test_far_from_the_border_nothing_is_flagged_and_a_product_at_zero_is_flat():
    far = said({"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": "600 ± 10"})
    assert all(q.linear.holds for q in far.quantities if q.name in ("limit", "gap", "used"))
    assert not quantity(far, "told").linear.holds, "u is wider than the interval"
    assert clause(far, "3").margin is None, "two comparisons move"
    program = program_of(MADE_UP + 'inputs: {a: {is: vehicle.seats, unit: "1", decimals: 1, min: -9, max: 9}}\nformulas: {square: {zh: 方, en: square, unit: "1", formula: a * a, source: s}}\nclauses: {"1": {zh: 一, en: one, shall: square <= 1, source: s}}\n')  # fmt: skip
    flat = uncertain(program, Stated({"a": Fraction(0)}, {"a": Spread(Fraction(1))}))
    linear = flat.quantities[0].linear
    assert [d.why for d in linear.doubts] == [Why.FLAT]
    assert (linear.u, linear.second, linear.bias) == (0, pytest.approx(math.sqrt(2)), pytest.approx(1))
    assert flat.quantities[0].mean == pytest.approx(1, abs=0.02)
    assert flat.clauses[0].probability is None
    assert flat.clauses[0].conforming == pytest.approx(0.6827, abs=5e-3)


def test_nothing_uncertain_gives_the_exact_verdict_and_no_other():
    for energy, verdict in (("13.5", Verdict.PASS), ("13.51", Verdict.FAIL)):
        found = said({"mass": 1500, "energy": energy, "distance": {"value": 499.9, "u": 0}})
        assert clause(found, "1").verdict is verdict
        assert clause(found, "1").conforming in (0, 1)
        assert clause(found, "1").shares[verdict] == 1
        assert found.joint == 0
        assert found.trials == 1


def test_the_joint_probability_is_never_above_the_least_marginal():
    found = said({"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": "505 ± 10"})
    assert found.joint is not None
    assert found.joint <= min(c.shares[Verdict.PASS] for c in found.clauses if c.meaning.no != "overall")
    assert found.joint == clause(found, "overall").shares[Verdict.PASS]
    assert all(sum(c.shares[v] for v in OF_VERDICTS) == pytest.approx(1) for c in found.clauses)


def test_units_in_which_a_record_is_given_do_not_matter():
    one = said({"mass": "1500 ± 20 kg", "energy": "13.3 ± 0.2 kWh/100km", "distance": 600})
    other = said({"mass": "1.5 ± 0.02 t", "energy": "133 ± 2 Wh/km", "distance": "600 km"})
    assert one.stated == other.stated
    tonnes = program_of(CARS.replace("unit: kg, decimals: 1, min: 300, max: 6000", "unit: t, decimals: 4, min: 0.3, max: 6"))
    made = stated(tonnes.inputs, {"mass": "1500 ± 20 kg", "energy": "13.3 ± 0.2", "distance": 600}, [], Problems())
    third = uncertain(tonnes, made)
    assert clause(third, "1").margin.u == pytest.approx(clause(one, "1").margin.u, rel=1e-14)
    assert clause(third, "1").probability == pytest.approx(clause(one, "1").probability, rel=1e-12)
    assert clause(third, "1").shares == clause(one, "1").shares


def test_how_draws_are_cut_into_blocks_does_not_matter():
    given: dict[str, object] = {"mass": "1990 ± 20", "energy": "15.3 ± 0.2", "distance": {"value": 505, "u": 10, "dof": 7}}
    found = [said(given, [("mass", "energy", "0.3")], trials=5000, block=block) for block in (5000, 777, 64)]
    assert found[0].joint == found[1].joint == found[2].joint
    assert [c.shares for c in found[0].clauses] == [c.shares for c in found[1].clauses] == [c.shares for c in found[2].clauses]
    assert len({q.mean for f in found for q in f.quantities if q.name == "used"}) == 1
    assert said(given, trials=5000, seed=2).joint != found[0].joint


@pytest.mark.parametrize("seed", range(16))
def test_every_draw_gets_the_verdict_of_the_exact_reading(seed: int):
    program = random_program(seed)
    for number, record in enumerate(records(program, 3, seed, nulls=0.02)):
        made = spread(program, record, seed + number)
        if not made.spreads:
            continue
        at = evaluate(program, made.values)
        roots = [n for m in program.judged for n in (m.applies, m.requires)]
        values = Propagation(program, at, made).values
        found, draws = Sampler(program, made, values, roots).block(seed, 0, 12), drawn(made, seed, 0, 12)
        for i in range(12):
            exact = evaluate(program, {**record, **{name: Fraction(float(x[i])) for name, x in draws.items()}})
            for node in roots:
                value, known = (np.broadcast_to(each, (12,))[i] for each in found[node.index])
                wanted = exact.of(node)
                assert bool(known) == (not isinstance(wanted, Unknown)), (seed, node)
                assert not known or bool(value) == wanted, (seed, node)


def spread(program: Program, record: dict[str, Any], seed: int) -> Stated:
    """The record with a u of a few grid steps, or a hundredth, for most of its numbers."""
    spreads = {}
    for position, (name, value) in enumerate(record.items()):
        if program.inputs[name].kind == "number" and (position + seed) % 4:
            spreads[name] = Spread(max(abs(value) / 100, 3 * program.inputs[name].grid))
    return Stated(record, {name: spreads[name] for name in program.inputs if name in spreads})


@pytest.mark.parametrize("seed", range(10))
def test_first_order_and_draws_agree_where_the_first_order_holds(seed: int):
    program, trials, compared = random_program(seed), 4000, 0
    for number, record in enumerate(records(program, 4, seed, nulls=0)):
        made = spread(program, record, seed + number)
        if not made.spreads:
            continue
        found = uncertain(program, made, trials=trials, seed=seed)
        for each in found.clauses:
            if each.probability is not None and each.margin is not None:
                compared += 1
                sigma = math.sqrt(max(each.probability * (1 - each.probability), 1e-4) / trials)
                assert abs(each.shares[Verdict.PASS] - each.probability) < 5 * sigma + 0.01, (seed, each)
        for each in found.quantities:
            if each.linear.holds and each.linear.u > 0 and each.known == 1:
                compared += 1
                assert each.sd == pytest.approx(each.linear.u, rel=0.1), (seed, each)
    assert compared or seed == 2


def test_the_second_order_is_exact_for_a_product_and_counts_third_derivatives():
    found = said({"mass": 1500, "energy": "10 ± 0.1", "distance": "500 ± 20"}, [("energy", "distance", "0.5")])
    used, joint = quantity(found, "used").linear, 0.5 * 0.1 * 20
    first = (500 * 0.1) ** 2 + (10 * 20) ** 2 + 2 * 500 * 10 * joint
    assert used.u == pytest.approx(math.sqrt(first) / 100)
    assert used.second == pytest.approx(math.sqrt(first + (0.1 * 20) ** 2 + joint**2) / 100)
    assert used.bias == pytest.approx(joint / 100)
    assert [p.share for p in used.parts] == [pytest.approx((500 * 0.1) * (500 * 0.1 + 0.5 * 10 * 20) / first), pytest.approx((10 * 20) * (10 * 20 + 0.5 * 500 * 0.1) / first)]
    program = program_of(MADE_UP + 'inputs: {a: {is: vehicle.seats, unit: "1", decimals: 1, min: -9, max: 9}}\nformulas: {cube: {zh: 立方, en: cube, unit: "1", formula: a * a * a, source: s}}\nclauses: {"1": {zh: 一, en: one, shall: cube <= 1, source: s}}\n')  # fmt: skip
    cube = uncertain(program, Stated({"a": Fraction(2)}, {"a": Spread(Fraction(1, 2))}), trials=1).quantities[0].linear
    u = 0.5
    assert cube.second == pytest.approx(math.sqrt((12 * u) ** 2 + 0.5 * (12 * u * u) ** 2 + 12 * 6 * u**4))
