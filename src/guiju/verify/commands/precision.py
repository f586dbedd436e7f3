"""`guiju verify precision`: s_r, s_L, s_R and what is out of line in an interlaboratory study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson

Data = Annotated[Path, typer.Argument(metavar="FILE", help="每行一个结果或一个单元 · a row per result or per cell: CSV XLSX Parquet …")]


def add(verify: typer.Typer) -> None:
    verify.command("precision")(precision)


def precision(
    file: Data,
    edition: Annotated[str | None, typer.Option("--edition", metavar="NAME", help="按哪个版本，默认 ISO 5725-2:2025 · by which edition")] = None,
    exclude: Annotated[
        Path | None, typer.Option("--exclude", metavar="FILE", help="声明的排除：理由、决定人、日期 · declared exclusions with reason, person, day")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="只用于显示 · shown only")] = "",
    lab: Annotated[str | None, typer.Option("--lab", metavar="HEADER", help="实验室列 · column of laboratories")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="HEADER", help="水平列 · column of levels")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="HEADER", help="结果列 · column of results")] = None,
    replicate: Annotated[str | None, typer.Option("--replicate", metavar="HEADER", help="重复列 · column of replicates")] = None,
    group: Annotated[str | None, typer.Option("--group", metavar="HEADER", help="多项研究时指明是哪一项 · which study, where there are many")] = None,
    as_json: AsJson = False,
) -> None:
    """精密度：s_r、s_L、s_R、r、R，h、k，柯克伦与格拉布斯检验，与水平的关系 · precision of a method (ISO 5725-2, GB/T 6379.2, ASTM E691).

    什么也不暗中删去；退出码 1 有离群值（1 %）· nothing is left out in silence; exit code 1 where there is an outlier (1 %).
    """
    import json

    from guiju.cli.console import Exit, language, refusals, show
    from guiju.verify.commands.printed import printed
    from guiju.verify.precision_told import as_json as told
    from guiju.verify.precision_told import notes, tables
    from guiju.verify.study import NEWEST, analyse, flagged, read_exclusions, read_studies

    texts = {str(exclude): exclude.read_text(encoding="utf-8", errors="replace")} if exclude is not None and exclude.is_file() else {}
    with refusals(texts):
        columns = {"lab": lab, "level": level, "value": value, "replicate": replicate, "group": group}
        result = analyse(read_studies(file, columns, unit), edition or NEWEST, read_exclusions(exclude) if exclude is not None else ())
    show(result.diagnostics)
    if as_json:
        print(json.dumps(told(result), ensure_ascii=False, indent=1))
    else:
        every = (each for study in range(len(result.studies.names)) for each in tables(result, language(), study))
        printed(every, notes(result, language()))
    outlying = any(f.outlier for s in range(len(result.studies.names)) for f in flagged(result.studies, result.kept or result.full, s))
    raise typer.Exit(Exit.FAILS if outlying else Exit.OK)
