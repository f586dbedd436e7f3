"""XLSX: a report for those who go on computing: each table on a sheet of its own, numbers as numbers, units in the heads.

The first sheet has all else in reading order. A text that begins like a formula stays a text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from guiju.base.diagnostics import Diagnostic, Refused, width
from guiju.base.rounding import is_decimal
from guiju.report import tree as t
from guiju.report.zipped import CORE, core, zipped

ROWS_MAX, CHARACTERS_MAX, NAME_MAX = 1_048_576, 32_767, 31
_DIGITS_MAX = 15
"""What a sheet keeps of a number."""
_TAKEN_FOR_MORE = tuple("=+-@#'＝＋－＠")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\ufffd]")
_HEAD, _WRAPPED = PatternFill("solid", fgColor="E8EDF2"), Alignment(wrap_text=True, vertical="top")
_NARROWEST, _WIDEST = 8, 60


def document(report: t.Report, identity: str) -> bytes:
    """The file. identity: the hash of what the report says.

    raises   Refused: too-many-rows, report-cell-too-long
    """
    made = _Book(report)
    made.put(made.first, [report.title], bold=True, size=15)
    made.blocks(report.blocks, 1)
    made.put(made.first, [])
    for origin in report.origins:
        made.put(made.first, [origin.name, f"sha256 {origin.sha256}"])
    made.put(made.first, [t.footer(report, identity)])
    out = io.BytesIO()
    made.book.save(out)
    return zipped(out.getvalue(), {CORE: core(report.title, report.engine, report.word("zh-CN", "en-GB"), report.on)})


class _Book:
    def __init__(self, report: t.Report) -> None:
        self.report, self.book = report, Workbook()
        self.first: Any = self.book.worksheets[0]
        self.first.title = report.word("报告", "report")
        self.first.column_dimensions["A"].width, self.first.column_dimensions["B"].width = 34, 100
        self.heading, self.at = "", {id(self.first): 0}

    def blocks(self, blocks: Iterable[t.Block], level: int) -> None:
        for block in blocks:
            match block:
                case t.Section(title, within, mark):
                    self.heading = title
                    self.put(self.first, [])
                    self.put(self.first, [title, *([mark.text] if mark else [])], bold=True, size=max(11, 14 - level))
                    self.blocks(within, level + 1)
                case t.Paragraph(line):
                    self.put(self.first, ["", t.shown(line)])
                case t.Note(line, kind):
                    self.put(self.first, [self.report.word(*t.NOTES[kind]), t.shown(line)])
                case t.Listing(items):
                    self.items(items, 0)
                case t.Facts(rows):
                    for term, fact in rows:
                        self.put(self.first, [term, *self.values(fact)])
                case t.Table():
                    self.table(block)
                case t.Figure():
                    self.put(self.first, [block.caption, block.alternative])
                    self.table(block.table)
                case t.Sources(items):
                    for each in items:
                        said = " · ".join(filter(None, (each.title, each.address, each.of, each.why)))
                        self.put(self.first, [each.cite.text, said])
                case t.PageBreak():
                    pass

    def items(self, items: Iterable[t.Item], depth: int) -> None:
        for item in items:
            self.put(self.first, ["", f"{'    ' * depth}· {t.shown(item.line)}"])
            self.items(item.within, depth + 1)

    def table(self, table: t.Table) -> None:
        if len(table.rows) >= ROWS_MAX:
            raise Refused([Diagnostic("too-many-rows", None, {"rows": str(len(table.rows)), "limit": str(ROWS_MAX - 1)})])
        sheet: Any = self.book.create_sheet(self.name(table.caption or self.heading))
        self.at[id(sheet)] = 0
        self.put(self.first, [table.caption or self.heading, self.report.word(f"见工作表「{sheet.title}」", f"on the sheet “{sheet.title}”")])
        self.first.cell(self.at[id(self.first)], 2).hyperlink = "#'" + sheet.title.replace("'", "''") + "'!A1"
        self.put(sheet, [column.text for column in table.columns], bold=True, head=True)
        for row in table.rows:
            self.put(sheet, [self.values(cell, column.unit)[0] for cell, column in zip(row, table.columns, strict=True)])
        for at, column in enumerate(table.columns, 1):
            widest = max([width(column.text), *(width(t.shown(row[at - 1])) for row in table.rows[:500])])
            sheet.column_dimensions[get_column_letter(at)].width = max(_NARROWEST, min(_WIDEST, widest + 3))
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def values(self, line: t.Line, unit: str = "") -> list[str | Fraction]:
        """A number where the line is nothing else and its unit stands in the head; else its text."""
        if len(line) == 1 and isinstance(line[0], t.Number) and line[0].unit in ("", unit) and _exact(line[0].value):
            return [line[0].value]
        return [t.shown(line)]

    def name(self, wanted: str) -> str:
        """A name a sheet may have, and none has yet."""
        base = _NOT_IN_NAMES.sub(" ", wanted).strip(" '") or self.report.word("表", "table")
        taken, number, name = {sheet.casefold() for sheet in self.book.sheetnames}, 1, base[:NAME_MAX].strip(" '")
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            name = f"{base[: NAME_MAX - len(str(number)) - 3].strip()} ({number})"
        return name

    def put(self, sheet: Any, values: Iterable[str | Fraction], *, bold: bool = False, size: int = 11, head: bool = False) -> None:
        self.at[id(sheet)] += 1
        for column, value in enumerate(values, 1):
            cell = sheet.cell(self.at[id(sheet)], column)
            _fill(cell, value)
            cell.font = Font(bold=bold, size=size)
            cell.alignment = _WRAPPED if isinstance(value, str) else Alignment(vertical="top")
            if head:
                cell.fill = _HEAD


def _exact(value: Fraction) -> bool:
    """Whether a sheet keeps every digit of it."""
    digits = f"{abs(value.numerator) * 10**20 // value.denominator}".strip("0") if is_decimal(value) else "9" * 99
    return len(digits) <= _DIGITS_MAX and value.denominator <= 10**_DIGITS_MAX


def _fill(cell: Any, value: str | Fraction) -> None:
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        cell.value = int(value) if whole else float(value)
        cell.number_format = "#,##0" if whole and abs(value) >= 10_000 else "General"
        return
    if len(value) > CHARACTERS_MAX:
        raise Refused([Diagnostic("report-cell-too-long", None, {"text": value[:40], "length": str(len(value)), "limit": str(CHARACTERS_MAX)})])
    if value:
        cell.value, cell.data_type = value, "s"
        cell.quotePrefix = value.startswith(_TAKEN_FOR_MORE)
