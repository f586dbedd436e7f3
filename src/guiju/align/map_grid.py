"""The map of a system as a grid to look at: of every cell its standards at each level, and what is wanted and missing."""

from __future__ import annotations

from dataclasses import dataclass

from guiju.align.system import Entry
from guiju.align.systemmap import SystemMap, is_over
from guiju.align.systemmap_pages import short
from guiju.base.diagnostics import Language
from guiju.readings.render import WORDS
from guiju.standard.form import LEVELS


@dataclass(frozen=True, slots=True)
class Count:
    """How many standards a cell has at a level, what is missing there, and how the level is called in a letter and in a word."""

    level: str
    letter: str
    word: str
    entries: tuple[Entry, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the grid."""

    segment: str
    aspect: str
    counts: tuple[Count, ...]

    @property
    def total(self) -> int:
        return sum(len(count.entries) for count in self.counts)

    @property
    def missing(self) -> bool:
        return any(count.missing for count in self.counts)


@dataclass(frozen=True, slots=True)
class Grid:
    """levels   (level, word, how many) over the whole map
    rows        (title of the segment, its places)
    most        standards in the fullest cell
    """

    levels: tuple[tuple[str, str, int], ...]
    aspects: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Place, ...]], ...]
    most: int


def grid(made: SystemMap, language: Language, only: str = "") -> Grid:
    """The grid of what is in force or coming; what is over is left out.

    only   a level; nothing: all of them
    """
    lacking = {(m.wanted.segment, m.wanted.aspect, m.level) for m in made.missing}
    levels = [level for level in LEVELS if only in ("", level)] if only in LEVELS else list(LEVELS)
    rows = []
    for segment in made.segments.values():
        places = []
        for aspect in made.system.aspects:
            cell = made.cells[segment.id, aspect]
            counts = []
            for level in levels:
                held = tuple(e for e in cell.at(level) if not is_over(e, made.on))
                missing = (segment.id, aspect, level) in lacking
                if held or missing:
                    counts.append(Count(level, short(level, language), WORDS[level][language == "en"], held, missing))
            places.append(Place(segment.id, aspect, tuple(counts)))
        rows.append((segment.title.text(language), tuple(places)))
    alive = [e for e in made.entries if not is_over(e, made.on)]
    told = tuple((level, WORDS[level][language == "en"], n) for level in LEVELS if (n := sum(e.level == level for e in alive)))
    aspects = tuple(title.text(language) for title in made.system.aspects.values())
    return Grid(told, aspects, tuple(rows), max((p.total for _, places in rows for p in places), default=0))
