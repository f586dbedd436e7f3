"""Measured: limits against how well the method measures, and against real products: what can be verified, who passes, who is misjudged.

u is that of one reported value (ISO 21748, from the study). The zone in which a value can be said neither to conform nor not to is g·u to each side
of the limit, g by the decision rule. Risks are global (JCGM 106): joint probabilities, the prior being the products themselves, their values taken as
true, each measured once with error u and accepted by the limit itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from guiju.base.rounding import decimal_text
from guiju.base.units import Unit
from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.metrology.array import Array, Flags
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.standard.model import Title
from guiju.verify.dossier.evidence import Evidence, Grid, Plot, Series, known, unknown
from guiju.verify.dossier.limited import Limited, Slopes
from guiju.verify.dossier.products import Against, Seen, against, elasticity, weighted_quantiles
from guiju.verify.dossier.validity import of_nearest
from guiju.verify.told import number

LIMIT_FACTOR = 2.8
"""R = 2.8 s_R, as ISO 5725 rounds 1.96 √2."""
Tell = Callable[[int | None, int | None], None]
SHIFTS = tuple(Fraction(n, 100) for n in range(-20, 21))
GUARDS = tuple(n / 4 for n in range(-12, 13))
BINS = 32
_EXACT = Title("逐个产品精确计数", "counted product by product, exactly")


@dataclass(frozen=True, slots=True)
class Terms:
    """What measuring is judged by.

    guard     g of the decision rule: the zone is g·u to each side
    rule      its name
    step      by which share a limit is moved for the elasticity
    beyond    how far outside its levels a study is relied on, as a share of the nearest level
    """

    guard: float
    rule: str
    step: Fraction
    beyond: float


@dataclass(frozen=True)
class Made:
    """What is found of one limit: evidence, figures, tables."""

    evidence: tuple[Evidence, ...] = ()
    plots: tuple[Plot, ...] = ()
    grids: tuple[Grid, ...] = ()

    def __add__(self, other: Made) -> Made:
        return Made(self.evidence + other.evidence, self.plots + other.plots, self.grids + other.grids)


class Measuring:
    """The standard uncertainty of what a limit is compared with: at the limit, and at each product."""

    def __init__(self, program: Program, limited: Limited, slopes: Slopes, beyond: float) -> None:
        self.program, self.limited, self.slopes, self.beyond = program, limited, slopes, beyond
        self.unit = limited.measured.type.unit

    @property
    def bare(self) -> bool:
        node = self.limited.measured
        while node.op is Op.ROUND or (node.op is Op.MUL and node.args[1].op is Op.CONST):
            node = node.args[0]
        return node.op is Op.INPUT

    def at_limit(self, limit: float) -> float | None:
        """u of a value at the limit itself; None beyond the study, or where the number is computed from several."""
        if not self.bare or len(self.slopes.by) != 1:
            return None
        _, bound, _ = self.slopes.by[0]
        return bound.u(limit, self.unit) if bound.reaches(limit, self.unit, self.beyond) else None

    def at(self, e: Evaluation) -> float:
        """u of a product's value, by the law of propagation; NaN beyond a study."""
        squares = 0.0
        for name, bound, slope in self.slopes.by:
            x, c = e.record.get(name), e.of(slope)
            unit = self.unit_of(name)
            if not isinstance(x, Fraction) or not isinstance(c, Fraction) or not bound.reaches(float(x), unit, self.beyond):
                return math.nan
            squares += (float(c) * bound.u(float(x), unit)) ** 2
        return math.sqrt(squares)

    def unit_of(self, name: str) -> Unit:
        unit = self.program.inputs[name].unit
        assert unit is not None, "a number has a unit"
        return unit


def limit_values(program: Program, limited: Limited) -> list[Fraction]:
    """The values a limit takes by the text of the standard alone: constants, and where pieces of a table end; none where neither is told."""
    found: set[Fraction] = set()
    _ends(program, limited.limit, found)
    return sorted(found)


