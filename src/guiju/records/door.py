"""The door: a table as found becomes a table of typed inputs, and every cell that cannot be used is reported.

A number in the table `into` is the double nearest to the decimal that stands in the cell, so that a product exactly at a limit is seen
there. SQL takes the plain cells; distinct odd ones (a unit behind the number, full-width digits, words) are read in Python, exactly, and
looked up. Nothing unknown becomes a default: a bad cell is NULL, counted, and kept with its place in `<into>_bad`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping as AnyMapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused, Span
from guiju.base.rounding import decimal_text
from guiju.records.cells import (
    BAD, NOISE, PLAIN_NUMBER, SCALED_MAX, TOLERANCE, Meaning, NumberRule, State, boolean_meanings, category_meanings, date_meaning, number_meaning,
)  # fmt: skip
from guiju.records.mapping import Entry, Mapping, entry_problems, found_column
from guiju.records.source import SHOWN_MAX, Column, Progress, Source, identifier, literal, replace, told
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "category": "VARCHAR", "date": "DATE"}
_REFUSED_AS = {"number": State.NOT_A_NUMBER, "boolean": State.NOT_A_BOOLEAN, "category": State.NOT_A_CATEGORY, "date": State.NOT_A_DATE}
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE")
_TIME_OF_DAY = r"[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$"
_FETCHED = 10_000


@dataclass(frozen=True, slots=True)
class InputQuality:
    """How one input was filled.

    present + missing + all bad = rows; rounded of those present were finer than declared; bad: code → cells
    """

    asked: Input
    entry: Entry | None
    present: int
    missing: int
    rounded: int
    bad: AnyMapping[str, int]

    @property
    def column(self) -> str | None:
        return self.entry.column if self.entry else None


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that could not be used; line: of the file or row of the sheet, where the format has one."""

    row: int
    line: int | None
    input: str
    column: str
    text: str
    code: str
    facts: AnyMapping[str, str]


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a table at the door.

    table     the typed table; beside it `<table>_bad` (row, line, input, column, text, code), complete, and `<table>_repeated`
              (key, times, first_row, first_line)
    repeated  keys that stand on more than one row
    """

    table: str
    rows: int
    inputs: tuple[InputQuality, ...]
    repeated: int
    keys_missing: int
    source: Source
    connection: DuckDBPyConnection = field(repr=False, compare=False)

    @property
    def bad(self) -> int:
        """Bad cells in all."""
        return sum(sum(each.bad.values()) for each in self.inputs)

    def bad_cells(self, limit: int | None = None) -> Iterator[BadCell]:
        """The bad cells by row, streamed: there may be more of them than fit in memory."""
        inputs = {each.asked.name: each for each in self.inputs}
        cursor = self.connection.cursor()
        cursor.execute(
            f'SELECT row, line, input, "column", text, code FROM {identifier(self.table + "_bad")} ORDER BY row, input'
            + (f" LIMIT {limit}" if limit is not None else "")
        )
        while fetched := cursor.fetchmany(_FETCHED):
            for row, line, name, column, text, code in fetched:
                yield BadCell(row, line, name, column, text, code, _facts(inputs[name], code, text))

    def diagnostics(self, limit: int = SHOWN_MAX) -> tuple[Diagnostic, ...]:
        """Inputs that have no column, the first bad cells one by one and the count of the others, repeated keys, and what was rounded."""
        out = [_unfilled(each) for each in self.inputs if each.entry is None]
        shown: dict[tuple[str, str], int] = {}
        for cell in self.bad_cells(limit):
            shown[cell.input, cell.code] = shown.get((cell.input, cell.code), 0) + 1
            out.append(Diagnostic(cell.code, self._span(cell), {**cell.facts, **_place(cell)}))
        for each in self.inputs:
            for code, count in each.bad.items():
                if count > shown.get((each.asked.name, code), 0):
                    facts = {"count": str(count), "shown": str(shown.get((each.asked.name, code), 0)), "code": code, "table": f"{self.table}_bad"}
                    out.append(Diagnostic("more-bad-cells", None, {"input": each.asked.name, "column": each.column or "", **facts}))
            if each.rounded:
                facts = {"input": each.asked.name, "column": each.column or "", "count": str(each.rounded), "decimals": str(each.asked.decimals)}
                out.append(Diagnostic("cells-rounded", None, facts))
        return (*out, *self._key_diagnostics(limit))

    def _key_diagnostics(self, limit: int) -> Iterator[Diagnostic]:
        if self.keys_missing:
            yield Diagnostic("record-key-missing", None, {"count": str(self.keys_missing)})
        if not self.repeated:
            return
        rows = self.connection.execute(
            f"SELECT key, times, first_row, first_line FROM {identifier(self.table + '_repeated')} ORDER BY first_row LIMIT {limit}"
        ).fetchall()
        for key, times, row, line in rows:
            span = _line(self.source, line)
            yield Diagnostic("record-key-repeated", span, {"key": key, "times": str(times), "row": str(row)})
        if self.repeated > len(rows):
            yield Diagnostic("more-keys-repeated", None, {"count": str(self.repeated), "shown": str(len(rows)), "table": f"{self.table}_repeated"})

    def _span(self, cell: BadCell) -> Span | None:
        """The line of the file; in a workbook the column of the sheet too."""
        return _line(self.source, cell.line)


def admit(
    connection: DuckDBPyConnection, source: Source, mapping: Mapping, fields: Iterable[Input], into: str, *, progress: Progress | None = None
) -> Quality:
    """Builds the table `into`: row, key (VARCHAR), and per input a column of its name: DOUBLE, BOOLEAN, VARCHAR or DATE.

    As many rows as the source, in its order. A number is in the input's declared unit and is the double nearest to its decimal.
    Without a mapped key a row's number is its key.

    raises   Refused: what `entry_problems` finds, mapping-unknown-column (key), mapping-constant, input-name-reserved, file-damaged
    """
    fields = tuple(fields)
    takers = _takers(source, mapping, fields)
    key = found_column(mapping.key, source.columns) if mapping.key is not None else None
    try:
        for taker in takers:
            taker.prepare(connection, source, into)
        replace(connection, into)
        with told(connection, progress, source.rows):
            connection.execute(f"CREATE TABLE {identifier(into)} AS {_select(source, takers, key)}")
        inputs = tuple(_counted(connection, into, taker) for taker in takers)
        _keep_bad(connection, source, into, takers, inputs)
    except _duckdb_errors() as error:
        if source.format != "parquet":
            raise
        raise Refused([Diagnostic("file-damaged", None, {"file": str(source.path), "reason": str(error).splitlines()[0]})]) from None
    finally:
        for taker in takers:
            taker.clear(connection)
    for taker in takers:
        connection.execute(f"ALTER TABLE {identifier(into)} DROP COLUMN {identifier(taker.state)}")
    repeated, missing = _keep_repeated(connection, source, into, key is not None)
    return Quality(into, source.rows, inputs, repeated, missing, source, connection)
