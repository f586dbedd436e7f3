"""Uncertain figures: what each input contributes, and what was drawn beside what the law of propagation says."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from guiju.base.diagnostics import Language
from guiju.metrology.array import Array
from guiju.verify.chart import Axis, Bar, Chart, Curve, Layer, Upright, number_axis
from guiju.verify.told import Table, number, say

BINS, CONTRIBUTIONS_MAX = 48, 16


def contributions(id_: str, name: str, parts: Sequence[tuple[str, float]], language: Language, unit: str = "") -> Chart | None:
    """|c|·u of each input, the largest first. parts: (input, contribution); None where nothing contributes."""
    zh = language == "zh"
    known = sorted(((label, abs(value)) for label, value in parts if value), key=lambda each: -each[1])
    if not known:
        return None
    shown = known[:CONTRIBUTIONS_MAX][::-1]
    bars: list[Layer] = [Bar(0.0, value, at - 0.36, at + 0.36, "b0", f"{label}: {number(value)}") for at, (label, value) in enumerate(shown)]
    header = (say(zh, "输入", "input"), "|c|·u")
    table = Table("", header, [(label, number(value)) for label, value in known], (1,))
    title = say(zh, f"各输入的贡献：{name}", f"contributions: {name}")
    says = say(zh, f"最大的是 {known[0][0]}", f"the largest is {known[0][0]}")
    y = Axis("", -0.5, len(shown) - 0.5, tuple(label for label, _ in shown))
    x = number_axis(f"|c|·u{f' ({unit})' if unit else ''}", [0.0, known[0][1]], 5)
    return Chart(id_, title, says, x, y, tuple(bars), table, max(0.35, min(1.4, len(shown) / 8)))


def histogram(id_: str, name: str, values: Array, y: float, u: float, language: Language, *, ends: tuple[float, float] | None = None,
              drawn: tuple[float, float] | None = None, limit: float | None = None, unit: str = "") -> Chart | None:  # fmt: skip
    """What was drawn, as densities, under the normal curve of the law of propagation.

    ends    of y ± U
    drawn   of the interval that was drawn
    limit   a place to mark, as a margin of 0
    """
    zh = language == "zh"
    if len(values) < 2 or not float(np.ptp(values)) > 0:
        return None
    low, high = (float(x) for x in np.quantile(values, (0.0005, 0.9995)))
    if not high > low:
        return None
    counts, edges = np.histogram(values, BINS, (low, high))
    density = counts / (len(values) * np.diff(edges))
    bars: list[Layer] = [Bar(float(a), float(b), 0.0, float(d), "z1") for a, b, d in zip(edges[:-1], edges[1:], density, strict=True)]
    lines: list[Layer] = []
    tops = [0.0, float(density.max())]
    if u > 0 and math.isfinite(u):
        xs = np.linspace(low, high, 121)
        ys = np.exp(-0.5 * ((xs - y) / u) ** 2) / (u * math.sqrt(2 * math.pi))
        tops.append(float(ys.max()))
        law = say(zh, "GUM 一阶（正态）", "GUM, first order (normal)")
        lines.append(Curve(tuple(zip(map(float, xs), map(float, ys), strict=True)), "c0", law))
    for pair, kind in ((ends, "r0"), (drawn, "r5")):
        lines += [Upright(end, kind) for end in pair or () if low <= end <= high]
    if limit is not None and low <= limit <= high:
        lines.append(Upright(limit, "r1", "0"))
    told = [say(zh, "实线为 y ± U", "solid: y ± U")] if ends else []
    told += [say(zh, "虚线为抽样的区间", "dashed: the interval drawn")] if drawn else []
    header = (say(zh, "从", "from"), say(zh, "到", "to"), say(zh, "抽样数", "draws"))
    table = Table("", header, [(number(a, 6), number(b, 6), f"{c:,}") for a, b, c in zip(edges[:-1], edges[1:], counts, strict=True)], (0, 1, 2))
    title = say(zh, f"分布：{name}", f"distribution: {name}")
    says = say(zh, f"蒙特卡洛 {len(values):,} 次的直方图", f"histogram of {len(values):,} draws") + ("; " + ", ".join(told) if told else "")
    x = number_axis(f"{name}{f' ({unit})' if unit else ''}", [low, high])
    x = Axis(x.title, low, high)
    return Chart(id_, title, says, x, number_axis(say(zh, "密度", "density"), tops, 4), (*bars, *lines), table)