def _ends(program: Program, node: Node, found: set[Fraction]) -> None:
    """The values of constant pieces, and of formula pieces of one input at the bounds between them."""
    if node.op is Op.CONST:
        value: Any = node.value
        found.add(value)
    elif node.op in (Op.MAP, Op.CASE):
        for each in node.args[1:] if node.op is Op.MAP else (*node.args[1::2], node.args[-1]):
            _ends(program, each, found)
    elif node.op is Op.ROUND:
        _ends(program, node.args[0], found)
    elif node.op is Op.STEP and node.args[0].op is Op.INPUT:
        bounds: Any = node.value
        for at, _ in bounds:
            value = evaluate(_with(program, node), {str(node.args[0].value): at}).of(node)
            if isinstance(value, Fraction):
                found.add(value)
        for each in node.args[1:]:
            if each.op is Op.CONST:
                _ends(program, each, found)


def _with(program: Program, node: Node) -> Program:
    return replace(program, values={**program.values, "limit value": node})


# by the method alone


def of_method(measuring: Measuring, terms: Terms, values: Sequence[Fraction], why_other: str) -> Made:
    """What the study of the method says of a limit: whether it can be verified at all."""
    limited, found = measuring.limited, []
    about, subject = limited.id, limited.subject
    title = Title("条款指明测量方法", "the clause names its method")
    found.append(
        known(
            f"{about}:method",
            "method",
            subject,
            title,
            "named" if limited.method else "not named",
            said=Title(limited.method or "条款未指明方法", limited.method or "no method is named in the clause"),
        )
    )
    labs, outliers = Title("方法的精密度研究：实验室数", "study of the method: laboratories"), Title("未处理的离群值", "outliers not dealt with")
    zone = Title("限值处无法判定区宽度 ÷ 限值", "width of the undecided zone at the limit ÷ limit")
    lacking = _no_study(measuring, why_other)
    if lacking is not None:
        return Made(
            (*found, *(unknown(f"{about}:{w}", w, subject, t, lacking) for w, t in (("labs", labs), ("outliers", outliers), ("zone_of_limit", zone))))
        )
    bounds = [bound for _, bound, _ in measuring.slopes.by]
    least = min(bounds, key=lambda b: b.labs if math.isfinite(b.labs) else math.inf)
    if math.isfinite(least.labs):
        found.append(known(f"{about}:labs", "labs", subject, labs, least.labs, said=least.title))
    else:
        found.append(
            unknown(f"{about}:labs", "labs", subject, labs, Title("声明的精密度没有写实验室数", "the declared precision does not say how many"))
        )
    found.append(known(f"{about}:outliers", "outliers", subject, outliers, float(sum(b.outliers for b in bounds))))
    rows = []
    for value in values:
        u = measuring.at_limit(float(value))
        if u is not None and value:
            rows.append((value, u, 2 * terms.guard * u))
    if not rows:
        found.append(unknown(f"{about}:zone_of_limit", "zone_of_limit", subject, zone, _out_of_reach(measuring, values)))
        return Made(tuple(found))
    worst = max(rows, key=lambda row: row[2] / abs(row[0]))
    unit, text = measuring.unit.text, decimal_text(worst[0])
    said = Title(
        f"限值 {text} {unit}：u = {number(worst[1])}，区宽 {number(worst[2])} {unit}（{terms.rule}，±{terms.guard:g} u）；{bounds[0].title.zh}",
        f"limit {text} {unit}: u = {number(worst[1])}, zone {number(worst[2])} {unit} ({terms.rule}, ±{terms.guard:g} u); {bounds[0].title.en}",
    )
    found.append(known(f"{about}:zone_of_limit", "zone_of_limit", subject, zone, worst[2] / abs(float(worst[0])), said=said))
    heads = (
        Title(f"限值 ({unit})", f"limit ({unit})"),
        Title("s_R", "s_R"),
        Title("u", "u"),
        Title("R", "R"),
        Title("无法判定区宽", "undecided zone"),
        Title("÷ 限值", "÷ limit"),
    )
    grid = Grid(
        f"{about}:zones",
        subject,
        Title(f"{about} 限值处的测量能力", f"{about}: measuring at the limit"),
        heads,
        tuple(
            (
                decimal_text(v),
                number(bounds[0].s_R(float(v), measuring.unit)),
                number(u),
                number(LIMIT_FACTOR * bounds[0].s_R(float(v), measuring.unit)),
                number(w),
                f"{100 * w / abs(float(v)):.2f} %",
            )
            for v, u, w in rows
        ),
    )
    return Made(tuple(found), grids=(grid, _budget(measuring, float(worst[0]))))


