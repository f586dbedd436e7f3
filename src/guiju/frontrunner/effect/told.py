"""Told: the effect of a standard as tables and as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text, round_gb
from guiju.frontrunner.authoring.told import Table, against_plain, change_tables, level_word, percent, population_plain, said, standing_plain
from guiju.frontrunner.effect.adoption import Moment
from guiju.frontrunner.effect.asked import Effect
from guiju.frontrunner.effect.benefit import COVERAGE, Benefit, Gap, Interval
from guiju.frontrunner.effect.diffusion import Curve, Reached
from guiju.standard.model import Title

MOMENTS_SHOWN = 24
ASSOCIATION = Title(
    "等级之间的差别是相关，不是因果：好的等级与别的因素可能一起出现。",
    "The differences go with the level and are not caused by it: what else comes with a good level is not told apart.",
)
VERDICTS = {
    "justified": Title("可用", "may be used"),
    "no better than a line": Title("不比直线说得更多，不采用", "says no more than a straight line, not used"),
    "no turn seen": Title("拐点不在数据之内，顶点无从知道，不采用", "its turn is not among the data, not used"),
}


def effect_tables(found: Effect, language: Language) -> Iterator[Table]:
    """Adoption by day and by revision; diffusion; the raise; the benefit of a level."""
    levels = range(1, found.standing.none)
    if found.by_revision:
        yield _moments(said(language, "各修订版的达到情况", "reached, by revision"), found.by_revision, levels, language)
    if found.adoption is not None:
        moments = found.adoption.moments
        every = max(1, math.ceil(len(moments) / MOMENTS_SHOWN))
        shown = [each for at, each in enumerate(moments) if (len(moments) - 1 - at) % every == 0]
        title = said(language, "随时间的达到情况（至该日上市的产品）", "reached over time (products on sale by that day)")
        yield _moments(title, shown, levels, language)
    if found.reached:
        yield _diffusion(found.reached, language)
    if found.curves:
        yield _curves(found.curves, language)
    if found.raised is not None:
        yield from change_tables(found.standing, found.raised, language)
    if found.benefit is not None:
        yield _benefit(found.benefit, language)


def _moments(title: str, moments: Sequence[Moment], levels: range, language: Language) -> Table:
    def upto(level: int) -> str:
        return said(language, f"{level} 级" if level == 1 else f"{level} 级或更好", f"level {level}" if level == 1 else f"level {level} or better")

    enterprises = said(language, "企业", "enterprises")
    header = (said(language, "截至", "until"), said(language, "产品", "products"), *(upto(level) for level in levels), enterprises,
              *(f"{enterprises}: {upto(level)}" for level in levels))  # fmt: skip
    rows = tuple(
        (m.name, str(m.products), *(f"{n} ({percent(n, m.products)})" for n in m.reached), str(m.enterprises),
         *(str(n) for n in m.enterprises_reached))
        for m in moments
    )  # fmt: skip
    return Table(title, header, rows, tuple(range(1, len(header))))


def _diffusion(found: Sequence[Reached], language: Language) -> Table:
    first = found[0]
    share = f"{decimal_text(first.share * 100)} %"
    title = said(language, f"自 {first.since} 起多久有 {share} 的产品达到", f"how long from {first.since} until {share} of the products reach it")
    header = (said(language, "等级（或更好）", "level or better"), said(language, "达到之日", "on"), said(language, "天数", "days"))
    rows = tuple(
        (str(each.level), said(language, "当时已达到", "was so already") if each.already else each.on.isoformat() if each.on else
         said(language, "尚未", "not yet"), "–" if each.days is None else str(each.days))
        for each in found
    )  # fmt: skip
    return Table(title, header, rows, (2,))


def _curves(found: Sequence[Curve], language: Language) -> Table:
    words = (("等级（或更好）", "level or better"), ("点数", "points"), ("R²", "R²"), ("AICc 比直线低", "AICc below the line's by"),
             ("结论", "verdict"), ("顶点（产品数）", "ceiling (products)"), ("中点", "middle"))  # fmt: skip
    rows = tuple(
        (str(c.level), str(c.points), f"{c.r2:.3f}", f"{c.gain:.1f}", VERDICTS[c.verdict].text(language),
         *((f"{c.ceiling:.1f}", c.middle.isoformat() if c.middle else "–") if c.verdict == "justified" else ("–", "–")))
        for c in found
    )  # fmt: skip
    return Table(said(language, "逻辑斯谛曲线", "logistic curve"), tuple(said(language, *each) for each in words), rows, (1, 2, 3, 5))


def _benefit(found: Benefit, language: Language) -> Table:
    what = said(language, "销量", "sales") if found.measure == "sales" else said(language, "价格", "price")
    title = said(
        language, f"高一级的{what}相差多少（同一可比范围内；{COVERAGE * 100:.0f} % 自助区间，{found.draws} 次，Philox 种子 {found.seed}）",
        f"by how much the {what} of the better level differ (within a comparable range; {COVERAGE * 100:.0f} % bootstrap, {found.draws} draws, "
        f"Philox seed {found.seed})",
    )  # fmt: skip
    words = (("可比范围", "comparable range"), ("等级", "levels"), ("产品数", "products"), ("中位数之差", "difference of medians"),
             ("均值之差", "of means"))  # fmt: skip
    rows = [_gap(each, language) for each in found.gaps]
    too_few = said(language, "太少，不作比较", "too few to compare")
    rows += [(within or "–", _pair(better, worse, language), f"{a}, {b}", too_few, "–") for within, better, worse, a, b in found.few]
    return Table(title, tuple(said(language, *each) for each in words), tuple(rows), (2, 3, 4))


def _gap(each: Gap, language: Language) -> tuple[str, ...]:
    return (each.within or "–", _pair(each.better, each.worse, language), f"{each.better_count}, {each.worse_count}", _interval(each.median),
            _interval(each.mean))  # fmt: skip


def _pair(better: int, worse: int | None, language: Language) -> str:
    return f"{better} − {level_word(worse, language)}"


def _interval(found: Interval) -> str:
    return f"{decimal_text(round_gb(found.value, Fraction(1, 100)))} [{found.low:.4g}, {found.high:.4g}]"


# plain values


def plain(found: Effect) -> dict[str, Any]:
    """The whole effect for programs."""
    sample = found.sample
    return {
        "standard": sample.program.standard.number, "content_hash": sample.program.content_hash, "indicator": sample.indicator.indicator.name,
        "illustrative": sample.illustrative, "population": population_plain(sample), "unit": sample.unit.text,
        "thresholds": [decimal_text(each) for each in found.standing.thresholds], "standing": standing_plain(found.standing),
        "by_revision": [_moment(each) for each in found.by_revision],
        "adoption": None if found.adoption is None else [_moment(each) for each in found.adoption.moments],
        "reached": [{"level": r.level, "share": decimal_text(r.share), "since": r.since.isoformat(), "already": r.already, "days": r.days,
                     "on": None if r.on is None else r.on.isoformat()} for r in found.reached],
        "curves": [{"level": c.level, "points": c.points, "verdict": c.verdict, "r2": c.r2, "aicc_gain": c.gain, "ceiling": c.ceiling,
                    "middle": None if c.middle is None else c.middle.isoformat(), "scale_days": c.scale} for c in found.curves],
        "raised": None if found.raised is None else {"thresholds": [decimal_text(each) for each in found.raised.thresholds],
                                                      **against_plain(found.standing, found.raised), "counts_after": list(found.raised.counts())},
        "benefit": None if found.benefit is None else _benefit_plain(found.benefit),
        "association_not_cause": True, "lacking": [each.as_json() for each in found.lacking],
    }  # fmt: skip


def _moment(each: Moment) -> dict[str, Any]:
    return {"until": each.name, "products": each.products, "reached": list(each.reached), "enterprises": each.enterprises,
            "enterprises_reached": list(each.enterprises_reached)}  # fmt: skip


def _benefit_plain(found: Benefit) -> dict[str, Any]:
    def interval(each: Interval) -> dict[str, Any]:
        return {"value": decimal_text(each.value), "low": each.low, "high": each.high}

    return {
        "measure": found.measure, "draws": found.draws, "seed": found.seed, "coverage": COVERAGE,
        "gaps": [{"range": g.within, "better": g.better, "worse": g.worse, "products": [g.better_count, g.worse_count],
                  "median": interval(g.median), "mean": interval(g.mean)} for g in found.gaps],
        "too_few": [{"range": within, "better": better, "worse": worse, "products": [a, b]} for within, better, worse, a, b in found.few],
    }  # fmt: skip
