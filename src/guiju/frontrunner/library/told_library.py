"""The quality of a library told: as a report in every form, and as lines of text; form checks beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guiju.base.diagnostics import WORDS, Diagnostic, Language, Severity
from guiju.frontrunner.library.columns import TABLES
from guiju.frontrunner.library.form_check import Formed, named
from guiju.frontrunner.library.library import Library
from guiju.report import tree as t
from guiju.report.cited import engine

TITLES = {table.name: table.title for table in TABLES}
COLUMNS = (("列", "Column"), ("是", "Holds"), ("填写", "Filled"), ("空缺", "Missing"), ("读不懂", "Unreadable"))
ILLUSTRATIVE = (
    "其中有示意的标准：编造的，或代替没有见到的标准。",
    "Some of its standards are illustrative: made up, or in place of some that were not seen.",
)


def quality_report(library: Library, language: Language, on: date) -> t.Report:
    """What was found of a library: rows, columns, problems by kind, and the first of them with their places. on: the day it is about"""

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    found = library.quality
    blocks: list[t.Block] = []
    if library.illustrative:
        blocks.append(t.Note((say(*ILLUSTRATIVE),), t.Kind.ILLUSTRATIVE))
    about = library.mapping.about
    for note in about.notes if about else ():
        blocks.append(t.Note((note.text(language),)))
    rows = tuple((TITLES[each.name].text(language), t.line(t.count(each.rows))) for each in found.tables)
    blocks.append(t.Facts(((say("内容哈希", "Content hash"), t.line(t.Code(library.hash))), *rows)))
    blocks.append(t.Section(say("问题", "Problems"), tuple(_problems(library, language))))
    for table in found.tables:
        header = t.heads(
            language, ("列", "Column"), ("是", "Holds"), ("填写", "Filled"), ("空缺", "Missing"), ("读不懂", "Unreadable"), right=(2, 3, 4)
        )
        cells = tuple(
            t.row((c.header or "–",), (t.Code(c.name),), (t.count(c.filled),), (t.count(c.missing),), (t.count(c.bad),)) for c in table.columns
        )
        blocks.append(t.Section(TITLES[table.name].text(language), (t.Table("", header, cells),)))
    title = say(f"标准库「{library.name}」的质量", f"Quality of the library {library.name}")
    return t.Report(title, language, on, engine(), (t.Origin(library.name, library.hash),), tuple(blocks))


def _problems(library: Library, language: Language) -> list[t.Block]:
    found = library.quality

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    if not found.diagnostics:
        return [t.Paragraph((say("没有发现问题。", "None was found."),))]
    header = t.heads(language, ("问题", "Problem"), ("轻重", "Severity"), ("数", "Count"), right=(2,))
    kinds = tuple(t.row((t.Code(code),), (severity(code, language),), (t.count(count),)) for code, count in found.counts.items())
    items = tuple(t.Item((place(each), each.message(language))) for each in found.diagnostics)
    return [t.Table(say("按种类", "By kind"), header, kinds), t.Listing(items)]


def severity(code: str, language: Language) -> str:
    return WORDS[Diagnostic(code, None).severity][language]


def place(each: Diagnostic) -> str:
    """The file, sheet and row of a problem, to stand before it."""
    if each.span is None:
        return ""
    file = each.span.file.replace("\\", "/").rpartition("/")[2]
    return f"{file}:{each.span.line}  "


def formed_rows(found: Sequence[Formed], language: Language) -> list[tuple[str, ...]]:
    """(mark and number, enterprise, reasons) of standards at the form check."""
    rows: list[tuple[str, ...]] = []
    for each in found:
        mark = "✓" if each.passes else "✗"
        told = [f"{'' if r.severity is Severity.ERROR else '? '}{r.message(language)}" for r in each.reasons]
        made_up = [("示意" if language == "zh" else "illustrative")] if each.standard.illustrative else []
        rows.append((f"{mark} {named(each.standard)}", each.standard.enterprise, "\n".join([*told, *made_up])))
    return rows
