"""The tree of a report: what is said, in one language, and not yet how it looks.

A report is made of plain values, so that the same inputs give the same tree, and the same tree the same bytes in every form. No clock is read:
the only dates are those the report is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS, WORDS

# within a line


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An expression, or a name a program knows."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Leads out of the report. An address that is none of the web is shown and leads nowhere."""

    text: str
    address: str

    @property
    def leads(self) -> bool:
        return self.address.startswith(("https://", "http://"))


class Tone(StrEnum):
    """How a mark is coloured, beside its sign and its word, which say all of it."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict, or how one thing stands to another: never by colour alone."""

    sign: str
    word: str
    tone: Tone = Tone.PLAIN

    @property
    def text(self) -> str:
        return f"{self.sign} {self.word}"


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number.

    unit      as written; empty where the head of the column has it
    grouped   thousands apart, as counts are written
    """

    value: Fraction
    unit: str = ""
    grouped: bool = False

    @property
    def text(self) -> str:
        shown = decimal_text(self.value)
        if self.grouped and self.value.denominator == 1:
            shown = f"{int(self.value):,}"
        return f"{shown} {self.unit}" if self.unit else shown


@dataclass(frozen=True, slots=True)
class Cite:
    """Leads to a source of the report.

    key     of the source, one in the whole report
    text    what is shown: `s1·B`, the source's own id and its grade of evidence
    """

    key: str
    text: str


Inline: TypeAlias = str | Strong | Code | Link | Mark | Number | Cite
Line: TypeAlias = tuple[Inline, ...]


def shown(line: Iterable[Inline]) -> str:
    """The text of a line, without anything else."""
    return "".join(f"[{each.text}]" if isinstance(each, Cite) else each if isinstance(each, str) else each.text for each in line)


# blocks


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


class Kind(StrEnum):
    """What a note is, in a word before it."""

    NOTE = "note"
    WARNING = "warning"
    ILLUSTRATIVE = "illustrative"
    UNVERIFIED = "unverified"


NOTES: dict[Kind, tuple[str, str]] = {
    Kind.NOTE: ("说明", "Note"), Kind.WARNING: ("注意", "Warning"), Kind.ILLUSTRATIVE: ("示意", "Illustrative"),
    Kind.UNVERIFIED: ("未核实", "Unverified"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    line: Line
    kind: Kind = Kind.NOTE


@dataclass(frozen=True, slots=True)
class Item:
    """Of a list; `within` are items one level below."""

    line: Line
    within: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms, and what is to be said of each."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """unit    of every number below, written in the head
    right   numbers stand to the right
    """

    title: str
    unit: str = ""
    right: bool = False

    @property
    def text(self) -> str:
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row is what the row is about. Every row has a cell for each column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), "a row has a cell for each column"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, with its numbers for those who cannot see it.

    svg           complete and by itself
    alternative   what it shows, in a sentence
    """

    svg: bytes
    alternative: str
    caption: str
    table: Table


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation leads to."""

    key: str
    id: str
    grade: str
    title: str
    address: str = ""
    of: str = ""
    """the standard that cites it"""
    why: str = ""

    @property
    def cite(self) -> Cite:
        return Cite(self.key, f"{self.id}·{self.grade}")


@dataclass(frozen=True, slots=True)
class Sources:
    items: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    mark: Mark | None = None


Block: TypeAlias = Paragraph | Note | Listing | Facts | Table | Figure | Sources | PageBreak | Section


@dataclass(frozen=True, slots=True)
class Origin:
    """What a report is made from, and the hash of its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """on       the date it is about
    engine   what made it, with its version
    """

    title: str
    language: Language
    on: date
    engine: str
    origins: tuple[Origin, ...]
    blocks: tuple[Block, ...]

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


# making


def line(*parts: Inline) -> Line:
    return tuple(part for part in parts if part != "")


def row(*cells: Line) -> tuple[Line, ...]:
    return cells


def count(number: int) -> Number:
    return Number(Fraction(number), grouped=True)


def heads(language: Language, *titles: tuple[str, str], right: Iterable[int] = ()) -> tuple[Column, ...]:
    """Columns by their titles, (zh, en); `right` are those of numbers."""
    numbers = set(right)
    return tuple(Column(zh if language == "zh" else en, right=at in numbers) for at, (zh, en) in enumerate(titles))


TONES = {Verdict.PASS: Tone.GOOD, Verdict.FAIL: Tone.BAD, Verdict.UNDETERMINED: Tone.OPEN, Verdict.NOT_APPLICABLE: Tone.PLAIN}


def verdict_mark(verdict: Verdict, language: Language) -> Mark:
    return Mark(MARKS[verdict], WORDS[verdict][language], TONES[verdict])


# walking


def blocks_of(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, sections before what they hold, the table of a figure after it."""
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from blocks_of(block.blocks)
        elif isinstance(block, Figure):
            yield block.table


def plain(value: object) -> Any:
    """The tree as plain values, for JSON: a dataclass as its fields and `is`, its name in small letters; a number as its text."""
    if isinstance(value, Number):
        return {"is": "number", "text": value.text, "value": str(value.value), "unit": value.unit}
    if is_dataclass(value):
        texts = {"text": value.text} if isinstance(value, Mark | Column) else {}
        return {"is": type(value).__name__.lower(), **{f.name: plain(getattr(value, f.name)) for f in fields(value)}, **texts}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value.isoformat() if isinstance(value, date) else value


Tree = TypeVar("Tree")


def changed(tree: Tree, text: Callable[[str], str]) -> Tree:
    """The tree with `text` applied to every text in it; drawings stay as they are."""
    made: Any = tree
    if isinstance(tree, str) and not isinstance(tree, StrEnum):
        made = text(tree)
    elif isinstance(tree, tuple):
        made = tuple(changed(each, text) for each in tree)
    elif is_dataclass(tree) and not isinstance(tree, type):
        made = replace(tree, **{f.name: changed(getattr(tree, f.name), text) for f in fields(tree)})
    return made  # type: ignore[no-any-return]


def anchors(report: Report) -> dict[str, str]:
    """The key of a source → where its citations lead."""
    keys = [source.key for block in blocks_of(report.blocks) if isinstance(block, Sources) for source in block.items]
    return {key: f"source-{number}" for number, key in enumerate(dict.fromkeys(keys), 1)}


def footer(report: Report, identity: str) -> str:
    """What stands under every page: the day it is about, what made it, and the hash of what it says. Never the clock."""
    return report.word(f"按 {report.on} · {report.engine} · 内容 sha256 {identity[:16]}",
                       f"as of {report.on} · {report.engine} · content sha256 {identity[:16]}")  # fmt: skip
