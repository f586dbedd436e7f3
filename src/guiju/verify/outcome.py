"""Outcome: what a page of verification found: tables, drawings and notes in parts; and the same as a report, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from guiju.base.diagnostics import Diagnostic, Language, Severity
from guiju.records.write import guarded
from guiju.report import tree as t
from guiju.report.cited import engine
from guiju.report.written import content
from guiju.verify.chart import Chart
from guiju.verify.told import Table

Block: TypeAlias = Table | Chart | str
"""A text that begins with `!` is a warning."""
FORMS = {"pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "html": "html", "md": "markdown"}
MEDIA = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """beside   whether its blocks stand side by side where there is room"""

    title: str
    blocks: tuple[Block, ...]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """plain         everything, unrounded: what the command line prints with --json
    figures        the table that is given as CSV
    illustrative   whether it rests on made-up numbers, which then is said wherever it is shown
    bad            whether something in it wants attention: an outlier, a first order that does not hold
    """

    title: str
    parts: tuple[Part, ...]
    plain: Any
    figures: Table
    diagnostics: tuple[Diagnostic, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
    illustrative: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def report(found: Outcome, language: Language, on: date) -> t.Report:
    """The outcome as a report."""
    zh = language == "zh"
    blocks: list[t.Block] = []
    if found.illustrative:
        said = "数据是虚设的示意，不是测量结果。" if zh else "The data are made up for illustration; they were not measured."
        blocks.append(t.Note((said,), t.Kind.ILLUSTRATIVE))
    for part in found.parts:
        blocks.append(t.Section(part.title, tuple(each for block in part.blocks for each in _blocks(block))))
    said_of = [t.Note((d.message(language),), t.Kind.WARNING if d.severity > Severity.NOTE else t.Kind.NOTE) for d in found.diagnostics]
    if said_of:
        blocks.append(t.Section("提示" if zh else "Remarks", tuple(said_of)))
    origins = tuple(t.Origin(name, digest) for name, digest in found.origins)
    return t.Report(found.title, language, on, engine(), origins, tuple(blocks))


def _blocks(block: Block) -> Iterable[t.Block]:
    if isinstance(block, Chart):
        yield t.Figure(block.alone(), f"{block.title}: {block.says}", block.title, table_block(block.table, block.title))
    elif isinstance(block, Table):
        yield table_block(block) if block.rows else t.Paragraph((block.title,))
    elif block.startswith("!"):
        yield t.Note((block.removeprefix("!").strip(),), t.Kind.WARNING)
    else:
        yield t.Paragraph((block,))


def table_block(table: Table, caption: str = "") -> t.Table:
    right = set(table.right)
    columns = tuple(t.Column(title, right=at in right) for at, title in enumerate(table.header))
    return t.Table(caption or table.title, columns, tuple(tuple(t.line(cell) for cell in row) for row in table.rows))


def written(found: Outcome, ending: str, language: Language, on: date) -> bytes:
    """The outcome as a file with that ending, one of `MEDIA`; the same outcome on the same day gives the same bytes."""
    if ending == "json":
        return (json.dumps(finite(found.plain), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    if ending == "csv":
        return csv_text(found.figures)
    return content(report(found, language, on), FORMS[ending])


def finite(value: Any) -> Any:
    """Plain values as JSON has them: what is no number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    return [finite(each) for each in value] if isinstance(value, list | tuple) else value


def csv_text(table: Table) -> bytes:
    """A table with its header; a text that a spreadsheet would take for a formula stays a text."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    for row in (table.header, *table.rows):
        lines.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")