def _budget(measuring: Measuring, limit: float) -> Grid:
    """Where u at a limit comes from: between laboratories, and within one over the results that are averaged (ISO 21748)."""
    (_, bound, _), subject = measuring.slopes.by[0], measuring.limited.subject
    big, small = bound.s_R(limit, measuring.unit), bound.s_r(limit, measuring.unit)
    if small is None:
        parts = [("s_R", big)]
    else:
        parts = [
            ("s_L", math.sqrt(max(big * big - small * small, 0.0))),
            ("s_r" if bound.results == 1 else f"s_r / √{bound.results}", small / math.sqrt(bound.results)),
        ]
    total = sum(value * value for _, value in parts)
    rows = [(name, number(value), f"{100 * value * value / total:.1f} %") for name, value in parts]
    unit = measuring.unit.text
    heads = (Title("分量", "component"), Title(f"标准不确定度 ({unit})", f"standard uncertainty ({unit})"), Title("占方差", "share of variance"))
    title = Title(
        f"{measuring.limited.id} 限值 {limit:g} {unit} 处的不确定度预算", f"{measuring.limited.id}: uncertainty budget at the limit {limit:g} {unit}"
    )
    return Grid(f"{measuring.limited.id}:budget", subject, title, heads, (*rows, ("u", number(math.sqrt(total)), "100 %")))


def _nearest_budget(found: Placed, measuring: Measuring, seen: Seen, label: str) -> tuple[Grid, ...]:
    """Of a number computed from several: what each input contributes, at the product nearest its limit."""
    if measuring.bare or not np.any(found.sure):
        return ()
    at = int(np.argmin(np.where(found.sure, np.abs(found.margin), np.inf)))
    e, key = seen.evaluations[found.found.at[at]], seen.products.keys[found.found.at[at]]
    rows = []
    for name, bound, slope in measuring.slopes.by:
        x, c = e.record.get(name), e.of(slope)
        assert isinstance(x, Fraction) and isinstance(c, Fraction), "u is known of it"
        u = bound.u(float(x), measuring.unit_of(name))
        rows.append((name, decimal_text(x), number(u), number(float(c)), number(float(c) * u), f"{100 * (float(c) * u / found.u[at]) ** 2:.1f} %"))
    heads = (
        Title("输入", "input"),
        Title("值", "value"),
        Title("u", "u"),
        Title("灵敏系数", "sensitivity"),
        Title("贡献", "contribution"),
        Title("占方差", "share of variance"),
    )
    title = Title(
        f"{measuring.limited.id} 不确定度预算：最接近限值的产品 {key}",
        f"{measuring.limited.id}: uncertainty budget of {key}, the product nearest its limit",
    )
    return (Grid(f"{measuring.limited.id}:budget{label}", measuring.limited.subject, title, heads, tuple(rows)),)


def _validation(found: Placed, measuring: Measuring, seen: Seen, label: str) -> Made:
    """Of the same number at the same product: whether its u may be relied on."""
    if measuring.bare or not np.any(found.sure):
        return Made()
    at = found.found.at[int(np.argmin(np.where(found.sure, np.abs(found.margin), np.inf)))]
    e = seen.evaluations[at]
    u = {name: bound.u(float(e.record[name]), measuring.unit_of(name)) for name, bound, _ in measuring.slopes.by}  # type: ignore[arg-type]
    evidence, grids = of_nearest(measuring.program, e, measuring.limited, u, seen.products.keys[at], label)
    return Made((evidence,), grids=grids)


