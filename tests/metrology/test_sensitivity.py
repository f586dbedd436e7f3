"""Sobol indices against functions whose indices are known exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused
from guiju.metrology import sensitivity
from guiju.metrology.distribution import curvilinear_trapezoid, normal, rectangular
from guiju.metrology.model import Model
from guiju.metrology.sensitivity import Indices, indices, of_model


def within(found: Indices, first: list[float], total: list[float]) -> None:
    """Within five standard errors, which themselves are small; and so near that nobody would read it otherwise."""
    for values, errors, expected in ((found.first, found.u_first, first), (found.total, found.u_total, total)):
        assert np.all(np.abs(values - expected) <= 5 * errors + 1e-12), (values, errors, expected)
        assert np.all(np.abs(values - expected) <= 0.01)


def test_the_function_of_ishigami_has_its_published_indices() -> None:
    a, b, pi = 7.0, 0.1, math.pi
    model = Model(lambda x, y, z: np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x), {n: rectangular(-pi, pi) for n in "xyz"})
    (found,) = of_model(model).values()
    v1, v2, v13 = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    assert [round(each / v, 4) for each in (v1, v2, v13)] == [0.3139, 0.4424, 0.2437]
    assert found.variance == pytest.approx(v, rel=1e-3)
    within(found, [v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v])


def test_a_sum_has_no_interactions_and_shares_as_its_terms() -> None:
    model = Model(lambda a, b, c: a - 2 * b + c, {"a": normal(5, 1), "b": rectangular(0, math.sqrt(12)), "c": curvilinear_trapezoid(-1, 1, 0.3)})
    (found,) = of_model(model).values()
    parts = np.array([1.0, 4.0, model.inputs["c"].u ** 2])
    within(found, list(parts / parts.sum()), list(parts / parts.sum()))


def test_a_product_has_indices_by_hand() -> None:
    """Of (1 + a)(1 + b) with means 0 and variances p, q: V = p + q + pq."""
    p, q = 0.25, 1.0
    (found,) = of_model(Model(lambda a, b: (1 + a) * (1 + b), {"a": normal(0, math.sqrt(p)), "b": normal(0, math.sqrt(q))})).values()
    v = p + q + p * q
    within(found, [p / v, q / v], [(p + p * q) / v, (q + p * q) / v])


@settings(max_examples=10, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_neither_unit_nor_origin_matters(origin: float, unit: float) -> None:
    def shares(function: Any) -> Indices:
        return next(iter(of_model(Model(function, {"a": normal(0, 1), "b": normal(1, 2)}), nets=4, log2=6).values()))

    plain, moved = shares(lambda a, b: a * b), shares(lambda a, b: origin + unit * (a * b))
    assert np.allclose(plain.first, moved.first, atol=1e-6) and np.allclose(plain.total, moved.total, atol=1e-6)


@pytest.mark.parametrize("block", [1, 7, 64])
def test_how_points_are_cut_does_not_matter(block: int) -> None:
    def whole(uniform: Any) -> dict[str, Any]:
        return {"": uniform[0] * uniform[1] + np.sqrt(uniform[2])}

    def cut(uniform: Any) -> dict[str, Any]:
        return {"": np.concatenate([whole(uniform[:, at : at + block])[""] for at in range(0, uniform.shape[1], block)])}

    inputs = [("a", 1), ("b", 2)]
    one, other, again = (indices(each, inputs, nets=3, log2=6)[""] for each in (whole, cut, whole))
    for name in ("first", "total", "u_first", "u_total"):
        assert np.array_equal(getattr(one, name), getattr(other, name)) and np.array_equal(getattr(one, name), getattr(again, name))
    assert not np.array_equal(one.first, indices(whole, inputs, nets=3, log2=6, seed=2)[""].first)
    assert one.points == 3 * 64 * 4


def test_what_does_not_vary_has_no_shares_and_what_has_no_value_no_indices() -> None:
    still = of_model(Model(lambda a: 0 * a + 3.0, {"a": normal(0, 1)}), nets=2, log2=5)[""]
    assert still.variance == 0 and list(still.first) == list(still.total) == [0.0] and still.known == 1
    lost = of_model(Model(lambda a: a**0.5, {"a": normal(0, 1)}), nets=2, log2=5)[""]
    assert 0.4 < lost.known < 0.6 and np.isnan(lost.first[0]) and np.isnan(lost.variance)


def test_several_outputs_share_their_points() -> None:
    calls = []

    def both(a: Any, b: Any) -> dict[str, Any]:
        calls.append(len(a))
        return {"sum": a + b, "a": a}

    found = of_model(Model(both, {"a": normal(0, 1), "b": normal(0, 1)}), nets=2, log2=6)
    assert len(calls) == 2 * 4 and found["a"].total[1] == 0 and found["a"].first[0] == pytest.approx(1, abs=0.06)
    within_sum = found["sum"]
    assert within_sum.first[0] == pytest.approx(0.5, abs=0.06)


def test_correlated_inputs_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        of_model(Model(lambda a, b: a + b, {"a": normal(0, 1), "b": normal(0, 1)}, {("a", "b"): 0.5}))
    assert [d.code for d in refused.value.diagnostics] == ["sensitivity-correlated"]
    assert sensitivity.NETS * 2**sensitivity.LOG2 == 16_384
