"""Quality: what was found of a library, table by table and column by column, and every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """filled + missing + bad = rows of the table.

    header     as found; empty where the file has no such column
    name       of the library's column, or the property a declared column holds; empty where nothing is known of it
    bad        cells that could not be read
    """

    header: str
    name: str
    filled: int
    missing: int
    bad: int
    declared: bool = False


@dataclass(frozen=True, slots=True)
class TableQuality:
    name: str
    rows: int
    columns: tuple[ColumnQuality, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """counts        code → how often it was met, also of those that are not listed one by one
    diagnostics   the problems with their places, the first of each kind
    """

    tables: tuple[TableQuality, ...]
    counts: Mapping[str, int]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What bars a library from being kept."""
        return tuple(each for each in self.diagnostics if each.severity is Severity.ERROR)

    def rows(self, table: str) -> int:
        return next((each.rows for each in self.tables if each.name == table), 0)


def counted(diagnostics: Iterable[Diagnostic], more: Mapping[str, int]) -> dict[str, int]:
    """Code → how many: of those listed, unless more were met than are listed."""
    listed = Counter(each.code for each in diagnostics)
    return {code: max(count, more.get(code, 0)) for code, count in sorted((listed | Counter(more)).items())}


def as_json(quality: Quality) -> dict[str, Any]:
    """The report for programs; `from_json` reads it back equal."""
    return {
        "tables": [
            {"name": each.name, "rows": each.rows, "columns": [
                {"header": c.header, "name": c.name, "filled": c.filled, "missing": c.missing, "bad": c.bad, "declared": c.declared}
                for c in each.columns
            ]} for each in quality.tables
        ],
        "counts": dict(quality.counts),
        "problems": [{**each.as_json(), "facts": dict(each.facts)} for each in quality.diagnostics],
    }  # fmt: skip


def from_json(found: Mapping[str, Any]) -> Quality:
    tables = tuple(TableQuality(t["name"], t["rows"], tuple(ColumnQuality(**c) for c in t["columns"])) for t in found["tables"])
    problems = tuple(Diagnostic(p["code"], Span(**p["where"]) if p["where"] else None, p["facts"]) for p in found["problems"])
    return Quality(tables, found["counts"], problems)
