"""Validity: whether u by the law of propagation may be relied on, how capable measuring is between two limits, and what moves composite scores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.metrology.conformity import capability
from guiju.metrology.sensitivity import Indices
from guiju.readings.evaluate import Evaluation
from guiju.readings.uncertain.sensitivity import score_sensitivities
from guiju.readings.uncertain.stated import Spread, Stated
from guiju.readings.uncertain.validated import validated
from guiju.standard.model import Title
from guiju.verify.dossier.evidence import Evidence, Grid, known, unknown
from guiju.verify.dossier.limited import Limited
from guiju.verify.told import number

VALID = Title("传播律与蒙特卡洛相符（JCGM 101 第 8 章）", "the law of propagation agrees with Monte Carlo (JCGM 101, clause 8)")
CAPABLE = Title("测量能力指数 C_m = T ÷ (4u)", "measurement capability index C_m = T ÷ (4u)")
MOVES = Title("综合得分的方差来自单个输入的最大份额（总效应）", "largest share of a score's variance that hangs on one input (total index)")
NET, NETS = 9, 16
"""log2 of the points of a net, and how many nets, of the indices of scores."""


def of_nearest(program: Program, e: Evaluation, limited: Limited, u: Mapping[str, float], key: str, label: str) -> tuple[Evidence, tuple[Grid, ...]]:
    """GUM and Monte Carlo side by side, of the number that is limited, for one product.

    u   standard uncertainties of its inputs, in their own units
    """
    id_, subject, unit = f"{limited.id}:gum_valid{label}", limited.subject, limited.measured.type.unit.text
    spreads = {name: Spread(Fraction(value).limit_denominator(10**12)) for name, value in u.items() if value > 1e-11}
    found = validated(program, e, Stated(e.record, spreads), limited.measured)
    if found is None:
        why = Title("一阶没有区间，或抽样时有的没有值", "the first order gives no interval, or some draws have no value")
        return unknown(id_, "gum_valid", subject, VALID, why), ()
    outcome = "not settled" if not found.settled else "valid" if found.valid else "not valid"
    low, high, delta = (number(x, 2) for x in (found.d_low, found.d_high, found.tolerance))
    said = Title(
        f"{key}：两端相差 {low}、{high} {unit}，δ = {delta}（u 的两位有效数字）",
        f"{key}: the ends differ by {low} and {high} {unit}, δ = {delta} (two digits of u)",
    )
    heads = (
        Title("产品", "product"), Title(f"值 ({unit})", f"value ({unit})"), Title("u", "u"), Title("GUM 95 %", "GUM 95 %"),
        Title("蒙特卡洛 95 %", "Monte Carlo 95 %"), Title("d_low", "d_low"), Title("d_high", "d_high"), Title("δ", "δ"), Title("成立", "valid"),
    )  # fmt: skip
    row = (
        key, number(found.y, 6), number(found.u), f"{number(found.low, 6)} … {number(found.high, 6)}",
        f"{number(found.drawn_low, 6)} … {number(found.drawn_high, 6)}", low, high, delta,
        {"valid": "✓", "not valid": "✗"}.get(outcome, "?"),
    )  # fmt: skip
    points = f"{found.points:,}"
    title = Title(f"{limited.id} 传播律的验证：{points} 个 Sobol 点", f"{limited.id}: validation of the law of propagation, {points} Sobol points")
    return known(id_, "gum_valid", subject, VALID, outcome, said=said), (Grid(f"{limited.id}:validation{label}", subject, title, heads, (row,)),)


# two limits of one number


def capabilities(limits: Sequence[Limited], u_at: Mapping[str, Sequence[tuple[Fraction, float]]]) -> Iterator[Evidence]:
    """C_m of every number that one clause limits on both sides by constants.

    u_at   id of a limit → its value and u there; none where it is not known
    """
    for low in limits:
        for high in limits:
            if low.upper or not high.upper or low.subject != high.subject or low.measured is not high.measured:
                continue
            if low.limit.op is not Op.CONST or high.limit.op is not Op.CONST:
                continue
            here = [pair for each in (low, high) for pair in u_at.get(each.id, ())]
            if len(here) == 2:
                (bottom, first), (top, second) = here
                u, unit = max(first, second), low.measured.type.unit.text
                said = Title(
                    f"{number(float(bottom))}–{number(float(top))} {unit}，u = {number(u)}（两端中较大者）",
                    f"{number(float(bottom))}–{number(float(top))} {unit}, u = {number(u)} (the larger of both ends)",
                )
                found = capability((float(bottom), float(top)), u)
                yield known(f"{low.id}-{high.id}:capability", "capability", low.subject, CAPABLE, found, said=said)


# scores


def sensitivities(program: Program, records: Sequence[tuple[Mapping[str, Value], int]], products: Title, label: str
                  ) -> tuple[tuple[Evidence, ...], tuple[Grid, ...]]:  # fmt: skip
    """First-order and total indices of every score by the inputs it rests on."""
    scores: dict[str, Node] = {each.score.name: each.node for each in program.scores}
    if not scores:
        return (), ()
    if not records:
        why = Title("没有产品总体", "there is no population")
        return tuple(unknown(f"{name}:sensitivity{label}", "sensitivity", name, MOVES, why) for name in scores), ()
    evidence: list[Evidence] = []
    grids: list[Grid] = []
    for name, each in score_sensitivities(program, scores, records, log2=NET, nets=NETS).items():
        lacking = _lacking(each)
        if lacking is not None:
            evidence.append(unknown(f"{name}:sensitivity{label}", "sensitivity", name, MOVES, lacking))
            continue
        most = max(range(len(each.names)), key=lambda at: float(each.total[at]))
        declared = program.inputs[each.names[most]]
        said = Title(
            f"{declared.zh}；输入按「{products.zh}」中的分布各自独立抽取", f"{declared.en}; inputs as among {products.en}, drawn independently"
        )
        evidence.append(known(f"{name}:sensitivity{label}", "sensitivity", name, MOVES, float(each.total[most]), said=said))
        grids.append(_grid(name, each, label))
    if not evidence:
        return tuple(unknown(f"{name}:sensitivity{label}", "sensitivity", name, MOVES, _ALIKE) for name in scores), ()
    return tuple(evidence), tuple(grids)


_ALIKE = Title("得分所依据的输入在各产品间相同，或有的产品没有", "the inputs a score rests on are alike in all products, or some product lacks one")


def _lacking(found: Indices) -> Title | None:
    if found.known < 1:
        share = f"{100 * (1 - found.known):.2g} %"
        return Title(f"独立抽取的输入中，{share} 没有得分", f"with inputs drawn independently, {share} have no score")
    return Title("各产品的得分相同", "all products have the same score") if not found.variance > 0 else None


def _grid(name: str, found: Indices, label: str) -> Grid:
    def share(value: float, u: float) -> str:
        places = max(0, min(4, 1 - math.floor(math.log10(100 * u)))) if u > 0 else 1
        return f"{100 * value:.{places}f} ± {100 * u:.{places}f} %"

    heads = (Title("输入", "input"), Title("一阶 S", "first order S"), Title("总效应 S_T", "total S_T"))
    order = sorted(range(len(found.names)), key=lambda at: -float(found.total[at]))
    rows = tuple((found.names[at], share(float(found.first[at]), float(found.u_first[at])), share(float(found.total[at]), float(found.u_total[at])))
                 for at in order)  # fmt: skip
    points = f"{found.points:,}"
    title = Title(f"{name} 的方差来自哪些输入（Sobol 指数，{points} 个点）", f"{name}: whose variance it is (Sobol indices, {points} points)")
    return Grid(f"{name}:sensitivity{label}", name, title, heads, rows)
