"""Sobol indices of one record on the terminal: how much of the variance of each number every input has, alone and with others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from guiju.cli.console import console, say, table
from guiju.metrology.sensitivity import Indices


def show_indices(found: Mapping[str, Indices]) -> None:
    """A table of the indices of every number, the largest first, and the convention."""
    rows: list[tuple[str, ...]] = []
    for name, each in found.items():
        if each.known < 1:
            said = say(f"{100 * (1 - each.known):.2g} % 的点没有值", f"{100 * (1 - each.known):.2g} % of the points have no value")
            rows.append((name, said, "", ""))
        moving = [at for at in range(len(each.names)) if each.known == 1 and (each.total[at] > 0 or each.first[at] > 0)]
        for n, at in enumerate(sorted(moving, key=lambda at: -float(each.total[at]))):
            first, total = percent(each.first[at], each.u_first[at]), percent(each.total[at], each.u_total[at])
            rows.append((name if n == 0 else "", each.names[at], first, total))
    if not rows:
        console().print(say("没有不确定的量，也就没有方差可分。", "nothing is uncertain: there is no variance to share."))
        return
    header = (say("结果", "result"), say("输入", "input"), say("一阶 S", "first order S"), say("总效应 S_T", "total S_T"))
    table(say("方差来自哪些输入（Sobol 指数）", "whose variance it is (Sobol indices)"), header, rows, right=(2, 3))
    points = max(each.points for each in found.values())
    console().print(say(
        f"约定：输入独立；Saltelli 2010 与 Jansen 的估计，{points:,} 个 Sobol 点；± 为标准误差。",
        f"convention: independent inputs; estimators of Saltelli 2010 and Jansen, {points:,} Sobol points; ± is a standard error.",
    ))  # fmt: skip


def percent(share: float, u: float) -> str:
    """A share with its standard error to two digits, and not finer than it is worth."""
    places = max(0, min(4, 1 - math.floor(math.log10(100 * u)))) if u > 0 else 1
    return f"{100 * share:.{places}f} ± {100 * u:.{places}f} %"


def indices_json(found: Mapping[str, Indices]) -> list[dict[str, Any]]:
    return [
        {"of": name, "variance": finite(each.variance), "known": each.known, "points": each.points,
         "inputs": [{"input": n, "first": finite(each.first[at]), "u_first": finite(each.u_first[at]), "total": finite(each.total[at]),
                     "u_total": finite(each.u_total[at])} for at, n in enumerate(each.names)]}
        for name, each in found.items()
    ]  # fmt: skip


def finite(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None
