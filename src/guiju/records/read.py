"""Reading: a table of products from whatever file it comes in."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.delimited import read_delimited
from guiju.records.objects import read_objects
from guiju.records.source import Column, Progress, Source, file_literal, identifier, named, replace
from guiju.records.workbook import read_workbook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".csv.gz": "csv", ".tsv.gz": "csv", ".txt.gz": "csv",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook",
    ".parquet": "parquet", ".json": "json", ".json.gz": "json", ".ndjson": "json", ".jsonl": "json", ".ndjson.gz": "json", ".jsonl.gz": "json",
}  # fmt: skip


def read_table(
    path: Path, connection: DuckDBPyConnection, name: str, *, sheet: str | None = None, progress: Progress | None = None
) -> Source:
    """The table in a file as the relation `name` of the connection, with columns as found, `row` and `line`.

    Cells of CSV, workbooks and JSON are text, so that a decimal is what was written; Parquet keeps its types and is read where it lies.
    Nothing is dropped in silence: what could not be read is in `Source.diagnostics`, and rows that could not be taken apart are rows.

    sheet    of a workbook; None: the first one
    raises   Refused: file-missing, file-unreadable, file-damaged, file-empty, format-unknown, encoding-unknown, encoding-damaged, nul-bytes,
             csv-quote-open, workbook-damaged, workbook-encrypted, sheet-unknown, json-malformed, json-too-wide
    """
    if not path.exists():
        raise Refused([Diagnostic("file-missing", None, {"file": str(path), **_near(path)})])
    ending = next((ending for ending in sorted(SUFFIXES, key=len, reverse=True) if path.name.lower().endswith(ending)), None)
    if ending is None:
        raise Refused([Diagnostic("format-unknown", None, {"file": str(path), "known": " ".join(SUFFIXES)})])
    if SUFFIXES[ending] == "csv":
        return read_delimited(path, connection, name, progress)
    if SUFFIXES[ending] == "workbook":
        return read_workbook(path, connection, name, sheet, progress)
    if SUFFIXES[ending] == "json":
        return read_objects(path, connection, name, progress)
    return _read_parquet(path, connection, name)


def _near(path: Path) -> dict[str, str]:
    """A file beside it that was probably meant."""
    try:
        near = difflib.get_close_matches(path.name, [each.name for each in path.parent.iterdir()], 1, 0.6)
    except OSError:
        return {}
    return {"hint_zh": f"是不是「{near[0]}」？", "hint_en": f"did you mean `{near[0]}`?"} if near else {}


def _read_parquet(path: Path, connection: DuckDBPyConnection, name: str) -> Source:
    """A view, so that only the columns in use are ever read and nothing is copied."""
    import duckdb

    table = f"read_parquet({file_literal(path)}, hive_partitioning = false, union_by_name = false"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {table})").fetchall()
        (rows,) = connection.execute(f"SELECT count(*) FROM {table})").fetchall()[0]
        names, diagnostics = named([column for column, *_ in described], path, None)
        cells = "".join(f", {identifier(found[0])} AS {identifier(at)}" for found, (_, at) in zip(described, names, strict=True))
        replace(connection, name)
        connection.execute(
            f"CREATE VIEW {identifier(name)} AS SELECT file_row_number + 1 AS row, CAST(NULL AS BIGINT) AS line{cells} "
            f"FROM {table}, file_row_number = true)"
        )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise Refused([Diagnostic("file-damaged", None, {"file": str(path), "reason": reason})]) from None
    if not rows:
        diagnostics.append(Diagnostic("no-records", None, {"file": str(path)}))
    columns = tuple(Column(shown, at, str(found[1])) for found, (shown, at) in zip(described, names, strict=True))
    return Source(path, name, "parquet", int(rows), columns, diagnostics=tuple(diagnostics))
