"""Study figures: Mandel's h and k laboratory by laboratory, and precision against the level with relations I, II and III."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from guiju.base.diagnostics import Language
from guiju.metrology import critical
from guiju.metrology.array import Array
from guiju.verify.chart import Across, Axis, Bar, Chart, Curve, Dot, Layer, names_axis, number_axis
from guiju.verify.precision_told import RELATIONS
from guiju.verify.study import Analysis, Result
from guiju.verify.told import Table, number, say

_GROUP = 0.82
"""Of the room of a laboratory that its bars take."""
MARKS = {0: "", 1: "*", 2: "**"}


def figures(result: Result, of: Analysis, language: Language, study: int = 0, which: str = "") -> Iterator[Chart]:
    """The drawings of one study.

    which   ends their ids, so that those of all data and of the kept ones can stand on one page
    """
    zh = language == "zh"
    yield _mandel(result, of, study, "h", zh, which)
    yield _mandel(result, of, study, "k", zh, which)
    if len(result.studies.levels[study]) > 1:
        yield _relations(result, of, study, zh, which)


def _mandel(result: Result, of: Analysis, s: int, name: str, zh: bool, which: str) -> Chart:
    studies, found = result.studies, of.mandel
    values, flags = (found.h[s], found.h_flag[s]) if name == "h" else (found.k[s], found.k_flag[s])
    labs, levels = studies.labs[s], studies.levels[s]
    limits = _limits(of, s, name, result)
    bars: list[Layer] = []
    rows = []
    wide = _GROUP / len(levels)
    for i, lab in enumerate(labs):
        for j, level in enumerate(levels):
            value, flag = float(values[j, i]), int(flags[j, i])
            if not math.isfinite(value):
                continue
            left = i - _GROUP / 2 + j * wide
            bars.append(Bar(left, left + 0.86 * wide, 0.0, value, f"b{flag}", f"{lab} · {level}: {value:.2f}{MARKS[flag]}", MARKS[flag]))
            rows.append((lab, level, f"{value:.2f}", MARKS[flag]))
    lines: list[Layer] = []
    for alpha, limit in limits:
        kind, text = ("r1", "1 %") if alpha == 0.01 else ("r5", "5 %") if alpha == 0.05 else ("r1", "0.5 %")
        lines += [Across(limit, kind, text), *([Across(-limit, kind)] if name == "h" else [])]
    ends = [0.0, *(v for v in values[np.isfinite(values)]), *(limit * 1.12 for _, limit in limits)]
    ends += [-limit * 1.12 for _, limit in limits] if name == "h" else []
    order = say(zh, "每个实验室内依水平排列：", "within a laboratory by level: ") + ", ".join(levels)
    marked = int(np.sum(flags > 0))
    says = say(zh, f"{len(labs)} 个实验室、{len(levels)} 个水平，{marked} 格超出 5 %；{order}",
               f"{len(labs)} laboratories, {len(levels)} levels, {marked} cells beyond 5 %; {order}")  # fmt: skip
    table = Table(f"{name}", (say(zh, "实验室", "laboratory"), say(zh, "水平", "level"), name, ""), rows, (2,))
    title = say(zh, f"曼德尔 {name} 图", f"Mandel’s {name}")
    return Chart(f"{name}{which}", title, says, names_axis(say(zh, "实验室", "laboratory"), labs), number_axis(name, ends), (*bars, *lines), table)


def _limits(of: Analysis, s: int, name: str, result: Result) -> list[tuple[float, float]]:
    """Critical values of the level with most laboratories, of its commonest cell; what is marked goes by each cell's own."""
    j = int(np.argmax(of.precision.p[s]))
    p = int(of.precision.p[s, j])
    alphas = (0.005,) if result.edition.convention == "e691" else (0.05, 0.01)
    if name == "h":
        return [(alpha, critical.mandel_h(p, alpha)) for alpha in alphas]
    own: Array = of.made.own[s, j]
    counts, times = np.unique(own[own > 0], return_counts=True)
    n = int(counts[np.argmax(times)]) + 1
    usable = int(np.sum(own > 0))
    return [(alpha, critical.mandel_k(usable, n, alpha)) for alpha in alphas]


def _relations(result: Result, of: Analysis, s: int, zh: bool, which: str) -> Chart:
    found, levels = of.precision, result.studies.levels[s]
    m = [float(found.general[s, j]) for j in range(len(levels))]
    unit = f" ({result.studies.unit})" if result.studies.unit else ""
    dots: list[Layer] = []
    rows = []
    for j, level in enumerate(levels):
        for name, value, kind in (("s_r", float(found.s_r[s, j]), "b0"), ("s_R", float(found.s_R[s, j]), "b1")):
            dots.append(Dot(m[j], value, kind, f"{level}: {name} = {number(value)}"))
        rows.append([level, number(m[j], 5), number(found.s_r[s, j]), number(found.s_R[s, j])])
    low, high = min(m), max(m)
    xs = np.linspace(low, high, 61)
    curves: list[Layer] = []
    header = [say(zh, "水平", "level"), f"m{unit}", "s_r", "s_R"]
    for at, (kind, both) in enumerate(of.relations.items()):
        for name, each in both.items():
            if not math.isfinite(float(each.slope[s])):
                continue
            constant, slope = float(each.constant[s]), float(each.slope[s])
            ys = 10**constant * xs**slope if kind == "III" else constant + slope * xs
            curves.append(Curve(tuple(zip(map(float, xs), map(float, ys), strict=True)), f"c{at if name == 'r' else at + 3}",
                                f"s_{name}: {kind}  {RELATIONS[kind]}"))  # fmt: skip
            header.append(f"s_{name} {kind}")
            for j, row in enumerate(rows):
                row.append(number(each.fitted[s, j]))
    ends = [0.0, *map(float, found.s_r[s][: len(levels)]), *map(float, found.s_R[s][: len(levels)])]
    title = say(zh, "精密度与水平的关系", "precision and level")
    says = say(
        zh, "点为各水平的 s_r（绿）与 s_R（棕），线为拟合的关系", "points: s_r (green) and s_R (brown) of each level; lines: the relations fitted"
    )
    x, y = number_axis(f"m{unit}", m), number_axis(f"s{unit}", ends)
    return Chart(f"relation{which}", title, says, Axis(x.title, x.low, x.high), y, (*curves, *dots), Table("", header, rows, range(1, len(header))))
