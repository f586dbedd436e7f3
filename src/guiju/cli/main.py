"""The root of the command line: global options and the commands of the kits; parts add their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from guiju.cli import commands
from guiju.cli.console import choose_language

COMMANDS: dict[str, Callable[..., None]] = {
    "list": commands.list_standards, "check": commands.check, "show": commands.show, "evaluate": commands.evaluate, "explain": commands.explain,
    "lock": commands.lock, "map": commands.map_columns, "sql": commands.sql, "spark": commands.spark, "import": commands.import_set,
    "schema": commands.schema, "format": commands.format_files, "new": commands.new,
    "aggregate": commands.aggregate, "snapshot": commands.snapshot, "prove": commands.prove, "uncertain": commands.uncertain,
}  # fmt: skip


def build(parts: Sequence[Callable[[typer.Typer], None]]) -> typer.Typer:
    """The whole command line; each part is given the root to add its commands to."""
    root = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
                       help="规矩：让标准运行起来 · Guiju: standards that run")  # fmt: skip
    root.callback()(_options)
    for name, command in COMMANDS.items():
        root.command(name)(command)
    report = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="报告：PDF、DOCX、HTML、XLSX · reports: PDF, DOCX, HTML, XLSX")
    report.command("evaluate")(commands.report_evaluate)
    report.callback()(lambda: None)
    root.add_typer(report, name="report")
    for part in parts:
        part(root)
    root.command("tour")(_tour_of(root))
    return root


def _tour_of(root: typer.Typer) -> Callable[..., None]:
    def tour(
        out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="写到哪个文件夹 · where files are written")] = Path("guiju-tour"),
        serve: Annotated[bool, typer.Option("--serve", help="最后打开工作台 · end in a running workbench")] = False,
        port: Annotated[int, typer.Option("--port", help="工作台的端口；0 任选 · port of the workbench; 0 takes any")] = 8000,
    ) -> None:
        """用自带的小例子走一遍主要功能 · the main job on the bundled examples."""
        from guiju.cli.tour import run

        def call(words: Sequence[str]) -> int:
            code = typer.main.get_command(root).main(list(words), standalone_mode=False)
            return code if isinstance(code, int) else 0

        ended = run(call, out)
        raise typer.Exit(call(["serve", "--examples", "--port", str(port)]) if serve and not ended else ended)

    return tour


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"guiju {version('guiju')}")
        raise typer.Exit


def _options(
    lang: Annotated[str | None, typer.Option("--lang", help="zh | en；默认看 GUIJU_LANG 与系统语言 · default: GUIJU_LANG, then the locale")] = None,
    show_version: Annotated[bool, typer.Option("--version", is_eager=True, help="版本 · version", callback=_print_version)] = False,
) -> None:
    if lang is not None:
        choose_language(lang)
