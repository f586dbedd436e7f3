"""Paper: headings, lists and tables as Markdown, or as one HTML page that needs no other file and no script.

The blocks are those of `readings.render`, and a few of its own. A citation `[s1·B]` in a text leads to the source of that id in the same chapter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guiju.base.diagnostics import Language
from guiju.readings.render import Anchor, Block, Code, Grid, Heading, Inline, Lines, Link, Named


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, such as on a cover."""

    rows: tuple[tuple[str, tuple[Inline, ...]], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A paragraph nobody should overlook."""

    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Blocks whose citations lead to sources within them. id: of the chapter in the document."""

    id: str
    blocks: tuple[Piece, ...]


Piece = Block | Facts | Text | Warned | Chapter
CITATION = re.compile(r"\[(\w+)·(\w+)\]")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def line(*parts: Inline) -> tuple[Inline, ...]:
    """A list item or a cell of several parts."""
    return parts


def lowered(blocks: Iterable[Block], levels: int) -> tuple[Block, ...]:
    """The blocks with every heading so many levels lower, to stand in a larger document."""
    return tuple(Heading(min(6, b.level + levels), b.text, b.number) if isinstance(b, Heading) else b for b in blocks)


def markdown(pieces: Iterable[Piece]) -> str:
    """The document in Markdown."""
    return "\n\n".join(text for text in _markdown(pieces) if text) + "\n"


def _markdown(pieces: Iterable[Piece]) -> Iterable[str]:
    for piece in pieces:
        match piece:
            case Heading():
                yield f"{'#' * piece.level} {piece.number + ' ' if piece.number else ''}{_plain(piece.text)}"
            case Lines():
                yield "\n".join(f"- {_inline(item)}" for item in piece.items)
            case Grid():
                rows = [tuple(_inline(cell).replace("|", "\\|") for cell in row) for row in piece.rows]
                yield "\n".join("| " + " | ".join(row) + " |" for row in (piece.header, ("---",) * len(piece.header), *rows))
            case Facts():
                yield "\n".join(f"- **{name}**: {_inline(parts)}" for name, parts in piece.rows)
            case Text():
                yield _inline(piece.parts)
            case Warned():
                yield f"> **!** {_plain(piece.text)}"
            case Chapter():
                yield from _markdown(piece.blocks)


def _inline(parts: Sequence[Inline]) -> str:
    return "".join(_word(part) for part in parts).strip()


def _word(part: Inline) -> str:
    match part:
        case Code():
            return f"`{part.text}`"
        case Anchor():
            return part.id
        case Link():
            return f"<{part.address}>" if re.match("https?:", part.address) else part.address
        case Named():
            return _plain(part.text)
        case _:
            return _plain(part)


def _plain(text: str) -> str:
    return text.replace("`", "'").replace("<", "&lt;")


STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dbe3;--accent:#0b6b5d;--faint:#5a6675;--warn:#8a4b00}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--paper:#14181e;--line:#38414d;--accent:#5ec9b6;--faint:#a2adbb;--warn:#f0b56a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;color:var(--ink);background:var(--paper);
font:16px/1.7 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.6rem;line-height:1.4;border-bottom:2px solid var(--accent);padding-bottom:.6rem;margin:0 0 1rem}
h2{font-size:1.25rem;margin:2.8rem 0 .5rem;padding-top:.4rem;border-top:1px solid var(--line)}
h3{font-size:1.08rem;margin:2rem 0 .4rem}h4{font-size:1rem;margin:1.4rem 0 .2rem}h5,h6{font-size:.95rem;margin:1.1rem 0 .2rem;color:var(--faint)}
h1,h2,h3,h4,h5,h6,p,li,dd{overflow-wrap:anywhere}.day{white-space:nowrap}
.no{color:var(--accent);margin-right:.35em}p{margin:.5rem 0}ul{padding-left:1.2rem;margin:.3rem 0}li{margin:.15rem 0}
nav{font-size:.94rem;columns:2;column-gap:2rem;margin:1rem 0}nav ul{list-style:none;padding:0}nav li{break-inside:avoid}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:.6rem 0}dt{color:var(--faint)}dd{margin:0}
.warned{border-left:3px solid var(--warn);padding:.1rem 0 .1rem .8rem;color:var(--warn);font-weight:600}
.scroll{overflow-x:auto;margin:.6rem 0}.scroll:focus-visible{outline:2px solid var(--accent)}
table{border-collapse:collapse;width:100%;font-size:.94rem}
th,td{border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;text-align:left;vertical-align:top;overflow-wrap:break-word}
thead th{color:var(--faint);font-weight:600;vertical-align:bottom}tbody th{font-weight:600;min-width:9.5rem}td{min-width:4rem}
code{font:inherit;background:color-mix(in srgb,var(--accent) 9%,transparent);padding:.05rem .3rem;border-radius:.2rem}
a{color:var(--accent)}a.cite{font-size:.85em;text-decoration:none}
@media (max-width:40rem){body{padding:1.2rem 1rem 3rem}nav{columns:1}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}
table,tbody,tr,tbody th,td{display:block;width:auto}thead{position:absolute;clip-path:inset(50%)}
tr{border-bottom:1px solid var(--line);padding:.5rem 0}th,td{border:0;padding:.1rem 0}td::before{content:attr(data-of)": ";color:var(--faint)}
td:empty{display:none}}
@media print{body{max-width:none;padding:0;font-size:11pt}nav{display:none}h2,h3,h4,h5{break-after:avoid}tr,li{break-inside:avoid}
.scroll{overflow:visible}a{color:inherit;text-decoration:none}}
"""


def page(pieces: Sequence[Piece], title: str, language: Language) -> str:
    """The document as a whole HTML page: language, headings in order, tables that are told what their headers are of."""
    code, contents = ("zh-CN", "目录") if language == "zh" else ("en", "Contents")
    body = _Page(language).blocks(pieces, "")
    links = [f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', "\n".join(body))]
    nav = f'<nav aria-label="{contents}"><ul>{"".join(links)}</ul></nav>'
    at = next((n for n, text in enumerate(body) if text.startswith("<h2")), len(body))
    return (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body><main>\n"
        + "\n".join([*body[:at], *([nav] if len(links) > 2 else []), *body[at:]])
        + "\n</main></body></html>\n"
    )


class _Page:
    def __init__(self, language: Language) -> None:
        self.language, self.headings, self.heading = language, 0, ""

    def blocks(self, pieces: Iterable[Piece], chapter: str) -> list[str]:
        found: list[str] = []
        for piece in pieces:
            if isinstance(piece, Chapter):
                found += self.blocks(piece.blocks, piece.id)
            else:
                found.append(self.block(piece, chapter))
        return found

    def block(self, piece: Piece, chapter: str) -> str:
        match piece:
            case Heading():
                return self.titled(piece)
            case Lines():
                return "<ul>" + "".join(f"<li>{_parts(item, chapter)}</li>" for item in piece.items) + "</ul>"
            case Grid():
                return self.grid(piece, chapter)
            case Facts():
                return "<dl>" + "".join(f"<dt>{html.escape(name)}</dt><dd>{_parts(parts, chapter)}</dd>" for name, parts in piece.rows) + "</dl>"
            case Text():
                return f"<p>{_parts(piece.parts, chapter)}</p>"
            case Warned():
                return f'<p class="warned">{html.escape(piece.text)}</p>'
            case _:
                raise AssertionError("chapters are taken apart before their blocks are written")

    def titled(self, heading: Heading) -> str:
        self.headings += 1
        self.heading = f"{heading.number} {heading.text}".strip()
        number = f'<span class="no">{html.escape(heading.number)}</span>' if heading.number else ""
        anchor = f' id="h{self.headings}"' if heading.level == 2 else ""
        return f"<h{heading.level}{anchor}>{number}{html.escape(heading.text)}</h{heading.level}>"

    def grid(self, grid: Grid, chapter: str) -> str:
        """A table; one too wide for the screen scrolls by itself, and on a narrow one every row is a list of what its headers call it.

        The roles say what the elements are anyway, because a browser forgets it of a table that is laid out as a list.
        """
        names = [html.escape(text) for text in grid.header]
        head = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in names)
        rows = []
        for first, *rest in grid.rows:
            cells = "".join(f'<td role="cell" data-of="{n}">{_parts(c, chapter)}</td>' for n, c in zip(names[1:], rest, strict=True))
            rows.append(f'<tr role="row"><th scope="row" role="rowheader">{_parts(first, chapter)}</th>{cells}</tr>')
        body = f'<tbody role="rowgroup">{"".join(rows)}</tbody>'
        table = f'<table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>{body}</table>'
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(self.heading)}">{table}</div>'


def _parts(parts: Sequence[Inline], chapter: str) -> str:
    return "".join(_part(part, chapter) for part in parts)


def _part(part: Inline, chapter: str) -> str:
    match part:
        case Code():
            return f"<code>{html.escape(part.text)}</code>"
        case Anchor():
            return f'<span id="{html.escape(chapter)}-{html.escape(part.id)}">{html.escape(part.id)}</span>'
        case Link():
            shown = html.escape(part.address)
            return f'<a href="{shown}">{shown}</a>' if re.match("https?:", part.address) else shown
        case Named():
            return html.escape(part.text)
        case _:
            cited = CITATION.sub(rf'<a class="cite" href="#{html.escape(chapter)}-\1">[\1·\2]</a>', html.escape(part))
            return _DAY.sub(r'<span class="day">\g<0></span>', cited)
