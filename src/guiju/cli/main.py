"""The root of the command line: global options and the commands of the kits; parts add their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from guiju.cli import commands
from guiju.cli.console import choose_language

COMMANDS: dict[str, Callable[..., None]] = {
    "list": commands.list_standards, "check": commands.check, "show": commands.show, "evaluate": commands.evaluate, "explain": commands.explain,
    "map": commands.map_columns, "sql": commands.sql,
}  # fmt: skip


def build(parts: Sequence[Callable[[typer.Typer], None]]) -> typer.Typer:
    """The whole command line; each part is given the root to add its commands to."""
    root = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
                       help="规矩：让标准运行起来 · Guiju: standards that run")  # fmt: skip
    root.callback()(_options)
    for name, command in COMMANDS.items():
        root.command(name)(command)
    for part in parts:
        part(root)
    return root


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"guiju {version('guiju')}")
        raise typer.Exit


def _options(
    lang: Annotated[str | None, typer.Option("--lang", help="zh | en；默认看 GUIJU_LANG 与系统语言 · default: GUIJU_LANG, then the locale")] = None,
    show_version: Annotated[bool, typer.Option("--version", is_eager=True, help="版本 · version", callback=_print_version)] = False,
) -> None:
    choose_language(lang)
