"""Paper: what a document of several standards is put together from, before it is a report.

The blocks are those of `readings.render`, and a few of its own. A citation `[s1·B]` in a text leads to the source of that id in the same chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guiju.readings.render import Block, Heading, Inline


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


def lowered(blocks: Iterable[Block], levels: int) -> tuple[Block, ...]:
    """The blocks with every heading so many levels lower, to stand in a larger document."""
    return tuple(Heading(min(6, b.level + levels), b.text, b.number) if isinstance(b, Heading) else b for b in blocks)
