"""Decision figures: where each rule accepts, how probable conformance is along the measured value, and global risks along the guard band."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.metrology.array import Array
from guiju.metrology.conformity import Limits, conformance_probability, global_risks
from guiju.metrology.decision import RULES
from guiju.readings.uncertain.words import DECIDED as VERDICTS
from guiju.readings.uncertain.words import RULES as WORDS
from guiju.verify.chart import Axis, Bar, Chart, Curve, Dot, Layer, Upright, number_axis
from guiju.verify.conformance import Judged
from guiju.verify.told import Table, number, say, word

POINTS = 121
_BANDS = 33
_KINDS = dict(zip(RULES, ("c0", "c1", "c2", "c3"), strict=True))


def charts(found: Judged, language: Language) -> list[Chart]:
    """Acceptance zones, the probability of conformance; with a prior, global risks as the guard band grows."""
    zh = language == "zh"
    made = [_zones(found, zh), _probability(found, zh)]
    if found.asked.prior is not None and found.asked.u > 0 and found.asked.prior.u > 0:
        made.append(_global(found, zh))
    return made


def _reach(found: Judged) -> tuple[float, float]:
    """Where something happens: limits, acceptance, the measured value with its U, and a margin."""
    asked = found.asked
    places = [float(asked.value - asked.expanded), float(asked.value + asked.expanded), *(x for x in found.limits if math.isfinite(x))]
    places += [float(end) for d, _ in found.decisions for end in d.acceptance if end is not None]
    margin = 0.18 * (max(places) - min(places)) or abs(max(places)) * 0.1 or 1.0
    return min(places) - margin, max(places) + margin


def _axis(found: Judged, zh: bool) -> Axis:
    low, high = _reach(found)
    unit = f" ({found.asked.unit})" if found.asked.unit else ""
    return Axis(f"{say(zh, '测得值', 'measured value')}{unit}", low, high)


def _limits(limits: Limits) -> list[Layer]:
    return [Upright(limit, "r1", f"{limit:.10g}") for limit in limits if math.isfinite(limit)]


def _zones(found: Judged, zh: bool) -> Chart:
    """A row for each rule: accepted, neither, rejected; over them the measured value with its expanded uncertainty."""
    asked, x = found.asked, _axis(found, zh)
    layers: list[Layer] = []
    rows: list[tuple[str, ...]] = []
    names = []
    for at, (d, _) in enumerate(reversed(found.decisions)):
        low, high = (x.low if d.acceptance[0] is None else float(d.acceptance[0])), (x.high if d.acceptance[1] is None else float(d.acceptance[1]))
        outer = tuple(None if end is None else float(end + sign * d.guard) for end, sign in ((asked.low, -1), (asked.high, 1)))
        open_between = d.rule in ("ilac-g8", "iso14253-1")
        first, last = (x.low if outer[0] is None else outer[0], x.high if outer[1] is None else outer[1]) if open_between else (low, high)
        stretches = [(x.low, first, "z2"), (first, low, "z1"), (low, high, "z0"), (high, last, "z1"), (last, x.high, "z2")]
        if low > high:
            stretches = [(x.low, first, "z2"), (first, last, "z1"), (last, x.high, "z2")] if open_between else [(x.low, x.high, "z2")]
        layers += [Bar(a, b, at - 0.32, at + 0.32, kind) for a, b, kind in stretches if b > a]
        names.append(word(WORDS[d.rule], zh))
        ends = ["−∞" if d.acceptance[0] is None else decimal_text(d.acceptance[0]), "∞" if d.acceptance[1] is None else decimal_text(d.acceptance[1])]
        rows.insert(0, (word(WORDS[d.rule], zh), *ends, decimal_text(d.guard), word(VERDICTS[d.verdict], zh)))
    top = len(names) - 0.2
    value, wide = float(asked.value), float(asked.expanded)
    layers += [
        *_limits(found.limits),
        Bar(value - wide, value + wide, top - 0.03, top + 0.03, "b3"),
        Dot(value, top, "b2", decimal_text(asked.value)),
    ]
    header = (
        ("判定规则", "接受下端", "接受上端", "保护带 w", "结论") if zh else ("decision rule", "accept from", "accept to", "guard band w", "verdict")
    )
    says = say(zh, "绿为接受，紫为两可，红为拒绝；竖线为限值；上方的点为测得值，两侧为 U",
               "green: accepted, violet: neither, red: rejected; uprights: the limits; the dot above: the measured value with ± U")  # fmt: skip
    title = say(zh, "各规则的接受区间", "where each rule accepts")
    y = Axis("", -0.5, len(names) + 0.1, tuple(names))
    return Chart("zones", title, says, x, y, tuple(layers), Table("", header, rows, (1, 2, 3)), 0.8)


def _probability(found: Judged, zh: bool) -> Chart:
    """P of conformance along the measured value: accepting there has the rest as its specific risk, rejecting there has P itself."""
    asked, x = found.asked, _axis(found, zh)
    xs = np.linspace(x.low, x.high, POINTS)
    ps = conformance_probability(xs, np.full(POINTS, asked.u), found.limits, asked.dof)
    layers: list[Layer] = [
        Curve(
            tuple(zip(map(float, xs), map(float, ps), strict=True)),
            "c0",
            say(zh, "合格概率（若拒绝，生产方的特定风险）", "P of conformance (producer’s specific risk if rejected)"),
        ),
        Curve(
            tuple(zip(map(float, xs), map(float, 1 - ps), strict=True)),
            "c4",
            say(zh, "若接受，使用方的特定风险", "consumer’s specific risk if accepted"),
        ),
    ]
    rows = []
    for d, _ in found.decisions:
        for end in d.acceptance:
            if end is not None:
                p = float(conformance_probability(float(end), asked.u, found.limits, asked.dof))
                layers.append(Dot(float(end), p, "b1", f"{word(WORDS[d.rule], zh)}: {decimal_text(end)}, P = {100 * p:.4g} %"))
                rows.append((word(WORDS[d.rule], zh), decimal_text(end), f"{100 * (1 - p):.4g} %", f"{100 * p:.4g} %"))
    layers += [
        *_limits(found.limits),
        Dot(float(asked.value), found.probability, "b2", f"{decimal_text(asked.value)}: {100 * found.probability:.4g} %"),
    ]
    header = (
        ("判定规则", "接受限", "恰在该处接受的使用方风险", "恰在该处拒绝的生产方风险")
        if zh
        else ("decision rule", "acceptance limit", "consumer’s risk when accepted there", "producer’s risk when rejected there")
    )
    rows.append(
        (say(zh, "测得值", "measured"), decimal_text(asked.value), f"{100 * (1 - found.probability):.4g} %", f"{100 * found.probability:.4g} %")
    )
    says = say(
        zh,
        f"测得值处合格概率 {100 * found.probability:.4g} %；棕点为各规则的接受限",
        f"at the measured value {100 * found.probability:.4g} %; brown dots: acceptance limits of the rules",
    )
    title = say(zh, "合格概率与特定风险", "probability of conformance and specific risk")
    return Chart("probability", title, says, x, Axis("P", 0.0, 1.0), tuple(layers), Table("", header, rows, (1, 2, 3)))


def _global(found: Judged, zh: bool) -> Chart:
    """Consumer's and producer's global risks (joint) as every limit moves inward by w; each rule stands where its own w is."""
    asked = found.asked
    assert asked.prior is not None
    bands = [float(d.guard) for d, _ in found.decisions]
    far = max([4 * asked.u, *(1.2 * band for band in bands)])
    ws = np.linspace(0.0, far, _BANDS)
    risks = [global_risks(asked.prior, asked.u, found.limits, _moved(found.limits, float(w))) for w in ws]
    consumer, producer = ([float(getattr(r, name)) for r in risks] for name in ("consumer", "producer"))
    layers: list[Layer] = [
        Curve(
            tuple(zip(map(float, ws), consumer, strict=True)),
            "c4",
            say(zh, "使用方风险（接受了不合格的）", "consumer’s risk: accepted, out of tolerance"),
        ),
        Curve(
            tuple(zip(map(float, ws), producer, strict=True)),
            "c0",
            say(zh, "生产方风险（拒绝了合格的）", "producer’s risk: rejected, within tolerance"),
        ),
    ]
    rows = []
    for d, own in found.decisions:
        if own is None:
            continue
        name = word(WORDS[d.rule], zh)
        for value, kind, what in ((own.consumer, "b2", say(zh, "使用方", "consumer")), (own.producer, "b0", say(zh, "生产方", "producer"))):
            layers.append(Dot(float(d.guard), value, kind, f"{name}: w = {decimal_text(d.guard)}, {what} {100 * value:.3g} %"))
        rows.append((name, decimal_text(d.guard), f"{100 * own.consumer:.3g} %", f"{100 * own.producer:.3g} %"))
    if found.guard is not None and 0 <= found.guard <= far:
        layers.append(Upright(found.guard, "r5", f"w = {number(found.guard)}"))
    rows += _sampled(ws, consumer, producer)
    header = ("判定规则", "保护带 w", "使用方风险", "生产方风险") if zh else ("decision rule", "guard band w", "consumer’s risk", "producer’s risk")
    unit = f" ({asked.unit})" if asked.unit else ""
    says = say(
        zh,
        f"联合概率；先验 {asked.prior.kind}，{number(asked.prior.mean)} ± {number(asked.prior.u)}；点为各规则",
        f"joint probabilities; prior {asked.prior.kind}, {number(asked.prior.mean)} ± {number(asked.prior.u)}; dots: the rules",
    )
    x = Axis(f"{say(zh, '保护带 w', 'guard band w')}{unit}", 0.0, far)
    title = say(zh, "全局风险随保护带的变化", "global risks along the guard band")
    return Chart("global", title, says, x, number_axis(say(zh, "风险", "risk"), [0.0, *consumer, *producer], 5), tuple(layers),
                 Table("", header, rows, (1, 2, 3)))  # fmt: skip


def _moved(limits: Limits, w: float) -> Limits:
    low, high = limits[0] + w, limits[1] - w
    return (low, high) if low < high else (0.0, 0.0)


def _sampled(ws: Array, consumer: Sequence[float], producer: Sequence[float]) -> list[tuple[str, str, str, str]]:
    """Some points of the curves, for the table beside."""
    picked = range(0, len(ws), max(1, len(ws) // 8))
    return [("", number(float(ws[at]), 3), f"{100 * consumer[at]:.3g} %", f"{100 * producer[at]:.3g} %") for at in picked]
