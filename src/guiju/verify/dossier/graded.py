"""Graded: levels, grades and scores: whether measuring can tell the steps apart, how often it changes a grade, what a weight is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.evaluate import evaluate
from guiju.readings.uncertain.conforming import uncertain
from guiju.readings.uncertain.stated import Spread, Stated
from guiju.standard.model import Score, Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.bound import Bindings, Bound
from guiju.verify.dossier.evidence import Evidence, Grid, known, unknown
from guiju.verify.dossier.limited import Levels
from guiju.verify.dossier.measured import LIMIT_FACTOR, Made, Tell
from guiju.verify.dossier.products import Products, Seen
from guiju.verify.told import number

LOOKED_AT, TRIALS = 120, 4096
"""Products, evenly over the different ones, and draws of each, by which misgrading is estimated."""
MOVED = Fraction(1, 10)
_STEP, FLIP = Title("级差 ÷ R", "step between levels ÷ R"), Title("仅因测量而变级的概率", "probability that measurement alone changes the level")
SPREAD = Title("仅因测量而来的得分标准差 ÷ 得分", "standard deviation of the score from measurement alone ÷ score")
_WEIGHT = Title("权重变动 10 % 使综合得分变动的最大比例", "largest share by which scores change when a weight changes by 10 %")


def steps(program: Program, levels: Levels, bindings: Bindings, seen: Sequence[Seen], beyond: float) -> Made:
    """Whether two laboratories can tell neighbouring levels apart: the step against R at its middle."""
    name, subject = levels.name, levels.name
    if len(levels.names) != 1 or len(levels.limits) < 2:
        why = Title("级别由多个量算出，或只有一级", "the levels rest on several quantities, or there is only one")
        return Made((unknown(f"{name}:step_over_R", "step_over_R", subject, _STEP, why),))
    (measured,) = levels.names
    bound = bindings.serving(program.inputs[measured].property_id, None)
    asked = program.inputs[measured]
    if bound is None:
        why = Title(f"没有「{asked.zh}」的精密度研究", f"there is no precision study of {asked.en}")
        return Made((unknown(f"{name}:step_over_R", "step_over_R", subject, _STEP, why),))
    found: list[Evidence] = []
    rows = []
    unit = levels.indicator.value.type.unit
    for (better, one), (worse, other) in zip(levels.limits, levels.limits[1:], strict=False):
        pair = f"{better}-{worse}"
        widths = _widths(one, other, seen)
        usable = [(width, middle) for width, middle in widths if bound.reaches(middle, unit, beyond)]
        if not usable:
            why = Title("级限在研究的水平之外，或没有产品给出它", "these limits lie beyond the levels of the study, or no product gives them")
            found.append(unknown(f"{name}:step_over_R:{pair}", "step_over_R", subject, _STEP, why))
            continue
        width, middle = min(usable, key=lambda w: w[0] / bound.s_R(w[1], unit))
        limit, u = LIMIT_FACTOR * bound.s_R(middle, unit), bound.u(middle, unit)
        wrong = math.erfc(width / (2 * u) / math.sqrt(2))
        said = Title(
            f"{better} 级与 {worse} 级相差 {number(width)} {unit.text}，R = {number(limit)}；位于级中间的产品被判入别级的概率 {100 * wrong:.2g} %",
            f"levels {better} and {worse} are {number(width)} {unit.text} apart, R = {number(limit)}; "
            f"a product in the middle is put elsewhere with {100 * wrong:.2g} %",
        )
        found.append(known(f"{name}:step_over_R:{pair}", "step_over_R", subject, _STEP, width / limit, said=said))
        rows.append((pair, number(width), number(limit), f"{width / limit:.3g}", f"{100 * wrong:.3g} %"))
    heads = (
        Title("级", "levels"),
        Title(f"级差 ({unit.text})", f"step ({unit.text})"),
        Title("R", "R"),
        Title("级差 ÷ R", "step ÷ R"),
        Title("级中产品误级概率", "misgraded in the middle"),
    )
    grids = (Grid(f"{name}:steps", subject, Title(f"{name} 的级差与再现性限", f"{name}: steps and the reproducibility limit"), heads, tuple(rows)),)
    return Made(tuple(found), grids=grids if rows else ())


def _widths(one: object, other: object, seen: Sequence[Seen]) -> list[tuple[float, float]]:
    """(width, middle) of a step: of the text, or of every product where the limits depend on it."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return [(abs(float(one - other)), float(one + other) / 2)]
    made = []
    for each in seen:
        for e in each.evaluations:
            a, b = (limit if isinstance(limit, Fraction) else e.of(limit) for limit in (one, other))  # type: ignore[arg-type]
            if isinstance(a, Fraction) and isinstance(b, Fraction):
                made.append((abs(float(a - b)), float(a + b) / 2))
    return [(w, m) for w, m in made if w > 0]


# how often measurement changes a level or a grade


