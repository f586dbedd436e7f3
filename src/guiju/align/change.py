"""Change: from one edition to the next. Each requirement tightened, loosened, new or gone, and the real products whose verdict changes."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guiju.align.matrix import Matrix, Relation, Row
from guiju.ir.program import Program
from guiju.readings.columnar import CODES
from guiju.readings.evaluate import Verdict
from guiju.records.source import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Change(enum.Enum):
    """What became of a requirement."""

    SAME = "same"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    REWRITTEN = "rewritten"
    """tighter for some products, looser for others"""
    REVERSED = "reversed"
    """nothing, or a single value, meets both the old and the new"""
    NEW = "new"
    GONE = "gone"
    INCOMPARABLE = "incomparable"
    """another test method, cycle or metering point"""
    UNKNOWN = "unknown"


_CHANGES = {
    Relation.EQUAL: Change.SAME, Relation.STRICTER: Change.TIGHTENED, Relation.LOOSER: Change.LOOSENED, Relation.CROSSING: Change.REWRITTEN,
    Relation.CONFLICTING: Change.REVERSED, Relation.MISSTATED: Change.REVERSED, Relation.INCOMPARABLE: Change.INCOMPARABLE,
    Relation.UNKNOWN: Change.UNKNOWN, Relation.MISSING: Change.GONE,
}  # fmt: skip


def change(row: Row) -> Change:
    """Of a matrix of two sides, the first being the older."""
    if not row.cells[0].clauses:
        return Change.NEW
    return _CHANGES[row.cells[1].relation]


def changes(matrix: Matrix) -> Counter[Change]:
    return Counter(change(row) for row in matrix.rows)


@dataclass(frozen=True, slots=True)
class Moved:
    """Products whose verdict by a whole edition or a clause changes.

    rows   (verdict by the older, by the newer) → how many, those that stay too
    """

    rows: Mapping[tuple[Verdict, Verdict], int]

    @property
    def changed(self) -> int:
        return sum(count for (old, new), count in self.rows.items() if old is not new)

    def count(self, old: Verdict, new: Verdict) -> int:
        return self.rows.get((old, new), 0)


@dataclass(frozen=True, slots=True)
class Product:
    """One whose verdict changes: its row and key, and the clauses of the newer edition that fail."""

    row: int
    key: str
    old: Verdict
    new: Verdict
    fails: tuple[str, ...]


def moved(connection: DuckDBPyConnection, older: str, newer: str) -> Moved:
    """The verdicts by two editions over the same records.

    older, newer   tables of verdicts in the connection, row by row the same
    """
    query = f"SELECT a.overall, b.overall, count(*) FROM {older} a JOIN {newer} b ON a.row = b.row GROUP BY ALL"
    return Moved({(CODES[a], CODES[b]): count for a, b, count in connection.execute(query).fetchall()})


def products(connection: DuckDBPyConnection, older: str, newer: str, keys: str, program: Program, most: int) -> list[Product]:
    """The products whose verdict changes, at most so many, in the order of the records.

    keys      a table with `row` and `key`
    program   the newer edition
    """
    must = [c.no for c in program.clauses if c.clause.strength == "shall"]
    columns = ", ".join(["a.row", "k.key", "a.overall", "b.overall", *(f"b.{identifier(no)}" for no in must)])
    joined = f"{older} a JOIN {newer} b ON a.row = b.row JOIN {keys} k ON k.row = a.row"
    query = f"SELECT {columns} FROM {joined} WHERE a.overall IS DISTINCT FROM b.overall ORDER BY a.row LIMIT {most}"
    rows = connection.execute(query).fetchall()
    return [Product(row, str(key), CODES[old], CODES[new], _failing(must, codes)) for row, key, old, new, *codes in rows]


def _failing(numbers: Sequence[str], codes: Sequence[int | None]) -> tuple[str, ...]:
    return tuple(no for no, code in zip(numbers, codes, strict=True) if CODES[code] is Verdict.FAIL)
