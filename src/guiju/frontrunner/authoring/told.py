"""Told: a proposal and who stands where, as tables for people and as plain values for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text, round_gb
from guiju.frontrunner.authoring.asked import Answer
from guiju.frontrunner.authoring.capability import NEAR, amount, chance_of_another, expected_changes
from guiju.frontrunner.authoring.preview import Market, Move, Share, Standing, crossed, market, moves, reach, sensitivity
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS
from guiju.frontrunner.authoring.sample import Sample
from guiju.standard.model import Title

MOVES_SHOWN = 20
STARS = {1: Title("先进水平", "advanced"), 2: Title("平均水平", "average"), 3: Title("基准水平", "baseline")}
ILLUSTRATIVE = Title(
    "示意：总体中有虚设的产品，由它推得的界限只说明做法，不是任何标准的界限。",
    "Illustrative: the population holds products that are made up; thresholds derived from it show how it is done and are those of no standard.",
)


@dataclass(frozen=True, slots=True)
class Table:
    """right: the columns of numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


def said(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def percent(part: Fraction | int, whole: Fraction | int) -> str:
    """A share to a tenth of a percent, GB/T 8170; – where there is no whole."""
    return f"{decimal_text(round_gb(Fraction(part) * 100 / Fraction(whole), Fraction(1, 10)))} %" if whole else "–"


def level_word(level: int | None, language: Language) -> str:
    return said(language, "未达", "none") if level is None else str(level)


def head(sample: Sample, language: Language) -> list[str]:
    """What the population is, in lines."""
    zh = language == "zh"
    columns = ", ".join(f"{each.name} = {header}" for each in fields(sample.headers) if (header := getattr(sample.headers, each.name)))
    n = len(sample.offers)
    line = said(
        language, f"总体「{sample.title.zh}」：{sample.rows} 行，{n} 个产品有值，{sample.outside} 行不适用，{sample.undetermined} 行无法确定",
        f"population `{sample.title.en}`: {sample.rows} rows, {n} products with a value, {sample.outside} out of scope, "
        f"{sample.undetermined} undetermined",
    )  # fmt: skip
    lines = [line, f"sha256 {sample.hash}"]
    if columns:
        lines.append(f"{'所取的列' if zh else 'columns read'}: {columns}")
    return [*lines, *([ILLUSTRATIVE.text(language)] if sample.illustrative else [])]


def proposal_tables(answer: Answer, language: Language) -> Iterator[Table]:
    """Thresholds; what measuring can tell; who stands where; what changes; sensitivity; the market."""
    yield _cuts(answer, language)
    if answer.proposal.question.capability is not None:
        yield _capability(answer, language)
    yield from standing_tables(answer.standing, language)
    if answer.against is not None:
        yield from change_tables(answer.against, answer.standing, language)
    yield _sensitivity(answer.standing, language)
    yield from market_tables(answer.standing, language)


def _cuts(answer: Answer, language: Language) -> Table:
    sample, question = answer.sample, answer.proposal.question
    n = len(sample.offers)
    title = f"{sample.indicator.indicator.title.text(language)} — {METHODS[question.method].text(language)}"
    if question.decimals is not None:
        title += said(language, f"；修约到 {question.decimals} 位，{TOWARDS[question.toward].zh}",
                      f"; {question.decimals} decimals, {TOWARDS[question.toward].en}")  # fmt: skip
    words = (("等级", "level"), ("界限", "threshold"), ("推得", "derived"), ("要求的份额", "stated share"), ("达到", "reach it"),
             ("占产品", "of products"), ("并列", "tied"), ("修约与限值改变", "changed by rounding, limit"))  # fmt: skip
    header = tuple(said(language, *each) for each in words)
    rows = tuple(
        (_level_title(c.level, language), amount(c.value, sample.unit), decimal_text(c.derived),
         f"{decimal_text(c.stated * 100)} %" if c.stated else "–", str(c.count), percent(c.count, n), str(c.tied), f"{c.changed:+d}")
        for c in answer.proposal.cuts
    )  # fmt: skip
    return Table(title, header, rows, tuple(range(1, 8)))


def _level_title(level: int, language: Language) -> str:
    return f"{level} {STARS[level].text(language)}" if level in STARS else str(level)


def _capability(answer: Answer, language: Language) -> Table:
    """At every threshold the chance that measuring alone gives another level, by how far a product lies from it."""
    held = answer.proposal.question.capability
    assert held is not None
    better, thresholds = answer.sample.better, answer.proposal.thresholds
    expected = expected_changes(answer.sample.values, thresholds, better, held.s_R)
    title = said(
        language, f"测量能力：R = {amount(held.R, answer.sample.unit)}（{held.source}）；仅因换实验室重测，预计 {expected:.1f} 个产品改变等级",
        f"measurement capability: R = {amount(held.R, answer.sample.unit)} ({held.source}); by measuring again elsewhere alone, {expected:.1f} "
        "products are expected to change level",
    )  # fmt: skip
    by = (decimal_text(each) for each in NEAR)
    header = (said(language, "等级", "level"), *(said(language, f"优于界限 {each} R", f"better by {each} R") for each in by))
    sign = -1 if better == "lower" else 1
    rows = tuple(
        (str(at), *(f"{chance_of_another(each + sign * far * held.R, thresholds, better, held.s_R) * 100:.1f} %" for far in NEAR))
        for at, each in enumerate(thresholds, 1)
    )
    return Table(title, header, rows, tuple(range(1, len(header))))


def _levels_header(standing: Standing, language: Language) -> tuple[str, ...]:
    return (*(said(language, f"{level} 级", f"level {level}") for level in range(1, standing.none)), said(language, "未达", "none"))


def standing_tables(standing: Standing, language: Language) -> Iterator[Table]:
    """Products by level; by comparable range and by enterprise where they are known. The order within a level means nothing."""
    n = len(standing.sample.offers)
    counts = standing.counts()
    yield Table(said(language, "各级的产品", "products by level"), _levels_header(standing, language),
                (tuple(f"{each} ({percent(each, n)})" for each in counts),), tuple(range(standing.none)))  # fmt: skip
    for name, zh, en in (("within", "可比范围", "comparable range"), ("enterprise", "企业", "enterprise")):
        found = standing.by(name)
        if set(found) != {""}:
            rows = tuple((word or "–", *(str(each) for each in counts)) for word, counts in found.items())
            title = said(language, f"按{zh}（次序没有含义）", f"by {en} (the order means nothing)")
            yield Table(title, (said(language, zh, en), *_levels_header(standing, language)), rows, tuple(range(1, standing.none + 1)))


def change_tables(before: Standing, after: Standing, language: Language) -> Iterator[Table]:
    """From level to level, and the products that rise or fall."""
    found = crossed(before, after)
    rows_of: list[int | None] = [*range(1, before.none), None]
    columns: list[int | None] = [*range(1, after.none), None]
    header = (said(language, "原等级 ＼ 新等级", "level before \\ after"), *(level_word(each, language) for each in columns))
    rows = tuple((level_word(old, language), *(str(found.get((old, new), 0)) for new in columns)) for old in rows_of)
    changed = moves(before, after)
    up = sum(each.rises for each in changed)
    down = len(changed) - up
    title = said(language, f"与所比的相比：{up} 个上升，{down} 个下降", f"against what it is compared with: {up} rise, {down} fall")
    yield Table(title, header, rows, tuple(range(1, len(header))))
    if changed:
        more = len(changed) - MOVES_SHOWN
        beyond = said(language, f"（另有 {more} 个）", f" ({more} more)") if more > 0 else ""
        words = (("产品", "product"), ("企业", "enterprise"), ("值", "value"), ("原", "before"), ("新", "after"))
        rows = tuple(_move(each, after.sample, language) for each in changed[:MOVES_SHOWN])
        yield Table(said(language, "谁升谁降", "who rises, who falls") + beyond, tuple(said(language, *each) for each in words), rows, (2, 3, 4))


def _move(each: Move, sample: Sample, language: Language) -> tuple[str, ...]:
    mark = "↑" if each.rises else "↓"
    return (f"{mark} {each.offer.key}", each.offer.enterprise or "–", amount(each.offer.value, sample.unit), level_word(each.before, language),
            level_word(each.after, language))  # fmt: skip


def _sensitivity(standing: Standing, language: Language) -> Table:
    header = [said(language, "等级", "level"), said(language, "现在达到", "reach it now")]
    rows = []
    for level, each in enumerate(standing.thresholds, 1):
        found = sensitivity(standing.sample.values, each, standing.sample.better)
        if level == 1:
            header += [said(language, f"界限 {_signed(m.by)} %", f"threshold {_signed(m.by)} %") for m in found]
        now = sum(level_ <= level for level_ in standing.levels)
        rows.append((str(level), str(now), *(f"{m.count} ({_ratio(m.elasticity)})" for m in found)))
    title = said(language, "敏感性：移动界限后达到的产品（括号内为弹性，逐个数出，未求导）",
                 "sensitivity: products that reach a moved threshold (in brackets the elasticity, counted, not differentiated)")  # fmt: skip
    return Table(title, tuple(header), tuple(rows), tuple(range(1, len(header))))


def _signed(by: Fraction) -> str:
    return ("+" if by > 0 else "") + decimal_text(by * 100)


def _ratio(value: Fraction | None) -> str:
    return "–" if value is None else decimal_text(round_gb(value, Fraction(1, 100)))


def market_tables(standing: Standing, language: Language) -> Iterator[Table]:
    """Products, enterprises, sales and classes of price by level; how concentrated level 1 is."""
    found = market(standing)
    header = (said(language, "占比", "share of"), *_levels_header(standing, language))
    rows = [_share(said(language, "产品", "products"), found.products)]
    if found.enterprises_all:
        reached = tuple(f"{each} / {found.enterprises_all}" for each in found.enterprises)
        rows.append((said(language, "企业（有产品在此级或更好）", "enterprises with a product there or better"), *reached, "–"))
    if found.sales is not None:
        rows.append(_share(said(language, "销量", "sales"), found.sales))
    for low, high, share in found.prices:
        rows.append(_share(f"{said(language, '价格', 'price')} {decimal_text(low)}–{decimal_text(high)}", share))
    title = said(language, "对市场的影响", "effect on the market")
    if found.concentration is not None:
        index = decimal_text(round_gb(found.concentration, Fraction(1, 1000)))
        title += said(language, f"；1 级的企业集中度（赫芬达尔指数）{index}", f"; concentration of level 1 by enterprise (Herfindahl) {index}")
    yield Table(title, header, tuple(rows), tuple(range(1, standing.none + 1)))


def _share(name: str, share: Share) -> tuple[str, ...]:
    return (name, *(percent(each, share.whole) for each in share.parts))


# plain values


def plain(answer: Answer) -> dict[str, Any]:
    """The whole answer for programs; quantities as decimal texts in the unit named."""
    sample, question = answer.sample, answer.proposal.question
    found = market(answer.standing)
    return {
        "standard": sample.program.standard.number, "content_hash": sample.program.content_hash, "indicator": sample.indicator.indicator.name,
        "better": sample.better, "unit": sample.unit.text, "illustrative": answer.proposal.illustrative, "population": population_plain(sample),
        "method": question.method, "shares": [decimal_text(each) for each in question.shares], "decimals": question.decimals,
        "toward": question.toward, "national": None if question.national is None else decimal_text(question.national),
        "capability": _capability_plain(answer), "levels": [
            {"level": c.level, "threshold": decimal_text(c.value), "derived": decimal_text(c.derived), "count": c.count, "tied": c.tied,
             "changed": c.changed, "held_to_national": c.held, "sensitivity": [
                {"by": decimal_text(m.by), "threshold": decimal_text(m.threshold), "count": m.count,
                 "elasticity": None if m.elasticity is None else decimal_text(m.elasticity)}
                for m in sensitivity(sample.values, c.value, sample.better)
             ]}
            for c in answer.proposal.cuts
        ],
        "standing": standing_plain(answer.standing), "against": None if answer.against is None else against_plain(answer.against, answer.standing),
        "market": _market_plain(found), "reach": [[decimal_text(value), count] for value, count in reach(sample.values, sample.better)],
        "diagnostics": [each.as_json() for each in answer.diagnostics],
    }  # fmt: skip


def population_plain(sample: Sample) -> dict[str, Any]:
    return {"title": {"zh": sample.title.zh, "en": sample.title.en}, "sha256": sample.hash, "rows": sample.rows, "products": len(sample.offers),
            "outside": sample.outside, "undetermined": sample.undetermined,
            "columns": {each.name: getattr(sample.headers, each.name) for each in fields(sample.headers)}}  # fmt: skip


def _capability_plain(answer: Answer) -> dict[str, Any] | None:
    held = answer.proposal.question.capability
    if held is None:
        return None
    expected = expected_changes(answer.sample.values, answer.proposal.thresholds, answer.sample.better, held.s_R)
    return {"R": decimal_text(held.R), "s_R": decimal_text(held.s_R), "source": held.source, "expected_changes": expected}


def standing_plain(standing: Standing) -> dict[str, Any]:
    return {
        "counts": list(standing.counts()), "by_range": {word: list(counts) for word, counts in standing.by("within").items()},
        "by_enterprise": {word: list(counts) for word, counts in standing.by("enterprise").items()},
        "products": [{"key": offer.key, "enterprise": offer.enterprise, "value": decimal_text(offer.value), "level": level}
                     for offer, level in zip(standing.sample.offers, standing.reached, strict=True)],
    }  # fmt: skip


def against_plain(before: Standing, after: Standing) -> dict[str, Any]:
    changed: Sequence[Move] = moves(before, after)
    return {"counts": list(before.counts()), "rise": sum(each.rises for each in changed), "fall": sum(not each.rises for each in changed),
            "changed": [{"key": each.offer.key, "before": each.before, "after": each.after} for each in changed]}  # fmt: skip


def _market_plain(found: Market) -> dict[str, Any]:
    def parts(share: Share | None) -> list[str] | None:
        return None if share is None else [decimal_text(each) for each in share.parts]

    return {
        "products": parts(found.products), "enterprises": list(found.enterprises), "enterprises_in_all": found.enterprises_all,
        "sales": parts(found.sales), "without_sales": found.unsold, "without_price": found.unpriced,
        "price_classes": [{"from": decimal_text(low), "to": decimal_text(high), "products": parts(share)} for low, high, share in found.prices],
        "concentration_level_1": None if found.concentration is None else decimal_text(found.concentration),
    }  # fmt: skip
