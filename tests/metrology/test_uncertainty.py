"""Uncertainty: derivatives against differences, propagation against Monte Carlo, and figures that do not depend on how trials are cut."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused
from guiju.metrology import distribution as d
from guiju.metrology.array import Array
from guiju.metrology.draws import philox, sobol
from guiju.metrology.linear import half_width
from guiju.metrology.model import Model, derivatives
from guiju.metrology.montecarlo import coverage, monte_carlo, validate
from guiju.metrology.propagation import coverage_factor, effective_dof, gum, gum_many

SIX = {name: d.normal(1.5, 0.01) for name in "abcdef"}


def smooth(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    return a * np.exp(-b * c) + d / e * np.sqrt(f) - np.arctan2(a, b) + np.hypot(c, d) ** 2 / (1 + np.log(e)) + 2**f


ONE = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "log10": np.log10, "log2": np.log2, "sqrt": np.sqrt, "cbrt": np.cbrt,
    "square": np.square, "reciprocal": np.reciprocal, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "arctan": np.arctan, "arcsin": lambda x: np.arcsin(x / 4), "arccos": lambda x: np.arccos(x / 4), "negative": np.negative, "absolute": np.absolute,
    "cube": lambda x: x**3, "power": lambda x: x**-1.7, "raised": lambda x: 1.3**x, "itself": lambda x: x**x, "rest": lambda x: (3 - x) / (2 + x) - 1 / x,
    "fabs": np.fabs, "positive": np.positive,
}  # fmt: skip


@pytest.mark.parametrize("name", ONE)
def test_derivatives_of_every_function_are_those_of_differences(name: str) -> None:
    def function(x: Any) -> Any:
        return ONE[name](x)

    model, at = Model(function, {"x": d.normal(1.3, 1e-3)}), np.array([1.3])
    made = derivatives(model, at, 2)
    slow = derivatives(Model(lambda x: float(ONE[name](np.float64(x))), model.inputs), at, 2)
    assert made.exact and not slow.exact
    assert made.gradient[""] == pytest.approx(slow.gradient[""], rel=1e-8, abs=1e-10)
    assert made.hessian[""] == pytest.approx(slow.hessian[""], rel=1e-4, abs=1e-4)


def test_derivatives_of_many_inputs_are_those_of_differences() -> None:
    at = np.array([1.5, 1.4, 0.9, 1.2, 1.7, 0.6])
    made = derivatives(Model(smooth, SIX), at, 2)
    slow = derivatives(Model(lambda **x: float(smooth(**{k: np.float64(v) for k, v in x.items()})), SIX), at, 2)
    assert made.exact and not slow.exact
    assert made.gradient[""] == pytest.approx(slow.gradient[""], rel=1e-8)
    assert made.hessian[""] == pytest.approx(slow.hessian[""], rel=1e-3, abs=1e-5)


def test_a_power_of_zero_and_of_a_negative_number_has_its_derivative() -> None:
    made = derivatives(Model(lambda x, y: x**2 + y**3, {"x": d.normal(0, 1), "y": d.normal(-2, 1)}), np.array([0.0, -2.0]), 2)
    assert made.gradient[""] == pytest.approx([0, 12]) and made.hessian[""] == pytest.approx(np.diag([2, -12]))


def test_a_callable_for_plain_numbers_is_taken_as_it_is() -> None:
    plain = Model(lambda x, y: math.sin(x) * math.exp(y) if y > 0 else 0.0, {"x": d.normal(1, 0.01), "y": d.normal(0.5, 0.02)})
    array = Model(lambda x, y: np.sin(x) * np.exp(y), plain.inputs)
    assert gum(plain).budgets[0].u == pytest.approx(gum(array).budgets[0].u, rel=1e-7)
    assert monte_carlo(plain, trials=4096).outputs[0].y == monte_carlo(array, trials=4096).outputs[0].y


def test_small_relative_uncertainties_keep_their_digits() -> None:
    model = Model(lambda x: x**8 / 7, {"x": d.normal(10973731.568539, 5.5e-5)})
    assert gum(model).budgets[0].u == pytest.approx(8 * 10973731.568539**7 / 7 * 5.5e-5, rel=1e-14)


@pytest.mark.parametrize("pairs", [{}, {("a", "b"): 0.9, ("d", "e"): -0.5}])
def test_propagation_and_monte_carlo_agree_where_both_are_valid(pairs: dict[tuple[str, str], float]) -> None:
    model = Model(smooth, {name: d.normal(1.5, 0.001) for name in SIX}, pairs)
    linear, drawn = gum(model).budgets[0], monte_carlo(model, trials=2**16).outputs[0]
    assert drawn.u == pytest.approx(linear.u, rel=5e-3)
    assert (drawn.low, drawn.high) == pytest.approx((linear.y - linear.U, linear.y + linear.U), abs=0.02 * linear.u)
    assert all(each.valid for each in validate(model))


def test_the_second_order_is_what_monte_carlo_finds_for_normal_inputs() -> None:
    for pairs in ({}, {("x", "y"): 0.6}):
        model = Model(lambda x, y: x * x * y + np.exp(y), {"x": d.normal(0.2, 0.1), "y": d.normal(0.3, 0.1)}, pairs)
        first, second, drawn = gum(model).budgets[0], gum(model, order=2).budgets[0], monte_carlo(model, trials=2**18).outputs[0]
        assert second.u == pytest.approx(drawn.u, rel=3e-3)
        assert second.y + second.bias == pytest.approx(drawn.y, abs=5e-5)
        assert abs(second.u - drawn.u) < abs(first.u - drawn.u)


def test_the_second_order_of_the_end_gauge_without_jets_too() -> None:
    def length(ls: float, theta: float, dalpha: float, dtheta: float) -> float:
        return float(ls) - ls * (dalpha * theta + 11.5e-6 * dtheta)

    inputs = {"ls": d.normal(5e7, 25), "theta": d.normal(-0.1, 0.4), "dalpha": d.normal(0, 5.8e-7), "dtheta": d.normal(0, 0.029)}
    exact = Model(lambda ls, theta, dalpha, dtheta: ls - ls * (dalpha * theta + 11.5e-6 * dtheta), inputs)
    assert gum(Model(length, inputs), order=2).budgets[0].u == pytest.approx(gum(exact, order=2).budgets[0].u, rel=1e-5)


def test_correlated_inputs_with_finite_degrees_of_freedom_need_a_factor() -> None:
    inputs = {"x": d.normal(1, 0.1, 4), "y": d.normal(2, 0.1)}
    model = Model(lambda x, y: x + y, inputs, {("x", "y"): 0.5})
    with pytest.raises(Refused) as refused:
        gum(model)
    assert [each.code for each in refused.value.diagnostics] == ["uncertain-dof-undefined"]
    assert math.isnan(gum(model, k=2).budgets[0].dof) and pytest.approx(2 * math.sqrt(0.03)) == gum(model, k=2).budgets[0].U
    assert gum(Model(model.function, inputs)).budgets[0].dof == pytest.approx(0.02**2 / (1e-4 / 4))


def test_correlated_inputs_with_infinite_ones_do_not_disturb_the_rest() -> None:
    inputs = {"x": d.normal(1, 0.1), "y": d.normal(2, 0.1), "z": d.normal(0, 0.2, 6)}
    made = gum(Model(lambda x, y, z: x + y + z, inputs, {("x", "y"): 0.5})).budgets[0]
    assert made.dof == pytest.approx(0.07**2 / (0.2**4 / 6))


def test_degrees_of_freedom_are_whole_or_not_as_asked() -> None:
    assert coverage_factor(16.7, 0.99, "truncate") == coverage_factor(16, 0.99) == pytest.approx(2.9208, abs=1e-4)
    assert coverage_factor(16.7, 0.99) < coverage_factor(16, 0.99)
    assert coverage_factor(math.inf, 0.95) == pytest.approx(1.959964, abs=1e-6)
    assert effective_dof(np.array([1.0, 0.0]), np.array([math.inf, 3.0]), np.array([0, 0]), 1.0) == math.inf


@pytest.mark.parametrize(("pairs", "code"), [
    ({("x", "nothing"): 0.1}, "uncertain-unknown-input"), ({("x", "y"): 0.9, ("y", "z"): 0.9, ("x", "z"): -0.9}, "uncertain-correlation"),
])  # fmt: skip
def test_correlations_that_cannot_be_are_refused(pairs: dict[tuple[str, str], float], code: str) -> None:
    with pytest.raises(Refused) as refused:
        gum(Model(lambda x, y, z: x + y + z, {name: d.normal(0, 1) for name in "xyz"}, pairs))
    assert refused.value.diagnostics[0].code == code


@pytest.mark.parametrize("function", [lambda x: 1 / x, lambda x: np.sqrt(x - 1), lambda x: 2 * np.log(x)])
def test_a_model_without_a_value_at_its_estimates_is_refused(function: Any) -> None:
    with pytest.raises(Refused) as refused:
        gum(Model(function, {"x": d.normal(0, 1)}))
    assert refused.value.diagnostics[0].code == "uncertain-undefined"


def test_a_model_without_a_value_somewhere_it_is_drawn_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        monte_carlo(Model(lambda x: 0.5 * np.log(x), {"x": d.normal(1, 1)}), trials=1000)
    assert refused.value.diagnostics[0].code == "uncertain-not-everywhere"


def test_several_outputs_have_their_covariance_and_region() -> None:
    model = Model(lambda x, y: {"sum": x + y, "difference": x - y}, {"x": d.normal(0, 2), "y": d.normal(0, 1)})
    made, run = gum(model), monte_carlo(model, trials=2**16)
    assert made.covariance == pytest.approx(np.array([[5, 3], [3, 5]]))
    assert run.covariance == pytest.approx(made.covariance, rel=1e-2)
    assert made.region_factor(0.95) == pytest.approx(2.4477, abs=1e-4)
    assert run.region_factor(0.95) == pytest.approx(2.4477, abs=0.02)
    assert made.region_factor(0.95, "rectangle") == pytest.approx(2.2414, abs=1e-4)


# Distributions.

EACH = {
    "normal": d.normal(3, 0.5), "t": d.student(3, 0.5, 6), "t of sd": d.student_of_sd(3, 0.5, 6), "rectangular": d.rectangular(1, 4),
    "triangular": d.trapezoidal(1, 4, 0), "trapezoidal": d.trapezoidal(1, 4, 0.4), "arcsine": d.arcsine(1, 4),
    "curvilinear": d.curvilinear_trapezoid(1, 4, 0.6), "gamma": d.gamma(4, 0.25), "lognormal": d.lognormal(0.1, 0.3),
    "sample": d.sample([1.0, 2.0, 4.0, 4.5, 4.7]),
}  # fmt: skip


@pytest.mark.parametrize("name", EACH)
def test_what_is_drawn_has_the_mean_and_the_spread_that_is_said(name: str) -> None:
    each = EACH[name]
    x = each.draw(sobol(3, each.dimensions, 0, 17))
    spread = each.sd * (math.sqrt(4 / 5) if name == "sample" else 1)
    assert float(x.mean()) == pytest.approx(each.mean, rel=1e-4)
    assert float(x.std()) == pytest.approx(spread, rel=5e-3)
    assert float(x.min()) >= each.support[0] and float(x.max()) <= each.support[1]
    if each.density is not None:
        grid = np.linspace(max(each.support[0], each.mean - 30 * each.u), min(each.support[1], each.mean + 30 * each.u), 200_001)
        assert float(np.trapezoid(each.density(grid), grid)) == pytest.approx(1, abs=1e-3)


def test_observations_are_t_about_their_mean() -> None:
    made = d.observations([1.0, 2.0, 3.0, 4.0])
    assert (made.mean, made.u, made.dof) == pytest.approx((2.5, math.sqrt(5 / 3 / 4), 3))
    assert d.student(0, 1, 2).sd == math.inf


@pytest.mark.parametrize(("terms", "model"), [
    ([(1, EACH["rectangular"])] * 4, lambda a, b, c, d: a + b + c + d),
    ([(2, EACH["arcsine"]), (1, EACH["trapezoidal"]), (1, d.normal(0, 0.3))], lambda a, b, c: 2 * a + b + c),
])  # fmt: skip
def test_the_exact_interval_of_a_sum_is_the_one_of_many_trials(terms: list[tuple[float, d.Distribution]], model: Any) -> None:
    inputs = {"abcd"[n]: each for n, (_, each) in enumerate(terms)}
    drawn = monte_carlo(Model(model, inputs), trials=2**18).outputs[0]
    width = half_width(terms, 0.95)
    assert width is not None and width == pytest.approx((drawn.high - drawn.low) / 2, rel=2e-3)


def test_a_sum_that_cannot_be_integrated_is_left_to_drawing() -> None:
    assert half_width([(1, EACH["gamma"]), (1, EACH["normal"])], 0.95) is None
    assert half_width([(1, EACH["rectangular"])], 0.95) is None
    assert half_width([(3, EACH["normal"])], 0.95) == pytest.approx(3 * 0.5 * 1.959964, rel=1e-6)


# Determinism.


@given(st.integers(0, 2**40), st.integers(1, 4), st.integers(0, 300), st.lists(st.integers(1, 97), min_size=1, max_size=6))
def test_philox_numbers_do_not_depend_on_chunks(seed: int, dimensions: int, first: int, sizes: list[int]) -> None:
    whole, at, parts = philox(seed, dimensions, first, sum(sizes)), first, []
    for size in sizes:
        parts.append(philox(seed, dimensions, at, size))
        at += size
    assert np.array_equal(whole, np.concatenate(parts, axis=1))
    assert whole.min() > 0 and whole.max() < 1


def test_seeds_dimensions_and_replicates_are_different_streams() -> None:
    a, b = philox(1, 2, 0, 1000), philox(2, 2, 0, 1000)
    assert abs(float(np.corrcoef(a[0], a[1])[0, 1])) < 0.1 and not np.array_equal(a, b)
    assert not np.array_equal(sobol(1, 2, 0, 8), sobol(1, 2, 1, 8))
    assert np.array_equal(sobol(1, 2, 3, 8), sobol(1, 2, 3, 8))


@pytest.mark.parametrize("sampler", ["sobol", "philox"])
def test_a_run_is_the_same_every_time_and_settles(sampler: Any) -> None:
    model = Model(smooth, SIX)
    one, two = (monte_carlo(model, sampler=sampler, seed=7) for _ in range(2))
    assert np.array_equal(one.outputs[0].values, two.outputs[0].values) and one.reached
    exact, tolerance = gum(model, order=2).budgets[0], one.outputs[0].tolerance
    assert abs(one.outputs[0].u - exact.u) < 2 * tolerance
    assert monte_carlo(model, sampler=sampler, digits=4, most=30_000).reached is False


def test_bulk_propagation_does_not_depend_on_blocks_and_is_that_of_single_records() -> None:
    rng = np.random.default_rng(4)
    x = {name: rng.uniform(1, 2, 40_000) for name in "abcd"}
    u = {name: rng.uniform(0.01, 0.1, 40_000) for name in "abcd"}

    def model(a: Any, b: Any, c: Any, d: Any) -> Any:
        return a * np.exp(-b) + c / d

    y, total = gum_many(model, x, u, {("a", "b"): 0.3})
    for n in (0, 16_383, 16_384, 39_999):
        one = Model(model, {name: d.normal(float(x[name][n]), float(u[name][n])) for name in x}, {("a", "b"): 0.3})
        assert (float(y[n]), float(total[n])) == pytest.approx((gum(one).budgets[0].y, gum(one).budgets[0].u), rel=1e-13)
    part, _ = gum_many(model, {name: v[100:200] for name, v in x.items()}, {name: v[100:200] for name, v in u.items()})
    assert np.array_equal(part, y[100:200])


@given(st.lists(st.floats(-1e3, 1e3), min_size=40, max_size=200), st.floats(0.5, 0.95))
def test_the_shortest_interval_is_no_longer_than_the_symmetric_one(values: list[float], probability: float) -> None:
    x: Array = np.array(values)
    low, high = coverage(x, probability, "symmetric")
    short_low, short_high = coverage(x, probability, "shortest")
    assert short_high - short_low <= high - low + 1e-9
    assert np.mean((x >= short_low) & (x <= short_high)) >= probability - 1 / len(x)
