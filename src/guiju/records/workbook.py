"""Workbook: a sheet of an XLSX or XLS file as rows of text.

A cell becomes the shortest decimal text of its number, so that 13.8 is 13.8. Two things are not in the number and are read from the sheet's
XML: that a cell is shown as a percentage (96.5 % is stored as 0.965), and that a formula has never been calculated (it would look empty).
"""

from __future__ import annotations

import datetime
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from guiju.base.diagnostics import Diagnostic, Refused, Span
from guiju.records.source import Column, Progress, Source, load_rows, named
from guiju.records.text import unreadable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PERCENT_FORMATS = {9, 10}
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v>[^<]|is>)")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_CHUNK = 1 << 22


@dataclass(slots=True)
class _Unseen:
    """What calamine does not tell, by (row, column) from 0: cells shown as a percentage; formulas without a value."""

    percent: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)


def read_workbook(path: Path, connection: DuckDBPyConnection, name: str, sheet: str | None, progress: Progress | None) -> Source:
    """The sheet as a table of text; rows without any content are no rows.

    sheet    its name; None: the first one
    raises   file-unreadable, workbook-damaged, workbook-encrypted, sheet-unknown, file-empty
    """
    book = _opened(path)
    chosen, diagnostics = _chosen(path, book, sheet)
    unseen = _unseen(path, chosen)
    page = _page(path, book, chosen)
    rows = _rows(path, page, unseen)
    titles, header_line, header = _header(rows)
    if not header:
        raise Refused([Diagnostic("file-empty", None, {"file": f"{path} [{chosen}]"})])
    names, repeated = named(header, path, header_line)
    diagnostics += repeated + _told(path, page, unseen, titles, header_line)
    with tempfile.TemporaryDirectory() as folder:
        types = {"row": "BIGINT", "line": "BIGINT"} | {at: "VARCHAR" for _, at in names}
        numbered = ((row, line, *cells) for row, (line, cells) in enumerate(rows, 1))
        count = load_rows(connection, name, types, numbered, Path(folder), progress)
    if not count:
        diagnostics.append(Diagnostic("no-records", Span(str(path), header_line, 1, header_line, 2), {"file": str(path)}))
    columns = tuple(Column(shown, at, "VARCHAR") for shown, at in names)
    return Source(path, name, "workbook", count, columns, sheet=chosen, diagnostics=tuple(diagnostics))


def sheet_names(path: Path) -> list[str]:
    """The names of its sheets, in their order.

    raises   file-unreadable, workbook-damaged, workbook-encrypted
    """
    return [str(name) for name in _opened(path).sheet_names]


def _opened(path: Path) -> Any:
    import python_calamine

    try:
        with path.open("rb") as file:
            head = file.read(len(_OLE))
            file.seek(0)
            if head == _OLE and _ENCRYPTED in file.read():
                raise Refused([Diagnostic("workbook-encrypted", None, {"file": str(path)})])
            file.seek(0)
            return python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.PasswordError:
        raise Refused([Diagnostic("workbook-encrypted", None, {"file": str(path)})]) from None
    except python_calamine.CalamineError as error:
        raise _damaged(path, error) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _damaged(path: Path, error: Exception) -> Refused:
    return Refused([Diagnostic("workbook-damaged", None, {"file": str(path), "reason": str(error) or type(error).__name__})])


def _chosen(path: Path, book: Any, sheet: str | None) -> tuple[str, list[Diagnostic]]:
    names = list(book.sheet_names)
    facts = {"file": str(path), "sheet": sheet or (names[0] if names else ""), "sheets": ", ".join(names)}
    if sheet is not None and sheet not in names:
        raise Refused([Diagnostic("sheet-unknown", None, facts)])
    if not names:
        raise Refused([Diagnostic("file-empty", None, {"file": str(path)})])
    return (sheet or names[0]), [Diagnostic("sheet-chosen", None, facts)] if sheet is None and len(names) > 1 else []


def _told(path: Path, page: Any, unseen: _Unseen, titles: Sequence[str], header_line: int) -> list[Diagnostic]:
    facts = {"file": str(path), "sheet": page.name}
    told = []
    if titles:
        said = {"rows": str(len(titles)), "text": " / ".join(titles)[:200], "line": str(header_line)}
        told.append(Diagnostic("rows-above-header", _cell_span(path, 0, 0), facts | said))
    if path.suffix.lower() == ".xls":
        return [*told, Diagnostic("percent-unseen", None, facts)]
    if unseen.uncalculated:
        row, column = unseen.uncalculated[0]
        said = {"count": str(len(unseen.uncalculated)), "cell": f"{_letters(column)}{row + 1}"}
        told.append(Diagnostic("formula-not-calculated", _cell_span(path, row, column), facts | said))
    merged = [(first, last) for first, last in page.merged_cell_ranges or () if last[0] > first[0] >= header_line]
    if merged:
        (row, column), last = merged[0]
        said = {"count": str(len(merged)), "cells": f"{_letters(column)}{row + 1}:{_letters(last[1])}{last[0] + 1}"}
        told.append(Diagnostic("cells-merged", _cell_span(path, row, column), facts | said))
    return told


