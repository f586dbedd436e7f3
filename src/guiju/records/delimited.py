"""Delimited: CSV files, and what is done about lines that are not in order.

A file every line of which is one row is read by DuckDB, in parallel. That this is so is not assumed: the rows read must be as many as the
lines counted while the encoding was found. Otherwise (blank lines, cells that hold line ends, ragged or malformed lines) the file is read
record by record, so that each row keeps its line and nothing is lost.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import SHOWN_MAX, Column, Progress, Source, clean_csv, identifier, load_rows, named, replace, told
from guiju.records.text import Text, line_span, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DELIMITERS = (",", ";", "\t")
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 1 << 18
_TEXT_MAX = 1000


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the header is and how cells are parted; line: the last line of the header."""

    delimiter: str
    header: Sequence[str]
    line: int
    above: tuple[str, ...]


def read_delimited(path: Path, connection: DuckDBPyConnection, name: str, progress: Progress | None) -> Source:
    """The CSV file as a table; cells are the text found, an empty cell is NULL."""
    with tempfile.TemporaryDirectory() as folder:
        text = plain(path, Path(folder))
        if text.blank:
            raise Refused([Diagnostic("file-empty", None, {"file": str(path)})])
        layout = _layout(path, text)
        names, diagnostics = named(layout.header, path, layout.line)
        if layout.above:
            facts = {"file": str(path), "rows": str(len(layout.above)), "text": " / ".join(layout.above)[:200], "line": str(layout.line)}
            diagnostics.append(Diagnostic("rows-above-header", line_span(path, 1), facts))
        columns = [at for _, at in names]
        ragged = 0
        rows = _whole(connection, name, text, layout, columns, progress)
        if rows is None:
            rows, ragged = _record_by_record(connection, name, path, text, layout, columns, Path(folder), progress)
            diagnostics += _ragged_diagnostics(connection, name, path, len(columns), ragged)
    if not rows:
        diagnostics.append(Diagnostic("no-records", line_span(path, layout.line), {"file": str(path)}))
    found = tuple(Column(shown, at, "VARCHAR") for shown, at in names)
    return Source(path, name, "csv", rows, found, text.encoding, layout.delimiter, None, ragged, tuple(diagnostics))


