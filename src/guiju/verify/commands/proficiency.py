"""`guiju verify proficiency`: a round of proficiency testing, with homogeneity and stability of its items."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson

if TYPE_CHECKING:
    from guiju.verify.rounds import Assigned, Round, Scored


def add(verify: typer.Typer) -> None:
    verify.command("proficiency")(proficiency)


def proficiency(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="参加者的结果 · results of participants: CSV XLSX Parquet …")],
    method: Annotated[
        str, typer.Option("--method", metavar="NAME", help="algorithm-a q-hampel median made mean mandel-paule dersimonian-laird reml ml given")
    ] = "algorithm-a",
    assigned_value: Annotated[
        float | None, typer.Option("--assigned", metavar="X", help="外部的指定值 · an outside assigned value")
    ] = None,
    u: Annotated[float | None, typer.Option("--u-assigned", min=0, metavar="U", help="它的标准不确定度 · its standard uncertainty")] = None,
    sigma: Annotated[float | None, typer.Option("--sigma", min=0, metavar="S", help="能力评定标准差 σ_pt · default: of the participants")] = None,
    score: Annotated[str, typer.Option("--score", metavar="NAME", help="z z' zeta En D%")] = "z",
    homogeneity: Annotated[Path | None, typer.Option("--homogeneity", metavar="FILE", help="样品、份、值 · item, portion, value")] = None,
    stability: Annotated[Path | None, typer.Option("--stability", metavar="FILE", help="之后的测量 · measured afterwards")] = None,
    lab: Annotated[str | None, typer.Option("--lab", metavar="HEADER", help="参加者列 · column of participants")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="HEADER", help="结果列 · column of results")] = None,
    as_json: AsJson = False,
) -> None:
    """能力验证：指定值、均匀性、稳定性、比分数 · proficiency testing (ISO 13528).

    退出码 1 有不满意的结果 · exit code 1 where a result is unsatisfactory.
    """
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, refusals, show
    from guiju.verify.rounds import METHODS, SCORES, assign, read_round
    from guiju.verify.rounds import score as scored

    with refusals():
        way = next((each for each in METHODS if each == method), None)
        kind = next((each for each in SCORES if each == score), None)
        if way is None or kind is None:
            word, known = (method, METHODS) if way is None else (score, SCORES)
            raise Refused([Diagnostic("unknown-word", None, {"word": word, "known": ", ".join(known)})])
        found = read_round(file, {"lab": lab, "value": value})
        assigned = assign(found, way, assigned_value, u)
        made = scored(found, assigned, kind, sigma)
        checks = _checks(homogeneity, stability, made.sigma)
    show(made.diagnostics)
    _print(found, assigned, made, checks, as_json)
    raise typer.Exit(Exit.FAILS if "unsatisfactory" in made.verdicts else Exit.OK)


def _checks(homogeneity: Path | None, stability: Path | None, sigma: float) -> dict[str, dict[str, float | bool | int]]:
    from guiju.metrology.proficiency import homogeneity as homogeneous
    from guiju.metrology.proficiency import stability as stable
    from guiju.verify.rounds import read_portions

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


_VERDICTS = {"satisfactory": ("✓ 满意", "✓ satisfactory"), "questionable": ("? 有问题", "? questionable"),
             "unsatisfactory": ("✗ 不满意", "✗ unsatisfactory"), "": ("", "")}  # fmt: skip


def _print(found: Round, assigned: Assigned, made: Scored, checks: dict[str, dict[str, float | bool | int]], as_json: bool) -> None:
    import json

    from guiju.cli.console import console, say, table
    from guiju.verify.told import number, plain

    means = found.means
    if as_json:
        results = [
            {"lab": name, "n": len(group), "value": float(x), "score": float(z), "verdict": verdict}
            for name, group, x, z, verdict in zip(found.labs, found.groups, means, made.values, made.verdicts, strict=True)
        ]
        print(json.dumps({
            "standard": "ISO 13528:2022+A1", "file": found.file, "sha256": found.digest, "method": assigned.method, "x_pt": assigned.value,
            "u_x_pt": assigned.u, "scale": plain(assigned.scale), "p": assigned.p, "score": made.score, "sigma_pt": plain(made.sigma),
            "sigma_from": made.sigma_from, "results": results, "checks": checks, "diagnostics": [d.as_json() for d in made.diagnostics],
        }, ensure_ascii=False, indent=1))  # fmt: skip
        return
    rows = [
        (name, number(x, 5), f"{z:.2f}", say(*_VERDICTS[verdict]))
        for name, x, z, verdict in zip(found.labs, means, made.values, made.verdicts, strict=True)
    ]
    table(say("比分数", "scores"), (say("参加者", "participant"), say("结果", "result"), made.score, say("评价", "verdict")), rows, (1, 2))
    words = {"passes": say("符合", "passes"), "passes_expanded": say("符合扩展准则", "passes the expanded criterion")}
    for name, figures in checks.items():
        cells = [(words.get(key, key), ("✓" if value else "✗") if isinstance(value, bool) else number(value)) for key, value in figures.items()]
        table(say({"homogeneity": "均匀性", "stability": "稳定性"}[name], name), ("", ""), cells, (1,))
    console().print(f"x_pt = {number(assigned.value, 5)}, u(x_pt) = {number(assigned.u, 3)}, {assigned.method}, p = {assigned.p}")
    if made.sigma > 0:
        source = say("给定", "given") if made.sigma_from == "given" else say("参加者的标准差", "standard deviation of the participants")
        console().print(f"σ_pt = {number(made.sigma)} ({source})")
    console().print(f"ISO 13528:2022 + Amd 1:2026; SHA-256 {found.digest[:16]}…  {found.file}")
