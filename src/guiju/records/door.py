"""The door: a table as found becomes a table of typed inputs, and every cell that cannot be used is reported.

A number in the table `into` is the double nearest to the decimal that stands in the cell, so that a product exactly at a limit is seen
there. SQL takes the plain cells; distinct odd ones (a unit behind the number, full-width digits, words) are read in Python, exactly, and
looked up. Nothing unknown becomes a default: a bad cell is NULL, counted, and kept with its place in `<into>_bad`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused, Span
from guiju.base.rounding import decimal_text
from guiju.records.cells import BAD, State
from guiju.records.filling import Filling, Stages, clear, filling, nested, stages
from guiju.records.mapping import Entry, Mapping, entry_problems, found_column
from guiju.records.source import SHOWN_MAX, Column, Progress, Source, identifier, replace, told
from guiju.records.text import line_span
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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
                yield BadCell(row, line, name, column, text, code, _facts(inputs[name].asked, inputs[name].entry, code, text))

    def diagnostics(self, limit: int = SHOWN_MAX) -> tuple[Diagnostic, ...]:
        """Inputs that have no column, the first bad cells one by one and the count of the others, repeated keys, and what was rounded."""
        out = [_unfilled(each) for each in self.inputs if each.entry is None]
        shown: dict[tuple[str, str], int] = {}
        for cell in self.bad_cells(limit):
            shown[cell.input, cell.code] = shown.get((cell.input, cell.code), 0) + 1
            out.append(Diagnostic(cell.code, _span(self.source, cell.line), _placed(cell)))
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
            facts = {"key": key, "times": str(times), "row": str(row)}
            yield Diagnostic("record-key-repeated", _span(self.source, line), facts)
        if self.repeated > len(rows):
            yield Diagnostic("more-keys-repeated", None, {"count": str(self.repeated), "shown": str(len(rows)), "table": f"{self.table}_repeated"})


def admit(
    connection: DuckDBPyConnection, source: Source, mapping: Mapping, fields: Iterable[Input], into: str, *, progress: Progress | None = None
) -> Quality:
    """Builds the table `into`: row, key (VARCHAR), and per input a column of its name: DOUBLE, BOOLEAN, VARCHAR or DATE.

    As many rows as the source, in its order. A number is in the input's declared unit and is the double nearest to its decimal.
    Without a mapped key a row's number is its key.

    raises   Refused: what `entry_problems` finds, mapping-unknown-column (key), mapping-constant, input-name-reserved, file-damaged
    """
    import duckdb

    fillings, key = _planned(source, mapping, tuple(fields))
    replace(connection, into)
    with ExitStack() as undo:
        try:
            staged = []
            for each in fillings:
                lookup = f"{into} {each.number}"
                undo.callback(clear, connection, lookup)
                staged.append(stages(connection, source, each, lookup))
            with told(connection, progress, source.rows):
                connection.execute(f"CREATE TABLE {identifier(into)} AS {_query(source, fillings, staged, key)}")
            inputs = tuple(_counted(connection, into, each) for each in fillings)
            _keep_bad(connection, source, into, fillings, inputs)
            repeated, missing = _keep_repeated(connection, source, into, key is not None)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            if source.format != "parquet":
                raise
            raise Refused([Diagnostic("file-damaged", None, {"file": str(source.path), "reason": str(error).splitlines()[0]})]) from None
    for each in fillings:
        connection.execute(f"ALTER TABLE {identifier(into)} DROP COLUMN {identifier(_state_of(each.asked))}")
    return Quality(into, source.rows, inputs, repeated, missing, source, connection)


def _planned(source: Source, mapping: Mapping, fields: Sequence[Input]) -> tuple[list[Filling], Column | None]:
    problems = Problems()
    key = found_column(mapping.key, source.columns) if mapping.key is not None else None
    if mapping.key is not None and key is None:
        near = did_you_mean(mapping.key, [column.name for column in source.columns])
        problems.add("mapping-unknown-column", None, input="key", column=mapping.key, **near)
    fillings: list[Filling] = []
    taken = {"row", "key"}
    for number, asked in enumerate(fields):
        if asked.name.casefold() in taken:
            problems.add("input-name-reserved", None, input=asked.name)
        taken.add(asked.name.casefold())
        entry = mapping.of(asked)
        if entry is None or entry_problems(asked, entry, source.columns, problems):
            column = found_column(entry.column, source.columns) if entry is not None and entry.column is not None else None
            fillings.append(filling(number, asked, entry, column))
            _check_constant(fillings[-1], problems)
    problems.refuse_errors()
    return fillings, key


def _check_constant(filled: Filling, problems: Problems) -> None:
    entry, state = filled.entry, filled.constant[1]
    if entry is None or entry.constant is None or state not in BAD:
        return
    name, text, code = filled.asked.name, entry.constant, state.code
    said = Diagnostic(code, None, _placed(BadCell(0, None, name, "constant", text, code, _facts(filled.asked, entry, code, text))))
    problems.add("mapping-constant", entry.span, input=name, text=text, reason_zh=said.message("zh"), reason_en=said.message("en"))


def _state_of(asked: Input) -> str:
    """The column that holds the State of an input's cells while the table is built; no input's name has a space."""
    return f"state of {asked.name}"


def _query(source: Source, fillings: Sequence[Filling], staged: Sequence[Stages], key: Column | None) -> str:
    named = f"nullif(trim(CAST({identifier(key.at)} AS VARCHAR)), '')" if key else "CAST(row AS VARCHAR)"
    cells = "".join(f", {identifier(each.column.at)} AS a{each.number}" for each in fillings if each.column)
    merged: list[dict[str, str]] = []
    for level in itertools.zip_longest(*staged, fillvalue={}):
        merged.append({name: expression for stage in level for name, expression in stage.items()})
    values = "".join(f", v{each.number} AS {identifier(each.asked.name)}" for each in fillings)
    states = "".join(f", c{each.number} AS {identifier(_state_of(each.asked))}" for each in fillings)
    return f"SELECT row, key{values}{states} FROM {nested(f'(SELECT row, {named} AS key{cells} FROM {identifier(source.table)})', merged)}"


def _counted(connection: DuckDBPyConnection, into: str, filled: Filling) -> InputQuality:
    state = identifier(_state_of(filled.asked))
    rows = connection.execute(f"SELECT {state}, count(*) FROM {identifier(into)} GROUP BY 1").fetchall()
    counts = {State(found): int(count) for found, count in rows}
    rounded = counts.get(State.ROUNDED, 0)
    bad = {found.code: counts[found] for found in BAD if found in counts}
    return InputQuality(filled.asked, filled.entry, counts.get(State.PRESENT, 0) + rounded, counts.get(State.MISSING, 0), rounded, bad)


def _keep_bad(connection: DuckDBPyConnection, source: Source, into: str, fillings: Sequence[Filling], inputs: Sequence[InputQuality]) -> None:
    """The table `<into>_bad`: every bad cell as it was found."""
    bad = f"{into}_bad"
    replace(connection, bad)
    connection.execute(
        f'CREATE TABLE {identifier(bad)} (row BIGINT, line BIGINT, input VARCHAR, "column" VARCHAR, text VARCHAR, code VARCHAR)'
    )
    for filled, quality in zip(fillings, inputs, strict=True):
        if quality.bad and filled.column is not None:
            state = f"z.{identifier(_state_of(filled.asked))}"
            codes = " ".join(f"WHEN {each:d} THEN '{each.code}'" for each in BAD)
            connection.execute(
                f"INSERT INTO {identifier(bad)} SELECT s.row, s.line, ?, ?, CAST(s.{identifier(filled.column.at)} AS VARCHAR), "
                f"CASE {state} {codes} END FROM {identifier(into)} AS z JOIN {identifier(source.table)} AS s ON s.row = z.row "
                f"WHERE {state} >= {State.NOT_A_NUMBER:d}",
                [filled.asked.name, filled.column.name],
            )


def _keep_repeated(connection: DuckDBPyConnection, source: Source, into: str, is_mapped: bool) -> tuple[int, int]:
    """The table `<into>_repeated`; gives how many keys stand on several rows, and how many rows have none."""
    repeated = f"{into}_repeated"
    replace(connection, repeated)
    wanted = "" if is_mapped else "AND false"
    connection.execute(
        f"CREATE TABLE {identifier(repeated)} AS SELECT r.key, times, first_row, s.line AS first_line FROM (SELECT key, count(*) AS times, "
        f"min(row) AS first_row FROM {identifier(into)} WHERE key IS NOT NULL {wanted} GROUP BY key HAVING count(*) > 1) AS r "
        f"LEFT JOIN {identifier(source.table)} AS s ON s.row = first_row"
    )
    ((times,),) = connection.execute(f"SELECT count(*) FROM {identifier(repeated)}").fetchall()
    ((missing,),) = connection.execute(f"SELECT count(*) - count(key) FROM {identifier(into)}").fetchall()
    return int(times), int(missing)


def _span(source: Source, line: int | None) -> Span | None:
    return line_span(source.path, line) if line is not None else None


def _placed(cell: BadCell) -> dict[str, str]:
    return {**cell.facts, "row": str(cell.row), "input": cell.input, "column": cell.column, "text": cell.text}


def _facts(asked: Input, entry: Entry | None, code: str, text: str) -> dict[str, str]:
    """What the message says besides the place and the text."""
    unit = (entry.unit if entry else None) or asked.unit
    facts = {"unit": str(unit or ""), "declared": str(asked.unit or "")}
    if code == State.TOO_FINE.code:
        facts["decimals"] = str(asked.decimals)
    for name, bound in (("minimum", asked.minimum), ("maximum", asked.maximum)):
        if bound is not None:
            facts[name] = f"{decimal_text(bound)} {asked.unit or ''}".strip()
    if code == State.NOT_A_CATEGORY.code:
        facts |= {"values": ", ".join(asked.values), **did_you_mean(text.strip(), asked.values)}
    return facts


def _unfilled(each: InputQuality) -> Diagnostic:
    return Diagnostic("input-without-column", None, {"input": each.asked.name, "zh": each.asked.zh, "en": each.asked.en, "asked": each.asked.is_})
