"""Markdown: a report as a text that stays legible as it is. What was written by others is escaped, so that none of it becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guiju.report import tree as t

_ACTIVE = re.compile(r"([\\`*_\[\]<|~&])")
_OPENING = re.compile(r"^(\s*)([#+\-=>]|[.)](?=\s|$)|\d+(?=[.)](?:\s|$)))")
_RUN = re.compile("`+")


def document(report: t.Report, identity: str) -> str:
    """The whole text. identity: the hash of what the report says."""
    made = [f"- {escaped(origin.name.strip())} sha256 {code(origin.sha256)}" for origin in report.origins]
    parts = [f"# {escaped(report.title)}", *_blocks(report, report.blocks, 2), "---", escaped(t.footer(report, identity)), "\n".join(made)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """The text with a backslash before whatever Markdown would take for markup."""
    made = _ACTIVE.sub(r"\\\1", text).replace("://", "\\://").replace("www.", "www\\.")
    return _OPENING.sub(lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", made)


def code(text: str) -> str:
    """A code span whose fence is longer than any run of backticks within."""
    fence = "`" * (max((len(run) for run in _RUN.findall(text)), default=0) + 1)
    space = " " if not text or text[0] in " `" or text[-1] in " `" else ""
    return f"{fence}{space}{text}{space}{fence}"


def _blocks(report: t.Report, blocks: Iterable[t.Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case t.Section(title, within, mark):
                yield f"{'#' * min(level, 6)} {escaped(title)}" + (f" {escaped(mark.text)}" if mark else "")
                yield from _blocks(report, within, level + 1)
            case t.Paragraph(line):
                yield _line(line)
            case t.Note(line, kind):
                yield f"> {_strong(report.word(*t.NOTES[kind]))}{report.word('：', ': ')}{_line(line)}"
            case t.Listing(items):
                yield "\n".join(_items(items, 0))
            case t.Facts(rows):
                yield "\n".join(f"- {_strong(term)}{report.word('：', ': ')}{_line(said)}" for term, said in rows)
            case t.Table():
                yield _table(block)
            case t.Figure():
                yield f"{_strong(block.caption)}{report.word('：', ': ')}{escaped(block.alternative)}"
                yield _table(block.table)
            case t.Sources(items):
                yield "\n".join(f"- {_strong(s.cite.text)} {_source(s)}" for s in items)
            case t.PageBreak():
                pass


def _strong(text: str) -> str:
    """Stars with nothing between them would be a line across the page."""
    return f"**{escaped(text.strip())}**" if text.strip() else ""


def _source(source: t.Source) -> str:
    link = t.Link(source.address, source.address)
    said = (escaped(source.title), f"<{link.address}>" if _can_lead(link) else escaped(link.address), escaped(source.of), escaped(source.why))
    return " · ".join(filter(None, said))


def _can_lead(link: t.Link) -> bool:
    return link.leads and not re.search(r"[\s<>]", link.address)


def _items(items: Iterable[t.Item], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {_line(item.line)}"
        yield from _items(item.within, depth + 1)


def _table(table: t.Table) -> str:
    head = [escaped(column.text) or " " for column in table.columns]
    rule = ["--:" if column.right else "---" for column in table.columns]
    rows = [[_line(cell, cell=True) for cell in row] for row in table.rows]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))
    return f"{_strong(table.caption)}\n\n{lines}" if table.caption else lines


def _line(line: t.Line, cell: bool = False) -> str:
    return "".join(_inline(each, cell) for each in line).strip()


def _inline(each: t.Inline, cell: bool) -> str:
    match each:
        case t.Strong(text):
            return _strong(text)
        case t.Code(text):
            # Within a table the bar parts cells even in code, and only there a backslash hides it.
            return code(text.replace("|", "\\|") if cell else text)
        case t.Link(text, address):
            return escaped(text) + (f" <{address}>" if _can_lead(each) else f" ({escaped(address)})")
        case t.Cite(_, text):
            return escaped(f"[{text}]")
        case t.Mark() as mark:
            return escaped(mark.text)
        case str():
            return escaped(each)
        case _:
            return escaped(each.text)
