"""HTML: a report as a page that needs no other file and no script, or as a fragment for a page that has its own style."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from html import escape

from guiju.base.diagnostics import width
from guiju.base.page import whole_page
from guiju.report import tree as t
from guiju.report.widths import MARK_MAX

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dbe3;--accent:#0b6b5d;--faint:#566270;--good:#0b6b5d;--bad:#b3261e;--open:#7a5200}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--paper:#14181e;--line:#38414d;--accent:#5ec9b6;--faint:#a2adbb;--good:#5ec9b6;
--bad:#ff9a8d;--open:#f0b56a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 3rem;color:var(--ink);background:var(--paper);
font:16px/1.7 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.6rem;line-height:1.4;border-bottom:2px solid var(--accent);padding-bottom:.6rem;margin:0 0 1rem}
h2{font-size:1.25rem;margin:2.4rem 0 .5rem}h3{font-size:1.08rem;margin:1.8rem 0 .4rem}h4,h5,h6{font-size:1rem;margin:1.2rem 0 .3rem}
h1,h2,h3,h4,h5,h6,p,li,dd,dt,caption,figcaption{overflow-wrap:anywhere}
nav{font-size:.94rem;columns:2;column-gap:2rem;margin:1rem 0}nav ul{list-style:none;margin:0;padding:0}nav li{break-inside:avoid}
td,th{overflow-wrap:break-word}p{margin:.5rem 0}ul{padding-left:1.2rem;margin:.3rem 0}
dl{display:grid;grid-template-columns:fit-content(16rem) 1fr;gap:.2rem 1.2rem;margin:.6rem 0}dt{color:var(--faint)}dd{margin:0}
.note{border-left:3px solid var(--line);padding:.1rem 0 .1rem .8rem;margin:.6rem 0}.warning,.illustrative,.unverified{border-color:var(--open)}
.warning b,.illustrative b,.unverified b{color:var(--open)}
.mark{font-weight:600}.whole,.n{white-space:nowrap}.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
.scroll{overflow-x:auto;margin:.8rem 0}.scroll:focus-visible{outline:2px solid var(--accent)}
table{border-collapse:collapse;width:100%;font-size:.94rem}caption{text-align:left;font-weight:600;padding:.2rem 0}
th,td{border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;text-align:left;vertical-align:top;min-width:4.5rem}
thead th{color:var(--faint);font-weight:600;vertical-align:bottom}tbody th{font-weight:600;min-width:7rem}tbody th.r{min-width:3rem}
.r{text-align:right}
code{font:inherit;background:color-mix(in srgb,var(--accent) 9%,transparent);padding:.05rem .3rem;border-radius:.2rem}
a{color:var(--accent)}.cite{font-size:.88em}
figure{margin:1rem 0}figure img{display:block;max-width:100%;height:auto;background:#fff}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.8rem;color:var(--faint);font-size:.88rem;overflow-wrap:anywhere}
@media (max-width:40rem){body{padding:1.2rem 1rem 3rem}nav{columns:1}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}}
@media print{body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}
h2,h3,h4,h5{break-after:avoid}tr,li{break-inside:avoid}.scroll{overflow:visible}
thead{display:table-header-group}a{color:inherit;text-decoration:none}.page{break-before:page}}
"""


def document(report: t.Report, identity: str) -> str:
    """The whole page. identity: the hash of what the report says."""
    return whole_page(report.title, report.language, STYLE, _with_contents(fragment(report), report), f"\n{_footer(report, identity)}\n")


def _with_contents(made: str, report: t.Report) -> str:
    """The fragment with links to its sections before the first of them, where there are more than two."""
    links = [f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in re.findall(r'<h2 id="([^"]+)">(.*)</h2>', made)]
    nav = f'<nav aria-label="{report.word("目录", "Contents")}"><ul>{"".join(links)}</ul></nav>\n'
    return made.replace("<h2 ", nav + "<h2 ", 1) if len(links) > 2 else made


def fragment(report: t.Report) -> str:
    """The report from its first heading to its last block, without a style."""
    page = _Page(report)
    return "\n".join([f"<h1>{escape(report.title)}</h1>", *page.blocks(report.blocks, 2)])


def _footer(report: t.Report, identity: str) -> str:
    made = "".join(f"<li>{escape(origin.name)} sha256 <code>{escape(origin.sha256)}</code></li>" for origin in report.origins)
    return f"<footer><p>{escape(t.footer(report, identity))}</p><ul>{made}</ul></footer>"


