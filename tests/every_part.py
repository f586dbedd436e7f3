"""A report with every kind of block and part, for tests of every form; run as a program, it prints the sha256 of each form."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from hashlib import sha256

from guiju.base.diagnostics import Language
from guiju.report import tree as t
from guiju.report.written import content

FORMS = ("html", "markdown", "docx", "xlsx", "pdf")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80"><rect width="200" height="80" fill="#eef"/><text x="9" y="40">限值</text></svg>'.encode()
SOURCE = t.Source("T 1 s1", "s1", "B", "转述的页面", "https://example.org/a/page.html", "T/TEST 1", "第三方")
RULES = t.Table(
    "逐条", (*t.heads("zh", ("条款", "clause"), ("结论", "verdict")), t.Column("能耗", "kWh/100km", right=True), t.Column("说明")),
    (t.row(("R1",), (t.Mark("✓", "符合", t.Tone.GOOD),), (t.Number(Fraction(1392, 100)),), ("余量 0.1",)),
     t.row(("R2",), (t.Mark("✗", "不符合", t.Tone.BAD),), (t.Number(Fraction(14)),), (t.Code("consumption <= limit"), " ", SOURCE.cite))),
)  # fmt: skip


def every_part(text: str = "文字", *, language: Language = "zh", table: t.Table = RULES, more: tuple[t.Block, ...] = ()) -> t.Report:
    """text: put wherever something written by others can stand."""
    source = t.Source("T 1 s2", "s2", "illustrative", text, text, text, text)
    lines = t.line(text, t.Strong(text), t.Code(text), t.Link(text, text), t.Mark("?", text, t.Tone.OPEN), t.Cite(text, text), t.Number(Fraction(1, 3)))
    own = t.Table(text, (t.Column(text, text), t.Column("b", right=True)), (t.row((text,), lines), t.row(lines, (t.count(1234567),))))
    return t.Report(text or "题", language, date(2026, 1, 31), "guiju 0.0", (t.Origin("T/TEST 1", "ab" * 32), t.Origin(text, text)), (
        t.Facts((("标准", ("T/TEST 1",)), (text, lines))),
        *(t.Note((text,), kind) for kind in t.Kind),
        t.Section("结论", (t.Paragraph(("见 ", SOURCE.cite, " 与 ", t.Link("网页", "https://example.org/"))), table, own,
                         t.Section(f"内 {text}", (t.Listing((t.Item((text,), (t.Item(lines),)), t.Item(("二",)))),), t.Mark("–", "不适用")))),
        t.Section("图", (t.Figure(SVG, f"一个框 {text}", "图", RULES),)),
        *more,
        t.PageBreak(),
        t.Section("出处", (t.Sources((SOURCE, source)),)),
    ))  # fmt: skip


if __name__ == "__main__":
    for form in FORMS:
        print(form, sha256(content(every_part(), form)).hexdigest())
