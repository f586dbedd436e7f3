"""Sheets: the table a laboratory fills in, out and in again: a row for each blind code, a column for each quantity, and a note."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from guiju.base.diagnostics import Problems
from guiju.records.read import read_table
from guiju.records.source import identifier
from guiju.verify.process.project import Item, Order

CODE, NOTE = ("code", "样品", "样品代码"), ("note", "备注")
Rows = tuple[dict[str, dict[str, str]], dict[str, str]]
"""values: code → item → text; notes: code → text"""


def sheet_text(order: Order, items: Sequence[Item]) -> str:
    """The sheet as CSV, with what has been entered so far."""
    own = [each for each in items if each.id in order.items]
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(["code", *(f"{each.id} [{each.unit}]" if each.unit else each.id for each in own), "note"])
    for code in order.codes:
        written.writerow([code, *(order.values.get(code, {}).get(each.id, "") for each in own), order.notes.get(code, "")])
    return out.getvalue()


def read_sheet(path: Path, order: Order, items: Sequence[Item]) -> Rows:
    """A sheet that was filled in, as text: what is in the cells is for the door to judge.

    raises   Refused: what `read_table` finds; entry-column, where the codes or a quantity have no column; entry-repeated
    """
    import duckdb

    with duckdb.connect() as connection:
        source = read_table(path, connection, "sheet")
        cells = ", ".join(f"CAST({identifier(each.at)} AS VARCHAR)" for each in source.columns)
        rows = connection.execute(f"SELECT {cells} FROM {identifier(source.table)} ORDER BY row").fetchall()
    return _rows([each.name for each in source.columns], [[text or "" for text in row] for row in rows], order, items)


def pasted(text: str, order: Order, items: Sequence[Item]) -> Rows:
    """Cells copied from a spreadsheet: with a header as in a sheet; without one, the codes first, then the quantities in their order.

    raises   Refused, as `read_sheet`
    """
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    own = [each.id for each in items if each.id in order.items]
    if rows and _is_header(rows[0]):
        return _rows(rows[0], rows[1:], order, items)
    return _rows(["code", *own, "note"], rows, order, items)


def _is_header(row: Sequence[str]) -> bool:
    return row[0].casefold() in CODE


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]], order: Order, items: Sequence[Item]) -> Rows:
    problems = Problems()
    named = [name.partition("[")[0].strip() for name in header]
    at_code = next((n for n, name in enumerate(named) if name.casefold() in CODE), None)
    at_note = next((n for n, name in enumerate(named) if name.casefold() in NOTE), None)
    at = {each.id: named.index(each.id) for each in items if each.id in order.items and each.id in named}
    lacking = [each.id for each in items if each.id in order.items and each.id not in at] + ([] if at_code is not None else ["code"])
    for name in lacking:
        problems.add("entry-column", None, column=name, known=", ".join(header))
    problems.refuse_errors()
    assert at_code is not None, "refused before"
    values: dict[str, dict[str, str]] = {}
    notes: dict[str, str] = {}
    for row in rows:
        def cell(n: int, row: Sequence[str] = row) -> str:
            return row[n].strip() if n < len(row) else ""

        code = cell(at_code).upper()
        if not code:
            continue
        if code in values:
            problems.add("entry-repeated", None, sample=code)
        values[code] = {item: text for item, n in at.items() if (text := cell(n))}
        if at_note is not None and cell(at_note):
            notes[code] = cell(at_note)
    problems.refuse_errors()
    return values, notes


