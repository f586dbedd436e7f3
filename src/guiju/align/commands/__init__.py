"""The command line of align: `guiju align …`, each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

import typer

from guiju.align.commands import across, compare, diff, guide, harmonise, pipeline, recognise, systemmap, testplan

TOPICS: tuple[Callable[[typer.Typer], None], ...] = (
    compare.add,
    across.add,
    diff.add,
    testplan.add,
    pipeline.add,
    guide.add,
    systemmap.add,
    harmonise.add,
    recognise.add,
)
"""Each adds its verbs."""


def add(root: typer.Typer) -> None:
    words = "区域协同：比较、协调、互认、试验计划、市场指南 · standards of several regions compared and brought together"
    align = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
    for topic in TOPICS:
        topic(align)
    root.add_typer(align, name="align")
