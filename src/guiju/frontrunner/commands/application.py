"""`guiju frontrunner suitability` and `solutions`, as typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, On, Overwrite
from guiju.frontrunner.commands.boards import LibraryPath

Scenario = Annotated[list[str] | None, typer.Option("--scenario", metavar="NAME", help="只看这个场景，可多次 · only this scenario, repeatable")]
State = Annotated[str, typer.Option("--state", metavar="STATE", help="suited conditional unsuited unknown，与一个 --scenario 连用 · with it")]
Grade = Annotated[str, typer.Option("--grade", metavar="GRADE", help="advanced average baseline none unknown")]
Brand = Annotated[str, typer.Option("--brand", metavar="NAME", help="品牌 · brand")]
Region = Annotated[str, typer.Option("--region", metavar="CODE", help="企业所在地区 · region of the enterprise")]
Price = Annotated[str, typer.Option("--price", metavar="LOW..HIGH", help="价格（元），两端可缺 · price in yuan, either end may be missing")]
Why = Annotated[bool, typer.Option("--why", help="说明为什么、差多少 · say why, and by how much")]
Rows = Annotated[int, typer.Option("--rows", min=0, max=10_000, help="最多列出多少行 · rows listed at most")]
Out = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="全部产品写成 CSV 或 JSON · every product, as CSV or JSON by the ending")]
Part = Annotated[
    list[str] | None, typer.Option("--part", metavar="PART=LIBRARY", help="这一部分来自另一个库，可多次 · this part from another library, repeatable")
]  # fmt: skip
Pick = Annotated[
    list[str] | None, typer.Option("--pick", metavar="PART=PRODUCT", help="只看含这个产品的组合，可多次 · only with this product, repeatable")
]  # fmt: skip


def add(frontrunner: typer.Typer) -> None:
    frontrunner.command("suitability")(suitability)
    frontrunner.command("solutions")(solutions)


def suitability(
    library: LibraryPath,
    scenario: Scenario = None,
    state: State = "",
    grade: Grade = "",
    brand: Brand = "",
    region: Region = "",
    price: Price = "",
    why: Why = False,
    rows: Rows = 20,
    to: Out = None,
    overwrite: Overwrite = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """分级应用：库中每个产品在各场景是否适用、为什么 · graded application: which products suit which scenario, and why."""
    from guiju.frontrunner.commands import applied

    asked = applied.Asked(tuple(scenario or ()), state, grade, brand, region, price, on)
    applied.suitability(library, asked, why=why, rows=rows, to=to, overwrite=overwrite, as_json=as_json)


def solutions(
    library: LibraryPath, part: Part = None, pick: Pick = None, grade: Grade = "", rows: Rows = 10, on: On = None, as_json: AsJson = False
) -> None:  # fmt: skip
    """组合方案：车、桩、服务的全部组合各到什么水平，弱在哪里 · solutions: which combinations reach a grade, and what would lift them."""
    from guiju.frontrunner.commands import applied

    applied.solutions(library, part or [], pick or [], grade, rows=rows, on=on, as_json=as_json)
