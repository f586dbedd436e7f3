"""The command line of verify: `guiju lag`, and `guiju verify …`, each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

import typer

from guiju.verify.commands import lag, planning, point, precision, proficiency, project, selftest, signature, split, standard, uncertainty

TOPICS: tuple[Callable[[typer.Typer], None], ...] = (precision.add, split.add, planning.add, proficiency.add, uncertainty.add, standard.add,
                                                   selftest.add, point.add, project.add, signature.add)  # fmt: skip
"""Each adds its verbs."""


def add(root: typer.Typer) -> None:
    lag.add(root)
    words = "标准验证：精密度、能力验证、不确定度、合格判定的统计 · the statistics of verifying a standard"
    verify = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
    for topic in TOPICS:
        topic(verify)
    root.add_typer(verify, name="verify")
