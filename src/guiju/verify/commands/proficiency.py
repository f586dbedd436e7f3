"""`guiju verify proficiency`: a round of proficiency testing, with homogeneity and stability of its items."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson


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
    import json

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, language, refusals, show
    from guiju.verify.commands.printed import printed
    from guiju.verify.rounds import METHODS, SCORES, assign, read_round
    from guiju.verify.rounds import score as scored
    from guiju.verify.rounds_told import as_json as told
    from guiju.verify.rounds_told import checks, checks_tables, notes, scores_table

    with refusals():
        way = next((each for each in METHODS if each == method), None)
        kind = next((each for each in SCORES if each == score), None)
        if way is None or kind is None:
            word, known = (method, METHODS) if way is None else (score, SCORES)
            raise Refused([Diagnostic("unknown-word", None, {"word": word, "known": ", ".join(known)})])
        found = read_round(file, {"lab": lab, "value": value})
        assigned = assign(found, way, assigned_value, u)
        made = scored(found, assigned, kind, sigma)
        checked = checks(homogeneity, stability, made.sigma)
    show(made.diagnostics)
    if as_json:
        print(json.dumps(told(found, assigned, made, checked), ensure_ascii=False, indent=1))
    else:
        tables = (scores_table(found, made, language()), *checks_tables(checked, language()))
        printed(tables, notes(found, assigned, made, language()))
    raise typer.Exit(Exit.FAILS if "unsatisfactory" in made.verdicts else Exit.OK)
