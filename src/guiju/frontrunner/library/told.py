"""Told: the problems of a library as they are found, with their places; the first of each kind one by one, of the others how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from guiju.base.diagnostics import Problems, Span
from guiju.frontrunner.library.columns import Table
from guiju.frontrunner.library.typed import Typed
from guiju.records.source import SHOWN_MAX, identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Found = TypeVar("Found")


@dataclass
class Telling:
    """made   table name → as typed; counts: code → how often it was met"""

    connection: DuckDBPyConnection
    made: Mapping[str, Typed]
    problems: Problems
    counts: dict[str, int] = field(default_factory=dict)

    def file(self, table: Table) -> str:
        """The file of a table, with the sheet where it has one."""
        source = self.made[table.name].source
        return f"{source.path} [{source.sheet}]" if source.sheet else str(source.path)

    def add(self, code: str, table: Table, row: int, line: int | None, column: str, **facts: object) -> None:
        """One problem in a row and column of a table."""
        held = self.made[table.name]
        span = Span(self.file(table), line, 1, line, 2) if line is not None else None
        said = {"zh": table.title.zh, "en": table.title.en, "row": line or row, "name": column,
                "column": held.headers.get(column, table.column(column).title.zh)}  # fmt: skip
        self.problems.add(code, span, **{**said, **facts})

    def first(self, code: str, found: Sequence[Found]) -> Sequence[Found]:
        """Counts all, gives those that are listed."""
        self.counts[code] = self.counts.get(code, 0) + len(found)
        return found[:SHOWN_MAX]

    def each(self, code: str, table: Table, query: str, column: str, **facts: object) -> None:
        """A problem for each row of a query, whose columns are row, line, and facts by their names."""
        if table.name not in self.made:
            return
        ((count,),) = self.connection.execute(f"SELECT count(*) FROM ({query})").fetchall()
        if not count:
            return
        self.counts[code] = self.counts.get(code, 0) + int(count)
        cursor = self.connection.execute(f"SELECT * FROM ({query}) ORDER BY row LIMIT {SHOWN_MAX}")
        names = [name for name, *_ in cursor.description or ()]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            self.add(code, table, row.pop("row"), row.pop("line"), column, **row, **facts)

    def missing(self, table: Table, column: str, code: str) -> None:
        """A problem for each row without that cell."""
        self.each(code, table, f"SELECT row, line FROM {table.name} WHERE {identifier(column)} IS NULL", column)

    def tell_more(self) -> None:
        """Says of each kind how many were not listed."""
        shown: dict[str, int] = {}
        for each in self.problems.found:
            shown[each.code] = shown.get(each.code, 0) + 1
        for code, count in sorted(self.counts.items()):
            if count > shown.get(code, 0) > 0:
                self.problems.add("library-more", None, kind=code, count=count, shown=shown[code])