def _no_study(measuring: Measuring, why_other: str) -> Title | None:
    lacking = measuring.slopes.lacking
    if not lacking and measuring.slopes.by:
        return None
    zh = "、".join(measuring.program.inputs[name].zh for name in lacking)
    en = ", ".join(measuring.program.inputs[name].en for name in lacking)
    if why_other:
        return Title(f"研究的方法是 {why_other}，不是条款指明的方法", f"the study is of {why_other}, not of the method the clause names")
    return Title(f"没有「{zh}」的精密度研究", f"there is no precision study of {en}")


def _out_of_reach(measuring: Measuring, values: Sequence[Fraction]) -> Title:
    if not measuring.bare:
        return Title(
            "被限制的数由几个量算出，只能对真实产品给出", "the limited number is computed from several: it can be told for real products only"
        )
    if not values:
        return Title("限值取决于产品，没有产品总体就没有值", "the limit depends on the product: without a population it has no value")
    low, high = measuring.slopes.by[0][1].range
    unit, least, most = measuring.slopes.by[0][1].unit.text, decimal_text(min(values)), decimal_text(max(values))
    limits = least if least == most else f"{least}–{most}"
    return Title(
        f"限值 {limits} {measuring.unit.text} 在研究的水平 {number(low)}–{number(high)} {unit} 之外",
        f"the limit {limits} {measuring.unit.text} lies beyond the levels of the study, {number(low)}–{number(high)} {unit}",
    )


# against products


@dataclass(frozen=True)
class Placed:
    """Products against a limit as arrays: margin (positive where the limit is met), u, weight; u NaN where it is not known."""

    found: Against
    margin: Array
    u: Array
    weight: Array

    @property
    def sure(self) -> Flags:
        return np.asarray(np.isfinite(self.u) & (self.u > 0))


def placed(seen: Seen, limited: Limited, measuring: Measuring) -> Placed:
    found = against(seen, limited)
    sign = 1 if limited.upper else -1
    margin = np.array([float((limit - m) * sign) for m, limit in zip(found.measured, found.limit, strict=True)])
    has = bool(measuring.slopes.by) and not measuring.slopes.lacking
    u = np.array([measuring.at(seen.evaluations[at]) if has else math.nan for at in found.at])
    return Placed(found, margin, u, np.array(found.weight, dtype=np.float64))


def risks(margin: Array, u: Array, weight: Array, guard: float = 0.0) -> tuple[float, float]:
    """(consumer's, producer's) global risk of accepting what is measured to meet its limit by at least `guard`.

    margin   of the true values, positive where they conform; exact 0 conforms
    """
    from scipy.special import ndtr

    share = weight / np.sum(weight)
    accepted = ndtr((margin - guard) / u)
    return float(np.sum(share * accepted * (margin < 0))), float(np.sum(share * (1 - accepted) * (margin >= 0)))


