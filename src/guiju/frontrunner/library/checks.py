"""Checks of a library as it was read: all problems at once, each with its file, sheet, row and column, the first of each kind listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Problems
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.library.properties import Properties
from guiju.frontrunner.library.quality import ColumnQuality, Quality, TableQuality, counted
from guiju.frontrunner.library.typed import Typed
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.standard.model import Input

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def checked(
    connection: DuckDBPyConnection, made: Mapping[str, Typed], mapping: ColumnMapping, fields: Sequence[Input],
    standards: Mapping[tuple[str, str], DeclaredStandard], properties: Properties, problems: Problems,
) -> Quality:  # fmt: skip
    """The quality of a library whose tables stand in the connection.

    problems   what was found before, which the quality tells too
    """
    more: dict[str, int] = {}
    return Quality(tuple(_table(each) for each in made.values()), counted(problems.found, more), problems.found)


def _table(held: Typed) -> TableQuality:
    core = {column.name for column in held.table.columns}
    columns = tuple(
        ColumnQuality(each.column or "", each.asked.name, each.present, each.missing, sum(each.bad.values()), each.asked.name not in core)
        for each in held.door.inputs
    )
    return TableQuality(held.table.name, held.door.rows, columns)
