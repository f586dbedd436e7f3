"""`guiju verify uncertainty` and `guiju verify conformity`: worksheets evaluated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson

Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="工作单 · a worksheet (YAML)")]


def add(verify: typer.Typer) -> None:
    verify.command("uncertainty")(uncertainty)
    verify.command("conformity")(conformity)


def uncertainty(
    file: Sheet,
    trials: Annotated[int | None, typer.Option("--trials", min=100, metavar="N", help="蒙特卡洛次数；默认自适应 · default: adaptive")] = None,
    sampler: Annotated[str, typer.Option("--sampler", metavar="sobol|philox", help="抽样方法 · how trials are drawn")] = "sobol",
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="种子 · seed")] = 1,
    shortest: Annotated[bool, typer.Option("--shortest", help="最短包含区间 · the shortest coverage interval")] = False,
    no_draws: Annotated[bool, typer.Option("--no-monte-carlo", help="只用传播律 · the law of propagation alone")] = False,
    as_json: AsJson = False,
) -> None:
    """测量不确定度：预算、一阶与二阶、蒙特卡洛、互相验证 · uncertainty of a measurement (JCGM 100, 101, 102).

    退出码 1 一阶结果不成立 · exit code 1 where the first order does not hold.
    """
    import json

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, language, refusals, show
    from guiju.metrology.montecarlo import Interval
    from guiju.verify.commands.printed import printed
    from guiju.verify.uncertainty import as_json as told
    from guiju.verify.uncertainty import evaluate, notes, tables
    from guiju.verify.worksheet import read_worksheet

    with refusals(text_of(file)):
        if sampler not in ("sobol", "philox"):
            raise Refused([Diagnostic("unknown-word", None, {"word": sampler, "known": "sobol, philox"})])
        kind: Interval = "shortest" if shortest else "symmetric"
        way = read_worksheet(file)
        found = evaluate(way, draws=not no_draws, trials=trials, sampler="sobol" if sampler == "sobol" else "philox", seed=seed, interval=kind)
    show(found.diagnostics, text_of(file))
    if as_json:
        print(json.dumps(told(found), ensure_ascii=False, indent=1))
    else:
        printed(tables(found, language()), notes(found, language()))
    raise typer.Exit(Exit.FAILS if any(not each.valid for each in found.validation) else Exit.OK)


def conformity(file: Sheet, as_json: AsJson = False) -> None:
    """合格判定：合格概率、各判定规则的结论、使用方与生产方风险、保护带 · conformance with uncertainty (JCGM 106, ILAC-G8, ISO 14253-1).

    退出码 1 有规则判为不合格，3 有规则不能判定 · exit code 1 where a rule fails it, 3 where one cannot tell.
    """
    import json

    from guiju.cli.console import Exit, language, refusals
    from guiju.verify.commands.printed import printed
    from guiju.verify.conformance import as_json as told
    from guiju.verify.conformance import judge, notes, tables
    from guiju.verify.worksheet import read_judgement

    with refusals(text_of(file)):
        found = judge(read_judgement(file))
    if as_json:
        print(json.dumps(told(found), ensure_ascii=False, indent=1))
    else:
        printed(tables(found, language()), notes(found, language()))
    verdicts = {d.verdict for d, _ in found.decisions}
    raise typer.Exit(Exit.FAILS if "fail" in verdicts else Exit.OK if verdicts == {"pass"} else Exit.UNDETERMINED)


def text_of(file: Path | None) -> dict[str, str]:
    """The text a diagnostic points into."""
    return {str(file): file.read_text(encoding="utf-8", errors="replace")} if file is not None and file.is_file() else {}
