"""Conformance: probabilities, risks, guard bands and decision rules, against simulation and against one another."""

from __future__ import annotations

import math
from fractions import Fraction

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.metrology import conformity as c
from guiju.metrology.decision import RULES, Rule, decide
from guiju.metrology.distribution import gamma, normal, sample, student
from guiju.metrology.draws import philox

INF = math.inf


def test_probabilities_far_outside_keep_their_digits() -> None:
    p = c.conformance_probability([10.0, -10.0], [1.0, 1.0], (0.0, 1.0))
    assert p[0] == pytest.approx(1.1285884059538e-19, rel=1e-9) and p[1] == pytest.approx(7.6198530241605e-24, rel=1e-9)
    assert list(c.conformance_probability([1.0, 3.0], 0.0, (0.0, 2.0))) == [1, 0]
    assert float(c.conformance_probability(1.0, 0.5, (-INF, 1.0))) == 0.5
    assert float(c.conformance_probability(2.0, 1.0, (-INF, 0.0), dof=3)) == pytest.approx(0.0697, abs=1e-4)
    assert c.share_within([1, 2, 3, 4], (2, 3)) == 0.5


def test_the_duckdb_macros_are_as_exact_as_they_say() -> None:
    from scipy.special import ndtr

    connection = duckdb.connect()
    for statement in c.duckdb_macros():
        connection.execute(statement)
    found = connection.execute("SELECT -9 + 18 * i / 60000::DOUBLE AS x, normal_cdf(x) AS p FROM range(60001) t(i)").fetchnumpy()
    assert np.max(np.abs(found["p"] - ndtr(found["x"]))) < c.SQL_ERROR
    connection.execute("CREATE TABLE r AS SELECT 10 + random() * 2 - 1 AS y, 0.05 + random() AS u FROM range(20000)")
    rows = connection.execute("SELECT y, u, conformance_probability(y, u, 9.2, 10.9) AS p FROM r").fetchnumpy()
    assert np.max(np.abs(rows["p"] - c.conformance_probability(rows["y"], rows["u"], (9.2, 10.9)))) < 2 * c.SQL_ERROR
    edges = "SELECT conformance_probability(1, 0, NULL, 2), conformance_probability(3, 0, NULL, 2), conformance_probability(NULL, 1, 0, 2), "
    assert connection.execute(edges + "conformance_probability(1, 1, NULL, NULL)").fetchall() == [(1.0, 0.0, None, 1.0)]


@pytest.mark.parametrize(("prior", "tolerance", "acceptance"), [
    (normal(10, 1), (8.5, 11.7), (8.6, 11.5)), (gamma(4, 0.25), (-INF, 2.0), (-INF, 1.8)), (student(0, 1, 5), (-1.0, INF), (-0.8, INF)),
])  # fmt: skip
def test_global_risks_are_those_of_simulated_production(prior: object, tolerance: c.Limits, acceptance: c.Limits) -> None:
    from guiju.metrology.distribution import Distribution

    assert isinstance(prior, Distribution)
    r = philox(5, 2, 0, 400_000)
    item = prior.draw(r[:1])
    seen = item + normal(0, 0.3).draw(r[1:])
    good, taken = (item >= tolerance[0]) & (item <= tolerance[1]), (seen >= acceptance[0]) & (seen <= acceptance[1])
    made = c.global_risks(prior, 0.3, tolerance, acceptance)
    for found, share in ((made.consumer, taken & ~good), (made.producer, ~taken & good), (made.accepted, taken), (made.conforming, good)):
        assert found == pytest.approx(float(share.mean()), abs=3 * math.sqrt(found / 400_000) + 1e-6)
    assert made.consumer_conditional == pytest.approx(made.consumer / made.accepted) and made.consumer_conditional > made.consumer


def test_conditional_and_joint_risks_are_never_mixed_up() -> None:
    made = c.global_risks(normal(0, 1), 0.5, (-1.0, 1.0))
    assert made.consumer < made.consumer_conditional and made.producer < made.producer_conditional
    assert made.accepted - made.consumer == pytest.approx(made.conforming - made.producer)


@given(st.floats(-3, 3), st.floats(0.2, 3), st.floats(0.05, 2), st.floats(0.1, 4), st.floats(0, 0.5))
def test_risks_of_many_normal_priors_are_those_of_one(mean: float, sd: float, u: float, half: float, w: float) -> None:
    one = c.global_risks(normal(mean, sd), u, (-half, half), (-half * (1 - w), half * (1 - w)))
    consumer, producer = c.global_risks_many([mean], [sd], [u], ([-half], [half]), ([-half * (1 - w)], [half * (1 - w)]))
    assert (float(consumer[0]), float(producer[0])) == pytest.approx((one.consumer, one.producer), abs=1e-11)


