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

    from guiju.cli.console import language, refusals
    from guiju.verify.commands.printed import printed
    from guiju.verify.plan import as_json as told
    from guiju.verify.plan import note, plan_designs, table
    from guiju.verify.study import read_studies, spread_ratio

    with refusals():
        ratio = gamma if gamma is not None else spread_ratio(read_studies(file)) if file is not None else 2.0
        found = plan_designs(ratio, within_r, within_R, bias, labs, replicates)
    if as_json:
        print(json.dumps(told(found), ensure_ascii=False, indent=1))
    else:
        printed((table(found, language()),), (note(found),))


def nested(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="每行一个结果 · a row per result")],
    factor: Annotated[list[str], typer.Option("--factor", metavar="HEADER", help="由外到内的因子，可多次 · factors, outermost first")],
    value: Annotated[str | None, typer.Option("--value", metavar="HEADER", help="结果列 · column of results")] = None,
    as_json: AsJson = False,
) -> None:
    """中间精密度：套合与错层设计的方差分量 · intermediate precision from nested or staggered designs (ISO 5725-3)."""
    import json

    from guiju.cli.console import language, refusals
    from guiju.verify.commands.printed import printed
    from guiju.verify.nested_told import as_json as told
    from guiju.verify.nested_told import notes, table
    from guiju.verify.study import analyse_nested

    with refusals():
        found = analyse_nested(file, factor, value)
    if as_json:
        print(json.dumps(told(found, factor), ensure_ascii=False, indent=1))
    else:
        printed((table(found, language()),), notes(found, factor, language()))
