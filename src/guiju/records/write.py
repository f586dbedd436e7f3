"""Writing: the result of a query as a file that another program opens: CSV, XLSX, Parquet, JSON, NDJSON.

The file appears whole or not at all: it is written beside its place under another name and then renamed. In CSV and XLSX a text that a
spreadsheet would take for a formula is kept a text, since the cells come from files of strangers.
"""

from __future__ import annotations

import math
import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROW_GROUP = 122_880
SHEET_ROWS_MAX = 1_048_575
CELL_CHARACTERS_MAX = 32_767
_FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
_TAKEN_FOR_MORE = frozenset((*_FORMULA_SIGNS, "#", "'"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FETCHED = 10_000
_WIDEST = 40
_SHEET_TYPES = (
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "VARCHAR", "DATE",
    "TIMESTAMP", "TIME",
)  # fmt: skip

Described = Sequence[tuple[str, str]]
"""(column, DuckDB type)"""


def write_table(connection: DuckDBPyConnection, query: str, path: Path, *, overwrite: bool = False) -> int:
    """Writes what the query gives to the file, in the format its ending names; gives the number of rows.

    .csv      UTF-8 with byte order mark, without which Excel garbles Chinese
    .json     a list of objects, .ndjson and .jsonl an object a line; what is not finite becomes null, since JSON has no word for it
    raises    Refused: format-unknown, folder-missing, file-exists, file-unwritable, too-many-rows, text-too-long
    """
    import duckdb

    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise _refused("format-unknown", file=path, known=" ".join(WRITERS))
    if not path.parent.is_dir():
        raise _refused("folder-missing", folder=path.parent)
    if path.exists() and not overwrite:
        raise _refused("file-exists", file=path)
    described = [(name, str(type_)) for name, type_, *_ in connection.execute(f"DESCRIBE {query}").fetchall()]
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        rows = writer(connection, query, described, partial)
        put(partial, path, overwrite)
    except (OSError, duckdb.IOException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise _refused("file-unwritable", file=path, reason=reason) from None
    finally:
        partial.unlink(missing_ok=True)
    return rows


def _refused(code: str, **facts: object) -> Refused:
    return Refused([Diagnostic(code, None, {name: str(value) for name, value in facts.items()})])


def put(partial: Path, path: Path, overwrite: bool) -> None:
    """Gives the finished file its name; without `overwrite` a file that has appeared there meanwhile stays."""
    if overwrite:
        partial.replace(path)
        return
    try:
        os.link(partial, path)
    except FileExistsError:
        raise _refused("file-exists", file=path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise _refused("file-exists", file=path) from None
        partial.replace(path)


def _copied(connection: DuckDBPyConnection, query: str, path: Path, options: str) -> int:
    return int(connection.execute(f"COPY ({query}) TO {literal(str(path.absolute()))} ({options})").fetchall()[0][0])


def _write_csv(connection: DuckDBPyConnection, query: str, described: Described, path: Path) -> int:
    """The header is written as a row of its own, so that the byte order mark never ends up inside quotes."""
    cells = ", ".join(_guarded(name) if type_ == "VARCHAR" else identifier(name) for name, type_ in described)
    rows = _copied(connection, f"SELECT {cells} FROM ({query})", path, "FORMAT csv, HEADER false")
    header = ",".join(_csv_cell(guarded(name)) for name, _ in described)
    whole = path.with_name(path.name + ".whole")
    try:
        with whole.open("wb") as out, path.open("rb") as body:
            out.write(("\ufeff" + header + "\n").encode("utf-8"))
            while chunk := body.read(1 << 22):
                out.write(chunk)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)
    return rows


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def guarded(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would run it as a formula; a plain number is none."""
    if not text or text[0] not in _FORMULA_SIGNS:
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def _guarded(name: str) -> str:
    """`guarded` in SQL."""
    cell, signs = identifier(name), ", ".join(f"chr({ord(sign)})" for sign in _FORMULA_SIGNS)
    return f"CASE WHEN left({cell}, 1) IN ({signs}) AND TRY_CAST({cell} AS DOUBLE) IS NULL THEN '''' || {cell} ELSE {cell} END AS {cell}"


def _write_parquet(connection: DuckDBPyConnection, query: str, described: Described, path: Path) -> int:
    return _copied(connection, query, path, f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}")


def _json(array: bool) -> Callable[[DuckDBPyConnection, str, Described, Path], int]:
    def write(connection: DuckDBPyConnection, query: str, described: Described, path: Path) -> int:
        finite = "CASE WHEN isfinite({0}) THEN {0} END AS {0}"
        cells = ", ".join((finite if type_ in ("DOUBLE", "FLOAT") else "{0}").format(identifier(name)) for name, type_ in described)
        return _copied(connection, f"SELECT {cells} FROM ({query})", path, f"FORMAT json, ARRAY {str(array).lower()}")

    return write


def _write_xlsx(connection: DuckDBPyConnection, query: str, described: Described, path: Path) -> int:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    cells = ", ".join(
        identifier(name) if type_ in _SHEET_TYPES or type_.startswith("DECIMAL(") else f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}"
        for name, type_ in described
    )
    query = f"SELECT {cells} FROM ({query})"
    rows = _checked_for_a_sheet(connection, query, described)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("guiju")
    sheet.freeze_panes = "A2"
    connection.execute(query)
    fetched = connection.fetchmany(_FETCHED)
    for position, (name, _) in enumerate(described):
        longest = max([_width(name), *(_width(str(row[position])) for row in fetched[:200] if row[position] is not None)])
        sheet.column_dimensions[get_column_letter(position + 1)].width = min(longest + 2, _WIDEST)
    header = [_text_cell(sheet, name) for name, _ in described]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    while fetched:
        for row in fetched:
            sheet.append([_text_cell(sheet, str(value)) if _needs_care(value) else value for value in row])
        fetched = connection.fetchmany(_FETCHED)
    book.save(path)
    return rows


def _checked_for_a_sheet(connection: DuckDBPyConnection, query: str, described: Described) -> int:
    """The number of rows, all of which fit on a sheet; looked at before, since a sheet half written cannot be given up cleanly."""
    lengths = "".join(f", max(length(CAST({identifier(name)} AS VARCHAR)))" for name, _ in described)
    ((rows, *longest),) = connection.execute(f"SELECT count(*){lengths} FROM ({query})").fetchall()
    if rows > SHEET_ROWS_MAX:
        raise _refused("too-many-rows", rows=rows, limit=SHEET_ROWS_MAX)
    for (name, _), length in zip(described, longest, strict=True):
        if max(length or 0, len(name)) > CELL_CHARACTERS_MAX:
            raise _refused("text-too-long", column=name[:80], length=length, limit=CELL_CHARACTERS_MAX)
    return int(rows)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _needs_care(value: object) -> bool:
    """Whether a value would not be kept as it is: a formula, an error's name, a control character, or a number beyond a sheet's 15 digits."""
    if isinstance(value, str):
        return value[:1] in _TAKEN_FOR_MORE or _CONTROL.search(value) is not None
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and abs(value) > 10**15


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: typed as such, and marked so that editing it does not make it a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell: Any = WriteOnlyCell(sheet, value=_CONTROL.sub("\ufffd", text))
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in _TAKEN_FOR_MORE
    return cell


WRITERS: dict[str, Callable[[DuckDBPyConnection, str, Described, Path], int]] = {
    ".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet, ".json": _json(True), ".ndjson": _json(False), ".jsonl": _json(False),
}  # fmt: skip