def _cell_span(path: Path, row: int, column: int) -> Span:
    return Span(str(path), row + 1, column + 1, row + 1, column + 2)


def _page(path: Path, book: Any, sheet: str) -> Any:
    import python_calamine

    try:
        return book.get_sheet_by_name(sheet)
    except python_calamine.CalamineError as error:
        raise _damaged(path, error) from None


def _rows(path: Path, page: Any, unseen: _Unseen) -> Iterator[tuple[int, Sequence[str]]]:
    """(row of the sheet from 1, cells) of every row with content."""
    import python_calamine

    offset = page.start[1] if page.start else 0
    try:
        for row, values in enumerate(page.iter_rows()):
            cells = [_text(value, (row, offset + at) in unseen.percent) for at, value in enumerate(values)]
            if any(cell.strip() for cell in cells):
                yield row + 1, cells
    except python_calamine.CalamineError as error:
        raise _damaged(path, error) from None


def _header(rows: Iterator[tuple[int, Sequence[str]]]) -> tuple[list[str], int, Sequence[str]]:
    """What stands above the header, its row, and it: the first row with more than one cell filled, or the first where no row has more."""
    titles: list[str] = []
    for line, cells in rows:
        if len(cells) == 1 or sum(bool(cell.strip()) for cell in cells) > 1:
            return titles, line, cells
        titles.append("".join(cells).strip())
    return [], 0, []


def _text(value: object, percent: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _shortest(Decimal(repr(value)) * 100) + "%" if percent else _number(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    written = repr(value)
    return _shortest(Decimal(written)) if "e" in written else written


def _shortest(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _letters(column: int) -> str:
    column, letters = column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _unseen(path: Path, sheet: str) -> _Unseen:
    unseen = _Unseen()
    if not zipfile.is_zipfile(path):
        return unseen
    try:
        with zipfile.ZipFile(path) as parts:
            styles = _percent_styles(parts)
            with parts.open(_part(parts, sheet)) as xml:
                kept = b""
                while chunk := xml.read(_CHUNK):
                    kept += chunk
                    end = 0
                    for match in _CELL.finditer(kept):
                        end = match.end()
                        _look(match[1], match[2] or b"", styles, unseen)
                    kept = kept[end:]
    except (KeyError, StopIteration, zipfile.BadZipFile, ElementTree.ParseError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(path, error) from None
    return unseen


def _look(attributes: bytes, content: bytes, percent_styles: set[int], unseen: _Unseen) -> None:
    style = _STYLE.search(attributes)
    is_percent = style is not None and int(style[1]) in percent_styles
    is_uncalculated = _FORMULA.search(content) is not None and not _VALUE.search(content)
    place = _PLACE.search(attributes) if is_percent or is_uncalculated else None
    if place is None:
        return
    at = (int(place[2]) - 1, _column(place[1]))
    if is_percent:
        unseen.percent.add(at)
    if is_uncalculated:
        unseen.uncalculated.append(at)


def _percent_styles(parts: zipfile.ZipFile) -> set[int]:
    if "xl/styles.xml" not in parts.namelist():
        return set()
    root = ElementTree.fromstring(parts.read("xl/styles.xml"))
    percent = set(_PERCENT_FORMATS)
    for each in _all(root, "numFmt"):
        if "%" in re.sub(r'"[^"]*"|\\.', "", each.get("formatCode", "")):
            percent.add(int(each.get("numFmtId", "0")))
    formats = next(_all(root, "cellXfs"), ElementTree.Element("none"))
    return {number for number, each in enumerate(formats) if int(each.get("numFmtId", "0")) in percent}


def _part(parts: zipfile.ZipFile, sheet: str) -> str:
    """The name of the sheet's XML in the file."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    found = next(each for each in _all(book, "sheet") if each.get("name") == sheet)
    relation = next(value for key, value in found.attrib.items() if key.endswith("}id"))
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    target = next(each.get("Target", "") for each in relations if each.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Elements of that name in whichever of the two namespaces of the format."""
    return (each for each in root.iter() if each.tag.rpartition("}")[2] == name)
