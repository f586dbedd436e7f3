"""Plan: the designs of an experiment that reach a wanted accuracy, told as a table, as curves and as one object for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from guiju.base.diagnostics import Language
from guiju.metrology.planning import Design, design, designs
from guiju.verify.chart import Across, Axis, Chart, Curve, Layer, number_axis
from guiju.verify.sheet import refuse
from guiju.verify.told import Table, say

CURVES_MAX, LABS_DRAWN = 6, 40
"""Numbers of replicates and of laboratories that are drawn."""


@dataclass(frozen=True, slots=True)
class Planned:
    """gamma   s_R / s_r
    asked   the accuracy wanted of s_r, s_R and the bias, as shares at 95 %; None: not asked
    """

    gamma: float
    asked: dict[str, float | None]
    labs: int
    replicates: int
    designs: tuple[Design, ...]


def plan_designs(gamma: float, within_r: float | None, within_R: float | None, bias: float | None,  # noqa: N803
                 labs: int, replicates: int) -> Planned:  # fmt: skip
    """For each number of replicates the smallest design that reaches what is asked.

    labs, replicates   the most there can be
    raises             Refused: plan-none
    """
    found = designs(gamma, a_r=within_r, a_R=within_R, a_bias=bias, labs=range(3, labs + 1), replicates=range(2, replicates + 1))
    if not found:
        raise refuse("plan-none", labs=labs, replicates=replicates)
    return Planned(gamma, {"a_r": within_r, "a_R": within_R, "a_bias": bias}, labs, replicates, tuple(found))


def table(found: Planned, language: Language) -> Table:
    zh = language == "zh"
    header = (
        ("实验室 p", "重复 n", "每水平测量", "A_r", "A_R", "A 偏倚")
        if zh
        else ("laboratories p", "replicates n", "measurements per level", "A_r", "A_R", "A bias")
    )
    rows = [(str(d.p), str(d.n), str(d.measurements), f"{d.a_r:.2f}", f"{d.a_R:.2f}", f"{d.a_bias:.2f}") for d in found.designs]
    return Table(say(zh, "能达到要求的设计，测量最少的在先", "designs that reach it, fewest measurements first"), header, rows, range(6))


def note(found: Planned) -> str:
    return f"γ = s_R/s_r = {found.gamma:.3g}; 95 %; ISO 5725-1, ISO 5725-4"


def as_json(found: Planned) -> dict[str, Any]:
    listed = [asdict(each) | {"measurements": each.measurements} for each in found.designs]
    return {"gamma": found.gamma, "asked": found.asked, "designs": listed}


_WORDS = {"a_r": ("A_r", "s_r 的相对误差", "share of s_r"), "a_R": ("A_R", "s_R 的相对误差", "share of s_R"),
          "a_bias": ("A", "偏倚的误差，以 s_R 计", "error of the bias in s_R")}  # fmt: skip


def charts(gamma: float, asked: dict[str, float | None], labs: int, replicates: int, language: Language) -> list[Chart]:
    """How each accuracy falls with the number of laboratories, a curve for each number of replicates; the wanted one as a level."""
    zh = language == "zh"
    furthest = max(10, min(labs, LABS_DRAWN))
    counts = range(3, furthest + 1)
    made = []
    for name, (short, chinese, english) in _WORDS.items():
        wanted = asked[name]
        layers: list[Layer] = []
        header, columns = [say(zh, "实验室 p", "laboratories p")], []
        for at, n in enumerate(range(2, min(replicates, CURVES_MAX + 1) + 1)):
            values = [getattr(design(p, n, gamma), name) for p in counts]
            layers.append(Curve(tuple(zip(map(float, counts), values, strict=True)), f"c{at}", f"n = {n}"))
            header.append(f"n = {n}")
            columns.append([f"{value:.3f}" for value in values])
        if wanted is not None:
            layers.append(Across(wanted, "r1", say(zh, f"所要的 {wanted:g}", f"wanted {wanted:g}")))
        tops = [0.0, getattr(design(3, 2, gamma), name), *([wanted] if wanted is not None else [])]
        rows = [(str(p), *(column[at] for column in columns)) for at, p in enumerate(counts)]
        says = say(
            zh,
            f"{short}（{chinese}）随实验室数下降，每条线一种重复数",
            f"{short} ({english}) falls with the laboratories; a line per number of replicates",
        )
        x = Axis(say(zh, "实验室 p", "laboratories p"), 0, float(furthest))
        made.append(Chart(name, f"{short} · {say(zh, chinese, english)}", says, x, number_axis(short, tops, 5), tuple(layers),
                          Table("", header, rows, range(len(header)))))  # fmt: skip
    return made
