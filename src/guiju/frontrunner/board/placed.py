"""Where products stand, read back: from the connection that placed them, or from the tables a result was kept with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.frontrunner.board.comparing import OVERALL, overall_of
from guiju.frontrunner.board.model import Barred, Entry, Overall, Range
from guiju.frontrunner.board.placing import BELOW, BITS, NOT_APPLICABLE, PLACED, REASONS
from guiju.frontrunner.scheme import Scheme
from guiju.records.source import file_literal, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WHO = "enterprise, standard, edition, model, product"


def inside(range_: Range) -> str:
    """The condition of products of a range that are on boards."""
    return " AND ".join(["reason = 0", *(f"r{number} = {literal(word)}" for number, word in enumerate(range_))])


@dataclass(frozen=True)
class Kept:
    """placed, compared   relations of the connection
    inputs      what the bits of `missing` stand for
    needs       indicator → the inputs its level is made of
    qualities   of drafting, as they are numbered
    """

    connection: DuckDBPyConnection
    placed: str
    compared: str
    scheme: Scheme
    ranges: int
    inputs: Sequence[str]
    needs: Mapping[str, Sequence[str]]
    qualities: Sequence[Fraction]

    def entries(self, range_: Range, indicator: str, level: int, *, offset: int = 0, limit: int | None = None, models: int = 20) -> list[Entry]:
        """Those of a band, by enterprise code, standard and edition, an order that means nothing; models by name."""
        at = self._at(indicator)
        references = [name for name in sorted(self.scheme.references) if indicator in self.scheme.references[name]]
        reached = "".join(f", CASE WHEN bool_or({name}{at} IS NULL) AND NOT coalesce(bool_or(NOT {name}{at}), FALSE) THEN NULL "
                          f"ELSE coalesce(bool_and({name}{at}), FALSE) END" for name in references)  # fmt: skip
        found = self._rows(
            f"SELECT enterprise, standard, edition, count(*), list(model ORDER BY model, product)[:{models}]{reached} FROM {self.placed} "
            f"WHERE {inside(range_)} AND l{at} = {level} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3{_page(offset, limit)}"
        )
        return [Entry(e, s, ed, tuple(held), count, dict(zip(references, rest, strict=True))) for e, s, ed, count, held, *rest in found]

    def apart(self, range_: Range, indicator: str, *, offset: int = 0, limit: int | None = None) -> list[Barred]:
        """Products of a range that are in no band of an indicator: below the lowest, without a value, or not asked."""
        at, needs = self._at(indicator), set(self.needs.get(indicator, ()))
        masks = f"[{', '.join(f'missing{number}' for number in range(max(1, -(-len(self.inputs) // BITS))))}]"
        rows = self._rows(f"SELECT {_WHO}, l{at}, {masks} FROM {self.placed} WHERE {inside(range_)} "
                          f"AND (l{at} IS NULL OR l{at} IN ({NOT_APPLICABLE}, {BELOW})) ORDER BY {_WHO}{_page(offset, limit)}")  # fmt: skip
        return [_barred(row, {NOT_APPLICABLE: "not-applicable", BELOW: "below", None: "missing"}[row[5]],
                        "、".join(name for name in self._missing(row[6]) if name in needs) if row[5] is None else "") for row in rows]  # fmt: skip

    def barred(self, *, offset: int = 0, limit: int | None = None) -> list[Barred]:
        """Products that are on no board, with the first reason that holds."""
        rows = self._rows(f"SELECT {_WHO}, reason, failing FROM {self.placed} WHERE reason > 0 ORDER BY {_WHO}{_page(offset, limit)}")
        return [_barred(row, REASONS[row[5] - 1], row[6] or "" if REASONS[row[5] - 1].startswith("basic") else "") for row in rows]

    def overall(self, range_: Range | None = None, *, offset: int = 0, limit: int | None = None) -> list[Overall]:
        """Declared standards as a whole, by range, enterprise, standard and edition; their order means nothing."""
        words = [f"r{number}" for number in range(self.ranges)]
        where = " AND ".join(f"r{number} = {literal(word)}" for number, word in enumerate(range_)) if range_ else "TRUE"
        order = ", ".join((*words, "enterprise", "standard", "edition"))
        cursor = self.connection.cursor()
        cursor.execute(f"SELECT * FROM {self.compared} WHERE {where} ORDER BY {order}{_page(offset, limit)}")
        names = [name for name, *_ in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        numbers = range(len(self.scheme.indicators))
        return [overall_of(self.scheme, self.qualities, tuple(str(row[w]) for w in words), row, [row[f"w{at}"] for at in numbers]) for row in found]

    def _at(self, indicator: str) -> int:
        return [each.name for each in self.scheme.indicators].index(indicator)

    def _missing(self, masks: Sequence[int]) -> list[str]:
        return [name for bit, name in enumerate(self.inputs) if masks[bit // BITS] >> (bit % BITS) & 1]

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.cursor().execute(query).fetchall()


def from_tables(connection: DuckDBPyConnection, placed: Path, compared: Path, scheme: Scheme, ranges: int, inputs: Sequence[str],
                needs: Mapping[str, Sequence[str]], qualities: Sequence[Fraction]) -> Kept:  # fmt: skip
    """The same from Parquet files beside a result."""
    tables = [f"read_parquet({file_literal(file)}, hive_partitioning = false)" for file in (placed, compared)]
    return Kept(connection, tables[0], tables[1], scheme, ranges, inputs, needs, qualities)


def in_memory(connection: DuckDBPyConnection, scheme: Scheme, ranges: int, inputs: Sequence[str], needs: Mapping[str, Sequence[str]],
              qualities: Sequence[Fraction]) -> Kept:  # fmt: skip
    return Kept(connection, PLACED, OVERALL, scheme, ranges, inputs, needs, qualities)


def _barred(row: Sequence[Any], reason: str, detail: str) -> Barred:
    enterprise, standard, edition, model, product = (each or "" for each in row[:5])
    return Barred(product, enterprise, standard, edition, model, reason, detail)


def _page(offset: int, limit: int | None) -> str:
    return (f" LIMIT {int(limit)}" if limit is not None else "") + (f" OFFSET {int(offset)}" if offset else "")
