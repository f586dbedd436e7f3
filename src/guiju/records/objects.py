"""Objects: JSON lines, or one JSON list, of flat objects as a table of text, one column per key in the order first met."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import SHOWN_MAX, Column, Format, Progress, Source, file_literal, identifier, literal, load_rows, named, replace, told
from guiju.records.text import Text, line_span, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS_MAX = 2000


def read_objects(path: Path, connection: DuckDBPyConnection, name: str, progress: Progress | None) -> Source:
    """The objects as a table of text: a number as its shortest decimal, null and an absent key as NULL, what is nested as its JSON.

    A line that is no JSON object is kept as a row with every cell NULL, and reported.

    raises   file-unreadable, file-empty, json-malformed, json-too-wide
    """
    with tempfile.TemporaryDirectory() as folder:
        text = plain(path, Path(folder))
        if text.blank:
            raise Refused([Diagnostic("file-empty", None, {"file": str(path)})])
        shape = _shape(text)
        raw = f"{name}_json"
        _load(path, connection, raw, text, shape, progress)
        rows = int(connection.execute(f"SELECT count(*) FROM {identifier(raw)}").fetchall()[0][0])
        lines = _lines(connection, name, text, rows, Path(folder)) if shape == "newline_delimited" else None
    keys = _keys(path, connection, raw)
    names, diagnostics = named(keys, path, None)
    _extract(connection, name, raw, {key: at for key, (_, at) in zip(keys, names, strict=True)}, lines)
    ragged, told_of = _ragged(connection, name, path, raw)
    if not rows:
        diagnostics.append(Diagnostic("no-records", None, {"file": str(path)}))
    columns = tuple(Column(shown, at, "VARCHAR") for shown, at in names)
    kind: Format = "ndjson" if lines is not None else "json"
    return Source(path, name, kind, rows, columns, text.encoding, None, None, ragged, (*diagnostics, *told_of))


def _shape(text: Text) -> str:
    """DuckDB's name for how the objects follow one another."""
    with text.path.open(encoding="utf-8") as file:
        first = next(line for line in file if line.strip())
    if first.lstrip().startswith("["):
        return "array"
    try:
        json.loads(first)
    except ValueError:
        # A first line that is no JSON by itself: one object over several lines, or a damaged first line.
        return "unstructured" if first.strip() == "{" else "newline_delimited"
    return "newline_delimited"


def _load(path: Path, connection: DuckDBPyConnection, raw: str, text: Text, shape: str, progress: Progress | None) -> None:
    import duckdb

    replace(connection, raw)
    ignore = "true" if shape == "newline_delimited" else "false"
    try:
        with told(connection, progress, text.lines if shape == "newline_delimited" else None):
            connection.execute(
                f"CREATE TABLE {identifier(raw)} AS SELECT json FROM read_json_objects({file_literal(text.path)}, "
                f"format = {literal(shape)}, ignore_errors = {ignore}, compression = 'uncompressed', hive_partitioning = false)"
            )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].replace(str(text.path), path.name)
        raise Refused([Diagnostic("json-malformed", None, {"file": str(path), "reason": reason})]) from None


def _lines(connection: DuckDBPyConnection, name: str, text: Text, rows: int, folder: Path) -> str:
    """The SQL of the line a row stands on; where lines are blank, from a table of the lines that are not."""
    if rows == text.lines and text.line_end is not None:
        return "rowid + 1"
    with text.path.open(encoding="utf-8", newline="\n") as file:
        filled = ((number,) for number, line in enumerate(file, 1) if line.strip())
        load_rows(connection, f"{name}_lines", {"line": "BIGINT"}, filled, folder)
    return f"(SELECT line FROM {identifier(name + '_lines')} AS l WHERE l.rowid = j.rowid)"


def _keys(path: Path, connection: DuckDBPyConnection, raw: str) -> list[str]:
    found = connection.execute(
        "SELECT key FROM (SELECT unnest(json_keys(json)) AS key, unnest(range(len(json_keys(json)))) AS position, rowid AS place "
        f"FROM {identifier(raw)} WHERE json_type(json) = 'OBJECT') "
        f"GROUP BY key ORDER BY min({{'place': place, 'position': position}}) LIMIT {_COLUMNS_MAX + 1}"
    ).fetchall()
    if len(found) > _COLUMNS_MAX:
        raise Refused([Diagnostic("json-too-wide", None, {"file": str(path), "limit": str(_COLUMNS_MAX)})])
    return [key for (key,) in found]


def _extract(connection: DuckDBPyConnection, name: str, raw: str, columns: dict[str, str], lines: str | None) -> None:
    cells = "".join(
        f", json_extract_string(json, {literal('/' + key.replace('~', '~0').replace('/', '~1'))}) AS {identifier(at)}"
        for key, at in columns.items()
    )
    replace(connection, name)
    connection.execute(
        f"CREATE TABLE {identifier(name)} AS SELECT CAST(rowid + 1 AS BIGINT) AS row, CAST({lines or 'NULL'} AS BIGINT) AS line{cells} "
        f"FROM {identifier(raw)} AS j"
    )


def _ragged(connection: DuckDBPyConnection, name: str, path: Path, raw: str) -> tuple[int, list[Diagnostic]]:
    table = identifier(f"{name}_ragged")
    replace(connection, f"{name}_ragged")
    connection.execute(
        f"CREATE TABLE {table} AS SELECT n.row, n.line, 0::BIGINT AS cells, CAST(r.json AS VARCHAR) AS text FROM {identifier(raw)} AS r "
        f"JOIN {identifier(name)} AS n ON n.row = r.rowid + 1 WHERE r.json IS NULL OR json_type(r.json) <> 'OBJECT'"
    )
    connection.execute(f"DROP TABLE {identifier(raw)}")
    count = int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
    shown = connection.execute(f"SELECT row, line, text FROM {table} ORDER BY row LIMIT {SHOWN_MAX}").fetchall()
    out = [
        Diagnostic("malformed-row", line_span(path, line) if line else None, {"row": str(row), "line": str(line or ""), "text": (text or "")[:120]})
        for row, line, text in shown
    ]
    if count > len(shown):
        out.append(Diagnostic("more-ragged-rows", None, {"count": str(count), "shown": str(len(shown)), "table": f"{name}_ragged"}))
    return count, out
