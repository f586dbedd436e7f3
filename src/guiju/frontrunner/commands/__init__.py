"""The command line of front-runners: `guiju frontrunner …`, each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

import typer

from guiju.frontrunner.commands import application, authoring, boards, claims, consultation, credential, effect, library, process

TOPICS: tuple[Callable[[typer.Typer], None], ...] = (library.add, credential.add, boards.add, authoring.add, consultation.add, effect.add,
                                                   process.add, claims.add, application.add)  # fmt: skip
"""Each adds its verbs."""


def add(root: typer.Typer) -> None:
    words = "企业标准“领跑者”：标准库、榜单、认证 · declared standards, boards, certificates"
    frontrunner = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
    for topic in TOPICS:
        topic(frontrunner)
    if TOPICS:
        root.add_typer(frontrunner, name="frontrunner")
