"""DOCX: a report for Word: real headings, tables whose head repeats, drawings with a text beside them, Chinese in a Chinese font."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from guiju.report import tree as t
from guiju.report.drawing import drawn
from guiju.report.widths import layout
from guiju.report.zipped import CORE, core, zipped

WESTERN, CHINESE = "Calibri", "宋体"
HEADING_CHINESE = "黑体"
"""Fonts that every Word has which shows Chinese at all; where they are missing, Word takes another by itself."""
_TONES = {t.Tone.GOOD: "0B6B5D", t.Tone.BAD: "B3261E", t.Tone.OPEN: "7A5200", t.Tone.PLAIN: "1C2430"}
_FAINT = "566270"
_PAGE = Mm(170)
_MARGIN = Mm(20)
_DEEPEST = 6


def document(report: t.Report, identity: str) -> bytes:
    """The file. identity: the hash of what the report says."""
    made = _Writer(report)
    made.styles()
    made.document.add_paragraph(report.title, style="Title")
    made.blocks(report.blocks, 1)
    made.origins()
    made.foot(t.footer(report, identity))
    out = io.BytesIO()
    made.document.save(out)
    return zipped(out.getvalue(), {CORE: core(report.title, report.engine, made.language, report.on)})


class _Writer:
    def __init__(self, report: t.Report) -> None:
        self.report, self.anchors = report, t.anchors(report)
        self.document: Any = Document()
        self.language = report.word("zh-CN", "en-GB")
        self.marks = 0

    def styles(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
        for name in ("Normal", "Title", "Caption", *(f"Heading {n}" for n in range(1, _DEEPEST + 1))):
            style = self.document.styles[name]
            heading = name != "Normal"
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{script}"), WESTERN)
            fonts.set(qn("w:eastAsia"), HEADING_CHINESE if heading else CHINESE)
            style.font.color.rgb = RGBColor.from_string(_TONES[t.Tone.PLAIN])
        self.document.styles["Normal"].font.size = Pt(10.5)
        self.document.styles["Title"].font.size = Pt(20)
        spoken = OxmlElement("w:lang")
        for script in ("val", "eastAsia"):
            spoken.set(qn(f"w:{script}"), "zh-CN" if script == "eastAsia" else self.language)
        properties = self.document.styles["Normal"].element.get_or_add_rPr()
        properties.append(spoken)

    # blocks

    def blocks(self, blocks: Iterable[t.Block], level: int) -> None:
        for block in blocks:
            match block:
                case t.Section(title, within, mark):
                    self.section(title, within, mark, level)
                case t.Paragraph(line):
                    self.line(self.document.add_paragraph(), line)
                case t.Note(line, kind):
                    self.note(line, kind)
                case t.Listing(items):
                    self.items(items, 1)
                case t.Facts(rows):
                    for term, said in rows:
                        paragraph = self.document.add_paragraph()
                        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(6), Mm(-6)
                        paragraph.paragraph_format.space_after = Pt(2)
                        self.run(paragraph, term + self.report.word("：", ": "), colour=_FAINT)
                        self.line(paragraph, said)
                case t.Table():
                    self.table(block)
                case t.Figure():
                    self.figure(block)
                case t.Sources(items):
                    for each in items:
                        self.source(each)
                case t.PageBreak():
                    self.document.add_page_break()

    def section(self, title: str, within: Iterable[t.Block], mark: t.Mark | None, level: int) -> None:
        """One with a table that needs the page turned is turned as a whole."""
        across = level == 1 and any(isinstance(block, t.Table) and layout(block).across for block in within)
        if across:
            self.turned(True)
        paragraph = self.document.add_heading(title, level=min(level, _DEEPEST))
        if mark is not None:
            self.run(paragraph, f"  {mark.text}", colour=_TONES[mark.tone])
        self.blocks(within, level + 1)
        if across:
            self.turned(False)

    def turned(self, across: bool) -> None:
        section = self.document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))

    def note(self, line: t.Line, kind: t.Kind) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(4)
        tone = t.Tone.PLAIN if kind is t.Kind.NOTE else t.Tone.OPEN
        self.run(paragraph, self.report.word(*t.NOTES[kind]) + self.report.word("：", ": "), bold=True, colour=_TONES[tone])
        self.line(paragraph, line)

    def items(self, items: Iterable[t.Item], depth: int) -> None:
        style = "List Bullet" if depth == 1 else f"List Bullet {min(depth, 3)}"
        for item in items:
            self.line(self.document.add_paragraph(style=style), item.line)
            self.items(item.within, depth + 1)

    def figure(self, figure: t.Figure) -> None:
        paragraph = self.document.add_paragraph()
        picture = paragraph.add_run().add_picture(io.BytesIO(drawn(figure.svg)), width=_PAGE)
        picture._inline.docPr.set("descr", figure.alternative)
        self.document.add_paragraph(figure.caption, style="Caption")
        self.table(figure.table)

    def source(self, source: t.Source) -> None:
        paragraph = self.document.add_paragraph(style="List Bullet")
        self.bookmark(paragraph, self.anchors[source.key])
        self.run(paragraph, source.cite.text, bold=True)
        self.line(paragraph, (f" {source.title}",))
        for text in filter(None, (source.address, source.of, source.why)):
            self.line(paragraph, (" · ", t.Link(text, text if text == source.address else "")))

    def table(self, table: t.Table) -> None:
        if table.caption:
            caption = self.document.add_paragraph(table.caption, style="Caption")
            caption.paragraph_format.keep_with_next = True
        how = layout(table)
        made = self.document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
        made.autofit = False
        section = self.document.sections[-1]
        page = section.page_width - section.left_margin - section.right_margin
        widths = [int(page * share) for share in how.shares]
        for column, wide in zip(made.columns, widths, strict=True):
            column.width = wide
        size = Pt(9 * how.scale)
        head = made.rows[0]
        head._tr.get_or_add_trPr().append(_flag("w:tblHeader"))
        self.row(head, [(t.Strong(column.text),) for column in table.columns], table, widths, size)
        for cells in table.rows:
            row = made.add_row()
            row._tr.get_or_add_trPr().append(_flag("w:cantSplit"))
            self.row(row, cells, table, widths, size)
        if table.caption:
            for tag in ("w:tblCaption", "w:tblDescription"):
                described = OxmlElement(tag)
                described.set(qn("w:val"), table.caption)
                made._tbl.tblPr.append(described)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def row(self, row: Any, cells: Iterable[t.Line], table: t.Table, widths: list[int], size: Any) -> None:
        for cell, line, column, wide in zip(row.cells, cells, table.columns, widths, strict=True):
            cell.width = wide
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if column.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.line(paragraph, line, size)

    def origins(self) -> None:
        if self.report.origins:
            self.document.add_heading(self.report.word("依据的内容", "What this was made from"), level=1)
        for origin in self.report.origins:
            self.line(self.document.add_paragraph(style="List Bullet"), (f"{origin.name} sha256 ", t.Code(origin.sha256)))

    def foot(self, text: str) -> None:
        """Under every page: what it is, and which page of how many."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        self.run(paragraph, f"{text}    ", colour=_FAINT, size=Pt(8))
        self.field(paragraph, "PAGE")
        self.run(paragraph, " / ", colour=_FAINT, size=Pt(8))
        self.field(paragraph, "NUMPAGES")

    # lines

    def line(self, paragraph: Any, line: t.Line, size: Any = None) -> None:
        for each in line:
            self.inline(paragraph, each, size)

    def inline(self, paragraph: Any, each: t.Inline, size: Any) -> None:
        match each:
            case str():
                self.run(paragraph, each, size=size)
            case t.Strong(text):
                self.run(paragraph, text, bold=True, size=size)
            case t.Code(text):
                self.run(paragraph, text, colour="0B4F47", size=size)
            case t.Mark():
                self.run(paragraph, each.text, bold=True, colour=_TONES[each.tone], size=size)
            case t.Number():
                self.run(paragraph, each.text, size=size)
            case t.Link(text, address):
                if each.leads:
                    at = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                    self.linked(paragraph, text, "r:id", at, size)
                else:
                    self.run(paragraph, text, size=size)
            case t.Cite(key, text):
                if key in self.anchors:
                    self.linked(paragraph, f"[{text}]", "w:anchor", self.anchors[key], size)
                else:
                    self.run(paragraph, f"[{text}]", size=size)

    def run(self, paragraph: Any, text: str, *, bold: bool = False, colour: str = "", size: Any = None) -> Any:
        run = paragraph.add_run(text)
        run.bold = bold or None
        run.font.size = size
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        return run

    def linked(self, paragraph: Any, text: str, attribute: str, to: str, size: Any) -> None:
        link = OxmlElement("w:hyperlink")
        link.set(qn(attribute), to)
        run = self.run(paragraph, text, colour=_TONES[t.Tone.GOOD], size=size)
        run.font.underline = True
        link.append(run._r)
        paragraph._p.append(link)

    def bookmark(self, paragraph: Any, name: str) -> None:
        self.marks += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            element = OxmlElement(tag)
            element.set(qn("w:id"), str(self.marks))
            if tag == "w:bookmarkStart":
                element.set(qn("w:name"), name)
            paragraph._p.append(element)

    def field(self, paragraph: Any, name: str) -> None:
        run = self.run(paragraph, "", colour=_FAINT, size=Pt(8))
        for kind in ("begin", "", "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = name
            run._r.append(element)


def _flag(tag: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), "true")
    return element
