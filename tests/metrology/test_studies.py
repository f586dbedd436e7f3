"""Interlaboratory statistics: where other programs are known to be wrong, and what must not depend on unit, origin, order or chunks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from guiju.metrology import critical, outlying, planning, robust
from guiju.metrology.acceptance import critical_range, difference_between, difference_reference, difference_within, quote
from guiju.metrology.array import Array
from guiju.metrology.consensus import consensus
from guiju.metrology.nested import nested
from guiju.metrology.precision import Cells, cells, from_summary, precision
from guiju.metrology.relation import relation
from guiju.verify.reference import precision_figures, studies_of
from guiju.verify.study import EDITIONS, NEWEST, analyse_cells

CASES = Path(__file__).resolve().parents[2] / "selftest"


def held(case: str) -> dict[str, dict[str, list[float]]]:
    raw: dict[str, Any] = yaml.safe_load((CASES / f"{case}.yaml").read_text("utf-8"))
    return raw["data"]["results"]  # type: ignore[no-any-return]


GLUCOSE, COAL = held("astm-e691-glucose"), held("iso5725-2-b1-coal")


# Defects of other programs, each on the data it shows on.


def test_h_divides_by_the_spread_of_cell_means_and_not_of_cell_standard_deviations() -> None:
    found = precision_figures(GLUCOSE, "ASTM E691-1999")
    assert found["C.h.4"] == pytest.approx(2.14, abs=0.005)
    assert critical.mandel_h(8, 0.005) == pytest.approx(2.1525, abs=5e-5)
    assert found["h_exceed"] == ""


def test_cochran_compares_variances_and_finds_both_outliers_of_the_glucose_study() -> None:
    found = precision_figures(GLUCOSE, "ASTM E691-1999")
    assert [round(float(found[f"{level}.cochran_C"]), 3) for level in "ADE"] == [0.363, 0.398, 0.681]
    assert float(found["C.cochran_C"]) > critical.cochran(8, 3, 0.01)
    assert "C:cochran:outlier:4" in str(found["flags"]) and "E:cochran:outlier:2" in str(found["flags"])


def test_grubbs_is_about_the_number_of_laboratories() -> None:
    assert critical.grubbs(8, 0.05) == pytest.approx(2.1266, abs=1e-4)
    assert critical.grubbs(3, 0.05) == pytest.approx(1.1543, abs=1e-3)


@pytest.mark.parametrize("edition", EDITIONS)
def test_reproducibility_is_never_below_repeatability(edition: str) -> None:
    of = analyse_cells(studies_of(GLUCOSE).made, EDITIONS[edition]).precision
    assert np.all(of.s_R >= of.s_r)
    assert of.truncated[0, 0] and of.s_L[0, 0] == 0


def test_a_cell_of_two_counts_by_its_standard_deviation_and_not_by_its_difference() -> None:
    two = {"1": {lab: x[:2] if lab in "37" else x for lab, x in COAL["1"].items()}}
    by_hand = math.sqrt(sum(np.var(x, ddof=1) * (len(x) - 1) for x in two["1"].values()) / sum(len(x) - 1 for x in two["1"].values()))
    assert float(precision_figures(two, NEWEST)["1.sr"]) == pytest.approx(by_hand, rel=1e-13)


def test_laboratories_without_any_spread_stay_in_cochrans_sum() -> None:
    x = np.array([[[[1.0, 1.0], [2.0, 2.0], [3.0, 3.4], [4.0, 4.2]]]])
    test = outlying.cochran(cells(x))
    assert test.statistic[0, 0] == pytest.approx(0.08 / 0.1)
    assert test.critical[0][0, 0] == pytest.approx(critical.cochran(4, 2, 0.05))


def test_k_refers_to_the_spread_pooled_by_degrees_of_freedom() -> None:
    of = analyse_cells(studies_of(COAL).made, EDITIONS[NEWEST])
    by_cell = np.sqrt(of.made.variance[0, 2]) / of.precision.s_r[0, 2]
    assert of.mandel.k[0, 2] == pytest.approx(by_cell)
    weighted = np.nansum(of.made.own[0, 2] * of.mandel.k[0, 2] ** 2) / np.sum(of.made.own[0, 2])
    assert weighted == pytest.approx(1.0)


def test_algorithm_a_goes_on_until_it_converges() -> None:
    x = np.array([3.4, 3.5, 3.5, 3.6, 3.6, 3.7, 4.1, 4.6, 5.4, 9.0, 3.1, 2.2])
    found = robust.algorithm_a(x)
    inside = np.clip(x, found.location - 1.5 * found.scale, found.location + 1.5 * found.scale)
    assert found.location == pytest.approx(inside.mean(), rel=1e-12)
    assert found.scale == pytest.approx(1.134 * inside.std(ddof=1), rel=1e-12)
    stopped = robust.algorithm_a(x, "three figures")
    assert stopped.iterations < found.iterations and abs(stopped.scale - found.scale) < 0.01 * found.scale


# Known laws.


@pytest.mark.parametrize("p", [4, 5, 8, 20])
def test_the_double_statistic_of_grubbs_has_the_law_computed_for_it(p: int) -> None:
    x = np.sort(np.random.default_rng(p).standard_normal((200_000, p)), axis=1)
    ratio = x[:, :-2].var(axis=1) * (p - 2) / (x.var(axis=1) * p)
    for alpha in (0.2, 0.05):
        share = float(np.mean(ratio < critical.grubbs_double(p, alpha)))
        assert abs(share - alpha / 2) < 4 * math.sqrt(alpha / 2 / 200_000)
    assert critical.double_probability(p, critical.grubbs_double(p, 0.05)) == pytest.approx(0.025, abs=1e-6)


def test_unequal_critical_values_become_the_equal_ones() -> None:
    n = np.array([2.0])
    assert critical.mandel_k_unequal(n, 7 * n, 0.05)[0] == pytest.approx(critical.mandel_k(8, 3, 0.05))
    assert critical.cochran_unequal(n, 7 * n, 8.0, 0.05)[0] == pytest.approx(critical.cochran(8, 3, 0.05))


def test_tlam_finds_what_cochran_with_one_n_does_not() -> None:
    of = analyse_cells(studies_of(COAL).made, EDITIONS[NEWEST])
    assert of.tests["cochran"].flag[0, 2] == 1 and of.tests["tlam"].flag[0, 2] == 2
    assert list(of.tests["tlam"].at[0, 2]) == [4]


def test_single_and_double_statistics_agree_with_plain_definitions() -> None:
    x = np.random.default_rng(3).normal(10, 1, (1, 1, 9, 3))
    made = cells(x)
    found = precision(made)
    means = np.sort(made.mean[0, 0])
    high, low = outlying.grubbs(made, found)
    assert high.statistic[0, 0] == pytest.approx((means[-1] - means.mean()) / means.std(ddof=1))
    assert low.statistic[0, 0] == pytest.approx((means.mean() - means[0]) / means.std(ddof=1))
    two_high, two_low = outlying.grubbs_double(made, found)
    assert two_high.statistic[0, 0] == pytest.approx(means[:-2].var() * 7 / (means.var() * 9))
    assert two_low.statistic[0, 0] == pytest.approx(means[2:].var() * 7 / (means.var() * 9))


def test_u_of_both_spreads_is_what_the_planning_formulas_say() -> None:
    p, n, gamma = 12, 3, 1.8
    of = precision(from_summary(np.full((1, p), float(n)), _means(p, gamma, n), np.ones((1, p))))
    ratio = float(of.s_R[0] / of.s_r[0])
    assert float(of.u_r[0] / of.s_r[0]) * planning.FACTOR == pytest.approx(planning.accuracy_r(p, n))
    assert float(of.u_R[0] / of.s_R[0]) * planning.FACTOR == pytest.approx(planning.accuracy_R(p, n, ratio))


def _means(p: int, gamma: float, n: int) -> Array:
    z = np.linspace(-1, 1, p)
    return np.asarray(10 + z[None, :] / z.std(ddof=1) * math.sqrt(gamma**2 - 1 + 1 / n))


@pytest.mark.parametrize(("p", "n", "gamma"), [(8, 2, 2.0), (15, 2, 1.5), (10, 4, 3.0)])
def test_a_planned_accuracy_is_kept_in_95_of_100_experiments(p: int, n: int, gamma: float) -> None:
    rng = np.random.default_rng(p + n)
    x = rng.normal(0, math.sqrt(gamma**2 - 1), (20_000, 1, p, 1)) + rng.normal(0, 1, (20_000, 1, p, n))
    of = precision(cells(x))
    assert np.mean(np.abs(of.s_r - 1) <= planning.accuracy_r(p, n)) == pytest.approx(0.95, abs=0.015)
    assert np.mean(np.abs(of.s_R / gamma - 1) <= planning.accuracy_R(p, n, gamma)) == pytest.approx(0.95, abs=0.02)
    assert np.mean(np.abs(of.general) <= gamma * planning.accuracy_bias(p, n, gamma)) == pytest.approx(0.95, abs=0.015)


def test_a_plan_lists_the_smallest_designs_and_none_where_none_will_do() -> None:
    found = planning.designs(2.0, a_R=0.3)
    assert found[0].p == 18 and found[0].n == 2
    assert planning.accuracy_R(17, 2, 2.0) > 0.3 >= found[0].a_R
    assert planning.designs(2.0, a_R=0.01) == []


def test_bias_is_significant_where_zero_is_outside_its_limits() -> None:
    found = planning.method_bias(10.5, 0.2, 0.5, 10, 2, 10.0)
    assert found.u == pytest.approx(math.sqrt((0.25 - 0.02) / 10)) and found.significant
    assert not planning.method_bias(10.5, 0.2, 0.5, 10, 2, 10.0, u_accepted=0.4).significant
    assert planning.laboratory_bias(10.5, 0.2, 4, 10.0).u == pytest.approx(0.1)


def test_a_staggered_design_has_the_expected_mean_squares_of_iso_5725_3() -> None:
    rng, labs, days, x = np.random.default_rng(5), [], [], []
    for lab in range(600):
        lift = rng.normal(0, 3)
        for day, many in (("a", 2), ("b", 1)):
            drift = rng.normal(0, 2)
            x += [100 + lift + drift + rng.normal() for _ in range(many)]
            labs += [str(lab)] * many
            days += [day] * many
    found = nested(x, [labs, days], ["lab", "day"])
    assert found.expected == pytest.approx(np.array([[3, 5 / 3, 1], [0, 4 / 3, 1], [0, 0, 1]]))
    assert [c.variance for c in found.components] == pytest.approx([9, 4, 1], rel=0.15)
    assert found.intermediate("lab") ** 2 == pytest.approx(sum(c.variance for c in found.components[1:]))
    assert found.intermediate() > found.intermediate("lab") > found.intermediate("day")


def test_one_factor_nested_is_the_basic_method() -> None:
    data = COAL["1"]
    x = [value for values in data.values() for value in values]
    found = nested(x, [[lab for lab, values in data.items() for _ in values]], ["lab"])
    figures = precision_figures({"1": data}, NEWEST)
    assert found.intermediate("lab") == pytest.approx(float(figures["1.sr"]), rel=1e-10)
    assert found.intermediate() == pytest.approx(float(figures["1.sR"]), rel=1e-10)


def test_acceptance_of_results_follows_from_both_limits() -> None:
    assert [round(critical_range(n, 1.0), 1) for n in (2, 3, 4, 5)] == [2.8, 3.3, 3.6, 3.9]
    assert difference_within(1.0, 1, 1) == pytest.approx(2.8)
    assert difference_between(1.0, 2.0, 1, 1) == pytest.approx(5.6)
    assert difference_between(1.0, 2.0, 2, 2) == pytest.approx(math.sqrt(5.6**2 - 2.8**2 / 2))
    assert difference_reference(1.0, 2.0, 1) == pytest.approx(5.6 / math.sqrt(2))
    assert quote([10.0, 12.0], 1.0).kind == "mean" and quote([10.0, 13.0], 1.0).more == 2
    assert quote([10.0, 13.0], 1.0, expensive=True).more == 1
    assert quote([10.0, 10.1, 14.0, 10.2], 1.0).value == pytest.approx(10.15)


@pytest.mark.parametrize("method", ["A+S", "Q/Hampel"])
def test_robust_precision_is_that_of_good_data_and_hardly_moves_with_a_bad_laboratory(method: Any) -> None:
    rng = np.random.default_rng(3)
    groups = list(50 + rng.normal(0, 2, (150, 1)) + rng.normal(0, 1, (150, 3)))
    good = robust.robust_precision(groups, method)
    assert (good.general, good.s_r, good.s_R) == pytest.approx((50, 1, math.sqrt(5)), rel=0.15)
    bad = robust.robust_precision([*groups[:-1], np.array([90.0, 130.0, 20.0])], method)
    assert bad.s_r == pytest.approx(good.s_r, rel=0.03) and bad.s_R == pytest.approx(good.s_R, rel=0.1)


def test_relations_find_the_line_that_is_there() -> None:
    m = np.array([[1.0, 2.0, 5.0, 10.0]])
    one = relation("I", m, 0.1 * m)
    assert float(one.slope[0]) == pytest.approx(0.1)
    two = relation("II", m, 0.2 + 0.1 * m)
    assert (float(two.constant[0]), float(two.slope[0])) == pytest.approx((0.2, 0.1))
    three = relation("III", m, 0.3 * m**0.7)
    assert (float(three.constant[0]), float(three.slope[0])) == pytest.approx((math.log10(0.3), 0.7))
    assert all(float(each.deviation[0]) < 1e-12 for each in (one, two, three))


def test_a_consensus_without_spread_beyond_its_uncertainties_is_the_weighted_mean() -> None:
    x, u = [10.0, 10.1, 9.95], [0.2, 0.1, 0.3]
    plain = consensus(x, u, "weighted")
    for method in ("mandel-paule", "dersimonian-laird", "reml", "ml"):
        assert consensus(x, u, method).value == pytest.approx(plain.value)  # type: ignore[arg-type]
    far = consensus([10.0, 12.0, 9.0], u, "mandel-paule")
    weight = 1 / (np.array(u) ** 2 + far.tau2)
    assert np.sum(weight * (np.array([10.0, 12.0, 9.0]) - far.value) ** 2) == pytest.approx(2.0)


# Invariance.

FIGURES = st.lists(st.floats(-3, 3), min_size=5 * 3 * 2, max_size=5 * 3 * 2)


@given(FIGURES, st.floats(1e-3, 1e3), st.floats(-50, 50), st.randoms(use_true_random=False))
def test_statistics_do_not_depend_on_unit_origin_or_order(figures: list[float], unit: float, origin: float, random: Any) -> None:
    # beside the drawn figures a spread of its own, so that no sum of squares is all rounding
    x = np.array(figures).reshape(1, 2, 5, 3) + np.random.default_rng(1).normal(0, 1, (1, 2, 5, 3))
    of = analyse_cells(cells(x), EDITIONS[NEWEST])
    order = list(range(5))
    random.shuffle(order)
    other = analyse_cells(cells(unit * (x[:, :, order, ::-1] + origin)), EDITIONS[NEWEST])
    for name in ("s_r", "s_R", "s_L", "u_r", "u_R"):
        assert getattr(other.precision, name) == pytest.approx(unit * getattr(of.precision, name), rel=1e-7, abs=1e-6 * unit)
    assert other.mandel.h == pytest.approx(of.mandel.h[:, :, order], abs=1e-7)
    assert other.mandel.k == pytest.approx(of.mandel.k[:, :, order], abs=1e-7)
    for name, test in of.tests.items():
        assert other.tests[name].statistic == pytest.approx(test.statistic, abs=1e-7)


@given(st.integers(1, 6), st.integers(0, 2**31))
def test_many_studies_at_once_are_the_same_as_one_by_one(many: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(5, 1, (many, 2, 6, 3))
    x[rng.random(x.shape) < 0.1] = np.nan
    together = analyse_cells(cells(x), EDITIONS[NEWEST])
    for s in range(many):
        alone = analyse_cells(cells(x[s : s + 1]), EDITIONS[NEWEST])
        for name in ("p", "n", "general", "s_r", "s_L", "s_R"):
            np.testing.assert_allclose(getattr(together.precision, name)[s], getattr(alone.precision, name)[0], rtol=1e-12)
        np.testing.assert_allclose(together.mandel.h[s], alone.mandel.h[0], rtol=1e-12)
        np.testing.assert_array_equal(together.tests["cochran"].critical[0][s], alone.tests["cochran"].critical[0][0])


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=12, unique=True), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_robust_estimates_move_with_unit_and_origin(values: list[float], unit: float, origin: float) -> None:
    x = np.array(values)
    if robust.median_made(x).scale < 1e-6:
        return
    for estimate in (robust.algorithm_a, robust.median_niqr, robust.median_made):
        a, b = estimate(x), estimate(unit * x + origin)
        assert b.scale == pytest.approx(unit * a.scale, rel=1e-5)
        assert b.location == pytest.approx(unit * a.location + origin, rel=1e-6, abs=1e-5 * unit * a.scale)
    one, other = robust.q_scale([np.array([v]) for v in x]), robust.q_scale([np.array([unit * v]) for v in x])
    assert other == pytest.approx(unit * one, rel=1e-5)


def test_missing_cells_are_not_zeros() -> None:
    x = np.random.default_rng(2).normal(0, 1, (1, 1, 6, 3))
    x[0, 0, 5] = np.nan
    with_gap, without = precision(cells(x)), precision(cells(x[:, :, :5]))
    assert with_gap.p[0, 0] == 5 and float(with_gap.s_R[0, 0]) == pytest.approx(float(without.s_R[0, 0]))
    gone = Cells(np.array([[2.0, 0.0]]), np.array([[1.0, np.nan]]), np.array([[0.5, np.nan]]))
    assert gone.p[0] == 1


def test_relation_three_is_the_plain_line_of_logarithms_and_two_settles_on_its_own_weights() -> None:
    rng = np.random.default_rng(5)
    m = np.sort(rng.uniform(1, 50, (6, 7)), axis=1)
    s = 0.05 * m**0.8 * np.exp(rng.normal(0, 0.2, m.shape))
    two, three = relation("II", m, s), relation("III", m, s)
    for i in range(len(m)):
        slope, constant = np.polyfit(np.log10(m[i]), np.log10(s[i]), 1)
        assert (float(three.constant[i]), float(three.slope[i])) == pytest.approx((constant, slope))
        fitted = s[i]
        for _ in range(3):
            slope, constant = np.polyfit(m[i], s[i], 1, w=1 / fitted)
            fitted = constant + slope * m[i]
        assert (float(two.constant[i]), float(two.slope[i])) == pytest.approx((constant, slope))
    unit = relation("III", 1000 * m, 1000 * s)
    assert np.allclose(unit.slope, three.slope) and np.allclose(unit.fitted, 1000 * three.fitted)
    none = relation("III", np.array([[1.0, 2.0, 3.0]]), np.array([[0.1, 0.0, 0.3]]))
    assert not np.isfinite(none.slope[0]), "s = 0 has no logarithm"