def test_limits_at_the_mean_are_no_special_case() -> None:
    consumer, producer = c.global_risks_many([0.0], [1.0], [0.3], ([-INF], [0.0]), ([-INF], [0.0]))
    one = c.global_risks(normal(0, 1), 0.3, (-INF, 0.0))
    assert (float(consumer[0]), float(producer[0])) == pytest.approx((one.consumer, one.producer), abs=1e-12)


@pytest.mark.parametrize("tolerance", [(8.5, 11.7), (-INF, 11.7), (8.5, INF)])
def test_a_guard_band_gives_the_risk_it_was_made_for(tolerance: c.Limits) -> None:
    w = c.guard_for_consumer(normal(10, 1), 0.3, tolerance, 0.002)
    assert w is not None
    assert c.global_risks(normal(10, 1), 0.3, tolerance, (tolerance[0] + w, tolerance[1] - w)).consumer == pytest.approx(0.002, rel=1e-9)
    assert c.guard_for_consumer(normal(10, 1), 0.3, tolerance, 0.9) is None
    specific = c.guard_for_specific(0.3, 0.05)
    assert float(c.conformance_probability(11.7 - specific, 0.3, (-INF, 11.7))) == pytest.approx(0.95)


def test_a_sample_serves_as_prior() -> None:
    values = normal(10, 1).draw(philox(1, 1, 0, 50_000))
    made, exact = c.global_risks(sample(values), 0.3, (8.5, 11.7)), c.global_risks(normal(10, 1), 0.3, (8.5, 11.7))
    assert made.consumer == pytest.approx(exact.consumer, rel=0.05)


def test_capability_is_the_tolerance_over_four_u() -> None:
    assert c.capability((0, 4), 0.5) == 2


F = Fraction


@pytest.mark.parametrize(("y", "verdicts"), [
    ("81.0", ["pass", "pass", "pass", "pass"]), ("81.1", ["pass", "fail", "conditional pass", "pass"]),
    ("81.9", ["pass", "fail", "conditional pass", "undecided"]), ("82.0", ["pass", "fail", "conditional pass", "undecided"]),
    ("82.1", ["fail", "fail", "conditional fail", "undecided"]), ("82.9", ["fail", "fail", "conditional fail", "fail"]),
    ("83.1", ["fail", "fail", "fail", "fail"]),
])  # fmt: skip
def test_each_rule_has_its_own_verdict(y: str, verdicts: list[str]) -> None:
    assert [decide(F(y), F("0.5"), None, F(82), rule).verdict for rule in RULES] == verdicts


@given(st.integers(-400, 400), st.sampled_from(RULES), st.integers(1, 60))
def test_a_rule_is_the_same_on_both_sides_of_the_limits(y: int, rule: Rule, u: int) -> None:
    one = decide(F(y, 100), F(u, 100), F(-2), F(2), rule)
    other = decide(F(-y, 100), F(u, 100), F(-2), F(2), rule)
    assert one.verdict == other.verdict
    if one.verdict == "pass":
        assert decide(F(y, 100), F(u, 100), F(-2), F(2), "simple").verdict == "pass"


def test_a_value_at_a_limit_is_decided_exactly() -> None:
    assert decide(F("20.6"), F("0.1"), None, F("0.0048") * 2500 + F("8.60")).verdict == "pass"
    assert decide(F("20.64"), F("0.1"), None, F("20.6"), rounding=F("0.1")).verdict == "pass"
    assert decide(F("20.64"), F("0.1"), None, F("20.6")).verdict == "fail"
    assert decide(F("20.65"), F("0.1"), None, F("20.6"), rounding=F("0.1")).compared == F("20.6")
    assert decide(F(1), F(1), F(0), F(2), "guard", guard=F("0.5")).acceptance == (F("0.5"), F("1.5"))
    assert decide(F("82.04"), F("0.5"), None, F(82), "ilac-g8", rounding=F("0.1")).verdict == "conditional pass"


@pytest.mark.parametrize("guard", [-0.05, 0.0, 0.08])
def test_two_limits_have_the_risks_of_simulated_resistors(guard: float) -> None:
    """Inputs as recalled of the resistor of JCGM 106, 9.5 (1500 Ω ± 0.2 Ω, u0 0.12 Ω, um 0.04 Ω); its figures are not recalled: simulated instead."""
    from guiju.metrology.draws import sobol

    tolerance = (1499.8, 1500.2)
    accept = (tolerance[0] + guard, tolerance[1] - guard)
    found = c.global_risks(normal(1500, 0.12), 0.04, tolerance, accept)
    true, error = normal(1500, 0.12), normal(0, 0.04)
    points = sobol(3, 2, 0, 20)
    y = true.draw(points[:1])
    measured = y + error.draw(points[1:])
    fine, taken = (y >= tolerance[0]) & (y <= tolerance[1]), (measured >= accept[0]) & (measured <= accept[1])
    assert found.consumer == pytest.approx(float(np.mean(~fine & taken)), abs=3e-5)
    assert found.producer == pytest.approx(float(np.mean(fine & ~taken)), abs=3e-5)
    assert c.capability(tolerance, 0.04) == pytest.approx(2.5)