def of_products(seen: Seen, limited: Limited, measuring: Measuring, terms: Terms, label: str) -> Made:
    """What a population says of one limit.

    label   ends the ids where there are several populations
    """
    subject, found = limited.subject, placed(seen, limited, measuring)
    said = seen.products.title
    total = found.found.total
    if not total:
        why = Title(f"「{said.zh}」中没有适用且可判定的产品", f"no product of {said.en} is in its scope with all it needs")
        return Made(tuple(unknown(f"{limited.id}:{w}{label}", w, subject, t, why) for w, t in OF_POPULATION.items()))
    strict = limited.met.op is Op.LT
    passing = found.found.passing(strict=strict)
    evidence = [
        known(
            f"{limited.id}:pass_rate{label}",
            "pass_rate",
            subject,
            OF_POPULATION["pass_rate"],
            passing / total,
            said=Title(f"{passing}/{total}；{said.zh}；{_EXACT.zh}", f"{passing}/{total}; {said.en}; {_EXACT.en}"),
        )
    ]
    slope = elasticity(found.found, terms.step, strict)
    if slope is None:
        why = Title("没有产品通过，或限值不大于 0", "no product passes, or a limit is not above 0")
        evidence.append(unknown(f"{limited.id}:elasticity{label}", "elasticity", subject, OF_POPULATION["elasticity"], why))
    else:
        moved = [found.found.passing(shift, strict) for shift in (-terms.step, terms.step)]
        share = f"{float(100 * terms.step):g} %"
        evidence.append(
            known(
                f"{limited.id}:elasticity{label}",
                "elasticity",
                subject,
                OF_POPULATION["elasticity"],
                slope,
                said=Title(f"限值 ±{share}：{moved[0]}、{moved[1]}/{total} 通过", f"limit ±{share}: {moved[0]} and {moved[1]}/{total} pass"),
            )
        )
    plots = tuple(_population_plots(found, limited, seen, label, strict, measuring.unit))
    made = Made(tuple(evidence), plots, _nearest_budget(found, measuring, seen, label)) + _validation(found, measuring, seen, label)
    return made + _with_error(found, limited, measuring, terms, label, said)


OF_POPULATION: Mapping[str, Title] = {
    "pass_rate": Title("真实产品的通过率", "pass rate of real products"),
    "elasticity": Title("通过率对限值的弹性", "elasticity of the pass rate to the limit"),
    "covered": Title("测得值在研究水平范围内的产品", "products whose values lie within the levels of the study"),
    "undecided": Title("落在无法判定区的产品", "products in the undecided zone"),
    "zone_of_spread": Title("无法判定区宽度 ÷ 产品分布（5 %–95 %）", "undecided zone ÷ spread of products (5–95 %)"),
    "consumer": Title("使用方风险（全局，产品为先验）", "consumer's risk (global, products as prior)"),
    "producer": Title("生产方风险（全局，产品为先验）", "producer's risk (global, products as prior)"),
}
_OF_ERROR = ("covered", "undecided", "zone_of_spread", "consumer", "producer")


def _with_error(found: Placed, limited: Limited, measuring: Measuring, terms: Terms, label: str, said: Title) -> Made:
    """What measuring with the known uncertainty does to the verdicts on the products."""
    subject, sure = limited.subject, found.sure
    if not np.any(sure):
        why = _no_study(measuring, "") or Title("没有产品的测得值在研究的水平范围内", "no product's value lies within the levels of the study")
        return Made(tuple(unknown(f"{limited.id}:{w}{label}", w, subject, OF_POPULATION[w], why) for w in _OF_ERROR))
    margin, u, weight = found.margin[sure], found.u[sure], found.weight[sure]
    whole = float(np.sum(weight))
    consumer, producer = risks(margin, u, weight)
    undecided = float(np.sum(weight[np.abs(margin) < terms.guard * u])) / whole
    margins = [Fraction(float(m)) for m in margin]
    low, high = weighted_quantiles(margins, [int(w) for w in weight], (0.05, 0.95))
    middle = float(np.median(u))
    values: dict[str, tuple[float | None, Title]] = {
        "covered": (whole / found.found.total, said),
        "undecided": (undecided, Title(f"±{terms.guard:g} u；{said.zh}", f"±{terms.guard:g} u; {said.en}")),
        "zone_of_spread": (
            2 * terms.guard * middle / (high - low) if high > low else None,
            Title(
                f"余量 5 %–95 %：{number(low)} … {number(high)} {measuring.unit.text}",
                f"margins, 5–95 %: {number(low)} … {number(high)} {measuring.unit.text}",
            ),
        ),
        "consumer": (consumer, _CONVENTION),
        "producer": (producer, _CONVENTION),
    }
    same = Title("产品的余量都相同", "all products have the same margin")
    evidence = tuple(
        known(f"{limited.id}:{w}{label}", w, subject, OF_POPULATION[w], value, said=s)
        if value is not None
        else unknown(f"{limited.id}:{w}{label}", w, subject, OF_POPULATION[w], same)
        for w, (value, s) in values.items()
    )
    curve = [risks(margin, u, weight, guard * middle) for guard in GUARDS]
    plot = Plot(
        f"{limited.id}:risks{label}",
        subject,
        Title(f"{limited.id} 风险与保护带", f"{limited.id}: risks and guard band"),
        Title("保护带 w ÷ u（中位）", "guard band w ÷ u (median)"),
        Title("风险", "risk"),
        (
            Series(Title("使用方", "consumer"), "line", GUARDS, tuple(c for c, _ in curve)),
            Series(Title("生产方", "producer"), "line", GUARDS, tuple(p for _, p in curve)),
        ),
        ((Title("简单接受", "simple acceptance"), 0.0),),
    )
    return Made(evidence, (plot,))