def flips(program: Program, products: Products, bindings: Bindings, beyond: float, label: str, tell: Tell) -> Made:
    """For each indicator and grading: how often a level other than that of the true values comes out, when they are measured once; for each score,
    how much measuring alone spreads it.

    The same draws are taken again for the same file: Philox, seed 1, TRIALS of each product looked at.
    """
    names = [i.indicator.name for i in program.indicators] + [g.grading.name for g in program.grades]
    scores = [s.score.name for s in program.scores]
    if not names:
        return Made()
    chosen = _evenly(products)
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in [*names, *scores]}
    for done, (record, weight) in enumerate(chosen):
        tell(done, len(chosen))
        spreads = _spreads(program, record, bindings, beyond)
        if not spreads:
            continue
        drawn = uncertain(program, Stated(record, spreads), trials=TRIALS)
        for each in drawn.levels:
            if each.measured is not None:
                found[each.name].append((1 - each.shares.get(each.measured, 0.0), weight))
        for quantity in drawn.quantities:
            if quantity.name in scores and quantity.linear.value:
                found[quantity.name].append((quantity.sd / abs(float(quantity.linear.value)), weight))
    return Made(tuple(_drawn(name, name in scores, each, products.title, label) for name, each in found.items()))


def _drawn(name: str, is_score: bool, found: Sequence[tuple[float, int]], products: Title, label: str) -> Evidence:
    what, title = ("score_spread", SPREAD) if is_score else ("flip", FLIP)
    if not found:
        why = Title("没有精密度研究给出不确定度，或没有产品有全部输入", "no study gives the uncertainty, or no product has all inputs")
        return unknown(f"{name}:{what}{label}", what, name, title, why)
    mean = sum(p * n for p, n in found) / sum(n for _, n in found)
    most, looked = max(p for p, _ in found), len(found)
    said = Title(
        f"{products.zh}：取 {looked} 个不同产品，各抽 {TRIALS} 次；单个产品最大 {100 * most:.1f} %",
        f"{products.en}: {looked} different products, {TRIALS} draws of each; at most {100 * most:.1f} % of one",
    )
    return known(f"{name}:{what}{label}", what, name, title, mean, said=said)


def _evenly(products: Products) -> list[tuple[Mapping[str, Value], int]]:
    every = max(1, -(-len(products.records) // LOOKED_AT))
    return list(zip(products.records, products.counts, strict=True))[::every]


def _spreads(program: Program, record: Mapping[str, Value], bindings: Bindings, beyond: float) -> dict[str, Spread]:
    found = {}
    for name, declared in program.inputs.items():
        bound: Bound | None = bindings.serving(declared.property_id, None)
        value = record.get(name)
        if bound is None or not isinstance(value, Fraction) or declared.unit is None or not bound.reaches(float(value), declared.unit, beyond):
            continue
        found[name] = Spread(Fraction(bound.u(float(value), declared.unit)).limit_denominator(10**12))
    return {name: spread for name, spread in found.items() if spread.u > 0}


# scores


def weights(shelf: Shelf, program: Program, seen: Sequence[Seen]) -> Made:
    """What a composite score hangs on: every weight moved by a tenth, the scores of real products computed anew by the standard itself."""
    made = Made()
    for meaning in program.scores:
        name = meaning.score.name
        if not seen:
            why = Title("没有产品总体", "there is no population")
            made += Made((unknown(f"{name}:weights", "weights", name, _WEIGHT, why),))
            continue
        made += _weighted(shelf, program, meaning.score, seen)
    return made


def _weighted(shelf: Shelf, program: Program, score: Score, seen: Sequence[Seen]) -> Made:
    records = [r for each in seen for r, _ in _evenly(each.products)]
    base = _scores(program, score.name, records)
    rows, most = [], 0.0
    for at, (key, weight) in enumerate(score.weights):
        moved = tuple((k, w * (1 + MOVED) if n == at else w) for n, (k, w) in enumerate(score.weights))
        authored = program.standard.authored
        changed = check(replace(authored, scores={**authored.scores, score.name: replace(score, weights=moved)}), program.on, shelf, Problems())
        shifts = [abs(b - a) / abs(a) for a, b in zip(base, _scores(changed, score.name, records), strict=True) if a and b is not None]
        if shifts:
            largest, mean = float(max(shifts)), float(sum(shifts) / len(shifts))
            most = max(most, largest)
            rows.append((key.text, decimal_text(weight), f"{100 * mean:.3g} %", f"{100 * largest:.3g} %"))
    if not rows:
        why = Title("没有产品能算出得分", "no product has a score")
        return Made((unknown(f"{score.name}:weights", "weights", score.name, _WEIGHT, why),))
    heads = (Title("指标", "indicator"), Title("权重", "weight"), Title("得分平均变动", "mean change"), Title("最大变动", "largest change"))
    grid = Grid(
        f"{score.name}:weights", score.name, Title(f"{score.name}：各权重变动 10 %", f"{score.name}: each weight changed by 10 %"), heads, tuple(rows)
    )
    return Made((known(f"{score.name}:weights", "weights", score.name, _WEIGHT, most),), grids=(grid,))


def _scores(program: Program, name: str, records: Sequence[Mapping[str, Value]]) -> list[Fraction | None]:
    node = next(s.node for s in program.scores if s.score.name == name)
    found = [evaluate(program, record).of(node) for record in records]
    return [value if isinstance(value, Fraction) else None for value in found]