class _Page:
    def __init__(self, report: t.Report) -> None:
        self.report, self.anchors = report, t.anchors(report)
        self.heading, self.tables, self.sections = report.title, 0, 0

    def blocks(self, blocks: Iterable[t.Block], level: int) -> list[str]:
        found: list[str] = []
        for block in blocks:
            if isinstance(block, t.Section):
                self.heading = block.title
                found += [self.titled(block, min(level, 6)), *self.blocks(block.blocks, level + 1)]
            else:
                found.append(self.block(block))
        return found

    def titled(self, section: t.Section, level: int) -> str:
        """The heading of a section; what stands in the contents has a place of its own."""
        self.sections += level == 2
        anchor = f' id="section-{self.sections}"' if level == 2 else ""
        return f"<h{level}{anchor}>{escape(section.title)}{f' {_mark(section.mark)}' if section.mark else ''}</h{level}>"

    def block(self, block: t.Block) -> str:
        match block:
            case t.Paragraph(line):
                return f"<p>{self.line(line)}</p>"
            case t.Note(line, kind):
                return f'<div class="note {kind.value}"><p>{self.kind(kind)}{self.line(line)}</p></div>'
            case t.Listing(items):
                return self.items(items)
            case t.Facts(rows):
                return "<dl>" + "".join(f"<dt>{escape(term)}</dt><dd>{self.line(said)}</dd>" for term, said in rows) + "</dl>" if rows else ""
            case t.Table():
                return self.table(block)
            case t.Figure():
                drawing = base64.b64encode(block.svg).decode("ascii")
                image = f'<img src="data:image/svg+xml;base64,{drawing}" alt="{escape(block.alternative)}">'
                return f"<figure>{image}<figcaption>{escape(block.caption)}</figcaption></figure>\n{self.table(block.table)}"
            case t.Sources(items):
                return "<ul>" + "".join(self.source(each) for each in items) + "</ul>"
            case t.PageBreak():
                return '<div class="page"></div>'
            case t.Section():
                raise AssertionError("sections are taken apart before their blocks are written")

    def kind(self, kind: t.Kind) -> str:
        return f"<b>{self.report.word(*t.NOTES[kind])}</b>{self.report.word('：', ': ')}"

    def items(self, items: Iterable[t.Item]) -> str:
        return "<ul>" + "".join(f"<li>{self.line(i.line)}{self.items(i.within) if i.within else ''}</li>" for i in items) + "</ul>"

    def source(self, source: t.Source) -> str:
        said = [f"<b>{escape(source.cite.text)}</b> {escape(source.title)}", _link(source.address, source.address) if source.address else "",
                escape(source.of), escape(source.why)]  # fmt: skip
        return f'<li id="{self.anchors[source.key]}">{" · ".join(each for each in said if each)}</li>'

    def table(self, table: t.Table) -> str:
        """One too wide for the screen scrolls by itself, and can be reached by keyboard; each has a name of its own."""
        self.tables += 1
        side = ['class="r"' if column.right else "" for column in table.columns]
        head = "".join(f'<th scope="col" {at}>{escape(column.text)}</th>' for column, at in zip(table.columns, side, strict=True))
        rows = []
        for first, *rest in table.rows:
            cells = "".join(f"<td {at}>{self.line(cell)}</td>" for cell, at in zip(rest, side[1:], strict=True))
            rows.append(f'<tr><th scope="row" {side[0]}>{self.line(first)}</th>{cells}</tr>')
        label = escape(f"{self.report.word('表', 'table')} {self.tables} {table.caption or self.heading}")
        caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
        body = "\n".join(rows)
        return (f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>{caption}<thead><tr>{head}</tr></thead>'
                f"<tbody>\n{body}\n</tbody></table></div>")  # fmt: skip

    def line(self, line: t.Line) -> str:
        return "".join(_inline(each, self.anchors) for each in line)


def _mark(mark: t.Mark) -> str:
    whole = " whole" if width(mark.text) <= MARK_MAX else ""
    return f'<span class="mark {mark.tone.value}{whole}">{escape(mark.text)}</span>'


def _link(text: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>' if t.Link(text, address).leads else escape(text)


def _inline(each: t.Inline, places: Mapping[str, str]) -> str:
    match each:
        case t.Strong(text):
            return f"<b>{escape(text)}</b>"
        case t.Code(text):
            return f"<code>{escape(text)}</code>"
        case t.Link(text, address):
            return _link(text, address)
        case t.Mark():
            return _mark(each)
        case t.Number():
            return f'<span class="n">{escape(each.text)}</span>' if width(each.text) <= MARK_MAX else escape(each.text)
        case t.Cite(key, text):
            shown = escape(f"[{text}]")
            return f'<a class="cite" href="#{places[key]}">{shown}</a>' if key in places else f'<span class="cite">{shown}</span>'
        case str():
            return escape(each)
