"""What `guiju uncertain` says of several numbers together, and of products of a process: regions, and global risks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.cli.console import console, language, say, table
from guiju.ir.program import Program
from guiju.ir.record import admit_value
from guiju.metrology.conformity import Risks
from guiju.readings.uncertain.process import Process, ProcessRisks
from guiju.readings.uncertain.region import PROBABILITY, Region
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


def processes_of(shelf: Shelf, program: Program, written: Sequence[str]) -> dict[str, Process]:
    """`consumption=14.0±0.3`, each. Refused with everything that is wrong of them."""
    problems, found = Problems(), {}
    for text in written:
        name, sign, rest = (part.strip() for part in text.partition("="))
        mean, plus, sd = (part.strip() for part in rest.partition("±"))
        declared = program.inputs.get(name)
        if not sign or not plus or not mean or not sd:
            problems.add("process-malformed", None, text=text)
        elif declared is None:
            problems.add("unknown-input", None, name=name, **did_you_mean(name, program.inputs))
        elif declared.kind != "number":
            problems.add("spread-of-no-number", None, name=name, kind=declared.kind)
        else:
            free = replace(declared, decimals=120, minimum=None, maximum=None)
            both = [admit_value(free, each, problems) for each in (mean, sd)]
            if isinstance(both[1], Fraction) and both[1] < 0:
                problems.add("spread-negative", None, name=name, u=sd)
            elif isinstance(both[0], Fraction) and isinstance(both[1], Fraction):
                found[name] = Process(both[0], both[1])
    problems.refuse_errors()
    return found


def region_rows(region: Region) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """The correlations of the quantities, by first order and by draws: title, header, rows."""
    rows: list[tuple[str, ...]] = []
    drawn = region.correlation_drawn
    for i, one in enumerate(region.names):
        for j, other in enumerate(region.names[:i]):
            rows.append((f"{other}, {one}", f"{region.correlation[i, j]:.3f}", "—" if math.isnan(drawn[i, j]) else f"{drawn[i, j]:.3f}"))
    rows.sort(key=lambda row: -abs(float(row[1])))
    header = (say("两个量", "two quantities"), say("相关系数，一阶", "correlation, first order"), say("抽样", "draws"))
    more = say(f"（前 10 对，共 {len(rows)}）", f" (10 of {len(rows)} pairs)") if len(rows) > 10 else ""
    return say("几个量之间（JCGM 102）", "several quantities (JCGM 102)") + more, header, rows[:10]


def region_text(region: Region) -> str:
    """The factors of the regions that hold all quantities."""
    percent, k = f"{100 * PROBABILITY:g} %", [f"{each:.3f}" if math.isfinite(each) else "—" for each in factors(region)]
    return say(
        f"同时包含全部 {len(region.names)} 个量的 {percent} 区域：椭球 k = {k[0]}（抽样 {k[1]}），长方体 k = {k[2]}（抽样 {k[3]}）",
        f"{percent} regions of all {len(region.names)} quantities: ellipsoid k = {k[0]} (draws {k[1]}), box k = {k[2]} (draws {k[3]})")  # fmt: skip


def factors(region: Region) -> tuple[float, float, float, float]:
    return region.ellipsoid, region.ellipsoid_drawn, region.box, region.box_drawn


def region_json(region: Region) -> dict[str, Any]:
    def plain(x: float) -> float | None:
        return float(x) if math.isfinite(x) else None

    named = ("ellipsoid", "ellipsoid_draws", "box", "box_draws")
    return {
        "names": list(region.names), "probability": PROBABILITY, "rank": region.rank,
        "covariance": [[plain(x) for x in row] for row in region.covariance],
        "covariance_draws": [[plain(x) for x in row] for row in region.drawn],
        "coverage_factors": {name: plain(x) for name, x in zip(named, factors(region), strict=True)},
    }  # fmt: skip


def show_risks(found: ProcessRisks) -> None:
    """Global risks per clause and of all, with the process they rest on."""
    rows = [(each.meaning.no, each.meaning.clause.title.text(language()), f"{each.guard:.3g}", *_risks(each.drawn), *_risks(each.linear)[:2])
            for each in found.clauses if each.drawn is not None]  # fmt: skip
    if found.overall is not None:
        rows.append(("", say("全部必达条款", "every `shall` clause"), "", *_risks(found.overall), "—", "—"))
    header = (
        say("条款", "clause"), say("要求", "requirement"), say("保护带", "guard"), say("使用方风险", "consumer's risk"),
        say("生产方风险", "producer's risk"), say("接受的比例", "accepted"), say("使用方，一阶", "consumer's, 1st order"),
        say("生产方，一阶", "producer's, 1st order"),
    )  # fmt: skip
    table(say("过程的全局风险", "global risks of the process"), header, rows, right=tuple(range(2, 8)))
    prior = ", ".join(f"{name} {decimal_text(p.mean)} ± {decimal_text(p.sd)}" for name, p in found.process.items())
    console().print(say(
        f"约定：全局风险、联合概率（非条件；JCGM 106）；先验（过程）为正态、互相独立：{prior}；规则 {found.rule}；抽样 {found.trials:,} 次。",
        f"convention: global, joint and not conditional (JCGM 106); prior (the process) normal, independent: {prior}; rule {found.rule}; "
        f"{found.trials:,} draws."))  # fmt: skip


def _risks(risks: Risks | None) -> tuple[str, str, str]:
    if risks is None:
        return "—", "—", "—"
    consumer, producer, accepted = (f"{100 * x:.3g} %" for x in (risks.consumer, risks.producer, risks.accepted))
    return consumer, producer, accepted


def risks_json(found: ProcessRisks) -> dict[str, Any]:
    """The same for programs; conditional ones beside the joint ones."""

    def said(risks: Risks | None) -> dict[str, float | None] | None:
        if risks is None:
            return None
        named = ("consumer", "producer", "accepted", "conforming", "consumer_conditional", "producer_conditional")
        return {name: x if math.isfinite(x := getattr(risks, name)) else None for name in named}

    return {
        "convention": "global, joint; conditional ones are named so", "rule": found.rule, "trials": found.trials, "seed": found.seed,
        "prior": {name: {"mean": decimal_text(p.mean), "sd": decimal_text(p.sd), "kind": "normal"} for name, p in found.process.items()},
        "clauses": [{"clause": c.meaning.no, "guard": c.guard, "draws": said(c.drawn), "first_order": said(c.linear)} for c in found.clauses],
        "overall": said(found.overall),
    }  # fmt: skip
