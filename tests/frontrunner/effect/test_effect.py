"""The effect of a standard: counted by hand on small populations; curves only where they say something; too little data said, not guessed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from chargers_made_up import FILE, MAPPING, answer, asked, rewritten, rows, shelf
from guiju.base.diagnostics import Refused
from guiju.frontrunner.authoring.asked import from_file
from guiju.frontrunner.authoring.preview import Standing, standing
from guiju.frontrunner.authoring.sample import Offer, Sample
from guiju.frontrunner.effect.adoption import adoption, revisions
from guiju.frontrunner.effect.asked import Question, effect
from guiju.frontrunner.effect.benefit import benefit
from guiju.frontrunner.effect.diffusion import first_reached, logistic
from guiju.frontrunner.effect.told import effect_tables, plain

F = Fraction
THRESHOLDS = (F("96.4"), F("95.6"), F("94.9"))


def stood(*products: tuple[str, date | None, str, int], within: str = "") -> Standing:
    base: Sample = answer(decimals="1").sample
    offers = tuple(
        Offer(n, f"示意 {n:03d}", F(value), 0, {}, enterprise, within, None, F(sales), day) for n, (value, day, enterprise, sales) in enumerate(products)
    )
    return standing(replace(base, offers=offers), THRESHOLDS)


def days(counts: list[int], start: date = date(2024, 1, 1), step: int = 30) -> Standing:
    """So many products that reach level 1 on each day, one other beside them every time."""
    return stood(*(
        (value, start + timedelta(days=step * at), "甲", 1) for at, n in enumerate(counts) for value in (*["97"] * n, "90")
    ))  # fmt: skip


def test_adoption_counts_products_and_enterprises_on_each_day() -> None:
    first, second, third = date(2024, 1, 1), date(2024, 5, 1), date(2025, 1, 1)
    found = adoption(stood(("97", first, "甲", 1), ("94", first, "乙", 1), ("95.7", second, "乙", 1), ("96.5", third, "丙", 1), ("99", None, "丁", 1)))
    assert [(each.on, each.products, each.reached, each.enterprises, each.enterprises_reached) for each in found.moments] == [
        (first, 2, (1, 1, 1), 2, (1, 1, 1)),
        (second, 3, (1, 2, 2), 2, (1, 2, 2)),
        (third, 4, (2, 3, 3), 3, (2, 3, 3)),
    ]
    assert found.undated == 1
    assert [each.code for each in found.diagnostics] == ["effect-undated"]
    assert adoption(stood(*reversed([("97", first, "甲", 1), ("94", second, "乙", 1)]))).moments[0].reached == (1, 1, 1), "whatever the order of rows"


def test_a_share_is_reached_on_the_first_day_it_is_so_since_the_publication() -> None:
    found = adoption(days([0, 0, 1, 3, 6]))
    shares = [each.share(1) for each in found.moments]
    assert shares == [F(0), F(0), F(1, 4), F(4, 8), F(10, 15)]
    half = first_reached(found, 1, F(1, 2), date(2024, 1, 15))
    assert (half.on, half.days, half.already) == (date(2024, 1, 1) + timedelta(days=90), 76, False)
    assert first_reached(found, 1, F(9, 10), date(2024, 1, 15)).on is None
    assert first_reached(found, 1, F(1, 2), date(2024, 12, 1)).already
    assert first_reached(found, 1, F(1, 2), date(2024, 12, 1)).days == 0


def test_a_stricter_threshold_never_raises_adoption() -> None:
    sample = answer(decimals="1").sample
    loose, strict = (adoption(standing(sample, thresholds)) for thresholds in (THRESHOLDS, tuple(each + F(2, 10) for each in THRESHOLDS)))
    for a, b in zip(loose.moments, strict.moments, strict=True):
        assert all(x >= y for x, y in zip(a.reached, b.reached, strict=True))
        assert all(x >= y for x, y in zip(a.enterprises_reached, b.enterprises_reached, strict=True))


def test_a_curve_is_given_where_its_turn_is_seen_and_not_for_a_line_or_few_points() -> None:
    total = [round(60 / (1 + math.exp(-(at - 12) / 2.2))) for at in range(25)]
    grown = adoption(days([b - a for a, b in zip([0, *total], total, strict=False)]))
    curve = logistic(grown, 1)
    assert curve.verdict == "justified"
    assert curve.ceiling == pytest.approx(60, rel=0.03)
    assert curve.middle is not None
    assert abs((curve.middle - (date(2024, 1, 1) + timedelta(days=360))).days) < 30
    assert curve.r2 > 0.99
    assert logistic(adoption(days([2] * 20)), 1).verdict == "no better than a line"
    early = [b - a for a, b in zip([0, *total], total[:12], strict=False)]
    assert logistic(adoption(days(early)), 1).verdict != "justified"
    with pytest.raises(Refused) as refused:
        logistic(adoption(days([1] * 7)), 1)
    assert refused.value.diagnostics[0].code == "effect-few"


def test_the_benefit_of_a_level_is_that_of_another_way_of_drawing_again() -> None:
    sold = [("97", None, "甲", 100 + 7 * n) for n in range(12)] + [("95.8", None, "甲", 60 + 9 * n) for n in range(10)]
    found = benefit(stood(*sold, within="小"), "sales")
    (gap,) = found.gaps
    assert (gap.within, gap.better, gap.worse, gap.better_count, gap.worse_count) == ("小", 1, 2, 12, 10)
    a, b = [100 + 7 * n for n in range(12)], [60 + 9 * n for n in range(10)]
    assert gap.mean.value == F(sum(a), 12) - F(sum(b), 10)
    assert gap.median.value == F(a[5] + a[6], 2) - F(b[4] + b[5], 2)
    random = np.random.default_rng(99)
    means = [random.choice(a, 12).mean() - random.choice(b, 10).mean() for _ in range(20_000)]
    assert (gap.mean.low, gap.mean.high) == pytest.approx(np.quantile(means, (0.025, 0.975)), rel=0.06)
    assert benefit(stood(*sold, within="小"), "sales") == found, "the same seed, the same interval"
    assert [each[1:3] for each in found.few] == [(2, 3), (3, None)]
    with pytest.raises(Refused) as refused:
        benefit(stood(*sold[:5]), "sales")
    assert refused.value.diagnostics[0].code == "effect-few"
    with pytest.raises(Refused):
        benefit(stood(*sold), "price")


def test_levels_are_compared_within_a_comparable_range_only() -> None:
    small, large = (stood(*[("97", None, "甲", n) for n in range(10)], within=word).sample.offers for word in ("小", "大"))
    worse = tuple(replace(each, value=F("95.7")) for each in large)
    apart = standing(replace(answer().sample, offers=(*small, *worse)), THRESHOLDS)
    with pytest.raises(Refused):
        benefit(apart, "sales")


def test_revisions_are_told_one_after_another(tmp_path: Path) -> None:
    half = rewritten(tmp_path, rows()[:24])
    found = effect(shelf(), [("2025", from_file(half, MAPPING)), ("2026", from_file(FILE, MAPPING))], Question(asked(), "96.4,95.6,94.9", "96.8,95.9,95"))
    assert [each.name for each in found.by_revision] == ["2025", "2026"]
    assert [each.products for each in found.by_revision] == [24, 48]
    assert found.raised is not None
    told = plain(found)
    assert told["raised"]["rise"] == 0
    assert told["raised"]["fall"] == sum(a != b for a, b in zip(found.standing.levels, found.raised.after.levels, strict=True))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    for language in ("zh", "en"):
        titles = [each.title for each in effect_tables(found, language)]  # type: ignore[arg-type]
        assert len(titles) == len(set(titles)) >= 5
    assert revisions([("x", found.standing)])[0].reached == found.by_revision[1].reached


def test_what_is_wrong_with_the_question_is_said(tmp_path: Path) -> None:
    bring = [("now", from_file(FILE, MAPPING))]
    for question, code in (
        (Question(asked(), share="0"), "authoring-shares"),
        (Question(asked(), measure="joy"), "unknown-word"),
        (Question(asked(), values="95,96"), "authoring-meet"),
        (Question(asked(), raised="x"), "authoring-amount"),
    ):
        with pytest.raises(Refused) as refused:
            effect(shelf(), bring, question)
        assert code in {each.code for each in refused.value.diagnostics}
    undated = rewritten(tmp_path, [",".join([*row.split(",")[:8], ""]) for row in rows()])
    found = effect(shelf(), [("now", from_file(undated, MAPPING))], Question(asked()))
    assert found.adoption is None
    assert "effect-no-dates" in {each.code for each in found.lacking}
