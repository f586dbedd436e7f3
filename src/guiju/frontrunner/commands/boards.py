"""`guiju frontrunner scheme`, `board`, `overall` and `changes`, as typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, On, Overwrite, Snapshots
from guiju.store.commands import HERE, Files, Place

SchemeWord = Annotated[str, typer.Argument(metavar="SCHEME", help="方案：schemes/ 中的名称，或文件 · a scheme by its name in schemes/, or its file")]
LibraryPath = Annotated[
    Path, typer.Argument(metavar="LIBRARY", help="企业标准库：工作簿、文件夹或 zip · a library: a workbook, a folder or a zip")
]  # fmt: skip
To = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="写成报告：PDF DOCX HTML XLSX MD，或 JSON · a report, or its JSON, by the ending")
]
Only = Annotated[list[str] | None, typer.Option("--indicator", metavar="NAME", help="只看这一指标，可多次 · only this indicator, repeatable")]
Rows = Annotated[int, typer.Option("--rows", min=0, max=10_000, help="每张表最多列出多少行 · rows listed in a table at most")]


def add(frontrunner: typer.Typer) -> None:
    scheme = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="评估方案 · evaluation schemes")
    scheme.command("list")(list_schemes)
    scheme.command("check")(check)
    scheme.command("reference")(reference)
    frontrunner.add_typer(scheme, name="scheme")
    frontrunner.command("board")(board)
    frontrunner.command("overall")(overall)
    frontrunner.command("changes")(changes)


def list_schemes(as_json: AsJson = False) -> None:
    """列出评估方案 · the schemes there are."""
    from guiju.frontrunner.commands import boarded

    boarded.list_schemes(as_json)


def check(scheme: SchemeWord, on: On = None, as_json: AsJson = False) -> None:
    """检查方案：与评价标准是否一致，最低一级是否不低于强制标准 · a scheme against its standard and the mandatory limits."""
    from guiju.frontrunner.commands import boarded

    boarded.check(scheme, on, as_json)


def board(
    scheme: SchemeWord,
    library: LibraryPath,
    on: On = None,
    indicator: Only = None,
    snapshots: Snapshots = None,
    rows: Rows = 20,
    to: To = None,
    overwrite: Overwrite = False,
    keep: Annotated[bool, typer.Option("--keep", help="LIBRARY 为仓库中的名称；榜单留作结果 · of a library in the store; kept as a result")] = False,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:  # fmt: skip
    """单项排行榜：分档列出，档内不分先后 · boards by indicator, in bands without an order.

    --keep：在仓库里做，结果可重放，供年度评估提交 · --keep: done in the store; the result replays, and is what a cycle is handed
    """
    from guiju.frontrunner.commands import boarded

    if keep:
        from guiju.frontrunner.commands.kept_board import keep_boards

        raise typer.Exit(keep_boards(scheme, str(library), on=on, snapshots=snapshots or [], rows=rows, as_json=as_json, place=place, files=files))
    boarded.board(scheme, library, on=on, only=indicator or [], snapshots=snapshots or [], rows=rows, to=to, overwrite=overwrite, as_json=as_json)


def overall(
    scheme: SchemeWord, library: LibraryPath, on: On = None, snapshots: Snapshots = None, rows: Rows = 50, as_json: AsJson = False
) -> None:  # fmt: skip
    """综合比对：全面性、先进性、编写质量，谁入围、为什么 · the comparison as a whole: who is shortlisted, and why."""
    from guiju.frontrunner.commands import boarded

    boarded.overall(scheme, library, on=on, snapshots=snapshots or [], rows=rows, as_json=as_json)


def changes(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="仓库中一次排行的结果 · the result of a board run in the store")],
    since: Annotated[str | None, typer.Option("--since", metavar="RESULT", help="与哪一次比；默认同一方案的上一次 · default: the one before")] = None,
    rows: Rows = 50,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """动态调整：同一方案两次排行之间谁上升、下降、新上榜、离开，为什么 · what changed between two runs, and why."""
    from guiju.frontrunner.commands import board_changes

    board_changes.changes(place, files, result, since, rows, as_json)


def reference(
    scheme: SchemeWord,
    library: LibraryPath,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="domestic international")] = "domestic",
    share: Annotated[str, typer.Option("--share", metavar="SHARE", help="最优的多少，如 20% · the best share, such as 20%")] = "20%",
    step: Annotated[
        list[str] | None, typer.Option("--round", metavar="INDICATOR=STEP", help="按 GB/T 8170 修约，可多次 · round to, repeatable")
    ] = None,
    indicator: Only = None,
    source: Annotated[str, typer.Option("--source", metavar="ID", help="方案 sources 中的出处 · a source of the scheme")] = "",
    again: Annotated[bool, typer.Option("--check", help="只核对方案里从这个库推得的 · only derive again what the scheme says")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """从一个库推得参考水平，写成方案的一段；--check 重新推得并核对 · derive reference levels from a library; or derive them again."""
    from guiju.frontrunner.commands import referred

    if again:
        referred.check(scheme, library, on, as_json)
    else:
        referred.derived(scheme, library, referred.Asked(kind, share, step or [], indicator or [], source, on), as_json)