_CONVENTION = Title(
    "联合概率；先验为产品总体，其数值视为真值；一次测量，简单接受",
    "joint probability; prior: the products, their values taken as true; one measurement, simple acceptance",
)


def _population_plots(found: Placed, limited: Limited, seen: Seen, label: str, strict: bool, unit: Unit) -> Sequence[Plot]:
    """The products against the limit, and the pass rate as the limit moves."""
    total = found.found.total
    movable = found.found.movable
    values = [float(x) for x in (found.found.ratios if movable else found.found.measured)]
    low, high = min(values), max(values)
    width = (high - low) / (BINS - 1) or 1.0
    # No bar straddles the limit: it is an edge, and what lies on it belongs to the side that conforms.
    low = 1 - math.ceil((1 - low) / width) * width if movable else low
    counts: list[list[float]] = [[0.0] * BINS, [0.0] * BINS]
    for value, m, limit, n in zip(values, found.found.measured, found.found.limit, found.weight, strict=True):
        met = (m == limit and not strict) or (m != limit and (m < limit) is limited.upper)
        at = (value - low) / width
        place = (round(at) - limited.upper) if movable and m == limit else int(at)
        counts[0 if met else 1][min(max(place, 0), BINS - 1)] += float(n)
    edges = tuple(low + i * width for i in range(BINS + 1))
    name = seen.products.title
    axis = Title("测得值 ÷ 限值", "measured ÷ limit") if movable else Title(f"测得值 ({unit.text})", f"measured ({unit.text})")
    bars = tuple(Series(title, "bars", edges, tuple(c)) for title, c in ((Title("通过", "pass"), counts[0]), (Title("不通过", "fail"), counts[1])))
    marks = ((Title(f"限值 {limited.sign}", f"limit {limited.sign}"), 1.0),) if movable else ()
    plots = [
        Plot(
            f"{limited.id}:products{label}",
            limited.subject,
            Title(f"{limited.id} 产品与限值：{name.zh}", f"{limited.id}: products and limit: {name.en}"),
            axis,
            Title("产品数", "products"),
            bars,
            marks,
        )
    ]
    if movable:
        shares = tuple(found.found.passing(shift, strict) / total for shift in SHIFTS)
        plots.append(
            Plot(
                f"{limited.id}:curve{label}",
                limited.subject,
                Title(f"{limited.id} 限值移动时的通过率", f"{limited.id}: pass rate as the limit moves"),
                Title("限值移动 (%)", "limit moved by (%)"),
                Title("通过率", "pass rate"),
                (Series(Title("通过率", "pass rate"), "line", tuple(float(100 * s) for s in SHIFTS), shares),),
                ((Title("现限值", "limit as it is"), 0.0),),
            )
        )
    return plots


def product_limits(seen: Sequence[Seen], limited: Limited, most: int = 12) -> list[Fraction]:
    """The limits real products meet: all where there are few, else the least, the most and evenly between."""
    values = sorted({value for each in seen for value in against(each, limited).limit})
    if len(values) <= most:
        return values
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]
