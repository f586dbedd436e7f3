"""What must not matter: units, origins, the order of rows and inputs, blocks and threads. And where two methods hold, they agree."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.metrology import distribution as d
from guiju.metrology import montecarlo
from guiju.metrology.model import Model
from guiju.metrology.montecarlo import monte_carlo, validate
from guiju.metrology.propagation import gum, gum_many

SIZES = st.floats(0.05, 20)


def ratio(a: Any, b: Any, c: Any) -> Any:
    return a * b / c


def model(unit: float = 1.0, origin: float = 0.0, *, order: str = "abc") -> Model:
    inputs = {"a": d.normal(10 * unit, 0.2 * unit), "b": d.rectangular(2.9, 3.1), "c": d.student(5.0, 0.05, 9)}
    return Model(lambda a, b, c: ratio(a, b, c) + origin, {name: inputs[name] for name in order}, {("a", "b"): 0.4})


@settings(max_examples=25, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_a_unit_scales_every_figure_and_an_origin_shifts_only_the_value(unit: float, origin: float):
    plain, other = gum(model(), order=2, k=2).budgets[0], gum(model(unit, origin), order=2, k=2).budgets[0]
    assert other.y - origin == pytest.approx(unit * plain.y, rel=1e-9, abs=1e-9)
    assert other.u == pytest.approx(unit * plain.u, rel=1e-9)
    assert other.contribution == pytest.approx(unit * plain.contribution, rel=1e-9)
    one, two = (monte_carlo(each, trials=4096).outputs[0] for each in (model(), model(unit)))
    assert (two.y, two.u, two.low, two.high) == pytest.approx(tuple(unit * x for x in (one.y, one.u, one.low, one.high)), rel=1e-9)


def test_the_order_of_inputs_does_not_matter():
    figures = [gum(model(order=order), order=2, k=2).budgets[0] for order in ("abc", "cba", "bca")]
    assert [f.u for f in figures] == pytest.approx([figures[0].u] * 3, rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 200))
def test_the_order_of_records_does_not_matter(random: Any, records: int):
    rng = np.random.default_rng(records)
    x = {name: rng.uniform(1, 2, records) for name in "abc"}
    u = {name: rng.uniform(0.01, 0.1, records) for name in "abc"}
    order = np.array(random.sample(range(records), records))
    y, spread = gum_many(ratio, x, u)
    moved = gum_many(ratio, {n: v[order] for n, v in x.items()}, {n: v[order] for n, v in u.items()})
    assert np.array_equal(moved[0], y[order])
    assert np.array_equal(moved[1], spread[order])


@pytest.mark.parametrize("sampler", ["philox", "sobol"])
def test_blocks_do_not_matter(sampler: Any, monkeypatch: pytest.MonkeyPatch):
    found = []
    for block in (1000, 16_384, 70_000):
        monkeypatch.setattr(montecarlo, "_BLOCK", block)
        run = monte_carlo(model(), trials=50_000, sampler=sampler, seed=7)
        found.append((run.outputs[0].y, run.outputs[0].u, run.outputs[0].low, run.outputs[0].high))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("sampler", ["philox", "sobol"])
def test_threads_do_not_matter(sampler: Any):
    def run(seed: int) -> tuple[float, float]:
        drawn = monte_carlo(model(), digits=2, sampler=sampler, seed=seed).outputs[0]
        return drawn.u, drawn.low

    alone = [run(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(8))) == alone


@settings(max_examples=20, deadline=None)
@given(SIZES, SIZES, SIZES, st.floats(-0.9, 0.9))
def test_components_are_finite_differences(a: float, b: float, c: float, r: float):
    inputs = {name: d.normal(value, 0.01 * value) for name, value in zip("abc", (a, b, c), strict=True)}
    budget = gum(Model(ratio, inputs, {("a", "c"): r}), k=2).budgets[0]
    at = {"a": a, "b": b, "c": c}
    slopes = []
    for name, value in at.items():
        h = 1e-6 * value
        slopes.append((ratio(**{**at, name: value + h}) - ratio(**{**at, name: value - h})) / (2 * h))
    assert budget.sensitivity == pytest.approx(slopes, rel=1e-7)
    parts = np.array(slopes) * 0.01 * np.array([a, b, c])
    assert budget.u**2 == pytest.approx(float(parts @ parts + 2 * r * parts[0] * parts[2]), rel=1e-6)


@settings(max_examples=12, deadline=None)
@given(st.floats(0.5, 5), st.floats(0.5, 5), st.floats(1e-4, 2e-2), st.floats(-0.8, 0.8))
def test_both_methods_agree_where_both_are_valid(a: float, b: float, relative: float, r: float):
    made = Model(lambda a, b: a * np.sqrt(b), {"a": d.normal(a, relative * a), "b": d.normal(b, relative * b)}, {("a", "b"): r})
    budget = gum(made, order=2, k=2).budgets[0]
    drawn = monte_carlo(made, trials=2**14).outputs[0]
    assert drawn.u == pytest.approx(budget.u, rel=2e-3)
    assert drawn.y == pytest.approx(budget.y + budget.bias, abs=1e-3 * budget.u)
    assert (drawn.high - drawn.low) / 2 == pytest.approx(1.959964 * budget.u, rel=2e-2)


def test_the_first_order_is_said_not_to_hold_where_it_does_not():
    bent = Model(lambda x: x * x, {"x": d.normal(0.0, 1.0)})
    assert not validate(bent, digits=1)[0].valid
    straight = Model(lambda x, y: x + y, {"x": d.normal(0.0, 1.0), "y": d.normal(3.0, 1.0)})
    assert validate(straight, digits=1)[0].valid
    assert math.isinf(gum(straight).budgets[0].dof)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.sampled_from([1, 300, 2_000]), st.floats(0, 1), st.sampled_from(["as is", "sorted", "back"]))
def test_a_ranked_value_is_that_of_the_whole_put_in_order(values: list[float], times: int, share: float, order: str):
    x = np.tile(np.array(values), times)
    x = {"as is": x, "sorted": np.sort(x), "back": np.sort(x)[::-1].copy()}[order]
    rank = min(int(share * len(x)), len(x) - 1)
    assert montecarlo.ranked(x, rank) == np.sort(x)[rank]
