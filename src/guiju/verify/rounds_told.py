"""What is told of a round of proficiency testing: scores, the checks of its items, what everything rests on; and the scores drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Language
from guiju.metrology.proficiency import ACTION, WARNING
from guiju.metrology.proficiency import homogeneity as homogeneous
from guiju.metrology.proficiency import stability as stable
from guiju.verify.chart import Across, Bar, Chart, Layer, names_axis, number_axis
from guiju.verify.rounds import Assigned, Round, Scored, read_portions
from guiju.verify.told import Table, number, plain, say

Checks = Mapping[str, Mapping[str, float | bool | int]]
VERDICTS = {"satisfactory": ("✓ 满意", "✓ satisfactory"), "questionable": ("? 有问题", "? questionable"),
            "unsatisfactory": ("✗ 不满意", "✗ unsatisfactory"), "": ("", "")}  # fmt: skip
_BARS = {"satisfactory": "b0", "questionable": "b1", "unsatisfactory": "b2", "": "b3"}


def checks(homogeneity: Path | None, stability: Path | None, sigma: float) -> dict[str, dict[str, float | bool | int]]:
    """Homogeneity of the items, and with it their stability, against 0.3 sigma. Refused: what `read_portions` refuses."""
    found: dict[str, dict[str, float | bool | int]] = {}
    if homogeneity is not None:
        portions = read_portions(homogeneity)
        h = homogeneous(portions, sigma)
        found["homogeneity"] = {"items": h.g, "portions": h.m, "mean": h.mean, "s_x": h.s_x, "s_w": h.s_w, "s_s": h.s_s, "criterion": h.criterion,
                                "expanded": h.expanded, "passes": h.passes, "passes_expanded": h.passes_expanded}  # fmt: skip
        if stability is not None:
            s = stable(portions.ravel(), read_portions(stability).ravel(), sigma)
            found["stability"] = {"before": s.before, "after": s.after, "difference": s.difference, "criterion": s.criterion,
                                  "expanded": s.expanded, "passes": s.passes, "passes_expanded": s.passes_expanded}  # fmt: skip
    return found


def scores_table(found: Round, made: Scored, language: Language) -> Table:
    zh = language == "zh"
    rows = [
        (name, number(x, 5), f"{z:.2f}", say(zh, *VERDICTS[verdict]))
        for name, x, z, verdict in zip(found.labs, found.means, made.values, made.verdicts, strict=True)
    ]
    header = (say(zh, "参加者", "participant"), say(zh, "结果", "result"), made.score, say(zh, "评价", "verdict"))
    return Table(say(zh, "比分数", "scores"), header, rows, (1, 2))


def checks_tables(found: Checks, language: Language) -> Iterator[Table]:
    zh = language == "zh"
    words = {"passes": say(zh, "符合", "passes"), "passes_expanded": say(zh, "符合扩展准则", "passes the expanded criterion")}
    for name, figures in found.items():
        cells = [(words.get(key, key), ("✓" if value else "✗") if isinstance(value, bool) else number(value)) for key, value in figures.items()]
        yield Table(say(zh, {"homogeneity": "均匀性", "stability": "稳定性"}[name], name), ("", ""), cells, (1,))


def notes(found: Round, assigned: Assigned, made: Scored, language: Language) -> Iterator[str]:
    """The assigned value, sigma_pt and its source, the standard, the file."""
    zh = language == "zh"
    yield f"x_pt = {number(assigned.value, 5)}, u(x_pt) = {number(assigned.u, 3)}, {assigned.method}, p = {assigned.p}"
    if made.sigma > 0:
        source = say(zh, "给定", "given") if made.sigma_from == "given" else say(zh, "参加者的标准差", "standard deviation of the participants")
        yield f"σ_pt = {number(made.sigma)} ({source})"
    yield f"ISO 13528:2022 + Amd 1:2026; SHA-256 {found.digest[:16]}…  {found.file}"


def as_json(found: Round, assigned: Assigned, made: Scored, checked: Checks) -> dict[str, Any]:
    """Everything, unrounded."""
    results = [
        {"lab": name, "n": len(group), "value": float(x), "score": float(z), "verdict": verdict}
        for name, group, x, z, verdict in zip(found.labs, found.groups, found.means, made.values, made.verdicts, strict=True)
    ]
    return {
        "standard": "ISO 13528:2022+A1", "file": found.file, "sha256": found.digest, "method": assigned.method, "x_pt": assigned.value,
        "u_x_pt": assigned.u, "scale": plain(assigned.scale), "p": assigned.p, "score": made.score, "sigma_pt": plain(made.sigma),
        "sigma_from": made.sigma_from, "results": results, "checks": checked, "diagnostics": [d.as_json() for d in made.diagnostics],
    }  # fmt: skip


def chart(found: Round, made: Scored, language: Language) -> Chart:
    """The scores in rising order, with the limits of warning and action; of D%, which has none, without."""
    zh = language == "zh"
    order = sorted(range(len(found.labs)), key=lambda i: float(made.values[i]))
    limits = {"En": ((1.0, "r1", "1"),), "D%": ()}.get(made.score, ((WARNING, "r5", "2"), (ACTION, "r1", "3")))
    reach = 4.0 if made.score != "D%" else math.inf
    layers: list[Layer] = []
    rows = []
    for at, i in enumerate(order):
        value, verdict = float(made.values[i]), made.verdicts[i]
        mark = f"{value:.1f}" if abs(value) > reach else {"questionable": "?", "unsatisfactory": "✗"}.get(verdict, "")
        layers.append(Bar(at - 0.4, at + 0.4, 0.0, value, _BARS[verdict], f"{found.labs[i]}: {made.score} = {value:.2f}", mark))
        rows.append((found.labs[i], f"{value:.2f}", say(zh, *VERDICTS[verdict])))
    for limit, kind, name in limits:
        layers += [Across(limit, kind, name), Across(-limit, kind, f"−{name}")]
    ends = [0.0, *(float(v) for v in made.values), *(1.15 * limit for limit, *_ in limits), *(-1.15 * limit for limit, *_ in limits)]
    ends = [min(max(end, -reach * 1.1), reach * 1.1) for end in ends]
    counted = {verdict: made.verdicts.count(verdict) for verdict in ("satisfactory", "questionable", "unsatisfactory")}
    says = ", ".join(f"{say(zh, *VERDICTS[verdict])} {n}" for verdict, n in counted.items() if n) or say(zh, "没有评价", "no verdicts")
    header = (say(zh, "参加者", "participant"), made.score, say(zh, "评价", "verdict"))
    names = names_axis(say(zh, "参加者，按比分数排", "participants, by their score"), [found.labs[i] for i in order])
    return Chart("scores", f"{say(zh, '比分数', 'scores')} {made.score}", says, names, number_axis(made.score, ends), tuple(layers),
                 Table("", header, rows, (1,)))  # fmt: skip
