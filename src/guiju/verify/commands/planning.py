"""`guiju verify plan` and `guiju verify nested`: how large an experiment must be, and intermediate precision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson


def add(verify: typer.Typer) -> None:
    verify.command("plan")(plan)
    verify.command("nested")(nested)


def plan(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="以往的研究，由它得 γ · an earlier study that tells γ")] = None,
    gamma: Annotated[float | None, typer.Option("--gamma", min=1, metavar="G", help="γ = s_R / s_r")] = None,
    within_r: Annotated[float | None, typer.Option("--within-r", min=0.01, metavar="A", help="s_r 的相对误差，95 % · of s_r")] = None,
    within_R: Annotated[  # noqa: N803
        float | None, typer.Option("--within-R", min=0.01, metavar="A", help="s_R 的相对误差，95 % · of s_R")
    ] = None,
    bias: Annotated[float | None, typer.Option("--bias", min=0.01, metavar="A", help="偏倚的误差，以 s_R 计，95 % · of the bias, in s_R")] = None,
    labs: Annotated[int, typer.Option("--most-labs", min=3, metavar="P", help="至多多少实验室 · at most so many laboratories")] = 200,
    replicates: Annotated[int, typer.Option("--most-replicates", min=2, metavar="N", help="至多重复多少次 · at most so many replicates")] = 6,
    as_json: AsJson = False,
) -> None:
    """规划：为所要的精度，要多少实验室、重复多少次 · laboratories and replicates for a wanted accuracy (ISO 5725-1, -4)."""
    import json
    from dataclasses import asdict

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import console, refusals, say, table
    from guiju.metrology.planning import designs
    from guiju.verify.study import read_studies, spread_ratio

    with refusals():
        ratio = gamma if gamma is not None else spread_ratio(read_studies(file)) if file is not None else 2.0
        asked = {"a_r": within_r, "a_R": within_R, "a_bias": bias}
        found = designs(ratio, a_r=within_r, a_R=within_R, a_bias=bias, labs=range(3, labs + 1), replicates=range(2, replicates + 1))
        if not found:
            raise Refused([Diagnostic("plan-none", None, {"labs": str(labs), "replicates": str(replicates)})])
    if as_json:
        listed = [asdict(each) | {"measurements": each.measurements} for each in found]
        print(json.dumps({"gamma": ratio, "asked": asked, "designs": listed}, ensure_ascii=False, indent=1))
        return
    header = (
        say("实验室 p", "laboratories p"),
        say("重复 n", "replicates n"),
        say("每水平测量", "measurements per level"),
        "A_r",
        "A_R",
        say("A 偏倚", "A bias"),
    )
    rows = [(str(d.p), str(d.n), str(d.measurements), f"{d.a_r:.2f}", f"{d.a_R:.2f}", f"{d.a_bias:.2f}") for d in found]
    table(say("能达到要求的设计，测量最少的在先", "designs that reach it, fewest measurements first"), header, rows, range(6))
    console().print(f"γ = s_R/s_r = {ratio:.3g}; 95 %; ISO 5725-1, ISO 5725-4")


def nested(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="每行一个结果 · a row per result")],
    factor: Annotated[list[str], typer.Option("--factor", metavar="HEADER", help="由外到内的因子，可多次 · factors, outermost first")],
    value: Annotated[str | None, typer.Option("--value", metavar="HEADER", help="结果列 · column of results")] = None,
    as_json: AsJson = False,
) -> None:
    """中间精密度：套合与错层设计的方差分量 · intermediate precision from nested or staggered designs (ISO 5725-3)."""
    import json
    from dataclasses import asdict

    from guiju.cli.console import console, refusals, say, table
    from guiju.verify.study import analyse_nested
    from guiju.verify.told import number

    with refusals():
        found = analyse_nested(file, factor, value)
    if as_json:
        print(json.dumps({"mean": found.mean, "components": [asdict(each) for each in found.components], "s_r": found.intermediate(factor[-1]),
                          "s_R": found.intermediate()}, ensure_ascii=False, indent=1))  # fmt: skip
        return
    last = say("重复", "replicates")
    rows = [
        (last if c.factor == "replicate" else c.factor, str(c.dof), number(c.mean_square), number(c.variance) + ("*" if c.truncated else ""),
         number(c.variance**0.5))
        for c in found.components
    ]  # fmt: skip
    header = (say("因子", "factor"), say("自由度", "dof"), say("均方", "mean square"), say("方差分量", "variance"), say("标准差", "sd"))
    table(say("套合方差分析", "nested analysis of variance"), header, rows, (1, 2, 3, 4))
    inner = [f"s_r = {number(found.intermediate(factor[-1]))}"]
    inner += [f"s_I({', '.join(factor[n + 1 :])}) = {number(found.intermediate(name))}" for n, name in reversed(list(enumerate(factor[:-1])))]
    console().print("; ".join([*inner, f"s_R = {number(found.intermediate())}"]))
    if any(c.truncated for c in found.components):
        console().print(say("* 估计为负，取 0", "* the estimate is negative; 0 is used"))
