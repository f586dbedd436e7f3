"""`guiju verify split-level`: precision from two similar materials per level."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson

Data = Annotated[Path, typer.Argument(metavar="FILE", help="每行一个结果：实验室、水平、材料 a 或 b、值 · a row per result")]


def add(verify: typer.Typer) -> None:
    verify.command("split-level")(split)


def split(
    file: Data,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="只用于显示 · shown only")] = "",
    lab: Annotated[str | None, typer.Option("--lab", metavar="HEADER", help="实验室列 · column of laboratories")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="HEADER", help="水平列 · column of levels")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="HEADER", help="结果列 · column of results")] = None,
    material: Annotated[str | None, typer.Option("--material", metavar="HEADER", help="材料列，默认为重复列 · column of the two materials")] = None,
    as_json: AsJson = False,
) -> None:
    """分割水平设计的精密度：每个水平两种相近的材料 · precision from two similar materials per level (ISO 5725-5, GB/T 6379.5).

    退出码 1 有离群值（1 %）· exit code 1 where there is an outlier (1 %).
    """
    import json

    from guiju.cli.console import Exit, language, refusals, show
    from guiju.verify.commands.printed import printed
    from guiju.verify.split_level import as_json as told
    from guiju.verify.split_level import flagged, notes, read_split, tables

    with refusals({}):
        study = read_split(file, {"lab": lab, "level": level, "value": value, "replicate": material}, unit)
    show(study.studies.diagnostics)
    if as_json:
        print(json.dumps(told(study), ensure_ascii=False, indent=1))
    else:
        printed(tables(study, language()), notes(study, language()))
    raise typer.Exit(Exit.FAILS if any(f.outlier for f in flagged(study)) else Exit.OK)
