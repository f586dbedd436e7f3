"""`guiju align across`: clauses of different sides put together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.align.commands.compare import Subject, TreatAs, Words
from guiju.cli.commands import AsJson, On


def add(align: typer.Typer) -> None:
    align.command("across")(across)


def across(
    words: Words,
    check: Annotated[Path | None, typer.Option("--check", metavar="FILE", help="应成立的关系，写成标准；默认自带的 · default: those shipped")] = None,
    subject: Subject = None,
    on: On = None,
    treat_as: TreatAs = None,
    as_json: AsJson = False,
) -> None:
    """跨条款检查：一方的通信距离配另一方的间距，会不会留下空白 · clauses of different sides put together: do they leave a gap?

    退出码 1 有空白 · exit code 1 where something does not follow.
    """
    from guiju.align.commands import combined

    raise typer.Exit(combined.combined(words, check, subject=subject, on=on, treat_as=treat_as or [], as_json=as_json))
