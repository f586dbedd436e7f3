"""`guiju align compare`: the matrix of requirements and sides, and what a cell rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, MappingFile, On, Overwrite, ReportFile

Words = Annotated[list[str], typer.Argument(metavar="SIDE...", help="标准，或地区的代码、名称 · standards, or regions by code or name")]
Subject = Annotated[str | None, typer.Option("--subject", metavar="TYPE", help="地区：只看这类对象 · of regions, only this kind of subject")]
TreatAs = Annotated[
    list[str] | None, typer.Option("--treat-as", metavar="ASKED=USED", help="以另一性质代替，并注明 · one property stands for another")
]
AnyMethod = Annotated[bool, typer.Option("--any-method", help="试验方法不同也比较 · compare although test methods differ")]
Real = Annotated[Path | None, typer.Option("--records", metavar="FILE", help="先从真实记录找证据 · look for witnesses among real records first")]


def add(align: typer.Typer) -> None:
    align.command("compare")(compare)


def compare(
    words: Words,
    subject: Subject = None,
    on: On = None,
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    must: Annotated[bool, typer.Option("--must", help="只看“应”，不看“宜” · only what must be met, not what should")] = False,
    every: Annotated[bool, typer.Option("--all", help="也列出只有一方要求的 · also what only one side asks")] = False,
    row: Annotated[int | None, typer.Option("--row", metavar="N", help="打开一行：文本、证明、证据、出处 · open a row")] = None,
    pairwise: Annotated[bool, typer.Option("--pairwise", help="两两比较，只给计数 · every two sides, counts only")] = False,
    records: Real = None,
    mapping: MappingFile = None,
    out: ReportFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """比较两个或多个标准、地区：逐项要求，谁更严 · compare standards or regions, requirement by requirement.

    每格都由证明得出，以最先要求该项的一方为准 · each cell is proved, measured by the first side that asks. 退出码 1 有冲突或疑误 ·
    exit code 1 where something conflicts or seems misstated.
    """
    from guiju.align.commands import compared

    raise typer.Exit(compared.compared(
        words, subject=subject, on=on, treat_as=treat_as or [], any_method=any_method, must=must, every=every, row=row, pairwise=pairwise,
        records=records, mapping=mapping, as_json=as_json, out=out, overwrite=overwrite,
    ))  # fmt: skip
