"""Planned: how large the test of a method must be, what it costs where costs are given, and the wording of a precision clause."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guiju.ir.program import Program
from guiju.metrology.planning import designs
from guiju.standard.model import Title
from guiju.verify.dossier.bound import Bindings, Bound
from guiju.verify.dossier.evidence import WHOLE, Grid
from guiju.verify.told import number

UNKNOWN_GAMMA = (1.0, 2.0, 5.0)
"""The ratios for which ISO 5725-1 tabulates how many laboratories are needed; taken side by side where no study tells which it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """accuracy   with 95 % s_R is known to this share of itself
    levels       levels a study would have
    labs, replicates   at most so many
    """

    accuracy: float
    levels: int
    labs: int = 60
    replicates: int = 4


def plans(program: Program, bindings: Bindings, measured: Sequence[str], wanted: Wanted) -> Iterator[Grid]:
    """The designs that reach the wanted accuracy of s_R, fewest measurements first: per property whose study tells γ, and for the others once."""
    asked = {program.inputs[name].property_id: program.inputs[name] for name in measured}
    bounds = {id_: bindings.serving(id_, None) for id_ in asked}
    accuracy = f"{100 * wanted.accuracy:.0f} %"
    for id_, bound in bounds.items():
        if bound is not None and bound.gamma is not None:
            title = Title(
                f"「{asked[id_].zh}」的试验规模：s_R 误差 ≤ {accuracy}（95 %）", f"size of a test of {asked[id_].en}: s_R known to {accuracy} (95 %)"
            )
            yield Grid(f"{WHOLE}:plan:{id_}", WHOLE, title, HEADS, tuple(_rows(bound.gamma, bound, wanted)))
    others = [each for id_, each in asked.items() if (bound := bounds[id_]) is None or bound.gamma is None]
    if others:
        more = len(others) - LISTED
        zh = "、".join(each.zh for each in others[:LISTED]) + (f" 等 {len(others)} 项" if more > 0 else "")
        en = ", ".join(each.en for each in others[:LISTED]) + (f" and {more} more" if more > 0 else "")
        title = Title(
            f"没有研究的性质（{zh}）：γ 未知，三种并列；s_R 误差 ≤ {accuracy}（95 %）",
            f"properties without a study ({en}): γ is not known, three side by side; s_R known to {accuracy} (95 %)",
        )
        yield Grid(f"{WHOLE}:plan", WHOLE, title, HEADS, tuple(row for gamma in UNKNOWN_GAMMA for row in _rows(gamma, None, wanted)))


LISTED = 6
HEADS = (
    Title("γ = s_R/s_r", "γ = s_R/s_r"),
    Title("实验室 p", "laboratories p"),
    Title("重复 n", "replicates n"),
    Title("水平", "levels"),
    Title("测量次数", "measurements"),
    Title("A_R", "A_R"),
    Title("费用", "cost"),
)


def _rows(gamma: float, bound: Bound | None, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    found = designs(gamma, a_R=wanted.accuracy, labs=range(3, wanted.labs + 1), replicates=range(2, wanted.replicates + 1))
    if not found:
        yield (f"{gamma:.3g}", "–", "–", str(wanted.levels), "–", "–", "–")
    for each in found:
        measurements = each.measurements * wanted.levels
        yield (f"{gamma:.3g}", str(each.p), str(each.n), str(wanted.levels), str(measurements), f"{each.a_R:.2f}", cost(bound, each.p, measurements))


def cost(bound: Bound | None, labs: int, measurements: int) -> str:
    """What a plan costs; – where no cost is given."""
    if bound is None or bound.cost is None or not math.isfinite(bound.cost.measurement):
        return "–"
    per_lab = bound.cost.laboratory if math.isfinite(bound.cost.laboratory) else 0.0
    return f"{measurements * bound.cost.measurement + labs * per_lab:,.0f} {bound.cost.currency}"


def clause_wording(bound: Bound, names: Mapping[str, tuple[str, str]]) -> Title:
    """A precision clause as it can stand in the standard, in our own words, from the study alone."""
    zh, en = names[bound.property_id]
    unit, labs = bound.unit.text, bound.labs
    low, high = bound.range
    between = (
        f"{number(low)} {unit}" if low == high else f"{number(low)} {unit} 至 {number(high)} {unit}",
        f"at {number(low)} {unit}" if low == high else f"from {number(low)} {unit} to {number(high)} {unit}",
    )
    many = ("" if not math.isfinite(labs) else f" {labs:.0f} 个实验室的", "" if not math.isfinite(labs) else f" of {labs:.0f} laboratories")
    small, big = _said(bound, "r"), _said(bound, "R")
    zh_r = f"同一实验室在重复性条件下得到的两个独立结果之差的绝对值，以 95 % 的概率不大于重复性限 r（{small}）；" if small else ""
    en_r = (
        f"the absolute difference between two independent results of one laboratory under repeatability conditions exceeds the repeatability limit r "
        f"({small}) in at most 5 % of cases; "
        if small
        else ""
    )
    return Title(
        f"精密度。{zh}在 {between[0]} 范围内：{zh_r}两个实验室在再现性条件下各得一个结果，其差的绝对值以 95 % 的概率不大于再现性限 R（{big}）。"
        f"以上数值由{many[0]}协同试验得到，按 r = 2.8 s_r、R = 2.8 s_R 计算。",
        f"Precision. For {en} {between[1]}: {en_r}that between single results of two laboratories under reproducibility conditions exceeds the "
        f"reproducibility limit R ({big}) in at most 5 % of cases. The values are from a collaborative study{many[1]}, "
        "with r = 2.8 s_r and R = 2.8 s_R.",
    )


def _said(bound: Bound, which: str) -> str:
    """r or R as a formula of the level m, or as a number."""
    coefficients = bound.of_r if which == "r" else bound.of_R
    if coefficients is None:
        return ""
    constant, slope = coefficients
    unit = bound.unit.text
    match bound.relation:
        case "constant":
            return f"{which} = {number(2.8 * constant, 3)} {unit}"
        case "I":
            return f"{which} = {number(2.8 * slope, 3)} m"
        case "II":
            sign = "+" if slope >= 0 else "−"
            return f"{which} = {number(2.8 * constant, 3)} {sign} {number(2.8 * abs(slope), 3)} m ({unit})"
        case _:
            return f"{which} = {number(2.8 * 10**constant, 3)} m^{number(slope, 3)} ({unit})"
