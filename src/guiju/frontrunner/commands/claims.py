"""`guiju frontrunner claims`: an advertising text, or a feed of them, held against a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson


def add(frontrunner: typer.Typer) -> None:
    frontrunner.command("claims")(claims)


def claims(
    library: Annotated[Path, typer.Argument(metavar="LIBRARY", help="标准库：工作簿、文件夹或 zip · a library: workbook, folder or zip")],
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="广告文案；不写则读 --feed · the text; else --feed is read")] = "",
    product: Annotated[str, typer.Option("--product", metavar="NAME", help="文案没有写名称时说的是哪个产品 · the product, where it names none")] = "",
    feed: Annotated[Path | None, typer.Option("--feed", metavar="FILE", help="许多文案的表 · a table of many texts")] = None,
    as_json: AsJson = False,
) -> None:
    """核对广告文案里的说法：有据、与依据不符、无依据、无法核实、未读懂 · hold the claims of an advertisement against a library.

    库里没有证书：“领跑者”之类的说法这里只会是无依据；工作台上按已发证书核对 · a library holds no certificates: such claims are unsupported here

    退出码 1 有说法与依据不符 · exit code 1 where a claim is contradicted
    """
    from guiju.cli.console import refusals
    from guiju.frontrunner.commands.claims_told import fed, told

    with refusals():
        found = fed(library, feed, as_json) if feed is not None else told(library, text, product, as_json)
    if found:
        raise typer.Exit(1)
