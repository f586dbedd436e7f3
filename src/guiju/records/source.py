"""Source: a table of products as it was found, in DuckDB, with nothing added but where each row stands in its file."""

from __future__ import annotations

import csv
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from guiju.base.diagnostics import Diagnostic
from guiju.records.text import line_span

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Format = Literal["csv", "workbook", "parquet", "json", "ndjson"]
Progress = Callable[[int | None, int | None], None]
"""Told (rows done or None, rows in all or None), from another thread while a statement runs."""

SHOWN_MAX = 20
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Column:
    """A column as found: its header, the name it has in the DuckDB table, and its DuckDB type."""

    name: str
    at: str
    type: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table read from a file.

    table        the relation in the connection: `row` (BIGINT from 1), `line` (BIGINT: line of the file or row of the sheet, NULL where a
                 format has none), then the columns as found
    ragged       rows that could not be taken apart: they are in the table with every cell NULL, and in `<table>_ragged`
                 (row, line, cells, text) as they were written
    diagnostics  what the reader must tell: ragged rows, repeated headers, what stood above the header, other sheets
    """

    path: Path
    table: str
    format: Format
    rows: int
    columns: tuple[Column, ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    ragged: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column with that header."""
        return next((column for column in self.columns if column.name == name), None)


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """The path as DuckDB must be given it to read that file: brackets and stars would be taken for a pattern, and another file read."""
    return literal("".join(f"[{character}]" if character in "[*?" else character for character in str(path.absolute())))


def named(headers: Sequence[str], path: Path, line: int | None) -> tuple[list[tuple[str, str]], list[Diagnostic]]:
    """(header, name in the table) per column, all different to DuckDB, which takes `EC` and `ec` for one name; repeated headers are told."""
    shown: set[str] = set()
    taken = {"row", "line"}
    names: list[tuple[str, str]] = []
    for position, raw in enumerate(headers, 1):
        header = raw.strip() or f"column {position}"
        name = _free(header, shown, str)
        at = _free(name, taken, str.casefold)
        names.append((name, at))
    span = line_span(path, line) if line else None
    counts = Counter(raw.strip() for raw in headers)
    return names, [
        Diagnostic("header-repeated", span, {"file": str(path), "header": header, "times": str(count), "second": f"{header} (2)"})
        for header, count in counts.items()
        if header and count > 1
    ]


def _free(name: str, taken: set[str], key: Callable[[str], str]) -> str:
    """The name, or the name with the first number that is not taken; taken from now on."""
    number, free = 2, name
    while key(free) in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(key(free))
    return free


@contextmanager
def told(connection: DuckDBPyConnection, progress: Progress | None, total: int | None) -> Iterator[None]:
    """Tells the progress of the statement that runs inside."""
    if progress is None:
        yield
        return
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    done = threading.Event()

    def poll() -> None:
        while not done.wait(_POLL_SECONDS):
            share = connection.query_progress()
            progress(int(total * share / 100) if total and share >= 0 else None, total)

    progress(0 if total else None, total)
    watcher = threading.Thread(target=poll, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    progress(total, total)


def replace(connection: DuckDBPyConnection, name: str) -> None:
    """Drops the view or table of that name, if there is one."""
    found = connection.execute("SELECT table_type FROM information_schema.tables WHERE table_name = ?", [name]).fetchall()
    for (kind,) in found:
        connection.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {identifier(name)}")


def load_rows(
    connection: DuckDBPyConnection,
    table: str,
    types: dict[str, str],
    rows: Iterable[Sequence[object]],
    folder: Path,
    progress: Progress | None = None,
) -> int:
    """Rows into a table of DuckDB through a clean file; an empty text is NULL. Gives how many.

    DuckDB's own reader takes 10⁶ rows in a second where inserting them from Python takes minutes.
    """
    clean, count = folder / "clean.csv", 0
    with clean.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in rows:
            writer.writerow(row)
            count += 1
            if progress and count % 50_000 == 0:
                progress(count, None)
    replace(connection, table)
    connection.execute(f"CREATE TABLE {identifier(table)} AS SELECT * FROM {clean_csv(clean, types)}")
    loaded = connection.execute(f"SELECT count(*) FROM {identifier(table)}").fetchall()[0][0]
    assert loaded == count, f"{count} rows were written and {loaded} read back"
    return count


def clean_csv(path: Path, types: dict[str, str], skip: int = 0, delimiter: str = ",", line_end: str = "\n") -> str:
    """The table function that reads a file of which every record is a row with these columns.

    The line end \\n is given, since DuckDB would look for it and take the one inside a quoted cell; \\r\\n must not be, since DuckDB 2.0 then
    reads no row at all, in silence.
    """
    columns = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in types.items())
    end = r"new_line = '\n', " if line_end == "\n" else ""
    return (
        f"read_csv({file_literal(path)}, auto_detect = false, header = false, skip = {skip}, delim = {literal(delimiter)}, quote = '\"', "
        f"escape = '\"', {end}nullstr = '', compression = 'none', hive_partitioning = false, strict_mode = true, "
        f"columns = {{{columns}}})"
    )
