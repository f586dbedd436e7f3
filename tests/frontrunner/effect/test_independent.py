"""The statistics of the effect of a standard against another computation: scipy's, or counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, stats

from chargers_made_up import answer
from guiju.frontrunner.authoring.preview import Standing, standing
from guiju.frontrunner.authoring.sample import Offer
from guiju.frontrunner.effect.adoption import adoption
from guiju.frontrunner.effect.benefit import benefit
from guiju.frontrunner.effect.diffusion import logistic, speed
from guiju.frontrunner.effect.raised import raised

F = Fraction
OLD, NEW = (F("96.4"), F("95.6"), F("94.9")), (F("96.8"), F("96"), F("95"))


def stood(*products: tuple[str, str, str, int | None, date | None]) -> Standing:
    """(value, enterprise, brand, sales, on sale)"""
    base = answer(decimals="1").sample
    offers = tuple(
        Offer(n, f"示意 {n:03d}", F(value), 0, {}, enterprise, "", None, None if sales is None else F(sales), day, brand)
        for n, (value, enterprise, brand, sales, day) in enumerate(products)
    )
    return standing(replace(base, offers=offers), OLD)


def test_the_interval_of_means_is_the_percentile_bootstrap_of_scipy() -> None:
    a, b = [100 + n * n % 37 for n in range(24)], [70 + 5 * n % 41 for n in range(18)]
    held = stood(*[("97", "甲", "", n, None) for n in a], *[("95.8", "乙", "", n, None) for n in b])
    (gap,) = benefit(held, "sales").gaps
    theirs = stats.bootstrap((a, b), lambda x, y, axis: np.mean(x, axis=axis) - np.mean(y, axis=axis), method="percentile", n_resamples=20_000, rng=7)
    interval = theirs.confidence_interval
    assert (gap.mean.low, gap.mean.high) == pytest.approx((interval.low, interval.high), abs=0.6)
    assert float(gap.mean.value) == pytest.approx(np.mean(a) - np.mean(b))


def test_the_logistic_curve_is_that_of_another_fit_and_its_criterion_by_hand() -> None:
    total = [round(60 / (1 + math.exp(-(at - 12) / 2.2))) for at in range(25)]
    first = date(2024, 1, 1)
    found, before = [], 0
    for at, count in enumerate(total):
        day = first + timedelta(days=30 * at)
        found += [("97", "甲", "", 1, day)] * (count - before) + [("90", "甲", "", 1, day)]
        before = count
    ours = adoption(stood(*found))
    curve = logistic(ours, 1)
    steps = [(each.on, each.reached[0]) for n, each in enumerate(ours.moments) if each.on and each.reached[0] > (ours.moments[n - 1].reached[0] if n else 0)]
    t = np.array([(day - steps[0][0]).days for day, _ in steps], dtype=float)
    n = np.array([count for _, count in steps], dtype=float)

    def model(x: object, ceiling: float, middle: float, scale: float) -> object:
        return ceiling / (1 + np.exp(-(x - middle) / scale))  # type: ignore[operator]

    (ceiling, middle, scale), _ = optimize.curve_fit(model, t, n, p0=(60, t[-1] / 2, 60))
    assert (curve.ceiling, curve.scale) == pytest.approx((ceiling, scale), rel=1e-3)
    assert curve.middle == steps[0][0] + timedelta(days=round(middle))
    assert curve.tenth_to_nine == pytest.approx(scale * (math.log(9) - math.log(1 / 9)), rel=1e-3)
    line = stats.linregress(t, n)
    rss, rss_line = (float(((fitted - n) ** 2).sum()) for fitted in (model(t, ceiling, middle, scale), line.intercept + line.slope * t))

    def aicc(sum_: float, k: int) -> float:
        return len(n) * math.log(sum_ / len(n)) + 2 * k + 2 * k * (k + 1) / (len(n) - k - 1)

    assert curve.gain == pytest.approx(aicc(rss_line, 3) - aicc(rss, 4), abs=1e-3)
    assert curve.r2 == pytest.approx(1 - rss / float(((n - n.mean()) ** 2).sum()), abs=1e-6)


def test_speed_is_the_growth_of_the_share_over_the_years() -> None:
    held = stood(("97", "甲", "", 1, date(2024, 1, 1)), ("90", "乙", "", 1, date(2024, 1, 1)), ("97", "丙", "", 1, date(2026, 1, 1)),
                 ("97", "丁", "", 1, date(2026, 1, 1)))  # fmt: skip
    found = speed(adoption(held), 1, date(2025, 1, 1))
    assert found is not None and (found.first, found.last) == (F(1, 2), F(3, 4))
    assert found.per_year == F(25) * F(1461, 4) / 365
    assert speed(adoption(held), 1, date(2026, 1, 1)) is None, "nothing came after it"


def test_a_raise_is_counted_by_enterprise_and_brand_with_its_share_of_sales() -> None:
    rows = (("97", "甲", "a", 100, None), ("96.5", "甲", "b", 50, None), ("94.95", "乙", "b", 30, None), ("94.95", "乙", "", None, None),
            ("90", "丙", "c", 20, None))  # fmt: skip
    before = stood(*rows)
    found = raised(before, standing(before.sample, NEW))
    assert (found.whole.products, found.whole.fall, found.whole.out, found.whole.sales, found.whole.sales_out) == (5, 3, 2, 200, 30)
    assert found.whole.sales_fall == 80 and found.unsold == 1
    assert [(each.word, each.products, each.fall, each.out, each.sales_out) for each in found.by["enterprise"]] == [
        ("乙", 2, 2, 2, 30), ("甲", 2, 1, 0, 0), ("丙", 1, 0, 0, 0)]  # fmt: skip
    assert [(each.word, each.fall, each.out) for each in found.by["brand"]] == [("b", 2, 1), ("a", 0, 0), ("c", 0, 0)]
    same = raised(before, before)
    assert (same.whole.fall, same.whole.out, same.whole.sales_out) == (0, 0, 0)
    unsold = raised(stood(("97", "甲", "", None, None)), standing(stood(("97", "甲", "", None, None)).sample, NEW))
    assert unsold.whole.sales is None