def _layout(path: Path, text: Text) -> _Layout:
    with text.path.open(encoding="utf-8", newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    records = {delimiter: _sample_records(sample, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda each: _agreement(records[each]))
    width = _usual_width(records[delimiter])
    above: list[str] = []
    for line, cells in records[delimiter]:
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1 or (width == 1 and filled):
            return _Layout(delimiter, cells, line, tuple(above))
        above += filled
    if not records[delimiter]:
        raise _quote_open(path, 1)
    line, cells = records[delimiter][0]
    return _Layout(delimiter, cells, line, ())


def _sample_records(sample: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in itertools.islice(reader, _SAMPLE_RECORDS) if cells]
    except csv.Error:
        return []


def _usual_width(records: Sequence[tuple[int, Sequence[str]]]) -> int:
    return Counter(len(cells) for _, cells in records).most_common(1)[0][0] if records else 0


def _agreement(records: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, int]:
    """How many records have the usual width, and that width; parting into one column is no parting."""
    width = _usual_width(records)
    return (0, 0) if width < 2 else (sum(len(cells) == width for _, cells in records), width)


def _whole(
    connection: DuckDBPyConnection, name: str, text: Text, layout: _Layout, columns: Sequence[str], progress: Progress | None
) -> int | None:
    """Reads the file with DuckDB; gives the number of rows, or None where not every line is a row."""
    import duckdb

    lines = text.lines - layout.line
    if text.line_end is None or not lines:
        return None
    cells = f"{name}_cells"
    replace(connection, cells)
    types = dict.fromkeys(columns, "VARCHAR")
    try:
        with told(connection, progress, lines):
            connection.execute(
                f"CREATE TABLE {identifier(cells)} AS SELECT * FROM {clean_csv(text.path, types, layout.line, layout.delimiter, text.line_end)}"
            )
    except duckdb.Error:
        return None
    filled = (f"nullif(trim({identifier(column)}), '')" for column in columns)
    blank = f"coalesce({', '.join(filled)}) IS NULL"
    rows, blanks = connection.execute(f"SELECT count(*), count(*) FILTER ({blank}) FROM {identifier(cells)}").fetchall()[0]
    if rows != lines or blanks:
        return None
    replace(connection, name)
    connection.execute(
        f"CREATE VIEW {identifier(name)} AS SELECT rowid + 1 AS row, rowid + {layout.line + 1} AS line, * FROM {identifier(cells)}"
    )
    return int(rows)


class _Lines:
    """The lines of a file, keeping those of the record being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.taken.append(line)
            yield line


def _record_by_record(
    connection: DuckDBPyConnection,
    name: str,
    path: Path,
    text: Text,
    layout: _Layout,
    columns: Sequence[str],
    folder: Path,
    progress: Progress | None,
) -> tuple[int, int]:
    """Reads the file with its lines; gives the numbers of rows and of ragged rows among them."""
    width = len(columns)
    nothing = ("",) * width
    with (folder / "ragged.csv").open("w", encoding="utf-8", newline="") as kept:
        ragged = csv.writer(kept)

        def rows() -> Iterator[Sequence[object]]:
            row = 0
            for line, cells, written in _records(path, text, layout):
                if cells is not None and not any(cell.strip(" ") for cell in cells):
                    continue
                row += 1
                is_whole = cells is not None and len(cells) >= width and not any(cells[width:])
                if not is_whole:
                    ragged.writerow((row, line, len(cells or ()), written[:_TEXT_MAX]))
                yield row, line, *(cells[:width] if is_whole and cells else nothing)

        types = {"row": "BIGINT", "line": "BIGINT"}
        count = load_rows(connection, name, types | dict.fromkeys(columns, "VARCHAR"), rows(), folder, progress)
    types |= {"cells": "BIGINT", "text": "VARCHAR"}
    with (folder / "ragged.csv").open(encoding="utf-8", newline="") as kept:
        return count, load_rows(connection, f"{name}_ragged", types, csv.reader(kept), folder)


def _records(path: Path, text: Text, layout: _Layout) -> Iterator[tuple[int, Sequence[str] | None, str]]:
    """(line, cells or None where malformed, text as written) per record below the header; blank lines are no records.

    raises   csv-quote-open
    """
    with text.path.open(encoding="utf-8", newline="") as file:
        for _ in range(layout.line):
            file.readline()
        lines = _Lines(iter(file))
        reader = csv.reader(iter(lines), delimiter=layout.delimiter, skipinitialspace=True, strict=True)
        while True:
            line = layout.line + reader.line_num + 1
            lines.taken.clear()
            try:
                cells: Sequence[str] | None = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # Over several lines the reader was inside a quoted cell: how many rows that cell has swallowed cannot be known.
                if len(lines.taken) > 1 or "expected after" not in str(error):
                    raise _quote_open(path, line) from None
                cells = _without_spaces_after_quotes(lines.taken[0], layout.delimiter)
            yield line, cells, "".join(lines.taken).rstrip("\r\n")


def _without_spaces_after_quotes(line: str, delimiter: str) -> Sequence[str] | None:
    """The cells of a line whose only flaw are spaces between a closing quote and the delimiter, which DuckDB forgives too."""
    mended = re.sub(rf'" +(?=[{delimiter}\r\n]|$)', '"', line)
    try:
        return next(csv.reader([mended], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None


def _quote_open(path: Path, line: int) -> Refused:
    return Refused([Diagnostic("csv-quote-open", line_span(path, line), {"file": str(path), "line": str(line)})])


def _ragged_diagnostics(connection: DuckDBPyConnection, name: str, path: Path, width: int, ragged: int) -> list[Diagnostic]:
    """The first ragged rows one by one, and the number of all where there are more."""
    shown = connection.execute(
        f"SELECT row, line, cells, text FROM {identifier(name + '_ragged')} ORDER BY row LIMIT {SHOWN_MAX}"
    ).fetchall()
    out = [
        Diagnostic("ragged-row" if cells else "malformed-row", line_span(path, line),
                   {"row": str(row), "line": str(line), "cells": str(cells), "width": str(width), "text": (text or "")[:120]})
        for row, line, cells, text in shown
    ]  # fmt: skip
    if ragged > len(shown):
        out.append(Diagnostic("more-ragged-rows", None, {"count": str(ragged), "shown": str(len(shown)), "table": f"{name}_ragged"}))
    return out
