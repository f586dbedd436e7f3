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
from guiju.frontrunner.effect.diffusion import Curve, Reached, Speed
from guiju.frontrunner.effect.raised import Hit, Raise
from guiju.standard.model import Title

MOMENTS_SHOWN, HITS_SHOWN = 24, 30
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
    if found.speeds:
        yield _speeds(found.speeds, language)
    if found.raised is not None:
        yield from change_tables(found.standing, found.raised.after, language)
        yield from _raised(found.raised, language)
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
             ("结论", "verdict"), ("顶点（产品数）", "ceiling (products)"), ("中点", "middle"),
             ("自顶点的 10 % 至 90 % / 天", "days from 10 % to 90 % of it"))  # fmt: skip
    rows = tuple(
        (str(c.level), str(c.points), f"{c.r2:.3f}", f"{c.gain:.1f}", VERDICTS[c.verdict].text(language),
         *((f"{c.ceiling:.1f}", c.middle.isoformat() if c.middle else "–", f"{c.tenth_to_nine:.0f}") if c.verdict == "justified"
           else ("–", "–", "–")))
        for c in found
    )  # fmt: skip
    return Table(said(language, "逻辑斯谛曲线", "logistic curve"), tuple(said(language, *each) for each in words), rows, (1, 2, 3, 5, 7))


def _speeds(found: Sequence[Speed], language: Language) -> Table:
    title = said(language, f"扩散快慢：自 {found[0].since} 至 {found[0].until}，平均每年增加的百分点",
                 f"speed of diffusion: percentage points a year on average, from {found[0].since} to {found[0].until}")  # fmt: skip
    words = (("等级（或更好）", "level or better"), ("起时份额", "share then"), ("末时份额", "share now"), ("每年百分点", "points a year"))
    rows = tuple(
        (str(e.level), percent(e.first, 1), percent(e.last, 1), decimal_text(round_gb(e.per_year, Fraction(1, 10)))) for e in found
    )
    return Table(title, tuple(said(language, *each) for each in words), rows, (1, 2, 3))


def _raised(found: Raise, language: Language) -> Iterator[Table]:
    """Who falls and who is out, all in all, by enterprise and by brand."""
    whole = found.whole
    sold = ""
    if whole.sales:
        share = percent(whole.sales_out or 0, whole.sales)
        sold = said(language, f"；占销量的 {share} 不再有等级", f"; {share} of the sales are out")
        if found.unsold:
            sold += said(language, f"（{found.unsold} 个产品没有销量，未计）", f" ({found.unsold} products without sales are not counted)")
    title = said(language, f"提高的影响：{whole.fall} 个产品下降，其中 {whole.out} 个不再有等级{sold}",
                 f"the raise: {whole.fall} products fall, {whole.out} of them have no level any more{sold}")  # fmt: skip
    words = [("谁", "who"), ("产品", "products"), ("下降", "fall"), ("不再有等级", "out")]
    words += [("下降占其销量", "falling, of its sales"), ("不再有等级占其销量", "out, of its sales")] if whole.sales else []
    header = tuple(said(language, *each) for each in words)
    yield Table(title, header, (_hit(whole, said(language, "全部", "all"), bool(whole.sales)),), tuple(range(1, len(header))))
    for name, zh, en in (("enterprise", "按企业", "by enterprise"), ("brand", "按品牌", "by brand")):
        held = [each for each in found.by[name] if each.fall]
        if held:
            more = len(held) - HITS_SHOWN
            beyond = said(language, f"（另有 {more} 个）", f" ({more} more)") if more > 0 else ""
            rows = tuple(_hit(each, each.word, bool(whole.sales)) for each in held[:HITS_SHOWN])
            title = said(language, f"{zh}：有产品下降的", f"{en}: those with products that fall")
            yield Table(title + beyond, header, rows, tuple(range(1, len(header))))


def _hit(each: Hit, word: str, sold: bool) -> tuple[str, ...]:
    shares = (percent(each.sales_fall or 0, each.sales or 0), percent(each.sales_out or 0, each.sales or 0)) if sold else ()
    return (word, str(each.products), str(each.fall), str(each.out), *shares)


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
                    "middle": None if c.middle is None else c.middle.isoformat(), "scale_days": c.scale,
                    "days_tenth_to_nine_tenths": c.tenth_to_nine} for c in found.curves],
        "speeds": [{"level": e.level, "since": e.since.isoformat(), "until": e.until.isoformat(), "first": decimal_text(e.first),
                    "last": decimal_text(e.last), "points_per_year": decimal_text(e.per_year)} for e in found.speeds],
        "raised": None if found.raised is None else _raised_plain(found.raised),
        "benefit": None if found.benefit is None else _benefit_plain(found.benefit),
        "association_not_cause": True, "lacking": [each.as_json() for each in found.lacking],
    }  # fmt: skip


def _raised_plain(found: Raise) -> dict[str, Any]:
    def hit(each: Hit) -> dict[str, Any]:
        sales = {name: None if value is None else decimal_text(value) for name, value in (
            ("sales", each.sales), ("sales_fall", each.sales_fall), ("sales_out", each.sales_out))}  # fmt: skip
        return {"word": each.word, "products": each.products, "fall": each.fall, "out": each.out, **sales}

    return {"thresholds": [decimal_text(each) for each in found.after.thresholds], **against_plain(found.before, found.after),
            "counts_after": list(found.after.counts()), "whole": hit(found.whole), "without_sales": found.unsold,
            "by_enterprise": [hit(each) for each in found.by["enterprise"]], "by_brand": [hit(each) for each in found.by["brand"]]}  # fmt: skip


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
