"""Tables and notes of a topic on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from guiju.cli.console import console, table
from guiju.verify.told import Table


def printed(tables: Iterable[Table], notes: Iterable[str]) -> None:
    """Each table, its title alone where it has no rows; notes under them, warnings (`!`) in yellow."""
    for each in tables:
        if each.rows:
            table(each.title, each.header, each.rows, each.right)
        else:
            console().print(f"{each.title}\n", style="bold")
    for line in notes:
        console().print(line, style="yellow" if line.startswith("!") else None)
