"""PDF: a report on paper, tagged for readers that do not see it, with the fonts it needs in it.

The layout is a document of typst of our own, `report.typ`; what is said reaches it as JSON and is never read as its markup. The file is both
PDF/UA-1 and PDF/A-2a, which ask for tags, a language, texts beside drawings, and a glyph for every character.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused, width
from guiju.report import legible
from guiju.report import tree as t
from guiju.report.widths import MARK_MAX, layout

if TYPE_CHECKING:
    from typst import Fonts

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Source Han Sans CN", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC",
    "Microsoft YaHei", "PingFang SC", "SimSun", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Families with Chinese letters, the first that is there is taken."""
WITHIN_TYPST = ("DejaVu Sans Mono", "New Computer Modern Math", "Libertinus Serif")
STANDARDS = ("ua-1", "a-2a")
CONTENTS_MAX = 60
"""Headings in a table of contents, beyond which it names the outermost only; a report has one from its fifth page on."""
_NO_GLYPH = re.compile(r"the text `\"(.*)\"` could not be displayed", re.DOTALL)
_SHORT = 20


def document(report: t.Report, identity: str) -> bytes:
    """The file. identity: the hash of what the report says.

    raises   Refused: report-no-font, where no font with Chinese letters is found; report-no-glyph, where none has a character; report-not-laid-out
    """
    held, family = fonts(os.environ.get("GUIJU_FONTS", ""))
    source = {**_prepared(report, identity), "fonts": [family, *WITHIN_TYPST]}
    made = compiled(files("guiju.report").joinpath("report.typ").read_bytes(), {"report": json.dumps(source, ensure_ascii=False)}, held, family)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@functools.lru_cache(maxsize=4)
def fonts(folders: str) -> tuple[Fonts, str]:
    """Every font there is, and the family with Chinese letters that is taken.

    folders   with more fonts than the system has, apart as in PATH
    raises    Refused: report-no-font
    """
    import typst

    places = [Path(folder) for folder in folders.split(os.pathsep) if folder]
    held = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=places)
    known = set(held.families())
    family = next((each for each in FONTS if each in known), None)
    if family is None:
        raise Refused([Diagnostic("report-no-font", None, {"font": FONTS[0], "folders": folders or "–"})])
    return held, family


def compiled(source: bytes, inputs: Mapping[str, str], held: Fonts, family: str, form: Literal["pdf", "png"] = "pdf", ppi: float = 144) -> Any:
    """What typst makes of a source; a list where there are several pages as PNG.

    raises   Refused: report-no-glyph, report-not-laid-out
    """
    import typst

    standards: Any = list(STANDARDS) if form == "pdf" else []
    try:
        made, warnings = typst.compile_with_warnings(
            source, sys_inputs=dict(inputs), font_paths=held, format=form, ppi=ppi, pdf_standards=standards)
    except typst.TypstError as error:
        missing = _NO_GLYPH.search(error.message)
        if missing is None:
            raise Refused([Diagnostic("report-not-laid-out", None, {"reason": error.message})]) from None
        codes = " ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in missing[1]))
        raise Refused([Diagnostic("report-no-glyph", None, {"text": missing[1], "codes": codes, "font": family})]) from None
    if warnings:
        raise Refused([Diagnostic("report-not-laid-out", None, {"reason": "; ".join(w.message for w in warnings)})])
    return made


def _prepared(report: t.Report, identity: str) -> dict[str, Any]:
    """The report as the layout takes it."""
    places = t.anchors(report)
    on, outermost = report.on, [b for b in report.blocks if isinstance(b, t.Section)]
    headings = [*outermost, *(b for section in outermost for b in section.blocks if isinstance(b, t.Section))]
    return {
        "title": report.title, "language": report.language, "engine": report.engine, "day": [on.year, on.month, on.day],
        "footer": t.footer(report, identity), "contents": 2 if len(headings) <= CONTENTS_MAX else 1,
        "blocks": [_block(b, report, places) for b in report.blocks],
        "origins": [{"name": pieces(o.name), "sha256": pieces(o.sha256)} for o in report.origins],
    }  # fmt: skip


def pieces(text: str) -> list[str]:
    """Between which a line may break; a percent sign stays with its number."""
    return legible.pieces(text.replace(" %", "\u00a0%"))


def _block(block: Any, report: t.Report, places: Mapping[str, str]) -> dict[str, Any]:
    def line(parts: Any) -> list[Any]:
        return [_inline(each, places) for each in parts]

    def item(each: t.Item) -> dict[str, Any]:
        return {"line": line(each.line), "within": [item(i) for i in each.within]}

    made: dict[str, Any] = {"is": type(block).__name__.lower()}
    match block:
        case t.Section(title, within, mark):
            made |= {"title": pieces(title), "mark": mark and _inline(mark, places), "blocks": [_block(b, report, places) for b in within],
                     "across": any(isinstance(b, t.Table) and layout(b).across for b in within)}  # fmt: skip
        case t.Paragraph(said):
            made |= {"line": line(said)}
        case t.Note(said, kind):
            made |= {"line": line(said), "kind": kind.value, "word": [report.word(*t.NOTES[kind]) + report.word("：", ": ")]}
        case t.Listing(items):
            made |= {"items": [item(each) for each in items]}
        case t.Facts(rows):
            made |= {"rows": [[pieces(term), line(said)] for term, said in rows]}
        case t.Table():
            made |= _table(block, line)
        case t.Figure():
            made |= {"svg": block.svg.decode("utf-8"), "alternative": block.alternative, "caption": pieces(block.caption),
                     "table": _table(block.table, line)}  # fmt: skip
        case t.Sources(items):
            made |= {"items": [_source(each, places) for each in items]}
        case t.PageBreak():
            pass
    return made


def _table(table: t.Table, line: Any) -> dict[str, Any]:
    how = layout(table)
    return {
        "caption": pieces(table.caption), "columns": [{"text": pieces(c.text), "right": c.right} for c in table.columns],
        "layout": {"shares": how.shares, "across": how.across, "scale": how.scale},
        "cells": [line(cell) for row in table.rows for cell in row],
    }  # fmt: skip


def _source(source: t.Source, places: Mapping[str, str]) -> dict[str, Any]:
    said = [t.Link(text, text if text == source.address else "") for text in (source.title, source.address, source.of, source.why) if text]
    parts = [{"text": pieces(each.text), "leads": each.leads, "to": each.address} for each in said]
    return {"anchor": places[source.key], "cite": pieces(source.cite.text), "parts": parts}


def _inline(each: Any, places: Mapping[str, str]) -> Any:
    match each:
        case str():
            return pieces(each)
        case t.Strong() | t.Code():
            return {"is": type(each).__name__.lower(), "text": pieces(each.text)}
        case t.Mark():
            return {"is": "mark", "text": pieces(each.text), "tone": each.tone.value, "short": width(each.text) <= MARK_MAX}
        case t.Number():
            return {"is": "number", "text": pieces(each.text), "short": len(each.text) <= _SHORT}
        case t.Link():
            return {"is": "link", "text": pieces(each.text), "to": each.address, "leads": each.leads}
        case t.Cite():
            return {"is": "cite", "text": pieces(each.text), "to": places.get(each.key)}
    raise AssertionError("every inline part has a form")
