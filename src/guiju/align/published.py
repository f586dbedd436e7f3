"""Published: a document of several standards as a report, which has all its forms: Markdown, HTML, PDF, DOCX and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from guiju.align.paper import CITATION, Chapter, Facts, Piece, Text, Warned
from guiju.base.diagnostics import Language
from guiju.readings.render import Anchor, Code, Grid, Heading, Inline, Lines, Link, Named
from guiju.report import tree as t
from guiju.report.cited import engine


def published(pieces: Iterable[Piece], language: Language, on: date, origins: Sequence[t.Origin] = ()) -> t.Report:
    """The report that says what the pieces say; the first of them is the heading of the whole."""
    first, *rest = _flat(pieces, "")
    assert isinstance(first[0], Heading), "a document begins with its title"
    blocks, _ = _within(rest, 0, 1)
    return t.Report(first[0].text, language, on, engine(), tuple(origins), blocks)


def _flat(pieces: Iterable[Piece], chapter: str) -> list[tuple[Piece, str]]:
    """Every piece with the chapter it stands in."""
    found: list[tuple[Piece, str]] = []
    for piece in pieces:
        found += _flat(piece.blocks, piece.id) if isinstance(piece, Chapter) else [(piece, chapter)]
    return found


def _within(pieces: Sequence[tuple[Piece, str]], at: int, level: int) -> tuple[tuple[t.Block, ...], int]:
    """The blocks below a heading of a level, and where they end."""
    blocks: list[t.Block] = []
    while at < len(pieces):
        piece, chapter = pieces[at]
        if not isinstance(piece, Heading):
            blocks.append(_block(piece, chapter))
            at += 1
        elif piece.level > level:
            inner, at = _within(pieces, at + 1, piece.level)
            blocks.append(t.Section(f"{piece.number} {piece.text}".strip(), inner))
        else:
            break
    return tuple(blocks), at


def _block(piece: Piece, chapter: str) -> t.Block:
    match piece:
        case Facts(rows):
            return t.Facts(tuple((name, _line(parts, chapter)) for name, parts in rows))
        case Lines(items):
            return t.Listing(tuple(t.Item(_line(item, chapter)) for item in items))
        case Grid(header, rows):
            if any(isinstance(part, Anchor) for row in rows for part in row[0]):
                return t.Sources(tuple(_source(row, chapter) for row in rows))
            return t.Table("", tuple(t.Column(title) for title in header), tuple(tuple(_line(cell, chapter) for cell in row) for row in rows))
        case Text(parts):
            return t.Paragraph(_line(parts, chapter))
        case Warned(text):
            return t.Note((text,), t.Kind.WARNING)
    raise AssertionError("headings and chapters are taken apart before")


def _source(row: Sequence[tuple[Inline, ...]], chapter: str) -> t.Source:
    """A row of a list of sources: id, grade, title, address."""
    id_, grade, title, address = (t.shown(_line(cell, chapter)) for cell in row)
    return t.Source(f"{chapter} {id_}", id_, grade, title, "" if address == "—" else address)


def _line(parts: Iterable[Inline], chapter: str) -> t.Line:
    made: list[t.Inline] = []
    for part in parts:
        match part:
            case Code(text):
                made.append(t.Code(text))
            case Anchor(id_):
                made.append(id_)
            case Link(address):
                made.append(t.Link(address, address))
            case Named():
                made.append(part.text)
            case str():
                # Of a text parted at its citations every third piece is an id, and the one after it the grade.
                plain, *cited = CITATION.split(part)
                made.append(plain)
                for id_, grade, after in zip(cited[::3], cited[1::3], cited[2::3], strict=True):
                    made += [t.Cite(f"{chapter} {id_}", f"{id_}·{grade}"), after]
    return t.line(*made)
